import Directory
import Entries

/// Room: entries of a server become LDIF text, from the slices of libldap's own messages into one buffer.
///
/// Sound because a message lives until its entry is written. A plain way with copies (`LDAPObject`) is the oracle of the
/// tests.
struct EntryWriter: EntryVisitor {
  /// Whole entries.
  var text = LDIFEntryText()
  /// What was written already, should the search have to be run again.
  var seen = SeenEntries()
  private var own: [String] = []
  private var readable: ReadableEntries
  private var malformed = 0
  /// What is known of the current entry.
  private var key = SeenEntries.Key()
  private var isGUID = false
  private var ranges: [AttributeRange] = []
  /// Whether entries are looked at for what is missing: those of Active Directory, which has rules about that.
  var isActiveDirectory = false
  private var hasProbes: Bool { isActiveDirectory && readable.isNeeded }
  private let systemContainers: [[UInt8]]
  private var unreadableInSystem = 0

  /// - Parameters:
  ///   - readable: counts what the account may not read.
  ///   - systemContainers: containers in which entries without a class are not missed, normalized.
  init(_ readable: ReadableEntries, systemContainers: [[UInt8]]) {
    self.readable = readable
    self.systemContainers = systemContainers
  }

  /// Whether every entry and value that came was written.
  var isWhole: Bool { own.isEmpty && malformed == 0 }

  /// What could not be read, one sentence each.
  var gaps: [String] {
    let descriptions =
      malformed == 0
      ? [] : ["the server sent \(malformed) attributes with names that no attribute can have; they were left out"]
    return own + readable.gaps + descriptions
  }

  /// What else a reader should know.
  var remarks: [String] {
    guard unreadableInSystem > 0 else { return [] }
    let entries = unreadableInSystem == 1 ? "1 entry" : "\(unreadableInSystem) entries"
    return [
      "\(entries) of the domain's own machinery (CN=System, CN=NTDS Quotas) left aside: only administrators may read it"
    ]
  }

  /// Writes an entry, unless it was written before the connection was lost. Ranged attributes are completed.
  ///
  /// - Throws: `LDAPFailure` when the connection is lost meanwhile; nothing of the entry is left then.
  mutating func append(_ message: borrowing LDAPHandle.Message, _ session: LDAPSession) throws(LDAPFailure) {
    let start = text.bytes.count
    ranges.removeAll(keepingCapacity: true)
    let isRead = message.visit(&self)
    guard isRead, seen.isNew(key) else {
      text.truncate(to: start)
      if !isRead { own.append("an entry of \(session.server) could not be read: its answer is malformed") }
      return
    }
    if hasProbes, !readable.hasClass, isInSystem(message) {
      text.truncate(to: start)
      unreadableInSystem += 1
      return
    }
    for range in ranges where range.last != nil {
      try appendRest(of: range, message.dnText(), session, entryStart: start)
    }
    if hasProbes { readable.end { message.dnText() } }
    text.end()
    seen.insert(key)
  }

  private func isInSystem(_ message: borrowing LDAPHandle.Message) -> Bool {
    let dn = DistinguishedName.normalized(Array(message.dnText().utf8).span)
    return systemContainers.contains { DistinguishedName.isAtOrBelow($0, dn) }
  }

  mutating func dn(_ dn: Span<UInt8>) {
    if hasProbes { readable.begin() }
    key.add(dn: dn)
    text.begin(dn: dn)
  }

  mutating func attribute(_ name: Span<UInt8>, count: Int) -> Bool {
    guard LDIFEntryText.isWellFormed(name) else {
      malformed += 1
      return false
    }
    isGUID = SeenEntries.isGUID(name)
    if name.count > 8, let range = Self.range(name) {
      ranges.append(range)
      text.attribute(name.extracting(0..<range.attribute.utf8.count))
    } else {
      text.attribute(name)
    }
    if hasProbes { readable.attribute(name, count: count) }
    return count > 0
  }

  mutating func value(_ value: Span<UInt8>) {
    if isGUID { key.add(guid: value) }
    if hasProbes { readable.value(value) }
    text.append(value)
  }

  private static func range(_ description: Span<UInt8>) -> AttributeRange? {
    for index in description.indices where description[index] == UInt8(ascii: ";") {
      return AttributeRange(String(decoding: Array(copying: description), as: UTF8.self))
    }
    return nil
  }

  private mutating func appendRest(
    of range: AttributeRange, _ dn: String, _ session: LDAPSession, entryStart: Int
  ) throws(LDAPFailure) {
    let description = Array(range.attribute.utf8)
    text.attribute(description.span)
    do throws(LDAPFailure) {
      try session.remainingValues(of: dn, after: range) { (values) throws(LDAPFailure) in
        for value in values { text.append(value.span) }
      }
    } catch {
      guard !error.isOfServer, error.kind != .interrupted else {
        text.truncate(to: entryStart)
        throw error
      }
      own.append("'\(range.attribute)' of '\(dn)' was read only in part: \(error.message)")
    }
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
