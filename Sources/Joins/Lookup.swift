import Directory
import Findings
import Entries

/// Finds entries by any number of identifiers in one pass over a source.
public struct Lookup {
  /// A value of an entry that was looked for.
  public struct Hit: Sendable {
    /// Number of the query.
    public var query: Int
    /// Which reading of the identifier it was.
    public var matchedBy: MatchedBy
    /// The attribute, as the directory calls it; `dn` for the entry's own DN.
    public var attribute: String
    /// The value; the DN for `dn`.
    public var value: AttributeValue
    /// Where the value stands; the entry's place for the DN.
    public var location: SourceLocation
  }

  /// What reading a source came to.
  public struct Reading: Sendable {
    /// Entries read.
    public var entriesRead = 0
    /// Records that could not be read.
    public var recordsLost = 0
    /// What was not read and why.
    public var gaps: [String] = []
    /// Attributes by which something was looked for and that some entry has.
    public var attributesSeen: Set<String> = []
    /// What the source was asked for.
    public var exported = ExportedAttributes.unknown
    /// Attributes that the directory cannot have, by their names in lower case.
    public var inapplicable: Set<String> = []
    /// Why nothing was read.
    public var unavailable: SourceFailure?
    /// Whether the user ended it.
    public var isInterrupted = false

    /// A reading of nothing.
    public init() {}

    /// Whether everything was read.
    public var isComplete: Bool { recordsLost == 0 && gaps.isEmpty && unavailable == nil && !isInterrupted }
  }

  private let table: LookupTable
  /// Names of attributes with fixed numbers in the batches that are handed over.
  private let entryAttributes: [String]

  /// A look-up.
  ///
  /// - Parameters:
  ///   - extraAttributes: names of attributes that queries name beside the usual ones.
  ///   - seed: seed of the hashes; a random one unless a test wants to choose.
  public init(
    _ queries: [LookupQuery], extraAttributes: [String] = [], seed: UInt64 = .random(in: 0 ... .max)
  ) {
    self.init(queries, extraAttributes: extraAttributes, entryAttributes: [], seed: seed)
  }

  /// A look-up that hands over entries with the attributes numbered in a way of the caller's.
  ///
  /// - Parameters:
  ///   - entryAttributes: names of attributes, in the order of their numbers.
  ///   - keepsTexts: whether `run` can keep the texts of the entries that it reads.
  package init(
    _ queries: [LookupQuery], extraAttributes: [String] = [], entryAttributes: [String], keepsTexts: Bool = false,
    seed: UInt64 = .random(in: 0 ... .max)
  ) {
    table = LookupTable(queries, extraAttributes: extraAttributes, keepsTexts: keepsTexts, seed: seed)
    self.entryAttributes = entryAttributes
  }

  /// Reads a source to its end and hands over each entry that has a hit.
  ///
  /// Of entries without a hit only what is looked for is read, so that most of a directory is passed over.
  ///
  /// - Parameter receive: called with the whole entry and its hits.
  /// - Throws: what `receive` throws.
  public func run(
    _ place: SourcePlace, observer: RunObserver = RunObserver(),
    receive: (_ entry: EntryView, _ hits: [Hit]) throws -> Void
  ) throws -> Reading {
    var held: HeldTexts?
    return try run(place, keeping: &held, observer: observer, receive: receive)
  }

  /// Reads a source to its end, hands over each entry that has a hit, and keeps the texts of all others, too.
  ///
  /// - Parameters:
  ///   - held: what is kept; nil keeps nothing. A source that answers filters is not read through, so nothing of it is kept.
  ///   - receive: called with the whole entry and its hits.
  /// - Throws: what `receive` throws.
  package func run(
    _ place: SourcePlace, keeping held: inout HeldTexts?, observer: RunObserver = RunObserver(),
    receive: (_ entry: EntryView, _ hits: [Hit]) throws -> Void
  ) throws -> Reading {
    var reading = Reading()
    do {
      var request = EntryRequest(
        attributes: [], shouldStop: { observer.isInterrupted() }, note: observer.note)
      request.includesDeleted = true
      guard place.answersFilters else {
        try read(try Entries.open(place, request), observer, &reading, &held, receive)
        return reading
      }
      request.filters = SearchFilters(table).batches
      guard !request.filters.isEmpty else { return reading }
      var known: Set<[UInt8]> = []
      var none: HeldTexts?
      try read(try Entries.open(place, request), observer, &reading, &none) { entry, hits in
        // The first time it came with all its hits.
        guard known.insert(Array(entry.dn)).inserted else { return }
        try receive(entry, hits)
      }
      // Nothing can be said of attributes that were not asked for.
      reading.attributesSeen = Set(table.attributes)
    } catch let failure as SourceFailure {
      if failure.isUnavailable {
        reading.unavailable = failure
      } else {
        observer.problem(Problem(location: SourceLocation(source: failure.source), message: failure.message))
        reading.gaps.append("\(failure.source) was read only in part: \(failure.message)")
      }
    }
    return reading
  }

