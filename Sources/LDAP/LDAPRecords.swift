import Bytes
import Directory
import Entries

/// What is read of a directory.
public struct LDAPDirectory: Sendable {
  /// Name of the source in messages: the URL as it was typed.
  public var name: String
  /// How servers are reached.
  public var settings: LDAPSettings
  /// Where searches begin; empty for the domain of the server (of all domains on a global catalog).
  public var bases: [String] = []
  /// Whether all domains of the forest are read, wherever they are; `bases` is empty then.
  public var spansForest = false
  /// How far down searches go.
  public var scope = LDAPScope.sub
  /// Which entries are read.
  public var filter = LDAPFilter.present("objectClass")
  /// Searches that are made one after the other, each with `filter`, too; empty for one search with `filter` alone. For
  /// finding a few entries among many; an entry that several of them find comes several times.
  public var filters: [LDAPFilter] = []
  /// Whether deleted objects are read, too, where the server shows them.
  public var includesDeleted = false
  /// Attributes that a URL asked for; empty for those that are needed.
  public var attributes: [String] = []

  /// A directory; see the properties.
  public init(name: String, settings: LDAPSettings) {
    self.name = name
    self.settings = settings
  }
}

/// The entries of a directory on a server, as LDIF text.
///
/// What could not be read is told in `gaps` and does not end the reading of the rest. A connection that is lost is made
/// again once, on the next server of the list; the search is then run again, and entries that were handed out before are
/// left out: no cookie of a paged search outlives its connection.
public final class LDAPRecords: EntrySource {
  /// The name of the source in messages.
  public let name: String
  /// Receives the text of each block: a server is not read twice.
  public var spool: TextReceiver?
  /// Bytes of text so far.
  public private(set) var bytesRead: UInt64 = 0
  /// The text is written here; no line of it can be looked up.
  public var hasLines: Bool { false }
  /// Nobody knows before the end.
  public var totalBytes: UInt64? { nil }
  /// What was not read and why.
  public var gaps: [String] { known + writer.gaps }
  /// Whether all that there was to read was read so far: no search ended early, no value is missing.
  public var isReadInFull: Bool { isWhole && writer.isWhole }
  /// What the directory or the account cannot show to any reading, without what depends on single entries.
  public var standingGaps: [String] { known }
  /// What was asked for, as far as the server has it; unknown where it hides its schema.
  public private(set) var exported = ExportedAttributes.unknown
  /// What the schema of the directory does not have.
  public private(set) var inapplicable: Set<String> = []
  /// As whom servers were read, and what was left aside.
  public var remarks: [String] { readAs + writer.remarks }

  private let directory: LDAPDirectory
  let attributes: [String]
  private let blockSize: Int
  private let shouldStop: @Sendable () -> Bool
  /// The connection that is used now.
  public private(set) var session: LDAPSession
  private(set) var plan: SearchParts
  /// What is still to be read, the next at the end.
  private var parts: [ReadPart]
  private var cursor: SearchCursor?
  /// Which of the directory's `filters` is next.
  private var filterNumber = 0
  private var writer: EntryWriter
  private var hasResumed = false
  private var known: [String] = []
  /// As whom which server was read: the wrong account is the first thing to look for when something is missing.
  private var readAs: [String] = []
  private var isWhole = true

  /// Connects, logs on, and looks what there is to read and whether the bases exist.
  ///
  /// - Parameters:
  ///   - attributes: names of the attributes that are needed; empty for all.
  ///   - rules: ids of rules by the names of attributes that they need, in lower case: for saying who cannot judge.
  ///   - blockSize: bytes of text in a block.
  ///   - shouldStop: asked while waiting: whether the user wants the run to end.
  ///   - note: told of servers that could not be used when another one could.
  /// - Throws: `SourceFailure` when nothing can be read.
  public init(
    _ directory: LDAPDirectory, attributes: [String], rules: [String: [String]] = [:],
    blockSize: Int = LDIFBlockReader.defaultBlockSize, shouldStop: @escaping @Sendable () -> Bool = { false },
    note: (LDAPFailure) -> Void = { _ in }
  ) throws(SourceFailure) {
    name = directory.name
    self.directory = directory
    self.attributes = Self.wanted(attributes, directory.attributes)
    self.blockSize = blockSize
    self.shouldStop = shouldStop
    do throws(LDAPFailure) {
      session = try LDAPSession.open(directory.settings, shouldStop: shouldStop, note: note)
      plan = try SearchParts(directory, session)
      // Of a reading of everything nothing is missed, whatever the schema has.
      let needed = attributes.isEmpty ? directory.attributes : attributes
      let schema = try SchemaCoverage(session, attributes: needed.isEmpty ? rules.keys.sorted() : needed, rules: rules)
      known = needed.isEmpty ? [] : schema.gaps
      inapplicable = Set(schema.unknown.map { $0.lowercased() })
      exported = Self.exported(self.attributes, schema, session)
    } catch {
      throw SourceFailure(.unavailable, source: directory.name, message: error.message)
    }
    parts = []
    writer = EntryWriter(
      ReadableEntries(requested: self.attributes), systemContainers: plan.systemContainers)
    if let gap = Self.unasked(attributes, directory.attributes, rules) { known.append(gap) }
    try checkBases()
  }

