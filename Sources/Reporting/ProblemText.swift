import Directory
import Findings

extension Problem {
  /// The line `path:line:column: error: message` without a line break, safe to show on a terminal.
  public var line: String {
    "\(TerminalText.escape(location.description)): error: \(TerminalText.escape(message))"
  }
}
