import Bytes
import GRDB
import Glibc

/// The entries of a directory as they were last read, and how far that was: a SQLite file.
///
/// Entries and state are in one file and change in one transaction, so they cannot contradict each other whatever ends the
/// process; a directory that is read anew is written into a file of its own, which takes the old one's place when it is whole.
/// Every entry has a checksum: a file that lost a bit is damaged, not a directory that lost a letter. Used by one thread at a
/// time.
public final class EntryCache {
  /// The path as given.
  public let path: String
  private let lock: StoreLock
  private var queue: DatabaseQueue?
  /// Whether `queue` is what an incomplete reading left, which goes with this object.
  private var isTemporary = false

  /// Opens the cache, if there is one, for this process alone.
  ///
  /// What cannot be used is told by `problem` and not opened; it is replaced by the next complete reading.
  /// - Throws: `StoreFailure` when another process uses it, no file can be made there, or the file is something else.
  public init(path: String, problem: (StoreFailure) -> Void = { _ in }) throws(StoreFailure) {
    self.path = path
    try Self.expectOwnFile(path)
    do throws(StoreFailure) {
      lock = try StoreLock(store: path)
    } catch {
      guard error.kind == .inUse else { throw error }
      throw StoreFailure(.inUse, "\(path) is in use by another run; start this one again when it has ended")
    }
    unlink(newPath)
    var status = stat()
    guard stat(path, &status) == 0, status.st_size > 0 else { return }
    do {
      queue = try Self.open(path)
    } catch {
      let failure = StoreFailure(error, path: path, .cache)
      guard failure.kind == .damaged else { throw failure }
      problem(failure)
    }
  }

  deinit {
    guard isTemporary else { return }
    try? queue?.close()
    unlink(newPath)
  }

  /// Whether there is a cache that can be used.
  public var exists: Bool { queue != nil }

  private var newPath: String { path + ".new" }

  /// What was not made here is not overwritten. An empty file is nobody's.
  private static func expectOwnFile(_ path: String) throws(StoreFailure) {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    let foreign = StoreFailure(.wrongFile, "\(path) is no cookie file of dirsync-lint; name another file with --since")
    guard status.st_mode & S_IFMT == S_IFREG else { throw foreign }
    // The head of a SQLite file, which is looked at before SQLite may write to it.
    var head = [UInt8](repeating: 0, count: 100)
    do throws(SystemError) {
      let file = try FileDescriptor.open(reading: path)
      defer { file.close() }
      guard try file.read(at: 0, into: &head, 0..<head.count) != 0 else { return }
    } catch {
      throw StoreFailure(.unavailable, "\(path): \(error)")
    }
    let identifier = head[68..<72].reduce(0) { $0 << 8 | Int32($1) }
    guard head.starts(with: "SQLite format 3".utf8), identifier == EntryCacheSchema.applicationID else { throw foreign }
  }

  private static func open(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(5)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    let version = try queue.read { db in try Int.fetchOne(db, sql: "PRAGMA user_version") }
    guard version == EntryCacheSchema.version else {
      throw StoreFailure(.damaged, "\(path) was written by another version of dirsync-lint")
    }
    return queue
  }

  /// The state that was kept with the entries; nil without a cache.
  ///
  /// - Throws: `StoreFailure` when it cannot be read.
  public func state() throws(StoreFailure) -> [String: [UInt8]]? {
    guard let queue else { return nil }
    do {
      return try queue.read { db in
        var state: [String: [UInt8]] = [:]
        let rows = try Row.fetchCursor(db, sql: "SELECT name, value FROM state")
        while let row = try rows.next() { state[try row.value(at: 0)] = [UInt8].blob(row, 1) }
        return state
      }
    } catch {
      throw StoreFailure(error, path: path, .cache)
    }
  }

  /// Replaces the cache by what `body` writes, if it comes to its end without an error; else the old one stays.
  ///
  /// - Parameter body: writes all entries and returns the state. With nil, what was written is read by this object only, and
  ///   the old cache stays where it is.
  /// - Throws: `StoreFailure` when nothing can be written, or what `body` throws.
  public func replace(_ body: (EntryCacheWriter) throws -> [String: [UInt8]]?) throws {
    unlink(newPath)
    do {
      isTemporary = !(try write(newPath, body))
    } catch {
      unlink(newPath)
      guard let error = error as? DatabaseError else { throw error }
      throw StoreFailure(error, path: path, .cache)
    }
    try close()
    do {
      if isTemporary {
        var configuration = Configuration()
        configuration.readonly = true
        queue = try DatabaseQueue(path: newPath, configuration: configuration)
      } else {
        try putInPlace()
        queue = try Self.open(path)
      }
    } catch {
      throw StoreFailure(error, path: path, .cache)
    }
  }

