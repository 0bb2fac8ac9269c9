/// Reads the list of errors as the operations tab of the Synchronization Service Manager shows it: on each line the
/// distinguished name of an object, white space, and the name of its error.
struct ErrorList {
  private struct Row {
    var name: String
    var type: String
    var line: Int
  }

  private var rows: [Row] = []

  /// A list that begins with a line; nil when the line is none of one.
  init?(_ line: String, number: Int, _ sink: ErrorSink) {
    guard add(line, number: number, sink) else { return nil }
  }

  /// - Returns: false when the line is none of a list.
  mutating func add(_ line: String, number: Int, _ sink: ErrorSink) -> Bool {
    guard let (name, type) = Self.parse(line, sink) else { return false }
    rows.append(Row(name: name, type: type, line: number))
    return true
  }

  static func isLine(_ line: String, _ sink: ErrorSink) -> Bool { parse(line, sink) != nil }

  private static func parse(_ line: String, _ sink: ErrorSink) -> (name: String, type: String)? {
    guard line.utf8.contains(UInt8(ascii: "=")), line.utf8.count < 4096 else { return nil }
    let text = Trimmed.text(line)
    guard let last = text.utf8.lastIndex(where: { $0 == 9 || $0 == 32 }) else { return nil }
    let type = String(text[text.utf8.index(after: last)...])
    let name = Trimmed.text(text[..<last])
    guard name.utf8.dropFirst(2).first == UInt8(ascii: "="), sink.knows(type: type) else { return nil }
    let kind = IdentifierShape.whole(name)
    return kind == .distinguishedName || kind == .connectorSpaceDN ? (name, type) : nil
  }

  func emit(to sink: ErrorSink) {
    for row in rows {
      var error = SyncError(message: row.type, location: sink.location(line: row.line))
      error.type = row.type
      error.source = "table"
      error.add(MentionedIdentifier(row.name, IdentifierShape.name(row.name), field: "DN"))
      sink.emit(error)
    }
  }
}
