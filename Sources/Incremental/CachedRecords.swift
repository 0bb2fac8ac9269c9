import Bytes
import Stores
import Directory
import Glibc
import LDAP
import Entries

/// The entries of a directory from a cache that is brought up to date first: a run reads from the server only what has changed.
///
/// Entries come oldest first (`whenCreated`, then `objectGUID`), whether the directory was read in full or in part: what a run
/// finds does not depend on how its entries got here.
public final class CachedRecords: EntrySource {
  /// How the entries got here.
  public enum Reading: Sendable, Equatable {
    /// All were read from the server.
    case full
    /// Only what has changed was: number of entries that were read, and that are gone.
    case changes(read: Int, removed: Int)
  }

  /// The name of the directory in messages.
  public let name: String
  /// Receives the text of each block.
  public var spool: TextReceiver?
  /// Bytes of text so far.
  public private(set) var bytesRead: UInt64 = 0
  /// What was not read; known at the end.
  public private(set) var gaps: [String] = []
  /// What else a reader should know; known at the end.
  public private(set) var remarks: [String] = []
  /// What was asked for, as far as the schema has it.
  public private(set) var exported = ExportedAttributes.unknown
  /// What the schema of the directory does not have.
  public private(set) var inapplicable: Set<String> = []
  /// The text was written by this program; no line of it can be looked up.
  public var hasLines: Bool { false }
  /// Not known before the end.
  public var totalBytes: UInt64? { nil }
  /// How the entries got here.
  public private(set) var reading = Reading.full

  private let cache: EntryCache
  private let blockSize: Int
  private let shouldStop: @Sendable () -> Bool
  private var last: EntryCache.Entry?
  private var probe: ReadabilityProbe
  private var isAtEnd = false
  private var text: [UInt8] = []

  /// Connects, and brings the cache up to date.
  ///
  /// - Parameters:
  ///   - path: the cache; it is made where there is none.
  ///   - attributes: names of the attributes that are needed; empty for all.
  ///   - rules: ids of rules by the attributes that they need, for saying who cannot judge.
  ///   - blockSize: bytes of text in a block.
  ///   - shouldStop: asked while waiting: whether the user wants the run to end.
  ///   - note: told why the directory is read in full although there is a cache, and of servers that could not be used.
  /// - Throws: `SourceFailure` when nothing can be read, or the cache is in use or something else.
  public init(
    _ directory: LDAPDirectory, cache path: String, attributes: [String], rules: [String: [String]] = [:],
    blockSize: Int = LDIFBlockReader.defaultBlockSize, shouldStop: @escaping @Sendable () -> Bool = { false },
    note: (String) -> Void = { _ in }
  ) throws(SourceFailure) {
    name = directory.name
    self.blockSize = blockSize
    self.shouldStop = shouldStop
    do throws(StoreFailure) {
      cache = try EntryCache(path: path) { note("\($0); the directory is read in full") }
    } catch {
      throw SourceFailure(.unavailable, source: directory.name, message: error.description)
    }
    var directory = directory
    if !directory.attributes.isEmpty { directory.attributes += CachedText.attributes }
    let needed = attributes.isEmpty ? [] : attributes + CachedText.attributes
    let records = try LDAPRecords(
      directory, attributes: needed, rules: rules, blockSize: blockSize, shouldStop: shouldStop
    ) { note("\($0); another server is used") }
    probe = ReadabilityProbe(
      requested: directory.attributes.isEmpty ? needed : directory.attributes,
      isActiveDirectory: records.session.rootDSE.isActiveDirectory)
    (exported, inapplicable) = (records.exported, records.inapplicable)
    let asked = directory.attributes.isEmpty ? needed : directory.attributes
    try bringUpToDate(records, directory, asked: asked, note)
  }

  private func bringUpToDate(
    _ records: LDAPRecords, _ directory: LDAPDirectory, asked: [String], _ note: (String) -> Void
  ) throws(SourceFailure) {
    do {
      let preparation = try Preparation(records, directory, asked: asked)
      if cache.exists {
        do {
          if try readChanges(records, preparation) { return }
        } catch let failure as FullReading {
          note("\(cache.path): \(failure.reason); the directory is read in full")
        } catch let failure as StoreFailure where failure.kind == .damaged {
          note("\(failure); the directory is read in full")
          try cache.discard()
        } catch let failure as LDAPFailure where failure.kind != .interrupted {
          note("\(cache.path): its changes could not be read: \(failure.message); the directory is read in full")
        }
      }
      if let obstacle = preparation.obstacle {
        note("\(cache.path): \(obstacle), so that changes cannot be told; the directory is read in full each time")
      }
      try readAll(records, try preparation.startingState(records))
    } catch let failure as SourceFailure {
      throw failure
    } catch let failure as StoreFailure {
      throw SourceFailure(.readError, source: name, message: failure.description)
    } catch let failure as LDAPFailure {
      if failure.kind == .interrupted {
        isAtEnd = true
        return
      }
      throw SourceFailure(.unavailable, source: name, message: failure.message)
    } catch {
      throw SourceFailure(.readError, source: name, message: "\(error)")
    }
  }

