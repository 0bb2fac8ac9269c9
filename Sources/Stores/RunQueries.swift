import Bytes
import Findings
import GRDB

/// Reads and writes the rows of runs.
enum RunQueries {
  // MARK: - Writing

  /// Inserts a run that has just begun; `finish` fills in the rest.
  static func insert(_ head: RunHead, into db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO run
          (startedAt, finishedAt, status, version, ruleSet, selection, sourceTime, entriesRead, recordsLost, changeRecords)
        VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0)
        """,
      arguments: [
        head.startedAt, head.startedAt, RunStatus.partial.rawValue, head.version, head.ruleSet, head.selection,
        head.sourceTime,
      ])
    try insert(head.sources.map { ($0, 0) }, .source, run: db.lastInsertedRowID, into: db)
  }

  static func finish(
    _ run: Int64, _ coverage: Coverage, harm: Harm? = nil, status: RunStatus, newestChange: Int?, finishedAt: Int,
    in db: Database
  ) throws {
    try db.execute(
      sql: """
        UPDATE run SET finishedAt = ?, status = ?, newestChange = ?, entriesRead = ?, recordsLost = ?, changeRecords = ?
        WHERE id = ?
        """,
      arguments: [
        finishedAt, status.rawValue, newestChange, coverage.entriesRead, coverage.recordsLost, coverage.changeRecords,
        run,
      ])
    try insert(coverage.gaps.map { ($0, 0) }, .gap, run: run, into: db)
    try insert(coverage.remarks.map { ($0, 0) }, .remark, run: run, into: db)
    try insert(coverage.outOfScope.map { ($0.reason, $0.count) }, .outOfScope, run: run, into: db)
    try insert(
      coverage.attributesNeverSeen.map { ("\($0.attribute)\t\($0.rules.joined(separator: " "))", 0) }, .unseenAttribute,
      run: run, into: db)
    try insert(
      coverage.attributeCounts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, .attribute, run: run, into: db)
    if let harm {
      try insert([("judged", coverage.entriesJudged), ("harmed", harm.objects)], .objects, run: run, into: db)
    }
  }

  private static func insert(_ notes: [(String, Int)], _ kind: NoteKind, run: Int64, into db: Database) throws {
    let statement = try db.cachedStatement(
      sql: "INSERT INTO runNote (run, kind, position, text, number) VALUES (?, ?, ?, ?, ?)")
    for (position, note) in notes.enumerated() {
      try statement.execute(arguments: [run, kind.rawValue, position, note.0, note.1])
    }
  }

  // MARK: - Reading

  /// The last run that was not refused.
  static func last(_ db: Database, completeOnly: Bool) throws -> StoredRun? {
    let statuses = completeOnly ? "= 0" : "IN (0, 1)"
    let row = try Row.fetchOne(db, sql: "SELECT * FROM run WHERE status \(statuses) ORDER BY id DESC LIMIT 1")
    return try row.map { try run($0, db) }
  }

  /// The last runs, oldest first; all without a limit.
  static func runs(_ db: Database, last limit: Int? = nil) throws -> [StoredRun] {
    try Row.fetchAll(db, sql: "SELECT * FROM run ORDER BY id DESC LIMIT ?", arguments: [limit ?? -1]).reversed()
      .map { try run($0, db) }
  }

  /// A run by its number.
  static func run(_ db: Database, number: Int) throws -> StoredRun? {
    try Row.fetchOne(db, sql: "SELECT * FROM run WHERE id = ?", arguments: [number]).map { try run($0, db) }
  }

  private static func run(_ row: Row, _ db: Database) throws -> StoredRun {
    let number: Int = try row.value("id")
    var head = RunHead(
      startedAt: try row.value("startedAt"), version: try row.value("version"), ruleSet: try row.value("ruleSet"),
      sources: [], selection: try row.value("selection"), sourceTime: try row.value("sourceTime"))
    var coverage = Coverage()
    coverage.entriesRead = try row.value("entriesRead")
    coverage.recordsLost = try row.value("recordsLost")
    coverage.changeRecords = try row.value("changeRecords")
    let notes = try Row.fetchCursor(
      db, sql: "SELECT kind, text, number FROM runNote WHERE run = ? ORDER BY kind, position", arguments: [number])
    while let note = try notes.next() {
      let (text, count): (String, Int) = (try note.value(at: 1), try note.value(at: 2))
      switch NoteKind(rawValue: try note.value(at: 0)) {
      case .source: head.sources.append(text)
      case .gap: coverage.gaps.append(text)
      case .remark: coverage.remarks.append(text)
      case .outOfScope: coverage.outOfScope.append(.init(reason: text, count: count))
      case .unseenAttribute:
        let parts = text.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let rules = parts.count > 1 ? parts[1].split(separator: " ").map(String.init) : []
        coverage.attributesNeverSeen.append(.init(attribute: parts[0], rules: rules))
      case .attribute: coverage.attributeCounts[text] = count
      // Of interest to trends only.
      case .objects: break
      case nil: break
      }
    }
    return StoredRun(
      number: number, head: head, finishedAt: try row.value("finishedAt"),
      status: RunStatus(rawValue: try row.value("status")) ?? .partial, newestChange: try row.value("newestChange"),
      coverage: coverage,
      counts: try counts(number, db))
  }

  private static func counts(_ run: Int, _ db: Database) throws -> FindingCounts {
    var counts = FindingCounts()
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT rule.name, severity, effect, state, number FROM runCount JOIN rule ON rule.id = rule WHERE run = ?
        """,
      arguments: [run])
    while let row = try rows.next() {
      guard let severity = StoredCode.severity(try row.value(at: 1)),
        let effect = StoredCode.effect(try row.value(at: 2)), let state = StoredCode.state(try row.value(at: 3))
      else { continue }
      counts.count(
        .init(rule: try row.value(at: 0), severity: severity, effect: effect, state: state),
        number: try row.value(at: 4))
    }
    return counts
  }
}

