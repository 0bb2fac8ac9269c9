import Bytes

/// A GUID as Active Directory stores it: 16 bytes, the first three fields little-endian (MS-DTYP 2.3.4.2).
public struct GUID: Hashable, Sendable, BitwiseCopyable {
  /// The bytes, the first one lowest.
  private let low: UInt64
  private let high: UInt64

  /// A GUID of 16 stored bytes; nil for any other number of bytes.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    // This is not compiled for each kind of collection, so the bytes are better read without asking it for each.
    let stored = bytes.withContiguousStorageIfAvailable { Array($0) } ?? Array(bytes)
    self.init { stored[$0] }
  }

  /// A GUID of 128 bits, as a name for what has none of its own.
  public init(low: UInt64, high: UInt64) { (self.low, self.high) = (low, high) }

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
    (low, high) = bytes.withUnsafeBytes { bytes in
      (
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      )
    }
  }

  private static func set(_ byte: UInt8, _ place: Int, _ words: inout (UInt64, UInt64)) {
    if place < 8 {
      words.0 |= UInt64(byte) << UInt64(8 * place)
    } else {
      words.1 |= UInt64(byte) << UInt64(8 * (place - 8))
    }
  }

  /// A number that spreads GUIDs over a table: multiply and fold, as the wyhash family does. Equal GUIDs have equal ones.
  ///
  /// - Parameter seed: makes the numbers of one run unforeseeable.
  @inline(__always)
  public func fingerprint(seed: UInt64) -> UInt64 {
    let first = (low ^ seed).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    let second = (high ^ first.high ^ first.low).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return second.high ^ second.low
  }

  /// Whether all its bytes are zero: the GUID of nothing.
  public var isNull: Bool { low | high == 0 }

  /// The 16 bytes as stored.
  public var bytes: [UInt8] { (0..<16).map { self[$0] } }

  /// The stored byte at a place from 0 to 15.
  public subscript(place: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: (place < 8 ? low : high) &>> UInt64(8 &* (place & 7)))
  }

  /// The 36 ASCII bytes of the text form, `3f2504e0-4f89-41d3-9a0c-0305e82c3301`.
  public var text: InlineArray<36, UInt8> {
    // The first three fields are stored with their last byte first.
    let fields = UInt32(truncatingIfNeeded: low &>> 32)
    let second = HexText.digits((fields & 0x00FF_00FF) &<< 8 | (fields & 0xFF00_FF00) &>> 8)
    let third = HexText.digits(UInt32(truncatingIfNeeded: high))
    var text = InlineArray<36, UInt8>(repeating: UInt8(ascii: "-"))
    var span = text.mutableSpan
    span.withUnsafeMutableBytes { bytes in
      bytes.store(digits: HexText.digits(UInt32(truncatingIfNeeded: low).byteSwapped), at: 0)
      bytes.store(fourDigits: second, at: 9)
      bytes.store(fourDigits: second &>> 32, at: 14)
      bytes.store(fourDigits: third, at: 19)
      bytes.store(fourDigits: third &>> 32, at: 24)
      bytes.store(digits: HexText.digits(UInt32(truncatingIfNeeded: high &>> 32)), at: 28)
    }
    return text
  }
}

extension UnsafeMutableRawBufferPointer {
  @inline(__always)
  fileprivate func store(digits: UInt64, at place: Int) {
    storeBytes(of: digits.littleEndian, toByteOffset: place, as: UInt64.self)
  }

  @inline(__always)
  fileprivate func store(fourDigits digits: UInt64, at place: Int) {
    storeBytes(of: UInt32(truncatingIfNeeded: digits).littleEndian, toByteOffset: place, as: UInt32.self)
  }
}

extension GUID: CustomStringConvertible {
  /// The usual text form, `3f2504e0-4f89-41d3-9a0c-0305e82c3301`.
  public var description: String {
    let text = text
    return text.span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }
}