  /// Why a cache cannot be gone on from.
  private struct FullReading: Error {
    var reason: String
  }

  /// - Returns: whether the cache is up to date now.
  private func readChanges(_ records: LDAPRecords, _ preparation: Preparation) throws -> Bool {
    guard preparation.obstacle == nil, let wanted = preparation.state else { return false }
    guard let fields = try cache.state(), let old = ReadState(fields) else {
      throw FullReading(reason: "its state is damaged")
    }
    if let obstacle = old.obstacle(to: wanted, lifetime: preparation.lifetime) { throw FullReading(reason: obstacle) }
    var outcome = CacheUpdate.Outcome()
    let count = try cache.count()
    do {
      _ = try cache.update { writer in
        var update = CacheUpdate(
          records, writer, preparation.search, bases: preparation.bases, traced: preparation.traced)
        let next = try update.run(from: old, to: wanted, count: count)
        outcome = update.outcome
        return next.fields.merging(Self.sentences(fields)) { $1 }
      }
    } catch let failure as CacheUpdate.TooMuch {
      throw FullReading(reason: "\(failure.changed) entries have changed")
    }
    // What a single bit on the disk did must not become a finding: everything is looked at before anything is handed out.
    try verify()
    gaps = records.standingGaps + Self.list("gap", fields).filter { !records.standingGaps.contains($0) }
    remarks = Self.list("remark", fields)
    reading = .changes(read: outcome.read, removed: outcome.removed)
    return true
  }

  private func verify() throws(StoreFailure) {
    try cache.visit(after: nil) { _ in !shouldStop() }
  }

  private func readAll(_ records: LDAPRecords, _ state: ReadState?) throws {
    let opening = records.standingGaps
    var failure: SourceFailure?
    var isKnown = true
    try cache.replace { writer in
      var reader = EntryReader(records, .all(numbering: CachedText.attributes))
      var unknown: UInt64 = 0
      do {
        while let page = try reader.next() {
          for var entry in page.entries.lazy.map(CachedText.Entry.init) {
            if entry.guid.isEmpty {
              // An entry that cannot be known again is shown, but not kept.
              isKnown = false
              unknown += 1
              entry.guid = (0..<8).map { UInt8(truncatingIfNeeded: unknown >> (8 * (7 - $0))) }
            }
            try writer.put(EntryCache.Entry(guid: entry.guid, whenCreated: entry.created, ldif: entry.text))
          }
        }
      } catch let error as SourceFailure {
        failure = error
      }
      guard failure == nil, isKnown, records.isReadInFull, !shouldStop() else { return nil }
      let added = records.standingGaps.filter { !opening.contains($0) }
      let kept = Self.fields("gap", added).merging(Self.fields("remark", records.remarks)) { $1 }
      return state?.fields.merging(kept) { $1 }
    }
    if let failure { throw failure }
    // What was missed with single entries is told of those that are handed out.
    let isProbed = records.gaps.filter { !records.standingGaps.contains($0) }
    gaps = records.standingGaps + (records.isReadInFull ? [] : isProbed)
    remarks = records.remarks
  }

  /// What only a full reading meets, as the cache keeps it: numbered sentences.
  private static func fields(_ name: String, _ sentences: [String]) -> [String: [UInt8]] {
    var fields: [String: [UInt8]] = [:]
    for (index, sentence) in sentences.enumerated() { fields["\(name).\(index)"] = Array(sentence.utf8) }
    return fields
  }

  private static func sentences(_ fields: [String: [UInt8]]) -> [String: [UInt8]] {
    fields.filter { $0.key.hasPrefix("gap.") || $0.key.hasPrefix("remark.") }
  }

  private static func list(_ name: String, _ fields: [String: [UInt8]]) -> [String] {
    (0..<fields.count).compactMap { fields["\(name).\($0)"] }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Fills a block with the next entries, oldest first.
  ///
  /// - Throws: `SourceFailure` when the cache cannot be read on.
  public func next(into block: inout LDIFBlock) throws(SourceFailure) -> Bool {
    guard !isAtEnd, !shouldStop() else { return false }
    var isFull = false
    do throws(StoreFailure) {
      try cache.visit(after: last) { entry in
        text += entry.text
        last = entry
        isFull = text.count >= blockSize
        return !isFull
      }
    } catch {
      throw SourceFailure(.readError, source: name, message: error.description)
    }
    isAtEnd = !isFull
    if isAtEnd, text.isEmpty {
      finish()
      return false
    }
    probe.look(at: text)
    if isAtEnd { finish() }
    block.fill(&text, textOffset: bytesRead)
    if let spool { try spool(block.bytes.span, bytesRead) }
    bytesRead += UInt64(block.textLength)
    return true
  }

  private func finish() {
    gaps += probe.gaps.filter { !gaps.contains($0) }
  }
}

/// What is known before anything is read.
private struct Preparation {
  /// Where searches begin.
  var bases: [String] = []
  /// How entries are read.
  var search = LDAPSearch(base: "")
  var traced = TracedAttributes(names: [], links: [])
  /// The state that a reading that begins now has, without cookies; nil where changes cannot be told.
  var state: ReadState?
  /// Why changes cannot be told.
  var obstacle: String?
  /// Seconds for which the server remembers deletions.
  var lifetime = 0

