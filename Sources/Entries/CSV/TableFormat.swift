import Bytes
import Directory

/// Tables of objects: csvde's, those that `Export-Csv` of PowerShell writes, and what spreadsheets make of them.
final class TableFormat: RecordFormat {
  private let name: String
  private let recordSize: Int
  private var decoder = TextDecoder(repairs: true)
  /// Text that is not read yet, and before it text that was.
  private var window: [UInt8] = []
  private var position = 0
  /// Lines that were read, and what ended the last of them.
  private var lineNumber = 0
  private var lineBreak: [UInt8] = []
  private var scanner = TableRowScanner(separator: UInt8(ascii: ","))
  private var waitsForRow = false
  /// The column with the name of the object.
  private var nameColumn: Int?
  private var header: TableHeader?
  private var hint: UInt8?
  private var hasType = false
  private var endsWithinLine = false
  private var reader = CSVReader(separator: UInt8(ascii: ","))
  private var records: ObjectRecords?
  /// For each column: the number of its property, and whether it is the name of the object.
  private var columns: [(property: Int, isName: Bool)] = []
  private var loss = LetterLoss()

  private let wanted: [String]

  /// The size from which on a row is read line by line, so that the start of a long one is not looked at again and again.
  private static let longestRow = 8 << 20

  var hasLines: Bool { true }

  init(name: String, _ request: EntryRequest) {
    self.name = name
    recordSize = request.recordSize
    wanted = request.attributes
  }

  var exported: ExportedAttributes { records?.exported ?? .unknown }

  var gaps: [String] {
    let isPowerShell = header.map { !$0.isCsvde && ($0.isQuoted || hasType) } ?? false
    return (records?.gaps ?? []) + (isPowerShell ? loss.gap(of: name) : [])
  }

  var remarks: [String] {
    var remarks = records?.remarks ?? []
    if endsWithinLine {
      remarks.append("the last line of \(name) has no end; if a program wrote the file, it was cut off there")
    }
    if decoder.repairedBytes > 0 { remarks.append(ExportAdvice.codePage(of: name)) }
    return remarks
  }

  func read(_ bytes: ArraySlice<UInt8>, into writer: RecordWriter) throws(SourceFailure) {
    loss.look(at: bytes)
    decoder.decode(bytes, into: &window)
    try readWindow(isEnd: false, writer)
  }

  func finish(_ writer: RecordWriter) throws(SourceFailure) {
    decoder.finish(into: &window)
    try readWindow(isEnd: true, writer)
    if let row = reader.rest() {
      writer.leaveOut(
        "line \(row.line): the table ends within a quoted cell of the row that begins here; export it again")
    }
  }

  /// Reads the rows whose text is there as a whole.
  private func readWindow(isEnd: Bool, _ writer: RecordWriter) throws(SourceFailure) {
    while position < window.count {
      if header != nil, !reader.isWithinCell, try readRow(isEnd: isEnd, writer) { continue }
      if waitsForRow, !isEnd, window.count - position < Self.longestRow { break }
      guard try readLine(isEnd: isEnd, writer) else { break }
    }
    // What is left is the start of a row at most.
    window.removeFirst(position)
    position = 0
  }

  // MARK: - Rows where they stand

  /// Reads the row at `position`, where it is one of plain cells.
  private func readRow(isEnd: Bool, _ writer: RecordWriter) throws(SourceFailure) -> Bool {
    waitsForRow = false
    guard let header, let records else { return false }
    switch scanner.scan(window.span, from: position) {
    case .cut:
      waitsForRow = true
      return false
    case .unusual: return false
    case .row(let end):
      // All else is for who tells what is wrong with a row.
      guard scanner.cells.count == columns.count, columns.count > 1, !mayBeHead else { return false }
      records.begin(line: lineNumber + 1)
      for (place, column) in columns.enumerated() {
        add(scanner.cells[place], column, header.isCsvde, to: records)
      }
      for column in loss.columns {
        let cell = scanner.cells[column].range
        if window[cell].contains(UInt8(ascii: "?")) { loss.countMark() }
      }
      lineBreak = window[end - 2] == 13 ? [13, 10] : [10]
      position = end
      lineNumber += scanner.lineCount
      try records.end(writer, window)
      return true
    }
  }

