import Bytes
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
  /// Whether opening it has begun it.
  public let isNew: Bool
  private let lock: StoreLock?

  /// Opens a store.
  ///
  /// - Throws: `StoreFailure`: there is none, it is in use, or it is something else.
  public init(path: String, access: Access) throws(StoreFailure) {
    self.path = path
    do {
      // Links are followed once, and only those that nobody else has put there.
      let file = try LinkedPath.trusted(path)
      if access != .write { try Self.expectFile(path) }
      let isLeft = try Self.isEmptyWithLock(file)
      lock = access == .read ? nil : try StoreLock(store: file)
      guard !isLeft else {
        throw StoreFailure(
          .damaged,
          "\(path): the store is empty, though \(path).lock shows that it was one; restore it from a backup, or remove both"
        )
      }
      isNew = access == .write ? try Self.makeFile(file) : false
      let isChecked = try Self.check(file, path: path, access)
      queue = try DatabaseQueue(path: file, configuration: Self.configuration(access))
      try Self.prepare(queue, path: path, access: access, isChecked: isChecked)
    } catch let error as SystemError {
      throw StoreFailure(.unavailable, "\(path): \(error)")
    } catch {
      throw StoreFailure(error, path: path)
    }
  }

  /// Looks at a file without changing it: one that is refused stays as it is, to the byte.
  ///
  /// - Returns: false where that cannot be done: what a killed process left half written is put in order by writing only.
  private static func check(_ file: String, path: String, _ access: Access) throws -> Bool {
    do {
      let queue = try DatabaseQueue(path: file, configuration: configuration(.read))
      _ = try queue.read { db in try StoreCheck.state(of: db, path: path, isWritten: access != .read) }
      try queue.close()
      return true
    } catch let error as DatabaseError where [.SQLITE_READONLY, .SQLITE_CANTOPEN].contains(error.resultCode) {
      return false
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
      // What a schema says is taken for what a stranger says.
      try db.execute(sql: "PRAGMA trusted_schema = OFF")
      try db.execute(sql: "PRAGMA cell_size_check = ON")
      // Concerns a store that has nothing yet: findings are several to a page, and a page is written at a time.
      try db.execute(sql: "PRAGMA page_size = 8192")
    }
    return configuration
  }

  private static func expectFile(_ path: String) throws(StoreFailure) {
    guard Glibc.access(path, F_OK) == 0 else {
      let reason = SystemError.last
      throw StoreFailure(
        .unavailable, "\(path): \(reason); `dirsync-lint audit run --store \(path) SOURCE` makes a store")
    }
  }

  /// Whether there is an empty file with a lock beside it. A store is never empty once it has a lock, whatever ends a process
  /// that makes one: what was in it is lost.
  private static func isEmptyWithLock(_ file: String) throws(SystemError) -> Bool {
    var status = stat()
    guard stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 else { return false }
    return lstat(file + ".lock", &status) == 0
  }

  /// Makes a store that has nothing yet and that only its owner may read; SQLite gives its other files the same mode.
  ///
  /// - Returns: whether there was none.
  private static func makeFile(_ file: String) throws -> Bool {
    var status = stat()
    if lstat(file, &status) == 0 { return status.st_size == 0 }
    // Under another name first, so that a file of this name is a store from the beginning.
    let draft = try AtomicFile(replacing: file, mode: 0o600)
    let queue = try DatabaseQueue(path: draft.path, configuration: configuration(.write))
    try queue.writeWithoutTransaction(Schema.mark)
    try queue.close()
    try draft.commit()
    return true
  }

  private static func prepare(
    _ queue: DatabaseQueue, path: String, access: Access, isChecked: Bool
  ) throws {
    if access == .read {
      guard try queue.read({ db in try db.tableExists("run") }) else {
        throw StoreFailure(.noSuchRun, "\(path) has no run yet")
      }
      return
    }
    let state = try queue.read { db in
      isChecked
        ? try StoreCheck.version(of: db, path: path) : try StoreCheck.state(of: db, path: path, isWritten: true)
    }
    guard state.isMarked || access == .write else {
      throw StoreFailure(.wrongFile, "\(path) is no store of dirsync-lint; name another file with --store")
    }
    // First of all, before the tables that migrating makes one after the other: a process that is killed between them
    // leaves a store that the next one goes on with.
    if !state.isMarked { try queue.writeWithoutTransaction(Schema.mark) }
    if state.version < Schema.migrator.migrations.count { try Schema.migrator.migrate(queue) }
    try prepareForWriting(queue)
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
    } catch let error where error is DatabaseError || error is RowDecodingError {
      throw StoreFailure(error, path: path)
    }
  }

  /// Records a run: what `body` does between `RunWriter.begin` and `RunWriter.finish` is kept as a whole, or not at all
  /// if it does not get there.
  ///
  /// - Throws: `StoreFailure`, or what `body` throws of its own.
  public func record<Value>(_ body: (RunWriter) throws -> Value) throws -> Value {
    do {
      return try queue.writeWithoutTransaction { db in
        let recorder = RunWriter(db)
        do {
          let value = try body(recorder)
          try recorder.abandon()
          return value
        } catch {
          try? recorder.abandon()
          throw error
        }
      }
    } catch let error where error is DatabaseError || error is RowDecodingError {
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
