/// Room: where lines end, found 64 bytes at a time.
///
/// Lines of an export are short, so a search that starts anew for each line spends most of its time on starting. Here 64
/// bytes at once are turned into 64 bits, one for each line feed, and lines are taken from the bits. A lane of a comparison
/// is all ones or zeros; its top bits are gathered by a multiplication that moves the bit of byte `n` to place `56 + n`
/// without two of them ever meeting. Reads up to 63 bytes beyond the text, which `LDIFBlock.slack` allows.
struct LineEnds {
  private let base: UnsafePointer<UInt8>
  private let textEnd: Int
  /// Where the bytes begin that `bits` stands for.
  private var chunk: Int
  /// Line feeds not yet handed out.
  private var bits: UInt64 = 0

  /// The line ends from a position on.
  init(_ base: UnsafePointer<UInt8>, from position: Int, textEnd: Int) {
    self.base = base
    self.textEnd = textEnd
    chunk = position &- 64
  }

  /// The position of the next line feed, each once; the end of the text when there is none left.
  @inline(__always)
  mutating func next() -> Int {
    while bits == 0 {
      guard chunk &+ 64 < textEnd else { return textEnd }
      chunk &+= 64
      bits = Self.lineFeeds(base + chunk)
      let rest = textEnd &- chunk
      if rest < 64 { bits &= (1 &<< UInt64(truncatingIfNeeded: rest)) &- 1 }
    }
    let end = chunk &+ bits.trailingZeroBitCount
    bits &= bits &- 1
    return end
  }

  @inline(__always)
  private static func lineFeeds(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
    lineFeeds16(bytes, 0) | lineFeeds16(bytes, 16) | lineFeeds16(bytes, 32) | lineFeeds16(bytes, 48)
  }

  /// The bits of 16 bytes, at their place among 64.
  @inline(__always)
  private static func lineFeeds16(_ bytes: UnsafePointer<UInt8>, _ offset: Int) -> UInt64 {
    let lanes = UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
    // Of two vectors of a named type this becomes one instruction, of a vector and a number it does not.
    let isLineFeed = lanes .== SIMD16<UInt8>(repeating: 10)
    let words = unsafeBitCast(isLineFeed, to: SIMD2<UInt64>.self)
    let low = gather(UInt64(littleEndian: words[0]))
    let high = gather(UInt64(littleEndian: words[1]))
    return (low | high &<< 8) &<< UInt64(truncatingIfNeeded: offset)
  }

  /// The top bits of eight bytes as the low eight bits.
  @inline(__always)
  private static func gather(_ word: UInt64) -> UInt64 {
    ((word & 0x8080_8080_8080_8080) &* 0x0002_0408_1020_4081) &>> 56
  }
}
