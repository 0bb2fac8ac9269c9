import Directory
import Findings

/// A finding on its way from the thread that made it to its turn in the output: bytes, without what its rule says.
///
/// Rule, attribute and source are numbers; texts and values are copied straight from the batch, and become values of their
/// own only when the finding's turn comes. Not a file format: it is read by the run that wrote it. Numbers are 32 bits wide,
/// texts are their length and their bytes.
struct FindingRecord {
  /// What a record has.
  private struct Parts: OptionSet {
    let rawValue: UInt32
    static let objectGUID = Parts(rawValue: 1)
    static let value = Parts(rawValue: 2)
    static let suggestion = Parts(rawValue: 4)
    static let suggestedValue = Parts(rawValue: 8)
    static let commonName = Parts(rawValue: 16)
    static let row = Parts(rawValue: 32)
    static let equal = Parts(rawValue: 64)
    static let line = Parts(rawValue: 128)
  }

  // MARK: - Writing

  /// Appends the record of an issue of the entry that `evaluator` entered last.
  ///
  /// - Parameters:
  ///   - number: index of the entry in its batch.
  ///   - suggestion: what would mend it; a row of a parity rule brings its own.
  static func append(
    _ issue: Issue, _ suggestion: Suggestion?, of evaluator: borrowing EntryEvaluator, entry number: Int,
    in batch: EntryBatch, to bytes: inout [UInt8]
  ) {
    let entry = batch.entries[number]
    let head = evaluator.program.heads[issue.rule]
    let places = EntryPlaces(evaluator, batch)
    let all = batch.bytes.span
    let value: Range<Int>? = issue.value >= 0 ? batch.values[Int(issue.value)].range : nil
    let remedy = suggestion ?? issue.row.flatMap { Self.suggestion(of: $0, value, batch) }
    var parts: Parts = []
    if places.objectGUID != nil { parts.insert(.objectGUID) }
    if value != nil { parts.insert(.value) }
    if remedy != nil { parts.insert(.suggestion) }
    if remedy?.value != nil { parts.insert(.suggestedValue) }
    if places.commonName != nil { parts.insert(.commonName) }
    if issue.row != nil { parts.insert(.row) }
    if issue.equal >= 0 { parts.insert(.equal) }
    if batch.hasLines { parts.insert(.line) }
    let start = bytes.count
    bytes.append(word: 0)
    bytes.append(number: number)
    bytes.append(number: issue.rule)
    bytes.append(number: issue.slot)
    bytes.append(number: Int(parts.rawValue))
    append(location: issue.value, entry, batch, to: &bytes)
    bytes.append(number: issue.value >= 0 ? evaluator.index.ordinal(of: issue.value) : 0)
    let fingerprint = fingerprint(of: issue, head, places, entry, batch, evaluator.program.attributes[issue.slot])
    bytes.append(word: fingerprint.low)
    bytes.append(word: fingerprint.high)
    if let guid = places.objectGUID { for place in 0..<16 { bytes.append(guid[place]) } }
    bytes.append(text: all.extracting(entry.dn))
    bytes.append(text: all.extracting(places.objectClass))
    bytes.appendMeasured { bytes in
      MessageText(issue: issue, attribute: evaluator.program.attributes[issue.slot]).append(
        head, batch.bytes.span.extracting(value ?? 0..<0), to: &bytes)
    }
    if let value { bytes.append(text: all.extracting(value)) }
    if let remedy {
      bytes.append(number: remedy.action == .replace ? 0 : remedy.action == .remove ? 1 : 2)
      if let value = remedy.value { bytes.append(text: value.bytes.span) }
    }
    if let name = places.commonName { bytes.append(text: all.extracting(name)) }
    append(spans: value == nil ? [] : issue.flagged, of: all.extracting(value ?? 0..<0), to: &bytes)
    if issue.equal >= 0 {
      bytes.append(text: all.extracting(batch.values[Int(issue.equal)].range))
      append(location: issue.equal, entry, batch, to: &bytes)
    }
    if let row = issue.row {
      bytes.append(number: row.errors.count)
      for error in row.errors { bytes.append(text: error.utf8Span.span) }
      bytes.append(text: row.action.rawValue.utf8Span.span)
    }
    bytes.set(word: UInt64(bytes.count - start), at: start)
  }

  private static func fingerprint(
    of issue: Issue, _ head: RuleProgram.RuleHead, _ places: EntryPlaces, _ entry: EntryRecord, _ batch: EntryBatch,
    _ attribute: String
  ) -> Fingerprint {
    let all = batch.bytes.span
    func made(_ identity: Span<UInt8>?) -> Fingerprint {
      Fingerprint(
        head.finding.fingerprint, objectGUID: places.objectGUID, dn: all.extracting(entry.dn), attribute: attribute,
        value: identity)
    }
    switch issue.identity {
    case .value: return made(issue.value >= 0 ? all.extracting(batch.values[Int(issue.value)].range) : nil)
    case .attribute: return made(nil)
    case .key(let bytes): return made(bytes.span)
    }
  }

