import DirectoryModel
import Findings
import GRDB

/// Records one run: `begin`, `compare` for each finding, `finish`; or `refuse`. Lives inside `AuditStore.record`.
public final class RunRecorder {
  private let db: Database
  private var number: Int64 = 0
  private var startedAt = 0
  private var isOpen = false
  private var open: OpenFindings?
  private var statements: Statements?
  private var ruleNumbers: [String: Int64] = [:]
  private var counts: [CountKey: Int] = [:]
  private var buffer: [UInt8] = []
  /// Whether the store has findings that earlier runs had and the last one had not.
  private var hasEnded = false
  /// Findings of this run that the last one had not, with the state they got: a second one of the same fingerprint (two
  /// spellings of one value) gets the same.
  private var fresh: [FingerprintNumbers: Memory] = [:]

  /// What a store remembers of a finding.
  public struct Memory: Sendable, Equatable {
    /// New, known or returned.
    public var state: FindingState
    /// When the run began that found it first, in seconds since 1970.
    public var firstSeen: Int
  }

  private struct CountKey: Hashable {
    var rule: String
    var severity: Severity
    var effect: Effect
    var state: FindingState
  }

  private struct Statements {
    var insert: Statement
    var find: Statement
    var update: Statement
    var keepInterval: Statement
    var reopen: Statement
    var holders: Statement
    var end: Statement
    var unseen: Statement
    var json: Statement

    init(_ db: Database) throws {
      insert = try db.makeStatement(
        sql: """
          INSERT INTO finding
            (fingerprintHigh, fingerprintLow, rule, firstSeen, fromRun, untilRun, ending, detailHash, holders, json)
          VALUES (?, ?, ?, ?, ?, NULL, 0, ?, ?, ?)
          """)
      find = try db.makeStatement(
        sql: """
          SELECT id, firstSeen, ending FROM finding
          WHERE untilRun IS NOT NULL AND fingerprintHigh = ? AND fingerprintLow = ?
          """)
      update = try db.makeStatement(sql: "UPDATE finding SET detailHash = ?, holders = ?, json = ? WHERE id = ?")
      keepInterval = try db.makeStatement(
        sql: """
          INSERT INTO pastInterval (finding, fromRun, untilRun, ending)
          SELECT id, fromRun, untilRun, ending FROM finding WHERE id = ?
          """)
      reopen = try db.makeStatement(
        sql: """
          UPDATE finding SET fromRun = ?, untilRun = NULL, ending = 0, detailHash = ?, holders = ?, json = ? WHERE id = ?
          """)
      holders = try db.makeStatement(sql: "SELECT holders FROM finding WHERE id = ?")
      end = try db.makeStatement(sql: "UPDATE finding SET untilRun = ?, ending = ? WHERE id = ?")
      unseen = try db.makeStatement(sql: "INSERT INTO unseen (run, finding) VALUES (?, ?)")
      json = try db.makeStatement(sql: "SELECT json FROM finding WHERE id = ?")
    }
  }

  init(_ db: Database) { self.db = db }

  // MARK: - Before the findings

  /// The last run whose findings were recorded; nil in a new store.
  public func lastRun() throws -> StoredRun? { try RunQueries.last(db, completeOnly: false) }

  /// The last run that read everything; nil when there is none.
  public func lastCompleteRun() throws -> StoredRun? { try RunQueries.last(db, completeOnly: true) }

  /// What runs before this one came to, oldest first, without those that were refused.
  public func trend(last limit: Int) throws -> [TrendPoint] { try RunQueries.trend(db, last: limit) }

  /// Begins to record.
  public func begin(_ head: RunHead) throws {
    try db.beginTransaction(.immediate)
    isOpen = true
    startedAt = head.startedAt
    try RunQueries.insert(head, into: db)
    number = db.lastInsertedRowID
    open = try OpenFindings(db)
    hasEnded = try Int.fetchOne(db, sql: "SELECT id FROM finding WHERE untilRun IS NOT NULL LIMIT 1") != nil
    statements = try Statements(db)
    for row in try Row.fetchAll(db, sql: "SELECT id, name FROM rule") { ruleNumbers[row[1]] = row[0] }
  }

  /// The number that this run has once it is recorded.
  public var runNumber: Int { Int(number) }

  // MARK: - Findings

