import Findings
import GRDB
import Glibc

/// The memory of audits: runs, findings and their lives, in a SQLite file.
///
/// A run is one transaction, so it is recorded whole or not at all, whatever ends the process. One process writes at a
/// time (`StoreLock`); readers are not kept waiting (WAL).
public final class AuditStore {
  /// What a store is opened for.
  public enum Access: Sendable {
    /// Reading; the store must exist.
    case read
    /// Writing; the store is made if need be, with mode 0600.
    case write
    /// Writing to a store that must exist.
    case change
  }

  /// The path as given.
  public let path: String
  let queue: DatabaseQueue
  private let lock: StoreLock?

  /// Opens a store.
  ///
  /// - Throws: `StoreFailure`: there is none, it is in use, or it is something else.
  public init(path: String, access: Access) throws(StoreFailure) {
    self.path = path
    if access != .write { try Self.expectFile(path) }
    lock = access == .read ? nil : try StoreLock(store: path)
    if access == .write { try Self.makeFile(path) }
    do {
      queue = try DatabaseQueue(path: path, configuration: Self.configuration(access))
      try Self.prepare(queue, path: path, access: access)
    } catch {
      throw StoreFailure(error, path: path)
    }
  }

  private static func configuration(_ access: Access) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = access == .read
    configuration.busyMode = .timeout(5)
    // Rows refer to each other by number and are deleted together by this target only; checking each of a hundred
    // thousand insertions would cost more than the insertions.
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { db in
      // Concerns a store that has nothing yet: findings are several to a page, and a page is written at a time.
      try db.execute(sql: "PRAGMA page_size = 8192")
    }
    return configuration
  }

  private static func expectFile(_ path: String) throws(StoreFailure) {
    guard Glibc.access(path, F_OK) == 0 else {
      let reason = String(cString: strerror(errno))
      throw StoreFailure(
        .unavailable, "\(path): \(reason); `dirsync-lint audit run --store \(path) SOURCE` makes a store")
    }
  }

  /// Makes an empty file that only its owner may read; SQLite gives its other files the same mode.
  private static func makeFile(_ path: String) throws(StoreFailure) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      close(descriptor)
    } else if errno != EEXIST {
      throw StoreFailure(.unavailable, "cannot make the store \(path): \(String(cString: strerror(errno)))")
    }
  }

  private static func prepare(_ queue: DatabaseQueue, path: String, access: Access) throws {
    let (identifier, tables, isNewer, isMade) = try queue.read { db in
      let identifier = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
      let tables = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_schema") ?? 0
      let isStore = identifier == Schema.applicationID
      return (
        identifier, tables, isStore ? try Schema.migrator.hasBeenSuperseded(db) : false, try db.tableExists("run")
      )
    }
    guard identifier == Schema.applicationID || (tables == 0 && identifier == 0 && access == .write) else {
      throw StoreFailure(.wrongFile, "\(path) is no store of dirsync-lint; name another file with --store")
    }
    guard !isNewer else {
      throw StoreFailure(
        .wrongFile, "\(path) was written by a newer version of dirsync-lint; use that version, or begin a new store")
    }
    if access == .read {
      guard isMade else { throw StoreFailure(.noSuchRun, "\(path) has no run yet") }
    } else {
      // First of all, before the tables that migrating makes one after the other: a process that is killed between them
      // leaves a store that the next one goes on with.
      if identifier != Schema.applicationID { try queue.writeWithoutTransaction(Schema.mark) }
      try Schema.migrator.migrate(queue)
      try prepareForWriting(queue)
    }
  }

  /// WAL, so that readers are not kept waiting; but a store without findings has no readers, and its first run, the one that
  /// writes most, writes each page once in place of twice: pages behind the old end of the file need no journal.
  private static func prepareForWriting(_ queue: DatabaseQueue) throws {
    try queue.inDatabase { db in
      let isEmpty = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM (SELECT 1 FROM finding LIMIT 1)") == 0
      // A first run only adds at the ends of tables and indexes. Later ones change what lies anywhere: without room for it
      // pages would be written many times over. In KiB, and a limit: what is not touched takes no room.
      try db.execute(sql: "PRAGMA cache_size = -\(isEmpty ? 8_192 : 65_536)")
      let mode = isEmpty ? "DELETE" : "WAL"
      guard try String.fetchOne(db, sql: "PRAGMA journal_mode = \(mode)")?.uppercased() == mode else { return }
      // In WAL mode a commit is durable with the checkpoint at the latest, which closing the store brings.
      try db.execute(sql: "PRAGMA synchronous = \(isEmpty ? "FULL" : "NORMAL")")
    }
  }

  /// Runs `body` on a reader's view of the store.
  ///
  /// - Throws: `StoreFailure`, or what `body` throws of its own.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do {
      return try queue.read(body)
    } catch let error as DatabaseError {
      throw StoreFailure(error, path: path)
    }
  }

  /// Records a run: what `body` does between `RunRecorder.begin` and `RunRecorder.finish` is kept as a whole, or not at all
  /// if it does not get there.
  ///
  /// - Throws: `StoreFailure`, or what `body` throws of its own.
  public func record<Value>(_ body: (RunRecorder) throws -> Value) throws -> Value {
    do {
      return try queue.writeWithoutTransaction { db in
        let recorder = RunRecorder(db)
        do {
          let value = try body(recorder)
          try recorder.abandon()
          return value
        } catch {
          try? recorder.abandon()
          throw error
        }
      }
    } catch let error as DatabaseError {
      throw StoreFailure(error, path: path)
    }
  }

  /// Whether SQLite finds the file whole, and no row refers to one that is not there.
  ///
  /// - Throws: `StoreFailure`.
  public func isConsistent() throws -> Bool {
    try read { db in
      guard try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"] else { return false }
      let orphans = """
        SELECT (SELECT COUNT(*) FROM (
            SELECT 1 FROM finding GROUP BY fingerprintHigh, fingerprintLow HAVING COUNT(*) > 1))
          + (SELECT COUNT(*) FROM pastInterval WHERE finding NOT IN (SELECT id FROM finding))
          + (SELECT COUNT(*) FROM unseen WHERE finding NOT IN (SELECT id FROM finding))
          + (SELECT COUNT(*) FROM unseen WHERE run NOT IN (SELECT id FROM run))
          + (SELECT COUNT(*) FROM runNote WHERE run NOT IN (SELECT id FROM run))
          + (SELECT COUNT(*) FROM runCount WHERE run NOT IN (SELECT id FROM run))
          + (SELECT COUNT(*) FROM finding WHERE rule NOT IN (SELECT id FROM rule))
          + (SELECT COUNT(*) FROM finding WHERE fromRun > (SELECT MAX(id) FROM run))
          + (SELECT COUNT(*) FROM finding WHERE untilRun <= fromRun)
        """
      return try Int.fetchOne(db, sql: orphans) == 0
    }
  }
}
