/// Bytes as hexadecimal digits.
public enum HexText {
  /// Two digits for each byte, without anything between them.
  public static func encode(_ bytes: some Sequence<UInt8>, upperCase: Bool = false) -> String {
    encode(Array(bytes), upperCase: upperCase)
  }

  /// The same for an array.
  public static func encode(_ bytes: [UInt8], upperCase: Bool = false) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(digit(byte >> 4, upperCase))
      text.append(digit(byte & 15, upperCase))
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `\xx` for each byte, as in LDAP filters (RFC 4515).
  public static func filter(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { "\\" + encode(CollectionOfOne($0)) }.joined()
  }

  /// The bytes of an even number of digits; nil for anything else.
  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text.utf8 {
      guard let value = value(of: character) else { return nil }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return high == nil ? bytes : nil
  }

  /// The bytes of a text of nothing but `\xx`; nil for anything else.
  public static func decodeFilter(_ text: some StringProtocol) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard !characters.isEmpty, characters.count % 3 == 0 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: characters.count, by: 3) {
      guard characters[index] == UInt8(ascii: "\\"), let high = value(of: characters[index + 1]),
        let low = value(of: characters[index + 2])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  /// The value of a hexadecimal digit; nil for other characters.
  @inline(__always)
  public static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - 48
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - 87
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - 55
    default: nil
    }
  }

  /// The eight lower-case digits of four bytes in ASCII, those of the lowest byte first and lowest.
  @inline(__always)
  public static func digits(_ bytes: UInt32) -> UInt64 {
    // Each byte gets sixteen bits, then each of its halves eight, the upper half first.
    var spread = UInt64(bytes)
    spread = (spread | spread &<< 16) & 0x0000_FFFF_0000_FFFF
    spread = (spread | spread &<< 8) & 0x00FF_00FF_00FF_00FF
    let halves = (spread &>> 4 & 0x000F_000F_000F_000F) | (spread & 0x000F_000F_000F_000F) &<< 8
    // Letters follow 39 places behind where digits would go on; adding six carries into the upper half from ten on.
    let letters = (halves &+ 0x0606_0606_0606_0606) &>> 4 & 0x0101_0101_0101_0101
    return halves &+ 0x3030_3030_3030_3030 &+ letters &* 39
  }

  private static func digit(_ value: UInt8, _ upperCase: Bool) -> UInt8 {
    value < 10 ? 48 + value : (upperCase ? 55 : 87) + value
  }
}
