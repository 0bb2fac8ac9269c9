import Directory
import Findings

/// What a batch gave: counts, findings and keys, to be merged in input order.
public struct BatchOutcome: Sendable {
  /// Entries of the batch.
  public var entryCount = 0
  /// Entries that were not judged, by what excluded them.
  var excluded: [[UInt32]]
  /// The names of the first of these.
  var namesLeftAside: [NameLeftAside] = []
  /// Entries that were not judged, by their object class.
  var classes: [String: [UInt32]] = [:]
  /// Entries that were not judged since the user asked for others.
  var outsideSelection: [UInt32] = []
  /// Entries that could not be judged.
  var withoutObjectClass: [UInt32] = []
  /// Entries that are no objects.
  var noObjects: [UInt32] = []
  /// The objects that entries are of, where that is known.
  var objects: [EntryObject] = []
  /// By base of the scope: whether its judge has found an entry at or below it so far.
  var basesMet: [Bool] = []
  /// The same by excluded base.
  var excludedBasesMet: [Bool] = []
  /// The name of the source.
  var source = ""
  var findings = LocalFindings()
  /// Number of findings on single entries.
  public var findingCount: Int { findings.count }
  var keys: [UInt64] = []
  var keyEntries: [UInt32] = []
  /// Fingerprints of values that no duplicate is made of, with their entries: those of entries that are not judged, or that a
  /// rule leaves out. A suggestion must not be one of them.
  var heldKeys: [UInt64] = []
  var heldEntries: [UInt32] = []
  var seen: [Int]
  /// Change records that are no entries.
  public var changeRecords = 0
  /// Entries that have more findings than are kept.
  var crowdedEntries = 0
  /// Entries by slot whose values are known in part only.
  var incomplete: [Int: Int] = [:]
  /// The newest time of change.
  var newestChange = ChangeTime.none
}

/// An entry that an exclusion of the scope leaves aside.
struct NameLeftAside: Sendable {
  /// The number of the entry: within its batch, or in a run.
  var entry: UInt32
  /// The place of the exclusion in the scope.
  var exclusion: Int
  var dn: [UInt8]
}

extension EntryEvaluator.Standing {
  /// The same as it is kept of an object.
  fileprivate var ofObject: EntryObject.Standing {
    switch self {
    case .inScope: .judged
    case .outsideSelection: .outsideSelection
    case .noObjectClass: .withoutObjectClass
    case .excluded(let position): UInt8(exactly: position).map { .excluded($0) } ?? .ofOtherClass
    case .classOutOfScope, .noObject: .ofOtherClass
    }
  }
}

extension BatchOutcome {
  /// Leaves out what was found in entries of the batch, as if they had not been judged.
  mutating func remove(_ entries: Set<UInt32>) {
    let kept = keys.indices.filter { !entries.contains(keyEntries[$0]) }
    (keys, keyEntries) = (kept.map { keys[$0] }, kept.map { keyEntries[$0] })
    let held = heldKeys.indices.filter { !entries.contains(heldEntries[$0]) }
    (heldKeys, heldEntries) = (held.map { heldKeys[$0] }, held.map { heldEntries[$0] })
    findings.remove(entries)
    for position in excluded.indices { excluded[position].removeAll(where: entries.contains) }
    namesLeftAside.removeAll { entries.contains($0.entry) }
    for name in classes.keys { classes[name]?.removeAll(where: entries.contains) }
    outsideSelection.removeAll(where: entries.contains)
    withoutObjectClass.removeAll(where: entries.contains)
    noObjects.removeAll(where: entries.contains)
  }
}

/// Judges batches; one per thread.
public struct BatchJudge: ~Copyable {
  private let program: RuleProgram
  private var evaluator: EntryEvaluator
  private var builder: FindingBuilder
  /// By exclusion of the scope: how many more entries are to be named.
  private var namesWanted: [Int]

  /// A judge.
  ///
  /// - Parameter seed: seed of the fingerprints; the same for all judges of a run.
  public init(_ program: RuleProgram, seed: UInt64) {
    self.program = program
    evaluator = EntryEvaluator(program, hash: KeyHash(seed: seed))
    builder = FindingBuilder(program, hash: KeyHash(seed: seed))
    namesWanted = Array(repeating: Coverage.namesKept, count: program.compiled.scope.exclusions.count)
  }

