import Bytes
import Entries
import Directory
import Findings
import Joins
import RuleEngine
import RuleSet
import SyncErrors

/// Resolves errors of synchronization to the objects they are about.
///
/// Errors are collected first; then the sources are read once, whatever the number of errors.
public struct ErrorResolver {
  /// What a run came to.
  public struct Outcome: Sendable {
    /// Distinct errors by status.
    public var counts: [ResolvedError.Status: Int] = [:]
    /// Errors that the catalogue does not know.
    public var unknown = 0
    /// Errors that name an object, or a value, that was not found or not for certain.
    public var open = 0
    /// What was read of the sources.
    public var reading = Lookup.Reading()
    /// Sources of which nothing could be read.
    public var unavailable: [SourceFailure] = []
  }

  /// Where to look.
  public struct Sources: Sendable {
    /// The directory.
    public var directory: [SourcePlace]
    /// Connector-space exports, with all their objects.
    public var connectorSpaces: [SourcePlace]

    /// Sources; see the properties.
    public init(directory: [SourcePlace], connectorSpaces: [SourcePlace]) {
      self.directory = directory
      self.connectorSpaces = connectorSpaces
    }
  }

  /// What the catalogue says of errors.
  public typealias Explain = (SyncError) -> KnownError?

  private var groups = ErrorGroups()
  private let findings: EntryFindings
  private let explain: Explain

  /// A resolver of no errors.
  public init(_ findings: EntryFindings, explain: @escaping Explain) {
    self.findings = findings
    self.explain = explain
  }

  /// Number of distinct errors so far.
  public var count: Int { groups.groups.count }

  /// Number of errors that were left out, because those before them had taken all the memory that there is for them.
  public var leftOut: Int { groups.leftOut }

  /// Takes an error.
  public mutating func add(_ error: SyncError) { groups.add(error) }

  /// Looks everything up and hands over the answers in the order in which the errors first appeared.
  ///
  /// - Throws: what `receive` throws, or `SpoolFailure`.
  public mutating func run(
    _ sources: Sources, observer: RunObserver = RunObserver(), receive: (ResolvedError) throws -> Void
  ) throws -> Outcome {
    var plan = Queries(asksConnectorSpaces: !sources.connectorSpaces.isEmpty, count: 2 * groups.groups.count)
    makeQueries(&plan)
    let paths = try ConnectorSpacePaths(plan, sources.connectorSpaces, findings, observer: observer)
    var matches = Matches(plan, paths, findings)
    var outcome = Outcome()
    outcome.reading.add(paths.reading)
    // Objects of connector spaces are no entries of the directory.
    outcome.reading.entriesRead = 0
    for source in sources.directory {
      let reading = try matches.search(source, observer)
      outcome.reading.add(reading)
      if let failure = reading.unavailable { outcome.unavailable.append(failure) }
      if reading.isInterrupted { break }
    }
    var findings = matches.findings
    try SuggestionCheck(findings).apply(to: &findings, of: matches, in: sources.directory, observer)
    // Only of errors that are summed up all are needed at once.
    var summed: [String: [SyncError]] = [:]
    for group in groups.groups where group.isSummed { summed[group.error.id, default: []].append(group.error) }
    let builder = AnswerBuilder(
      matches: matches, paths: paths, findings: findings, pathFindings: paths.findings,
      judgedAttributes: self.findings.judgedAttributes, reading: outcome.reading,
      hasConnectorSpaces: !sources.connectorSpaces.isEmpty,
      hasDirectory: !sources.directory.isEmpty, explain: explain,
      errors: summed)
    for group in groups.groups {
      let answer = builder.answer(group)
      outcome.counts[answer.status, default: 0] += 1
      if group.error.id == SyncError.unknownID, !group.error.isQuestion { outcome.unknown += 1 }
      let namesObject = !group.identifiers.isEmpty || !group.error.conflicts.isEmpty
      if answer.status != .resolved, namesObject { outcome.open += 1 }
      try receive(answer)
    }
    return outcome
  }

  /// Decides what is to be looked up for each error.
  private mutating func makeQueries(_ plan: inout Queries) {
    let explain = explain
    for number in groups.groups.indices {
      groups.update(number) { group in
        let error = group.error
        var mentioned = error.identifiers.filter { $0.role == .object }
        if mentioned.isEmpty { mentioned = error.identifiers.filter { $0.role == .mentioned } }
        func named(_ mentioned: MentionedIdentifier) -> ErrorGroup.Named {
          var identifier = Identifier(mentioned.text)
          switch mentioned.kind {
          case .connectorSpaceID, .metaverseID: identifier.statedNature = .engine(identifier.guid?.sequential)
          case .cloudObjectID: identifier.statedNature = .cloud
          default: break
          }
          return .init(
            identifier: identifier, kind: mentioned.kind,
            query: plan.add(identifier, mentioned.kind, written: mentioned.written))
        }
        group.identifiers = mentioned.map(named)
        group.others = error.identifiers.filter { $0.role == .conflicting }.map(named)
        group.conflictQueries = error.conflicts.map { plan.add($0) }
        let isCut = group.identifiers.contains { $0.identifier.damage?.beginning != nil }
        if group.identifiers.isEmpty || isCut { group.conflictQueries.forEach { plan.makeObjects($0) } }
        let known = explain(error)
        group.isSummed = known?.total != nil
        let looks = known?.looks ?? []
        group.attributeNames = Self.attributeNames(error, looks: looks)
        let names =
          group.attributeNames.map { $0.lowercased() } + (looks.isEmpty ? [] : KnownError.supplementary)
        for named in group.identifiers { if let query = named.query { plan.keep(names, of: query) } }
        if group.identifiers.isEmpty || isCut { for query in group.conflictQueries { plan.keep(names, of: query) } }
      }
    }
  }