  /// The proposed value of a row, where it is another one.
  private static func suggestion(of row: StepRow, _ value: Range<Int>?, _ batch: EntryBatch) -> Suggestion? {
    guard let proposed = row.proposed, !proposed.isEmpty else { return nil }
    if let value, Words.areEqual(batch.bytes.span.extracting(value), proposed.span) { return nil }
    return Suggestion(action: value == nil ? .add : .replace, value: AttributeValue(proposed))
  }

  /// Line and column of a value; the entry's own when there is none. Lines count from the start of the batch.
  private static func append(location value: Int32, _ entry: EntryRecord, _ batch: EntryBatch, to bytes: inout [UInt8])
  {
    let record = value >= 0 ? batch.values[Int(value)] : nil
    bytes.append(number: Int(record?.line ?? entry.line) + 1)
    bytes.append(number: Int(record?.column ?? 1))
  }

  /// Byte ranges as spans of characters.
  private static func append(spans flagged: [Range<Int>], of value: Span<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(number: flagged.count)
    var index = 0
    var offset = 0
    for range in flagged {
      while index < range.lowerBound, index < value.count {
        index += ScalarReader.scalar(at: index, of: value).length
        offset += 1
      }
      let length = ScalarReader.count(value, range)
      let scalar = length == 1 ? ScalarReader.scalar(at: range.lowerBound, of: value).value : ScalarReader.invalid
      bytes.append(number: offset)
      bytes.append(number: length)
      bytes.append(number: Int(scalar))
    }
  }

  // MARK: - Reading

  /// Reads the record at `offset` of a finding's own bytes into the finding and moves the offset behind it.
  ///
  /// - Parameters:
  ///   - source: the name of its source.
  ///   - lineBase: number of lines of the source before the record's batch.
  ///   - finding: overwritten, but for its bytes, in which the record is.
  /// - Returns: index of the entry in its batch.
  static func read(
    at offset: inout Int, _ program: RuleProgram, source: String, lineBase: Int, into finding: inout PackedFinding
  ) -> Int {
    var reader = RecordReader(position: offset)
    offset += Int(truncatingIfNeeded: reader.word(finding.bytes))
    let entry = reader.number(finding.bytes)
    finding.set(rule: reader.number(finding.bytes), of: program)
    finding.attribute = program.attributes[reader.number(finding.bytes)]
    let parts = Parts(rawValue: UInt32(truncatingIfNeeded: reader.number(finding.bytes)))
    finding.location = location(&reader, finding.bytes, parts, source, lineBase)
    let ordinal = reader.number(finding.bytes)
    finding.valueIndex = parts.contains(.value) ? ordinal : nil
    finding.identity = .fingerprint(
      Fingerprint(low: reader.word(finding.bytes), high: reader.word(finding.bytes)))
    finding.objectGUID =
      parts.contains(.objectGUID) ? GUID(finding.bytes.span.extracting(reader.take(16))) : nil
    finding.dn = reader.text(finding.bytes)
    finding.objectClass = reader.text(finding.bytes)
    finding.message = reader.text(finding.bytes)
    finding.value = parts.contains(.value) ? reader.text(finding.bytes) : nil
    readSuggestion(&reader, parts, into: &finding)
    finding.commonName = parts.contains(.commonName) ? reader.text(finding.bytes) : nil
    readSpans(&reader, into: &finding)
    finding.related.removeAll(keepingCapacity: true)
    if parts.contains(.equal) {
      var other = PackedFinding.Related()
      other.dn = finding.dn
      other.objectGUID = finding.objectGUID
      other.objectClass = finding.objectClass
      other.attribute = finding.attribute
      other.value = reader.text(finding.bytes)
      other.location = location(&reader, finding.bytes, parts, source, lineBase)
      finding.related.append(other)
    }
    finding.idfixAction = nil
    if parts.contains(.row) { readRow(&reader, into: &finding) }
    return entry
  }

  private static func location(
    _ reader: inout RecordReader, _ bytes: [UInt8], _ parts: Parts, _ source: String, _ lineBase: Int
  ) -> PackedFinding.Location {
    let (line, column) = (reader.number(bytes), reader.number(bytes))
    return parts.contains(.line)
      ? PackedFinding.Location(source: source, line: lineBase + line, column: column)
      : PackedFinding.Location(source: source, line: 0, column: 0)
  }

  private static func readSuggestion(_ reader: inout RecordReader, _ parts: Parts, into finding: inout PackedFinding) {
    finding.suggestion = nil
    finding.suggestedValue = nil
    guard parts.contains(.suggestion) else { return }
    let action = reader.number(finding.bytes)
    finding.suggestion = action == 0 ? .replace : action == 1 ? .remove : .add
    if parts.contains(.suggestedValue) { finding.suggestedValue = reader.text(finding.bytes) }
  }

