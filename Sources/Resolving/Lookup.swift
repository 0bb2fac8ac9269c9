import Directory
import Findings
import Entries
import RuleEngine

/// Where entries are looked up.
public enum LookupSource: Sendable {
  /// A source that is read to its end.
  case stream(LintSource)
  /// A source that is asked for the entries that match any of some LDAP filters (RFC 4515); its name in messages. It may
  /// hand over an entry several times.
  case search(
    name: String, open: @Sendable (RecordRequest, _ filters: [String]) throws(SourceFailure) -> any RecordSource)

  /// The name in messages.
  public var name: String {
    switch self {
    case .stream(let source): source.name
    case .search(let name, _): name
    }
  }
}

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
    self.init(queries, extraAttributes: extraAttributes, entryAttributes: EntryAttributes(), seed: seed)
  }

  /// A look-up that hands over entries with the attributes numbered in a way of the caller's.
  init(
    _ queries: [LookupQuery], extraAttributes: [String] = [], entryAttributes: EntryAttributes,
    seed: UInt64 = .random(in: 0 ... .max)
  ) {
    table = LookupTable(queries, extraAttributes: extraAttributes, seed: seed)
    self.entryAttributes = entryAttributes.names
  }

  /// Reads a source to its end and hands over each entry that has a hit.
  ///
  /// Of entries without a hit only what is looked for is read, so that most of a directory is passed over.
  ///
  /// - Parameter receive: called with a batch that has the whole entry, the entry's index there, and its hits.
  /// - Throws: what `receive` throws.
  public func run(
    _ source: LookupSource, observer: Linter.Observer = Linter.Observer(),
    receive: (_ batch: EntryBatch, _ entry: Int, _ hits: [Hit]) throws -> Void
  ) throws -> Reading {
    var reading = Reading()
    do {
      let request = RecordRequest(attributes: [], shouldStop: { observer.isInterrupted() })
      switch source {
      case .stream(let stream): try read(try stream.open(request), source.name, observer, &reading, receive)
      case .search(_, let open):
        let filters = SearchFilters(table).batches
        guard !filters.isEmpty else { return reading }
        var known: Set<[UInt8]> = []
        try read(try open(request, filters), source.name, observer, &reading) { batch, entry, hits in
          // The first time it came with all its hits.
          guard known.insert(Array(batch.bytes[batch.entries[entry].dn])).inserted else { return }
          try receive(batch, entry, hits)
        }
        // Nothing can be said of attributes that were not asked for.
        reading.attributesSeen = Set(table.attributes)
      }
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
    _ records: any RecordSource, _ name: String, _ observer: Linter.Observer, _ reading: inout Reading,
    _ receive: (EntryBatch, Int, [Hit]) throws -> Void
  ) throws {
    var scan = LookupScan(table)
    var parser = scan.parser()
    var reader = RecordReader(entryAttributes, hasLines: records.hasLines)
    var block = LDIFBlock()
    var batch = EntryBatch(attributes: parser.attributes)
    batch.hasLines = records.hasLines
    var lines = 0
    while try records.next(into: &block) {
      if observer.isInterrupted() { break }
      parser.parse(&block, into: &batch)
      batch.lineBase = lines
      lines += batch.lineCount
      reading.entriesRead += batch.entries.count
      for problem in batch.problems {
        if problem.losesRecord { reading.recordsLost += 1 } else { reading.gaps.append("\(name): \(problem.message)") }
        let place = SourceLocation(source: name, line: batch.lineBase + problem.line + 1, column: problem.column)
        observer.problem(Problem(location: place, message: problem.message))
      }
      try report(scan.hits(in: batch), of: batch, name) { entry, hits in
        if let index = reader.read(entry, of: batch) {
          try receive(reader.batch, index, hits)
        } else {
          reading.gaps.append("\(name): an entry that was found cannot be read again")
        }
      }
      observer.progress(
        reading.entriesRead, Int(records.bytesRead), records.totalBytes.map { Int($0) }, 0)
    }
    reading.isInterrupted = observer.isInterrupted()
    reading.gaps += records.gaps
    reading.attributesSeen = scan.attributesSeen
  }

  /// Hands over the hits entry by entry.
  private func report(
    _ hits: [RawHit], of batch: EntryBatch, _ source: String, _ receive: (Int, [Hit]) throws -> Void
  ) throws {
    var index = 0
    while index < hits.count {
      let entry = hits[index].entry
      var own: [Hit] = []
      while index < hits.count, hits[index].entry == entry {
        if let hit = hit(hits[index], in: batch, source) { own.append(hit) }
        index += 1
      }
      if !own.isEmpty { try receive(entry, own) }
    }
  }

  private func hit(_ raw: RawHit, in batch: EntryBatch, _ source: String) -> Hit? {
    let reading = table.queries[Int(raw.target.query)].readings[Int(raw.target.reading)]
    let entry = batch.entries[raw.entry]
    let range = raw.value.map { batch.values[$0].range } ?? entry.dn
    let value = Array(batch.bytes[range])
    if let type = reading.addressType, !Self.isOfType(type, value, raw.attribute) { return nil }
    let line = raw.value.map { Int(batch.values[$0].line) } ?? Int(entry.line)
    let column = raw.value.map { Int(batch.values[$0].column) }
    return Hit(
      query: Int(raw.target.query), matchedBy: reading.matchedBy ?? Self.matchedBy(raw.attribute),
      attribute: raw.attribute.map { table.attributes[$0] } ?? "dn", value: AttributeValue(value),
      location: SourceLocation(
        source: source, line: batch.hasLines ? batch.lineBase + line + 1 : nil,
        column: batch.hasLines && column ?? 0 < 65_535 ? column : nil))
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

/// Reads entries of batches again, whole, from the text that the batch still has.
private struct RecordReader {
  private var parser: LDIFParser
  private(set) var batch: EntryBatch
  private var block = LDIFBlock()
  private var text: [UInt8] = []

  init(_ attributes: [String], hasLines: Bool) {
    parser = LDIFParser(attributes: AttributeTable(attributes))
    batch = EntryBatch(attributes: parser.attributes)
    batch.hasLines = hasLines
  }

  /// Reads an entry.
  ///
  /// - Returns: its index in `batch`; nil when its text is not that of one entry.
  mutating func read(_ entry: Int, of source: EntryBatch) -> Int? {
    let record = source.entries[entry]
    let start = Int(record.textOffset)
    text += source.bytes[start..<start + Int(record.textLength)]
    block.fill(&text, textOffset: source.textOffset + UInt64(record.textOffset))
    parser.parse(&block, into: &batch)
    guard batch.entries.count == 1 else { return nil }
    batch.lineBase = source.lineBase + Int(record.line) - Int(batch.entries[0].line)
    return 0
  }
}
