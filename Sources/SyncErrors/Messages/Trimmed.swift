/// Text without white space at its ends.
enum Trimmed {
  static func text(_ text: some StringProtocol, also characters: String = "") -> String {
    if let range = text.utf8.withContiguousStorageIfAvailable({ asciiRange($0, characters) }), let range {
      // What need not be trimmed need not be copied.
      if range.count == text.utf8.count { return String(text) }
      let start = text.utf8.index(text.utf8.startIndex, offsetBy: range.lowerBound)
      return String(text[start..<text.utf8.index(start, offsetBy: range.count)])
    }
    let scalars = text.unicodeScalars
    var start = scalars.startIndex
    var end = scalars.endIndex
    while start < end, drops(scalars[start], characters) { scalars.formIndex(after: &start) }
    while start < end {
      let last = scalars.index(before: end)
      guard drops(scalars[last], characters) else { break }
      end = last
    }
    return String(text[start..<end])
  }

  /// Whether a text is white space only.
  static func isBlank(_ text: String) -> Bool {
    for byte in text.utf8 {
      if byte >= 0x80 { return self.text(text).isEmpty }
      if !drops(byte) { return false }
    }
    return true
  }

  /// The part of a text that is left, where its ends are ASCII; nil for others.
  private static func asciiRange(_ text: UnsafeBufferPointer<UInt8>, _ characters: String) -> Range<Int>? {
    let range = range(text, characters)
    if let first = range.first, text[first] >= 0x80 || text[range.upperBound - 1] >= 0x80 { return nil }
    return range
  }

  /// The part of a text that is left when ASCII white space (and characters) at its ends go.
  static func range(_ text: UnsafeBufferPointer<UInt8>, _ characters: String = "") -> Range<Int> {
    var start = 0
    var end = text.count
    while start < end, drops(text[start]) || characters.utf8.contains(text[start]) && text[start] < 0x80 { start += 1 }
    while start < end, drops(text[end - 1]) || characters.utf8.contains(text[end - 1]) && text[end - 1] < 0x80 {
      end -= 1
    }
    return start..<end
  }

  @inline(__always)
  private static func drops(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }

  private static func drops(_ scalar: Unicode.Scalar, _ characters: String) -> Bool {
    if scalar.value < 0x80 {
      if scalar.value == 0x20 || (0x09...0x0D).contains(scalar.value) { return true }
    } else if scalar.properties.isWhitespace {
      return true
    }
    return characters.unicodeScalars.contains(scalar)
  }
}
