import Directory

/// What one record is, as the careful reader found it.
enum CarefulRecord {
  /// A content record or `changetype: add`.
  case entry(CarefulEntry)
  /// Any other change record.
  case change(ChangeRecord, line: Int)
  /// Nothing that counts: a version line, the trailer of `ldapsearch`, a referral.
  case nothing
  /// Text that cannot be read, or a remark on the file as a whole.
  case problem(LineFault, losesRecord: Bool)
}

/// An entry as the careful reader found it.
struct CarefulEntry {
  /// Bytes of the text, or of `decoded`.
  struct Slice {
    var range: Range<Int>
    var isDecoded: Bool
  }

  /// One value and where it stands.
  struct Value {
    /// Without a `range` option.
    var attribute: AttributeID
    var slice: Slice
    var line: Int
    var column: Int
  }

  var dn: Slice
  var line: Int
  var text: Range<Int>
  var values: [Value] = []
  var ranged: [(attribute: AttributeID, isLast: Bool)] = []
  var controls: [ChangeControl] = []
  /// Bytes of values that were folded or in base64.
  var decoded: [UInt8] = []
}

/// Reads one record of any kind, byte by byte, and says exactly what is wrong with a bad one.
///
/// The fast `RecordScanner` hands over every record that has something it does not know; this reader is the one place
/// where the rules of RFC 2849 and of its dialects are decided.
struct LDIFRecordParser {
  private(set) var walk: LineWalk
  private var line = LogicalLine()

  /// A reader of the record that begins at `position` of `bytes`, of which `end` bytes are text.
  init(_ bytes: [UInt8], end: Int, position: Int, line: Int) {
    walk = LineWalk(bytes, end: end, position: position, line: line)
  }

  /// Reads the record, up to and with the empty line that ends it.
  mutating func read(_ attributes: inout AttributeTable, _ spellings: inout SpellingTable) -> CarefulRecord {
    defer { walk.finishRecord() }
    do throws(LineFault) {
      return try readRecord(&attributes, &spellings)
    } catch {
      return .problem(error, losesRecord: true)
    }
  }

  private mutating func readRecord(
    _ attributes: inout AttributeTable, _ spellings: inout SpellingTable
  ) throws(LineFault) -> CarefulRecord {
    if walk.isAtContinuation {
      throw LineFault(
        line: walk.line, column: 1,
        message: "a line that begins with a space continues the line before it, but here a record begins")
    }
    guard walk.nextLogical(into: &line) else { return .nothing }
    line.dropByteOrderMark()
    var syntax = try skipToDN()
    if syntax.word(line) == "version" {
      try checkVersion(syntax)
      guard walk.nextLogical(into: &line) else { return .nothing }
      syntax = try LineSyntax(line)
    }
    switch syntax.word(line) {
    case "dn": return try readBehindDN(syntax, &attributes, &spellings)
    case "search", "result", "ref": return try readTrailer(syntax)
    case "distinguishedname":
      throw line.fault(
        at: 0,
        "this is a record of an IdFix update file, which is not LDIF ('distinguishedName:' instead of 'dn:'); export the"
          + " entries with ldifde or ldapsearch")
    default:
      throw line.fault(
        at: 0,
        "a record must begin with 'dn:', but this one begins with \(InputQuote.text(line.bytes[..<syntax.colon]))")
    }
  }

  /// The parts of the first line; of the line with the DN, where lines come before it that are no part of a record, such as
  /// the command that was copied together with its output.
  private mutating func skipToDN() throws(LineFault) -> LineSyntax {
    let fault: LineFault
    do throws(LineFault) { return try LineSyntax(line) } catch { fault = error }
    while line.bytes.last != 13, walk.nextLogical(into: &line) {
      if let syntax = try? LineSyntax(line) {
        if syntax.word(line) == "dn" { return syntax }
        break
      }
    }
    throw fault
  }

  /// `version: 1`, at the start of the file, or of a file that was appended to another.
  private func checkVersion(_ syntax: LineSyntax) throws(LineFault) {
    let value = try syntax.value(line)
    guard value == [UInt8(ascii: "1")] else {
      throw line.fault(
        at: syntax.valueStart, "LDIF version \(InputQuote.text(value[...])) is not known; there is only version 1")
    }
  }

  /// What `ldapsearch` and `ldbsearch` print behind the entries. A result other than 0 says that entries are missing.
  private mutating func readTrailer(_ first: LineSyntax) throws(LineFault) -> CarefulRecord {
    var syntax = first
    while true {
      if syntax.word(line) == "result", !line.bytes[syntax.valueStart...].starts(with: Array("0".utf8)) {
        let result = InputQuote.text(line.bytes[syntax.valueStart...])
        let fault = line.fault(
          at: syntax.valueStart,
          "the search that wrote this ended with result \(result): entries are missing, export again")
        return .problem(fault, losesRecord: false)
      }
      guard walk.nextLogical(into: &line) else { return .nothing }
      syntax = try LineSyntax(line)
      if syntax.word(line) == "dn" { throw secondDN() }
    }
  }

  private func secondDN() -> LineFault {
    line.fault(
      at: 0, "a second 'dn:' in one record: an empty line (without spaces) must stand between two entries")
  }

  private func misplacedChangeType() -> LineFault {
    line.fault(
      at: 0, "'changetype:' says what kind of record this is, so it must stand right behind 'dn:', and once")
  }

