import Bytes
import Directory

/// What a tool writes around the entries of an export, by which one can tell what was asked for and whether all of it is
/// there: comments before the first record and behind the last one.
struct ExportMarks {
  /// The attributes that were asked for, by the line `# requesting:` of ldapsearch and of this program.
  private(set) var exported = ExportedAttributes.unknown
  /// Attributes that the directory cannot have, by their names in lower case: the line `# not in the schema:` of this program.
  private(set) var inapplicable: Set<String> = []
  /// The number of entries that the tool says it has written (`# numEntries:` of ldapsearch, `# returned N records` of
  /// ldbsearch), where the text ends with it.
  private(set) var announcedEntries: Int?
  /// Whether the tool is one that ends every line: ldapsearch, ldbsearch, ldifde or this program.
  private(set) var endsEveryLine = false

  private static let requestLabel = "requesting:"
  private static let schemaLabel = "not in the schema:"

  /// The comments by which an export says what a source was asked for; empty where nobody knows.
  static func comments(of source: any EntrySource) -> String {
    let names: String
    switch source.exported {
    case .unknown: return ""
    case .all: names = "ALL"
    case .only(let asked): names = asked.sorted().joined(separator: " ")
    }
    let lacking = source.inapplicable.sorted().joined(separator: " ")
    return "# \(requestLabel) \(names)\n" + (lacking.isEmpty ? "" : "# \(schemaLabel) \(lacking)\n")
  }

  /// Looks at the first block of a text.
  mutating func readHead(_ text: ArraySlice<UInt8>) {
    var lines = TextLines(text)
    var isFirstRecord = false
    while let line = lines.next() {
      if line.first == UInt8(ascii: "#") {
        readComment(line)
      } else if isFirstRecord {
        // ldifde says of every entry how it is to be imported, right behind its name.
        if line.starts(with: Array("changetype: add".utf8)) { endsEveryLine = true }
        return
      } else if line.count > 3, line.prefix(3).elementsEqual(Array("dn:".utf8)) {
        isFirstRecord = true
      } else if !line.isEmpty, !line.starts(with: Array("version:".utf8)), line.first != UInt8(ascii: " ") {
        return
      }
    }
  }

  private mutating func readComment(_ line: ArraySlice<UInt8>) {
    let text = String(decoding: line.dropFirst(), as: UTF8.self)
    if let names = Self.value(of: Self.requestLabel, in: text) {
      exported = ExportedAttributes(requested: names.split(whereSeparator: { $0 == " " || $0 == "," }))
      endsEveryLine = true
    }
    if let names = Self.value(of: Self.schemaLabel, in: text) {
      inapplicable = Set(names.split(whereSeparator: { $0 == " " || $0 == "," }).map { $0.lowercased() })
    }
    if text.hasPrefix(" extended LDIF") || text.hasPrefix(" record 1") { endsEveryLine = true }
  }

  /// Looks at the end of a text.
  mutating func readTail(_ text: ArraySlice<UInt8>) {
    var lines = TextLines(text.suffix(2_000))
    announcedEntries = nil
    while let line = lines.next() {
      if line.isEmpty { continue }
      guard line.first == UInt8(ascii: "#") else {
        // Another export begins behind the number, or entries that nobody counted.
        announcedEntries = nil
        continue
      }
      let text = String(decoding: line.dropFirst(), as: UTF8.self)
      if let number = Self.value(of: "numEntries:", in: text) { announcedEntries = Int(number) }
      let words = text.split(separator: " ")
      if words.count == 3, words[0] == "returned", words[2].hasPrefix("record") { announcedEntries = Int(words[1]) }
    }
  }

  private static func value(of label: String, in comment: String) -> String? {
    let text = comment.drop { $0 == " " }
    guard text.hasPrefix(label) else { return nil }
    return text.dropFirst(label.count).split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
  }
}

/// The lines of a text, without their ends.
private struct TextLines {
  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) { rest = text }

  mutating func next() -> ArraySlice<UInt8>? {
    guard !rest.isEmpty else { return nil }
    let line = rest.prefix { $0 != 10 }
    rest = rest[line.endIndex...].dropFirst()
    return line.last == 13 ? line.dropLast() : line
  }
}
