/// Room: where the separators of a text of up to 64 bytes are, one bit for each byte.
///
/// Sixteen bytes are compared at once; the outcome of each comparison is a lane of ones or zeros, of which one bit is kept.
/// Four bits of each lane, for four questions, are gathered by multiplications that move the top bit of byte `n` of a word
/// to place `56 + n`. The last sixteen bytes overlap those before, which changes no bit; texts of fewer bytes are read as
/// two halves, again overlapping. Bits beyond the text are clear.
struct ByteMarks {
  /// Anything but an ASCII letter or digit.
  private(set) var separators: UInt64 = 0
  private(set) var ats: UInt64 = 0
  private(set) var dots: UInt64 = 0
  private(set) var underscores: UInt64 = 0
  /// Whether there is a byte that is no letter, digit, `-`, `_`, `.` or `@`.
  private(set) var hasOthers = false

  /// The marks of `count` bytes, 1 to 64, from `start` on.
  @inline(__always)
  init(_ value: Span<UInt8>, from start: Int, _ count: Int) {
    value.extracting(start..<start &+ count).withUnsafeBytes { raw in
      if count >= 16 {
        var offset = 0
        while offset &+ 16 < count {
          add(raw.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self), at: offset, 8)
          offset &+= 16
        }
        add(raw.loadUnaligned(fromByteOffset: count &- 16, as: SIMD16<UInt8>.self), at: count &- 16, 8)
      } else if count >= 8 {
        add(Self.lanes(WideBytes.word(raw, 0), WideBytes.word(raw, count &- 8)), at: 0, count &- 8)
      } else {
        var word: UInt64 = 0
        for index in 0..<count { word |= UInt64(raw[index]) &<< UInt64(truncatingIfNeeded: 8 &* index) }
        // Letters fill the places beyond the text.
        let filler: UInt64 = 0x6161_6161_6161_6161 &<< UInt64(truncatingIfNeeded: 8 &* count)
        add(Self.lanes(word | filler, 0x6161_6161_6161_6161), at: 0, 8)
      }
    }
  }

  @inline(__always)
  private static func lanes(_ low: UInt64, _ high: UInt64) -> SIMD16<UInt8> {
    unsafeBitCast(SIMD2<UInt64>(low.littleEndian, high.littleEndian), to: SIMD16<UInt8>.self)
  }

  /// Adds the marks of sixteen bytes, the first eight at a place and the others `distance` behind it.
  @inline(__always)
  private mutating func add(_ bytes: SIMD16<UInt8>, at place: Int, _ distance: Int) {
    let isLetter = ((bytes | splat(0x20)) &- splat(97)) .< splat(26)
    let isPlain = isLetter .| ((bytes &- splat(48)) .< splat(10))
    let zero = splat(0)
    let isAt = bytes .== splat(0x40)
    let isDot = bytes .== splat(0x2E)
    let isUnderscore = bytes .== splat(0x5F)
    let isKnown = isPlain .| isAt .| isDot .| isUnderscore .| (bytes .== splat(0x2D))
    var marks = splat(0x80).replacing(with: zero, where: isPlain)
    marks |= zero.replacing(with: splat(0x40), where: isAt)
    marks |= zero.replacing(with: splat(0x20), where: isDot)
    marks |= zero.replacing(with: splat(0x10), where: isUnderscore)
    marks |= splat(0x08).replacing(with: zero, where: isKnown)
    let words = unsafeBitCast(marks, to: SIMD2<UInt64>.self)
    add(UInt64(littleEndian: words[0]), at: place)
    add(UInt64(littleEndian: words[1]), at: place &+ distance)
  }

  @inline(__always)
  private mutating func add(_ word: UInt64, at place: Int) {
    let shift = UInt64(truncatingIfNeeded: place)
    separators |= Self.gather(word) &<< shift
    ats |= Self.gather(word &<< 1) &<< shift
    dots |= Self.gather(word &<< 2) &<< shift
    underscores |= Self.gather(word &<< 3) &<< shift
    if word & 0x0808_0808_0808_0808 != 0 { hasOthers = true }
  }

  /// The top bits of eight bytes as the low eight bits.
  @inline(__always)
  private static func gather(_ word: UInt64) -> UInt64 {
    ((word & 0x8080_8080_8080_8080) &* 0x0002_0408_1020_4081) &>> 56
  }
}

/// Sixteen times the same byte. Operators on two vectors become single instructions; those on a vector and a number do not.
@inline(__always)
func splat(_ byte: UInt8) -> SIMD16<UInt8> { SIMD16<UInt8>(repeating: byte) }
