/// The exit statuses: an interface that scripts rely on.
public enum ExitStatus: Int32, Sendable {
  /// Everything was read and nothing was found at or above `--fail-on`.
  case clean = 0
  /// Findings at or above `--fail-on`.
  case findings = 1
  /// Usage, configuration or rule error.
  case usage = 2
  /// The source was read only in part. Wins over `findings`.
  case partial = 3
  /// The source is not available.
  case unavailable = 4
  /// The user ended it.
  case interrupted = 130
}
