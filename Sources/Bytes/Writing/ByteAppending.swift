/// What a report is written into: an array, or the buffer of an output.
public protocol ByteAppending: ~Copyable {
  /// Number of bytes so far.
  var count: Int { get }
  /// Appends a byte.
  mutating func append(_ byte: UInt8)
  /// Appends bytes.
  mutating func append(bytes: Span<UInt8>)
  /// The last byte; nil when there is none.
  var last: UInt8? { get }
  /// Makes room for so many more bytes.
  mutating func reserve(_ additional: Int)
  /// Takes back all but the first so many bytes.
  mutating func truncate(to count: Int)
}

extension Array: ByteAppending where Element == UInt8 {
  /// Appends bytes.
  @inlinable @inline(__always)
  public mutating func append(bytes: Span<UInt8>) { bytes.withUnsafeBufferPointer { append(contentsOf: $0) } }

  /// Makes room for so many more bytes.
  @inlinable
  public mutating func reserve(_ additional: Int) { reserveCapacity(count + additional) }

  /// Takes back all but the first so many bytes.
  @inlinable
  public mutating func truncate(to count: Int) { removeLast(self.count - count) }
}

extension ByteAppending where Self: ~Copyable {
  /// Appends the UTF-8 bytes of a text.
  @inlinable @inline(__always)
  public mutating func append(_ text: String) {
    // Not by `utf8Span`, as in `JSONText.append(string:)`.
    var text = text
    text.withUTF8 { append(bytes: $0.span) }
  }

  /// Appends the bytes of a text known at compile time.
  @inlinable @inline(__always)
  public mutating func append(literal text: StaticString) {
    append(
      bytes: Span(_unsafeElements: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)))
  }

  /// Appends a number in decimal.
  @inlinable
  public mutating func append(decimal number: Int) {
    guard number >= 10 else {
      if number >= 0 { append(UInt8(ascii: "0") + UInt8(number)) } else { append(String(number)) }
      return
    }
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var start = 20
    var rest = UInt64(number)
    // Two digits at a time, most numbers having several.
    while rest >= 10 {
      let pair = UInt8(truncatingIfNeeded: rest % 100)
      rest /= 100
      start &-= 2
      digits[start] = UInt8(ascii: "0") &+ pair / 10
      digits[start &+ 1] = UInt8(ascii: "0") &+ pair % 10
    }
    if rest > 0 {
      start &-= 1
      digits[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest)
    }
    append(bytes: digits.span.extracting(start..<20))
  }

  /// Appends a number in hexadecimal with at least so many digits.
  @inlinable
  public mutating func append(hexadecimal number: UInt32, digits: Int, upperCase: Bool = true) {
    var needed = digits
    while needed < 8, number >> UInt32(needed * 4) != 0 { needed += 1 }
    let letters = (upperCase ? UInt8(ascii: "A") : UInt8(ascii: "a")) - 10
    for position in stride(from: needed - 1, through: 0, by: -1) {
      let digit = UInt8(number >> UInt32(position * 4) & 15)
      append(digit < 10 ? UInt8(ascii: "0") + digit : letters + digit)
    }
  }

  /// Appends the base64 form (RFC 4648 section 4) of bytes.
  @inlinable
  public mutating func append(base64 bytes: Span<UInt8>) {
    reserve((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let left = bytes.count - index
      let second = left > 1 ? bytes[index + 1] : 0
      let third = left > 2 ? bytes[index + 2] : 0
      let digits: InlineArray<4, UInt8> = [
        base64Digit(bytes[index] >> 2), base64Digit((bytes[index] & 3) << 4 | second >> 4),
        left > 1 ? base64Digit((second & 15) << 2 | third >> 6) : UInt8(ascii: "="),
        left > 2 ? base64Digit(third & 63) : UInt8(ascii: "="),
      ]
      append(bytes: digits.span)
      index += 3
    }
  }
}

/// The digit of a number below 64; without branches, because the numbers are as good as random.
@inlinable @inline(__always)
func base64Digit(_ number: UInt8) -> UInt8 {
  var digit = number &+ UInt8(ascii: "A")
  digit &+= number >= 26 ? UInt8(ascii: "a") - UInt8(ascii: "A") - 26 : 0
  digit &-= number >= 52 ? UInt8(ascii: "a") + 26 - UInt8(ascii: "0") : 0
  digit &-= number >= 62 ? UInt8(ascii: "0") + 10 - UInt8(ascii: "+") : 0
  digit &+= number >= 63 ? UInt8(ascii: "/") - UInt8(ascii: "+") - 1 : 0
  return digit
}