  /// Whether the row at hand may be a header again, or the type of objects.
  private var mayBeHead: Bool {
    guard let first = scanner.cells.first, let nameColumn else { return true }
    return TableHeader.isType(window[first.range]) || first.range.count < 20 && TableHeader.isName(text(first.range))
      || scanner.cells[nameColumn].range.count < 20 && TableHeader.isName(text(scanner.cells[nameColumn].range))
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: window[range], as: UTF8.self) }

  private func add(
    _ cell: TableRowScanner.Cell, _ column: (property: Int, isName: Bool), _ isCsvde: Bool, to records: ObjectRecords
  ) {
    let range = cell.hasDoubledQuotes ? TableRowScanner.undouble(&window, cell.range) : cell.range
    if range.isEmpty { return records.add(column.property, ObjectPiece.absent) }
    guard isCsvde else { return records.add(column.property, .text(range)) }
    let field = window[range]
    if field.contains(UInt8(ascii: "\\")) || field.first.map({ $0 | 0x20 == UInt8(ascii: "x") }) == true {
      return records.add(column.property, column.isName ? CsvdeValue.name(field) : CsvdeValue.value(field))
    }
    let parts = column.isName ? 0 : field.count { $0 == UInt8(ascii: ";") }
    if parts == 0 { return records.add(column.property, .text(range)) }
    addParts(range, column.property, parts + 1, to: records)
  }

  /// Adds the values between semicolons, of which none needs a look.
  private func addParts(_ range: Range<Int>, _ property: Int, _ count: Int, to records: ObjectRecords) {
    let field = window[range]
    let parts = field.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
    if parts.contains(where: { $0.first.map { $0 | 0x20 == UInt8(ascii: "x") } == true }) {
      return records.add(property, CsvdeValue.value(field))
    }
    records.add(property, .list(count))
    for part in parts { records.add(property, .text(part.startIndex..<part.endIndex)) }
  }

  // MARK: - Lines

  /// Reads the line at `position`: what comes before the rows, or a row that needs a closer look.
  ///
  /// - Returns: false where the line has no end yet.
  private func readLine(isEnd: Bool, _ writer: RecordWriter) throws(SourceFailure) -> Bool {
    let end = firstPlace(of: 10, in: window.span, from: position)
    guard let end else {
      guard isEnd else { return false }
      let line = withoutReturn(window[position...])
      position = window.count
      lineNumber += 1
      try takeUnended(line, lineNumber, after: lineBreak, writer)
      return true
    }
    let line = window[position..<end]
    position = end + 1
    lineNumber += 1
    let before = lineBreak
    lineBreak = line.last == 13 ? [13, 10] : [10]
    try take(withoutReturn(line), lineNumber, after: before, writer)
    return true
  }

  private func withoutReturn(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    line.last == 13 ? line.dropLast() : line
  }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private func take(
    _ line: ArraySlice<UInt8>, _ number: Int, after lineBreak: [UInt8], _ writer: RecordWriter
  ) throws(SourceFailure) {
    // Files that were put one behind the other each have a mark at their start.
    let line = reader.isWithinCell || !line.starts(with: Self.mark) ? line : line.dropFirst(Self.mark.count)
    guard header != nil else { return try takeHead(line) }
    switch reader.read(line.span, line: number, after: lineBreak) {
    case .more: return
    case .tooLong(let first):
      writer.leaveOut("line \(first): the row is longer than \(recordSize >> 20) MiB: a quotation mark is not closed")
    case .row(let row): try take(row, writer)
    }
  }

  /// Takes the last line of a table, which nothing ends. csvde and `Export-Csv` end every line, so theirs was cut: what is left of the
  /// row says nothing, and others are missing.
  private func takeUnended(
    _ line: ArraySlice<UInt8>, _ number: Int, after lineBreak: [UInt8], _ writer: RecordWriter
  ) throws(SourceFailure) {
    guard let header, header.isCsvde || header.isQuoted || hasType else {
      endsWithinLine = header != nil
      return try take(line, number, after: lineBreak, writer)
    }
    var start = number
    if reader.isWithinCell {
      guard case .row(let row) = reader.read(line.span, line: number, after: lineBreak) else { return }
      start = row.line
    }
    writer.leaveOut("line \(start): the table ends within this row, so the file was cut off; export it again")
  }

  private func takeHead(_ line: ArraySlice<UInt8>) throws(SourceFailure) {
    if line.isEmpty { return }
    if let separator = TableHeader.hint(line) {
      hint = separator
    } else if TableHeader.isType(line) {
      hasType = true
    } else {
      try begin(TableHeader(line, separator: hint))
    }
  }

  private func begin(_ header: TableHeader) throws(SourceFailure) {
    guard header.hasName else {
      throw SourceFailure(
        .wrongFormat, source: name,
        message:
          "is a table of objects without their names: it has no column DistinguishedName; \(ExportAdvice.powerShell)")
    }
    self.header = header
    reader = CSVReader(separator: header.separator, skipsSpaces: false, maximumLength: recordSize)
    reader.expectedCells = header.names.count
    let records = ObjectRecords(
      source: name, ValueReading(joining: header.isCsvde ? .never : .anything, mayBeSpreadsheet: true),
      wanted: wanted, isCsvde: header.isCsvde)
    columns = header.names.map { (records.property($0), TableHeader.isName($0)) }
    nameColumn = columns.firstIndex(where: \.isName)
    scanner = TableRowScanner(separator: header.separator)
    loss.nameColumns = header.names.indices.filter { LetterLoss.isName(header.names[$0]) }
    self.records = records
  }

  // MARK: - Rows

  private func take(_ row: CSVReader.Row, _ writer: RecordWriter) throws(SourceFailure) {
    guard let header, let records else { return }
    if row.count == 1, row[0].isEmpty || TableHeader.isType(row[0]) { return }
    if TableHeader.isType(row[0]) { return }
    if try isHeader(row, header) { return }
    if let surplus = row.surplus {
      return writer.leaveOut(
        "line \(surplus.line), column \(surplus.column): the row has \(row.count) cells and the table \(columns.count) "
          + "columns, so a quotation mark or a separator is missing or one too many; the row was left out")
    }
    // csvde leaves nothing out, but other programs cut the end of a row where it is empty.
    if row.count < columns.count, !header.isCsvde {
      return writer.leaveOut(
        "line \(row.line): the row has \(row.count) cells and the table \(columns.count) columns; the row was left out")
    }
    records.begin(line: row.line)
    for (place, column) in columns.enumerated() {
      let cell = place < row.count ? row[place] : []
      records.add(column.property, value(cell, column.isName, header))
    }
    loss.look(at: row)
    try records.end(writer)
  }

  private func value(_ cell: ArraySlice<UInt8>, _ isName: Bool, _ header: TableHeader) -> ObjectValue {
    if !header.isCsvde { return cell.isEmpty ? .absent : .text(Array(cell)) }
    return isName && !cell.isEmpty ? CsvdeValue.name(cell) : CsvdeValue.value(cell)
  }

  /// Whether a row is the header again: several exports one behind the other.
  private func isHeader(_ row: CSVReader.Row, _ header: TableHeader) throws(SourceFailure) -> Bool {
    guard let place = columns.firstIndex(where: \.isName), place < row.count else { return false }
    let isSame = String(decoding: row[place], as: UTF8.self) == header.names[place]
    let cells = row.cells
    if isSame, cells.elementsEqual(header.names) { return true }
    guard isSame || cells.first.map(TableHeader.isName) == true else { return false }
    throw SourceFailure(
      .readError, source: name,
      message: "line \(row.line): another table with other columns begins here; put each table into a file of its own")
  }
}