  private static func attributeNames(_ error: SyncError, looks: [SyncErrorDefinition.Look]) -> [String] {
    var names: [String] = []
    var seen: Set<String> = []
    func add(_ attribute: String) {
      let name = AttributeSchema.shipped.directoryName(ofCloud: attribute)
      guard !name.isEmpty, names.last != name else { return }
      guard !names.isEmpty else {
        names.append(name)
        return
      }
      if seen.isEmpty { seen = Set(names.map { $0.lowercased() }) }
      if seen.insert(name.lowercased()).inserted { names.append(name) }
    }
    error.attributes.forEach(add)
    for conflict in error.conflicts { add(conflict.attribute) }
    for look in looks { add(look.attribute) }
    return names
  }
}

/// What was found for the queries of a run.
struct Matches {
  /// A value that a query looked for.
  struct Match {
    var entry: Int
    var matchedBy: MatchedBy
    var attribute: String
    var value: AttributeValue
    var location: SourceLocation
    /// The way over connector-space exports.
    var path: [String]
  }

  private(set) var found: FoundEntries
  /// By number of the query.
  private(set) var byQuery: [[Match]]
  private let lookup: Lookup
  /// By number of the look-up's query: the query of the plan that it serves, and the way to it.
  private let owners: [(query: Int, path: [String])]
  private let plan: Queries
  private let judge: FoundEntryFindings
  /// What all entries hold, to know which suggestions are free.
  private var held: HeldTexts?
  /// By number of the entry, of those that errors are about: what it holds itself.
  private var own: [Int: Set<UInt64>] = [:]
  /// Whether some source was not read to its end.
  private(set) var isUnread = false

  init(_ plan: Queries, _ paths: ConnectorSpacePaths, _ findings: EntryFindings) {
    var queries = plan.queries
    var owners = queries.indices.map { (query: $0, path: [String]()) }
    for step in paths.steps {
      let query = paths.query(for: step)
      guard !query.isEmpty else { continue }
      queries.append(query)
      owners.append((step.query, step.path))
    }
    self.owners = owners
    self.plan = plan
    judge = findings.judge()
    found = FoundEntries(findings.attributes)
    held = HeldTexts()
    lookup = Lookup(
      queries, extraAttributes: plan.extraAttributes, entryAttributes: findings.attributes.names, keepsTexts: true)
    byQuery = Array(repeating: [], count: plan.queries.count)
  }

  /// Reads a source.
  ///
  /// - Throws: `SpoolFailure`.
  mutating func search(_ source: SourcePlace, _ observer: RunObserver) throws -> Lookup.Reading {
    var found = found
    var byQuery = byQuery
    var own = own
    let owners = owners
    let plan = plan
    defer {
      self.found = found
      self.byQuery = byQuery
      self.own = own
    }
    let reading = try lookup.run(source, keeping: &held, observer: observer) { entry, hits in
      let queries = hits.map { owners[$0.query].query }
      let isObject = queries.contains { plan.findsObjects[$0] }
      let number = found.add(entry, keeping: isObject ? plan.names(of: queries) : [])
      if isObject {
        judge.add(entry, number)
        own[number] = lookup.heldTexts(of: entry)
      }
      for hit in hits {
        let owner = owners[hit.query]
        byQuery[owner.query].append(
          Match(
            entry: number, matchedBy: hit.matchedBy, attribute: hit.attribute, value: hit.value,
            location: hit.location, path: owner.path))
      }
    }
    judge.end(reading)
    if reading.unavailable != nil || reading.isInterrupted { isUnread = true }
    return reading
  }

  /// The queries whose values some entry of a file may hold beside the entry that each is about.
  ///
  /// - Parameter entries: by number of the query, the number of its entry.
  func mayBeHeld(_ queries: [LookupQuery], entries: [Int]) -> [Int] {
    guard let held else { return Array(queries.indices) }
    return lookup.mayBeHeld(queries, own: entries.map { own[$0] ?? [] }, in: held)
  }

  /// The findings of the entries that are objects of errors, by their number.
  var findings: [Int: [Finding]] { judge.byEntry }
}
