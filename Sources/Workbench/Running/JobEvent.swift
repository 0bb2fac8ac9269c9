import Reporting

/// What a job tells while it runs: for people, beside its results.
public enum JobEvent: Sendable, Equatable {
  /// How far it has come; once a block.
  case progress(Progress)
  /// All sources have been read.
  case endOfProgress
  /// A problem with a text that was read: `path:line:column: error: message`.
  case problem(String)
  /// What may be of interest about a text that was read: `path: note: message`.
  case remark(String)
  /// A run has been recorded in a store.
  case recorded(run: Int, store: String, isNew: Bool = false)
  /// What the user should know at once and what ends nothing.
  case note(String)
  /// What could not be done.
  case failure(String)
  /// A sentence about the results, such as what was not read.
  case message(String)
  /// A line that belongs to the one before it, or that has its place in a file in it.
  case line(String)
  /// Options that do not go together, or that mean nothing.
  case usage(String)
}
