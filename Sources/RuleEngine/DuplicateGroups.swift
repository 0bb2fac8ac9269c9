import DirectoryModel
import Findings
import RuleSet

/// Values that several entries hold: reads the candidates again, verifies them on the real values, makes findings.
///
/// What is read of each holder is put aside in a spool, so that a directory full of duplicates needs little memory.
final class DuplicateGroups {
  /// Findings to be made when an entry's turn comes.
  struct Late {
    var entry: UInt32
    var group: Int
    /// Position of the finding among those of its entry: by rule, then by value.
    var order: Int
    /// Position of the holder in its group, for rules that report each holder; nil for one finding per group.
    var holder: Int?
  }

  private let program: RuleProgram
  private let hits: [UniquenessIndex.Hit]
  private var evaluator: EntryEvaluator
  /// Where a group's holders begin in `places`, and how many there are yet.
  private var starts: [Int]
  private var filled: [UInt32]
  private var places: [Range<Int>]
  /// Groups of a parity rule whose first holder gets a row, because a later one is proposed an edit.
  private var showsFirst: Set<Int> = []
  private let spool = Spool(memoryLimit: 16 << 20)
  private var buffer: [UInt8] = []
  /// Names of sources, by the number that holders keep.
  private var sources: [String] = []
  /// What is to be reported, by ascending entry.
  private(set) var late: [Late] = []

  init(_ program: RuleProgram, hash: KeyHash, hits: [UniquenessIndex.Hit], groupCount: Int) {
    self.program = program
    self.hits = hits
    evaluator = EntryEvaluator(program, hash: hash)
    starts = Array(repeating: 0, count: groupCount + 1)
    for hit in hits { starts[Int(hit.group) + 1] += 1 }
    for group in 0..<groupCount { starts[group + 1] += starts[group] }
    filled = Array(repeating: 0, count: groupCount)
    places = Array(repeating: 0..<0, count: hits.count)
  }

  /// Reads the holders again and puts them aside.
  ///
  /// - Throws: what the source throws, or `SpoolFailure`.
  func collect(from source: some EntryRevisiting) throws {
    guard !hits.isEmpty else { return }
    var entries: [UInt32] = []
    for hit in hits where entries.last != hit.entry { entries.append(hit.entry) }
    var next = 0
    try source.revisit(entries) { number, batch, index, name in
      while next < hits.count, hits[next].entry < number { next += 1 }
      let entry = batch.entries[index]
      _ = evaluator.enter(entry, of: batch)
      var subject = Subject(evaluator, entry, batch, source: name)
      while next < hits.count, hits[next].entry == number {
        if hits[next].key & KeyHash.stepBit == 0 {
          try putHolder(hits[next], &subject, batch)
        } else {
          try putRows(hits[next], &subject, entry, batch)
        }
        next += 1
      }
    }
    // Group numbers differ from run to run; this order does not.
    late.sort { ($0.entry, $0.order) < ($1.entry, $1.order) }
  }

  // MARK: - One finding for a group

  /// Puts aside the value of an entry that has a key: of the attribute that the rule names first, and its first value.
  private func putHolder(
    _ hit: UniquenessIndex.Hit, _ subject: inout Subject, _ batch: EntryBatch
  ) throws {
    let bytes = batch.bytes.span
    for (position, check) in program.uniqueChecks.enumerated() where !check.withinEntry {
      for slot in program.uniqueSlots[check.slots] {
        var value = evaluator.index.first(slot)
        while value >= 0 {
          let slice = bytes.extracting(batch.values[Int(value)].range)
          if program.meetsAfresh(check.condition, slice), evaluator.key(slice, check, position) == hit.key,
            let key = ValueKey(slice, compare: check.compare, trims: check.trims)
          {
            try putHolder(key.bytes, check.rule, slot, value, hit, &subject, batch)
            return
          }
          value = evaluator.index.next(after: value)
        }
      }
    }
  }

  private func putHolder(
    _ key: [UInt8], _ rule: Int, _ slot: Int, _ value: Int32, _ hit: UniquenessIndex.Hit, _ subject: inout Subject,
    _ batch: EntryBatch
  ) throws {
    let bytes = batch.bytes.span
    let location = subject.location(value)
    let valueIndex = subject.valueIndex(value)
    func range(_ value: Int32) -> Range<Int> { value < 0 ? 0..<0 : batch.values[Int(value)].range }
    if sources.last != location.source { sources.append(location.source) }
    buffer.removeAll(keepingCapacity: true)
    HolderCodec.append(
      to: &buffer, key: key.span, dn: subject.dn.bytes.span,
      guid: bytes.extracting(range(evaluator.index.first(program.objectGUIDSlot))),
      objectClass: bytes.extracting(range(evaluator.objectClassValue)),
      commonName: bytes.extracting(range(evaluator.index.first(program.commonNameSlot))),
      value: bytes.extracting(range(value)),
      numbers: (rule, slot, valueIndex, sources.count - 1, location.line ?? 0, location.column ?? 0))
    if try put(hit) == 0 {
      let order = rule << 32 | Int(value)
      late.append(Late(entry: hit.entry, group: Int(hit.group), order: order, holder: nil))
    }
  }

  // MARK: - A row for each holder

