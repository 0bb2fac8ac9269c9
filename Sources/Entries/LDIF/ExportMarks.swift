import Bytes
import Directory

/// What a tool writes around the entries of an export, by which one can tell what was asked for and whether all of it is
/// there: comments before the first record, between the records and behind the last one.
struct ExportMarks {
  /// The tools whose habits are known.
  enum Writer {
    /// ldapsearch, with the comments that it ends with.
    case ldapsearch
    case ldbsearch
    case ldifde
    /// This program.
    case entries
    /// One that says what was asked for, as ldapsearch does when told to leave comments out.
    case other
  }

  /// The tool by the first lines; nil where nobody knows.
  private(set) var writer: Writer?
  /// The attributes that were asked for, by the line `# requesting:` of ldapsearch and of this program.
  private(set) var exported = ExportedAttributes.unknown
  /// Attributes that the directory cannot have, by their names in lower case: the line `# not in the schema:` of this program.
  private(set) var inapplicable: Set<String> = []
  /// The number of entries that the tool says it has written (`# numEntries:` of ldapsearch, `# N entries` of ldbsearch),
  /// in all its outputs that were joined to this text.
  private(set) var announcedEntries: Int?
  /// Whether an output has begun whose last comment was not met.
  private var awaitsEnd = false
  /// Whether an output began before the one before it had ended.
  private var lacksEnd = false

  private static let requestLabel = "requesting:"
  private static let schemaLabel = "not in the schema:"
  private static let ownMark = "entries of dirsync-lint"

  /// The comment by which this program's own output is known.
  static var ownComment: String { "# \(ownMark), each ended by an empty line\n" }

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

  /// Whether the tool is one that ends every line.
  var endsEveryLine: Bool { writer != nil }

  /// Whether the tool ends every record with an empty line, even the last one.
  var endsEveryRecord: Bool { writer == .ldifde || writer == .entries }

  // MARK: - The first lines

  /// Looks at the first block of a text.
  mutating func readHead(_ text: ArraySlice<UInt8>) {
    var lines = TextLines(text)
    var isFirstRecord = false
    while let line = lines.next() {
      if line.first == UInt8(ascii: "#") {
        readComment(line)
      } else if isFirstRecord {
        // A name may be longer than a line.
        if line.first == UInt8(ascii: " ") { continue }
        // ldifde says of every entry how it is to be imported, right behind its name, in lines that end as Windows has it.
        if line.starts(with: Array("changetype: add".utf8)), writer == nil {
          let isOfWindows = lines.hadCarriageReturn
          let next = lines.next() ?? []
          writer = isOfWindows && next.elementsEqual(Array("objectClass: top".utf8)) ? .ldifde : .other
        }
        return
      } else if line.count > 3, line.prefix(3).elementsEqual(Array("dn:".utf8)) {
        // Before the first record stands whatever else a terminal showed.
        isFirstRecord = true
      }
    }
  }

  private mutating func readComment(_ line: ArraySlice<UInt8>) {
    let text = String(decoding: line.dropFirst(), as: UTF8.self)
    if let names = Self.value(of: Self.requestLabel, in: text) {
      exported = ExportedAttributes(requested: names.split(whereSeparator: { $0 == " " || $0 == "," }))
      writer = writer ?? .other
    }
    if let names = Self.value(of: Self.schemaLabel, in: text) {
      inapplicable = Set(names.split(whereSeparator: { $0 == " " || $0 == "," }).map { $0.lowercased() })
    }
    if text.hasPrefix(" extended LDIF") { writer = .ldapsearch }
    if text.hasPrefix(" record 1") { writer = .ldbsearch }
    if text.hasPrefix(" \(Self.ownMark)") { writer = .entries }
  }

  // MARK: - Comments of all outputs

  /// Looks at a block of a text, in order, for the comments with which outputs begin and end.
  mutating func read(_ text: Span<UInt8>) {
    guard writer == .ldapsearch || writer == .ldbsearch else { return }
    var place = 0
    while let mark = firstPlace(of: UInt8(ascii: "#"), in: text, from: place) {
      let end = firstPlace(of: 10, in: text, from: mark) ?? text.count
      place = end
      if mark == 0 || text[mark - 1] == 10 { readBetween(text.extracting(mark..<end)) }
    }
  }

