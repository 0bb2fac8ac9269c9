/// One step through bytes that are usually, but not always, UTF-8: a character, or a byte that belongs to none.
///
/// Every byte that is not part of a well-formed sequence (RFC 3629: no overlong forms, no surrogates, nothing above
/// U+10FFFF) counts as one element of its own. Offsets of `FlaggedSpan` count these elements.
@frozen
public enum UTF8Element: Equatable, Sendable {
  /// A character and the number of its bytes.
  case scalar(Unicode.Scalar, length: Int)
  /// A byte that is part of no well-formed sequence.
  case invalid(UInt8)

  /// Number of bytes of the element.
  @inlinable public var length: Int {
    switch self {
    case .scalar(_, let length): length
    case .invalid: 1
    }
  }

  /// The element that starts at an index of the bytes.
  @inlinable
  public init(at index: Int, in bytes: Span<UInt8>) {
    let (value, length) = ScalarReader.scalar(at: index, of: bytes)
    if value != ScalarReader.invalid, let scalar = Unicode.Scalar(value) {
      self = .scalar(scalar, length: length)
    } else {
      self = .invalid(bytes[index])
    }
  }
}
