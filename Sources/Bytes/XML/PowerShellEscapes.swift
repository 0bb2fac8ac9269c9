/// The escapes of CLIXML, `_x000D_`: a unit of UTF-16 that XML cannot hold, in texts and names.
public enum PowerShellEscapes {
  /// A text with its escapes undone; half a surrogate pair becomes U+FFFD.
  public static func decode(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "_")) else { return text }
    var units: [UInt16] = []
    let all = Array(text.utf16)
    var index = 0
    while index < all.count {
      if let unit = escape(all, index) {
        units.append(unit)
        index += 7
      } else {
        units.append(all[index])
        index += 1
      }
    }
    return String(decoding: units, as: UTF16.self)
  }

  private static func escape(_ units: [UInt16], _ start: Int) -> UInt16? {
    guard units.count - start >= 7, units[start] == 0x5F, units[start + 1] | 0x20 == 0x78, units[start + 6] == 0x5F
    else {
      return nil
    }
    var value: UInt16 = 0
    for unit in units[start + 2..<start + 6] {
      guard unit < 0x80, let digit = HexText.value(of: UInt8(truncatingIfNeeded: unit)) else { return nil }
      value = value << 4 | UInt16(digit)
    }
    return value
  }
}
