import Bytes

/// Takes one row of a table apart whose text is there as a whole: its cells as pieces of the text.
///
/// It takes what RFC 4180 allows. What it does not take, a quotation mark within a cell that did not begin with one or text behind one, it
/// leaves to `CSVReader`, which knows what to make of it.
struct TableRowScanner {
  /// A cell, without its quotation marks.
  struct Cell {
    var range: Range<Int>
    /// Whether quotation marks of it stand twice.
    var hasDoubledQuotes = false
  }

  enum Outcome {
    /// The next row begins at a place.
    case row(end: Int)
    /// The text ends within the row.
    case cut
    /// Somebody else is to read this.
    case unusual
  }

  private let separator: UInt8
  private(set) var cells: [Cell] = []
  /// Lines of the row.
  private(set) var lineCount = 0

  init(separator: UInt8) { self.separator = separator }

  /// Scans the row that begins at a place.
  mutating func scan(_ text: Span<UInt8>, from start: Int) -> Outcome {
    cells.removeAll(keepingCapacity: true)
    lineCount = 1
    var place = start
    while place < text.count {
      let end = text[place] == UInt8(ascii: "\"") ? quoted(text, place) : plain(text, place)
      guard let end else { return .cut }
      guard end < text.count else { return .cut }
      switch text[end] {
      case separator: place = end + 1
      case 10: return .row(end: end + 1)
      case 13:
        guard end + 1 < text.count else { return .cut }
        guard text[end + 1] == 10 else { return .unusual }
        return .row(end: end + 2)
      default: return .unusual
      }
    }
    return .cut
  }

  /// Scans a cell between quotation marks; the place behind it.
  private mutating func quoted(_ text: Span<UInt8>, _ start: Int) -> Int? {
    var end = start + 1
    var isDoubled = false
    while true {
      guard let quote = firstPlace(of: UInt8(ascii: "\""), in: text, from: end), quote + 1 < text.count else {
        return nil
      }
      if text[quote + 1] != UInt8(ascii: "\"") {
        end = quote
        break
      }
      isDoubled = true
      end = quote + 2
    }
    let range = start + 1..<end
    if range.count > 15 {
      countLines(text, range)
    } else {
      for place in range where text[place] == 10 { lineCount += 1 }
    }
    cells.append(Cell(range: range, hasDoubledQuotes: isDoubled))
    return end + 1
  }

  private mutating func countLines(_ text: Span<UInt8>, _ range: Range<Int>) {
    var place = range.lowerBound
    let cell = text.extracting(0..<range.upperBound)
    while let end = firstPlace(of: 10, in: cell, from: place) {
      lineCount += 1
      place = end + 1
    }
  }

  /// Scans a cell without quotation marks; the place behind it.
  private mutating func plain(_ text: Span<UInt8>, _ start: Int) -> Int? {
    let end = ByteRuns.end(of: text, from: start, at: separator, 10, UInt8(ascii: "\""))
    guard end < text.count else { return nil }
    let isReturn = text[end] == 10 && end > start && text[end - 1] == 13
    cells.append(Cell(range: start..<(isReturn ? end - 1 : end)))
    return isReturn ? end - 1 : end
  }

  /// Makes one quotation mark of two, in place.
  ///
  /// - Returns: where the cell stands then.
  static func undouble(_ text: inout [UInt8], _ range: Range<Int>) -> Range<Int> {
    var (from, to) = (range.lowerBound, range.lowerBound)
    while from < range.upperBound {
      text[to] = text[from]
      to += 1
      from += text[from] == UInt8(ascii: "\"") ? 2 : 1
    }
    return range.lowerBound..<to
  }
}