  private static func readSpans(_ reader: inout RecordReader, into finding: inout PackedFinding) {
    finding.spans.removeAll(keepingCapacity: true)
    for _ in 0..<reader.number(finding.bytes) {
      let (start, length) = (reader.number(finding.bytes), reader.number(finding.bytes))
      let scalar = UInt32(truncatingIfNeeded: reader.number(finding.bytes))
      finding.spans.append(
        FlaggedSpan(offset: start, length: length, codePoint: scalar == ScalarReader.invalid ? nil : scalar))
    }
  }

  /// Reads what a parity rule adds.
  private static func readRow(_ reader: inout RecordReader, into finding: inout PackedFinding) {
    func text(_ range: Range<Int>) -> String { String(decoding: finding.bytes[range], as: UTF8.self) }
    var labels: [String] = []
    for _ in 0..<reader.number(finding.bytes) { labels.append(text(reader.text(finding.bytes))) }
    finding.ownLabels = labels
    finding.idfixAction = text(reader.text(finding.bytes))
  }
}

extension PackedFinding {
  /// Takes what the rule of a number says.
  mutating func set(rule number: Int, of program: RuleProgram) {
    // Runs of findings of one rule are common. (A parity rule's labels are the finding's own.)
    if number == ruleNumber, idfixAction == nil { return }
    ruleNumber = number
    head = program.heads[number].finding
    ownLabels = nil
  }
}

/// Where the parts of an entry are in its batch that every finding repeats.
struct EntryPlaces {
  var objectGUID: GUID?
  var objectClass = 0..<0
  var commonName: Range<Int>?

  /// No places yet.
  init() {}

  init(_ evaluator: borrowing EntryEvaluator, _ batch: borrowing EntryBatch) {
    let (bytes, values) = (batch.bytes.span, batch.values.span)
    let guid = evaluator.index.first(evaluator.program.objectGUIDSlot)
    if guid >= 0 { objectGUID = GUID(bytes.extracting(values[Int(guid)].range)) }
    let name = evaluator.index.first(evaluator.program.commonNameSlot)
    if name >= 0 { commonName = values[Int(name)].range }
    if evaluator.objectClassValue >= 0 { objectClass = values[Int(evaluator.objectClassValue)].range }
  }
}

/// A place in bytes that were written by `append(number:)` and its like.
struct RecordReader {
  var position: Int

  mutating func take(_ count: Int) -> Range<Int> {
    defer { position += count }
    return position..<position + count
  }

  mutating func number(_ bytes: [UInt8]) -> Int { bytes.number(at: take(4).lowerBound) }

  mutating func word(_ bytes: [UInt8]) -> UInt64 {
    let start = take(8).lowerBound
    return UInt64(bytes.number(at: start)) | UInt64(bytes.number(at: start + 4)) << 32
  }

  /// The place of a text.
  mutating func text(_ bytes: [UInt8]) -> Range<Int> { take(number(bytes)) }
}

extension [UInt8] {
  /// The number of 32 bits at a place.
  @inline(__always)
  func number(at place: Int) -> Int {
    precondition(place >= 0 && place + 4 <= count)
    return withUnsafeBytes { Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt32.self))) }
  }

  /// Appends the low 32 bits of a number.
  @inline(__always)
  mutating func append(number: Int) {
    Swift.withUnsafeBytes(of: UInt32(truncatingIfNeeded: number).littleEndian) { append(contentsOf: $0) }
  }

  /// Appends a word.
  @inline(__always)
  mutating func append(word: UInt64) { Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) } }

  /// Appends a text, its length first.
  @inline(__always)
  mutating func append(text: Span<UInt8>) {
    append(number: text.count)
    text.withUnsafeBufferPointer { append(contentsOf: $0) }
  }

  /// Appends the bytes of a text.
  @inline(__always)
  mutating func append(contentsOf text: String) {
    text.utf8Span.span.withUnsafeBufferPointer { append(contentsOf: $0) }
  }

  /// Appends what `body` appends, its length first.
  mutating func appendMeasured(_ body: (inout [UInt8]) -> Void) {
    let start = count
    append(number: 0)
    body(&self)
    set(number: count - start - 4, at: start)
  }

  /// Overwrites the word at a place.
  mutating func set(word: UInt64, at place: Int) {
    for offset in 0..<8 { self[place + offset] = UInt8(truncatingIfNeeded: word >> UInt64(8 * offset)) }
  }

  /// Overwrites the number of 32 bits at a place.
  mutating func set(number: Int, at place: Int) {
    for offset in 0..<4 { self[place + offset] = UInt8(truncatingIfNeeded: number >> (8 * offset)) }
  }
}
