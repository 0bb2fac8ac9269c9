import Foundation
import GRDB

// GRDB binds and reads blobs as `Data`; this file is the only one here that needs Foundation for it.

extension [UInt8] {
  /// The bytes as a value for SQLite.
  var blob: DatabaseValue { Data(self).databaseValue }

  /// The one blob of a statement's first row; nil without a row.
  static func fetchBlob(_ statement: Statement, arguments: StatementArguments) throws -> [UInt8]? {
    try Row.fetchOne(statement, arguments: arguments).map { blob($0, 0) }
  }

  /// A blob of a row.
  static func blob(_ row: Row, _ column: Int) -> [UInt8] {
    do {
      return try row.withUnsafeData(atIndex: column) { $0.map { [UInt8]($0) } ?? [] }
    } catch {
      return []
    }
  }
}
