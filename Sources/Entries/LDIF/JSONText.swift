/// Writes JSON (RFC 8259) as bytes; knows just what the output of `entries` needs.
struct JSONText {
  /// The text so far.
  var bytes: [UInt8] = []

  /// Text that needs no escapes: punctuation and keys.
  mutating func raw(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  mutating func number(_ value: Int) {
    bytes.append(contentsOf: String(value).utf8)
  }

  mutating func bool(_ value: Bool) {
    raw(value ? "true" : "false")
  }

  mutating func string(_ text: String) {
    let utf8 = Array(text.utf8)
    string(utf8.span)
  }

  /// A directory value: a string, or `{"b64":"…"}` when it is not valid UTF-8.
  mutating func value(_ value: Span<UInt8>) {
    if UTF8Check.isValid(value) {
      string(value)
    } else {
      raw("{\"b64\":\"")
      Base64Encoder.append(value, to: &bytes)
      raw("\"}")
    }
  }

  /// Valid UTF-8 as a string. Control characters, also those above ASCII, are escaped: terminals obey them.
  mutating func string(_ text: Span<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    var index = 0
    while index < text.count {
      let byte = text[index]
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 8: raw("\\b")
      case 9: raw("\\t")
      case 10: raw("\\n")
      case 12: raw("\\f")
      case 13: raw("\\r")
      case 0..<32, 127: escape(UInt32(byte))
      case 0xc2 where text[index + 1] < 0xa0:
        // U+0080 to U+009F, which terminals obey.
        escape(UInt32(text[index + 1]))
        index += 1
      default: bytes.append(byte)
      }
      index += 1
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ unit: UInt32) {
    let digits = Array("0123456789abcdef".utf8)
    raw("\\u00")
    bytes.append(digits[Int(unit >> 4 & 15)])
    bytes.append(digits[Int(unit & 15)])
  }
}

/// Validity of UTF-8 (RFC 3629), without making a string.
enum UTF8Check {
  static func isValid(_ bytes: Span<UInt8>) -> Bool {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        index += 1
        continue
      }
      guard let length = length(byte), index + length <= bytes.count, isSecond(bytes[index + 1], after: byte) else {
        return false
      }
      var rest = index + 2
      while rest < index + length {
        if bytes[rest] & 0xc0 != 0x80 { return false }
        rest += 1
      }
      index += length
    }
    return true
  }

  private static func length(_ first: UInt8) -> Int? {
    switch first {
    case 0xc2...0xdf: 2
    case 0xe0...0xef: 3
    case 0xf0...0xf4: 4
    default: nil
    }
  }

  /// The second byte is restricted where it could make an overlong form, a surrogate or a number beyond U+10FFFF.
  private static func isSecond(_ byte: UInt8, after first: UInt8) -> Bool {
    switch first {
    case 0xe0: byte &- 0xa0 < 0x20
    case 0xed: byte &- 0x80 < 0x20
    case 0xf0: byte &- 0x90 < 0x30
    case 0xf4: byte &- 0x80 < 0x10
    default: byte & 0xc0 == 0x80
    }
  }
}