  /// Looks at the end of a text of which the first lines tell nothing: it may have lost them.
  mutating func readTail(_ text: ArraySlice<UInt8>) {
    guard writer == nil else { return }
    var lines = TextLines(text.suffix(2_000))
    while let line = lines.next() {
      if line.first == UInt8(ascii: "#") { readBetween(line.span) }
    }
    lacksEnd = false
    awaitsEnd = false
  }

  /// Why a text was cut that ends as this one does; nil where nothing tells.
  func reasonCut(_ end: ArraySlice<UInt8>) -> String? {
    let advice = "so the file was cut off there; copy it again or export it again"
    // Ctrl-Z and zeros at the end are left by old tools and by disks, not by a cut.
    let text = end[..<(end.lastIndex { ![0, 26, UInt8(ascii: " ")].contains($0) }.map { $0 + 1 } ?? end.startIndex)]
    if endsEveryLine, Self.endsWithinLine(end) { return "the last line has no end, \(advice)" }
    if endsEveryRecord, !text.isEmpty, !Self.endsWithEmptyLine(text) {
      return "no empty line ends the last record, \(advice)"
    }
    guard lacksEnd || awaitsEnd else { return nil }
    let comments = "the comments that \(writer == .ldbsearch ? "ldbsearch" : "ldapsearch") writes at its end"
    return awaitsEnd
      ? "\(comments) are not there, \(advice)"
      : "\(comments) are not behind each of its outputs, \(advice.replacing("the file", with: "one of them"))"
  }

  /// Whether a text ends with a line that something was written on and that has no end.
  static func endsWithinLine(_ text: ArraySlice<UInt8>) -> Bool {
    guard let last = text.last, ![0, 10, 13, 26].contains(last) else { return false }
    return text.contains { $0 != UInt8(ascii: " ") }
  }

  /// Whether a text ends with an empty line.
  static func endsWithEmptyLine(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.last == 10 else { return false }
    let before = text.dropLast()
    let end = before.last == 13 ? before.dropLast() : before
    return end.isEmpty || end.last == 10
  }

  private mutating func readBetween(_ comment: Span<UInt8>) {
    // The comments that matter are short; names of entries need not be.
    guard comment.count > 8, comment.count < 60 else { return }
    let words = String(decoding: Array(copying: comment), as: UTF8.self).split { $0 == " " || $0 == "\r" }.dropFirst()
    guard words.count >= 2, let first = words.first, let second = words.dropFirst().first else { return }
    switch (first, second) {
    case ("extended", "LDIF"), ("record", "1"): begin()
    case ("numResponses:", _): awaitsEnd = false
    case ("numEntries:", let number):
      awaitsEnd = false
      announce(Int(number))
    case ("returned", let number) where words.count == 3:
      awaitsEnd = false
      returned = Int(number)
      announce(returned)
    // Of what ldbsearch counts as records, some are referrals.
    case (let number, "referrals"), (let number, "referral"):
      if let count = Int(number), let returned, count <= returned { announce(-count) }
      returned = nil
    default: break
    }
  }

  /// The records that ldbsearch has said it returned, until it says how many of them are referrals.
  private var returned: Int?

  private mutating func begin() {
    if awaitsEnd { lacksEnd = true }
    awaitsEnd = true
  }

  private mutating func announce(_ count: Int?) {
    guard let count, abs(count) < 1 << 40 else { return }
    announcedEntries = (announcedEntries ?? 0) + count
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
  /// Whether the last line ended with a carriage return as well.
  private(set) var hadCarriageReturn = false

  init(_ text: ArraySlice<UInt8>) { rest = text }

  mutating func next() -> ArraySlice<UInt8>? {
    guard !rest.isEmpty else { return nil }
    let line = rest.prefix { $0 != 10 }
    rest = rest[line.endIndex...].dropFirst()
    hadCarriageReturn = line.last == 13
    return hadCarriageReturn ? line.dropLast() : line
  }
}
