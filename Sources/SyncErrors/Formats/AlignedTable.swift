import Bytes

/// Reads tables whose columns are held apart by spaces: what `Format-Table` prints, with a rule below the header, and mails
/// of DirSync with two spaces or more between the columns.
struct AlignedTable {
  private let header: String
  private let names: [String]
  /// Where the columns begin, in characters; nil when two spaces separate them.
  private let starts: [Int]?
  private var rows: [(cells: [String], line: Int)] = []

  /// A table of `Format-Table`.
  ///
  /// - Parameters:
  ///   - rule: the line below the header: hyphens and spaces.
  ///   - line: the number of the line of the header.
  init?(header: String, rule: String, line: Int) {
    guard Self.isRule(rule) else { return nil }
    let characters = Array(rule)
    let starts = characters.indices.filter { characters[$0] == "-" && ($0 == 0 || characters[$0 - 1] == " ") }
    guard starts.count >= 2 else { return nil }
    let words = header.split(separator: " ").map(String.init)
    let names = Self.cut(header, starts) ?? (words.count == starts.count ? words : [])
    guard names.count == starts.count, Self.tells(names) else { return nil }
    self.header = header
    self.names = names
    self.starts = starts
  }

  /// A table with two spaces or more between its columns.
  init?(header: String, line: Int) {
    guard header.utf8.count <= 512, zip(header.utf8, header.utf8.dropFirst()).contains(where: { $0 == (32, 32) }) else {
      return nil
    }
    let cells = SpacedCells.cells(of: header) { $0 == 9 }
    guard cells.count >= 2, cells.allSatisfy({ RecordColumn(String($0)) != nil }) else { return nil }
    names = cells.map(String.init)
    guard Self.tells(names) else { return nil }
    self.header = header
    starts = nil
  }

  private static func isRule(_ line: String) -> Bool {
    line.utf8.first == UInt8(ascii: "-") && line.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0 == 32 }
  }

  private static func tells(_ names: [String]) -> Bool {
    let known = Set(names.compactMap { RecordColumn($0) }.map { "\($0)" })
    return known.count >= 2
  }

  /// - Returns: false when the line is no row.
  mutating func add(_ line: String, number: Int) -> Bool {
    if Trimmed.isBlank(line) { return false }
    if rows.isEmpty, starts == nil, Self.isRule(line) {
      // The rule below the header says where the columns begin.
      if let ruled = AlignedTable(header: header, rule: line, line: number) { self = ruled }
      return true
    }
    guard let cells = cells(of: line) else { return false }
    rows.append((cells, number))
    return true
  }

  private func cells(of line: String) -> [String]? {
    if let starts, let cells = Self.cut(line, starts), cells.count == names.count { return cells }
    let columns = Self.columns(line)
    if columns.count == names.count { return columns }
    guard starts != nil else { return nil }
    // Too wide for its column: the last one takes what is left.
    let words = line.split(separator: " ", maxSplits: names.count - 1).map { Trimmed.text($0) }
    return words.count == names.count ? words : nil
  }

  private static func columns(_ line: String) -> [String] {
    SpacedCells.cells(of: line) { $0 == 9 }.map(String.init)
  }

  /// The cells of a line whose columns begin at places; nil when a cell reaches into the next column.
  private static func cut(_ line: String, _ starts: [Int]) -> [String]? {
    let characters = Array(line)
    var cells: [String] = []
    for (index, start) in starts.enumerated() {
      guard start < characters.count else {
        cells.append("")
        continue
      }
      if start > 0, characters[start - 1] != " " { return nil }
      let end = index + 1 < starts.count ? min(starts[index + 1], characters.count) : characters.count
      cells.append(Trimmed.text(String(characters[start..<end])))
    }
    return cells
  }

  func emit(to sink: ErrorSink) {
    if names.map(RecordColumn.folded) == ["name", "value"] { return emitPairs(to: sink) }
    for row in rows {
      let members = zip(names, row.cells).compactMap { name, cell -> JSONValue.Member? in
        cell.isEmpty || Self.isCut(cell) ? nil : .init(name: name, value: .string(cell))
      }
      let record = JSONValue.object(members)
      guard var error = RecordFields(sink, record).error(line: row.line, isTable: true) else {
        sink.skipUnrelated()
        continue
      }
      addCutNames(of: row.cells, to: &error)
      sink.emit(error)
    }
  }

  /// Whether the console has cut a value: what is left of it is another one.
  private static func isCut(_ cell: String) -> Bool { cell.hasSuffix("...") || cell.hasSuffix("…") }

  /// What is left of the name of the object, where nothing else of the directory names it: it cannot be looked up, but without it whoever holds
  /// the value would seem to be the object.
  private func addCutNames(of cells: [String], to error: inout SyncError) {
    guard !error.identifiers.contains(where: { $0.role != .conflicting && !$0.kind.isForeign }) else { return }
    for (name, cell) in zip(names, cells) where Self.isCut(cell) && RecordColumn(name)?.namesObject == true {
      let kind = cell.contains("@") ? .userPrincipalName : IdentifierShape.name(cell)
      error.add(MentionedIdentifier(cell, kind, field: name))
    }
  }

  /// The members of objects one below the other, as the console shows dictionaries: a name that comes again begins the next.
  private func emitPairs(to sink: ErrorSink) {
    var records: [(members: [JSONValue.Member], line: Int)] = []
    for row in rows {
      let member = JSONValue.Member(name: row.cells[0], value: .string(row.cells[1]))
      if let last = records.last, !last.members.contains(where: { $0.name == member.name }) {
        records[records.count - 1].members.append(member)
      } else {
        records.append(([member], row.line))
      }
    }
    for record in records { RecordInterpreter(sink).interpret(.object(record.members), line: record.line) }
  }
}
