/// Reads separated values (RFC 4180, and what spreadsheets and PowerShell make of it) line by line.
///
/// A quotation mark within a cell that did not begin with one is a character. A quoted cell may hold line breaks. The cells of a row
/// are slices of one buffer, so a row costs the same for any number of cells.
public struct CSVReader: Sendable {
  /// A row, and the line on which it begins.
  public struct Row: Sendable {
    /// The line on which the row begins.
    public let line: Int
    /// Whether every quoted cell begins and ends as RFC 4180 wants it.
    public let isRegular: Bool
    /// Where the first cell begins that is one more than were expected; its line, and its column in characters from 1.
    public let surplus: (line: Int, column: Int)?
    fileprivate let text: [UInt8]
    fileprivate let ends: [Int]
    fileprivate let quoted: [Bool]

    /// Number of cells.
    public var count: Int { ends.count }
    /// A cell without its quotation marks.
    public subscript(cell: Int) -> ArraySlice<UInt8> { text[(cell == 0 ? 0 : ends[cell - 1])..<ends[cell]] }
    /// Whether a cell stood between quotation marks.
    public func isQuoted(_ cell: Int) -> Bool { quoted[cell] }
    /// The cells without their quotation marks.
    public var bytes: [[UInt8]] { ends.indices.map { Array(self[$0]) } }
    /// The cells as text.
    public var cells: [String] { ends.indices.map { String(decoding: self[$0], as: UTF8.self) } }
  }

  /// The byte between cells.
  public let separator: UInt8
  /// How many cells a row has at most; nil where nobody knows.
  public var expectedCells: Int?
  private let skipsSpaces: Bool
  private var isRegular = true
  /// The bytes of all cells, and where each ends.
  private var text: [UInt8] = []
  private var ends: [Int] = []
  private var quoted: [Bool] = []
  /// Whether the cell that is being read began with a quotation mark.
  private var wasQuoted = false
  private var isWithinQuotes = false
  private var firstLine = 0
  private var surplus: (line: Int, column: Int)?
  /// The longest row, in bytes; a quotation mark that is never closed must not swallow the rest of a large file.
  private let maximumLength: Int
  private var length = 0

  /// A reader of rows.
  ///
  /// - Parameters:
  ///   - skipsSpaces: whether spaces before a quotation mark are no part of the cell, so that it is a quoted one.
  ///   - maximumLength: the longest row, in bytes.
  public init(separator: UInt8, skipsSpaces: Bool = true, maximumLength: Int = 4 << 20) {
    self.separator = separator
    self.skipsSpaces = skipsSpaces
    self.maximumLength = maximumLength
  }

  /// Whether a quoted cell goes on on the next line.
  public var isWithinCell: Bool { isWithinQuotes }

  /// What a line completes.
  public enum Outcome: Sendable {
    /// A row.
    case row(Row)
    /// None, as a quoted cell goes on on the next line.
    case more
    /// The quoted cell that began on a line is too long.
    case tooLong(line: Int)
  }

  /// Reads a line without its line break.
  ///
  /// - Parameter lineBreak: what stood before the line, for a cell that goes on.
  public mutating func read(_ line: Span<UInt8>, line number: Int, after lineBreak: [UInt8] = [10]) -> Outcome {
    if isWithinQuotes { text += lineBreak } else { begin(number) }
    length += line.count + 1
    guard length <= maximumLength else {
      isWithinQuotes = false
      return .tooLong(line: firstLine)
    }
    var index = 0
    while index < line.count {
      index = isWithinQuotes ? readQuoted(line, index) : readPlain(line, index, number)
    }
    if isWithinQuotes { return .more }
    finishCell()
    return .row(finishRow())
  }

  /// The row that was begun and never completed.
  public mutating func rest() -> Row? {
    guard isWithinQuotes else { return nil }
    isWithinQuotes = false
    isRegular = false
    finishCell()
    return finishRow()
  }

  private mutating func begin(_ line: Int) {
    firstLine = line
    text.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    quoted.removeAll(keepingCapacity: true)
    wasQuoted = false
    surplus = nil
    length = 0
    isRegular = true
  }

  /// Takes what stands between quotation marks, up to the second one; where reading goes on.
  private mutating func readQuoted(_ line: Span<UInt8>, _ start: Int) -> Int {
    let quote = UInt8(ascii: "\"")
    var end = start
    while end < line.count, line[end] != quote { end += 1 }
    append(line, start, end)
    guard end < line.count else { return end }
    if end + 1 < line.count, line[end + 1] == quote {
      text.append(quote)
      return end + 2
    }
    isWithinQuotes = false
    return end + 1
  }

  /// Takes what stands outside of quotation marks, up to the next separator or quotation mark; where reading goes on.
  private mutating func readPlain(_ line: Span<UInt8>, _ start: Int, _ number: Int) -> Int {
    let quote = UInt8(ascii: "\"")
    var end = start
    while end < line.count, line[end] != separator, line[end] != quote { end += 1 }
    if end > start, wasQuoted { isRegular = false }
    append(line, start, end)
    guard end < line.count else { return end }
    if line[end] == separator {
      finishCell()
      if ends.count == expectedCells { surplus = (number, Self.column(line, end + 1)) }
      return end + 1
    }
    let cell = text[(ends.last ?? 0)...]
    if !wasQuoted, cell.isEmpty || skipsSpaces && cell.allSatisfy({ $0 == 32 }) {
      if !cell.isEmpty { isRegular = false }
      text.removeLast(cell.count)
      isWithinQuotes = true
      wasQuoted = true
    } else {
      if wasQuoted { isRegular = false }
      text.append(quote)
    }
    return end + 1
  }

  private mutating func append(_ line: Span<UInt8>, _ start: Int, _ end: Int) {
    for index in start..<end { text.append(line[index]) }
  }

  private mutating func finishCell() {
    ends.append(text.count)
    quoted.append(wasQuoted)
    wasQuoted = false
  }

  private func finishRow() -> Row {
    Row(line: firstLine, isRegular: isRegular, surplus: surplus, text: text, ends: ends, quoted: quoted)
  }

  /// The column of a byte, in characters from 1.
  private static func column(_ line: Span<UInt8>, _ end: Int) -> Int {
    var column = 1
    for index in 0..<end where line[index] & 0xC0 != 0x80 { column += 1 }
    return column
  }
}
