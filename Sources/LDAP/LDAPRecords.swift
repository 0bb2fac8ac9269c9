import DirectoryModel
import LDIF

/// What is read of a directory.
public struct LDAPDirectory: Sendable {
  /// Name of the source in messages: the URL as it was typed.
  public var name: String
  /// How servers are reached.
  public var settings: LDAPSettings
  /// Where searches begin; empty for all that the server itself holds of a domain.
  public var bases: [String] = []
  /// How far down searches go.
  public var scope = LDAPScope.sub
  /// Which entries are read.
  public var filter = LDAPFilter.present("objectClass")
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
public final class LDAPRecords: RecordSource {
  public let name: String
  public var spool: Spool?
  public private(set) var bytesRead: UInt64 = 0
  public private(set) var gaps: [String] = []
  /// The text is written here; no line of it can be looked up.
  public var hasLines: Bool { false }
  public var rereadableDescriptor: Int32? { nil }
  public var totalBytes: UInt64? { nil }

  private let directory: LDAPDirectory
  private let attributes: [String]
  private let blockSize: Int
  private let shouldStop: @Sendable () -> Bool
  private var session: LDAPSession
  private var bases: [String]
  private var cursor: SearchCursor?
  private var text = LDIFEntryText()
  private var seen = SeenEntries()
  private var hasResumed = false
  private var malformedDescriptions = 0

  /// Connects, logs on and looks whether the bases exist.
  ///
  /// - Parameters:
  ///   - attributes: names of the attributes that are needed; empty for all.
  ///   - blockSize: bytes of text in a block.
  ///   - shouldStop: asked while waiting: whether the user wants the run to end.
  /// - Throws: `SourceFailure` when nothing can be read.
  public init(
    _ directory: LDAPDirectory, attributes: [String], blockSize: Int = LDIFBlockReader.defaultBlockSize,
    shouldStop: @escaping @Sendable () -> Bool = { false }, note: (LDAPFailure) -> Void = { _ in }
  ) throws(SourceFailure) {
    name = directory.name
    self.directory = directory
    self.attributes = Self.wanted(attributes, directory.attributes)
    self.blockSize = blockSize
    self.shouldStop = shouldStop
    do throws(LDAPFailure) {
      session = try LDAPSession.open(directory.settings, shouldStop: shouldStop, note: note)
      bases = Self.outermost(directory.bases.isEmpty ? Self.ownBases(session) : directory.bases)
    } catch {
      throw SourceFailure(.unavailable, source: directory.name, message: error.message)
    }
    try checkBases()
  }

  /// Attributes to ask for: what is needed, and what makes an entry known again.
  private static func wanted(_ needed: [String], _ asked: [String]) -> [String] {
    var names = asked.isEmpty ? needed : asked
    guard !names.isEmpty, !names.contains("*") else { return names }
    for name in ["objectClass", "objectGUID"] where !names.contains(where: { $0.lowercased() == name.lowercased() }) {
      names.append(name)
    }
    return names
  }

  /// What a server holds of a domain: its own domain, or all suffixes of a server that is not Active Directory.
  private static func ownBases(_ session: LDAPSession) -> [String] {
    if let own = session.rootDSE.defaultNamingContext { return [own] }
    let contexts = session.rootDSE.namingContexts
    return contexts.isEmpty ? [""] : contexts
  }

  /// Bases without those that lie below another one: their entries would come twice.
  private static func outermost(_ bases: [String]) -> [String] {
    let normalized = bases.map { DistinguishedName.normalized(Array($0.utf8).span) }
    return bases.indices.filter { index in
      !bases.indices.contains { other in
        other != index && DistinguishedName.isAtOrBelow(normalized[other], normalized[index])
          && (normalized[other] != normalized[index] || other < index)
      }
    }.map { bases[$0] }
  }

  private func checkBases() throws(SourceFailure) {
    var failures: [String] = []
    var readable: [String] = []
    for base in bases {
      do throws(LDAPFailure) {
        _ = try session.search(LDAPSearch(base: base, scope: .base, attributes: ["objectClass"])) {
          (_) throws(LDAPFailure) in
        }
        readable.append(base)
      } catch {
        failures.append(error.message)
      }
    }
    guard !readable.isEmpty else {
      throw SourceFailure(.unavailable, source: name, message: failures.joined(separator: "; "))
    }
    gaps += failures
    bases = readable.reversed()
  }

  public func next(into block: inout LDIFBlock) throws(SourceFailure) -> Bool {
    while text.bytes.count < blockSize {
      do throws(LDAPFailure) {
        guard try step() else { break }
      } catch {
        recover(from: error)
      }
    }
    guard !text.bytes.isEmpty else { return false }
    block.fill(&text.bytes, textOffset: bytesRead)
    if let spool { try spool(block.bytes.span, bytesRead) }
    bytesRead += UInt64(block.textLength)
    return true
  }

  /// Takes the next message of the search.
  ///
  /// - Returns: false when there is something to hand over at once, or nothing left.
  private func step() throws(LDAPFailure) -> Bool {
    guard !shouldStop() else { return false }
    guard let cursor else {
      guard let base = bases.last else { return false }
      self.cursor = try session.cursor(
        LDAPSearch(base: base, scope: directory.scope, filter: directory.filter, attributes: attributes))
      return true
    }
    switch try cursor.next() {
    case .entry(let message):
      try append(message)
      return true
    case .idle:
      // Better a small block now than a large one when the server goes on.
      return text.bytes.isEmpty
    case .end(let end):
      note(end.references)
      finishBase()
      return true
    }
  }

