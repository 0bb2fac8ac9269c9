import Bytes

/// Comparison of values without regard to case, as directories compare text.
enum TextFold {
  /// A byte in lower case when it is an ASCII capital.
  @inline(__always)
  static func lower(_ byte: UInt8) -> UInt8 {
    byte &- 65 < 26 ? byte | 0x20 : byte
  }

  /// Whether every byte is ASCII.
  @inline(__always)
  static func isASCII(_ bytes: Span<UInt8>) -> Bool { WideBytes.isASCII(bytes) }

  /// The bytes with all letters folded: ASCII directly, other scalars by their Unicode lower-case mapping.
  ///
  /// Bytes that are not valid UTF-8 stay as they are.
  static func fold(_ bytes: Span<UInt8>) -> [UInt8] {
    if isASCII(bytes) { return WideBytes.lowerASCII(bytes) }
    var folded: [UInt8] = []
    folded.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let (value, length) = ScalarReader.scalar(at: index, of: bytes)
      if value < 0x80 {
        folded.append(lower(UInt8(value)))
      } else if value != ScalarReader.invalid, let scalar = Unicode.Scalar(value) {
        folded.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
      } else {
        folded.append(bytes[index])
      }
      index += length
    }
    return folded
  }

  /// The range without white space (Unicode White_Space) at either end.
  static func trimmed(_ bytes: Span<UInt8>) -> Range<Int> {
    guard !bytes.isEmpty else { return 0..<0 }
    // Nearly every value begins and ends with a visible ASCII character.
    if (33..<127).contains(bytes[0]), (33..<127).contains(bytes[bytes.count - 1]) { return 0..<bytes.count }
    var start = bytes.count
    var end = 0
    var index = 0
    while index < bytes.count {
      let (value, length) = ScalarReader.scalar(at: index, of: bytes)
      if !isWhiteSpace(value) {
        start = min(start, index)
        end = index + length
      }
      index += length
    }
    return start < end ? start..<end : 0..<0
  }

  /// Whether a scalar value has the Unicode property White_Space.
  static func isWhiteSpace(_ value: UInt32) -> Bool {
    switch value {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  /// Whether two byte strings are equal ignoring ASCII case, and Unicode case where either is not ASCII.
  static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    // Different ASCII characters at the start cannot become equal, whatever follows.
    if left.count > 0, right.count > 0, left[0] | right[0] < 0x80, lower(left[0]) != lower(right[0]) { return false }
    if WideBytes.areEqualButForCase(left, right) { return true }
    if isASCII(left), isASCII(right) { return false }
    return fold(left) == fold(right)
  }
}
