import DirectoryModel
import Findings
import RuleSet

/// Values that several entries hold: reads the candidates again, verifies them on the real values, makes findings.
///
/// What is read of each holder is put aside in a spool, so that a directory full of duplicates needs little memory: one
/// record for each entry (`HolderRecord`), whatever the number of its values that others hold.
struct DuplicateGroups: ~Copyable {
  /// Findings to be made when an entry's turn comes.
  struct Late {
    var entry: UInt32
    var group: UInt32
    /// Position of the holder in its group, for rules that report each holder; -1 for one finding per group.
    var holder: Int32
    /// Position of the finding among those of its entry: by rule, then by value.
    var order: Int
  }

  /// The number of the record of a holder, and which of the record's values is meant.
  private struct Place: BitwiseCopyable {
    var record: UInt32 = 0
    var value: UInt32 = 0
  }

  /// What is looked at for each value that is read again, in variables of its own: each look at an array of the program
  /// would count its owners.
  private struct Look {
    let hits: [UniquenessIndex.Hit]
    let places: [Range<Int>]
    let order: [Int]
    let checks: [UniqueCheck]
    let slots: [Int]

    init(_ program: RuleProgram, _ hits: [UniquenessIndex.Hit]) {
      self.hits = hits
      places = program.classUniqueChecks
      order = program.uniqueCheckOrder
      checks = program.uniqueChecks
      slots = program.uniqueSlots
    }
  }

  private let program: RuleProgram
  private let hits: [UniquenessIndex.Hit]
  private var evaluator: EntryEvaluator
  /// Where a group's holders begin in `places`, and how many there are yet.
  private var starts: [UInt32]
  private var filled: [UInt32]
  private var places: [Place]
  /// Where records begin in the spool, by number, and where the last one ends.
  private var recordOffsets = [0]
  /// Groups of a parity rule whose first holder gets a row, because a later one is proposed an edit.
  private var showsFirst: Set<UInt32> = []
  private let spool = Spool(memoryLimit: 1 << 20)
  private var windows: SpoolWindows
  private var buffer: [UInt8] = []
  /// What of the entry at hand was found, as the position of its hit and the number of its value in the record.
  private var found: [(hit: Int, value: Int)] = []
  private var wanted = WantedKeys()
  private var record = HolderRecord()
  /// Names of sources, by the number that holders keep.
  private var sources: [String] = []
  /// What is to be reported, by ascending entry.
  private(set) var late: [Late] = []
  /// The finding at hand.
  private var finding = PackedFinding()

  init(_ program: RuleProgram, hash: KeyHash, hits: [UniquenessIndex.Hit], groupCount: Int) {
    self.program = program
    self.hits = hits
    evaluator = EntryEvaluator(program, hash: hash)
    starts = Array(repeating: 0, count: groupCount + 1)
    for hit in hits { starts[Int(hit.group) + 1] += 1 }
    for group in 0..<groupCount { starts[group + 1] += starts[group] }
    filled = Array(repeating: 0, count: groupCount)
    places = Array(repeating: Place(), count: hits.count)
    windows = SpoolWindows(spool)
    late.reserveCapacity(groupCount)
  }

  /// Reads the holders again and puts them aside.
  ///
  /// - Throws: what the source throws, or `SpoolFailure`.
  mutating func collect(from source: some EntryRevisiting) throws {
    guard !hits.isEmpty else { return }
    let look = Look(program, hits)
    var entries: [UInt32] = []
    for hit in hits where entries.last != hit.entry { entries.append(hit.entry) }
    var next = 0
    try source.revisit(entries) { number, batch, index, name in
      while next < hits.count, hits[next].entry < number { next += 1 }
      let first = next
      while next < hits.count, hits[next].entry == number { next += 1 }
      evaluator.revisit(batch.entries[index], of: batch)
      if sources.last != name { sources.append(name) }
      let lateCount = late.count
      try putValues(first..<next, look, batch.entries[index], batch)
      for position in first..<next where hits[position].key & KeyHash.stepBit != 0 {
        try putRows(hits[position], index, batch)
      }
      // Group numbers differ from run to run; this order does not.
      putInOrder(from: lateCount)
    }
  }

