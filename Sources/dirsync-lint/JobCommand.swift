import ArgumentParser
import Workbench

/// A command line that comes to a job of the workbench.
protocol JobCommand: ParsableCommand {
  /// What is shown on standard error beside failures.
  var console: ConsoleSettings { get throws }

  /// The job, its options as they were typed.
  ///
  /// - Throws: `UsageError` when they mean nothing.
  func job() throws -> any Job
}

extension JobCommand {
  var console: ConsoleSettings { ConsoleSettings() }
}

/// Runs a check of the workbench while arguments are parsed, so that the parser adds how the command is used.
func checked(_ check: () throws -> Void) throws {
  do { try check() } catch let error as UsageError { throw ValidationError(error.message) }
}
