import Bytes

/// Cells of a line of CSV that quotes by RFC 4180, or as IdFix does: a cell with a comma between quotes, the quotes in it
/// as they are.
enum CSVLine {
  /// Takes a line apart into a number of cells.
  ///
  /// - Returns: the cells; fewer than `count` when the line has no more; nil when no reading gives so many.
  static func cells(of line: ArraySlice<UInt8>, separator: UInt8, count: Int) -> [[UInt8]]? {
    if let cells = strict(line, separator: separator), cells.count <= count { return cells }
    var search = Search(line: Array(line), separator: separator)
    return search.cells(from: 0, count: count)
  }

  /// The cells by RFC 4180; nil when quotes are not as it wants them.
  static func strict(_ line: ArraySlice<UInt8>, separator: UInt8) -> [[UInt8]]? {
    var reader = CSVReader(separator: separator, skipsSpaces: false)
    guard case .row(let row) = reader.read(line.span, line: 1), row.isRegular else { return nil }
    return row.bytes
  }

  /// Whether the line ends inside of a quoted cell, so that the next line may belong to it.
  static func isOpen(_ line: ArraySlice<UInt8>, separator: UInt8) -> Bool {
    var reader = CSVReader(separator: separator, skipsSpaces: false)
    if case .more = reader.read(line.span, line: 1) { return true }
    return false
  }

  private static let quote = UInt8(ascii: "\"")

  /// Looks for a way to close quoted cells that gives the wanted number.
  private struct Search {
    let line: [UInt8]
    let separator: UInt8
    /// Steps left: hostile lines must not take forever.
    private var steps = 2_000

    init(line: [UInt8], separator: UInt8) {
      self.line = line
      self.separator = separator
    }

    mutating func cells(from start: Int, count: Int) -> [[UInt8]]? {
      steps -= 1
      guard count > 0, steps > 0 else { return nil }
      guard start < line.count, line[start] == quote else {
        let end = line[start...].firstIndex(of: separator) ?? line.count
        return rest(Array(line[start..<end]), end: end, count: count)
      }
      // A quote closes the cell when a separator or the end follows; the earliest that leads to the wanted number.
      var end = start + 1
      var isClosed = false
      while end < line.count {
        if line[end] == quote, end + 1 == line.count || line[end + 1] == separator {
          isClosed = true
          if let cells = rest(Array(line[(start + 1)..<end]), end: end + 1, count: count) { return cells }
        }
        end += 1
      }
      // A quote that nothing closes is a character like others.
      if isClosed { return nil }
      let next = line[start...].firstIndex(of: separator) ?? line.count
      return rest(Array(line[start..<next]), end: next, count: count)
    }

    private mutating func rest(_ cell: [UInt8], end: Int, count: Int) -> [[UInt8]]? {
      if end == line.count { return count == 1 ? [cell] : nil }
      guard let others = cells(from: end + 1, count: count - 1) else { return nil }
      return [cell] + others
    }
  }
}