  /// Puts aside the rows of a parity rule for every value of an entry that has a key.
  private func putRows(
    _ hit: UniquenessIndex.Hit, _ subject: inout Subject, _ entry: EntryRecord, _ batch: EntryBatch
  ) throws {
    var rows: [Finding] = []
    var realKey: [UInt8] = []
    let group = Int(hit.group)
    var isFirst = filled[group] == 0
    for (position, check) in program.stepChecks.enumerated() {
      let view = StepView(evaluator, check, entry, batch)
      var value = evaluator.index.first(check.slot)
      while value >= 0 {
        defer { value = evaluator.index.next(after: value) }
        let slice = batch.bytes.span.extracting(batch.values[Int(value)].range)
        let outcome = check.chain.evaluate(AttributeValue(slice).bytes, of: view)
        guard let key = outcome.key, evaluator.stepKey(key.span, position) == hit.key else { continue }
        realKey = key
        let row = isFirst ? outcome.firstHolderRow : outcome.row(isDuplicate: true)
        if !isFirst, outcome.showsFirstHolder { showsFirst.insert(group) }
        isFirst = false
        rows.append(
          subject.finding(Issue(rule: check.reach.rule, slot: check.slot, value: value, row: row), program))
      }
    }
    guard !rows.isEmpty else { return }
    encode(realKey, rows)
    let holder = try put(hit)
    let order = (program.positions[rows[0].rule] ?? 0) << 32 | (rows[0].valueIndex ?? 0)
    late.append(Late(entry: hit.entry, group: group, order: order, holder: holder))
  }

  // MARK: - Putting aside and taking up

  /// Writes the rows of an entry and their key into the buffer.
  private func encode(_ key: [UInt8], _ findings: [Finding]) {
    buffer.removeAll(keepingCapacity: true)
    append(UInt32(truncatingIfNeeded: key.count))
    buffer += key
    for finding in findings {
      let start = buffer.count
      append(0)
      FindingCodec.encode(finding, into: &buffer)
      let length = UInt32(truncatingIfNeeded: buffer.count - start - 4)
      for index in 0..<4 { buffer[start + index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index)) }
    }
  }

  /// Puts the buffer aside.
  ///
  /// - Returns: the position of the holder in its group.
  private func put(_ hit: UniquenessIndex.Hit) throws -> Int {
    let bytes = buffer
    let offset = try spool.append(bytes.span)
    let group = Int(hit.group)
    let holder = Int(filled[group])
    places[starts[group] + holder] = offset..<offset + bytes.count
    filled[group] += 1
    return holder
  }

  private func append(_ number: UInt32) {
    for shift: UInt32 in [0, 8, 16, 24] { buffer.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  private func take(_ place: Range<Int>, _ buffer: inout [UInt8]) throws -> (key: [UInt8], findings: [Finding]) {
    try spool.read(place, into: &buffer)
    func number(_ index: Int) -> Int { (0..<4).reduce(0) { $0 | Int(buffer[index + $1]) << (8 * $1) } }
    var index = 4 + number(0)
    let key = Array(buffer[4..<index])
    var findings: [Finding] = []
    while index < buffer.count {
      let length = number(index)
      findings.append(try FindingCodec.decode(buffer[index + 4..<index + 4 + length]))
      index += 4 + length
    }
    return (key, findings)
  }

  /// The findings that are due at an entry's turn: none where a fingerprint was all that values had in common.
  func findings(_ late: Late) throws -> [Finding] {
    var buffer: [UInt8] = []
    let start = starts[late.group]
    guard let holder = late.holder else {
      return try groups(of: start..<start + Int(filled[late.group]), &buffer)
        .map { joined($0.holders, key: $0.key) }
    }
    let (key, findings) = try take(places[start + holder], &buffer)
    if holder == 0 {
      // The first value gets its row only when an edit is proposed for a later one; those behind it are duplicates.
      return showsFirst.contains(late.group) ? findings : Array(findings.dropFirst())
    }
    return try take(places[start], &buffer).key == key ? findings : []
  }

  /// Holders of equal values, in input order; values that only share a fingerprint come apart.
  private func groups(
    of range: Range<Int>, _ buffer: inout [UInt8]
  ) throws -> [(key: [UInt8], holders: [Holder])] {
    var groups: [(key: [UInt8], holders: [Holder])] = []
    for place in range {
      try spool.read(places[place], into: &buffer)
      let key = HolderCodec.key(buffer, at: 0)
      let holder = HolderCodec.holder(buffer, at: 0)
      if let group = groups.firstIndex(where: { $0.key.elementsEqual(key) }) {
        groups[group].holders.append(holder)
      } else {
        groups.append((Array(key), [holder]))
      }
    }
    return groups.filter { $0.holders.count > 1 }
  }

  private func joined(_ holders: [Holder], key: [UInt8]) -> Finding {
    let first = holders[0]
    let head = program.heads[first.rule]
    let attribute = program.attributes[first.slot]
    var finding = Finding(
      rule: head.id, severity: head.severity, effect: head.effect, certainty: head.certainty, dn: first.dn,
      objectGUID: first.objectGUID, objectClass: first.objectClass, attribute: attribute, value: first.value,
      valueIndex: first.valueIndex, spans: [], message: "", suggestion: nil,
      location: first.location(in: sources[first.source]),
      related: holders.dropFirst().map { $0.related(program.attributes[$0.slot], source: sources[$0.source]) },
      fingerprint: Fingerprint(rule: head.id, sharedKey: key.span).hexadecimal,
      labels: head.labels, commonName: first.commonName)
    let issue = Issue(rule: first.rule, slot: first.slot, value: -1, count: holders.count)
    finding.message = MessageText(head: head, issue: issue, finding: finding, holders: holders.count).text
    return finding
  }
}
