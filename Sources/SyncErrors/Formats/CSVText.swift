/// Reads separated values (RFC 4180, and what spreadsheets and PowerShell make of it) line by line.
///
/// A quotation mark within a cell that did not begin with one is a character. A quoted cell may hold line breaks.
struct CSVText {
  /// A row, and the line on which it begins.
  struct Row {
    var cells: [String]
    var line: Int
  }

  let separator: UInt8
  private var cells: [String] = []
  private var cell: [UInt8] = []
  private var isQuoted = false
  private var firstLine = 0
  /// The longest row, in bytes; a quotation mark that is never closed must not swallow the rest of a large file.
  private static let maximumLength = 4 << 20
  private var length = 0

  init(separator: UInt8) { self.separator = separator }

  /// Whether a quoted cell goes on on the next line.
  var isWithinCell: Bool { isQuoted }

  /// What a line completes.
  enum Outcome {
    case row(Row)
    case more
    /// The quoted cell that began on a line is too long.
    case tooLong(line: Int)
  }

  /// Reads a line without its line break.
  mutating func read(_ line: some Collection<UInt8>, line number: Int) -> Outcome {
    if isQuoted {
      cell.append(10)
    } else {
      firstLine = number
      cells = []
      cell = []
      length = 0
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
      } else if byte == UInt8(ascii: "\""), !wasQuoted, cell.allSatisfy({ $0 == 32 }) {
        cell = []
        isQuoted = true
        wasQuoted = true
      } else {
        cell.append(byte)
      }
    }
    if isQuoted { return .more }
    finishCell()
    return .row(Row(cells: cells, line: firstLine))
  }

  /// The row that was begun and never completed.
  mutating func rest() -> Row? {
    guard isQuoted else { return nil }
    isQuoted = false
    finishCell()
    return Row(cells: cells, line: firstLine)
  }

  private mutating func finishCell() {
    cells.append(String(decoding: cell, as: UTF8.self))
    cell = []
  }
}
