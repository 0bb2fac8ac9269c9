import Stores
import Directory
import LDAP

/// Brings a cache up to date: entries that changed are read again, those that are gone are taken away.
///
/// An entry changes in two ways that no server tells: its distinguished name when a container above it gets another one, and
/// its references when an object that it names is renamed, moved, deleted or brought back. So the names that went away are
/// looked for in the whole cache, and who links to what is new is asked of the server.
struct CacheUpdate {
  /// What came of it.
  struct Outcome: Equatable {
    /// Entries that were read again, or for the first time.
    var read = 0
    /// Entries that are gone.
    var removed = 0
  }

  /// So much has changed that reading everything costs less.
  struct TooMuch: Error {
    var changed: Int
  }

  /// Entries that one search asks for.
  private static let batchSize = 100

  private let records: LDAPRecords
  private let cache: EntryCacheWriter
  private let search: LDAPSearch
  private let bases: [String]
  private let traced: TracedAttributes
  private var text: CachedText
  private var done: Set<[UInt8]> = []
  /// Names that nobody has any more.
  private var departed: Set<UInt64> = []
  /// Names that were not there before.
  private var arrived: [String] = []
  private(set) var outcome = Outcome()

  /// - Parameters:
  ///   - records: the directory, of which nothing was read yet.
  ///   - search: how entries are read; its base is not looked at.
  ///   - bases: where searches begin.
  init(
    _ records: LDAPRecords, _ cache: EntryCacheWriter, _ search: LDAPSearch, bases: [String], traced: TracedAttributes
  ) {
    self.records = records
    self.cache = cache
    self.search = search
    self.bases = bases
    self.traced = traced
    text = CachedText(names: traced.names)
  }

  /// Reads again what has changed between a state and now.
  ///
  /// - Parameter count: number of entries in the cache.
  /// - Returns: the state of the cache afterwards.
  /// - Throws: `TooMuch`, `LDAPFailure`, `StoreFailure`; the cache must then be left as it was.
  mutating func run(from old: ReadState, to wanted: ReadState, count: Int) throws -> ReadState {
    var next = wanted
    next.attributes = old.attributes
    next.method = old.method
    var changed: Set<[UInt8]> = []
    switch old.method {
    case .dirSync:
      for index in next.contexts.indices {
        let (guids, cookie) = try DirectoryChanges(records).changes(
          of: old.contexts[index].name, since: old.contexts[index].cookie, attributes: old.attributes)
        changed.formUnion(guids)
        next.contexts[index].cookie = cookie
      }
    case .updateSequenceNumber:
      changed = try listedChanges(since: old.updateSequenceNumber)
    }
    guard changed.count <= max(1_000, count / 2) else { throw TooMuch(changed: changed.count) }
    try refresh(changed)
    if !departed.isEmpty { try refresh(entriesNaming(departed)) }
    if !arrived.isEmpty { try refresh(entriesLinking(to: arrived)) }
    return next
  }

  /// Compares the cache with a list of what is there: GUIDs of entries that are new, changed, elsewhere or gone.
  private func listedChanges(since number: Int) throws -> Set<[UInt8]> {
    var cached: [[UInt8]: UInt64] = [:]
    var reader = CachedText()
    try cache.visitAll { entry in
      cached[entry.guid] = reader.entries(of: entry.text).first.map { DNHash.of($0.dn) }
    }
    var changed: Set<[UInt8]> = []
    for base in bases {
      var search = search
      search.base = base
      try DirectoryChanges(records).list(search) { listed in
        let known = cached.removeValue(forKey: listed.guid)
        // Without the number nobody knows whether it has changed.
        let isNew = listed.changed.map { $0 > number } ?? true
        if known == nil || known != DNHash.of(listed.dn) || isNew { changed.insert(listed.guid) }
      }
    }
    return changed.union(cached.keys)
  }

  /// Reads entries again and puts them into the cache; those that are not found leave it.
  private mutating func refresh(_ guids: Set<[UInt8]>) throws {
    let wanted = guids.subtracting(done).sorted { $0.lexicographicallyPrecedes($1) }
    done.formUnion(wanted)
    var rest = wanted[...]
    while !rest.isEmpty {
      let part = rest.prefix(Self.batchSize)
      rest = rest.dropFirst(Self.batchSize)
      let found = try fetch(Array(part))
      for guid in part { try replace(guid, by: found[guid]) }
    }
  }

  private mutating func fetch(_ guids: [[UInt8]]) throws -> [[UInt8]: CachedText.Entry] {
    var found: [[UInt8]: CachedText.Entry] = [:]
    for base in bases {
      var search = search
      search.base = base
      search.filter = .all([search.filter, .any(guids.map { .equal("objectGUID", $0) })])
      for entry in text.entries(of: try records.text(of: search)) { found[entry.guid] = entry }
    }
    return found
  }

  private mutating func replace(_ guid: [UInt8], by new: CachedText.Entry?) throws {
    let old = try cache.text(of: guid)
    let oldDN = old.flatMap { text.entries(of: $0).first?.dn }
    guard let new else {
      guard let oldDN else { return }
      departed.insert(DNHash.of(oldDN))
      _ = try cache.remove(guid)
      outcome.removed += 1
      return
    }
    if let oldDN {
      if oldDN != new.dn { departed.insert(DNHash.of(oldDN)) }
    } else {
      arrived.append(String(decoding: new.dn, as: UTF8.self))
    }
    outcome.read += 1
    try cache.put(EntryCache.Entry(guid: new.guid, whenCreated: new.created, ldif: new.text))
  }

  /// GUIDs of cached entries that are at or below names that went away, or have one as a value.
  private mutating func entriesNaming(_ places: Set<UInt64>) throws -> Set<[UInt8]> {
    var guids: Set<[UInt8]> = []
    var reader = text
    try cache.visitAll { entry in
      if reader.names(any: places, in: entry.text) { guids.insert(entry.guid) }
    }
    return guids
  }

  /// GUIDs of entries that link to names: a link to an object that was brought back shows again.
  private func entriesLinking(to names: [String]) throws -> Set<[UInt8]> {
    guard !traced.links.isEmpty else { return [] }
    var guids: Set<[UInt8]> = []
    var rest = names[...]
    while !rest.isEmpty {
      let part = rest.prefix(20)
      rest = rest.dropFirst(20)
      let links = traced.links.flatMap { link in part.map { LDAPFilter.equal(link, $0) } }
      for base in bases {
        var search = search
        search.base = base
        search.filter = .any(links)
        try DirectoryChanges(records).list(search) { guids.insert($0.guid) }
      }
    }
    return guids
  }
}
