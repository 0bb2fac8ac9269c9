import Bytes

/// Takes one object of JSON apart whose text is there as a whole: its members as pieces of the text, without a value for each.
///
/// It is as strict as `JSONStreamReader`, and leaves what it does not take to that: it says `unusual` of a mistake, of names with
/// escapes and of texts of any unreasonable length.
struct JSONObjectScanner {
  /// A part of the object.
  struct Part {
    enum Kind: UInt8 { case name, text, escapedText, number, yes, no, null, list, nested }

    var kind: Kind
    /// Where it stands, without quotation marks.
    var range: Range<Int>
    /// Of a list: how many of the parts behind it are its elements.
    var count = 0
  }

  enum Outcome {
    /// The object ends before a place.
    case object(end: Int)
    /// The text ends within the object.
    case cut
    /// Somebody else is to read this.
    case unusual
  }

  /// The parts of the object, in order.
  private(set) var parts: [Part] = []
  /// Line ends within the object.
  private(set) var lineCount = 0
  /// The last of them.
  private(set) var lastLineEnd: Int?
  private var place = 0

  private static let longestText = 8 << 20

  /// Scans an object that begins with the brace at a place.
  mutating func scan(_ text: Span<UInt8>, from start: Int) -> Outcome {
    parts.removeAll(keepingCapacity: true)
    lineCount = 0
    lastLineEnd = nil
    place = start + 1
    switch scanMembers(text) {
    case .done: return .object(end: place)
    case .cut: return .cut
    case .unusual: return .unusual
    }
  }

  private enum Step { case done, cut, unusual }

  private mutating func scanMembers(_ text: Span<UInt8>) -> Step {
    guard let first = next(text) else { return .cut }
    if first == UInt8(ascii: "}") {
      place += 1
      return .done
    }
    while true {
      guard let quote = next(text) else { return .cut }
      guard quote == UInt8(ascii: "\"") else { return .unusual }
      switch scanText(text, isName: true) {
      case .done: break
      case let other: return other
      }
      guard let colon = next(text) else { return .cut }
      guard colon == UInt8(ascii: ":") else { return .unusual }
      place += 1
      switch scanValue(text) {
      case .done: break
      case let other: return other
      }
      guard let separator = next(text) else { return .cut }
      place += 1
      if separator == UInt8(ascii: "}") { return .done }
      guard separator == UInt8(ascii: ",") else { return .unusual }
    }
  }

  /// The next byte that is no white space; nil at the end of the text.
  private mutating func next(_ text: Span<UInt8>) -> UInt8? {
    while place < text.count {
      let byte = text[place]
      if byte > 32 { return byte }
      if byte == 10 { countLine() } else if byte != 32, byte != 13, byte != 9 { return byte }
      place += 1
    }
    return nil
  }

  private mutating func countLine() {
    lineCount += 1
    lastLineEnd = place
  }

  private mutating func scanValue(_ text: Span<UInt8>) -> Step {
    guard let byte = next(text) else { return .cut }
    switch byte {
    case UInt8(ascii: "\""): return scanText(text, isName: false)
    case UInt8(ascii: "["): return scanList(text)
    case UInt8(ascii: "{"): return skipNested(text)
    case UInt8(ascii: "t"): return scan(word: "true", .yes, text)
    case UInt8(ascii: "f"): return scan(word: "false", .no, text)
    case UInt8(ascii: "n"): return scan(word: "null", .null, text)
    default: return scanNumber(text)
    }
  }

  private mutating func scan(word: StaticString, _ kind: Part.Kind, _ text: Span<UInt8>) -> Step {
    let end = place + word.utf8CodeUnitCount
    guard end <= text.count else { return .cut }
    let isWord = word.withUTF8Buffer { areEqual($0.span, text.extracting(place..<end)) }
    guard isWord else { return .unusual }
    parts.append(Part(kind: kind, range: place..<end))
    place = end
    return .done
  }

  private mutating func scanText(_ text: Span<UInt8>, isName: Bool) -> Step {
    let start = place + 1
    var end = start
    var isEscaped = false
    while true {
      end = ByteRuns.stringEnd(text, from: end)
      guard end < text.count else { return .cut }
      if text[end] == UInt8(ascii: "\"") { break }
      guard text[end] == UInt8(ascii: "\\") else { return .unusual }
      isEscaped = true
      guard end + 1 < text.count else { return .cut }
      end += 2
    }
    guard end - start < Self.longestText, !isName || !isEscaped else { return .unusual }
    if isEscaped, !JSONEscapes.areSound(text.extracting(start..<end)) { return .unusual }
    parts.append(Part(kind: isName ? .name : isEscaped ? .escapedText : .text, range: start..<end))
    place = end + 1
    return .done
  }

  private mutating func scanNumber(_ text: Span<UInt8>) -> Step {
    let start = place
    var end = start
    while end < text.count, Self.isNumberByte(text[end]) { end += 1 }
    guard end < text.count else { return .cut }
    guard JSONNumber.isSound(text.extracting(start..<end)) else { return .unusual }
    parts.append(Part(kind: .number, range: start..<end))
    place = end
    return .done
  }

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
      || byte | 0x20 == UInt8(ascii: "e")
  }

  /// Scans a list of texts, numbers and words; one of anything else is a nested value.
  private mutating func scanList(_ text: Span<UInt8>) -> Step {
    let (start, count, lines) = (place, parts.count, lineCount)
    parts.append(Part(kind: .list, range: start..<start))
    place += 1
    guard let first = next(text) else { return .cut }
    if first == UInt8(ascii: "]") {
      place += 1
      return .done
    }
    while true {
      guard let byte = next(text) else { return .cut }
      if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") {
        parts.removeSubrange(count...)
        (place, lineCount) = (start, lines)
        return skipNested(text)
      }
      switch scanValue(text) {
      case .done: parts[count].count += 1
      case let other: return other
      }
      guard let separator = next(text) else { return .cut }
      place += 1
      if separator == UInt8(ascii: "]") { return .done }
      guard separator == UInt8(ascii: ",") else { return .unusual }
    }
  }

  /// Finds the end of an object or list that holds others; what stands in it is read by who takes it.
  private mutating func skipNested(_ text: Span<UInt8>) -> Step {
    let start = place
    var depth = 0
    while place < text.count {
      let byte = text[place]
      switch byte {
      case UInt8(ascii: "\""):
        let known = parts.count
        switch scanText(text, isName: false) {
        case .done: parts.removeSubrange(known...)
        case let other: return other
        }
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case 10: countLine()
      default: break
      }
      place += 1
      if depth == 0 {
        parts.append(Part(kind: .nested, range: start..<place))
        return .done
      }
    }
    return .cut
  }
}
