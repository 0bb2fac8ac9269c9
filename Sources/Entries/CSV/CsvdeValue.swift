import Bytes

/// A field of csvde: values with `;` between them, in which `\;` and `\\` stand for themselves, and `X'…'` for bytes.
enum CsvdeValue {
  private static let backslash = UInt8(ascii: "\\")
  private static let semicolon = UInt8(ascii: ";")

  /// The values of a field.
  static func value(_ field: ArraySlice<UInt8>) -> ObjectValue {
    if field.isEmpty { return .absent }
    let parts = parts(field)
    return parts.count == 1 ? part(parts[0]) : .list(parts.map(part))
  }

  /// The name of an entry, which is one value whatever stands in it.
  static func name(_ field: ArraySlice<UInt8>) -> ObjectValue { part(parts(field, divides: false)[0]) }

  /// Takes a field apart; a backslash before anything but `;` and `\` is a character, as in DNs that were not escaped again.
  private static func parts(_ field: ArraySlice<UInt8>, divides: Bool = true) -> [[UInt8]] {
    var parts: [[UInt8]] = [[]]
    var index = field.startIndex
    while index < field.endIndex {
      let byte = field[index]
      let next = index + 1 < field.endIndex ? field[index + 1] : 0
      if byte == backslash, next == semicolon || next == backslash {
        parts[parts.count - 1].append(next)
        index += 2
        continue
      }
      if byte == semicolon, divides { parts.append([]) } else { parts[parts.count - 1].append(byte) }
      index += 1
    }
    return parts
  }

  private static func part(_ text: [UInt8]) -> ObjectValue {
    guard text.count >= 3, text[0] | 0x20 == UInt8(ascii: "x"), text[1] == UInt8(ascii: "'"),
      text.last == UInt8(ascii: "'"),
      let bytes = HexText.decode(String(decoding: text[2..<text.count - 1], as: UTF8.self))
    else { return .text(text) }
    return .octets(bytes)
  }
}
