/// A GUID as Active Directory stores it: 16 bytes, the first three fields little-endian (MS-DTYP 2.3.4.2).
public struct GUID: Hashable, Sendable {
  /// The bytes, the first one lowest.
  private let low: UInt64
  private let high: UInt64

  /// The order of the bytes in the text form.
  private static let textOrder: StaticString =
    "\u{3}\u{2}\u{1}\u{0}\u{5}\u{4}\u{7}\u{6}\u{8}\u{9}\u{A}\u{B}\u{C}\u{D}\u{E}\u{F}"

  /// A GUID of 16 stored bytes; nil for any other number of bytes.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    // This is not compiled for each kind of collection, so the bytes are better read without asking it for each.
    let stored = bytes.withContiguousStorageIfAvailable { Array($0) } ?? Array(bytes)
    self.init { stored[$0] }
  }

  /// A GUID of the byte for each place from 0 to 15.
  @inline(__always)
  init(_ byte: (Int) -> UInt8) {
    var words: (UInt64, UInt64) = (0, 0)
    for place in 0..<16 { Self.set(byte(place), place, &words) }
    (low, high) = words
  }

  /// A GUID of 16 stored bytes; nil for any other number of bytes.
  public init?(_ bytes: Span<UInt8>) {
    guard bytes.count == 16 else { return nil }
    var words: (UInt64, UInt64) = (0, 0)
    for place in bytes.indices { Self.set(bytes[place], place, &words) }
    (low, high) = words
  }

  private static func set(_ byte: UInt8, _ place: Int, _ words: inout (UInt64, UInt64)) {
    if place < 8 {
      words.0 |= UInt64(byte) << UInt64(8 * place)
    } else {
      words.1 |= UInt64(byte) << UInt64(8 * (place - 8))
    }
  }

  /// The 16 bytes as stored.
  public var bytes: [UInt8] { (0..<16).map { self[$0] } }

  /// The stored byte at a place from 0 to 15.
  public subscript(place: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: (place < 8 ? low : high) &>> UInt64(8 &* (place & 7)))
  }

  /// Calls `body` with the 36 ASCII bytes of the text form, `3f2504e0-4f89-41d3-9a0c-0305e82c3301`.
  public func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { text in
      var place = 0
      for position in 0..<16 {
        if position == 4 || position == 6 || position == 8 || position == 10 {
          text[place] = UInt8(ascii: "-")
          place &+= 1
        }
        let byte = self[Int(Self.textOrder.utf8Start[position])]
        text[place] = Self.digit(byte &>> 4)
        text[place &+ 1] = Self.digit(byte & 15)
        place &+= 2
      }
      return body(UnsafeBufferPointer(text))
    }
  }

  @inline(__always)
  private static func digit(_ number: UInt8) -> UInt8 {
    // Letters follow 39 places behind where digits would go on.
    number &+ 48 &+ (number > 9 ? 39 : 0)
  }
}

extension GUID: CustomStringConvertible {
  /// The usual text form, `3f2504e0-4f89-41d3-9a0c-0305e82c3301`.
  public var description: String {
    withText { String(decoding: $0, as: UTF8.self) }
  }
}