  init(_ records: LDAPRecords, _ directory: LDAPDirectory, asked: [String]) throws(LDAPFailure) {
    let session = records.session
    guard session.rootDSE.isActiveDirectory, let server = session.rootDSE.dsServiceName,
      let number = session.rootDSE.highestCommittedUSN
    else {
      obstacle = "\(session.server) is no domain controller of Active Directory"
      return
    }
    guard let bases = records.ownBases else {
      obstacle = "domains on several servers are read"
      return
    }
    guard !asked.isEmpty, !asked.contains("*"), !asked.contains("+") else {
      obstacle = "all attributes are read"
      return
    }
    var names = asked
    for name in ["objectClass"] + CachedText.attributes
    where !names.contains(where: { $0.lowercased() == name.lowercased() }) {
      names.append(name)
    }
    self.bases = bases
    search = LDAPSearch(base: "", scope: directory.scope, filter: directory.filter, attributes: names)
    let attributes = Set(names.map { $0.lowercased() })
    traced = try TracedAttributes(session, attributes)
    guard traced.untraceable.isEmpty else {
      obstacle = "\(traced.untraceable.joined(separator: ", ")) may change without a trace"
      return
    }
    guard let contexts = try Self.contexts(of: bases, session) else {
      obstacle = "a base is in no naming context of the server"
      return
    }
    let invocation = try session.object(server, attributes: ["invocationId"])?["invocationId"].first ?? []
    lifetime = try Self.lifetime(session)
    state = ReadState(
      scope: Self.scope(bases, directory), identity: session.identity, attributes: attributes, server: server,
      invocation: invocation, updateSequenceNumber: number, method: .updateSequenceNumber, contexts: contexts,
      time: Glibc.time(nil))
  }

  /// The state to keep with a full reading that begins now, with cookies where the account may have them.
  func startingState(_ records: LDAPRecords) throws(LDAPFailure) -> ReadState? {
    guard var state, obstacle == nil else { return nil }
    var cookies: [[UInt8]] = []
    for context in state.contexts {
      guard let cookie = try DirectoryChanges(records).cookie(of: context.name) else { return state }
      cookies.append(cookie)
    }
    state.method = .dirSync
    for (index, cookie) in cookies.enumerated() { state.contexts[index].cookie = cookie }
    return state
  }

  private static func scope(_ bases: [String], _ directory: LDAPDirectory) -> String {
    let names = bases.map { String(decoding: DistinguishedName.normalized(Array($0.utf8).span), as: UTF8.self) }
    return (names + ["\(directory.scope)", directory.filter.text]).joined(separator: "\n")
  }

  /// The naming contexts that bases are in; nil when one is in none.
  private static func contexts(
    of bases: [String], _ session: LDAPSession
  ) throws(LDAPFailure) -> [ReadState.Context]? {
    let held = session.rootDSE.namingContexts.map { ($0, DistinguishedName.normalized(Array($0.utf8).span)) }
    var contexts: [ReadState.Context] = []
    for base in bases {
      let dn = DistinguishedName.normalized(Array(base.utf8).span)
      let above = held.filter { !$0.1.isEmpty && DistinguishedName.isAtOrBelow($0.1, dn) }
      guard let context = above.max(by: { $0.1.count < $1.1.count }) else { return nil }
      guard !contexts.contains(where: { $0.name == context.0 }) else { continue }
      let root = try session.object(context.0, attributes: ["objectGUID"])
      contexts.append(ReadState.Context(name: context.0, guid: root?["objectGUID"].first ?? [], cookie: []))
    }
    return contexts
  }

  /// `tombstoneLifetime` in seconds: 60 days where it is not set (MS-ADTS 6.1.1.2.4.1.1).
  private static func lifetime(_ session: LDAPSession) throws(LDAPFailure) -> Int {
    guard let configuration = session.rootDSE.configurationNamingContext else { return 60 * 86_400 }
    let service = try session.object(
      "CN=Directory Service,CN=Windows NT,CN=Services,\(configuration)", attributes: ["tombstoneLifetime"])
    return max(1, service?.number("tombstoneLifetime") ?? 60) * 86_400
  }
}
