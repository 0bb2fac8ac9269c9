/// Escapes of texts in JSON (RFC 8259, section 7).
public enum JSONEscapes {
  private static let backslash = UInt8(ascii: "\\")

  /// Whether every escape of a text is one.
  public static func areSound(_ text: Span<UInt8>) -> Bool {
    var index = 0
    while let place = firstPlace(of: backslash, in: text, from: index) {
      guard place + 1 < text.count else { return false }
      if text[place + 1] == UInt8(ascii: "u") {
        guard place + 5 < text.count, unit(text, place + 2) != nil else { return false }
        index = place + 6
      } else {
        guard character(text[place + 1]) != nil else { return false }
        index = place + 2
      }
    }
    return true
  }

  /// Replaces the escapes of a text by what they stand for, in place: that is never longer. Half a surrogate pair becomes U+FFFD.
  ///
  /// - Parameter range: where the text stands; its escapes are sound.
  /// - Returns: where it stands then.
  public static func replace(in text: inout [UInt8], _ range: Range<Int>) -> Range<Int> {
    var (from, to) = (range.lowerBound, range.lowerBound)
    while from < range.upperBound {
      guard text[from] == backslash else {
        text[to] = text[from]
        (from, to) = (from + 1, to + 1)
        continue
      }
      let next = text[from + 1]
      if next != UInt8(ascii: "u") {
        text[to] = character(next) ?? next
        (from, to) = (from + 2, to + 1)
        continue
      }
      let (scalar, length) = scalar(text.span, from, range.upperBound)
      from += length
      for byte in UTF8.encode(scalar) ?? UTF8.encode("\u{FFFD}") ?? .init() {
        text[to] = byte
        to += 1
      }
    }
    return range.lowerBound..<to
  }

  private static func character(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\""), backslash, UInt8(ascii: "/"): byte
    case UInt8(ascii: "b"): 8
    case UInt8(ascii: "f"): 12
    case UInt8(ascii: "n"): 10
    case UInt8(ascii: "r"): 13
    case UInt8(ascii: "t"): 9
    default: nil
    }
  }

  /// The four hexadecimal digits at a place.
  private static func unit(_ text: Span<UInt8>, _ start: Int) -> UInt32? {
    var unit: UInt32 = 0
    for place in start..<start + 4 {
      let byte = text[place]
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: return nil
      }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }

  /// The character of the escape at a place, and how many bytes it takes: twice as many for a surrogate pair.
  private static func scalar(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> (Unicode.Scalar, length: Int) {
    let none: Unicode.Scalar = "\u{FFFD}"
    guard let high = unit(text, start + 2) else { return (none, 6) }
    guard high & 0xFC00 == 0xD800 else { return (Unicode.Scalar(high) ?? none, 6) }
    let hasMore = start + 11 < end && text[start + 6] == backslash && text[start + 7] == UInt8(ascii: "u")
    guard hasMore, let low = unit(text, start + 8), low & 0xFC00 == 0xDC00 else { return (none, 6) }
    return (Unicode.Scalar(0x10000 + ((high & 0x3FF) << 10 | low & 0x3FF)) ?? none, 12)
  }
}

/// Numbers of JSON (RFC 8259, section 6).
public enum JSONNumber {
  /// Whether a text is one.
  public static func isSound(_ text: Span<UInt8>) -> Bool {
    var place = 0
    func digits() -> Int {
      let start = place
      while place < text.count, text[place] &- 0x30 < 10 { place += 1 }
      return place - start
    }
    func isNext(_ byte: UInt8) -> Bool { place < text.count && text[place] == byte }
    if isNext(UInt8(ascii: "-")) { place += 1 }
    let isZero = isNext(UInt8(ascii: "0"))
    let count = digits()
    if count == 0 || count > 1 && isZero { return false }
    if isNext(UInt8(ascii: ".")) {
      place += 1
      if digits() == 0 { return false }
    }
    if isNext(UInt8(ascii: "e")) || isNext(UInt8(ascii: "E")) {
      place += 1
      if isNext(UInt8(ascii: "+")) || isNext(UInt8(ascii: "-")) { place += 1 }
      if digits() == 0 { return false }
    }
    return place == text.count
  }
}
