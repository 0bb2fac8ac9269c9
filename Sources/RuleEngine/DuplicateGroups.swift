import DirectoryModel
import Findings
import RuleSet

/// Values that several entries hold: reads the candidates again, verifies them on the real values, makes findings.
struct DuplicateGroups {
  /// A finding to be made when its entry's turn comes.
  struct Late {
    var entry: UInt32
    var group: Int
    /// Which holder is meant, for rules that report each holder; nil for one finding per group.
    var holder: Int?
  }

  private let program: RuleProgram
  private let hash: KeyHash
  private let hits: [UniquenessIndex.Hit]
  /// Holders by group: positions in `offsets`, filled from the group's start.
  private var starts: [Int]
  private var filled: [Int]
  private var offsets: [Int] = []
  private var lengths: [UInt32] = []
  private var firstEntries: [UInt32]
  private let spool = Spool(memoryLimit: 16 << 20)
  private(set) var late: [Late] = []

  init(_ program: RuleProgram, hash: KeyHash, hits: [UniquenessIndex.Hit], groupCount: Int) {
    self.program = program
    self.hash = hash
    self.hits = hits
    starts = Array(repeating: 0, count: groupCount + 1)
    for hit in hits { starts[Int(hit.group) + 1] += 1 }
    for group in 0..<groupCount { starts[group + 1] += starts[group] }
    filled = Array(repeating: 0, count: groupCount)
    offsets = Array(repeating: 0, count: hits.count)
    lengths = Array(repeating: 0, count: hits.count)
    firstEntries = Array(repeating: .max, count: groupCount)
  }

  /// Reads the holders again and puts them aside.
  mutating func collect(from source: some EntryRevisiting) throws {
    guard !hits.isEmpty else { return }
    var entries: [UInt32] = []
    for hit in hits where entries.last != hit.entry { entries.append(hit.entry) }
    var evaluator = EntryEvaluator(program, hash: hash)
    var next = 0
    try source.revisit(entries) { number, batch, index, name in
      var mine: [UniquenessIndex.Hit] = []
      while next < hits.count, hits[next].entry == number {
        mine.append(hits[next])
        next += 1
      }
      _ = evaluator.enter(batch.entries[index], of: batch)
      let subject = Subject(evaluator, batch.entries[index], batch, source: name)
      for hit in mine { try put(hit, evaluator, subject, batch) }
    }
    late.sort { ($0.entry, $0.group) < ($1.entry, $1.group) }
  }

  private mutating func put(
    _ hit: UniquenessIndex.Hit, _ evaluator: EntryEvaluator, _ subject: Subject, _ batch: EntryBatch
  ) throws {
    guard let holder = holder(hit.key, evaluator, subject, batch) else { return }
    let group = Int(hit.group)
    var bytes: [UInt8] = []
    let key = UInt32(truncatingIfNeeded: holder.key.count)
    for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: key >> shift)) }
    bytes += holder.key
    FindingCodec.encode(holder.finding, into: &bytes)
    let place = starts[group] + filled[group]
    offsets[place] = try spool.append(bytes.span)
    lengths[place] = UInt32(truncatingIfNeeded: bytes.count)
    if filled[group] == 0 {
      firstEntries[group] = hit.entry
      late.append(Late(entry: hit.entry, group: group, holder: nil))
    }
    filled[group] += 1
  }

  private struct Holder {
    var key: [UInt8]
    var finding: Finding
  }

  /// The value of an entry that has a key: of the attribute that the rule names first, and its first value.
  private func holder(
    _ key: UInt64, _ evaluator: EntryEvaluator, _ subject: Subject, _ batch: EntryBatch
  ) -> Holder? {
    let bytes = batch.bytes.span
    for (position, check) in program.uniqueChecks.enumerated() where !check.withinEntry {
      for slot in check.reach.slots {
        var value = evaluator.index.first[slot]
        while value >= 0 {
          let slice = bytes.extracting(batch.values[Int(value)].range)
          if evaluator.key(slice, position) == key,
            let real = ValueKey(slice, compare: check.compare, trims: check.trims)
          {
            let issue = Issue(rule: check.reach.rule, slot: slot, value: value)
            return Holder(key: real.bytes, finding: subject.finding(issue, program))
          }
          value = evaluator.index.next(after: value)
        }
      }
    }
    return nil
  }

  /// The findings of a group: one, unless different values share a fingerprint (or none are left).
  func findings(_ late: Late) throws -> [Finding] {
    var byKey: [[UInt8]: [Finding]] = [:]
    var order: [[UInt8]] = []
    var buffer: [UInt8] = []
    let start = starts[late.group]
    for place in start..<start + filled[late.group] {
      try spool.read(offsets[place]..<offsets[place] + Int(lengths[place]), into: &buffer)
      let length = (0..<4).reduce(0) { $0 | Int(buffer[$1]) << (8 * $1) }
      let key = Array(buffer[4..<4 + length])
      let finding = try FindingCodec.decode(buffer[(4 + length)...])
      if byKey[key] == nil { order.append(key) }
      byKey[key, default: []].append(finding)
    }
    return order.compactMap { key in byKey[key].flatMap { $0.count > 1 ? joined($0) : nil } }
  }

  private func joined(_ holders: [Finding]) -> Finding {
    var finding = holders[0]
    finding.related = holders.dropFirst().map { holder in
      RelatedValue(
        dn: holder.dn, objectGUID: holder.objectGUID, objectClass: holder.objectClass, attribute: holder.attribute,
        value: holder.value, location: holder.location)
    }
    if let rule = program.rules.first(where: { $0.rule.id == finding.rule })?.rule {
      let issue = Issue(rule: 0, slot: 0, value: -1, count: holders.count)
      finding.message = MessageText(rule: rule, issue: issue, finding: finding, holders: holders.count).text
    }
    return finding
  }
}
