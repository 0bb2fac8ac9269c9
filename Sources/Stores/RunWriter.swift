import Findings
import GRDB

/// Records one run: `begin`, `compare` for each finding, `finish`; or `refuse`. Lives inside `AuditStore.record`.
public final class RunWriter {
  private let db: Database
  private var number: Int64 = 0
  private var startedAt = 0
  private var isOpen = false
  private var known: KnownFindings?
  private var statements: RecordingStatements?
  private var ruleNumbers: [String: Int64] = [:]
  /// Numbers of rules by their numbers in the run; 0 where not asked for yet.
  private var numbersInRun: [Int64] = []
  private var holders: [UInt8] = []
  private var json: [UInt8] = []
  /// Whether the store has findings that earlier runs had and the last one had not.
  private var hasEnded = false

  /// What a store remembers of a finding.
  public struct Memory: Sendable, Equatable {
    /// New, known or returned.
    public var state: FindingState
    /// When the run began that found it first, in seconds since 1970.
    public var firstSeen: Int
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
    known = try KnownFindings(db)
    hasEnded = try Int.fetchOne(db, sql: "SELECT id FROM finding WHERE untilRun IS NOT NULL LIMIT 1") != nil
    statements = try RecordingStatements(db)
    for row in try Row.fetchAll(db, sql: "SELECT id, name FROM rule") {
      ruleNumbers[try row.value(at: 1)] = try row.value(at: 0)
    }
  }

  /// The number that this run has once it is recorded.
  public var runNumber: Int { Int(number) }

  // MARK: - Findings

  /// Takes a finding of this run.
  ///
  /// - Parameter write: appends the finding as `StoredFinding.json` describes it; called only when it has to be written.
  /// - Returns: what is remembered of it. A value that another holder has joined is new again.
  public func compare(_ finding: Finding, write: (Finding, inout [UInt8]) -> Void) throws -> Memory {
    guard let statements, let place = known?.place(of: finding.fingerprint) else {
      return try addOrReopen(finding, write)
    }
    let firstSeen = known?.firstSeen[place] ?? startedAt
    // Two spellings of one value are one finding: what it is was told with the first.
    if let state = known?.states[place] { return Memory(state: state, firstSeen: firstSeen) }
    var state = FindingState.known
    let hash = FindingDigest.of(finding)
    if let row = known?.open[place], row.detailHash != hash {
      if try hasNewHolder(finding, row.id, statements) { state = .new }
      fill(finding, write)
      try statements.update.bind(hash, at: 1)
      try statements.update.bind(row.id, at: 4)
      try statements.update.execute(blobs: holders, json, at: 2)
    }
    known?.states[place] = state
    return Memory(state: state, firstSeen: firstSeen)
  }

  private func addOrReopen(_ finding: Finding, _ write: (Finding, inout [UInt8]) -> Void) throws -> Memory {
    guard let statements else { return Memory(state: .new, firstSeen: startedAt) }
    fill(finding, write)
    let hash = FindingDigest.of(finding)
    let memory: Memory
    if hasEnded, let ended = try statements.ended(finding.fingerprint) {
      try statements.keepInterval.bind(ended.id, at: 1)
      try statements.keepInterval.execute()
      try statements.reopen.bind(number, at: 1)
      try statements.reopen.bind(hash, at: 2)
      try statements.reopen.bind(ended.id, at: 5)
      try statements.reopen.execute(blobs: holders, json, at: 3)
      memory = Memory(
        state: ended.ending == Ending.notJudged.rawValue ? .known : .returned, firstSeen: ended.firstSeen)
    } else {
      let fingerprint = finding.fingerprint.stored
      try statements.insert.bind(fingerprint.high, at: 1)
      try statements.insert.bind(fingerprint.low, at: 2)
      try statements.insert.bind(try ruleNumber(of: finding), at: 3)
      try statements.insert.bind(Int64(startedAt), at: 4)
      try statements.insert.bind(number, at: 5)
      try statements.insert.bind(hash, at: 6)
      try statements.insert.execute(blobs: holders, json, at: 7)
      memory = Memory(state: .new, firstSeen: startedAt)
    }
    known?.add(finding.fingerprint, state: memory.state, firstSeen: memory.firstSeen)
    return memory
  }

  private func fill(_ finding: Finding, _ write: (Finding, inout [UInt8]) -> Void) {
    holders.removeAll(keepingCapacity: true)
    HolderKeys.append(finding, to: &holders)
    json.removeAll(keepingCapacity: true)
    write(finding, &json)
  }

  /// Whether a value that several hold has a holder that it had not when it was recorded.
  private func hasNewHolder(_ finding: Finding, _ id: Int64, _ statements: RecordingStatements) throws -> Bool {
    guard finding.holderCount > 1, let recorded = try [UInt8].fetchBlob(statements.holders, arguments: [id]) else {
      return false
    }
    var anchors: Set<UInt64> = []
    HolderKeys.forEach(recorded) { anchor, _ in anchors.insert(anchor) }
    return EntryKey.anchors(of: finding).contains { !anchors.contains($0) }
  }

  private func ruleNumber(of finding: Finding) throws -> Int64 {
    let place = finding.ruleNumber
    guard place >= 0 else { return try ruleNumber(finding.rule) }
    while numbersInRun.count <= place { numbersInRun.append(0) }
    if numbersInRun[place] == 0 { numbersInRun[place] = try ruleNumber(finding.rule) }
    return numbersInRun[place]
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
    guard let statements, let known else { return (0, 0) }
    let judged = Set(judgedRules.compactMap { ruleNumbers[$0] })
    var (unseen, unjudged) = (0, 0)
    for place in known.unseen {
      let row = known.open[place]
      let isJudged = judged.contains(row.rule)
      if !isJudged { unjudged += 1 }
      unseen += 1
      guard isComplete else {
        try statements.unseen.bind(number, at: 1)
        try statements.unseen.bind(row.id, at: 2)
        try statements.unseen.execute()
        continue
      }
      try statements.end.bind(number, at: 1)
      try statements.end.bind(Int64((isJudged ? Ending.gone : .notJudged).rawValue), at: 2)
      try statements.end.bind(row.id, at: 3)
      try statements.end.execute()
      guard isJudged, let json = try [UInt8].fetchBlob(statements.json, arguments: [row.id]) else { continue }
      try gone(
        StoredFinding(
          json: json, fingerprint: known.fingerprints[place].hexadecimal, state: .gone,
          firstSeen: known.firstSeen[place]))
    }
    return (unseen, unjudged)
  }

  /// Ends the run and makes all of it durable.
  ///
  /// - Parameter tally: its findings with the states that they were reported with, those that are gone as well.
  public func finish(_ coverage: Coverage, _ tally: FindingTally, newestChange: Int? = nil, finishedAt: Int) throws {
    for (kind, count) in tally.numbers {
      guard let state = kind.state else { continue }
      try db.execute(
        sql: "INSERT INTO runCount (run, rule, severity, effect, state, number) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [
          number, try ruleNumber(kind.rule), StoredCode.of(kind.severity), StoredCode.of(kind.effect),
          StoredCode.of(state), count,
        ])
    }
    try RunQueries.finish(
      number, coverage, harm: tally.counts.harm, status: coverage.isComplete ? .complete : .partial,
      newestChange: newestChange,
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
