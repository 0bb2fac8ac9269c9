import Bytes

/// Reads tables of errors and events, told by their header.
final class ErrorTable {
  private enum Kind { case events, errors }

  private let sink: ErrorSink
  private let kind: Kind
  private let header: [String]
  private var text: CSVReader

  /// - Returns: nil when the line is no header of such a table.
  init?(header line: String, _ sink: ErrorSink) {
    guard line.utf8.count <= 8192 else { return nil }
    for separator in Self.separators where Self.mayBeHeader(line, separator) {
      var text = CSVReader(separator: separator)
      guard case .row(let row) = text.read(Array(line.utf8).span, line: 1), row.cells.count >= 2 else { continue }
      let header = row.cells.map { Trimmed.text($0, also: "\u{FEFF}") }
      guard let kind = Self.kind(header) else { continue }
      self.sink = sink
      self.kind = kind
      self.header = header
      self.text = CSVReader(separator: separator)
      return
    }
    return nil
  }

  /// Whether a line is the header of such a table.
  static func isHeader(_ line: String, _ sink: ErrorSink) -> Bool {
    mayBeHeader(line) && ErrorTable(header: line, sink) != nil
  }

  /// Whether a line has the form of a header: nearly all lines have not, which is told without making a table.
  static func mayBeHeader(_ line: String) -> Bool {
    line.utf8.count <= 8192 && separators.contains { mayBeHeader(line, $0) }
  }

  private static let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), 9, UInt8(ascii: "|")]

  /// Whether a line has a separator, and no part that is longer than a name in a header. Prose has longer parts.
  private static func mayBeHeader(_ line: String, _ separator: UInt8) -> Bool {
    var line = line
    return line.withUTF8 { text in
      var length = 0
      var count = 1
      for byte in text {
        if byte == separator {
          length = 0
          count += 1
        } else {
          length += 1
          if length > 84 { return false }
        }
      }
      return count > 1
    }
  }

  private static func kind(_ header: [String]) -> Kind? {
    guard header.count <= 200, header.allSatisfy({ $0.utf8.count <= 80 }) else { return nil }
    let labels = header.map { EventLabel($0) }
    // Level, Date and Time, Source, Event ID, Task Category, in any language.
    if header.count >= 4, labels.filter({ $0 != nil }).count >= 4, labels.contains(.id) { return .events }
    let folded = Set(header.map(RecordColumn.folded))
    if folded.contains("message") || folded.contains(Self.renderedMessage),
      folded.contains("id") || folded.contains("instanceid") || folded.contains("eventid"),
      folded.contains("providername") || folded.contains("source")
    {
      return .events
    }
    let known = header.compactMap { RecordColumn($0) }
    let distinct = Set(known.map { "\($0)" })
    let tellsError = known.contains { [.type, .message, .attribute, .conflictValue, .extraDetails].contains($0) }
    let tellsObject = known.contains {
      ![.type, .message, .detail, .attribute, .conflictValue, .time, .extraDetails, .retryCount, .machine].contains($0)
    }
    guard tellsObject, known.count * 3 >= header.count else { return nil }
    // A table without errors is a list of objects if it says enough of them, or how it went with each.
    let tellsOutcome = known.contains { if case .status = $0 { true } else { false } }
    return distinct.count >= (tellsError ? 2 : tellsOutcome ? 3 : 4) ? .errors : nil
  }

  /// The column of the message in tables of log collectors.
  private static let renderedMessage = "rendereddescription"

  var isWithinCell: Bool { text.isWithinCell }

  /// Whether a line has the form of a row: at least one separator, or a quotation mark that may begin a longer cell.
  func mayBeRow(_ line: String) -> Bool {
    Self.isRule(line) || line.utf8.contains(text.separator) || line.utf8.first == UInt8(ascii: "\"")
  }

  /// Whether a line is the rule below the header of a table of `psql`: `-----+-----`.
  private static func isRule(_ line: String) -> Bool {
    line.utf8.contains(UInt8(ascii: "+")) && line.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
  }

  func read(_ line: String, line number: Int) {
    switch text.read(Array(line.utf8).span, line: number) {
    case .more: break
    case .row(let row): take(row)
    case .tooLong(let first):
      sink.problem(line: first, "a row of the table is longer than 4 MiB: a quotation mark is not closed")
    }
  }

  func finish() {
    guard let row = text.rest() else { return }
    sink.problem(line: row.line, "the table ends within a quoted cell that begins on this line or after it")
    take(row)
  }

  private func take(_ row: CSVReader.Row) {
    // A rule below the header of Markdown says nothing, like an empty row.
    guard row.cells.contains(where: { !Trimmed.text($0, also: "-:=_|+").isEmpty }) else { return }
    switch kind {
    case .events: takeEvent(row)
    case .errors: takeError(row)
    }
  }

  private func takeError(_ row: CSVReader.Row) {
    let members = zip(header, row.cells).map { JSONValue.Member(name: $0, value: .string(Trimmed.text($1, also: "'"))) }
    guard let error = RecordFields(sink, .object(Array(members))).error(line: row.line, isTable: true) else {
      return sink.skipUnrelated()
    }
    sink.emit(error)
  }

  private func takeEvent(_ row: CSVReader.Row) {
    var event = EventRecord(location: sink.location(line: row.line))
    for (name, cell) in zip(header, row.cells) {
      let cell = Trimmed.text(cell)
      guard !cell.isEmpty else { continue }
      switch RecordColumn.folded(name) {
      case "message", Self.renderedMessage: event.message = cell
      case "providername": event.provider = cell
      case "id", "instanceid", "eventid": event.id = event.id ?? Int(cell)
      case "timecreated", "timegenerated", "timegeneratedutc": event.time = EventTime.iso(cell)
      case "machinename": event.computer = cell
      case "leveldisplayname", "entrytype", "eventlevelname": event.level = cell
      default: take(EventLabel(name), cell, &event)
      }
    }
    // Event Viewer writes the message as one more cell, without a name.
    if event.message == nil, row.cells.count > header.count { event.message = Trimmed.text(row.cells[header.count]) }
    guard event.id != nil || event.message != nil else { return sink.skipUnrelated() }
    event.emit(to: sink)
  }

  private func take(_ label: EventLabel?, _ cell: String, _ event: inout EventRecord) {
    switch label {
    case .source: event.provider = event.provider ?? cell
    case .id: event.id = event.id ?? Int(cell)
    case .date: event.time = event.time ?? EventTime.iso(cell)
    case .level: event.level = event.level ?? cell
    case .description: event.message = event.message ?? cell
    default: break
    }
  }
}