  /// Where searches begin, while nothing was read; nil where a part of them is on other servers.
  public var ownBases: [String]? { parts.contains(where: \.mustHold) ? nil : parts.reversed().map(\.base) }

  /// Attributes to ask for: what is needed, and what makes an entry known again.
  private static func wanted(_ needed: [String], _ asked: [String]) -> [String] {
    var names = asked.isEmpty ? needed : asked
    guard !names.isEmpty, !names.contains("*") else { return names }
    for name in ["objectClass", "objectGUID"] where !names.contains(where: { $0.lowercased() == name.lowercased() }) {
      names.append(name)
    }
    return names
  }

  /// What a server was asked for and can show.
  private static func exported(
    _ asked: [String], _ schema: SchemaCoverage, _ session: LDAPSession
  ) -> ExportedAttributes {
    guard schema.isSeen else { return .unknown }
    // A list of all but those that a global catalog leaves out is not at hand.
    guard !asked.isEmpty else { return session.server.isGlobalCatalog ? .unknown : .all }
    let lacking = Set((schema.unknown + schema.unreplicated).map { $0.lowercased() })
    return ExportedAttributes(requested: asked.filter { !lacking.contains($0.lowercased()) })
  }

  /// What rules miss because the URL does not ask for it.
  private static func unasked(_ needed: [String], _ asked: [String], _ rules: [String: [String]]) -> String? {
    guard !asked.isEmpty, !asked.contains("*") else { return nil }
    let names = Set(asked.map { $0.lowercased() } + ["objectclass", "objectguid"])
    let missing = needed.filter { !names.contains($0.lowercased()) && !(rules[$0.lowercased()] ?? []).isEmpty }
    guard !missing.isEmpty else { return nil }
    return "the URL does not ask for \(SchemaCoverage.list(missing)): \(SchemaCoverage.judges(missing, rules))"
  }

  /// Looks whether the bases on the first server exist, before anything is called available.
  private func checkBases() throws(SourceFailure) {
    var failures: [String] = []
    for part in plan.parts {
      guard !part.mustHold else {
        parts.insert(part, at: 0)
        continue
      }
      do throws(LDAPFailure) {
        _ = try session.search(LDAPSearch(base: part.base, scope: .base, attributes: ["objectClass"])) {
          (_) throws(LDAPFailure) in
        }
        parts.insert(part, at: 0)
      } catch {
        failures.append(error.message)
      }
    }
    guard parts.contains(where: { !$0.mustHold }) else {
      throw SourceFailure(.unavailable, source: name, message: failures.joined(separator: "; "))
    }
    known += failures.map { "\($0): nothing of it was read" }
    isWhole = failures.isEmpty
  }

  /// Fills a block with the entries that have arrived, at most a block's size or so; waits for the first.
  ///
  /// - Returns: whether there was anything left.
  /// - Throws: `SourceFailure` when the text cannot be put aside. What a server does not answer is a gap, no failure.
  public func next(into block: inout LDIFBlock) throws(SourceFailure) -> Bool {
    while writer.text.bytes.count < blockSize {
      do throws(LDAPFailure) {
        guard try step() else { break }
      } catch {
        recover(from: error)
      }
    }
    guard !writer.text.bytes.isEmpty else { return false }
    block.fill(&writer.text.bytes, textOffset: bytesRead)
    if let spool { try spool(block.bytes.span, bytesRead) }
    bytesRead += UInt64(block.textLength)
    return true
  }

  /// Takes the next message of the search.
  ///
  /// - Returns: false when there is something to hand over at once, or nothing left.
  private func step() throws(LDAPFailure) -> Bool {
    guard !shouldStop() else {
      isWhole = false
      return false
    }
    guard let cursor else {
      guard let part = parts.last else { return false }
      try begin(part)
      return true
    }
    switch try cursor.next() {
    case .entry(let message):
      try writer.append(message, session)
      return true
    case .idle:
      // Better a small block now than a large one when the server goes on.
      return writer.text.bytes.isEmpty
    case .end(let end):
      // A server may send a hundred thousand of them.
      var told = Set(known)
      for reference in end.references {
        if let gap = plan.gap(reference: reference), told.insert(gap).inserted { known.append(gap) }
      }
      finishSearch()
      return true
    }
  }

