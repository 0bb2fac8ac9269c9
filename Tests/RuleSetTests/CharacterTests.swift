import Testing

@testable import RuleSet

@Suite struct CharacterTests {
  @Test func whiteSpaceIsThatOfUnicode() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      if CharacterClass.whiteSpace.contains(value) != scalar.properties.isWhitespace {
        Issue.record("U+\(String(value, radix: 16))")
      }
    }
  }

  static let members: [(CharacterClass, [UInt32], [UInt32])] = [
    (.letterASCII, [0x41, 0x5A, 0x61, 0x7A], [0x40, 0x5B, 0x60, 0x7B, 0xE9]),
    (.digit, [0x30, 0x39], [0x2F, 0x3A, 0x661]),
    (.nonASCII, [0x80, 0xE9, 0x10FFFF], [0x00, 0x7F]),
    (.control, [0x00, 0x1F, 0x7F, 0x80, 0x9F], [0x20, 0x7E, 0xA0]),
    (.lineBreak, [0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029], [0x09, 0x0E, 0x20, 0x2027]),
    (.noBreakSpace, [0xA0, 0x202F, 0x2007, 0x2060], [0x20, 0x2008]),
    (
      .zeroWidth,
      [0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD, 0x180E, 0x34F, 0x115F, 0x1160, 0x3164, 0xFE00, 0xFE0F],
      [0x200E, 0x2061, 0x1161, 0xFE10]
    ),
    (.bidi, [0x200E, 0x200F, 0x61C, 0x202A, 0x202E, 0x2066, 0x2069], [0x2029, 0x202F, 0x206A]),
    (.diacritic, [0xE9, 0xFC, 0xDF, 0x1EA1, 0x142, 0xF8], [0x65, 0xB7, 0x301, 0x3B1, 0x416]),
    (.invalidUTF8, [], [0x00, 0xFF, 0xFFFD]),
  ]

  @Test(arguments: members)
  func classesHaveTheirMembers(_ named: CharacterClass, _ inside: [UInt32], _ outside: [UInt32]) {
    for value in inside { #expect(named.contains(value), "U+\(String(value, radix: 16))") }
    for value in outside { #expect(!named.contains(value), "U+\(String(value, radix: 16))") }
  }

  @Test func itemsOfARuleAddUp() throws {
    let items = try ["<", "U+00A0", "U+00A1-U+00FF", "digit"].map { try CharacterItem.item($0) }
    let rule = CharacterRule(isForbidden: true, items: items)
    #expect(rule.scalars.ranges == [0x30...0x39, 0x3C...0x3C, 0xA0...0xFF])
    #expect(!rule.containsInvalidUTF8)
    #expect(CharacterRule(isForbidden: true, items: [.named(.nonASCII)]).containsInvalidUTF8)
  }

  static let transliterations: [(Unicode.Scalar, String?, String?)] = [
    ("ü", "u", "ue"), ("Ü", "U", "Ue"), ("ä", "a", "ae"), ("ß", "ss", "ss"), ("ẞ", "SS", "SS"), ("é", "e", "e"),
    ("ø", "o", "o"), ("æ", "ae", "ae"), ("Œ", "OE", "OE"), ("ł", "l", "l"), ("đ", "d", "d"), ("ð", "d", "d"),
    ("þ", "th", "th"), ("ı", "i", "i"), ("İ", "I", "I"), ("ő", "o", "o"), ("ș", "s", "s"), ("ậ", "a", "a"),
    ("ﬁ", "fi", "fi"), ("\u{301}", "", ""), ("e", nil, nil), ("α", nil, nil), ("ж", nil, nil), ("×", nil, nil),
    ("ª", nil, nil), ("漢", nil, nil),
  ]

  @Test(arguments: transliterations)
  func transliterates(_ scalar: Unicode.Scalar, _ latin: String?, _ german: String?) {
    #expect(Transliteration.language(.latin)[scalar.value] == latin)
    #expect(Transliteration.language(.german)[scalar.value] == german)
  }

  @Test func transliterationIsASCIILetters() {
    for range in CharacterClass.diacritic.ranges {
      for value in range {
        let text = Transliteration.language(.latin)[value] ?? ""
        #expect(!text.isEmpty && text.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 })
      }
    }
  }
}
