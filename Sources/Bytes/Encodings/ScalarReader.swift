/// Reads UTF-8 scalar by scalar, tolerating bytes that are no part of valid UTF-8.
public enum ScalarReader {
  /// What stands at a place: a scalar value, or `invalid` for one byte that is no part of valid UTF-8.
  @inlinable public static var invalid: UInt32 { .max }

  /// The scalar that begins at `index` and how many bytes it takes.
  ///
  /// - Returns: the scalar value and its length; `invalid` and 1 where the bytes are not valid UTF-8 (RFC 3629).
  @inlinable
  public static func scalar(at index: Int, of bytes: Span<UInt8>) -> (value: UInt32, length: Int) {
    let first = bytes[index]
    if first < 0x80 { return (UInt32(first), 1) }
    let length: Int
    let minimum: UInt32
    var value: UInt32
    switch first {
    case 0xC2...0xDF: (length, minimum, value) = (2, 0x80, UInt32(first & 0x1F))
    case 0xE0...0xEF: (length, minimum, value) = (3, 0x800, UInt32(first & 0x0F))
    case 0xF0...0xF4: (length, minimum, value) = (4, 0x10000, UInt32(first & 0x07))
    default: return (invalid, 1)
    }
    guard index + length <= bytes.count else { return (invalid, 1) }
    for offset in 1..<length {
      let byte = bytes[index + offset]
      guard byte & 0xC0 == 0x80 else { return (invalid, 1) }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard value >= minimum, value <= 0x10FFFF, !(0xD800...0xDFFF).contains(value) else { return (invalid, 1) }
    return (value, length)
  }

  /// Number of scalars (an invalid byte counts as one) in a range of bytes.
  @inlinable
  public static func count(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    var index = range.lowerBound
    var count = 0
    while index < range.upperBound {
      index += scalar(at: index, of: bytes).length
      count += 1
    }
    return count
  }

  /// Number of UTF-16 code units of a range of bytes: what Active Directory and Entra count as characters.
  @inlinable
  public static func utf16Count(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    var index = range.lowerBound
    var count = 0
    while index < range.upperBound {
      let (value, length) = scalar(at: index, of: bytes)
      count += value != invalid && value > 0xFFFF ? 2 : 1
      index += length
    }
    return count
  }

  /// Whether bytes are valid UTF-8.
  @inlinable
  public static func isValid(_ bytes: Span<UInt8>) -> Bool {
    var index = 0
    while index < bytes.count {
      if bytes[index] < 0x80 {
        index += 1
        continue
      }
      let (value, length) = scalar(at: index, of: bytes)
      if value == invalid { return false }
      index += length
    }
    return true
  }
}
