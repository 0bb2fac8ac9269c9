import Directory
import Findings

/// Reads the CSV of all generations of IdFix, and what spreadsheets made of it.
///
/// Columns are found by their names, in any order and case; others are left aside. Cells may be quoted by RFC 4180 or as
/// IdFix does. A row may go over several lines, as IdFix writes line breaks of values as they are. What cannot be read is a
/// problem with its place, and reading goes on with the next row.
struct IdFixCSVReader {
  private enum Column: String, CaseIterable {
    case dn = "distinguishedname"
    case commonName = "commonname"
    case objectClass = "objectclass"
    case attribute, error, value, update
    case proposal = "proposedaction"
    case action
  }

  private let path: String
  private let lines: IdFixLines
  private var file = IdFixFile(kind: .csv)
  private var columns: [Column: Int] = [:]
  private var width = 0
  private var separator = UInt8(ascii: ",")
  /// The most lines that one row may go over.
  private static let mostLines = 32

  init(_ text: [UInt8], path: String) {
    self.path = path
    lines = IdFixLines(text)
  }

  /// - Throws: `SourceFailure` (`wrongFormat`) for a table that IdFix never wrote.
  consuming func read() throws(SourceFailure) -> IdFixFile {
    guard var index = lines.firstIndex(where: { !$0.allSatisfy { $0 == 0x20 } }) else { return file }
    if readHeader(lines[index]) {
      index += 1
    } else if !guessColumns(lines[index]) {
      throw SourceFailure(
        .wrongFormat, source: path,
        message: "is no file of IdFix: its first line names none of the columns "
          + "DISTINGUISHEDNAME, ATTRIBUTE, VALUE\(ForeignFile.hint(lines[index], path: path))")
    }
    let isOld = columns[.proposal] == nil
    file.kind = isOld ? .csvOfVersion1 : .csv
    while index < lines.count {
      let used = readRow(at: index, isOld: isOld)
      index += max(1, used)
    }
    return file
  }

  // MARK: - Columns

  private mutating func readHeader(_ line: ArraySlice<UInt8>) -> Bool {
    for candidate in [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09] {
      let cells = CSVLine.strict(line, separator: candidate) ?? []
      var found: [Column: Int] = [:]
      for (position, cell) in cells.enumerated() {
        if let column = Column(rawValue: IdFixWords.lowercased(cell)), found[column] == nil { found[column] = position }
      }
      if [.dn, .attribute, .value].allSatisfy({ found[$0] != nil }) {
        (columns, width, separator) = (found, cells.count, candidate)
        return true
      }
    }
    return false
  }

  /// The columns of a file without a header, by their number.
  private mutating func guessColumns(_ line: ArraySlice<UInt8>) -> Bool {
    guard IdFixWords.beginsLikeDN(line) else { return false }
    let order = Column.allCases
    for names in [order, order.filter { $0 != .commonName }, order.filter { $0 != .commonName && $0 != .proposal }] {
      guard let cells = CSVLine.cells(of: line, separator: separator, count: names.count), cells.count == names.count,
        let attribute = names.firstIndex(of: .attribute),
        IdFixWords.attributes[IdFixWords.lowercased(cells[attribute])] != nil
      else { continue }
      columns = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
      width = names.count
      return true
    }
    return false
  }

  // MARK: - Rows

  /// Reads the row that begins at a line, and tells how many lines it has.
  private mutating func readRow(at index: Int, isOld: Bool) -> Int {
    if lines[index].allSatisfy({ $0 == 0x20 || $0 == separator }) { return 1 }
    guard let (cells, count) = cells(at: index) else {
      report(index + 1, "this row cannot be taken apart into the \(width) columns of the header")
      return 1
    }
    guard !isHeader(cells) else { return count }
    if let row = row(cells, line: index + 1, isOld: isOld) {
      if isOld, row.errors == ["TopLevelDomain"] { file.noise += 1 } else { file.add(row) }
    }
    return count
  }

