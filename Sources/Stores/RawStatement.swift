import GRDB
import GRDBSQLite

// The one file here with pointers: what runs once for each finding is bound and stepped without GRDB's lists of values, which
// cost more than SQLite's own work. GRDB prepares the statements and ends them.

/// A statement that runs many times.
struct RawStatement {
  private let statement: Statement
  private var pointer: SQLiteStatement { statement.sqliteStatement }

  /// A prepared statement; the numbers of its parameters count from 1.
  init(_ db: Database, sql: String) throws { statement = try db.makeStatement(sql: sql) }

  /// Binds a number until another one is bound.
  func bind(_ number: Int64, at parameter: Int32) throws {
    try expect(sqlite3_bind_int64(pointer, parameter, number), SQLITE_OK)
  }

  /// Runs a statement that has no rows.
  func execute() throws {
    let code = sqlite3_step(pointer)
    try expect(code, SQLITE_DONE)
    try expect(sqlite3_reset(pointer), SQLITE_OK)
  }

  /// Runs a statement that has no rows with two blobs, the second in the parameter behind that of the first.
  func execute(blobs first: [UInt8], _ second: [UInt8], at parameter: Int32) throws {
    try first.withUnsafeBufferPointer { first in
      try second.withUnsafeBufferPointer { second in
        // SQLite reads the blobs where they are, and only while the statement runs.
        defer {
          sqlite3_bind_null(pointer, parameter)
          sqlite3_bind_null(pointer, parameter + 1)
        }
        try bind(first, at: parameter)
        try bind(second, at: parameter + 1)
        try execute()
      }
    }
  }

  private func bind(_ blob: UnsafeBufferPointer<UInt8>, at parameter: Int32) throws {
    // A blob of no bytes has no place, which would be NULL.
    let code =
      blob.isEmpty
      ? sqlite3_bind_zeroblob(pointer, parameter, 0)
      : sqlite3_bind_blob64(pointer, parameter, blob.baseAddress, UInt64(blob.count), nil)
    try expect(code, SQLITE_OK)
  }

  /// Hands over the rows, one after the other, with their numbers by column, counted from 0.
  func forEachRow(_ body: ((_ column: Int32) -> Int64) throws -> Void) throws {
    defer { sqlite3_reset(pointer) }
    while true {
      let code = sqlite3_step(pointer)
      if code == SQLITE_DONE { return }
      try expect(code, SQLITE_ROW)
      try body { sqlite3_column_int64(pointer, $0) }
    }
  }

  private func expect(_ code: Int32, _ expected: Int32) throws {
    guard code != expected else { return }
    let message = sqlite3_errmsg(sqlite3_db_handle(pointer)).map { String(cString: $0) }
    sqlite3_reset(pointer)
    throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
  }
}