  private func finishBase() {
    cursor = nil
    bases.removeLast()
    seen.removeAll()
  }

  /// Writes an entry, unless it was handed out before the connection was lost.
  private func append(_ message: borrowing LDAPHandle.Message) throws(LDAPFailure) {
    let start = text.bytes.count
    var ranges: [AttributeRange] = []
    var key = SeenEntries.Key()
    var dn = ""
    var description: [UInt8] = []
    var isGUID = false
    let isRead = message.visit(
      dn: {
        key.add(dn: $0)
        text.begin(dn: $0)
      },
      attribute: { name, count in
        guard LDIFEntryText.isWellFormed(name) else {
          malformedDescriptions += 1
          return false
        }
        description.removeAll(keepingCapacity: true)
        name.withUnsafeBufferPointer { description.append(contentsOf: $0) }
        isGUID = SeenEntries.isGUID(name)
        if name.count > 8, description.contains(UInt8(ascii: ";")),
          let range = AttributeRange(String(decoding: description, as: UTF8.self))
        {
          description.removeLast(description.count - range.attribute.utf8.count)
          ranges.append(range)
        }
        return count > 0
      },
      value: {
        if isGUID { key.add(guid: $0) }
        text.append(description.span, $0)
      })
    guard isRead, seen.isNew(key) else {
      text.bytes.removeLast(text.bytes.count - start)
      if !isRead { gaps.append("an entry of \(session.server) could not be read: its answer is malformed") }
      return
    }
    if ranges.contains(where: { $0.last != nil }) {
      _ = message.visit(
        dn: { dn = String(decoding: Array(copying: $0), as: UTF8.self) }, attribute: { _, _ in false }, value: { _ in })
      for range in ranges { try appendRest(of: range, dn, entryStart: start) }
    }
    text.end()
    seen.insert(key)
  }

  private func appendRest(of range: AttributeRange, _ dn: String, entryStart: Int) throws(LDAPFailure) {
    let description = Array(range.attribute.utf8)
    do throws(LDAPFailure) {
      try session.remainingValues(of: dn, after: range) { (values) throws(LDAPFailure) in
        for value in values { text.append(description.span, value.span) }
      }
    } catch {
      guard !error.isOfServer, error.kind != .interrupted else {
        text.bytes.removeLast(text.bytes.count - entryStart)
        throw error
      }
      gaps.append("'\(range.attribute)' of '\(dn)' was read only in part: \(error.message)")
    }
  }

  private func note(_ references: [String]) {
    for reference in references { gaps.append("\(reference) was not read (a reference, which is not followed)") }
  }

  /// Goes on after a failure: on a new connection, with the next base, or not at all.
  private func recover(from failure: LDAPFailure) {
    cursor = nil
    guard failure.kind != .interrupted else {
      bases = []
      return
    }
    guard failure.isOfServer else {
      tell(failure)
      return finishBase()
    }
    guard !hasResumed else {
      for base in bases.reversed() { gaps.append("'\(base)' was read only in part: \(failure.message)") }
      bases = []
      return
    }
    hasResumed = true
    seen.startAgain()
    do throws(LDAPFailure) {
      session = try LDAPSession.open(settingsFromNextServer(), shouldStop: shouldStop)
    } catch {
      for base in bases.reversed() {
        gaps.append("'\(base)' was read only in part: \(failure.message), and then: \(error.message)")
      }
      bases = []
    }
  }

  private func tell(_ failure: LDAPFailure) {
    gaps.append("'\(bases.last ?? "")' was read only in part: \(failure.message)")
  }

  /// The settings with the server that failed at the end of the list.
  private func settingsFromNextServer() -> LDAPSettings {
    var settings = directory.settings
    if let index = settings.servers.firstIndex(of: session.server) {
      settings.servers = Array(settings.servers[(index + 1)...] + settings.servers[...index])
    }
    return settings
  }
}

/// Which entries of a search were handed out, as 64-bit hashes of their `objectGUID`, or of their DN without one.
///
/// Two entries have one hash with a probability of 3 in 10^8 for a million entries, and that matters only when a
/// connection is lost.
struct SeenEntries {
  struct Key {
    fileprivate var value: UInt64 = 0

    mutating func add(dn: Span<UInt8>) { value = Self.hash(dn) }
    mutating func add(guid: Span<UInt8>) { value = Self.hash(guid) }

    private static func hash(_ bytes: Span<UInt8>) -> UInt64 {
      var hasher = Hasher()
      bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
      return UInt64(bitPattern: Int64(hasher.finalize()))
    }
  }

  private var keys: [UInt64] = []
  private var earlier: Set<UInt64> = []

  static func isGUID(_ name: Span<UInt8>) -> Bool {
    let wanted: StaticString = "objectguid"
    guard name.count == wanted.utf8CodeUnitCount else { return false }
    for index in name.indices where name[index] | 0x20 != wanted.utf8Start[index] { return false }
    return true
  }

  func isNew(_ key: Key) -> Bool { earlier.isEmpty || !earlier.contains(key.value) }

  mutating func insert(_ key: Key) { keys.append(key.value) }

  /// The search is run again: what came so far is not new any more.
  mutating func startAgain() {
    earlier.formUnion(keys)
    keys.removeAll()
  }

  mutating func removeAll() {
    keys.removeAll(keepingCapacity: true)
    earlier = []
  }
}
