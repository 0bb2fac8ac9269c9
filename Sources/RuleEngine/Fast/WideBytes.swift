/// Room: bytes compared and looked through eight at a time.
///
/// Each function has a plain meaning, byte by byte, which the tests hold against it. The last bytes are read as a word that
/// overlaps the one before, so nothing beyond a span is touched; texts of less than eight bytes are put together from two
/// halves that may overlap. A word's top bits tell which bytes are meant: sums of seven-bit values do not carry into the
/// next byte.
enum WideBytes {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// Whether two texts have the same bytes.
  @inline(__always)
  static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    left.count == right.count && hold(left, right) { $0 == $1 }
  }

  /// Whether two texts of one length have the same bytes but for the case of ASCII letters.
  @inline(__always)
  static func areEqualButForCase(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    left.count == right.count && hold(left, right) { $0 == $1 || lower($0) == lower($1) }
  }

  /// The first eight bytes of a text as a word; 0 of a shorter one.
  @inline(__always)
  static func first(_ bytes: Span<UInt8>) -> UInt64 {
    bytes.count >= 8 ? bytes.withUnsafeBytes { word($0, 0) } : 0
  }

  /// Whether every byte is ASCII.
  @inline(__always)
  static func isASCII(_ bytes: Span<UInt8>) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      let raw = UnsafeRawBufferPointer(buffer)
      let count = raw.count
      guard count >= 8 else { return short(raw) & tops == 0 }
      var all = word(raw, count &- 8)
      var offset = 0
      while offset &+ 8 < count {
        all |= word(raw, offset)
        offset &+= 8
      }
      return all & tops == 0
    }
  }

  /// Bytes with their ASCII capitals in lower case.
  static func lowerASCII(_ bytes: Span<UInt8>) -> [UInt8] {
    bytes.withUnsafeBytes { raw in
      Array(unsafeUninitializedCapacity: raw.count) { buffer, count in
        count = raw.count
        let target = UnsafeMutableRawBufferPointer(buffer)
        var offset = 0
        while offset &+ 8 <= raw.count {
          target.storeBytes(of: lower(word(raw, offset)).littleEndian, toByteOffset: offset, as: UInt64.self)
          offset &+= 8
        }
        while offset < raw.count {
          target[offset] = TextFold.lower(raw[offset])
          offset &+= 1
        }
      }
    }
  }

  /// The place of the first byte of a value; nil when there is none.
  @inline(__always)
  static func first(_ byte: UInt8, in bytes: Span<UInt8>) -> Int? {
    bytes.withUnsafeBufferPointer { buffer in
      let raw = UnsafeRawBufferPointer(buffer)
      var offset = 0
      while offset &+ 8 <= raw.count {
        let difference = word(raw, offset) ^ ones &* UInt64(byte)
        // Exact up to and with the first byte that is zero.
        let zeros = (difference &- ones) & ~difference & tops
        if zeros != 0 { return offset &+ zeros.trailingZeroBitCount &>> 3 }
        offset &+= 8
      }
      while offset < raw.count {
        if raw[offset] == byte { return offset }
        offset &+= 1
      }
      return nil
    }
  }

  /// Eight bytes with their ASCII capitals in lower case.
  @inline(__always)
  static func lower(_ word: UInt64) -> UInt64 {
    let low = word & ~tops
    let fromA = low &+ ones &* (128 - 65)
    let pastZ = low &+ ones &* (128 - 91)
    return word | (fromA & ~pastZ & ~word & tops) &>> 2
  }

  /// Whether a test holds for every pair of words of two texts of one length.
  @inline(__always)
  private static func hold(
    _ left: Span<UInt8>, _ right: Span<UInt8>, _ test: (UInt64, UInt64) -> Bool
  ) -> Bool {
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        let left = UnsafeRawBufferPointer(left)
        let right = UnsafeRawBufferPointer(right)
        let count = left.count
        guard count >= 8 else { return test(short(left), short(right)) }
        var offset = 0
        while offset &+ 8 < count {
          if !test(word(left, offset), word(right, offset)) { return false }
          offset &+= 8
        }
        return test(word(left, count &- 8), word(right, count &- 8))
      }
    }
  }

  @inline(__always)
  static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// Less than eight bytes as a word: the same for two texts of one length exactly when they are equal.
  @inline(__always)
  static func short(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let count = bytes.count
    if count >= 4 {
      return UInt64(bytes.loadUnaligned(as: UInt32.self))
        | UInt64(bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)) &<< 32
    }
    if count >= 2 {
      return UInt64(bytes.loadUnaligned(as: UInt16.self))
        | UInt64(bytes.loadUnaligned(fromByteOffset: count &- 2, as: UInt16.self)) &<< 16
    }
    return count == 1 ? UInt64(bytes[0]) : 0
  }
}