  /// The cells of the row that begins at a line; further lines belong to it as long as it is too short and they do not
  /// begin like a row.
  private func cells(at index: Int) -> (cells: [[UInt8]], lines: Int)? {
    var text = lines[index]
    var joined: [UInt8]?
    // The best reading so far when none is both whole and plausible: a line break may have left a row that looks whole.
    var second: ([[UInt8]], Int)?
    for count in 1...Self.mostLines {
      if let joined { text = joined[...] }
      let isOpen = CSVLine.isOpen(text, separator: separator)
      if let cells = CSVLine.cells(of: text, separator: separator, count: width) {
        if cells.count == width, isPlausible(cells) { return (cells, count) }
        if second == nil, cells.count == width || hasNeeded(cells) { second = (cells, count) }
      }
      let next = index + count
      guard next < lines.count, isOpen || !IdFixWords.beginsLikeDN(lines[next]) else { break }
      if lines[next].isEmpty, !isOpen { break }
      joined = (joined ?? Array(text)) + [0x0A] + lines[next]
    }
    return second
  }

  /// Whether a row that is too short has all that matters: programs leave empty cells at the end away.
  private func hasNeeded(_ cells: [[UInt8]]) -> Bool {
    [Column.dn, .attribute, .value].allSatisfy { (columns[$0] ?? .max) < cells.count }
  }

  /// Whether what should be a DN and an attribute look like that, or it is the header again.
  private func isPlausible(_ cells: [[UInt8]]) -> Bool {
    if isHeader(cells) { return true }
    guard let dn = cell(.dn, cells), let attribute = cell(.attribute, cells) else { return false }
    return IdFixWords.beginsLikeDN(dn[...]) && IdFixWords.attributes[IdFixWords.lowercased(attribute)] != nil
  }

  private func isHeader(_ cells: [[UInt8]]) -> Bool {
    cell(.dn, cells).map(IdFixWords.lowercased) == Column.dn.rawValue
  }

  private func cell(_ column: Column, _ cells: [[UInt8]]) -> [UInt8]? {
    guard let position = columns[column], position < cells.count else { return nil }
    return Self.withoutGuard(cells[position])
  }

  /// Our own CSV puts an apostrophe in front of what a spreadsheet would take for a formula.
  private static func withoutGuard(_ cell: [UInt8]) -> [UInt8] {
    guard cell.count > 1, cell[0] == UInt8(ascii: "'"), "=+-@\t\r".utf8.contains(cell[1]) else { return cell }
    return Array(cell.dropFirst())
  }

  private mutating func row(_ cells: [[UInt8]], line: Int, isOld: Bool) -> IdFixRow? {
    let dn = cell(.dn, cells) ?? []
    let name = cell(.attribute, cells) ?? []
    guard IdFixWords.beginsLikeDN(dn[...]) else {
      report(line, "the first cell of this row is no DN; a row before it may have a line break or a quote too many")
      return nil
    }
    guard let attribute = IdFixWords.attributes[IdFixWords.lowercased(name)] else {
      report(line, "IdFix does not judge the attribute '\(String(decoding: name, as: UTF8.self))'")
      return nil
    }
    let (errors, unknown) = IdFixWords.errors(in: cell(.error, cells) ?? [])
    if !unknown.isEmpty {
      report(line, "unknown error \(unknown.map { "'\($0)'" }.joined(separator: ", ")); the row is read all the same")
    }
    var update = cell(.update, cells).flatMap { $0.isEmpty ? nil : $0 }
    var proposal = cell(.proposal, cells).flatMap(IdFixRow.Action.init(named:))
    if isOld, let flagged = update, let flag = Self.flag(of: flagged) {
      proposal = flag
      update = flagged.count > 3 ? Array(flagged.dropFirst(3)) : nil
    }
    return IdFixRow(
      line: line, dn: dn, commonName: cell(.commonName, cells).flatMap { $0.isEmpty ? nil : $0 },
      objectClass: String(decoding: cell(.objectClass, cells) ?? [], as: UTF8.self), attribute: attribute,
      errors: errors, value: cell(.value, cells).flatMap { $0.isEmpty ? nil : $0 }, update: update, proposal: proposal,
      action: cell(.action, cells).flatMap(IdFixRow.Action.init(named:)))
  }

  /// `[E]`, `[C]` or `[R]` in front of the update of a duplicate: what versions up to 2.1.3.0 proposed.
  private static func flag(of update: [UInt8]) -> IdFixRow.Action? {
    guard update.count >= 3, update[0] == UInt8(ascii: "["), update[2] == UInt8(ascii: "]") else { return nil }
    switch update[1] {
    case UInt8(ascii: "E"): return .edit
    case UInt8(ascii: "C"): return .complete
    case UInt8(ascii: "R"): return .remove
    default: return nil
    }
  }

  private mutating func report(_ line: Int, _ message: String) {
    file.report(line, message, path: path)
  }
}
