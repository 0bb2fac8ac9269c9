import Glibc

/// Room: finding bytes and short texts in a text.
///
/// A message is searched for a dozen marks, and most messages have none of them. So a mark is looked for by its rarest byte,
/// and that byte by the C library, which looks at many bytes at once. Pointers never leave the closures, and lengths come
/// from the arrays themselves.
enum ByteSearch {
  /// The first place at or after `start` at which `mark` stands; nil when there is none.
  static func first(_ mark: StaticString, in text: [UInt8], from start: Int = 0) -> Int? {
    let mark = UnsafeBufferPointer(start: mark.utf8Start, count: mark.utf8CodeUnitCount)
    return text.withUnsafeBufferPointer { text -> Int? in
      guard let base = text.baseAddress else { return nil }
      let pivot = rarest(mark)
      let end = text.count - mark.count
      var place = start
      while place <= end {
        guard let found = memchr(base + place + pivot, Int32(mark[pivot]), end - place + 1) else { return nil }
        place = UnsafeRawPointer(found) - UnsafeRawPointer(base) - pivot
        if stands(mark, at: base + place) { return place }
        place += 1
      }
      return nil
    }
  }

  private static func stands(_ mark: UnsafeBufferPointer<UInt8>, at text: UnsafePointer<UInt8>) -> Bool {
    for index in 0..<mark.count where text[index] != mark[index] { return false }
    return true
  }

  /// The place of the byte of a mark that a text is least likely to have.
  private static func rarest(_ mark: UnsafeBufferPointer<UInt8>) -> Int {
    var best = 0
    for index in mark.indices where frequency(mark[index]) < frequency(mark[best]) { best = index }
    return best
  }

  /// How often a byte is in English text, roughly.
  private static func frequency(_ byte: UInt8) -> Int {
    switch byte {
    case 32, UInt8(ascii: "e"), UInt8(ascii: "t"), UInt8(ascii: "a"), UInt8(ascii: "o"), UInt8(ascii: "i"): 3
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "s"), UInt8(ascii: "c"), UInt8(ascii: "d"): 2
    case UInt8(ascii: "a")...UInt8(ascii: "z"): 1
    default: 0
    }
  }

  /// The first place at or after `start` at which a byte stands; nil when there is none.
  static func first(_ byte: UInt8, in text: [UInt8], from start: Int = 0) -> Int? {
    guard start < text.count else { return nil }
    return text.withUnsafeBytes { text -> Int? in
      guard let base = text.baseAddress, let place = memchr(base + start, Int32(byte), text.count - start) else {
        return nil
      }
      return UnsafeRawPointer(place) - base
    }
  }

  /// Whether `mark` ends at `end` (which is behind its last byte).
  static func ends(_ text: [UInt8], at end: Int, with mark: [UInt8]) -> Bool {
    var place = end - mark.count
    guard place >= 0 else { return false }
    for byte in mark {
      if text[place] != byte { return false }
      place += 1
    }
    return true
  }
}
