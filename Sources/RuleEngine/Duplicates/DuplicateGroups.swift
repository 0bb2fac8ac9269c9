import Bytes
import Directory
import Findings
import Joins
import RuleSet

/// Values that several entries hold: reads the candidates again, verifies them on the real values, makes findings.
///
/// What is read of each holder is put aside in a spool, so that a directory full of duplicates needs little memory: one
/// record for each entry (`SpooledHolder`), whatever the number of its values that others hold. Findings are due as soon as
/// their last holder was read, and what is not needed any more is forgotten, so that of holders close together, as in most
/// directories, nothing ever reaches the spool's file.
struct DuplicateGroups: ~Copyable {
  /// A finding that is made once all holders of its group were read and the turn of its entry comes.
  private struct PendingFinding {
    var entry: UInt32
    var group: UInt32
    /// Position of the holder in its group, for rules that report each holder; -1 for one finding per group.
    var holder: Int32
    /// Position of the finding among those of its entry: by rule, then by value.
    var order: Int
  }

  /// The number of the record of a holder, and which of the record's values is meant.
  private struct HolderPlace: BitwiseCopyable {
    var record: UInt32 = 0
    var value: UInt32 = 0
  }

  /// Copies of the program's arrays, so that the loop over the values of an entry does not retain and release them.
  private struct ProgramArrays {
    let hits: [UniquenessIndex.Hit]
    let places: [Range<Int>]
    let order: [Int]
    let checks: [UniqueTest]
    let slots: [Int]
    let tables: CheckTables

    init(_ program: RuleProgram, _ hits: [UniquenessIndex.Hit]) {
      self.hits = hits
      places = program.compiled.classUniqueTests
      order = program.compiled.uniqueTestOrder
      checks = program.compiled.uniqueTests
      slots = program.compiled.uniqueSlots
      tables = program.compiled.tables
    }
  }

  private let program: RuleProgram
  private let hits: [UniquenessIndex.Hit]
  private var evaluator: EntryEvaluator
  /// Where a group's holders begin in `places`, and how many there are yet.
  private var starts: [UInt32]
  private var filled: [UInt32]
  private var places: [HolderPlace]
  /// Where records begin in the spool, by number, and where the last one ends.
  private var recordOffsets = [0]
  /// Groups of a parity rule whose first holder gets a row, because a later one is proposed an edit.
  private var showsFirst: Set<UInt32> = []
  private let spool = Spool(memoryLimit: 1 << 20)
  private var windows: SpoolWindows
  private var buffer: [UInt8] = []
  /// What of the entry at hand was found, as the position of its hit and the number of its value in the record.
  private var found: [SharedEntryValue] = []
  private var wanted = WantedKeys()
  private var record = SpooledHolder()
  /// Names of sources, by the number that holders keep.
  private var sources: [String] = []
  /// The same as names of findings.
  private var names: [FindingNames] = []
  /// What is to be reported, by ascending entry; what was reported is dropped now and then.
  private var late: [PendingFinding] = []
  /// The pending findings from `dueStart` to `dueEnd` can be made: they are of one entry, and all their holders were read.
  private var dueStart = 0
  private var dueEnd = 0
  private var isCollected = false
  /// The finding at hand, and its holders but the first.
  private var finding = Finding()
  private var others: [FindingLayout.Holder] = []
  /// Records at the beginning of the finding's bytes, where they stay for the next finding: those who share one value with the
  /// first of them mostly share others. They end at `keptEnd`.
  private var kept: [(record: UInt32, head: SpooledHolder.Head)] = []
  private var keptEnd = 0
  private static let mostKept = 16
  private static let mostKeptBytes = 1 << 14

