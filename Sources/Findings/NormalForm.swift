import Bytes

/// The form in which values and DNs are the same in two runs: part of the construction of fingerprints, which never changes.
public enum NormalForm {
  /// A value in lower case.
  public static func value(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    visit(bytes.span, skipsSpacesAfterCommas: false) { result.append($0) }
    return result
  }

  /// A DN in lower case, without spaces after its unescaped commas.
  public static func dn(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    visit(bytes.span, skipsSpacesAfterCommas: true) { result.append($0) }
    return result
  }

  /// Hands on the bytes of the normal form one after the other.
  @inline(__always)
  static func visit(_ bytes: Span<UInt8>, skipsSpacesAfterCommas: Bool, _ body: (UInt8) -> Void) {
    var isAfterComma = false
    var isEscaped = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        index += 1
        if isAfterComma && byte == UInt8(ascii: " ") { continue }
        isAfterComma = skipsSpacesAfterCommas && byte == UInt8(ascii: ",") && !isEscaped
        isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        body(byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte)
        continue
      }
      isAfterComma = false
      isEscaped = false
      let element = UTF8Element(at: index, in: bytes)
      switch element {
      case .scalar(let scalar, _): for byte in scalar.properties.lowercaseMapping.utf8 { body(byte) }
      case .invalid(let byte): body(byte)
      }
      index += element.length
    }
  }
}
