import Directory
import Findings
import GRDB

extension AuditStore {
  /// The findings of a run with the state they had in it, in the order in which the store got to know them; at the end
  /// those that were gone.
  ///
  /// - Throws: `StoreFailure`, or what `body` throws.
  public func findings(of run: StoredRun, _ body: (StoredFinding) throws -> Void) throws {
    try expectCompared(run)
    try read { db in
      let present = try Row.fetchCursor(
        db,
        sql: """
          SELECT finding.*, finding.fromRun = :run AS begins,
            (SELECT ending FROM pastInterval WHERE finding = finding.id AND untilRun <= :run
              ORDER BY fromRun DESC LIMIT 1) AS before
          FROM finding
          WHERE finding.fromRun <= :run AND (finding.untilRun IS NULL OR finding.untilRun > :run)
            AND NOT EXISTS (SELECT 1 FROM unseen WHERE unseen.run = :run AND unseen.finding = finding.id)
          UNION ALL
          SELECT finding.*, past.fromRun = :run,
            (SELECT ending FROM pastInterval WHERE finding = finding.id AND untilRun <= :run
              ORDER BY fromRun DESC LIMIT 1)
          FROM pastInterval AS past JOIN finding ON finding.id = past.finding
          WHERE past.fromRun <= :run AND past.untilRun > :run
            AND NOT EXISTS (SELECT 1 FROM unseen WHERE unseen.run = :run AND unseen.finding = finding.id)
          ORDER BY id
          """,
        arguments: ["run": run.number])
      while let row = try present.next() {
        let before = try (row.value("before") as Int?).flatMap(Ending.init(rawValue:))
        try body(try Self.finding(row, try row.value("begins") == 1 ? Self.beginning(after: before) : .known))
      }
      let ended = try Row.fetchCursor(
        db,
        sql: """
          SELECT finding.* FROM finding
          WHERE untilRun = :run AND ending = 0
            OR finding.id IN (SELECT finding FROM pastInterval WHERE untilRun = :run AND ending = 0)
          ORDER BY finding.id
          """,
        arguments: ["run": run.number])
      while let row = try ended.next() { try body(try Self.finding(row, .gone)) }
    }
  }

