/// Room: where runs of bytes end, looked for eight bytes at a time.
///
/// Why the reads are sound: each begins at least eight bytes before the end of the text; the rest is looked at byte by byte. A word's
/// top bits tell which bytes are meant, exactly up to and with the first of them.
public enum ByteRuns {
  @usableFromInline static let ones: UInt64 = 0x0101_0101_0101_0101
  @usableFromInline static let tops: UInt64 = 0x8080_8080_8080_8080

  /// The place of the first byte from a place on that is not ASCII; the end of the text where there is none.
  @inlinable
  public static func asciiEnd(_ text: Span<UInt8>, from start: Int) -> Int {
    end(text, from: start, { $0 & tops }, { $0 >= 0x80 })
  }

  /// The place of the first byte from a place on that ends a run within a string of JSON: a quotation mark, a backslash, or a
  /// control character; the end of the text where there is none.
  @inlinable
  public static func stringEnd(_ text: Span<UInt8>, from start: Int) -> Int {
    end(
      text, from: start,
      { word in
        let quote = word ^ ones &* 0x22
        let backslash = word ^ ones &* 0x5C
        return ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word) & tops
      }, { $0 == 0x22 || $0 == 0x5C || $0 < 0x20 })
  }

  /// The place of the first byte from a place on that is one of three; the end of the text where there is none.
  @inlinable
  public static func end(of text: Span<UInt8>, from start: Int, at first: UInt8, _ second: UInt8, _ third: UInt8) -> Int
  {
    end(
      text, from: start,
      { word in
        let (one, two, three) = (
          word ^ ones &* UInt64(first), word ^ ones &* UInt64(second), word ^ ones &* UInt64(third)
        )
        return ((one &- ones) & ~one | (two &- ones) & ~two | (three &- ones) & ~three) & tops
      }, { $0 == first || $0 == second || $0 == third })
  }

  @inlinable @inline(__always)
  static func end(
    _ text: Span<UInt8>, from start: Int, _ marks: (UInt64) -> UInt64, _ isEnd: (UInt8) -> Bool
  ) -> Int {
    text.withUnsafeBytes { raw in
      var offset = start
      while offset &+ 8 <= raw.count {
        let found = marks(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        if found != 0 { return offset &+ found.trailingZeroBitCount &>> 3 }
        offset &+= 8
      }
      while offset < raw.count, !isEnd(raw[offset]) { offset &+= 1 }
      return offset
    }
  }
}
