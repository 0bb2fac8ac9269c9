import CBytes

/// Room: where lines end, found 64 bytes at a time.
///
/// Lines of an export are short, so a search that starts anew for each line spends most of its time on starting. Here 64
/// bytes at once are turned into 64 bits, one for each line feed, and lines are taken from the bits. A lane of a comparison
/// is all ones or zeros; its top bits are gathered by a multiplication that moves the bit of byte `n` to place `56 + n`
/// without two of them ever meeting. Reads up to 63 bytes beyond the text, which the buffer must have.
@frozen
public struct LineEnds {
  @usableFromInline let base: UnsafePointer<UInt8>
  @usableFromInline let textEnd: Int
  /// Where the bytes begin that `bits` stands for.
  @usableFromInline var chunk: Int
  /// Line feeds not yet handed out.
  @usableFromInline var bits: UInt64 = 0

  /// The line ends from a position on.
  @inlinable @inline(__always)
  public init(_ base: UnsafePointer<UInt8>, from position: Int, textEnd: Int) {
    self.base = base
    self.textEnd = textEnd
    chunk = position &- 64
  }

  /// The position of the next line feed, each once; the end of the text when there is none left.
  @inlinable @inline(__always)
  public mutating func next() -> Int {
    while bits == 0 {
      guard chunk &+ 64 < textEnd else { return textEnd }
      chunk &+= 64
      bits = line_feeds64(base + chunk)
      let rest = textEnd &- chunk
      if rest < 64 { bits &= (1 &<< UInt64(truncatingIfNeeded: rest)) &- 1 }
    }
    let end = chunk &+ bits.trailingZeroBitCount
    bits &= bits &- 1
    return end
  }
}
