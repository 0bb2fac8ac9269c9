import Linting

/// What the arguments that name sources mean.
enum SourceOptions {
  /// A source as named on the command line: `-` is standard input.
  static func source(_ argument: String) -> LintSource { argument == "-" ? .standardInput : .file(argument) }
}
