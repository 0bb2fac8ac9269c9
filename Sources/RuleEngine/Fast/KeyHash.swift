import Joins
import RuleSet

/// Room: 64-bit fingerprints of values, ignoring ASCII case.
///
/// The uniqueness index keeps fingerprints, not values. Equal keys always have equal fingerprints, so no duplicate is
/// missed; different keys with one fingerprint are possible and harmless, because every hit is verified on the real
/// values before it becomes a finding. The multiply-and-fold mixing is that of the wyhash family; the seed differs per
/// run so that a prepared export cannot pile keys up on one fingerprint.
///
/// Eight bytes are folded to lower case at once (SWAR): legal for ASCII only, so a value with a byte of 0x80 or more is
/// folded by `TextFold` first. The plain version is `TextFold.fold`; the tests compare the two.
struct KeyHash: Sendable {
  let seed: UInt64

  /// The number of the index of the unique check at a position.
  @inline(__always)
  static func index(ofCheck position: Int) -> UInt64 { UInt64(truncatingIfNeeded: position &+ 1) }

  /// The fingerprint of a value in the index of the unique check at a position; nil when the value takes no part.
  @inline(__always)
  func key(of value: Span<UInt8>, _ check: UniqueTest, _ position: Int) -> UInt64? {
    guard let range = ValueKey.range(of: value, compare: check.compare, trims: check.trims) else { return nil }
    return of(value.extracting(range), index: Self.index(ofCheck: position), foldsCase: check.compare != .exact)
      & ~UniquenessIndex.repeatBit
  }

  /// The fingerprint of a key of index number `index`.
  func of(_ bytes: Span<UInt8>, index: UInt64, foldsCase: Bool) -> UInt64 {
    if let key = ofASCII(bytes, index: index, foldsCase: foldsCase) { return key }
    let folded = TextFold.fold(bytes)
    return ofASCII(folded.span, index: index, foldsCase: false) ?? 0
  }

  /// The fingerprint of ASCII without regard to case.
  @inline(__always)
  func ofPlain(_ bytes: Span<UInt8>, index: UInt64) -> UInt64 { ofASCII(bytes, index: index, foldsCase: true) ?? 0 }

  /// The fingerprint of a key of index number `index`; nil when case is to be folded and the bytes are not ASCII.
  @inline(__always)
  func ofASCII(_ bytes: Span<UInt8>, index: UInt64, foldsCase: Bool) -> UInt64? {
    bytes.withUnsafeBufferPointer { buffer in
      let raw = UnsafeRawBufferPointer(buffer)
      let count = raw.count
      var state = seed ^ (index &* 0x9E37_79B9_7F4A_7C15)
      var high: UInt64 = 0
      var offset = 0
      while offset &+ 8 < count {
        let word = WideBytes.word(raw, offset)
        high |= word
        state = Self.mix(state ^ (foldsCase ? WideBytes.lower(word) : word), 0xA076_1D64_78BD_642F)
        offset &+= 8
      }
      // The last word overlaps the one before, so its bytes are counted twice: the length tells the texts apart.
      let last = count >= 8 ? WideBytes.word(raw, count &- 8) : WideBytes.short(raw)
      high |= last
      if foldsCase, high & 0x8080_8080_8080_8080 != 0 { return nil }
      state = Self.mix(
        state ^ (foldsCase ? WideBytes.lower(last) : last), 0xE703_7ED1_A0B4_28DB ^ UInt64(truncatingIfNeeded: count))
      return Self.mix(state, 0x8EBC_6AF0_9C88_C6E3)
    }
  }

  @inline(__always)
  private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }
}