  private func putInPlace() throws(StoreFailure) {
    // A journal that a killed process left belongs to the old file and would damage the new one.
    for suffix in ["-wal", "-shm", "-journal"] { unlink(path + suffix) }
    guard rename(newPath, path) == 0 else {
      throw StoreFailure(.unavailable, "cannot write \(path): \(SystemError.last)")
    }
    // The new name lasts only when the folder is on the disk, too.
    Folder.synchronize(path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? ".")
  }

  private struct Abandoned: Error {}

  /// - Returns: whether `body` wrote all.
  private func write(_ path: String, _ body: (EntryCacheWriter) throws -> [String: [UInt8]]?) throws -> Bool {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreFailure(.unavailable, "cannot write \(path): \(SystemError.last)")
    }
    defer { Glibc.close(descriptor) }
    var configuration = Configuration()
    // Nothing needs the file before it is whole, so nothing has to be undone in it.
    configuration.prepareDatabase { db in
      // Room for the index of a million GUIDs, in KiB.
      try db.execute(sql: "PRAGMA cache_size = -65536")
      try db.execute(sql: "PRAGMA journal_mode = OFF")
      try db.execute(sql: "PRAGMA synchronous = OFF")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    let isWhole = try queue.write { db in
      try db.execute(sql: EntryCacheSchema.tables)
      let writer = try EntryCacheWriter(db)
      let state = try body(writer)
      try writer.put(state ?? [:])
      try db.execute(sql: EntryCacheSchema.indexes)
      return state != nil
    }
    try queue.close()
    guard fsync(descriptor) == 0 else {
      throw StoreFailure(.unavailable, "cannot write \(path): \(SystemError.last)")
    }
    return isWhole
  }

  /// Changes the cache by what `body` writes, in one transaction, if it comes to its end without an error.
  ///
  /// - Parameter body: writes what has changed and returns the new state; nil gives the changes up.
  /// - Returns: whether the cache was changed.
  /// - Throws: `StoreFailure`, or what `body` throws.
  public func update(_ body: (EntryCacheWriter) throws -> [String: [UInt8]]?) throws -> Bool {
    guard let queue, !isTemporary else { return false }
    do {
      try queue.write { db in
        let writer = try EntryCacheWriter(db)
        guard let state = try body(writer) else { throw Abandoned() }
        try writer.put(state)
      }
      return true
    } catch is Abandoned {
      return false
    } catch let error as DatabaseError {
      throw StoreFailure(error, path: path, .cache)
    }
  }

  /// An entry of the cache.
  public struct Entry: Sendable {
    /// The 16 bytes of `objectGUID`.
    public var guid: [UInt8]
    /// `whenCreated` as the server has it (`20261124183938.0Z`); empty where it has none.
    public var created: String
    /// The entry as LDIF text.
    public var text: [UInt8]
  }

  /// Calls `body` with entries, oldest first (by `whenCreated`, then by `objectGUID`), until it returns false.
  ///
  /// - Parameter last: the entry behind which to go on; nil for the beginning.
  /// - Throws: `StoreFailure` when the cache is damaged.
  public func visit(after last: Entry?, _ body: (Entry) -> Bool) throws(StoreFailure) {
    guard let queue else { return }
    do {
      try queue.read { db in
        let statement = try db.cachedStatement(
          sql: "SELECT guid, created, checksum, text FROM entry WHERE (created, guid) > (?, ?) ORDER BY created, guid")
        let rows = try Row.fetchCursor(
          statement, arguments: [last?.created ?? "", (last?.guid ?? []).blob])
        while let row = try rows.next() {
          let entry = Entry(guid: [UInt8].blob(row, 0), created: try row.value(at: 1), text: [UInt8].blob(row, 3))
          guard try entry.checksum == row.value(at: 2) else {
            throw StoreFailure(.damaged, "\(path) is damaged")
          }
          guard body(entry) else { return }
        }
      }
    } catch {
      throw StoreFailure(error, path: path, .cache)
    }
  }