extension RunQueries {
  /// What the last runs up to one came to, oldest first, without those that were refused: three queries, however many they
  /// are.
  static func trend(_ db: Database, last limit: Int, upTo number: Int = .max) throws -> [TrendPoint] {
    let runs = try Row.fetchAll(
      db, sql: "SELECT id, finishedAt, status FROM run WHERE status IN (0, 1) AND id <= ? ORDER BY id DESC LIMIT ?",
      arguments: [number, limit]
    ).reversed()
    guard let first = runs.first else { return [] }
    var counts: [Int: FindingCounts] = [:]
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT run, rule.name, severity, effect, state, number FROM runCount JOIN rule ON rule.id = rule WHERE run >= ?
        """,
      arguments: [try first.value(at: 0) as Int])
    while let row = try rows.next() {
      guard let severity = StoredCode.severity(try row.value(at: 2)),
        let effect = StoredCode.effect(try row.value(at: 3)), let state = StoredCode.state(try row.value(at: 4))
      else { continue }
      counts[try row.value(at: 0), default: FindingCounts()]
        .count(
          .init(rule: try row.value(at: 1), severity: severity, effect: effect, state: state),
          number: try row.value(at: 5))
    }
    let objects = try objects(db, since: try first.value(at: 0))
    return try runs.map { run in
      let number: Int = try run.value(at: 0)
      var point = TrendPoint(
        run: number, finishedAt: Timestamp.text(epochSeconds: try run.value(at: 1)),
        isComplete: try run.value(at: 2) == RunStatus.complete.rawValue, counts: counts[number] ?? FindingCounts())
      point.objects = objects[number]
      return point
    }
  }

  /// How many objects runs judged, and how many of them had an error or a warning; older versions did not record that.
  private static func objects(_ db: Database, since first: Int) throws -> [Int: (judged: Int, harmed: Int)] {
    var objects: [Int: (judged: Int, harmed: Int)] = [:]
    let rows = try Row.fetchCursor(
      db, sql: "SELECT run, position, number FROM runNote WHERE kind = ? AND run >= ?",
      arguments: [NoteKind.objects.rawValue, first])
    while let row = try rows.next() {
      let (run, position, number): (Int, Int, Int) = (
        try row.value(at: 0), try row.value(at: 1), try row.value(at: 2)
      )
      var known = objects[run] ?? (judged: 0, harmed: 0)
      if position == 0 { known.judged = number } else { known.harmed = number }
      objects[run] = known
    }
    return objects
  }
}

extension AuditStore {
  /// What the last runs up to one came to, oldest first, without those that were refused.
  ///
  /// - Throws: `StoreFailure`.
  public func trend(last limit: Int, upTo number: Int) throws -> [TrendPoint] {
    try read { try RunQueries.trend($0, last: limit, upTo: number) }
  }

  /// The runs, oldest first.
  ///
  /// - Parameter limit: how many of the last ones; nil: all.
  /// - Throws: `StoreFailure`.
  public func runs(last limit: Int? = nil) throws -> [StoredRun] { try read { try RunQueries.runs($0, last: limit) } }

  /// A run by its number; nil: the last one.
  ///
  /// - Throws: `StoreFailure`, also when there is no such run.
  public func run(_ number: Int?) throws -> StoredRun {
    try read { db in
      guard let number else {
        guard let run = try RunQueries.runs(db, last: 1).first else {
          throw StoreFailure(.noSuchRun, "\(path) has no run yet")
        }
        return run
      }
      guard let run = try RunQueries.run(db, number: number) else {
        let kept = try Row.fetchOne(db, sql: "SELECT MIN(id), MAX(id) FROM run")
        let first: Int? = try kept?.value(at: 0)
        let last: Int? = try kept?.value(at: 1)
        let range = if let first, let last { "runs \(first) to \(last)" } else { "no runs" }
        throw StoreFailure(.noSuchRun, "\(path) has no run \(number); it has \(range)")
      }
      return run
    }
  }
}
