/// The hash of Fowler, Noll and Vo, variant 1a, with 64 bits: for tables and for finding damage, not against attackers.
@frozen
public struct FNV1a: Sendable {
  /// The hash of what was taken so far.
  public var value: UInt64

  /// The hash of no bytes.
  @inlinable @inline(__always)
  public init() { value = 0xcbf2_9ce4_8422_2325 }

  /// Goes on from a hash, or from a seed of one's own.
  @inlinable @inline(__always)
  public init(_ value: UInt64) { self.value = value }

  /// Takes a byte.
  @inlinable @inline(__always)
  public mutating func combine(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }

  /// Takes bytes.
  @inlinable @inline(__always)
  public mutating func combine(_ bytes: Span<UInt8>) {
    for index in bytes.indices { combine(bytes[index]) }
  }

  /// Takes bytes, letters of ASCII in lower case.
  @inlinable @inline(__always)
  public mutating func combine(lowercasing bytes: Span<UInt8>) {
    for index in bytes.indices {
      let byte = bytes[index]
      combine(byte &- 65 < 26 ? byte | 0x20 : byte)
    }
  }
}
