import Bytes
import Directory
import Entries
import Findings
import Joins
import RuleEngine

/// What connector-space exports tell of identifiers: from the object of one connector over the metaverse to that of
/// Active Directory.
struct ConnectorSpacePaths: Sendable {
  /// An object of a connector space, and how it was reached.
  struct Step: Sendable {
    /// Number of the query.
    var query: Int
    /// The object, in `found`.
    var entry: Int
    /// What was done, one step each.
    var path: [String]
  }

  private(set) var found: FoundEntries
  /// Findings by number of the object in `found`.
  private(set) var findings: [Int: [Finding]] = [:]
  private let attributes: EntryAttributes
  private(set) var steps: [Step] = []
  /// By number of the query: places in `steps`.
  private var byQuery: [Int: [Int]] = [:]
  private(set) var reading = Lookup.Reading()

  /// Looks queries up in exports.
  ///
  /// - Throws: `SpoolFailure`.
  init(
    _ plan: Queries, _ sources: [SourcePlace], _ findings: EntryFindings, observer: RunObserver
  ) throws {
    attributes = findings.attributes
    found = FoundEntries(attributes)
    guard !sources.isEmpty else { return }
    let judge = findings.judge()
    try search(plan, sources, judge, observer)
    try joinMetaverse(plan, sources, judge, observer)
    self.findings = judge.byEntry
    for (number, step) in steps.enumerated() { byQuery[step.query, default: []].append(number) }
  }

  /// The steps of some queries, in their order.
  func steps(of queries: [Int]) -> [Step] {
    guard !steps.isEmpty else { return [] }
    return Set(queries).flatMap { byQuery[$0] ?? [] }.sorted().map { steps[$0] }
  }

  private mutating func search(
    _ plan: Queries, _ sources: [SourcePlace], _ judge: FoundEntryFindings, _ observer: RunObserver
  ) throws {
    guard plan.connectorSpaceQueries.contains(where: { !$0.isEmpty }) else { return }
    let lookup = Lookup(plan.connectorSpaceQueries, entryAttributes: attributes.names)
    for source in sources {
      var found = found
      var steps = steps
      let own = try lookup.run(source, observer: observer) { entry, hits in
        let number = found.add(entry, keeping: plan.names(of: hits.map(\.query)))
        judge.add(entry, number)
        var seen: Set<Int> = []
        for hit in hits where seen.insert(hit.query).inserted {
          let path = ["\(hit.location.source): \(hit.attribute) \(Self.shown(hit))"]
          steps.append(Step(query: hit.query, entry: number, path: path))
        }
      }
      judge.end(own)
      self.found = found
      self.steps = steps
      reading.add(own)
    }
  }

  /// Adds the objects of other connectors that are joined to the same metaverse objects.
  private mutating func joinMetaverse(
    _ plan: Queries, _ sources: [SourcePlace], _ judge: FoundEntryFindings, _ observer: RunObserver
  ) throws {
    var ids: [String] = []
    var places: [String: Int] = [:]
    var origins: [[Step]] = []
    for step in steps {
      guard let id = found.entries[step.entry].metaverseID else { continue }
      if places[id] == nil {
        places[id] = ids.count
        ids.append(id)
        origins.append([])
      }
      if let place = places[id] { origins[place].append(step) }
    }
    let known = Set(found.entries.compactMap(\.csID))
    var joined: [Step] = []
    var found = found
    let lookup = Lookup(ids.map(LookupQuery.metaverse), entryAttributes: attributes.names)
    guard !ids.isEmpty else { return }
    for source in sources {
      let own = try lookup.run(source, observer: observer) { entry, hits in
        let queries = hits.flatMap { hit in origins[hit.query].map(\.query) }
        let number = found.add(entry, keeping: plan.names(of: queries))
        judge.add(entry, number)
        let object = found.entries[number]
        guard object.csID.map({ !known.contains($0) }) ?? true else { return }
        for hit in hits where hit.attribute == "csMetaverseId" {
          for origin in origins[hit.query] {
            let way = "\(source.name): joined by metaverse object \(ids[hit.query])"
            joined.append(Step(query: origin.query, entry: number, path: origin.path + [way]))
          }
        }
      }
      judge.end(own)
      // The first pass has counted the rest already.
      reading.isInterrupted = reading.isInterrupted || own.isInterrupted
    }
    self.found = found
    steps += joined
  }

  private static func shown(_ hit: Lookup.Hit) -> String {
    guard hit.attribute == "csAnchor" else { return hit.value.text ?? Base64Text.encode(hit.value.bytes) }
    return AnchorText.decode(hit.value.bytes) ?? Base64Text.encode(hit.value.bytes)
  }

  /// What to look for in the directory because of an object: its DN, GUID, source anchor and SID.
  func query(for step: Step) -> LookupQuery {
    let object = found.entries[step.entry]
    var readings: [LookupQuery.Reading] = []
    let dn = Identifier(String(decoding: object.dn.bytes, as: UTF8.self))
    let isOfDirectory = [.distinguishedName, .conflictDN, .deletedDN].contains(dn.form) && dn.notes.isEmpty
    if isOfDirectory { readings += LookupQuery.readings(ofDN: object.dn.bytes) }
    if let guid = object.objectGUID { readings += LookupQuery.readings(of: guid).prefix(2) }
    if let anchor = object.consistencyGuid.flatMap({ GUID($0) }) {
      readings += LookupQuery.readings(of: anchor).prefix(2)
    }
    if let sid = object.sid { readings.append(contentsOf: SecurityIdentifier(sid).map(LookupQuery.readings) ?? []) }
    for index in readings.indices { readings[index].matchedBy = .connectorSpace }
    return LookupQuery(readings)
  }

  /// Whether an object's DN is one of Active Directory.
  func isOfDirectory(_ entry: Int) -> Bool {
    let dn = Identifier(String(decoding: found.entries[entry].dn.bytes, as: UTF8.self))
    return [.distinguishedName, .conflictDN, .deletedDN].contains(dn.form) && dn.notes.isEmpty
  }
}

extension Lookup.Reading {
  /// Takes in the reading of another source.
  mutating func add(_ other: Lookup.Reading) {
    entriesRead += other.entriesRead
    recordsLost += other.recordsLost
    gaps += other.gaps
    isInterrupted = isInterrupted || other.isInterrupted
    attributesSeen.formUnion(other.attributesSeen)
    if let failure = other.unavailable { gaps.append("\(failure.source) was not read: \(failure.message)") }
  }
}