  private func begin(_ part: ReadPart) throws(LDAPFailure) {
    if !part.servers.contains(session.server) {
      var settings = directory.settings
      settings.servers = part.servers
      session = try Self.session(holding: part, settings, shouldStop)
    }
    let remark = "\(session.server) was read as \(session.identity)"
    if !readAs.contains(remark) { readAs.append(remark) }
    writer.isActiveDirectory = session.rootDSE.isActiveDirectory
    cursor = try session.cursor(
      LDAPSearch(
        base: part.base, scope: directory.scope, filter: filter, attributes: attributes,
        controls: showsDeleted ? [.showDeleted] : []))
  }

  private var filter: LDAPFilter {
    guard filterNumber < directory.filters.count else { return directory.filter }
    return .all([directory.filter, directory.filters[filterNumber]])
  }

  private var showsDeleted: Bool {
    directory.includesDeleted && session.rootDSE.supports(control: LDAPControl.OID.showDeleted)
  }

  /// A session with the first server that holds a part, among those that may.
  private static func session(
    holding part: ReadPart, _ settings: LDAPSettings, _ shouldStop: @escaping @Sendable () -> Bool
  ) throws(LDAPFailure) -> LDAPSession {
    var reasons: [String] = []
    for server in part.servers {
      var own = settings
      own.servers = [server]
      do throws(LDAPFailure) {
        let session = try LDAPSession.open(own, shouldStop: shouldStop)
        if !part.mustHold || session.holds(part.base) { return session }
        reasons.append("\(server) does not hold it")
      } catch {
        guard error.kind != .interrupted else { throw error }
        reasons.append("\(server): \(error.message)")
      }
    }
    throw LDAPFailure(
      .noSuchObject, server: part.servers.first?.uri ?? "",
      message: reasons.isEmpty ? "no server of it is known" : reasons.joined(separator: "; "))
  }

  /// Ends a search; the next one is that of the part's next filter, or the next part's first.
  private func finishSearch() {
    guard filterNumber + 1 < directory.filters.count else { return finishPart() }
    filterNumber += 1
    cursor = nil
    writer.seen.removeAll()
  }

  private func finishPart() {
    filterNumber = 0
    cursor = nil
    parts.removeLast()
    writer.seen.removeAll()
  }

  /// Goes on after a failure: on a new connection, with the next part, or not at all.
  private func recover(from failure: LDAPFailure) {
    let hadBegun = cursor != nil
    cursor = nil
    guard failure.kind != .interrupted else {
      isWhole = false
      parts = []
      return
    }
    guard failure.isOfServer, hadBegun || parts.last?.mustHold == false else {
      tell(failure.message, wasBegun: hadBegun)
      return finishPart()
    }
    guard !hasResumed else { return giveUp("\(failure.message), for the second time") }
    hasResumed = true
    writer.seen.startAgain()
    do throws(LDAPFailure) {
      var settings = directory.settings
      settings.servers = serversAfterLoss()
      session = try LDAPSession.open(settings, shouldStop: shouldStop)
    } catch {
      giveUp("\(failure.message); a new connection failed: \(error.message)")
    }
  }

  private func giveUp(_ reason: String) {
    isWhole = false
    for (position, part) in parts.reversed().enumerated() {
      known.append("'\(part.base)' was \(position == 0 ? "read only in part" : "not read"): \(reason)")
    }
    parts = []
  }

  private func tell(_ reason: String, wasBegun: Bool) {
    isWhole = false
    known.append("'\(parts.last?.base ?? "")' was \(wasBegun ? "read only in part" : "not read"): \(reason)")
  }

  /// The servers of the part, with the one that failed at the end.
  private func serversAfterLoss() -> [LDAPServer] {
    let servers = parts.last?.servers ?? directory.settings.servers
    guard let index = servers.firstIndex(of: session.server) else { return servers }
    return Array(servers[(index + 1)...] + servers[...index])
  }
}

extension LDAPDirectory: EntryServer {
  /// Each of them is a search.
  public var answersFilters: Bool { true }

  /// Connects and begins to search.
  public func open(_ request: EntryRequest) throws(SourceFailure) -> any EntrySource {
    var directory = self
    directory.filters += request.filters.map { LDAPFilter(verbatim: $0) }
    directory.includesDeleted = includesDeleted || request.includesDeleted
    return try LDAPRecords(
      directory, attributes: request.attributes, rules: request.rules, blockSize: request.blockSize,
      shouldStop: request.shouldStop
    ) { request.note("\($0); another server is used") }
  }
}
