/// A GUID as Active Directory stores it: 16 bytes, the first three fields little-endian (MS-DTYP 2.3.4.2).
public struct GUID: Hashable, Sendable {
  /// The bytes, the first one lowest.
  private let low: UInt64
  private let high: UInt64

  /// A GUID of 16 stored bytes; nil for any other number of bytes.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    var words: (UInt64, UInt64) = (0, 0)
    for (place, byte) in bytes.enumerated() { Self.set(byte, place, &words) }
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
    // The first three fields are stored with their last byte first.
    let fields = UInt32(truncatingIfNeeded: low &>> 32)
    let groups: (UInt64, UInt64, UInt64, UInt64) = (
      HexText.digits(UInt32(truncatingIfNeeded: low).byteSwapped),
      HexText.digits((fields & 0x00FF_00FF) &<< 8 | (fields & 0xFF00_FF00) &>> 8),
      HexText.digits(UInt32(truncatingIfNeeded: high)), HexText.digits(UInt32(truncatingIfNeeded: high &>> 32))
    )
    return withUnsafeTemporaryAllocation(byteCount: 36, alignment: 8) { text in
      text.storeBytes(of: groups.0.littleEndian, toByteOffset: 0, as: UInt64.self)
      Self.store(UInt32(truncatingIfNeeded: groups.1), behindHyphenAt: 8, text)
      Self.store(UInt32(truncatingIfNeeded: groups.1 &>> 32), behindHyphenAt: 13, text)
      Self.store(UInt32(truncatingIfNeeded: groups.2), behindHyphenAt: 18, text)
      Self.store(UInt32(truncatingIfNeeded: groups.2 &>> 32), behindHyphenAt: 23, text)
      text.storeBytes(of: groups.3.littleEndian, toByteOffset: 28, as: UInt64.self)
      return text.withMemoryRebound(to: UInt8.self) { body(UnsafeBufferPointer($0)) }
    }
  }

  @inline(__always)
  private static func store(_ digits: UInt32, behindHyphenAt place: Int, _ text: UnsafeMutableRawBufferPointer) {
    text[place] = UInt8(ascii: "-")
    text.storeBytes(of: digits.littleEndian, toByteOffset: place &+ 1, as: UInt32.self)
  }
}

extension GUID: CustomStringConvertible {
  /// The usual text form, `3f2504e0-4f89-41d3-9a0c-0305e82c3301`.
  public var description: String {
    withText { String(decoding: $0, as: UTF8.self) }
  }
}
