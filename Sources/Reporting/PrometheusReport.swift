import Findings

/// The `prometheus` format: the numbers of a run for the textfile collector of Prometheus' node exporter
/// (https://prometheus.io/docs/instrumenting/exposition_formats/, text format 0.0.4).
///
/// No value of the directory is in it: names of rules, sources and numbers only.
public struct PrometheusReport: FindingSink {
  private struct Kind: Hashable, Comparable {
    var rule: String
    var severity: Severity
    var effect: Effect

    static func < (left: Kind, right: Kind) -> Bool {
      (left.rule, left.severity.rawValue, left.effect.rawValue) < (
        right.rule, right.severity.rawValue, right.effect.rawValue
      )
    }
  }

  private let output: ReportOutput
  private let finishedAt: () -> Int
  private var bytes: [UInt8] = []
  private var run: RunDescription?
  private var kinds: [Kind: Int] = [:]

  /// A report to an output.
  ///
  /// - Parameter finishedAt: the time in seconds since 1970, asked for at the end.
  public init(output: ReportOutput, finishedAt: @escaping () -> Int) {
    self.output = output
    self.finishedAt = finishedAt
  }

  /// Writes nothing yet.
  public mutating func begin(_ run: RunDescription) throws { self.run = run }

  /// Counts one finding.
  public mutating func receive(_ finding: Finding) throws {
    guard finding.state != .gone, finding.state != .suppressed else { return }
    kinds[Kind(rule: finding.rule, severity: finding.severity, effect: finding.effect), default: 0] += 1
  }

  /// Writes all numbers. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    metric("info", "Version, rule set and day of the list of top-level domains of the last run.")
    let day = coverage.topLevelDomains ?? run?.topLevelDomains
    let labels = [("version", run?.version ?? ""), ("rule_set", run?.ruleSet ?? "")]
    line("info", labels + (day.map { [("top_level_domains", $0)] } ?? []), 1)
    metric("last_run_timestamp_seconds", "When the last run ended.")
    line("last_run_timestamp_seconds", [], finishedAt())
    metric("complete", "Whether the last run read and trusted everything.")
    line("complete", [], coverage.isComplete ? 1 : 0)
    metric("entries", "Entries of the last run: read, judged by rules, and records that could not be read.")
    line("entries", [("kind", "read")], coverage.entriesRead)
    line("entries", [("kind", "judged")], coverage.entriesJudged)
    line("entries", [("kind", "lost")], coverage.recordsLost)
    metric("gaps", "Reasons why the last run did not read everything.")
    line("gaps", [], coverage.gaps.count)
    metric("findings", "Findings of the last run that nobody accepted.")
    for (kind, count) in kinds.sorted(by: { $0.key < $1.key }) {
      line(
        "findings",
        [("rule", kind.rule), ("severity", kind.severity.rawValue), ("effect", kind.effect.rawValue)], count)
    }
    metric("findings_by_severity", "Findings of the last run by severity, the accepted ones as well.")
    for severity in Severity.allCases {
      line("findings_by_severity", [("severity", severity.rawValue)], counts.bySeverity[severity] ?? 0)
    }
    if run?.hasStates == true {
      metric("findings_by_state", "Findings of the last run by what they are compared with the run before.")
      for state in FindingState.allCases {
        line("findings_by_state", [("state", state.rawValue)], counts.byState[state] ?? 0)
      }
    }
    try output.write(bytes)
    try output.flush()
  }

  private mutating func metric(_ name: String, _ help: String) {
    bytes.append("# HELP dirsync_lint_\(name) \(help)\n# TYPE dirsync_lint_\(name) gauge\n")
  }

  private mutating func line(_ name: String, _ labels: [(String, String)], _ value: Int) {
    bytes.append("dirsync_lint_\(name)")
    if !labels.isEmpty {
      let list = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
      bytes.append("{\(list)}")
    }
    bytes.append(" \(value)\n")
  }

  /// A label's value: backslash, quotation mark and line feed are escaped.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
