import ArgumentParser

/// A command that ends with a status of its own.
protocol StatusCommand: ParsableCommand {
  /// Does the work.
  func status() throws -> ExitStatus
}
