/// SipHash-2-4 with a 128-bit result (Aumasson and Bernstein, the authors' reference of 2012 with its 128-bit mode).
///
/// Takes bytes one at a time and allocates nothing. Tested against the authors' published vectors.
@frozen
public struct SipHash128 {
  @usableFromInline var v0: UInt64
  @usableFromInline var v1: UInt64
  @usableFromInline var v2: UInt64
  @usableFromInline var v3: UInt64
  /// Bytes not yet mixed in, the first in the lowest eight bits.
  @usableFromInline var tail: UInt64 = 0
  @usableFromInline var byteCount: UInt64 = 0

  /// A hash with a key of two little-endian words.
  @inlinable
  public init(key0: UInt64 = 0, key1: UInt64 = 0) {
    v0 = 0x736f_6d65_7073_6575 ^ key0
    v1 = 0x646f_7261_6e64_6f6d ^ key1 ^ 0xee
    v2 = 0x6c79_6765_6e65_7261 ^ key0
    v3 = 0x7465_6462_7974_6573 ^ key1
  }

  /// Takes one byte.
  @inlinable @inline(__always)
  public mutating func combine(_ byte: UInt8) {
    tail |= UInt64(byte) &<< ((byteCount & 7) &* 8)
    byteCount &+= 1
    if byteCount & 7 == 0 {
      mix(tail)
      tail = 0
    }
  }

  /// Takes the eight bytes of a word, lowest first.
  @inlinable @inline(__always)
  public mutating func combine(word: UInt64) {
    let filled = (byteCount & 7) &* 8
    mix(tail | word &<< filled)
    // A shift by 64 is none, so the word's end is moved in two steps.
    tail = filled == 0 ? 0 : word &>> (64 &- filled)
    byteCount &+= 8
  }

  /// Takes the first bytes of a word, lowest first, of which the others are 0.
  ///
  /// - Parameter count: how many, 1 to 7.
  @inlinable @inline(__always)
  public mutating func combine(word: UInt64, count: Int) {
    let filled = (byteCount & 7) &* 8
    tail |= word &<< filled
    let isFull = (byteCount & 7) &+ UInt64(truncatingIfNeeded: count) >= 8
    byteCount &+= UInt64(truncatingIfNeeded: count)
    if isFull {
      mix(tail)
      // There are fewer than eight bytes, so some were there before.
      tail = word &>> (64 &- filled)
    }
  }

  /// Ends the hash: the two words of the result, whose bytes in little-endian order are the published form.
  @inlinable
  public consuming func finalize() -> (UInt64, UInt64) {
    mix(tail | (byteCount &<< 56))
    v2 ^= 0xee
    for _ in 0..<4 { round() }
    let first = v0 ^ v1 ^ v2 ^ v3
    v1 ^= 0xdd
    for _ in 0..<4 { round() }
    return (first, v0 ^ v1 ^ v2 ^ v3)
  }

  @inlinable @inline(__always)
  mutating func mix(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  @inlinable @inline(__always)
  mutating func round() {
    v0 &+= v1
    v1 = rotate(v1, 13) ^ v0
    v0 = rotate(v0, 32)
    v2 &+= v3
    v3 = rotate(v3, 16) ^ v2
    v0 &+= v3
    v3 = rotate(v3, 21) ^ v0
    v2 &+= v1
    v1 = rotate(v1, 17) ^ v2
    v2 = rotate(v2, 32)
  }

  @inlinable @inline(__always)
  func rotate(_ word: UInt64, _ bits: UInt64) -> UInt64 { word &<< bits | word &>> (64 &- bits) }
}