  /// Takes a finding of this run.
  ///
  /// - Parameter json: appends the finding as `StoredFinding.json` describes it; called only when it has to be written.
  /// - Returns: what is remembered of it. A value that another holder has joined is new again.
  public func compare(_ finding: Finding, json: (inout [UInt8]) -> Void) throws -> Memory {
    guard let statements, let fingerprint = FingerprintNumbers(finding.fingerprint) else {
      return Memory(state: .new, firstSeen: startedAt)
    }
    if let position = open?.position(of: fingerprint), let row = open?.rows[position] {
      let isFirst = open?.isSeen[position] == false
      open?.isSeen[position] = true
      guard isFirst else { return fresh[fingerprint] ?? Memory(state: .known, firstSeen: row.firstSeen) }
      let hash = FindingDigest.of(finding)
      if row.detailHash == hash { return Memory(state: .known, firstSeen: row.firstSeen) }
      let hasJoined = try hasNewHolder(finding, row.id)
      try statements.update.execute(arguments: [
        hash, HolderKeys.bytes(of: finding).blob, written(json), row.id,
      ])
      let memory = Memory(state: hasJoined ? .new : .known, firstSeen: row.firstSeen)
      if hasJoined { fresh[fingerprint] = memory }
      return memory
    }
    if let known = fresh[fingerprint] { return known }
    let memory = try addOrReopen(finding, fingerprint, json, statements)
    fresh[fingerprint] = memory
    return memory
  }

  private func addOrReopen(
    _ finding: Finding, _ fingerprint: FingerprintNumbers, _ json: (inout [UInt8]) -> Void, _ statements: Statements
  ) throws -> Memory {
    let hash = FindingDigest.of(finding)
    let holders = HolderKeys.bytes(of: finding).blob
    if hasEnded, let row = try Row.fetchOne(statements.find, arguments: [fingerprint.high, fingerprint.low]) {
      let (id, firstSeen, ending): (Int64, Int, Int) = (row[0], row[1], row[2])
      try statements.keepInterval.execute(arguments: [id])
      try statements.reopen.execute(arguments: [number, hash, holders, written(json), id])
      return Memory(state: ending == Ending.notJudged.rawValue ? .known : .returned, firstSeen: firstSeen)
    }
    try statements.insert.execute(arguments: [
      fingerprint.high, fingerprint.low, try ruleNumber(finding.rule), startedAt, number, hash, holders, written(json),
    ])
    return Memory(state: .new, firstSeen: startedAt)
  }

  private func written(_ json: (inout [UInt8]) -> Void) -> DatabaseValue {
    buffer.removeAll(keepingCapacity: true)
    json(&buffer)
    return buffer.blob
  }

  /// Counts a finding of this run with the state that it is reported with.
  public func count(_ finding: Finding) {
    guard let state = finding.state else { return }
    let key = CountKey(
      rule: finding.rule, severity: finding.severity, effect: finding.effect, state: state)
    counts[key, default: 0] += 1
  }

  /// Whether a value that several hold has a holder that it had not when it was recorded.
  private func hasNewHolder(_ finding: Finding, _ id: Int64) throws -> Bool {
    guard !finding.related.isEmpty, let statements,
      let known = try [UInt8].fetchBlob(statements.holders, arguments: [id])
    else { return false }
    var anchors: Set<UInt64> = []
    for start in stride(from: 0, to: known.count / 16 * 16, by: 16) {
      anchors.insert(HolderKeys.number(known, at: start))
    }
    return HolderKeys.anchors(of: finding).contains { !anchors.contains($0) }
  }

  private func ruleNumber(_ name: String) throws -> Int64 {
    if let known = ruleNumbers[name] { return known }
    try db.execute(sql: "INSERT INTO rule (name) VALUES (?)", arguments: [name])
    ruleNumbers[name] = db.lastInsertedRowID
    return db.lastInsertedRowID
  }

  // MARK: - After the findings