  /// Sorts the findings of the entry at hand, which are few, by insertion.
  private mutating func putInOrder(from start: Int) {
    guard late.count > start + 1 else { return }
    for place in start + 1..<late.count {
      var place = place
      while place > start, late[place].order < late[place - 1].order {
        late.swapAt(place, place - 1)
        place -= 1
      }
    }
  }

  // MARK: - One finding for a group

  /// Puts aside the values of an entry that have the keys of its hits: each of the attribute that the rule names first, and
  /// its first value.
  private mutating func putValues(
    _ range: Range<Int>, _ look: Look, _ entry: EntryRecord, _ batch: EntryBatch
  ) throws {
    var missing = 0
    for position in range where look.hits[position].key & KeyHash.stepBit == 0 { missing += 1 }
    guard missing > 0 else { return }
    wanted.set(look.hits, range)
    record.begin(evaluator, entry, batch, source: sources.count - 1)
    found.removeAll(keepingCapacity: true)
    let bytes = batch.bytes.span
    let values = batch.values.span
    search: for place in look.places[evaluator.objectClass] {
      let position = look.order[place]
      let check = look.checks[position]
      guard !check.withinEntry else { continue }
      for place in check.slots {
        let slot = look.slots[place]
        var value = evaluator.index.first(slot)
        while value >= 0 {
          let slice = bytes.extracting(values[Int(value)].range)
          if program.meetsAfresh(check.condition, slice), let key = evaluator.key(slice, check, position),
            let hit = wanted.take(key)
          {
            found.append((hit, record.add(value, slot: slot, check: position, evaluator, batch)))
            let group = look.hits[hit].group
            if filled[Int(group)] == 0 {
              late.append(
                Late(entry: look.hits[hit].entry, group: group, holder: -1, order: check.rule << 32 | Int(value)))
            }
            missing -= 1
            if missing == 0 { break search }
          }
          value = evaluator.index.next(after: value)
        }
      }
    }
    guard !found.isEmpty else { return }
    buffer.removeAll(keepingCapacity: true)
    record.write(to: &buffer, batch)
    let record = try putRecord()
    for (hit, value) in found { put(look.hits[hit].group, record, value) }
  }

  /// Puts the record in the buffer aside.
  ///
  /// - Returns: its number.
  private mutating func putRecord() throws(SpoolFailure) -> Int {
    try spool.append(buffer.span)
    recordOffsets.append(spool.count)
    return recordOffsets.count - 2
  }

  /// Takes note of a holder.
  ///
  /// - Returns: its position in the group.
  @discardableResult
  private mutating func put(_ group: UInt32, _ record: Int, _ value: Int) -> Int32 {
    let holder = filled[Int(group)]
    places[Int(starts[Int(group)] + holder)] = Place(
      record: UInt32(truncatingIfNeeded: record), value: UInt32(truncatingIfNeeded: value))
    filled[Int(group)] += 1
    return Int32(holder)
  }

  /// Appends the record of a holder to the bytes of the finding at hand.
  private mutating func appendRecord(_ place: Place) throws(SpoolFailure) {
    let (start, end) = (recordOffsets[Int(place.record)], recordOffsets[Int(place.record) + 1])
    try windows.append(start, end - start, to: &finding.bytes)
  }

  // MARK: - A row for each holder

