import Bytes
import Directory
import Findings
import TestFindings
import Testing

@testable import Reporting

@Suite struct TerminalTextTests {
  @Test(arguments: [
    ("plain text", "plain text"), (#"CN=Doe\, Jo"#, #"CN=Doe\, Jo"#), ("\u{1B}[31m", #"\u{001B}[31m"#),
    ("a\u{0}\u{7F}\u{9B}b", #"a\u{0000}\u{007F}\u{009B}b"#), ("a\tb\r\n", #"a\u{0009}b\u{000D}\u{000A}"#),
    ("\u{202E}abc\u{2066}", #"\u{202E}abc\u{2066}"#), ("a\u{A0}b\u{2003}c\u{3000}", #"a\u{00A0}b\u{2003}c\u{3000}"#),
    ("\u{200B}\u{FEFF}\u{AD}\u{2028}", #"\u{200B}\u{FEFF}\u{00AD}\u{2028}"#),
    ("\u{E0041}\u{FE0F}\u{3164}\u{2800}", #"\u{E0041}\u{FE0F}\u{3164}\u{2800}"#), ("Zoë 漢字 😀", "Zoë 漢字 😀"),
    ("\u{E000}\u{FFFF}", #"\u{E000}\u{FFFF}"#), (#"\u{41} \x41 \xZZ \u41"#, #"\u{005C}u{41} \u{005C}x41 \xZZ \u41"#),
  ])
  func escapesWhatIsDangerousOrInvisible(text: String, expected: String) {
    #expect(TerminalText.escape(text) == expected)
    #expect(TerminalText.escape(Array(text.utf8)) == expected)
  }

  @Test func bytesThatAreNotUTF8AreShown() {
    #expect(TerminalText.escape([0x61, 0xFF, 0xC3]) == #"a\xFF\xC3"#)
    #expect(TerminalText.escape([0xED, 0xA0, 0x80]) == #"\xED\xA0\x80"#)
    #expect(TerminalText.escape([0xF0, 0x9F, 0x98, 0x80]) == "😀")
  }

  @Test func noBytesComeThroughRaw() {
    var random = TestRandom(seed: 40)
    for _ in 0..<2000 {
      let escaped = TerminalText.escape(random.value().bytes)
      #expect(escaped.unicodeScalars.allSatisfy { !TerminalText.isEscaped($0) }, "\(escaped.debugDescription)")
    }
  }

  /// Escaping loses nothing: what is shown can be read back.
  @Test func escapingIsReversible() {
    var random = TestRandom(seed: 41)
    for _ in 0..<2000 {
      let bytes = random.value().bytes
      #expect(unescape(TerminalText.escape(bytes)) == bytes)
    }
  }

  /// The letters that are passed without a look-up are those that a look-up would pass, and drawn onto none.
  @Test func surelyLettersAreLetters() {
    for value in UInt32(0)...0x10FFFF where TerminalText.isSurelyLetter(value) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let category = scalar.properties.generalCategory
      #expect(
        ![.control, .format, .spaceSeparator, .unassigned, .privateUse, .nonspacingMark, .enclosingMark, .spacingMark]
          .contains(category) && !scalar.properties.isDefaultIgnorableCodePoint, "\(scalar.escaped(asASCII: true))")
    }
  }

  /// The columns told are those of the shown characters, none of them taken for less than one.
  @Test func columnsAreThoseThatAreShown() {
    var random = TestRandom(seed: 42)
    for _ in 0..<2000 {
      var shown: [UInt8] = []
      let columns = TerminalText.append(random.value().bytes, to: &shown)
      let text = String(decoding: shown, as: UTF8.self)
      #expect(columns == text.unicodeScalars.reduce(0) { $0 + max(1, DisplayWidth.of($1)) })
    }
  }

  private func unescape(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    var rest = Substring(text)
    while let first = rest.unicodeScalars.first {
      if rest.hasPrefix(#"\u{"#), let end = rest.firstIndex(of: "}"),
        let scalar = UInt32(rest.dropFirst(3)[..<end], radix: 16).flatMap(Unicode.Scalar.init)
      {
        result += Array(String(scalar).utf8)
        rest = rest[rest.index(after: end)...]
      } else if rest.hasPrefix(#"\x"#), let byte = UInt8(rest.dropFirst(2).prefix(2), radix: 16),
        rest.dropFirst(2).prefix(2).allSatisfy({ $0.isHexDigit && !$0.isLowercase })
      {
        result.append(byte)
        rest = rest.dropFirst(4)
      } else {
        result += Array(String(first).utf8)
        rest = Substring(rest.unicodeScalars.dropFirst())
      }
    }
    return result
  }

  @Test func problemsAreOneSafeLine() {
    let problem = Problem(
      location: SourceLocation(source: "a\u{1B}.ldif", line: 7, column: 3), message: "bad \u{202E}\nname")
    #expect(problem.line == #"a\u{001B}.ldif:7:3: error: bad \u{202E}\u{000A}name"#)
  }
}

@Suite struct CharacterNameTests {
  @Test(
    arguments: [
      (0x20, "U+0020 SPACE"), (0xA0, "U+00A0 NO-BREAK SPACE"), (0x00, "U+0000 NULL"),
      (0x09, "U+0009 CHARACTER TABULATION"), (0x0A, "U+000A LINE FEED"), (0x1B, "U+001B ESCAPE"),
      (0x1F, "U+001F INFORMATION SEPARATOR ONE"),
      (0x7F, "U+007F DELETE"), (0x80, "U+0080 PADDING CHARACTER"), (0x85, "U+0085 NEXT LINE"),
      (0x9B, "U+009B CONTROL SEQUENCE INTRODUCER"), (0x9F, "U+009F APPLICATION PROGRAM COMMAND"),
      (0x200B, "U+200B ZERO WIDTH SPACE"), (0x202E, "U+202E RIGHT-TO-LEFT OVERRIDE"),
      (0xFC, "U+00FC LATIN SMALL LETTER U WITH DIAERESIS"), (0x1F600, "U+1F600 GRINNING FACE"),
      (0x6F22, "U+6F22 CJK UNIFIED IDEOGRAPH-6F22"), (0xE000, "U+E000 <private use>"),
      (0xFFFF, "U+FFFF <noncharacter>"), (0xD800, "U+D800 <surrogate>"), (0x50000, "U+50000 <unassigned>"),
      (0x110000, "U+110000 <none>"),
    ] as [(UInt32, String)])
  func names(codePoint: UInt32, expected: String) {
    #expect(CharacterName.description(of: codePoint) == expected)
  }

  @Test func everyCharacterHasAName() {
    for value in stride(from: UInt32(0), through: 0x10FFFF, by: 37) {
      #expect(!CharacterName.name(of: value).isEmpty)
    }
    for value in UInt32(0)..<0x300 { #expect(!CharacterName.name(of: value).hasPrefix("<")) }
  }
}