  private func read(
    _ source: any EntrySource, _ observer: RunObserver, _ reading: inout Reading, _ held: inout HeldTexts?,
    _ receive: (EntryView, [Hit]) throws -> Void
  ) throws {
    var scan = LookupScan(table, held: held)
    held = nil
    defer { held = scan.held }
    var reader = EntryReader(source, scan.attributes, shouldStop: observer.isInterrupted)
    var whole = BatchReader(source, .all(numbering: entryAttributes))
    while let page = try reader.next() {
      reading.entriesRead += page.batch.entries.count
      for problem in page.problems {
        if problem.losesRecord {
          reading.recordsLost += 1
        } else {
          reading.gaps.append("\(source.name): \(problem.message)")
        }
        observer.problem(Problem(location: problem.place, message: problem.message))
      }
      try report(scan.hits(in: page.batch), of: page.batch) { entry, hits in
        if let found = whole.read(entry) {
          try receive(found, hits)
        } else {
          reading.gaps.append("\(source.name): an entry that was found cannot be read again")
        }
      }
      observer.progress(
        reading.entriesRead, Int(source.bytesRead), source.totalBytes.map { Int($0) }, 0)
    }
    reading.isInterrupted = observer.isInterrupted()
    reading.gaps += source.gaps
    reading.attributesSeen = scan.attributesSeen
    reading.exported = source.exported
    reading.inapplicable = source.inapplicable
  }

  /// The hashes of an entry's texts, as they are kept.
  package func heldTexts(of entry: EntryView) -> Set<UInt64> {
    var hashes: Set<UInt64> = []
    for attribute in LookupAttribute.allCases where HeldTexts.attributes.contains(AttributeSet(attribute)) {
      for value in entry[attribute.attributeName] {
        hashes.insert(table.textHash(value.bytes, isTyped: attribute.comparison == .typedAddress))
      }
    }
    return hashes
  }

  /// The queries whose values some entry may hold beside the one they are about.
  ///
  /// - Parameters:
  ///   - queries: queries of texts.
  ///   - own: by number of the query, the texts of its own entry (`heldTexts(of:)`).
  ///   - held: what was kept of everything read.
  package func mayBeHeld(_ queries: [LookupQuery], own: [Set<UInt64>], in held: HeldTexts) -> [Int] {
    let keys = queries.map { Set($0.readings.map { table.keyHash($0.key[...], $0.kind) }) }
    guard let counts = held.counts(of: keys.reduce(into: []) { $0.formUnion($1) }) else {
      return Array(queries.indices)
    }
    return queries.indices.filter { number in
      keys[number].contains { counts[$0, default: 0] > (own[number].contains($0) ? 1 : 0) }
    }
  }

  /// Hands over the hits entry by entry.
  private func report(
    _ hits: [RawHit], of batch: EntryBatch, _ receive: (EntryView, [Hit]) throws -> Void
  ) throws {
    var index = 0
    while index < hits.count {
      let entry = EntryView(hits[index].entry, of: batch)
      var own: [Hit] = []
      while index < hits.count, hits[index].entry == entry.index {
        if let hit = hit(hits[index], in: entry) { own.append(hit) }
        index += 1
      }
      if !own.isEmpty { try receive(entry, own) }
    }
  }

  private func hit(_ raw: RawHit, in entry: EntryView) -> Hit? {
    let reading = table.queries[Int(raw.target.query)].readings[Int(raw.target.reading)]
    let value = raw.value.map { ValueView($0, of: entry.batch) }
    let bytes = Array(value?.bytes ?? entry.dn)
    if let type = reading.addressType, !Self.isOfType(type, bytes, raw.attribute) { return nil }
    return Hit(
      query: Int(raw.target.query), matchedBy: reading.matchedBy ?? Self.matchedBy(raw.attribute),
      attribute: raw.attribute.map { table.attributes[$0] } ?? "dn", value: AttributeValue(bytes),
      location: value.map(entry.place) ?? entry.place)
  }

  /// Whether a value is an address of a type; values without a type are SMTP addresses.
  private static func isOfType(_ type: String, _ value: [UInt8], _ attribute: Int?) -> Bool {
    guard let attribute = attribute.flatMap({ LookupAttribute(rawValue: $0) }), attribute.comparison == .typedAddress
    else { return true }
    let end = LookupScan.typeLength(of: value[...])
    let own = end == 0 ? "smtp" : String(decoding: LookupQuery.folded(Array(value[..<(end - 1)])), as: UTF8.self)
    return own == type
  }

  private static func matchedBy(_ attribute: Int?) -> MatchedBy {
    guard let number = attribute else { return .distinguishedName }
    switch LookupAttribute(rawValue: number) {
    case .objectGUID: return .objectGUID
    case .consistencyGuid: return .consistencyGuid
    case .mailboxGuid: return .mailboxGuid
    case .archiveGuid: return .archiveGuid
    case .objectSid: return .sid
    case .sidHistory: return .sidHistory
    case .distinguishedName: return .distinguishedName
    case .samAccountName: return .samAccountName
    case .userPrincipalName: return .userPrincipalName
    case .proxyAddresses, .mail, .targetAddress, .sipAddress, .legacyExchangeDN: return .address
    case .mailNickname: return .alias
    case .cn, .name: return .name
    case .displayName: return .displayName
    case .sourceAnchor: return .sourceAnchor
    case .csObjectID, .csMetaverseID, .csDistinguishedName, .csAnchor: return .connectorSpace
    case .employeeID, .employeeNumber, nil: return .attribute
    }
  }
}
