import Bytes
import Directory
import Findings

/// Writes findings on single entries: the layout and bytes of each, straight from the batch, without what its rule says.
///
/// The source is the first of the finding's names, lines count from the start of the batch, and the entry is its index there:
/// who reads a finding back knows the rest.
enum FindingWriter {
  /// Appends the finding that an issue of the entry is that `evaluator` entered last.
  ///
  /// - Parameters:
  ///   - suggestion: what would mend it; a row of a parity rule brings its own.
  ///   - number: index of the entry in its batch.
  static func append(
    _ issue: Issue, _ suggestion: Suggestion?, of evaluator: borrowing EntryEvaluator, entry number: Int,
    in batch: EntryBatch, to bytes: inout [UInt8]
  ) {
    let entry = batch.entries[number]
    let template = evaluator.program.templates[issue.rule]
    let places = EntryIdentity(evaluator, batch)
    let all = batch.bytes.span
    let value: Range<Int>? = issue.value >= 0 ? batch.values[Int(issue.value)].range : nil
    let start = FindingLayout.reserve(in: &bytes)
    let base = bytes.count
    var layout = FindingLayout()
    layout.rule = Int32(truncatingIfNeeded: issue.rule)
    layout.entry = number
    layout.entryLine = batch.hasLines ? Int(entry.line) + 1 : 0
    layout.own.dn = bytes.append(part: all.extracting(entry.dn), base: base)
    layout.own.objectClass = bytes.append(part: all.extracting(places.objectClass), base: base)
    layout.own.objectGUID = places.objectGUID
    layout.own.attribute = Int32(truncatingIfNeeded: issue.slot)
    set(place: issue.value, entry, batch, of: &layout.own)
    if let value {
      layout.own.value = bytes.append(part: all.extracting(value), base: base)
      layout.own.valueIndex = Int32(truncatingIfNeeded: evaluator.index.ordinal(of: issue.value))
    }
    layout.identity = .fingerprint(
      fingerprint(of: issue, template.rule, places, entry, batch, evaluator.program.attributes[issue.slot]))
    let messageStart = bytes.count - base
    MessageText(issue: issue, attribute: evaluator.program.attributes[issue.slot]).append(
      template, batch.bytes.span.extracting(value ?? 0..<0), to: &bytes)
    layout.message = FindingLayout.Part(messageStart..<bytes.count - base)
    if let remedy = suggestion ?? issue.row.flatMap({ Self.suggestion(of: $0, value, batch) }) {
      layout.suggestion = remedy.action
      if let value = remedy.value { layout.suggestedValue = bytes.append(part: value.bytes.span, base: base) }
    }
    if value != nil, !issue.flagged.isEmpty {
      layout.spans = bytes.append(values: spans(issue.flagged, of: all.extracting(value ?? 0..<0)), base: base)
    }
    if issue.equal >= 0 {
      var other = layout.own
      other.value = bytes.append(part: all.extracting(batch.values[Int(issue.equal)].range), base: base)
      other.valueIndex = -1
      set(place: issue.equal, entry, batch, of: &other)
      layout.related = bytes.append(values: [other], base: base)
    }
    if let row = issue.row { layout.annotations = bytes.append(annotations: row.annotations, base: base) }
    layout.byteCount = bytes.count - base
    layout.store(at: start, in: &bytes)
  }

  private static func fingerprint(
    of issue: Issue, _ rule: RuleSummary, _ places: EntryIdentity, _ entry: EntryRecord, _ batch: EntryBatch,
    _ attribute: String
  ) -> Fingerprint {
    let all = batch.bytes.span
    func made(_ identity: Span<UInt8>?) -> Fingerprint {
      Fingerprint(
        rule.fingerprint, objectGUID: places.objectGUID, dn: all.extracting(entry.dn), attribute: attribute,
        value: identity)
    }
    switch issue.identity {
    case .value: return made(issue.value >= 0 ? all.extracting(batch.values[Int(issue.value)].range) : nil)
    case .attribute: return made(nil)
    case .key(let bytes): return made(bytes.span)
    }
  }

  /// The proposed value of a row, where it is another one.
  private static func suggestion(of row: Row, _ value: Range<Int>?, _ batch: EntryBatch) -> Suggestion? {
    guard let proposed = row.proposed, !proposed.isEmpty else { return nil }
    if let value, WideBytes.areEqual(batch.bytes.span.extracting(value), proposed.span) { return nil }
    return Suggestion(action: value == nil ? .add : .replace, value: AttributeValue(proposed))
  }

  /// Sets line and column of a value, or those of the entry when there is none.
  @inline(__always)
  private static func set(
    place value: Int32, _ entry: EntryRecord, _ batch: EntryBatch, of holder: inout FindingLayout.Holder
  ) {
    guard batch.hasLines else { return }
    let record = value >= 0 ? batch.values[Int(value)] : nil
    holder.line = Int(record?.line ?? entry.line) + 1
    holder.column = Int32(truncatingIfNeeded: record?.column ?? 1)
  }

  /// Byte ranges as spans of characters.
  private static func spans(_ flagged: [Range<Int>], of value: Span<UInt8>) -> [FlaggedSpan] {
    var spans: [FlaggedSpan] = []
    spans.reserveCapacity(flagged.count)
    var index = 0
    var offset = 0
    for range in flagged {
      while index < range.lowerBound, index < value.count {
        index += ScalarReader.scalar(at: index, of: value).length
        offset += 1
      }
      let length = ScalarReader.count(value, range)
      let scalar = length == 1 ? ScalarReader.scalar(at: range.lowerBound, of: value).value : ScalarReader.invalid
      spans.append(
        FlaggedSpan(offset: offset, length: length, codePoint: scalar == ScalarReader.invalid ? nil : scalar))
    }
    return spans
  }
}

extension Finding {
  /// Takes the finding whose layout is at a place of bytes that `FindingWriter` wrote.
  ///
  /// - Parameters:
  ///   - firstEntry: number of the first entry of its batch.
  ///   - lineBase: number of lines of the source before its batch.
  /// - Returns: where it ends.
  mutating func take(
    _ spooled: [UInt8], at start: Int, _ program: RuleProgram, firstEntry: Int, lineBase: Int
  ) -> Int {
    let rule = layout.rule
    layout = FindingLayout(spooled, at: start)
    layout.entry += firstEntry
    layout.lineBase = lineBase
    let end = start + FindingLayout.size + layout.byteCount
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: spooled[start + FindingLayout.size..<end])
    // Runs of findings of one rule are common.
    if layout.rule != rule { head = program.templates[Int(layout.rule)].rule }
    return end
  }
}

/// Where the parts of an entry are in its batch that every finding repeats.
struct EntryIdentity {
  var objectGUID: GUID?
  var objectClass = 0..<0

  /// No places yet.
  init() {}

  init(_ evaluator: borrowing EntryEvaluator, _ batch: borrowing EntryBatch) {
    let (bytes, values) = (batch.bytes.span, batch.values.span)
    let guid = evaluator.index.first(evaluator.program.compiled.objectGUIDSlot)
    if guid >= 0 { objectGUID = GUID(bytes.extracting(values[Int(guid)].range)) }
    if evaluator.objectClassValue >= 0 { objectClass = values[Int(evaluator.objectClassValue)].range }
  }
}