  private mutating func readBehindDN(
    _ syntax: LineSyntax, _ attributes: inout AttributeTable, _ spellings: inout SpellingTable
  ) throws(LineFault) -> CarefulRecord {
    var entry = CarefulEntry(dn: CarefulEntry.Slice(range: 0..<0, isDecoded: false), line: line.line, text: 0..<0)
    let textStart = line.textStart
    entry.dn = try slice(syntax, &entry)
    let dn = entry.dn.isDecoded ? Array(entry.decoded[entry.dn.range]) : Array(walk.bytes[entry.dn.range])
    var hasChangeType = false
    var controlLine = 0
    while walk.nextLogical(into: &line) {
      // Records of a database that are no objects (Samba's `@INDEXLIST`) have attributes that no directory has.
      if dn.first == UInt8(ascii: "@"), line.bytes.first == UInt8(ascii: "@") { continue }
      let syntax = try LineSyntax(line)
      let word = syntax.word(line)
      if word == "dn" { throw secondDN() }
      if entry.values.isEmpty, !hasChangeType, word == "control" {
        if entry.controls.isEmpty { controlLine = line.line }
        entry.controls.append(try ChangeRecordReader.control(syntax, line))
      } else if !hasChangeType, word == "changetype", isBehindDN(entry, attributes) {
        hasChangeType = true
        let kind = try ChangeRecordReader.kind(syntax, line)
        guard kind != .add else {
          // IdFix writes no entries, so what stands before it is no `cn:` of IdFix.
          if !entry.values.isEmpty { throw misplacedChangeType() }
          // `ldifde` writes it in each record.
          if let id = attributes.intern(line.bytes.span.extracting(0..<syntax.colon)) {
            learn(syntax, attributes[id], id, isLastRange: nil, &spellings)
          }
          continue
        }
        let change = try ChangeRecordReader.read(kind, &walk, &line)
        return .change(ChangeRecord(dn: dn, change: change, controls: entry.controls), line: entry.line)
      } else if word == "changetype" {
        throw misplacedChangeType()
      } else {
        try add(syntax, to: &entry, &attributes, &spellings)
      }
    }
    if !entry.controls.isEmpty, !hasChangeType {
      throw LineFault(
        line: controlLine, column: 1, message: "a record with 'control:' must say 'changetype:' behind its controls")
    }
    entry.text = textStart..<(walk.recordEnd ?? walk.position)
    return .entry(entry)
  }

  /// Whether only the DN came before; the `cn:` that IdFix writes between `dn:` and `changetype:` does not count.
  private func isBehindDN(_ entry: CarefulEntry, _ attributes: AttributeTable) -> Bool {
    guard let only = entry.values.first else { return true }
    return entry.values.count == 1 && entry.ranged.isEmpty && attributes.id(of: "cn") == only.attribute
  }

  /// The value of the line: a slice of the text where it stands there in one piece, else of decoded bytes.
  private func slice(_ syntax: LineSyntax, _ entry: inout CarefulEntry) throws(LineFault) -> CarefulEntry.Slice {
    if !line.isFolded, !syntax.isBase64 {
      let range = line.textStart + syntax.valueStart..<line.textStart + line.bytes.count
      return CarefulEntry.Slice(range: range, isDecoded: false)
    }
    let start = entry.decoded.count
    entry.decoded.append(contentsOf: try syntax.value(line))
    return CarefulEntry.Slice(range: start..<entry.decoded.count, isDecoded: true)
  }

  private func add(
    _ syntax: LineSyntax, to entry: inout CarefulEntry, _ attributes: inout AttributeTable,
    _ spellings: inout SpellingTable
  ) throws(LineFault) {
    guard let id = attributes.intern(line.bytes.span.extracting(0..<syntax.colon)) else {
      throw line.fault(
        at: 0, "more than \(AttributeTable.capacity) different attribute descriptions: this is no directory export")
    }
    let unranged = attributes[id].unranged
    var isLastRange = false
    if let range = attributes[id].range {
      isLastRange = range.last == nil
      entry.ranged.append((unranged, isLastRange))
    }
    learn(
      syntax, attributes[unranged], unranged, isLastRange: attributes[id].range.map { _ in isLastRange }, &spellings)
    let slice = try slice(syntax, &entry)
    entry.values.append(
      CarefulEntry.Value(attribute: unranged, slice: slice, line: line.line, column: syntax.valueStart + 1))
  }

  /// Tells the scanner of a spelling; `isLastRange` is nil for one without a `range` option.
  private func learn(
    _ syntax: LineSyntax, _ description: AttributeTable.Description, _ attribute: AttributeID, isLastRange: Bool?,
    _ spellings: inout SpellingTable
  ) {
    guard !spellings.isFull else { return }
    let bytes = Array(line.bytes[...syntax.colon])
    guard spellings.number(of: bytes) == nil else { return }
    let word = syntax.word(line)
    let kind: SpellingKind
    if word == "changetype" || word == "control" {
      kind = .directive
    } else if isLastRange != nil {
      kind = .ranged
    } else {
      kind = description.type < spellings.readCount ? .ordinary : .unread
    }
    spellings.add(bytes, attribute: attribute, kind: kind, isLastRange: isLastRange ?? false)
  }
}
