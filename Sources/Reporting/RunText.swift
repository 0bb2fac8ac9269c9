import Bytes
import Findings

/// A run in words.
enum RunText {
  /// `entra, dirsync-lint 0.1.0, top-level domains of 2026-10-23`: what findings are judged by.
  static func rules(of run: RunDescription, _ coverage: Coverage) -> String {
    var parts = [run.ruleSet, "dirsync-lint \(run.version)"]
    if let day = coverage.topLevelDomains { parts.append("top-level domains of \(day)") }
    return TerminalText.escape(parts.joined(separator: ", "))
  }

  /// The sources, the first three by name.
  static func sources(of run: RunDescription) -> String {
    let names = run.sources.prefix(3).joined(separator: ", ")
    return run.sources.count > 3 ? "\(names), \(run.sources.count - 3) more" : names
  }

  /// When its sources were written, when they were looked at, and what they were judged by.
  static func facts(of run: RunDescription, _ coverage: Coverage) -> [String] {
    var facts: [String] = []
    if let written = run.sourcesWrittenAt { facts.append("written \(shortTime(written))") }
    if !run.startedAt.isEmpty { facts.append("looked at \(shortTime(run.startedAt))") }
    facts.append("rule set \(rules(of: run, coverage))")
    return facts
  }

  /// `2026-11-24 02:00 UTC`.
  private static func shortTime(_ time: String) -> String {
    time.count == 20 ? "\(time.prefix(10)) \(time.dropFirst(11).prefix(5)) UTC" : time
  }

  /// When it began, in seconds since 1970; nil where that is not known.
  static func startedAt(_ run: RunDescription) -> Int? {
    let parts = run.startedAt.split(separator: "T")
    guard parts.count == 2, parts[1].hasSuffix("Z"), let day = CalendarDate(String(parts[0])) else { return nil }
    let numbers = parts[1].dropLast().split(separator: ":").map { Int($0) }
    guard numbers.count == 3, let hours = numbers[0], let minutes = numbers[1], let seconds = numbers[2],
      (0..<24).contains(hours), (0..<60).contains(minutes), (0...60).contains(seconds)
    else { return nil }
    return day.daysSinceEpoch * 86_400 + hours * 3_600 + minutes * 60 + seconds
  }
}
