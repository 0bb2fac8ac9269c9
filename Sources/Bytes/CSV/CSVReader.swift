import Bytes

/// Reads separated values (RFC 4180, and what spreadsheets and PowerShell make of it) line by line.
///
/// A quotation mark within a cell that did not begin with one is a character. A quoted cell may hold line breaks.
public struct CSVReader: Sendable {
  /// A row, and the line on which it begins.
  public struct Row: Sendable {
    /// The cells without their quotation marks.
    public var bytes: [[UInt8]]
    /// The line on which the row begins.
    public var line: Int
    /// Whether every quoted cell begins and ends as RFC 4180 wants it.
    public var isRegular: Bool

    /// The cells as text.
    public var cells: [String] { bytes.map { String(decoding: $0, as: UTF8.self) } }
  }

  /// The byte between cells.
  public let separator: UInt8
  private let skipsSpaces: Bool
  private var isRegular = true
  private var cells: [[UInt8]] = []
  private var cell: [UInt8] = []
  private var isQuoted = false
  private var firstLine = 0
  /// The longest row, in bytes; a quotation mark that is never closed must not swallow the rest of a large file.
  private static let maximumLength = 4 << 20
  private var length = 0

  /// A reader of rows.
  ///
  /// - Parameter skipsSpaces: whether spaces before a quotation mark are no part of the cell, so that it is a quoted one.
  public init(separator: UInt8, skipsSpaces: Bool = true) {
    self.separator = separator
    self.skipsSpaces = skipsSpaces
  }

  /// Whether a quoted cell goes on on the next line.
  public var isWithinCell: Bool { isQuoted }

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
  public mutating func read(_ line: some Collection<UInt8>, line number: Int) -> Outcome {
    if isQuoted {
      cell.append(10)
    } else {
      firstLine = number
      cells = []
      cell = []
      length = 0
      isRegular = true
    }
    length += line.count + 1
    guard length <= Self.maximumLength else {
      isQuoted = false
      return .tooLong(line: firstLine)
    }
    var wasQuoted = isQuoted
    var index = line.startIndex
    while index < line.endIndex {
      let byte = line[index]
      line.formIndex(after: &index)
      if isQuoted {
        guard byte == UInt8(ascii: "\"") else {
          cell.append(byte)
          continue
        }
        if index < line.endIndex, line[index] == UInt8(ascii: "\"") {
          cell.append(byte)
          line.formIndex(after: &index)
        } else {
          isQuoted = false
        }
      } else if byte == separator {
        finishCell()
        wasQuoted = false
      } else if byte == UInt8(ascii: "\""), !wasQuoted, cell.isEmpty || skipsSpaces && cell.allSatisfy({ $0 == 32 }) {
        if !cell.isEmpty { isRegular = false }
        cell = []
        isQuoted = true
        wasQuoted = true
      } else {
        if wasQuoted { isRegular = false }
        cell.append(byte)
      }
    }
    if isQuoted { return .more }
    finishCell()
    return .row(Row(bytes: cells, line: firstLine, isRegular: isRegular))
  }

  /// The row that was begun and never completed.
  public mutating func rest() -> Row? {
    guard isQuoted else { return nil }
    isQuoted = false
    isRegular = false
    finishCell()
    return Row(bytes: cells, line: firstLine, isRegular: isRegular)
  }

  private mutating func finishCell() {
    cells.append(cell)
    cell = []
  }
}
