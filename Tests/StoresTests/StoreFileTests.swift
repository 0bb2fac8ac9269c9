@testable import Stores
import Findings
import Foundation
import GRDB
import Testing

@Suite struct StoreFileTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.path("store") }

  init() throws { directory = try TemporaryDirectory() }

  private func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: directory.path(name))[.posixPermissions] as? Int
  }

  /// Records a run and looks at the modes of the files that are there while it goes on.
  private func modesDuringARun() throws -> [String: Int?] {
    try AuditStore(path: path, access: .write).record { recorder in
      try recorder.begin(head())
      _ = try recorder.compare(Sample(entry: 1).finding) { $1 += Sample(entry: 1).json }
      let names = try FileManager.default.contentsOfDirectory(atPath: directory.url.path)
      let modes = try Dictionary(uniqueKeysWithValues: names.map { ($0, try mode($0)) })
      try recorder.finish(Coverage(), FindingTally(), finishedAt: 1)
      return modes
    }
  }

  @Test func onlyItsOwnerMayRead() throws {
    #expect(try modesDuringARun() == ["store": 0o600, "store-journal": 0o600, "store.lock": 0o600])
    #expect(
      try modesDuringARun() == ["store": 0o600, "store-wal": 0o600, "store-shm": 0o600, "store.lock": 0o600])
  }

  @Test func aSecondWriterIsToldSo() throws {
    let store = try AuditStore(path: path, access: .write)
    try store.record([Sample(entry: 1)])
    for access in [AuditStore.Access.write, .change] {
      let failure = #expect(throws: StoreFailure.self) { try AuditStore(path: path, access: access) }
      #expect(failure?.kind == .inUse)
      #expect(failure?.description.contains("process \(getpid())") == true)
      #expect(failure?.description.contains("nothing was recorded") == true)
    }
  }

  @Test func readersAreNotKeptWaiting() throws {
    try AuditStore(path: path, access: .write).record([Sample(entry: 1)])
    let store = try AuditStore(path: path, access: .write)
    try store.record { recorder in
      try recorder.begin(head())
      _ = try recorder.compare(Sample(entry: 2).finding) { $1 += [] }
      #expect(try AuditStore(path: path, access: .read).runs().count == 1)
    }
  }

  /// What a process leaves that is killed while it makes a store: every step is taken up by the next one.
  @Test(arguments: 0...4) func aStoreThatWasNotMadeToItsEndGoesOn(steps: Int) throws {
    if steps == 0 {
      try Data().write(to: URL(filePath: path))
    } else {
      let queue = try DatabaseQueue(path: path)
      try queue.writeWithoutTransaction(Schema.mark)
      if steps > 1 {
        try queue.write {
          try $0.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        }
      }
      if steps > 2 { try Schema.migrator.migrate(queue, upTo: "1-runs-and-findings") }
      if steps > 3 { try Schema.migrator.migrate(queue) }
      try queue.close()
      let failure = #expect(throws: StoreFailure.self) { try AuditStore(path: path, access: .read).run(nil) }
      #expect(failure?.kind == .noSuchRun && failure?.description == "\(path) has no run yet")
    }
    let store = try AuditStore(path: path, access: .write)
    #expect(try store.record([Sample(entry: 1)]).number == 1)
    #expect(try store.isConsistent())
  }

  @Test func readingMakesNoStore() throws {
    for access in [AuditStore.Access.read, .change] {
      let failure = #expect(throws: StoreFailure.self) { try AuditStore(path: path, access: access) }
      #expect(failure?.kind == .unavailable)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).isEmpty)
  }

  @Test func otherFilesAreLeftAlone() throws {
    let text = Data("dn: CN=Jo\nobjectClass: user\n".utf8)
    try text.write(to: directory.url.appending(path: "store"))
    #expect(throws: StoreFailure.self) { try AuditStore(path: path, access: .write) }
    #expect(try Data(contentsOf: directory.url.appending(path: "store")) == text)

    let other = directory.path("other")
    try DatabaseQueue(path: other).write { try $0.execute(sql: "CREATE TABLE theirs (x)") }
    let failure = #expect(throws: StoreFailure.self) { try AuditStore(path: other, access: .write) }
    #expect(failure?.kind == .wrongFile)
    #expect(try DatabaseQueue(path: other).read { try $0.tableExists("theirs") })
  }

  @Test func aStoreOfANewerVersionIsLeftAlone() throws {
    _ = try AuditStore(path: path, access: .write)
    try DatabaseQueue(path: path).write {
      try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('9-from-the-future')")
    }
    for access in [AuditStore.Access.write, .read] {
      let failure = #expect(throws: StoreFailure.self) { try AuditStore(path: path, access: access) }
      #expect(failure?.description.contains("newer version") == true)
    }
  }

  @Test func aDamagedStoreIsToldSo() throws {
    let store = directory.path("damaged")
    try AuditStore(path: store, access: .write).record((0..<400).map { Sample(entry: $0) })
    let handle = try FileHandle(forUpdating: URL(filePath: store))
    try handle.seek(toOffset: 4_096)
    try handle.write(contentsOf: Data(repeating: 0xA5, count: 40_000))
    try handle.close()
    let failure = #expect(throws: StoreFailure.self) {
      let opened = try AuditStore(path: store, access: .read)
      _ = try opened.runs()
      try opened.lives(of: .everything) { _ in }
    }
    #expect(failure?.kind == .damaged)
  }

  /// What SQLite says is told once, for stores and caches: a cache is read anew where a store is lost.
  @Test(arguments: [
    (ResultCode.SQLITE_BUSY, StoreFailure.Kind.inUse, StoreFailure.Kind.inUse),
    (.SQLITE_LOCKED, .inUse, .inUse), (.SQLITE_FULL, .unavailable, .unavailable),
    (.SQLITE_READONLY, .unavailable, .unavailable), (.SQLITE_IOERR, .unavailable, .unavailable),
    (.SQLITE_NOTADB, .wrongFile, .damaged), (.SQLITE_CORRUPT, .damaged, .damaged),
    (.SQLITE_ERROR, .damaged, .damaged),
  ])
  func errorsOfSQLiteAreToldInWords(code: ResultCode, store: StoreFailure.Kind, cache: StoreFailure.Kind) {
    let error = DatabaseError(resultCode: code, message: "the reason", sql: "SELECT secret", arguments: ["secret"])
    for (file, kind) in [(StoreFailure.FileKind.store, store), (.cache, cache)] {
      let failure = StoreFailure(error, path: "some/file", file)
      #expect(failure.kind == kind)
      #expect(failure.description.hasPrefix("some/file") && !failure.description.contains("secret"))
    }
  }

  /// A lock that was refused closed its file twice: the second time that of somebody else, if one was opened meanwhile.
  @Test func aRefusedLockClosesNoOtherFile() async throws {
    let held = try StoreLock(store: path)
    let stranger = Task.detached { () -> Bool in
      for _ in 0..<20_000 {
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, close(descriptor) == 0 else { return false }
      }
      return true
    }
    for _ in 0..<5_000 { #expect(throws: StoreFailure.self) { try StoreLock(store: path) } }
    #expect(await stranger.value)
    withExtendedLifetime(held) {}
  }

  @Test func pruningTakesOutRunsAndWhatOnlyTheyHad() throws {
    let store = try AuditStore(path: path, access: .write)
    try store.record([Sample(entry: 1), Sample(entry: 2)])
    try store.record([Sample(entry: 2)])
    try store.record([Sample(entry: 2), Sample(entry: 3)])
    try store.record([Sample(entry: 3)])
    #expect(try store.prune(keep: 10, compacts: true) == .init(runs: 0, findings: 0))
    #expect(try store.prune(keep: 2, compacts: true) == .init(runs: 2, findings: 1))
    #expect(try store.runs().map(\.number) == [3, 4])
    #expect(try store.shown(4).gone.count == 1)
    #expect(try store.record([Sample(entry: 1)]).number == 5)
    #expect(try store.shown(5).states.values.first == .new)
    #expect(try store.isConsistent())
  }

  /// A store of the version before: what it knows is known, what was gone returns, and new findings come behind the others.
  @Test func aStoreOfAnOlderVersionGoesOn() throws {
    let samples = (1...4).map { Sample(entry: $0) }
    let queue = try DatabaseQueue(path: path)
    try Schema.migrator.migrate(queue, upTo: "1-runs-and-findings")
    try queue.write { db in
      try RunQueries.insert(head(), into: db)
      try db.execute(sql: "INSERT INTO rule (name) VALUES ('some-rule')")
      for (place, sample) in samples.prefix(3).enumerated() {
        let fingerprint = sample.finding.fingerprint.stored
        let isEnded = place == 2
        try db.execute(
          sql: """
            INSERT INTO finding
              (fingerprintHigh, fingerprintLow, rule, firstSeen, fromRun, untilRun, ending, detailHash, holders, json)
            VALUES (?, ?, 1, 1795485600, 0, ?, 0, ?, x'', ?)
            """,
          arguments: [
            fingerprint.high, fingerprint.low, isEnded ? 1 : nil, FindingDigest.of(sample.finding),
            sample.json.blob,
          ])
      }
    }
    try queue.close()
    // Readers take it as it is.
    var lives = 0
    try AuditStore(path: path, access: .read).lives(of: .fingerprint(samples[2].finding.fingerprint.hexadecimal)) { _ in
      lives += 1
    }
    try AuditStore(path: path, access: .read).lives(of: .fingerprint(samples[0].finding.fingerprint.hexadecimal)) { _ in
      lives += 1
    }
    #expect(lives == 2)

    let store = try AuditStore(path: path, access: .write)
    let outcome = try store.record([samples[3], samples[2], samples[0]])
    #expect(
      outcome.states == [
        samples[0].finding.fingerprint.hexadecimal: .known, samples[2].finding.fingerprint.hexadecimal: .returned,
        samples[3].finding.fingerprint.hexadecimal: .new,
      ])
    #expect(outcome.gone == [samples[1].finding.fingerprint.hexadecimal])
    #expect(try store.shown(outcome.number) == outcome)
    #expect(try store.isConsistent())
  }

  @Test func comparingReadsOneIndexOnly() throws {
    _ = try AuditStore(path: path, access: .write)
    let plan = try DatabaseQueue(path: path).read {
      try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN \(KnownFindings.selection)").map { $0["detail"] as String }
    }
    #expect(plan == ["SCAN finding USING COVERING INDEX findingOpen"])
    let search = try DatabaseQueue(path: path).read {
      try Row.fetchAll(
        $0,
        sql: """
          EXPLAIN QUERY PLAN SELECT id FROM finding
          WHERE untilRun IS NOT NULL AND fingerprintHigh = 1 AND fingerprintLow = 1
          """
      ).map { $0["detail"] as String }
    }
    #expect(search.count == 1 && search.first?.contains("findingEnded") == true)
  }
}
