/// What a distinguished name says of its entry.
extension DistinguishedName {
  /// The value of the first RDN with its escapes (RFC 4514 section 2.4) undone.
  public static func firstValue(of dn: AttributeValue) -> AttributeValue? {
    guard let equals = dn.bytes.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    var value: [UInt8] = []
    var index = equals + 1
    while index < dn.bytes.count {
      let byte = dn.bytes[index]
      if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "+") { break }
      guard byte == UInt8(ascii: "\\"), index + 1 < dn.bytes.count else {
        value.append(byte)
        index += 1
        continue
      }
      if index + 2 < dn.bytes.count, let high = digit(dn.bytes[index + 1]), let low = digit(dn.bytes[index + 2]) {
        value.append(high << 4 | low)
        index += 3
      } else {
        value.append(dn.bytes[index + 1])
        index += 2
      }
    }
    return AttributeValue(value)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
