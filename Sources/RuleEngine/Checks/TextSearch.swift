/// Texts of checks in values. Texts are folded unless the comparison is exact.
enum TextSearch {
  /// Whether a value is one of the texts.
  static func contains(_ texts: [[UInt8]], _ value: Span<UInt8>, isExact: Bool) -> Bool {
    for text in texts {
      if isExact {
        if WideBytes.areEqual(value, text.span) { return true }
      } else if TextFold.areEqual(value, text.span) {
        return true
      }
    }
    return false
  }

  /// Offset of the first occurrence of a text in a range; the text is folded unless the search is exact.
  static func find(_ text: [UInt8], in value: Span<UInt8>, _ range: Range<Int>, isExact: Bool) -> Int? {
    guard !text.isEmpty, range.count >= text.count else { return nil }
    let first = text[0]
    if !isExact, !TextFold.isASCII(text.span) { return findFolded(text, in: value, range) }
    for start in range.lowerBound...(range.upperBound - text.count) {
      let byte = value[start]
      guard (isExact ? byte : TextFold.lower(byte)) == first else { continue }
      var offset = 1
      while offset < text.count {
        let byte = value[start + offset]
        guard (isExact ? byte : TextFold.lower(byte)) == text[offset] else { break }
        offset += 1
      }
      if offset == text.count { return start }
    }
    return nil
  }

  /// The same for a folded text that is not ASCII. Letters of which the cases differ in length in UTF-8 are found in the
  /// length of the text only.
  private static func findFolded(_ text: [UInt8], in value: Span<UInt8>, _ range: Range<Int>) -> Int? {
    for start in range.lowerBound...(range.upperBound - text.count) where value[start] & 0xC0 != 0x80 {
      if TextFold.fold(value.extracting(start..<start + text.count)) == text { return start }
    }
    return nil
  }

  /// Number of occurrences that do not overlap.
  static func count(_ text: [UInt8], in value: Span<UInt8>, _ range: Range<Int>) -> Int {
    if text.count == 1 {
      var count = 0
      for index in range where value[index] == text[0] { count += 1 }
      return count
    }
    var count = 0
    var from = range.lowerBound
    while let found = find(text, in: value, from..<range.upperBound, isExact: true) {
      count += 1
      from = found + text.count
    }
    return count
  }
}
