import Directory

/// What a reader of error material hands on.
public enum SyncErrorItem: Sendable {
  /// An error.
  case error(SyncError)
  /// Something that could not be read; reading goes on after it.
  case problem(SyncErrorProblem)
}

/// What was read of an input, in numbers.
public struct SyncErrorSummary: Sendable, Hashable {
  /// Errors handed on.
  public var errors = 0
  /// Problems handed on.
  public var problems = 0
  /// Records that are about synchronization and say that all is well, left out.
  public var information = 0
  /// Records that are not about synchronization, left out.
  public var unrelated = 0

  /// Nothing yet.
  public init() {}

  /// Adds the numbers of another input.
  public mutating func add(_ other: SyncErrorSummary) {
    errors += other.errors
    problems += other.problems
    information += other.information
    unrelated += other.unrelated
  }
}
