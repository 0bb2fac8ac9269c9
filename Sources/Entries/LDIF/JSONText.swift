import Bytes

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
    if ScalarReader.isValid(value) {
      string(value)
    } else {
      raw("{\"b64\":\"")
      bytes.append(base64: value)
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
