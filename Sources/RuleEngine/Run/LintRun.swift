import Bytes
import Directory
import Findings
import RuleSet

/// Reads entries again, to verify what only fingerprints have told.
public protocol EntryRevisiting {
  /// Reads entries again.
  ///
  /// - Parameters:
  ///   - entries: numbers of entries in input order, counted from 0 over all sources; ascending, each once.
  ///   - body: called for each with its number, a batch that has it (with the right `lineBase`), its index there, and
  ///     the name of its source.
  func revisit(
    _ entries: [UInt32], _ body: (_ number: UInt32, _ batch: EntryBatch, _ index: Int, _ source: String) throws -> Void
  ) throws
}

/// Merges the outcomes of batches in input order and finishes what needs the whole run.
public struct LintRun: Sendable {
  private let program: RuleProgram
  private let hash: KeyHash
  private var index = UniquenessIndex()
  private var entryCount = 0
  private var findingCount = 0
  private let spool = Spool(memoryLimit: 8 << 20)
  private var excluded: [Int]
  private var classes: [String: Int] = [:]
  private var outsideSelection = 0
  private var withoutObjectClass = 0
  private var seen: [Int]
  private var basesMet: [Bool]
  private var incomplete: [Int: Int] = [:]
  private var changeRecords = 0
  private var newestChange = ChangeTime.none
  /// Names of sources that have findings.
  private var sources: [String] = []

  /// A run.
  ///
  /// - Parameter seed: seed of the fingerprints; the same as its judges'.
  public init(_ program: RuleProgram, seed: UInt64) {
    self.program = program
    hash = KeyHash(seed: seed)
    excluded = Array(repeating: 0, count: program.compiled.scope.exclusions.count)
    seen = Array(repeating: 0, count: program.attributes.count)
    basesMet = Array(repeating: false, count: program.compiled.scope.bases.count)
  }

  /// Entries merged so far.
  public var entriesRead: Int { entryCount }

  /// Merges the outcome of the next batch.
  ///
  /// - Parameter lineBase: number of lines of the source before the batch.
  /// - Throws: `SpoolFailure` when findings have to be put aside and cannot be.
  public mutating func add(_ outcome: BatchOutcome, lineBase: Int) throws(SpoolFailure) {
    index.add(outcome.keys, entries: outcome.keyEntries, base: UInt32(truncatingIfNeeded: entryCount))
    if outcome.findings.count > 0 {
      if sources.last != outcome.source { sources.append(outcome.source) }
      for probe in outcome.findings.probes {
        index.add(
          .init(
            key: probe.key, entry: UInt32(truncatingIfNeeded: entryCount + probe.entry),
            finding: findingCount + probe.finding))
      }
      try spool.append(
        FindingSpool.Head(
          count: outcome.findings.bytes.count, firstEntry: entryCount, source: sources.count - 1, lineBase: lineBase
        ).bytes.span)
      try spool.append(outcome.findings.bytes.span)
      findingCount += outcome.findings.count
    }
    count(outcome)
  }

  /// Merges the outcome of the next batch but for its findings, which leave at once: without suggestions that other entries
  /// could forbid.
  ///
  /// - Parameter lineBase: number of lines of the source before the batch.
  mutating func addLettingGo(_ outcome: BatchOutcome, lineBase: Int) -> EarlyFindings {
    index.add(outcome.keys, entries: outcome.keyEntries, base: UInt32(truncatingIfNeeded: entryCount))
    defer { count(outcome) }
    return EarlyFindings(
      bytes: outcome.findings.bytes, source: outcome.source, firstEntry: entryCount, lineBase: lineBase,
      undecided: Set(outcome.findings.probes.map(\.finding)))
  }

  private mutating func count(_ outcome: BatchOutcome) {
    for position in outcome.excluded.indices { excluded[position] += outcome.excluded[position] }
    for position in outcome.seen.indices { seen[position] += outcome.seen[position] }
    for position in outcome.basesMet.indices where outcome.basesMet[position] { basesMet[position] = true }
    classes.merge(outcome.classes, uniquingKeysWith: +)
    incomplete.merge(outcome.incomplete, uniquingKeysWith: +)
    outsideSelection += outcome.outsideSelection
    withoutObjectClass += outcome.withoutObjectClass
    changeRecords += outcome.changeRecords
    newestChange = max(newestChange, outcome.newestChange)
    entryCount += outcome.entryCount
  }

  /// What was read and judged, without what the source has to add (lost records, interruption).
  public var coverage: Coverage {
    var coverage = Coverage()
    coverage.entriesRead = entryCount
    coverage.changeRecords = changeRecords
    coverage.newestChange = newestChange.epochSeconds
    var reasons: [String: Int] = [:]
    for (position, count) in excluded.enumerated() where count > 0 {
      reasons[program.compiled.scope.exclusions[position].reason, default: 0] += count
    }
    for (name, count) in classes { reasons["object class \(name)", default: 0] += count }
    if outsideSelection > 0 {
      reasons["outside the selection of --base, --exclude-base and --filter"] = outsideSelection
    }
    if withoutObjectClass > 0 {
      reasons["objectClass not in the source"] = withoutObjectClass
      coverage.gaps.append(
        "\(withoutObjectClass) entries have no objectClass, so no rule could judge them; export objectClass, too")
    }
    // A mistyped base would make a directory look clean.
    for (base, isMet) in zip(program.options.bases, basesMet) where !isMet && entryCount > 0 {
      coverage.gaps.append("no entry is at or below --base \(String(decoding: base, as: UTF8.self))")
    }
    coverage.outOfScope = reasons.map { .init(reason: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    coverage.attributesNeverSeen = neverSeen
    for slot in seen.indices { coverage.attributeCounts[program.attributes[slot]] = seen[slot] }
    for (slot, count) in incomplete.sorted(by: { $0.key < $1.key }) {
      let rules = rules(reading: slot)
      guard !rules.isEmpty else { continue }
      coverage.gaps.append(
        "\(program.attributes[slot]) of \(count) \(count == 1 ? "entry" : "entries") was exported only in part "
          + "(its last range is missing), so \(rules.joined(separator: ", ")) could not judge all values")
    }
    return coverage
  }

  private var neverSeen: [Coverage.UnseenAttribute] {
    guard entryCount > 0 else { return [] }
    return program.attributes.indices.filter { seen[$0] == 0 }.compactMap { slot in
      let rules = rules(reading: slot)
      return rules.isEmpty ? nil : .init(attribute: program.attributes[slot], rules: rules)
    }
    .sorted { $0.attribute.lowercased() < $1.attribute.lowercased() }
  }

  private func rules(reading slot: Int) -> [String] { program.rules(reading: program.attributes[slot]) }

  /// Verifies duplicates, and hands all findings to `receive` in input order of the entries.
  ///
  /// - Throws: what `revisit` or `receive` throws, or `SpoolFailure`.
  public mutating func finish(_ source: some EntryRevisiting, receive: (Finding) throws -> Void) throws {
    let (hits, groupCount, withdrawn) = index.finish()
    var groups = DuplicateGroups(program, hash: hash, hits: hits, groupCount: groupCount)
    var merge = FindingMerge(FindingSpool(spool, program, sources: sources), withdrawn: withdrawn)
    try merge.run(&groups, from: source, receive: receive)
  }
}