  /// The differences between two runs: findings that the later one has and the earlier one has not (new, or returned if
  /// one before the earlier run had them), then the other way round (gone).
  ///
  /// What a run did not see because it was not complete is no difference.
  ///
  /// - Throws: `StoreFailure`, or what `body` throws.
  public func difference(from earlier: StoredRun, to later: StoredRun, _ body: (StoredFinding) throws -> Void) throws {
    try expectCompared(earlier)
    try expectCompared(later)
    try read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          WITH interval AS (
            SELECT id AS finding, fromRun, IFNULL(untilRun, 9223372036854775807) AS untilRun FROM finding
            UNION ALL SELECT finding, fromRun, untilRun FROM pastInterval
          ), was AS (
            SELECT finding FROM interval WHERE fromRun <= :earlier AND untilRun > :earlier
          ), isThere AS (
            SELECT finding FROM interval WHERE fromRun <= :later AND untilRun > :later
          ), change AS (
            SELECT finding, 1 AS appears FROM isThere WHERE finding NOT IN (SELECT finding FROM was)
            UNION ALL SELECT finding, 0 FROM was WHERE finding NOT IN (SELECT finding FROM isThere)
          )
          SELECT finding.*, appears,
            EXISTS (SELECT 1 FROM interval WHERE interval.finding = finding.id AND interval.untilRun <= :earlier) AS had
          FROM change JOIN finding ON finding.id = change.finding
          WHERE NOT EXISTS (
            SELECT 1 FROM unseen WHERE unseen.finding = finding.id AND unseen.run IN (:earlier, :later))
          ORDER BY appears DESC, finding.id
          """,
        arguments: ["earlier": earlier.number, "later": later.number])
      while let row = try rows.next() {
        let state: FindingState = try row.value("appears") == 0 ? .gone : row.value("had") == 1 ? .returned : .new
        try body(try Self.finding(row, state))
      }
    }
  }

  /// The lives of findings, oldest first.
  ///
  /// - Throws: `StoreFailure`, or what `body` throws.
  public func lives(of subject: Subject, _ body: (FindingLife) throws -> Void) throws {
    try read { db in
      let (condition, arguments) = try Self.condition(subject, db)
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT finding.* FROM finding
          WHERE \(condition) ORDER BY finding.id
          """,
        arguments: arguments)
      while let row = try rows.next() {
        var intervals = try Row.fetchAll(
          db, sql: "SELECT fromRun, untilRun, ending FROM pastInterval WHERE finding = ? ORDER BY fromRun",
          arguments: [try row.value("id") as Int64]
        ).map(Self.interval)
        intervals.append(try Self.interval(row))
        let isOpen = try (row.value("untilRun") as Int?) == nil
        let state: FindingState = !isOpen ? .gone : intervals.count > 1 ? .returned : .known
        try body(FindingLife(finding: try Self.finding(row, state), intervals: intervals))
      }
    }
  }

  /// What a history is asked for.
  public enum Subject: Sendable {
    /// All findings.
    case everything
    /// One finding by its fingerprint.
    case fingerprint(String)
    /// Every finding on an entry, or on one that had this name, and every value it shares with others.
    case dn(String)
    /// The same of an entry by its objectGUID.
    case objectGUID(GUID)
  }

  private static func condition(_ subject: Subject, _ db: Database) throws -> (String, StatementArguments) {
    switch subject {
    case .everything: return ("1", [])
    case .fingerprint(let text):
      guard let numbers = Fingerprint(hexadecimal: text)?.stored else { return ("0", []) }
      // Each half of the condition has an index: one to go through, which is small, and one to look into.
      return (
        """
        finding.id IN (
          SELECT id FROM finding INDEXED BY findingOpen
            WHERE untilRun IS NULL AND fingerprintHigh = :high AND fingerprintLow = :low
          UNION ALL SELECT id FROM finding INDEXED BY findingEnded
            WHERE untilRun IS NOT NULL AND fingerprintHigh = :high AND fingerprintLow = :low)
        """, ["high": numbers.high, "low": numbers.low]
      )
    case .objectGUID(let guid):
      let noDN: [UInt8] = []
      return try condition(anchors: [EntryKey.anchor(objectGUID: guid, dn: noDN.span)], db)
    case .dn(let text):
      // An entry that has been renamed is asked for by any of its names.
      let name = Array(text.utf8)
      let wanted = EntryKey.dn(name.span)
      var anchors: Set<UInt64> = [wanted]
      try eachHolder(db) { _, anchor, dn in if dn == wanted { anchors.insert(anchor) } }
      return try condition(anchors: anchors, db)
    }
  }

  private static func condition(anchors: Set<UInt64>, _ db: Database) throws -> (String, StatementArguments) {
    var found: [Int64] = []
    try eachHolder(db) { id, anchor, _ in
      if anchors.contains(anchor), found.last != id { found.append(id) }
    }
    return ("finding.id IN (\(found.map(String.init).joined(separator: ",")))", [])
  }

  /// Goes through the holders of all findings: a question for people, who can wait a moment, so that it needs no index.
  private static func eachHolder(_ db: Database, _ body: (Int64, UInt64, UInt64) -> Void) throws {
    let rows = try Row.fetchCursor(db, sql: "SELECT id, holders FROM finding ORDER BY id")
    while let row = try rows.next() {
      let id: Int64 = try row.value(at: 0)
      HolderKeys.forEach([UInt8].blob(row, 1)) { anchor, dn in body(id, anchor, dn) }
    }
  }

  // MARK: - Rows

  private func expectCompared(_ run: StoredRun) throws {
    guard run.status != .refused else {
      throw StoreFailure(
        .noSuchRun, "run \(run.number) was refused, so it has no findings: \(run.coverage.gaps.joined(separator: "; "))"
      )
    }
  }

  private static func beginning(after ending: Ending?) -> FindingState {
    switch ending {
    case .gone: .returned
    case .notJudged: .known
    case nil: .new
    }
  }

  private static func finding(_ row: Row, _ state: FindingState) throws -> StoredFinding {
    let column = row.columnNames.enumerated().first { $0.element == "json" }?.offset ?? 0
    return StoredFinding(
      json: [UInt8].blob(row, column),
      fingerprint: Fingerprint(
        storedHigh: try row.value("fingerprintHigh"), low: try row.value("fingerprintLow")
      ).hexadecimal,
      state: state,
      firstSeen: try row.value("firstSeen"))
  }

  private static func interval(_ row: Row) throws -> FindingLife.Interval {
    let until: Int? = try row.value("untilRun")
    return FindingLife.Interval(
      from: try row.value("fromRun"), until: until,
      endedUnjudged: try until != nil && row.value("ending") == Ending.notJudged.rawValue)
  }
}
