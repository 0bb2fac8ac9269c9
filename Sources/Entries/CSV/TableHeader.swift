import Bytes

/// The line of a table with the names of its columns.
struct TableHeader {
  /// The names.
  let names: [String]
  /// The byte between cells.
  let separator: UInt8
  /// Whether csvde wrote the table: it begins with `DN` and quotes no name.
  let isCsvde: Bool
  /// Whether every name stands between quotation marks, as PowerShell writes them.
  let isQuoted: Bool

  private static let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), 9, UInt8(ascii: "|")]

  /// - Parameter separator: the byte between cells where a line before said it; nil to tell it by the line.
  init(_ line: ArraySlice<UInt8>, separator given: UInt8? = nil) {
    let separator = given ?? Self.separator(of: line)
    var reader = CSVReader(separator: separator, maximumLength: .max)
    let row: CSVReader.Row? =
      if case .row(let row) = reader.read(line.span, line: 1) { row } else { reader.rest() }
    self.separator = separator
    names = (row?.cells ?? []).map(Self.trimmed)
    isQuoted = row.map { row in (0..<row.count).allSatisfy(row.isQuoted) } ?? false
    isCsvde = separator == UInt8(ascii: ",") && names.first == "DN" && !line.contains(UInt8(ascii: "\""))
  }

  /// Whether one of the columns is the name of the object, and the rows are objects.
  var hasName: Bool { names.contains(where: Self.isName) && !isOfIdFix }
  /// Whether the rows are errors that IdFix found.
  var isOfIdFix: Bool {
    let folded = Set(names.map { $0.lowercased() })
    return folded.isSuperset(of: ["attribute", "error"]) && !folded.isDisjoint(with: ["update", "action"])
  }

  /// Whether a column is the name of the object.
  static func isName(_ column: String) -> Bool { ["dn", "distinguishedname"].contains(column.lowercased()) }

  private static func trimmed(_ name: String) -> String {
    var name = name.drop { $0 == " " || $0 == "\u{FEFF}" }
    while name.last == " " { name.removeLast() }
    return String(name)
  }

  /// The separator that stands most often outside of quotation marks.
  private static func separator(of line: ArraySlice<UInt8>) -> UInt8 {
    var counts = Array(repeating: 0, count: separators.count)
    var isQuoted = false
    for byte in line {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted, let place = separators.firstIndex(of: byte) { counts[place] += 1 }
    }
    let most = counts.indices.max { counts[$0] < counts[$1] } ?? 0
    return separators[most]
  }

  /// The separator of a line `sep=;`, which a spreadsheet wants; nil for another line.
  static func hint(_ line: ArraySlice<UInt8>) -> UInt8? {
    line.count == 5 && String(decoding: line.prefix(4), as: UTF8.self).lowercased() == "sep=" ? line.last : nil
  }

  /// Whether a line is the one with the type of the objects: `#TYPE Selected.…ADUser`, perhaps saved by a spreadsheet.
  static func isType(_ line: ArraySlice<UInt8>) -> Bool {
    let start = line.first == UInt8(ascii: "\"") ? line.dropFirst() : line
    return start.starts(with: Array("#TYPE ".utf8))
  }

  /// Whether a text may begin a table, by a few bytes: it has a separator before the first line end and no colon of LDIF.
  static func mayBegin(_ start: Substring) -> Bool {
    let line = start.prefix { !$0.isNewline }
    if line.hasPrefix("#TYPE ") || line.lowercased().hasPrefix("sep=") || line.hasPrefix("\"") { return true }
    return line.contains { ",;|\t".contains($0) } && !line.contains(":") && !line.hasPrefix("#")
  }

  /// Whether a text is a table of objects: its first line has a column with their names, or tells their type.
  static func recognizes(_ text: Substring) -> Bool {
    for line in text.split(maxSplits: 4, whereSeparator: \.isNewline).prefix(4) {
      let bytes = Array(line.utf8)[...]
      if hint(bytes) != nil { continue }
      if isType(bytes) { return true }
      return TableHeader(bytes).hasName
    }
    return false
  }
}