  /// Number of entries.
  ///
  /// - Throws: `StoreFailure` when the cache is damaged.
  public func count() throws(StoreFailure) -> Int {
    guard let queue else { return 0 }
    do {
      return try queue.read { db in try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM entry") ?? 0 }
    } catch {
      throw StoreFailure(error, path: path, .cache)
    }
  }

  /// Closes the cache and takes it away: what is in it cannot be trusted.
  public func discard() throws(StoreFailure) {
    try close()
    for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
  }

  private func close() throws(StoreFailure) {
    do {
      try queue?.close()
    } catch {
      throw StoreFailure(error, path: path, .cache)
    }
    queue = nil
  }
}

/// Writes entries into a cache, within one transaction.
public final class EntryCacheWriter {
  private let db: Database
  private let insertion: Statement

  init(_ db: Database) throws {
    self.db = db
    insertion = try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO entry (guid, created, checksum, text) VALUES (?, ?, ?, ?)")
  }

  /// Adds an entry, or puts it into the place of the one with its GUID: an object that is moved while a directory is read
  /// may come twice.
  public func put(_ entry: EntryCache.Entry) throws {
    try insertion.execute(arguments: [entry.guid.blob, entry.created, entry.checksum, entry.text.blob])
  }

  /// Takes an entry away.
  ///
  /// - Returns: whether there was one.
  public func remove(_ guid: [UInt8]) throws -> Bool {
    try db.cachedStatement(sql: "DELETE FROM entry WHERE guid = ?").execute(arguments: [guid.blob])
    return db.changesCount > 0
  }

  /// The text of an entry; nil where there is none.
  public func text(of guid: [UInt8]) throws -> [UInt8]? {
    try [UInt8].fetchBlob(
      db.cachedStatement(sql: "SELECT text FROM entry WHERE guid = ?"), arguments: [guid.blob])
  }

  /// Calls `body` with every entry, in no particular order.
  ///
  /// - Throws: `StoreFailure` when the cache is damaged, or what `body` throws.
  public func visitAll(_ body: (EntryCache.Entry) throws -> Void) throws {
    let rows = try Row.fetchCursor(db, sql: "SELECT guid, created, checksum, text FROM entry")
    while let row = try rows.next() {
      let entry = EntryCache.Entry(
        guid: [UInt8].blob(row, 0), created: try row.value(at: 1), text: [UInt8].blob(row, 3))
      guard try entry.checksum == row.value(at: 2) else { throw StoreFailure(.damaged, "the cache is damaged") }
      try body(entry)
    }
  }

  func put(_ state: [String: [UInt8]]) throws {
    try db.execute(sql: "DELETE FROM state")
    for (name, value) in state {
      try db.execute(sql: "INSERT INTO state (name, value) VALUES (?, ?)", arguments: [name, value.blob])
    }
  }
}

/// The tables of a cache.
enum EntryCacheSchema {
  /// Tells a cache from other SQLite files: `dlec` in ASCII.
  static let applicationID: Int32 = 0x646C_6563
  /// A cache of another version is read anew, not migrated: everything in it is on the server.
  static let version = 1

  static let tables = """
    PRAGMA application_id = \(applicationID);
    PRAGMA user_version = \(version);
    CREATE TABLE state (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT;
    CREATE TABLE entry (
      id INTEGER PRIMARY KEY,
      guid BLOB NOT NULL,
      created TEXT NOT NULL,
      checksum INTEGER NOT NULL,       -- EntryCache.Entry.checksum
      text BLOB NOT NULL               -- LDIF
    ) STRICT;
    CREATE UNIQUE INDEX entryByGUID ON entry (guid);
    """

  /// Made when the entries are there: that is several times faster.
  static let indexes = """
    CREATE INDEX entryByAge ON entry (created, guid);
    """
}

extension EntryCache.Entry {
  /// An entry; see the properties.
  public init(guid: [UInt8], whenCreated: String, ldif: [UInt8]) {
    self.guid = guid
    created = whenCreated
    text = ldif
  }

  /// FNV-1a (64 bits) of the entry: finds what a failing disk did, not what an attacker did who can write the file.
  var checksum: Int64 {
    var hash = FNV1a()
    hash.combine(guid.span)
    hash.combine(created.utf8Span.span)
    hash.combine(text.span)
    return Int64(bitPattern: hash.value)
  }
}