  init(_ program: RuleProgram, hash: KeyHash, hits: [UniquenessIndex.Hit], groupCount: Int) {
    self.program = program
    self.hits = hits
    evaluator = EntryEvaluator(program, hash: hash)
    starts = Array(repeating: 0, count: groupCount + 1)
    for hit in hits { starts[Int(hit.group) + 1] += 1 }
    for group in 0..<groupCount { starts[group + 1] += starts[group] }
    filled = Array(repeating: 0, count: groupCount)
    places = Array(repeating: HolderPlace(), count: hits.count)
    windows = SpoolWindows(spool)
    late.reserveCapacity(groupCount)
  }

  /// Reads the holders again and puts them aside.
  ///
  /// - Parameter didRead: called after each entry, when findings may be due.
  /// - Throws: what the source or `didRead` throws, or `SpoolFailure`.
  mutating func collect(
    from source: some EntryRevisiting, didRead: (inout DuplicateGroups) throws -> Void
  ) throws {
    defer { isCollected = true }
    guard !hits.isEmpty else { return }
    let look = ProgramArrays(program, hits)
    var entries: [UInt32] = []
    for hit in hits where entries.last != hit.entry { entries.append(hit.entry) }
    var next = 0
    try source.revisit(entries) { number, batch, index, name in
      while next < hits.count, hits[next].entry < number { next += 1 }
      let first = next
      while next < hits.count, hits[next].entry == number { next += 1 }
      evaluator.revisit(batch.entries[index], of: batch)
      if sources.last != name { add(source: name) }
      let lateCount = late.count
      try putValues(first..<next, look, batch.entries[index], batch)
      for position in first..<next where hits[position].key & UniquenessIndex.repeatBit != 0 {
        try putRows(hits[position], index, batch)
      }
      // Group numbers differ from run to run; this order does not.
      putInOrder(from: lateCount)
      try didRead(&self)
    }
  }

