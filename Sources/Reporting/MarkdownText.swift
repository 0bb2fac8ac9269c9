import Bytes
import Directory

/// Text for GitHub Flavored Markdown, where nothing of it may be taken for markup, a link or a mention.
enum MarkdownText {
  /// Appends words, such as the title of a rule, with every character that means something written as an entity.
  static func append(words text: String, to bytes: inout [UInt8]) {
    appendEntities(TerminalText.escape(text).utf8, to: &bytes)
  }

  /// Appends lines that are safe for a terminal already.
  static func append(escapedWords text: String, to bytes: inout [UInt8]) { appendEntities(text.utf8, to: &bytes) }

  /// Appends a value as code: nothing in it is interpreted, `@name` mentions nobody and addresses do not become links.
  ///
  /// Between backticks where that is unambiguous, otherwise between tags with every special character as an entity: a
  /// vertical line or a backslash would end the cell of a table also inside of backticks.
  static func append(code value: [UInt8], limit: Int = 300, to bytes: inout [UInt8]) {
    var shown: [UInt8] = []
    TerminalText.append(value, to: &shown)
    if shown.isEmpty { return }
    let cut = cut(shown, limit: limit)
    let isSimple =
      !cut.contains { $0 == UInt8(ascii: "|") || $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "`") }
      && cut.first != UInt8(ascii: " ") && cut.last != UInt8(ascii: " ")
    if isSimple {
      bytes.append(UInt8(ascii: "`"))
      bytes.append(contentsOf: cut)
      bytes.append(UInt8(ascii: "`"))
    } else {
      bytes.append(literal: "<code>")
      appendEntities(cut, to: &bytes)
      bytes.append(literal: "</code>")
    }
    if cut.count < shown.count { bytes.append(literal: "…") }
  }

  /// Appends a text as code.
  static func append(code text: String, limit: Int = 300, to bytes: inout [UInt8]) {
    append(code: Array(text.utf8), limit: limit, to: &bytes)
  }

  private static func cut(_ text: [UInt8], limit: Int) -> ArraySlice<UInt8> {
    guard text.count > limit else { return text[...] }
    var end = limit
    while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    return text[..<end]
  }

  private static func appendEntities(_ text: some Sequence<UInt8>, to bytes: inout [UInt8]) {
    var isFirst = true
    for byte in text {
      defer { isFirst = false }
      if byte >= 0x80 || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || !isFirst && " ,;:()-='".utf8.contains(byte)
      {
        bytes.append(byte)
      } else {
        bytes.append(literal: "&#")
        bytes.append(decimal: Int(byte))
        bytes.append(UInt8(ascii: ";"))
        // Entities alone keep an address from nothing: renderers look for links in what they stand for. A comment ends the text
        // there, and mentions nobody.
        if byte == UInt8(ascii: "@") { bytes.append(literal: "<!-- -->") }
      }
    }
  }
}
