import Bytes
import GRDB

/// Whether a file is a store that this program has written and nobody has changed, asked before anything in it is used.
enum StoreCheck {
  /// What is in a store.
  struct State {
    /// Whether it has been told to be one; if not, it is an empty file.
    var isMarked: Bool
    /// Number of migrations that it has been through.
    var version: Int
  }

  /// An object of the schema, as SQLite keeps it.
  private struct Object: Hashable {
    var type: String
    var name: String
    var table: String
    /// nil for the indexes that SQLite makes of itself.
    var sql: String?
  }

  /// Looks at all of a file.
  ///
  /// - Parameter isWritten: whether it will be written to: then indexes are held against their tables as well, because what a
  ///   run records depends on them. That takes twice as long, less than half a second for 200,000 findings.
  /// - Throws: `StoreFailure` when it is something else, newer, damaged or altered; errors of SQLite.
  static func state(of db: Database, path: String, isWritten: Bool) throws -> State {
    let identifier = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let objects = try objects(in: db)
    guard identifier == Schema.applicationID else {
      guard identifier == 0, objects.isEmpty else {
        throw StoreFailure(.wrongFile, "\(path) is no store of dirsync-lint; name another file with --store")
      }
      return State(isMarked: false, version: 0)
    }
    let version = try migrations(of: db, path: path)
    guard try expected(version).contains(objects) else {
      throw StoreFailure(
        .damaged,
        "\(path): the store is damaged or was altered (its tables are not those of its version); restore it from a backup"
      )
    }
    let faults = try String.fetchAll(db, sql: isWritten ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)")
    guard faults == ["ok"] else {
      throw StoreFailure(.damaged, "\(path): the store is damaged (\(faults.first ?? "")); restore it from a backup")
    }
    return State(isMarked: true, version: version)
  }

  /// What is in a store that was looked at before.
  static func version(of db: Database, path: String) throws -> State {
    let identifier = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    return State(isMarked: identifier == Schema.applicationID, version: try migrations(of: db, path: path))
  }

  private static func objects(in db: Database) throws -> Set<Object> {
    Set(
      try Row.fetchAll(db, sql: "SELECT type, name, tbl_name, sql FROM sqlite_schema").map { row in
        Object(
          type: try row.value(at: 0), name: try row.value(at: 1), table: try row.value(at: 2), sql: try row.value(at: 3)
        )
      })
  }

  /// Number of migrations that a store says it has been through: the first ones of those that there are.
  private static func migrations(of db: Database, path: String) throws -> Int {
    guard try db.tableExists("grdb_migrations") else { return 0 }
    let applied = Set(try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations"))
    let known = Schema.migrator.migrations
    guard applied.isSubset(of: known) else {
      throw StoreFailure(
        .wrongFile, "\(path) was written by a newer version of dirsync-lint; use that version, or begin a new store")
    }
    guard applied == Set(known.prefix(applied.count)) else {
      throw StoreFailure(
        .damaged, "\(path): the store was altered (its version makes no sense); restore it from a backup")
    }
    return applied.count
  }

  /// The schemas that a store of a version may have: what its migrations make. One that was not made to its end has no table
  /// of migrations yet.
  private static func expected(_ version: Int) throws -> [Set<Object>] {
    let queue = try DatabaseQueue()
    let known = Schema.migrator.migrations
    if version > 0 {
      try Schema.migrator.migrate(queue, upTo: known[version - 1])
      return [try queue.read(objects)]
    }
    try queue.write { try $0.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)") }
    return [[], try queue.read(objects)]
  }
}
