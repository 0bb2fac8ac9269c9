import Findings

/// A run in words.
enum RunText {
  /// `entra, dirsync-lint 0.1.0, top-level domains of 2026-10-23`: what findings are judged by.
  static func rules(of run: RunDescription, _ coverage: Coverage) -> String {
    var parts = [run.ruleSet, "dirsync-lint \(run.version)"]
    if let day = coverage.topLevelDomains { parts.append("top-level domains of \(day)") }
    return TerminalText.escape(parts.joined(separator: ", "))
  }
}