  private mutating func add(source: String) {
    sources.append(source)
    names.append(program.names(sources: [source]))
    finding.names = program.names(sources: sources)
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
    _ range: Range<Int>, _ look: ProgramArrays, _ entry: EntryRecord, _ batch: EntryBatch
  ) throws {
    let hash = evaluator.hash
    var missing = 0
    for position in range where look.hits[position].key & UniquenessIndex.repeatBit == 0 { missing += 1 }
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
      let hasKinds = check.terms >= 0 && !program.compiled.holderTerms[check.terms].kinds.isEmpty
      for place in check.slots {
        let slot = look.slots[place]
        var value = evaluator.index.first(slot)
        while value >= 0 {
          let slice = bytes.extracting(values[Int(value)].range)
          if look.tables.meetsAfresh(check.condition, slice), let key = hash.key(of: slice, check, position),
            let place = wanted.place(of: key)
          {
            if wanted.found(at: place) < 0 {
              let ordinal = evaluator.index.ordinal(of: value)
              note(place, look, check, value: value, record.add(value, slot: slot, check: position, ordinal: ordinal))
              missing -= 1
            }
            if missing == 0, !hasKinds { break search }
            if hasKinds { found[wanted.found(at: place)].note(slice, of: check, slot: slot, program.compiled) }
          }
          value = evaluator.index.next(after: value)
        }
      }
      if check.standInAbsent >= 0, let text = evaluator.standIn(check, entry, values, bytes),
        let key = hash.key(of: text.span, check, position), let place = wanted.place(of: key)
      {
        let source = evaluator.index.first(check.standInSource)
        if wanted.found(at: place) < 0 {
          let number = record.add(source, slot: check.standInSource, check: position, ordinal: 0, standIn: text)
          note(place, look, check, value: source, number)
          missing -= 1
        }
        found[wanted.found(at: place)].attributes |= HolderTerms.standInBit
      }
      if missing == 0 { break }
    }
    guard !found.isEmpty else { return }
    for value in found where value.terms >= 0 {
      record.set(roles: value.roles(evaluator, entry, values, bytes), of: value.value)
    }
    buffer.removeAll(keepingCapacity: true)
    record.write(to: &buffer, batch)
    let record = try putRecord()
    for value in found { put(look.hits[value.hit].group, record, value.value) }
  }

  /// Takes note of the first value that has the key of a hit.
  private mutating func note(_ place: Int, _ look: ProgramArrays, _ check: UniqueTest, value: Int32, _ number: Int) {
    let hit = wanted.hit(at: place)
    wanted.set(found: found.count, at: place)
    found.append(SharedEntryValue(hit: hit, value: number, terms: check.terms))
    let group = look.hits[hit].group
    if filled[Int(group)] == 0 {
      late.append(
        PendingFinding(entry: look.hits[hit].entry, group: group, holder: -1, order: check.rule << 32 | Int(value)))
    }
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
    places[Int(starts[Int(group)] + holder)] = HolderPlace(
      record: UInt32(truncatingIfNeeded: record), value: UInt32(truncatingIfNeeded: value))
    filled[Int(group)] += 1
    return Int32(holder)
  }

  /// Appends the record of a holder to the bytes of the finding at hand.
  private mutating func appendRecord(_ place: HolderPlace) throws(SpoolFailure) {
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
    for (position, test) in program.compiled.rowTests.enumerated() {
      let entry = evaluator.rowEntry(test, batch.entries[number], batch)
      var value = evaluator.index.first(test.slot)
      while value >= 0 {
        defer { value = evaluator.index.next(after: value) }
        let slice = batch.bytes.span.extracting(batch.values[Int(value)].range)
        guard let rows = test.check.repeated(AttributeValue(slice).bytes, of: entry),
          evaluator.rowKey(rows.key.span, test, position) == hit.key
        else { continue }
        realKey = rows.key
        if !isFirst, rows.showsFirst { showsFirst.insert(group) }
        issues.append(Issue(rule: test.rule, slot: test.slot, value: value, row: isFirst ? rows.first : rows.own))
        isFirst = false
      }
    }
    guard let first = issues.first else { return }
    buffer.removeAll(keepingCapacity: true)
    buffer.append(number: sources.count - 1)
    buffer.append(word: UInt64(batch.lineBase))
    buffer.append(text: realKey.span)
    for issue in issues { FindingWriter.append(issue, nil, of: evaluator, entry: number, in: batch, to: &buffer) }
    let holder = put(group, try putRecord(), 0)
    late.append(
      PendingFinding(
        entry: hit.entry, group: group, holder: holder,
        order: first.rule << 32 | evaluator.index.ordinal(of: first.value)))
  }

  // MARK: - Taking up

  /// The next entry at whose turn findings are due, once all holders of all its groups were read.
  mutating func due() -> UInt32? {
    guard dueStart < late.count else { return nil }
    let entry = late[dueStart].entry
    while dueEnd < late.count, late[dueEnd].entry == entry {
      let group = Int(late[dueEnd].group)
      guard isCollected || filled[group] == starts[group + 1] - starts[group] else { return nil }
      dueEnd += 1
    }
    return entry
  }

  /// Hands on the findings of the entry that is due.
  ///
  /// - Throws: what `receive` throws, or `SpoolFailure`.
  mutating func takeDue(receive: (Finding) throws -> Void) throws {
    for position in dueStart..<dueEnd { try findings(late[position], receive) }
    dueStart = dueEnd
    forget()
  }

  /// Drops what nobody will ask for any more: holders before the first one of the next group. (A row of a parity rule asks for
  /// the first holder of its group, which may be any.)
  private mutating func forget() {
    if program.compiled.rowTests.isEmpty {
      let first = dueStart < late.count ? places[Int(starts[Int(late[dueStart].group)])] : nil
      spool.discard(before: first.map { recordOffsets[Int($0.record)] } ?? spool.count)
    }
    guard dueStart > 1_024, dueStart > late.count / 2 else { return }
    late.removeFirst(dueStart)
    dueEnd -= dueStart
    dueStart = 0
  }

  /// Hands on the findings of a group: none where a fingerprint was all that values had in common.
  private mutating func findings(_ late: PendingFinding, _ receive: (Finding) throws -> Void) throws {
    let start = Int(starts[Int(late.group)])
    if late.holder < 0 {
      var others = try join(start..<start + Int(filled[Int(late.group)]), late.entry, receive)
      while others.count > 1 { others = try join(others, late.entry, receive) }
    } else {
      try rows(late, start, receive)
    }
  }

  private mutating func rows(_ late: PendingFinding, _ start: Int, _ receive: (Finding) throws -> Void) throws {
    var firstKey: [UInt8] = []
    if late.holder > 0 {
      try readRows(places[start])
      firstKey = Array(buffer[Self.key(of: buffer)])
    }
    try readRows(places[start + Int(late.holder)])
    let key = Self.key(of: buffer)
    if late.holder > 0, !buffer[key].elementsEqual(firstKey) { return }
    var head = NumberReader(position: 0)
    var row = Finding(names: names[head.number(buffer)])
    let lineBase = Int(truncatingIfNeeded: head.word(buffer))
    var position = key.upperBound
    // The first value gets its row only when an edit is proposed for a later one; those behind it are duplicates.
    var isLeftOut = late.holder == 0 && !showsFirst.contains(late.group)
    while position < buffer.count {
      position = row.take(buffer, at: position, program, firstEntry: 0, lineBase: lineBase)
      row.layout.entry = Int(late.entry)
      if !isLeftOut { try receive(row) }
      isLeftOut = false
    }
  }

  /// Reads the rows of a holder into the buffer.
  private mutating func readRows(_ place: HolderPlace) throws(SpoolFailure) {
    let (start, end) = (recordOffsets[Int(place.record)], recordOffsets[Int(place.record) + 1])
    buffer.removeAll(keepingCapacity: true)
    try windows.append(start, end - start, to: &buffer)
  }

  /// Where the key of rows is.
  private static func key(of bytes: [UInt8]) -> Range<Int> {
    var reader = NumberReader(position: 12)
    return reader.text(bytes)
  }

  /// Makes one finding of the holders of the first one's value.
  ///
  /// - Returns: those that hold another value and merely share its fingerprint.
  private mutating func join(
    _ holders: some RandomAccessCollection<Int>, _ entry: UInt32, _ receive: (Finding) throws -> Void
  ) throws -> [Int] {
    // The first holder's other values are mostly held by the same others; when its turn is over, so is theirs.
    if let first = holders.first, keptEnd > Self.mostKeptBytes || kept.first?.record != places[first].record {
      keepNothing()
    }
    finding.bytes.removeLast(finding.bytes.count - keptEnd)
    self.others.removeAll(keepingCapacity: true)
    var others: [Int] = []
    var key = 0..<0
    var check = 0
    var tally: HolderTally?
    for position in holders {
      let place = places[position]
      let head = try head(place)
      let held = SpooledHolder.value(Int(place.value), of: head, finding.bytes)
      if position == holders.first {
        check = held.check
        key = Self.keyRange(of: held, program.compiled.uniqueTests[check], finding.bytes.span)
        finding.layout.entry = Int(entry)
        let terms = program.compiled.uniqueTests[check].terms
        if terms >= 0 { tally = HolderTally(program.compiled.holderTerms[terms]) }
        set(head, held)
      } else if held.check == check, holds(held, key) {
        self.others.append(holder(head, held))
      } else {
        others.append(position)
        continue
      }
      tally?.add(
        roles: held.roles, links: SpooledHolder.joints(of: head, finding.bytes), classes: head.jointClasses)
    }
    guard !self.others.isEmpty else { return others }
    if let tally {
      guard let rule = tally.rule else { return others }
      set(rule: rule)
    }
    finish(holders.count - others.count, check: check, key: key)
    try receive(finding)
    return others
  }

  /// What the record of a holder says of the entry: one that was kept, or one that is appended to the finding's bytes.
  private mutating func head(_ place: HolderPlace) throws(SpoolFailure) -> SpooledHolder.Head {
    for known in kept.indices where kept[known].record == place.record { return kept[known].head }
    let start = finding.bytes.count
    try appendRecord(place)
    let head = SpooledHolder.head(finding.bytes, at: start)
    if start == keptEnd, kept.count < Self.mostKept {
      kept.append((place.record, head))
      keptEnd = finding.bytes.count
    }
    return head
  }

  private mutating func keepNothing() {
    finding.bytes.removeAll(keepingCapacity: true)
    kept.removeAll(keepingCapacity: true)
    keptEnd = 0
  }

  /// The part of a holder's value that counts for equality.
  private static func keyRange(
    of held: SpooledHolder.SharedValue, _ check: UniqueTest, _ bytes: Span<UInt8>
  ) -> Range<Int> {
    let compared = held.standIn ?? held.value
    let value = bytes.extracting(compared)
    guard let range = ValueKey.range(of: value, compare: check.compare, trims: check.trims) else { return 0..<0 }
    return compared.lowerBound + range.lowerBound..<compared.lowerBound + range.upperBound
  }

  /// Whether a holder's value equals the key at a place of the finding's bytes.
  private mutating func holds(_ held: SpooledHolder.SharedValue, _ key: Range<Int>) -> Bool {
    let check = program.compiled.uniqueTests[held.check]
    let bytes = finding.bytes.span
    let own = Self.keyRange(of: held, check, bytes)
    return ValueKey.areEqual(bytes.extracting(own), bytes.extracting(key), check.compare)
  }

  /// Begins the finding with its first holder.
  private mutating func set(_ head: SpooledHolder.Head, _ held: SpooledHolder.SharedValue) {
    set(rule: program.compiled.uniqueTests[held.check].rule)
    finding.layout.entryLine = head.line
    finding.layout.own = holder(head, held)
    finding.layout.own.valueIndex = Int32(truncatingIfNeeded: held.ordinal)
  }

  private mutating func set(rule: Int) {
    let template = program.templates[rule]
    if finding.head !== template.rule { finding.head = template.rule }
    finding.layout.rule = Int32(truncatingIfNeeded: rule)
  }

  private func holder(_ head: SpooledHolder.Head, _ held: SpooledHolder.SharedValue) -> FindingLayout.Holder {
    var holder = FindingLayout.Holder()
    holder.dn = FindingLayout.Part(head.dn)
    holder.objectGUID = head.objectGUID
    holder.objectClass = FindingLayout.Part(head.objectClass)
    holder.attribute = Int32(truncatingIfNeeded: held.slot)
    holder.value = FindingLayout.Part(held.value)
    holder.source = Int32(truncatingIfNeeded: head.source)
    holder.line = held.line
    holder.column = Int32(truncatingIfNeeded: held.column)
    return holder
  }

  /// Adds what follows from the first holder and the number of holders.
  private mutating func finish(_ count: Int, check: Int, key: Range<Int>) {
    finding.layout.identity = .sharedKey(
      FindingLayout.Part(key), isExact: program.compiled.uniqueTests[check].compare == .exact)
    finding.layout.related = finding.bytes.append(values: others, base: 0)
    // The message is written to other bytes first: it repeats some of the finding's own.
    var message: [UInt8] = []
    swap(&message, &buffer)
    message.removeAll(keepingCapacity: true)
    MessageText.append(
      program.templates[finding.ruleNumber], finding.bytes.span.extracting(finding.layout.own.value.range),
      compared: finding.bytes.span.extracting(key), attribute: program.attributes[Int(finding.layout.own.attribute)],
      holders: count, to: &message)
    finding.layout.message = finding.bytes.append(part: message.span, base: 0)
    swap(&message, &buffer)
    finding.layout.byteCount = finding.bytes.count
  }
}
