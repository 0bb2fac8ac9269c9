import Bytes
import Directory
import Testing

/// What happens to a text on its way from a log or a mail to the one who pastes it.
struct Mangling: Sendable, CustomTestStringConvertible {
  var name: String
  var apply: @Sendable (String) -> [UInt8]

  var testDescription: String { name }

  init(_ name: String, _ apply: @escaping @Sendable (String) -> String) {
    self.name = name
    self.apply = { Array(apply($0).utf8) }
  }

  init(_ name: String, bytes apply: @escaping @Sendable (String) -> [UInt8]) {
    self.name = name
    self.apply = apply
  }

  static let all: [Mangling] = encodings + surroundings + prefixes + wraps + characters + markups + shapes + mails

  // MARK: encodings

  private static let encodings: [Mangling] = [
    .init("CRLF") { $0.replacing("\n", with: "\r\n") },
    .init("CR only") { $0.replacing("\n", with: "\r") },
    .init("UTF-8 BOM") { "\u{FEFF}" + $0 },
    .init("UTF-16 LE with BOM", bytes: { [0xFF, 0xFE] + utf16($0) }),
    .init("UTF-16 BE with BOM", bytes: { [0xFE, 0xFF] + $0.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }),
    .init("UTF-16 LE without BOM", bytes: utf16),
    .init("windows-1252", bytes: { Array("Gr".utf8) + [0xFC, 0xDF] + Array("e aus K\n\n".utf8) + Array($0.utf8) }),
  ]