  /// Takes leave of the findings that the last run had and this one has not.
  ///
  /// - Parameters:
  ///   - isComplete: whether everything was read. If not, nothing is gone: what was not seen is remembered as such.
  ///   - judgedRules: ids of the rules of this run; findings of others are not gone either, but not looked for.
  ///   - gone: called for each finding that is gone.
  /// - Returns: how many findings were not seen, and how many of those belong to rules that this run had not.
  public func close(
    isComplete: Bool, judgedRules: Set<String>, gone: (StoredFinding) throws -> Void
  ) throws -> (unseen: Int, unjudged: Int) {
    guard let statements, let open else { return (0, 0) }
    let judged = Set(judgedRules.compactMap { ruleNumbers[$0] })
    var (unseen, unjudged) = (0, 0)
    for (row, isSeen) in zip(open.rows, open.isSeen) where !isSeen {
      let isJudged = judged.contains(row.rule)
      if !isJudged { unjudged += 1 }
      unseen += 1
      guard isComplete else {
        try statements.unseen.execute(arguments: [number, row.id])
        continue
      }
      let ending = isJudged ? Ending.gone : .notJudged
      try statements.end.execute(arguments: [number, ending.rawValue, row.id])
      guard isJudged, let json = try [UInt8].fetchBlob(statements.json, arguments: [row.id]) else { continue }
      try gone(
        StoredFinding(
          json: json, fingerprint: row.fingerprint.text, state: .gone, firstSeen: row.firstSeen))
    }
    return (unseen, unjudged)
  }

  /// Ends the run and makes all of it durable.
  public func finish(_ coverage: Coverage, newestChange: Int? = nil, finishedAt: Int) throws {
    for (key, count) in counts {
      try db.execute(
        sql: "INSERT INTO runCount (run, rule, severity, effect, state, number) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [
          number, try ruleNumber(key.rule), StoredCode.of(key.severity), StoredCode.of(key.effect),
          StoredCode.of(key.state), count,
        ])
    }
    try RunQueries.finish(
      number, coverage, status: coverage.isComplete ? .complete : .partial, newestChange: newestChange,
      finishedAt: finishedAt, in: db)
    try db.commit()
    isOpen = false
  }

  /// Records that a run was not compared because its export was not to be trusted.
  public func refuse(_ head: RunHead, _ coverage: Coverage, newestChange: Int? = nil, finishedAt: Int) throws {
    try db.beginTransaction(.immediate)
    isOpen = true
    try RunQueries.insert(head, into: db)
    number = db.lastInsertedRowID
    try RunQueries.finish(
      number, coverage, status: .refused, newestChange: newestChange, finishedAt: finishedAt, in: db)
    try db.commit()
    isOpen = false
  }

  /// Takes back what was begun and not finished.
  func abandon() throws {
    guard isOpen else { return }
    isOpen = false
    try db.rollback()
  }
}

/// The keys of the holders of a finding, as a store keeps them.
enum HolderKeys {
  /// Keys of source anchors.
  static func anchors(of finding: Finding) -> [UInt64] {
    [EntryKey.anchor(objectGUID: finding.objectGUID, dn: finding.dn)]
      + finding.related.map { EntryKey.anchor(objectGUID: $0.objectGUID, dn: $0.dn) }
  }

  /// Anchor and DN of each holder, eight bytes each, little-endian.
  static func bytes(of finding: Finding) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16 * (1 + finding.related.count))
    append(EntryKey.anchor(objectGUID: finding.objectGUID, dn: finding.dn), to: &bytes)
    append(EntryKey.dn(finding.dn), to: &bytes)
    for place in finding.related {
      append(EntryKey.anchor(objectGUID: place.objectGUID, dn: place.dn), to: &bytes)
      append(EntryKey.dn(place.dn), to: &bytes)
    }
    return bytes
  }

  static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  static func number(_ bytes: [UInt8], at start: Int) -> UInt64 {
    (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
  }
}

/// Numbers that stand for words in a store; they never change.
enum StoredCode {
  static func of(_ severity: Severity) -> Int {
    switch severity {
    case .info: 0
    case .warning: 1
    case .error: 2
    }
  }

  static func of(_ effect: Effect) -> Int {
    switch effect {
    case .blocked: 0
    case .dropped: 1
    case .altered: 2
    case .quarantined: 3
    case .degraded: 4
    case .advice: 5
    }
  }

  static func of(_ state: FindingState) -> Int {
    switch state {
    case .new: 0
    case .known: 1
    case .returned: 2
    case .gone: 3
    case .suppressed: 4
    case .expiredSuppression: 5
    }
  }

  static func severity(_ code: Int) -> Severity? { Severity.allCases.first { of($0) == code } }
  static func effect(_ code: Int) -> Effect? { Effect.allCases.first { of($0) == code } }
  static func state(_ code: Int) -> FindingState? { FindingState.allCases.first { of($0) == code } }
}
