import Bytes
import Findings

/// The characters of a value as numbers: scalar values, or `byteBase` plus a byte that is part of no valid UTF-8. They are
/// the elements that `FlaggedSpan` counts.
enum ValueText {
  /// Above every scalar value.
  static let byteBase: UInt32 = 0x1000_0000

  /// The characters of bytes.
  static func characters(of bytes: [UInt8]) -> [UInt32] {
    var characters: [UInt32] = []
    characters.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let element = UTF8Element(at: index, in: bytes.span)
      switch element {
      case .scalar(let scalar, _): characters.append(scalar.value)
      case .invalid(let byte): characters.append(byteBase + UInt32(byte))
      }
      index += element.length
    }
    return characters
  }

  /// The bytes of characters.
  static func bytes(of characters: [UInt32]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(characters.count)
    for character in characters {
      if character >= byteBase {
        bytes.append(UInt8(truncatingIfNeeded: character))
      } else if let scalar = Unicode.Scalar(character) {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    return bytes
  }
}
