import Bytes
import Directory
import Entries
import Findings
import Joins
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
  /// By exclusion of the scope: the first entries that it left aside.
  private var leftAside: [[NameLeftAside]]
  private var classes: [String: Int] = [:]
  private var outsideSelection = 0
  private var withoutObjectClass = 0
  private var noObjects = 0
  private var objects: KnownObjects
  /// Entries of objects of which another entry counts.
  private var repeats = 0
  /// Entries that were merged before a fuller one of the same object was.
  private var superseded: Set<UInt32> = []
  /// Whether findings have left as they came, so that the first entry of an object counts.
  private var letsGo = false
  private var basesMet: [Bool]
  private var excludedBasesMet: [Bool]
  private var incomplete: [Int: Int] = [:]
  private var changeRecords = 0
  private var crowdedEntries = 0
  private var newestChange = ChangeTime.none
  /// By batch that was put aside while its findings left: numbers of the rules whose findings stayed.
  private var waitingRules: [Set<Int>] = []
  /// The sources so far, each with the attributes of its entries.
  private var sources: [AttributeCoverage] = []

  /// A run.
  ///
  /// - Parameter seed: seed of the fingerprints; the same as its judges'.
  public init(_ program: RuleProgram, seed: UInt64) {
    self.program = program
    hash = KeyHash(seed: seed)
    objects = KnownObjects(seed: seed)
    excluded = Array(repeating: 0, count: program.compiled.scope.exclusions.count)
    leftAside = Array(repeating: [], count: program.compiled.scope.exclusions.count)
    basesMet = Array(repeating: false, count: program.compiled.scope.bases.count)
    excludedBasesMet = Array(repeating: false, count: program.compiled.scope.excludedBases.count)
  }

  /// Entries merged so far.
  public var entriesRead: Int { entryCount }

  /// Entries merged so far of the source that was begun last.
  var entriesOfSource: Int { sources.last?.entryCount ?? 0 }

  /// Goes on to the next source, whose entries are of a directory of their own.
  public mutating func begin(source name: String) {
    sources.append(AttributeCoverage(source: name, slotCount: program.attributes.count))
  }

  /// Tells what the source that was begun last knows of its attributes.
  public mutating func end(exported: ExportedAttributes, inapplicable: Set<String>) {
    guard !sources.isEmpty else { return }
    sources[sources.count - 1].exported = exported
    sources[sources.count - 1].inapplicable = inapplicable
  }

  /// Merges the outcome of the next batch.
  ///
  /// - Parameter lineBase: number of lines of the source before the batch.
  /// - Throws: `SpoolFailure` when findings have to be put aside and cannot be.
  public mutating func add(_ outcome: BatchOutcome, lineBase: Int) throws(SpoolFailure) {
    let outcome = withoutRepeats(outcome)
    addKeys(outcome)
    countAttributes(outcome)
    if outcome.findings.count > 0 {
      for probe in outcome.findings.probes {
        index.add(
          .init(
            key: probe.key, entry: UInt32(truncatingIfNeeded: entryCount + probe.entry),
            finding: findingCount + probe.finding))
      }
      try putAside(outcome, lineBase: lineBase)
      findingCount += outcome.findings.count
    }
    count(outcome)
  }

  /// Merges the outcome of the next batch but for its findings, which leave at once: without suggestions that other entries
  /// could forbid. Those on the lack of an attribute that no entry had so far are put aside: whether it was exported at all is
  /// known at the end.
  ///
  /// - Parameter lineBase: number of lines of the source before the batch.
  /// - Throws: `SpoolFailure` when findings have to be put aside and cannot be.
  mutating func addLettingGo(_ outcome: BatchOutcome, lineBase: Int) throws(SpoolFailure) -> EarlyFindings {
    letsGo = true
    let outcome = withoutRepeats(outcome)
    addKeys(outcome)
    countAttributes(outcome)
    let waiting = sources.last?.silencedRules(program) ?? []
    if !waiting.isEmpty, outcome.findings.count > 0 {
      try putAside(outcome, lineBase: lineBase)
      waitingRules.append(waiting)
    }
    defer { count(outcome) }
    return EarlyFindings(
      bytes: outcome.findings.bytes, source: outcome.source, firstEntry: entryCount, lineBase: lineBase,
      undecided: Set(outcome.findings.probes.map(\.finding)), waitingRules: waiting)
  }

  /// The outcome of a batch without what was found in entries of objects of which another entry counts: each is told of once,
  /// by its fullest entry.
  private mutating func withoutRepeats(_ outcome: BatchOutcome) -> BatchOutcome {
    let known = objects.add(outcome.objects, base: entryCount, replaces: !letsGo)
    guard known.count > 0 else { return outcome }
    repeats += known.count
    for (entry, standing) in known.earlier {
      superseded.insert(entry)
      switch standing {
      case .judged, .ofOtherClass: break
      case .outsideSelection: outsideSelection -= 1
      case .withoutObjectClass: withoutObjectClass -= 1
      case .excluded(let position): excluded[Int(position)] -= 1
      }
    }
    var outcome = outcome
    outcome.remove(known.here)
    return outcome
  }

  private mutating func addKeys(_ outcome: BatchOutcome) {
    let base = UInt32(truncatingIfNeeded: entryCount)
    index.add(outcome.keys, entries: outcome.keyEntries, base: base)
    index.add(held: outcome.heldKeys, entries: outcome.heldEntries, base: base)
  }

  private mutating func countAttributes(_ outcome: BatchOutcome) {
    if sources.isEmpty { begin(source: outcome.source) }
    sources[sources.count - 1].entryCount += outcome.entryCount
    for position in outcome.seen.indices { sources[sources.count - 1].seen[position] += outcome.seen[position] }
  }

  private func putAside(_ outcome: BatchOutcome, lineBase: Int) throws(SpoolFailure) {
    try spool.append(
      FindingSpool.Head(
        count: outcome.findings.bytes.count, firstEntry: entryCount, source: sources.count - 1, lineBase: lineBase
      ).bytes.span)
    try spool.append(outcome.findings.bytes.span)
  }

  private mutating func count(_ outcome: BatchOutcome) {
    for position in outcome.excluded.indices { excluded[position] += outcome.excluded[position].count }
    for var name in outcome.namesLeftAside where leftAside[name.exclusion].count < Coverage.namesKept {
      name.entry = UInt32(truncatingIfNeeded: entryCount + Int(name.entry))
      leftAside[name.exclusion].append(name)
    }
    for position in outcome.basesMet.indices where outcome.basesMet[position] { basesMet[position] = true }
    for position in outcome.excludedBasesMet.indices where outcome.excludedBasesMet[position] {
      excludedBasesMet[position] = true
    }
    for (name, entries) in outcome.classes where !entries.isEmpty { classes[name, default: 0] += entries.count }
    incomplete.merge(outcome.incomplete, uniquingKeysWith: +)
    outsideSelection += outcome.outsideSelection.count
    withoutObjectClass += outcome.withoutObjectClass.count
    noObjects += outcome.noObjects.count
    changeRecords += outcome.changeRecords
    crowdedEntries += outcome.crowdedEntries
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
    var names: [String: [NameLeftAside]] = [:]
    for (position, count) in excluded.enumerated() where count > 0 {
      let reason = program.compiled.scope.exclusions[position].reason
      reasons[reason, default: 0] += count
      names[reason, default: []] += leftAside[position].filter { !superseded.contains($0.entry) }
    }
    for (name, count) in classes { reasons["object class \(Self.described(name))", default: 0] += count }
    if repeats > 0 {
      reasons["stands in the sources more than once"] = repeats
      let count = objects.repeatedCount
      let which = letsGo ? "first" : "fullest"
      coverage.remarks.append(
        count == 1
          ? "1 object stands in the sources more than once; its \(which) record was judged"
          : "\(count) objects stand in the sources more than once; the \(which) record of each was judged")
    }
    if outsideSelection > 0 {
      reasons["outside the selection of --base, --exclude-base and --filter"] = outsideSelection
    }
    if noObjects > 0 { reasons["no object: root DSE or record of the database"] = noObjects }
    if withoutObjectClass > 0 {
      reasons["objectClass not in the source"] = withoutObjectClass
      coverage.gaps.append(
        "\(withoutObjectClass) \(withoutObjectClass == 1 ? "entry has" : "entries have") no objectClass, so no rule could judge"
          + " \(withoutObjectClass == 1 ? "it" : "them"); export objectClass, too")
    }
    if crowdedEntries > 0 {
      coverage.gaps.append(
        "\(crowdedEntries) \(crowdedEntries == 1 ? "entry has" : "entries have") more than \(program.options.findingsOfEntry) findings, of"
          + " which the others are left out")
    }
    describeSelection(in: &coverage)
    coverage.outOfScope = reasons.map { reason, count in
      let named = names[reason, default: []].sorted { $0.entry < $1.entry }.prefix(Coverage.namesKept)
      return .init(reason: reason, count: count, names: named.map { AttributeValue($0.dn) })
    }
    .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    limitReasons(in: &coverage)
    (coverage.attributesNeverSeen, coverage.attributesNotApplicable) = unseen
    coverage.rules = program.rules.count
    describeTopLevelDomains(in: &coverage)
    for source in sources where source.isForeign(program) {
      coverage.gaps.append(
        "\(source.source) does not look like Active Directory: no entry has objectGUID, objectSid or sAMAccountName")
    }
    for slot in program.attributes.indices { coverage.attributeCounts[program.attributes[slot]] = count(of: slot) }
    for (slot, count) in incomplete.sorted(by: { $0.key < $1.key }) {
      let rules = rules(reading: slot)
      guard !rules.isEmpty else { continue }
      coverage.gaps.append(
        "\(program.attributes[slot]) of \(count) \(count == 1 ? "entry" : "entries") was exported only in part "
          + "(its last range is missing), so \(rules.joined(separator: ", ")) could not judge all values")
    }
    return coverage
  }

  /// What was asked for and selects nobody, or leaves nobody out.
  private func describeSelection(in coverage: inout Coverage) {
    guard entryCount > 0 else { return }
    // A mistyped base would make a directory look clean.
    var gaps = zip(program.options.bases, basesMet).filter { !$0.1 }.map {
      "no entry is at or below --base \(String(decoding: $0.0, as: UTF8.self))"
    }
    gaps += unseenInFilter
    if program.options.allowsEmpty { coverage.remarks += gaps } else { coverage.gaps += gaps }
    for (base, isMet) in zip(program.options.excludedBases, excludedBasesMet) where !isMet {
      coverage.remarks.append("no entry is at or below --exclude-base \(String(decoding: base, as: UTF8.self))")
    }
  }

  /// A filter on what was not exported selects nobody, and an exclusion by it excludes nobody.
  private var unseenInFilter: [String] {
    (program.options.filter?.attributes ?? []).filter { !isPseudo($0) }.compactMap { name in
      guard let slot = program.attributes.firstIndex(where: { $0.lowercased() == name }), count(of: slot) == 0
      else { return nil }
      let isInSchema = sources.contains { !$0.inapplicable.contains(name) }
      return isInSchema
        ? "no entry has \(program.attributes[slot]), which --filter asks for; export it, too, or see its spelling"
        : "the schema of the directory does not have \(program.attributes[slot]), which --filter asks for; see its spelling"
    }
  }

  /// An export may have a million object classes of nobody: those that matter are told, the others counted.
  private func limitReasons(in coverage: inout Coverage) {
    let most = 100
    guard coverage.outOfScope.count > most else { return }
    let rest = coverage.outOfScope[most...]
    coverage.outOfScope.removeSubrange(most...)
    coverage.outOfScope.append(
      .init(reason: "\(rest.count) other reasons", count: rest.reduce(0) { $0 + $1.count }))
  }

  /// The name of an object class; with the character by name where one that cannot be seen begins or ends it.
  private static func described(_ name: String) -> String {
    func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isWhitespace || [.control, .format].contains(scalar.properties.generalCategory)
    }
    let scalars = name.unicodeScalars
    if let last = scalars.last, isUnseen(last) {
      return "'\(name)', which ends with \(CharacterName.description(of: last.value))"
    }
    if let first = scalars.first, isUnseen(first) {
      return "'\(name)', which begins with \(CharacterName.description(of: first.value))"
    }
    return name
  }

  /// Domains are judged by a list that ages: those that came later are unknown to it.
  private func describeTopLevelDomains(in coverage: inout Coverage) {
    let date = program.options.topLevelDomains.date
    guard !date.isEmpty, program.compiled.judgesTopLevelDomains else { return }
    coverage.topLevelDomains = date
    let digits = Array(date.utf8).filter { $0 != UInt8(ascii: "-") } + Array("000000".utf8)
    guard let now = program.options.now, let day = ChangeTime(digits.span).epochSeconds, now - day > 366 * 86_400 else {
      return
    }
    coverage.remarks.append(
      "the list of top-level domains is of \(date), more than a year ago; name a newer one with --tld-list")
  }

  /// How many entries have an attribute.
  private func count(of slot: Int) -> Int { sources.reduce(0) { $0 + $1.seen[slot] } }

  /// Attributes that no entry has and of which nobody knows whether the directory has none, and those that it cannot have, with
  /// the rules that could not judge for that.
  private var unseen: (neverSeen: [Coverage.UnseenAttribute], notApplicable: [Coverage.UnseenAttribute]) {
    guard entryCount > 0 else { return ([], []) }
    var lists: [AttributeCoverage.Silence: [Coverage.UnseenAttribute]] = [:]
    let silences = program.attributes.indices.map { slot in
      sources.lazy.compactMap { $0.silence(of: slot, program.attributes, program.options.exported) }.first
    }
    let slots = program.attributes.indices.filter { count(of: $0) == 0 && silences[$0] != nil }
    var rules = Array(repeating: [String](), count: program.attributes.count)
    for (number, active) in program.rules.enumerated() {
      let own = Set(active.rule.attributes.compactMap { program.compiled.slot($0) })
      let missing = own.filter { slots.contains($0) }
      // One of several attributes is enough to judge by, but not for the lack of all.
      let absences = program.compiled.absences[number]
      let absent = (absences?.judged ?? []).filter { slots.contains($0) }
        .union((absences?.required ?? []).filter { slots.contains($0) && silences[$0] == .notExported })
      guard missing.count == own.count || !absent.isEmpty else { continue }
      for slot in Set(missing).union(absent) { rules[slot].append(active.rule.id) }
    }
    for slot in slots where !rules[slot].isEmpty {
      guard let silence = silences[slot] else { continue }
      lists[silence, default: []].append(.init(attribute: program.attributes[slot], rules: rules[slot]))
    }
    func sorted(_ silence: AttributeCoverage.Silence) -> [Coverage.UnseenAttribute] {
      (lists[silence] ?? []).sorted { $0.attribute.lowercased() < $1.attribute.lowercased() }
    }
    return (sorted(.notExported), sorted(.notApplicable))
  }

  /// Whether every entry has an attribute without its being among the values.
  private func isPseudo(_ name: String) -> Bool { name == "distinguishedname" }

  private func rules(reading slot: Int) -> [String] { program.rules(reading: program.attributes[slot]) }

  /// What the findings on single entries have in common.
  ///
  /// - Parameter entriesJudged: number of entries that rules looked at.
  /// - Throws: `SpoolFailure`.
  func causes(entriesJudged: Int) throws -> [Cause] {
    let silenced = sources.map { $0.silencedRules(program) }
    var findings = FindingSpool(spool, program, sources: sources.map(\.source))
    var finding = Finding()
    var tally = CauseTally()
    while let entry = try findings.next(into: &finding) {
      if superseded.contains(UInt32(truncatingIfNeeded: entry)) { continue }
      if !silenced[findings.source].contains(finding.ruleNumber) { tally.count(finding) }
    }
    return tally.causes(entriesJudged: entriesJudged)
  }

  /// Verifies duplicates, and hands all findings to `receive` in input order of the entries.
  ///
  /// - Throws: what `revisit` or `receive` throws, or `SpoolFailure`.
  public mutating func finish(_ source: some EntryRevisiting, receive: (Finding) throws -> Void) throws {
    let (hits, groupCount, withdrawn) = index.finish(without: superseded)
    var groups = DuplicateGroups(program, hash: hash, hits: hits, groupCount: groupCount)
    var merge = FindingMerge(
      FindingSpool(spool, program, sources: sources.map(\.source)), withdrawn: withdrawn,
      silenced: sources.map { $0.silencedRules(program) }, waiting: waitingRules, superseded: superseded)
    try merge.run(&groups, from: source, receive: receive)
  }
}
