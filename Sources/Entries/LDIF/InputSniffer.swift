/// Tells by the first bytes what an input is; names and extensions are not trusted.
enum InputSniffer {
  /// How the characters of a text are written, and how many bytes of byte order mark come first.
  enum Encoding: Equatable {
    case utf8(mark: Int)
    case utf16(isBigEndian: Bool, mark: Int)
  }

  static func encoding(_ bytes: ArraySlice<UInt8>) -> Encoding {
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { return .utf8(mark: 3) }
    if bytes.starts(with: [0xff, 0xfe]) { return .utf16(isBigEndian: false, mark: 2) }
    if bytes.starts(with: [0xfe, 0xff]) { return .utf16(isBigEndian: true, mark: 2) }
    // Without a mark: LDIF begins with ASCII letters, of which UTF-16 makes every other byte zero.
    let start = Array(bytes.prefix(8))
    guard start.count >= 6 else { return .utf8(mark: 0) }
    let even = stride(from: 0, to: start.count & ~1, by: 2).map { start[$0] }
    let odd = stride(from: 1, to: start.count, by: 2).map { start[$0] }
    if odd.allSatisfy({ $0 == 0 }), !even.contains(0) { return .utf16(isBigEndian: false, mark: 0) }
    if even.allSatisfy({ $0 == 0 }), !odd.contains(0) { return .utf16(isBigEndian: true, mark: 0) }
    return .utf8(mark: 0)
  }

  /// First words of records by which a text shows that it is LDIF, or at least a relative of it.
  private static let recordWords = ["dn", "version", "search", "result", "ref", "distinguishedname", "changetype"]

  /// Why a text is no export, when it is none; nil for LDIF, also for bad LDIF and for none at all.
  ///
  /// - Parameter text: The first block of the source, UTF-8.
  static func reasonNotLDIF(_ text: ArraySlice<UInt8>) -> String? {
    var isBlank = true
    var firstLine: ArraySlice<UInt8>?
    var rest = text
    while !rest.isEmpty {
      let line = rest.prefix { $0 != 10 }
      rest = rest[line.endIndex...].dropFirst()
      guard let first = line.first, first != 13, first != UInt8(ascii: "#") else { continue }
      if let reason = ForeignText.reason(line) { return reason }
      if startsRecord(line) || startsRecord(unfolded(line, rest)[...]) { return schemaUpdate(rest) }
      if isBlank, first != UInt8(ascii: " ") {
        firstLine = line
        isBlank = false
      }
    }
    guard let firstLine else { return nil }
    return "is not LDIF: \(kind(of: text, firstLine: firstLine)); no line begins with 'dn:'"
  }

  /// What is to be said of a file that adprep hands to a domain controller (`Sch45.ldf`); nil for any other.
  ///
  /// Its change types are known to Active Directory's own import only.
  private static func schemaUpdate(_ text: ArraySlice<UInt8>) -> String? {
    let label = Array("changetype:".utf8)
    var rest = text
    while !rest.isEmpty {
      let line = rest.prefix { $0 != 10 }
      rest = rest[line.endIndex...].dropFirst()
      guard line.count > label.count, line.count < 64, line.first.map({ $0 | 0x20 }) == label[0] else { continue }
      let words = String(decoding: line, as: UTF8.self).lowercased().split(whereSeparator: {
        $0 == ":" || $0.isWhitespace
      })
      if words.count == 2, words[0] == "changetype", words[1].hasPrefix("ntdsschema") {
        return
          "is no export: it is a schema update file (ntdsSchemaAdd, ntdsSchemaModify, ntdsSchemaDelete), which holds "
          + "attributes and classes of the schema and no objects"
      }
    }
    return nil
  }

  /// A line of two or three letters with the lines that go on with it: RFC 2849 lets a name be folded, too.
  private static func unfolded(_ line: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8>) -> [UInt8] {
    var (text, rest) = (Array(line.filter { $0 != 13 }), rest)
    while text.count < 4, rest.first == UInt8(ascii: " ") {
      let next = rest.dropFirst().prefix { $0 != 10 }
      text += next.filter { $0 != 13 }
      rest = rest[next.endIndex...].dropFirst()
    }
    return text
  }

  private static func startsRecord(_ line: ArraySlice<UInt8>) -> Bool {
    guard let colon = line.prefix(20).firstIndex(of: UInt8(ascii: ":")) else { return false }
    let word = String(decoding: line[..<colon], as: UTF8.self).lowercased()
    return recordWords.contains(word)
  }

