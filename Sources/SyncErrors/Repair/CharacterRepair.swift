/// Takes back what word processors, chats and PDF do to single characters: spaces that do not break, characters that are not
/// seen, typographic quotation marks and dashes, ligatures.
///
/// Any of these may be the very error of a value; so what stands in the material is looked up, too (`WrittenForms`).
enum CharacterRepair {
  static func repair(_ text: RepairedText) -> RepairedText? {
    var editor = RepairedText.Editor(text)
    let bytes = text.bytes
    var place = 0
    while place < bytes.count {
      guard bytes[place] >= 0xC2, let (value, length) = scalar(bytes, place) else {
        place += 1
        continue
      }
      if let plain = plain(value) {
        editor.copy(to: place)
        editor.replace(to: place + length, with: plain)
      }
      place += length
    }
    return editor.finish()
  }

  /// The character at a place, and how many bytes it has; nil where the bytes are no character beyond ASCII.
  static func scalar(_ bytes: [UInt8], _ place: Int) -> (value: UInt32, length: Int)? {
    let first = bytes[place]
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1
    guard length > 1, place + length <= bytes.count else { return nil }
    var value = UInt32(first & (0xFF >> (UInt8(length) + 1)))
    for byte in bytes[(place + 1)..<(place + length)] {
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    return (value, length)
  }

  /// What a character stands for; nil for characters that stand for themselves.
  private static func plain(_ scalar: UInt32) -> [UInt8]? {
    switch scalar {
    case 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x2069, 0xFEFF: []
    case 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: [32]
    case 0x2018...0x201B, 0x2032: [UInt8(ascii: "'")]
    case 0x201C...0x201F, 0x2033: [UInt8(ascii: "\"")]
    case 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63: [UInt8(ascii: "-")]
    case 0x2026: Array("...".utf8)
    case 0xFB00: Array("ff".utf8)
    case 0xFB01: Array("fi".utf8)
    case 0xFB02: Array("fl".utf8)
    case 0xFB03: Array("ffi".utf8)
    case 0xFB04: Array("ffl".utf8)
    case 0xFB05, 0xFB06: Array("st".utf8)
    // The forms of ASCII that are as wide as the characters of East Asia.
    case 0xFF01...0xFF5E: [UInt8(truncatingIfNeeded: scalar - 0xFF01 + 0x21)]
    default: nil
    }
  }
}
