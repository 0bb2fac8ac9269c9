import Findings
import GRDB

/// The statements that recording findings takes, prepared once for a run.
final class RecordingStatements {
  let insert: RawStatement
  let update: RawStatement
  let keepInterval: RawStatement
  let reopen: RawStatement
  let end: RawStatement
  let unseen: RawStatement
  let holders: Statement
  let json: Statement
  private let find: RawStatement

  init(_ db: Database) throws {
    insert = try RawStatement(
      db,
      sql: """
        INSERT INTO finding
          (fingerprintHigh, fingerprintLow, rule, firstSeen, fromRun, untilRun, ending, detailHash, holders, json)
        VALUES (?, ?, ?, ?, ?, NULL, 0, ?, ?, ?)
        """)
    find = try RawStatement(
      db,
      sql: """
        SELECT id, firstSeen, ending FROM finding
        WHERE untilRun IS NOT NULL AND fingerprintHigh = ? AND fingerprintLow = ?
        """)
    update = try RawStatement(db, sql: "UPDATE finding SET detailHash = ?, holders = ?, json = ? WHERE id = ?")
    keepInterval = try RawStatement(
      db,
      sql: """
        INSERT INTO pastInterval (finding, fromRun, untilRun, ending)
        SELECT id, fromRun, untilRun, ending FROM finding WHERE id = ?
        """)
    reopen = try RawStatement(
      db,
      sql: """
        UPDATE finding SET fromRun = ?, untilRun = NULL, ending = 0, detailHash = ?, holders = ?, json = ? WHERE id = ?
        """)
    end = try RawStatement(db, sql: "UPDATE finding SET untilRun = ?, ending = ? WHERE id = ?")
    unseen = try RawStatement(db, sql: "INSERT INTO unseen (run, finding) VALUES (?, ?)")
    holders = try db.makeStatement(sql: "SELECT holders FROM finding WHERE id = ?")
    json = try db.makeStatement(sql: "SELECT json FROM finding WHERE id = ?")
  }

  /// A finding that earlier runs had and the last one had not; nil when there is none.
  func ended(_ fingerprint: Fingerprint) throws -> (id: Int64, firstSeen: Int, ending: Int)? {
    let (high, low) = fingerprint.stored
    try find.bind(high, at: 1)
    try find.bind(low, at: 2)
    var found: (Int64, Int, Int)?
    try find.forEachRow { number in found = (number(0), Int(number(1)), Int(number(2))) }
    return found
  }
}
