/// One step through bytes that are usually, but not always, UTF-8: a character, or a byte that belongs to none.
///
/// Every byte that is not part of a well-formed sequence (RFC 3629: no overlong forms, no surrogates, nothing above
/// U+10FFFF) counts as one element of its own. Offsets of `FlaggedSpan` count these elements.
public enum UTF8Element: Equatable, Sendable {
  /// A character and the number of its bytes.
  case scalar(Unicode.Scalar, length: Int)
  /// A byte that is part of no well-formed sequence.
  case invalid(UInt8)

  /// Number of bytes of the element.
  public var length: Int {
    switch self {
    case .scalar(_, let length): length
    case .invalid: 1
    }
  }

  /// The element that starts at an index of the bytes.
  public init(at index: Int, in bytes: Span<UInt8>) {
    let first = bytes[index]
    guard first >= 0x80 else {
      self = .scalar(Unicode.Scalar(first), length: 1)
      return
    }
    self = Self.multibyte(first: first, at: index, in: bytes) ?? .invalid(first)
  }

  private static func multibyte(first: UInt8, at index: Int, in bytes: Span<UInt8>) -> UTF8Element? {
    let length: Int
    var value: UInt32
    switch first {
    case 0xC2...0xDF: (length, value) = (2, UInt32(first & 0x1F))
    case 0xE0...0xEF: (length, value) = (3, UInt32(first & 0x0F))
    case 0xF0...0xF4: (length, value) = (4, UInt32(first & 0x07))
    default: return nil
    }
    guard index + length <= bytes.count else { return nil }
    for position in index + 1..<index + length {
      guard bytes[position] & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(bytes[position] & 0x3F)
    }
    let isOverlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x1_0000)
    guard !isOverlong, let scalar = Unicode.Scalar(value) else { return nil }
    return .scalar(scalar, length: length)
  }
}