  /// Judges every entry of a batch.
  public mutating func judge(_ batch: EntryBatch, source: String) -> BatchOutcome {
    var outcome = BatchOutcome(
      excluded: Array(repeating: [], count: program.compiled.scope.exclusions.count),
      seen: Array(repeating: 0, count: program.attributes.count))
    outcome.source = source
    outcome.entryCount = batch.entries.count
    outcome.changeRecords = batch.changes.count
    evaluator.resetSeen()
    evaluator.learnLosses(of: batch)
    for number in batch.entries.indices {
      let standing = evaluator.enter(batch.entries[number], of: batch)
      defer {
        noteObject(number, standing, batch, &outcome)
        noteHeld(number, &outcome)
        noteChange(batch, &outcome)
      }
      let entry = UInt32(truncatingIfNeeded: number)
      if standing != .inScope { evaluator.collectHeld(batch.entries[number], of: batch) }
      switch standing {
      case .inScope: judge(number, batch, &outcome)
      case .excluded(let position):
        outcome.excluded[position].append(entry)
        noteName(number, exclusion: position, batch, &outcome)
      case .outsideSelection: outcome.outsideSelection.append(entry)
      case .noObjectClass: outcome.withoutObjectClass.append(entry)
      case .noObject: outcome.noObjects.append(entry)
      case .classOutOfScope:
        let range = batch.values[Int(evaluator.objectClassValue)].range
        outcome.classes[String(decoding: batch.bytes[range], as: UTF8.self), default: []].append(entry)
      }
    }
    for range in batch.incompleteRanges {
      let type = batch.attributes[range.attribute].type
      if Int(type) < program.attributes.count { outcome.incomplete[Int(type), default: 0] += 1 }
    }
    outcome.seen = evaluator.seen
    outcome.basesMet = evaluator.basesMet
    outcome.excludedBasesMet = evaluator.excludedBasesMet
    return outcome
  }

  /// Names an entry that is left aside. A judge gets its batches in input order, so the first of the run are among the
  /// first of its judge.
  private mutating func noteName(
    _ number: Int, exclusion: Int, _ batch: EntryBatch, _ outcome: inout BatchOutcome
  ) {
    guard namesWanted[exclusion] > 0 else { return }
    namesWanted[exclusion] -= 1
    outcome.namesLeftAside.append(
      NameLeftAside(
        entry: UInt32(truncatingIfNeeded: number), exclusion: exclusion,
        dn: Array(batch.bytes[batch.entries[number].dn])))
  }

  /// Looks at which object the entry is of that was entered last.
  @inline(__always)
  private func noteObject(
    _ number: Int, _ standing: EntryEvaluator.Standing, _ batch: EntryBatch, _ outcome: inout BatchOutcome
  ) {
    guard let guid = object(batch.entries[number], batch) else { return }
    outcome.objects.append(
      EntryObject(
        guid: guid, entry: UInt32(truncatingIfNeeded: number),
        attributeCount: UInt16(clamping: evaluator.index.usedCount),
        standing: standing.ofObject))
  }

  /// The objectGUID of the entry that was entered last; where it has none, 128 bits of its name.
  @inline(__always)
  private func object(_ entry: EntryRecord, _ batch: EntryBatch) -> GUID? {
    let value = evaluator.index.first(program.compiled.objectGUIDSlot)
    if value >= 0 {
      let guid = GUID(value: batch.bytes.span.extracting(batch.values[Int(value)].range))
      return guid?.isNull == true ? nil : guid
    }
    let name = batch.bytes.span.extracting(entry.dn)
    guard !name.isEmpty else { return nil }
    return GUID(
      low: evaluator.hash.of(name, index: .max, foldsCase: true),
      high: evaluator.hash.of(name, index: .max - 1, foldsCase: true))
  }

  /// Takes the values of the entry that was entered last which count for suggestions only.
  @inline(__always)
  private func noteHeld(_ number: Int, _ outcome: inout BatchOutcome) {
    for key in evaluator.heldKeys {
      outcome.heldKeys.append(key)
      outcome.heldEntries.append(UInt32(truncatingIfNeeded: number))
    }
  }

  /// Looks at the time of change of the entry that was entered last.
  private func noteChange(_ batch: EntryBatch, _ outcome: inout BatchOutcome) {
    guard program.compiled.changeTimeSlot >= 0 else { return }
    let value = evaluator.index.first(program.compiled.changeTimeSlot)
    guard value >= 0 else { return }
    let time = ChangeTime(batch.bytes.span.extracting(batch.values[Int(value)].range))
    if outcome.newestChange < time { outcome.newestChange = time }
  }

  private mutating func judge(_ number: Int, _ batch: EntryBatch, _ outcome: inout BatchOutcome) {
    evaluator.judge(batch.entries[number], of: batch)
    if batch.unfinishedLine != nil, number == batch.entries.count - 1 { evaluator.dropUnfinished(number, of: batch) }
    for key in evaluator.keys {
      outcome.keys.append(key)
      outcome.keyEntries.append(UInt32(truncatingIfNeeded: number))
    }
    if evaluator.issuesLeftOut > 0 { outcome.crowdedEntries += 1 }
    if !evaluator.issues.isEmpty {
      builder.add(evaluator, entry: number, in: batch, to: &outcome.findings)
    }
  }
}
