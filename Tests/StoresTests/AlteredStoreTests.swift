import Findings
import Foundation
import GRDB
import Testing

@testable import Stores

/// A store that is damaged, altered or not ours is refused in one sentence, and stays as it is.
@Suite struct AlteredStoreTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.path("store") }

  init() throws { directory = try TemporaryDirectory() }

  /// A store with what stores have: known, new, gone and returned findings, and one that a partial run has not seen.
  private func makeStore() throws {
    let store = try AuditStore(path: path, access: .write)
    try store.record((0..<300).map { Sample(entry: $0) })
    try store.record((100..<320).map { Sample(entry: $0, holders: $0 % 7 == 0 ? [900 + $0] : []) })
    try store.record((0..<310).map { Sample(entry: $0) })
    try store.record((0..<50).map { Sample(entry: $0) }, isComplete: false)
  }

  /// Asks a store for all that it has.
  private static func readAll(_ path: String) throws {
    let store = try AuditStore(path: path, access: .read)
    let runs = try store.runs()
    _ = try store.trend(last: 90, upTo: .max)
    for run in runs where run.status != .refused { try store.findings(of: run) { _ in } }
    if let first = runs.first, let last = runs.last { try store.difference(from: first, to: last) { _ in } }
    try store.lives(of: .everything) { _ in }
  }

  private func expectRefusal(_ what: String, _ kind: StoreFailure.Kind = .damaged) throws {
    let before = try Data(contentsOf: URL(filePath: path))
    for access in [AuditStore.Access.read, .change, .write] {
      let failure = #expect(throws: StoreFailure.self, "\(what)") { try AuditStore(path: path, access: access) }
      #expect(failure?.kind == kind, "\(what): \(String(describing: failure))")
      #expect(failure?.description.hasPrefix(path) == true && failure?.description.contains("\n") == false)
    }
    #expect(try Data(contentsOf: URL(filePath: path)) == before, "\(what)")
  }

  private static let alterations = [
    "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, 'entriesRead', 'entriesRed') WHERE name = 'run'",
    "CREATE TRIGGER deletesRuns AFTER INSERT ON run BEGIN DELETE FROM run WHERE id < NEW.id; END",
    "CREATE VIEW theirs AS SELECT * FROM run",
    "CREATE TABLE theirs (x)",
    "CREATE INDEX theirs ON run (version)",
    "DROP INDEX findingEnded",
    "DROP TABLE unseen",
    "ALTER TABLE run ADD COLUMN theirs TEXT",
    "DELETE FROM grdb_migrations WHERE identifier LIKE '1%'",
    "DELETE FROM grdb_migrations",
    """
    PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, 'version TEXT NOT NULL', 'version TEXT')
      WHERE name = 'run'
    """,
  ]

  @Test(arguments: alterations) func whatSomebodyHasAlteredIsRefused(_ sql: String) throws {
    try makeStore()
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
    try expectRefusal(sql)
  }

  /// NULL where there must be a value: GRDB's subscripts would end the process.
  @Test func aNullWhereThereMustBeAValueIsRefused() throws {
    try makeStore()
    let queue = try DatabaseQueue(path: path)
    let columns = try queue.read { try String.fetchAll($0, sql: "SELECT name FROM pragma_table_info('run')") }
    let schema = try queue.read { try String.fetchOne($0, sql: "SELECT sql FROM sqlite_schema WHERE name = 'run'") }
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA writable_schema = 1")
      try db.execute(
        sql: "UPDATE sqlite_schema SET sql = replace(sql, 'TEXT NOT NULL', 'TEXT         ') WHERE name = 'run'")
    }
    try queue.close()
    let second = try DatabaseQueue(path: path)
    try second.writeWithoutTransaction { db in
      try db.execute(sql: "UPDATE run SET version = NULL")
      try db.execute(sql: "PRAGMA writable_schema = 1")
      try db.execute(sql: "UPDATE sqlite_schema SET sql = ? WHERE name = 'run'", arguments: [schema])
    }
    try second.close()
    #expect(columns.contains("version"))
    try expectRefusal("NULL")
  }

  @Test func aStoreThatLostAllItsBytesIsNotBegunAnew() throws {
    try makeStore()
    try Data().write(to: URL(filePath: path))
    try expectRefusal("empty")
    #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: path + ".lock") }
    #expect(try AuditStore(path: path, access: .write).isNew)
  }

  @Test func readingMigratesNothing() throws {
    let queue = try DatabaseQueue(path: path)
    try Schema.migrator.migrate(queue, upTo: "1-runs-and-findings")
    try queue.close()
    let before = try Data(contentsOf: URL(filePath: path))
    #expect(try AuditStore(path: path, access: .read).runs().isEmpty)
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  /// A version that is older is held against its own tables, not against those of today.
  @Test func anOlderStoreThatWasAlteredIsNotMigrated() throws {
    let queue = try DatabaseQueue(path: path)
    try Schema.migrator.migrate(queue, upTo: "1-runs-and-findings")
    try queue.writeWithoutTransaction { try $0.execute(sql: "CREATE VIEW theirs AS SELECT 1") }
    try queue.close()
    try expectRefusal("older")
  }

  // MARK: - The lock

  @Test func aLockDoesNotFollowALinkOrWriteOverAnything() throws {
    let victim = directory.path("victim")
    try Data("precious\n".utf8).write(to: URL(filePath: victim))
    for link in [
      { try FileManager.default.createSymbolicLink(atPath: path + ".lock", withDestinationPath: victim) },
      { try FileManager.default.linkItem(atPath: victim, toPath: path + ".lock") },
      { try FileManager.default.copyItem(atPath: victim, toPath: path + ".lock") },
      { _ = mkfifo(path + ".lock", 0o600) },
    ] {
      try link()
      let failure = #expect(throws: StoreFailure.self) { try AuditStore(path: path, access: .write) }
      #expect(failure?.kind == .unavailable && failure?.description.contains("store.lock") == true)
      #expect(try String(contentsOfFile: victim, encoding: .utf8) == "precious\n")
      #expect(!FileManager.default.fileExists(atPath: path))
      try FileManager.default.removeItem(atPath: path + ".lock")
    }
  }

  // MARK: - Chance

  /// 300 stores with bytes flipped, pages zeroed or the end cut off: no signal, and nothing is written to one that SQLite's
  /// own quick check does not find whole.
  @Test func damagedStoresAreRefusedOrRead() throws {
    try makeStore()
    let whole = try Data(contentsOf: URL(filePath: path))
    let mutant = directory.path("mutant")
    var numbers = SeededNumbers(state: 20_261_130)
    var refused = 0
    for attempt in 0..<300 {
      let bytes = Self.damaged(whole, attempt, &numbers)
      try bytes.write(to: URL(filePath: mutant))
      do {
        try Self.readAll(mutant)
        #expect(try Data(contentsOf: URL(filePath: mutant)) == bytes, "attempt \(attempt) was changed by reading")
      } catch is StoreFailure {}
      do {
        try AuditStore(path: mutant, access: .write).record((0..<310).map { Sample(entry: $0) })
        let check = try DatabaseQueue(path: mutant).read { try String.fetchAll($0, sql: "PRAGMA quick_check") }
        #expect(check == ["ok"], "attempt \(attempt) was written to")
      } catch let failure as StoreFailure {
        refused += 1
        #expect(
          [.damaged, .wrongFile, .unavailable].contains(failure.kind), "attempt \(attempt): \(failure.description)")
        #expect(try Data(contentsOf: URL(filePath: mutant)) == bytes, "attempt \(attempt) was refused and changed")
      }
      for suffix in ["", "-wal", "-shm", "-journal", ".lock"] {
        try? FileManager.default.removeItem(atPath: mutant + suffix)
      }
    }
    #expect(refused > 100 && refused < 300)
  }

  private static func damaged(_ whole: Data, _ attempt: Int, _ numbers: inout SeededNumbers) -> Data {
    var bytes = whole
    switch attempt % 3 {
    case 0:
      for _ in 0..<Int.random(in: 1...8, using: &numbers) {
        bytes[Int.random(in: 0..<bytes.count, using: &numbers)] ^= UInt8(1 << Int.random(in: 0..<8, using: &numbers))
      }
    case 1:
      let page = Int.random(in: 0..<max(1, bytes.count / 8_192), using: &numbers) * 8_192
      bytes.replaceSubrange(page..<min(bytes.count, page + 8_192), with: Data(count: min(8_192, bytes.count - page)))
    default: bytes = bytes.prefix(Int.random(in: 0..<bytes.count, using: &numbers))
    }
    return bytes
  }
}
