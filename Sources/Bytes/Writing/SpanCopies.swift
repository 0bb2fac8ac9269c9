import Glibc

extension Array where Element == UInt8 {
  /// A copy of bytes.
  @inlinable
  public init(copying bytes: Span<UInt8>) { self = bytes.withUnsafeBufferPointer { Array($0) } }
}

extension String {
  /// The text of bytes in UTF-8, in which those that are none become U+FFFD.
  @inlinable
  public init(copying bytes: Span<UInt8>) {
    self = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }
}

/// Whether two texts have the same bytes.
public func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
  left.count == right.count
    && left.withUnsafeBytes { left in
      right.withUnsafeBytes { right in
        guard let first = left.baseAddress, let second = right.baseAddress else { return true }
        return memcmp(first, second, left.count) == 0
      }
    }
}

/// The place of a byte in a text from a place on; nil when it is not there.
public func firstPlace(of byte: UInt8, in text: Span<UInt8>, from start: Int) -> Int? {
  text.extracting(start..<text.count).withUnsafeBytes { rest in
    guard let base = rest.baseAddress, let found = memchr(base, Int32(byte), rest.count) else { return nil }
    return start + (UnsafeRawPointer(found) - base)
  }
}
