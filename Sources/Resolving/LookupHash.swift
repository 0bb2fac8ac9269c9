/// Room: 64-bit hashes of keys, for telling at a glance that a value is none of those looked for.
///
/// A look-up visits every value of a directory, and all but a handful are of no interest. So a value costs one pass over
/// its bytes, eight at a time, and one look at a bit; nothing is allocated. Equal keys always have equal hashes, so nothing
/// is missed; a hash that happens to be that of a key is found out when the keys themselves are compared. The seed differs
/// per run, so that pasted text cannot pile keys up on one hash. Letters are folded by setting bit 5 of every byte, which
/// maps more than letters onto each other: legal here, because the keys are compared afterwards.
struct LookupHash: Sendable {
  let seed: UInt64

  /// The hash of bytes as they are.
  @inline(__always)
  func exact(_ bytes: UnsafeRawBufferPointer, _ kind: KeyKind) -> UInt64 { hash(bytes, kind, fold: 0) }

  /// The hash of a text, the same for texts that differ in the case of ASCII letters.
  @inline(__always)
  func folded(_ bytes: UnsafeRawBufferPointer, _ kind: KeyKind) -> UInt64 {
    hash(bytes, kind, fold: 0x2020_2020_2020_2020)
  }

  @inline(__always)
  private func hash(_ bytes: UnsafeRawBufferPointer, _ kind: KeyKind, fold: UInt64) -> UInt64 {
    let count = bytes.count
    var state = seed ^ (kind.rawValue &* 0x9E37_79B9_7F4A_7C15)
    var offset = 0
    while offset &+ 8 <= count {
      state = Self.mix(state ^ (bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) | fold))
      offset &+= 8
    }
    var tail: UInt64 = 0
    var shift: UInt64 = 0
    while offset < count {
      tail |= UInt64(bytes[offset]) &<< shift
      shift &+= 8
      offset &+= 1
    }
    return Self.mix(state ^ (tail | fold) ^ (UInt64(truncatingIfNeeded: count) &* 0xE703_7ED1_A0B4_28DB))
  }

  @inline(__always)
  private static func mix(_ word: UInt64) -> UInt64 {
    let product = word.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low
  }
}
