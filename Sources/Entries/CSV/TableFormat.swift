import Bytes
import Directory

/// Tables of objects: csvde's, those that `Export-Csv` of PowerShell writes, and what spreadsheets make of them.
final class TableFormat: RecordFormat {
  private let name: String
  private let recordSize: Int
  private var decoder = TextDecoder(repairs: true)
  private var lines = TextLineReader()
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
    var text: [UInt8] = []
    decoder.decode(bytes, into: &text)
    try lines.read(text) { (line, number, lineBreak) throws(SourceFailure) in
      try take(line, number, after: lineBreak, writer)
    }
  }

  func finish(_ writer: RecordWriter) throws(SourceFailure) {
    var text: [UInt8] = []
    decoder.finish(into: &text)
    try lines.finish(text) { (line, number, lineBreak) throws(SourceFailure) in
      try takeUnended(line, number, after: lineBreak, writer)
    }
    if let row = reader.rest() {
      writer.leaveOut(
        "line \(row.line): the table ends within a quoted cell of the row that begins here; export it again")
    }
  }

  // MARK: - Lines

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
    guard let header, header.isCsvde || header.isQuoted || hasType, !reader.isWithinCell else {
      endsWithinLine = header != nil
      return try take(line, number, after: lineBreak, writer)
    }
    writer.leaveOut("line \(number): the table ends within this row, so the file was cut off; export it again")
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
