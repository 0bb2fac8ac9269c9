import GRDB

extension AuditStore {
  /// What was taken out of a store.
  public struct Pruned: Sendable, Equatable {
    /// Number of runs.
    public var runs: Int
    /// Number of findings that were gone before the oldest run that is left.
    public var findings: Int
  }

  /// Takes out all but the last runs, and the findings that only those had.
  ///
  /// A finding that was taken out and comes back is new.
  ///
  /// - Parameters:
  ///   - keep: number of runs to keep, at least 1.
  ///   - compacts: whether to give the room back to the file system, which writes the file anew.
  /// - Throws: `StoreFailure`.
  public func prune(keep: Int, compacts: Bool) throws -> Pruned {
    do {
      let pruned = try queue.write { db in try Self.prune(db, keep: max(1, keep)) }
      if compacts, pruned != Pruned(runs: 0, findings: 0) { try queue.vacuum() }
      return pruned
    } catch {
      throw StoreFailure(error, path: path)
    }
  }

  private static func prune(_ db: Database, keep: Int) throws -> Pruned {
    guard
      let oldest = try Int64.fetchOne(
        db, sql: "SELECT id FROM run ORDER BY id DESC LIMIT 1 OFFSET ?", arguments: [keep - 1])
    else { return Pruned(runs: 0, findings: 0) }
    try db.execute(sql: "DELETE FROM run WHERE id < ?", arguments: [oldest])
    let runs = db.changesCount
    guard runs > 0 else { return Pruned(runs: 0, findings: 0) }
    for table in ["runNote", "runCount", "unseen"] {
      try db.execute(sql: "DELETE FROM \(table) WHERE run < ?", arguments: [oldest])
    }
    // What was gone in the oldest run that is left is still part of that run's result.
    // The last interval before that is kept: it tells a finding that returned from a new one.
    try db.execute(
      sql: """
        DELETE FROM pastInterval WHERE untilRun < :oldest AND EXISTS (
          SELECT 1 FROM pastInterval AS later WHERE later.finding = pastInterval.finding
            AND later.fromRun > pastInterval.fromRun AND later.untilRun < :oldest)
        """,
      arguments: ["oldest": oldest])
    try db.execute(sql: "DELETE FROM finding WHERE untilRun < ?", arguments: [oldest])
    let findings = db.changesCount
    if findings > 0 {
      for table in ["pastInterval", "unseen"] {
        try db.execute(sql: "DELETE FROM \(table) WHERE finding NOT IN (SELECT id FROM finding)")
      }
    }
    return Pruned(runs: runs, findings: findings)
  }
}
