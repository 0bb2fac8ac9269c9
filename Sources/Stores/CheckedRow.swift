import GRDB

// GRDB's `row["name"]` ends the process when a column is missing or NULL, which it is in a store that somebody else has written.

extension Row {
  /// The value of a column.
  ///
  /// - Throws: `RowDecodingError` when it is not there or something else.
  func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(_ name: String) throws -> Value {
    try decode(forColumn: name)
  }

  /// The value of a column of a query by its place.
  ///
  /// - Throws: `RowDecodingError` when it is something else.
  func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(at index: Int) throws -> Value {
    try decode(atIndex: index)
  }
}