  private static func utf16(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] } }

  // MARK: surroundings

  private static let surroundings: [Mangling] = [
    .init("German around it") { "Hallo zusammen,\n\nhier die Meldung:\n\n\($0)\n\nViele Grüße\nEva" },
    .init("Japanese lines around it") { "お世話になっております。\n\n\($0)\nご確認をお願いいたします。" },
    .init("a fence of code") { "```\n\($0)\n```" },
    .init("a prompt before it") { "PS C:\\> Get-EventLog Application -Newest 1 | fl\n\n\($0)" },
    .init("a prompt behind it") { "\($0)\nPS C:\\>" },
    .init("the line of a chat") { "[09:12] Jo Doe\n\n\($0)" },
    .init("the header of a mail") {
      "From: Jo Doe <jo.doe@contoso.com>\nTo: desk@contoso.com\nSubject: FW: it fails again\n\n\($0)"
    },
    .init("a footer") {
      "\($0)\n\nTo learn more, visit https://aka.ms/x.\nContoso Ltd | One Way | 98052\nPrivacy | Legal"
    },
    .init("trailing blanks") { lines($0) { $0 + "   " } },
    .init("tabs before lines") { lines($0) { "\t" + $0 } },
  ]

  private static func lines(_ text: String, _ change: (String) -> String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { change(String($0)) }.joined(separator: "\n")
  }

  private static func filled(_ text: String, _ change: (String) -> String) -> String {
    lines(text) { $0.isEmpty ? $0 : change($0) }
  }

  // MARK: prefixes

  private static let prefixes: [Mangling] = [
    .init("quoted") { lines($0) { "> " + $0 } },
    .init("quoted twice") { lines($0) { ">> " + $0 } },
    .init("quoted with initials") { lines($0) { "JD> " + $0 } },
    .init("quoted with bars") { lines($0) { "| " + $0 } },
    .init("times") { filled($0) { "2024-03-14 09:12:33 " + $0 } },
    .init("times in brackets") { filled($0) { "[09:12:33] " + $0 } },
    .init("ISO times") { filled($0) { "2024-03-14T09:12:33.123Z " + $0 } },
    .init("syslog") { filled($0) { "Mar 14 09:12:33 aadc01 app[211]: " + $0 } },
    .init("line numbers") { numbered($0, ": ") },
    .init("numbers of cat -n") { numbered($0, "\t") },
    .init("comments") { lines($0) { "# " + $0 } },
    .init("comments of C") { lines($0) { "// " + $0 } },
    .init("indented") { lines($0) { "    " + $0 } },
  ]

  private static func numbered(_ text: String, _ mark: String) -> String {
    var number = 0
    return lines(text) { line in
      number += 1
      return "\(number < 10 ? " " : "")\(number)\(mark)\(line)"
    }
  }

  // MARK: wraps

  private static let wraps: [Mangling] = [
    .init("wrapped at 80") { filled($0) { wordWrapped($0, 80) } },
    .init("cut at 80") { filled($0) { cut($0, 80) } },
    .init("cut at 120") { filled($0) { cut($0, 120) } },
    .init("wrapped at 72 and quoted") { lines(filled($0) { wordWrapped($0, 72) }) { "> " + $0 } },
    .init("double-spaced") { $0.replacing("\n", with: "\n\n") },
  ]

  static func wordWrapped(_ line: String, _ width: Int) -> String {
    var result = ""
    var length = 0
    for word in line.split(separator: " ", omittingEmptySubsequences: false) {
      if length > 0, length + 1 + word.count > width {
        result += "\n"
        length = 0
      } else if length > 0 || !result.isEmpty {
        result += " "
        length += 1
      }
      result += word
      length += word.count
    }
    return result
  }

  private static func cut(_ line: String, _ width: Int) -> String {
    var rest = line[...]
    var parts: [Substring] = []
    while !rest.isEmpty {
      parts.append(rest.prefix(width))
      rest = rest.dropFirst(width)
    }
    return parts.joined(separator: "\n")
  }

  // MARK: characters

  private static let characters: [Mangling] = [
    .init("spaces that do not break") { $0.replacing(" ", with: "\u{A0}") },
    .init("zero-width spaces") { $0.replacing("@", with: "@\u{200B}").replacing(":", with: ":\u{200B}") },
    .init("soft hyphens") { $0.replacing("tion", with: "\u{AD}tion").replacing("ject", with: "\u{AD}ject") },
    .init("typographic quotes and dashes") {
      $0.replacing("\"", with: "\u{201D}").replacing("'", with: "\u{2019}").replacing(" - ", with: " \u{2013} ")
    },
    .init("ligatures and hyphens of PDF") {
      filled($0) { wordWrapped($0, 80) }.replacing("fi", with: "\u{FB01}").replacing(
        "already be", with: "al-\nready be")
    },
    .init("O for 0 in braces", misread),
    .init("1 for i and l, 0 for o in words", scanned),
  ]

  /// A scanner reads digits in the words of sentences.
  private static func scanned(_ text: String) -> String {
    let misread: [(word: String, scanned: String)] = [
      ("Unable to", "Unab1e to"), ("associated", "assoc1ated"), ("attributes", "attr1butes"), ("object", "0bject"),
      ("local", "1ocal"), ("Directory", "Direct0ry"), ("Password", "Passw0rd"), ("Failed", "Fai1ed"),
      ("rights", "r1ghts"),
      ("validation", "va1idation"), ("operation", "0peration"), ("deletions", "deleti0ns"),
      ("mailbox is", "mai1box is"),
      ("AttributeValue", "Attr1buteValue"), ("is not", "is n0t"), ("error has", "err0r has"),
    ]
    return misread.reduce(text) { $0.replacing($1.word, with: $1.scanned) }
  }

  /// A scanner reads zeros within the digits of a name as letters.
  private static func misread(_ text: String) -> String {
    guard let open = text.firstRange(of: "CN={") else { return text }
    let inside = text[open.upperBound...].prefix { $0 != "}" }
    return String(text[..<open.upperBound]) + inside.replacing("0", with: "O") + String(text[inside.endIndex...])
  }

  // MARK: markup

  private static let markups: [Mangling] = [
    .init("entities and <br>") { escaped($0).replacing("\n", with: "<br>\n") },
    .init("HTML with <pre>") { "<html><body><pre>\(escaped($0))</pre></body></html>" },
    .init("HTML with <p>") { "<html><body>\n" + lines(escaped($0)) { "<p>\($0)</p>" } + "\n</body></html>" },
    .init("links of Outlook") { addresses($0) { "\($0)<mailto:\($0)>" } },
    .init("links of Markdown") { addresses($0) { "[\($0)](mailto:\($0))" } },
    .init("links of Jira") { addresses($0) { "[\($0)|mailto:\($0)]" } },
    .init("links of Slack") { addresses($0) { "<mailto:\($0)|\($0)>" } },
    .init("<pii>") { addresses($0) { "<pii>\($0)</pii>" } },
    .init("bold") { lines($0) { $0.isEmpty ? $0 : "**\($0)**" } },
  ]

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  /// Changes the mail addresses in a text.
  private static func addresses(_ text: String, _ change: (String) -> String) -> String {
    var result = ""
    var word = ""
    func finish() {
      result += word.contains("@") && word.last != "@" ? change(word) : word
      word = ""
    }
    for character in text {
      if character.isLetter || character.isNumber || ".@_-".contains(character), character.isASCII {
        word.append(character)
      } else {
        finish()
        result.append(character)
      }
    }
    finish()
    return result
  }

  // MARK: shapes

  private static let shapes: [Mangling] = [
    .init("one line") { $0.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ") },
    .init("indented below Message") { text in
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      return "Message      : " + lines.joined(separator: "\n               ")
    },
  ]

  // MARK: mail

  private static let mails: [Mangling] = [
    .init("mail, quoted-printable") {
      header("text/plain; charset=\"utf-8\"", "quoted-printable") + quotedPrintable($0)
    },
    .init("mail, base64") { header("text/plain; charset=utf-8", "base64") + base64($0) },
    .init("mail, HTML in base64") {
      header("text/html; charset=utf-8", "base64") + base64("<html><body><pre>\(escaped($0))</pre></body></html>")
    },
    .init("mail, alternatives") {
      header("multipart/alternative; boundary=\"b1\"", "7bit") + "--b1\nContent-Type: text/plain\n\n\($0)\n--b1\n"
        + "Content-Type: text/html\n\n<html><body><pre>\(escaped($0))</pre></body></html>\n--b1--\n"
    },
  ]

  private static func header(_ type: String, _ encoding: String) -> String {
    "From: sync@contoso.com\nTo: jo.doe@contoso.com\nSubject: =?utf-8?B?RXJyb3I=?=\n"
      + "Message-ID: <9f0c2d1e-4b3a-4c5d-8e6f-7a8b9c0d1e2f@mail.contoso.com>\nMIME-Version: 1.0\n"
      + "Content-Type: \(type)\nContent-Transfer-Encoding: \(encoding)\n\n"
  }

  private static func quotedPrintable(_ text: String) -> String {
    lines(text.replacing("=", with: "=3D")) { line in
      var rest = line[...]
      var parts: [Substring] = []
      while rest.count > 75 {
        var length = 75
        // Not within the three characters of an encoded one.
        while rest.prefix(length).suffix(2).contains("=") { length -= 1 }
        parts.append(rest.prefix(length))
        rest = rest.dropFirst(length)
      }
      return (parts + [rest]).joined(separator: "=\n")
    }
  }

  private static func base64(_ text: String) -> String {
    let encoded = Base64Text.encode(text.utf8)
    return cut(encoded, 76)
  }
}
