/// A place in bytes that were written by `append(number:)` and its like.
struct NumberReader {
  var position: Int

  mutating func take(_ count: Int) -> Range<Int> {
    defer { position += count }
    return position..<position + count
  }

  mutating func number(_ bytes: [UInt8]) -> Int { bytes.number(at: take(4).lowerBound) }

  mutating func word(_ bytes: [UInt8]) -> UInt64 {
    let start = take(8).lowerBound
    return UInt64(bytes.number(at: start)) | UInt64(bytes.number(at: start + 4)) << 32
  }

  /// The place of a text.
  mutating func text(_ bytes: [UInt8]) -> Range<Int> { take(number(bytes)) }
}

extension [UInt8] {
  /// The number of 32 bits at a place.
  @inline(__always)
  func number(at place: Int) -> Int {
    precondition(place >= 0 && place + 4 <= count)
    return withUnsafeBytes { Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt32.self))) }
  }

  /// Appends the low 32 bits of a number.
  @inline(__always)
  mutating func append(number: Int) {
    Swift.withUnsafeBytes(of: UInt32(truncatingIfNeeded: number).littleEndian) { append(contentsOf: $0) }
  }

  /// Appends a word.
  @inline(__always)
  mutating func append(word: UInt64) { Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) } }

  /// Appends a text, its length first.
  @inline(__always)
  mutating func append(text: Span<UInt8>) {
    append(number: text.count)
    text.withUnsafeBufferPointer { append(contentsOf: $0) }
  }

  /// Appends the bytes of a text.
  @inline(__always)
  mutating func append(contentsOf text: String) {
    text.utf8Span.span.withUnsafeBufferPointer { append(contentsOf: $0) }
  }

}