  /// Puts aside the rows of a parity rule for every value of an entry that has a key.
  private mutating func putRows(_ hit: UniquenessIndex.Hit, _ number: Int, _ batch: EntryBatch) throws {
    var issues: [Issue] = []
    var realKey: [UInt8] = []
    let group = hit.group
    var isFirst = filled[Int(group)] == 0
    for (position, check) in program.stepChecks.enumerated() {
      let view = StepView(evaluator, check, batch.entries[number], batch)
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
        issues.append(Issue(rule: check.reach.rule, slot: check.slot, value: value, row: row))
      }
    }
    guard let first = issues.first else { return }
    buffer.removeAll(keepingCapacity: true)
    buffer.append(number: sources.count - 1)
    buffer.append(word: UInt64(batch.lineBase))
    buffer.append(text: realKey.span)
    for issue in issues { FindingRecord.append(issue, nil, of: evaluator, entry: number, in: batch, to: &buffer) }
    let holder = put(group, try putRecord(), 0)
    late.append(
      Late(
        entry: hit.entry, group: group, holder: holder,
        order: first.rule << 32 | evaluator.index.ordinal(of: first.value)))
  }

  // MARK: - Taking up

  /// Hands on the findings that are due at an entry's turn: none where a fingerprint was all that values had in common.
  mutating func findings(_ late: Late, receive: (PackedFinding) throws -> Void) throws {
    let start = Int(starts[Int(late.group)])
    if late.holder < 0 {
      var others = try join(start..<start + Int(filled[Int(late.group)]), receive)
      while others.count > 1 { others = try join(others, receive) }
    } else {
      try rows(late, start, receive)
    }
  }

  private mutating func rows(_ late: Late, _ start: Int, _ receive: (PackedFinding) throws -> Void) throws {
    let own = places[start + Int(late.holder)]
    finding.bytes.removeAll(keepingCapacity: true)
    var firstKey: [UInt8] = []
    if late.holder > 0 {
      try appendRecord(places[start])
      firstKey = Array(finding.bytes[Self.key(of: finding.bytes)])
      finding.bytes.removeAll(keepingCapacity: true)
    }
    try appendRecord(own)
    let key = Self.key(of: finding.bytes)
    if late.holder > 0, !finding.bytes[key].elementsEqual(firstKey) { return }
    var head = RecordReader(position: 0)
    let source = sources[head.number(finding.bytes)]
    let lineBase = Int(truncatingIfNeeded: head.word(finding.bytes))
    var position = key.upperBound
    // The first value gets its row only when an edit is proposed for a later one; those behind it are duplicates.
    var isLeftOut = late.holder == 0 && !showsFirst.contains(late.group)
    while position < finding.bytes.count {
      _ = FindingRecord.read(at: &position, program, source: source, lineBase: lineBase, into: &finding)
      if !isLeftOut { try receive(finding) }
      isLeftOut = false
    }
  }

  /// Where the key of rows is.
  private static func key(of bytes: [UInt8]) -> Range<Int> {
    var reader = RecordReader(position: 12)
    return reader.text(bytes)
  }

  /// Makes one finding of the holders of the first one's value.
  ///
  /// - Returns: those that hold another value and merely share its fingerprint.
  private mutating func join(
    _ holders: some RandomAccessCollection<Int>, _ receive: (PackedFinding) throws -> Void
  ) throws -> [Int] {
    finding.bytes.removeAll(keepingCapacity: true)
    finding.related.removeAll(keepingCapacity: true)
    var others: [Int] = []
    var key = 0..<0
    var check = 0
    for position in holders {
      let place = places[position]
      let start = finding.bytes.count
      try appendRecord(place)
      let holder = HolderRecord.read(finding.bytes, at: start, value: Int(place.value))
      if position == holders.first {
        check = holder.check
        key = keyRange(of: holder)
        set(holder)
      } else if holder.check == check, isEqual(keyRange(of: holder), key, program.uniqueChecks[check].compare) {
        finding.related.append(related(holder))
      } else {
        others.append(position)
        finding.bytes.removeLast(finding.bytes.count - start)
      }
    }
    guard !finding.related.isEmpty else { return others }
    finish(holders.count - others.count, check: check, key: key)
    try receive(finding)
    return others
  }

  /// The part of a holder's value that counts for equality.
  private func keyRange(of holder: HolderRecord.Held) -> Range<Int> {
    let check = program.uniqueChecks[holder.check]
    let value = finding.bytes.span.extracting(holder.value)
    guard let range = ValueKey.range(of: value, compare: check.compare, trims: check.trims) else { return 0..<0 }
    return holder.value.lowerBound + range.lowerBound..<holder.value.lowerBound + range.upperBound
  }

  private func isEqual(_ left: Range<Int>, _ right: Range<Int>, _ compare: Comparison) -> Bool {
    let bytes = finding.bytes.span
    return ValueKey.areEqual(bytes.extracting(left), bytes.extracting(right), compare)
  }

  /// Begins the finding with its first holder.
  private mutating func set(_ holder: HolderRecord.Held) {
    finding.set(rule: program.uniqueChecks[holder.check].rule, of: program)
    finding.dn = holder.dn
    finding.objectGUID = holder.objectGUID
    finding.objectClass = holder.objectClass
    finding.commonName = holder.commonName
    finding.attribute = program.attributes[holder.slot]
    finding.value = holder.value
    finding.valueIndex = holder.ordinal
    finding.location = location(holder)
  }

  private func related(_ holder: HolderRecord.Held) -> PackedFinding.Related {
    var related = PackedFinding.Related()
    related.dn = holder.dn
    related.objectGUID = holder.objectGUID
    related.objectClass = holder.objectClass
    related.attribute = program.attributes[holder.slot]
    related.value = holder.value
    related.location = location(holder)
    return related
  }

  private func location(_ holder: HolderRecord.Held) -> PackedFinding.Location {
    PackedFinding.Location(source: sources[holder.source], line: holder.line, column: holder.column)
  }

  /// Adds what follows from the first holder and the number of holders.
  private mutating func finish(_ count: Int, check: Int, key: Range<Int>) {
    let head = program.heads[finding.ruleNumber]
    finding.fingerprint = fingerprint(head, check, key)
    // The message is written to other bytes first: it repeats some of the finding's own.
    var message: [UInt8] = []
    swap(&message, &buffer)
    message.removeAll(keepingCapacity: true)
    append(messageFor: count, head, to: &message)
    let start = finding.bytes.count
    finding.bytes += message
    finding.message = start..<finding.bytes.count
    swap(&message, &buffer)
  }

  private func fingerprint(_ head: RuleProgram.RuleHead, _ check: Int, _ key: Range<Int>) -> Fingerprint {
    let shared = finding.bytes.span.extracting(key)
    if program.uniqueChecks[check].compare == .exact { return Fingerprint(head.fingerprint, sharedKey: shared) }
    return Fingerprint(head.fingerprint, sharedKeyLowercasing: shared)
  }

  private func append(messageFor count: Int, _ head: RuleProgram.RuleHead, to bytes: inout [UInt8]) {
    MessageText(
      issue: Issue(rule: finding.ruleNumber, slot: 0, value: -1, count: count), attribute: finding.attribute,
      holders: count
    ).append(head, finding.bytes.span.extracting(finding.value ?? 0..<0), to: &bytes)
  }
}

/// The keys of an entry's hits that were not yet found in its values.
private struct WantedKeys {
  private var keys: [(key: UInt64, hit: Int)] = []
  /// Used in place of the list where it is long.
  private var table: [UInt64: Int] = [:]

  /// Begins anew with the hits of an entry.
  mutating func set(_ hits: [UniquenessIndex.Hit], _ range: Range<Int>) {
    keys.removeAll(keepingCapacity: true)
    if !table.isEmpty { table.removeAll() }
    for hit in range where hits[hit].key & KeyHash.stepBit == 0 {
      if range.count > 16 { table[hits[hit].key] = hit } else { keys.append((hits[hit].key, hit)) }
    }
  }

  /// The hit of a key, once.
  mutating func take(_ key: UInt64) -> Int? {
    if !table.isEmpty { return table.removeValue(forKey: key) }
    for place in keys.indices where keys[place].key == key {
      let hit = keys[place].hit
      keys.swapAt(place, keys.count - 1)
      keys.removeLast()
      return hit
    }
    return nil
  }
}