  private static let magics: [(bytes: [UInt8], name: String)] = [
    (
      Array("PK\u{3}\u{4}".utf8),
      "a ZIP archive within another file, or one that came through a pipe (give it by its own name)"
    ),
    (Array("BZh".utf8), "compressed with bzip2 (decompress it first)"),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "compressed twice (decompress it once)"),
    ([0x37, 0x7a, 0xbc, 0xaf], "a 7-Zip archive (unpack it first)"),
    ([0x1f, 0x8b], "compressed twice (decompress it once)"),
    (Array("%PDF".utf8), "a PDF document"),
    (Array("ElfFile".utf8), "a Windows event log (`dirsync-lint resolve FILE --in EXPORT` reads it)"),
    (
      Array("win-ad-ob".utf8),
      "a snapshot of AD Explorer (ADExplorerSnapshot.py -m Objects FILE turns it into NDJSON, which can be read)"
    ),
    (Array("win-ad-XX".utf8), "a snapshot that AD Explorer did not finish (take it again)"),
    (
      [0xD0, 0xCF, 0x11, 0xE0],
      "an old Excel workbook (save the sheet as CSV UTF-8, or give the export it was made from)"
    ),
    (Array("SQLite format 3".utf8), "an SQLite database"),
    ([0x7f, 0x45, 0x4c, 0x46], "an executable program"),
    (Array("{\\rtf".utf8), "a rich text document"),
  ]

  private static func kind(of text: ArraySlice<UInt8>, firstLine: ArraySlice<UInt8>) -> String {
    for magic in magics where text.starts(with: magic.bytes) { return "it is \(magic.name)" }
    if text.prefix(4096).contains(0) { return "it is a binary file" }
    let lines = text.prefix(1 << 16).split(separator: 10, maxSplits: 40).map { $0.last == 13 ? $0.dropLast() : $0 }
      .filter { !$0.isEmpty }
    if let reason = ForeignText.reason(lines: Array(lines)) { return reason }
    switch firstLine.first {
    case UInt8(ascii: "<"): return "it looks like XML or HTML"
    case UInt8(ascii: "{"), UInt8(ascii: "["): return "it looks like JSON"
    default: break
    }
    if isMost(lines, { $0.first == UInt8(ascii: ">") }) {
      return "it looks like quoted mail: '>' stands before its lines (take that away)"
    }
    if isMost(lines, isListLine) {
      return
        "it looks like a list of properties, as PowerShell's Format-List shows them, with lists cut after four values; "
        + "leave Format-List out and \(ExportAdvice.powerShell)"
    }
    if isTable(lines) {
      return "it looks like CSV without a column DN or DistinguishedName, by which objects are known; "
        + ExportAdvice.powerShell
    }
    return "it looks like some other text"
  }

  /// Whether more than half of the lines, two at least, are of a kind.
  private static func isMost(_ lines: [ArraySlice<UInt8>], _ isOfKind: (ArraySlice<UInt8>) -> Bool) -> Bool {
    let count = lines.count(where: isOfKind)
    return count >= 2 && count * 2 > lines.count
  }

  /// Whether a line is a name, spaces, a colon and a value: `DistinguishedName : CN=…`.
  private static func isListLine(_ line: ArraySlice<UInt8>) -> Bool {
    let name = line.prefix {
      ($0 | 0x20) &- 97 < 26 || $0 &- 48 < 10 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
    }
    let rest = line[name.endIndex...]
    let colon = rest.drop { $0 == UInt8(ascii: " ") }
    return !name.isEmpty && colon.startIndex > rest.startIndex && colon.first == UInt8(ascii: ":")
      && (colon.count == 1 || colon[colon.startIndex + 1] == UInt8(ascii: " "))
  }

  /// Whether the second line has at least as many separators as the first, which is what a table has; a table of one line
  /// has names only, without spaces between them.
  private static func isTable(_ lines: [ArraySlice<UInt8>]) -> Bool {
    guard let first = lines.first else { return false }
    return [UInt8(ascii: ","), UInt8(ascii: ";"), 9].contains { separator in
      let count = first.count { $0 == separator }
      guard count > 0 else { return false }
      guard lines.count > 1 else { return !first.contains(UInt8(ascii: " ")) }
      return lines[1].count { $0 == separator } >= count
    }
  }
}
