import Directory
import Findings

/// The head and the end of the data in an HTML page, as JSON.
enum HTMLPageData {
  /// What the run was, its rules and the runs before it.
  static func head(of run: RunDescription) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(literal: #"{"version":"#)
    JSONText.append(string: run.version, to: &bytes)
    bytes.append(literal: #","ruleSet":"#)
    JSONText.append(string: run.ruleSet, to: &bytes)
    bytes.append(literal: #","sources":"#)
    JSONText.append(strings: run.sources, to: &bytes)
    bytes.append(literal: #","startedAt":"#)
    JSONText.append(string: run.startedAt, to: &bytes)
    bytes.append(literal: #","hasStates":"#)
    bytes.append(literal: run.hasStates ? "true" : "false")
    bytes.append(literal: #","rules":["#)
    for (index, rule) in run.rules.enumerated() {
      bytes.append(literal: index == 0 ? #"{"id":"# : ",\n{\"id\":")
      JSONText.append(string: rule.id, to: &bytes)
      bytes.append(literal: #","title":"#)
      JSONText.append(string: rule.title, to: &bytes)
      bytes.append(literal: #","explanation":"#)
      JSONText.append(string: rule.explanation, to: &bytes)
      bytes.append(literal: #","references":"#)
      JSONText.append(strings: rule.references, to: &bytes)
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(literal: #"],"trend":["#)
    for (index, point) in run.trend.enumerated() {
      bytes.append(literal: index == 0 ? #"{"finishedAt":"# : #",{"finishedAt":"#)
      JSONText.append(string: point.finishedAt, to: &bytes)
      bytes.append(literal: #","complete":"#)
      bytes.append(literal: point.isComplete ? "true" : "false")
      bytes.append(literal: #","total":"#)
      bytes.append(decimal: point.counts.total)
      for severity in Severity.allCases {
        bytes.append(literal: ",")
        JSONText.append(string: severity.rawValue, to: &bytes)
        bytes.append(literal: ":")
        bytes.append(decimal: point.counts.bySeverity[severity] ?? 0)
      }
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(literal: "]}")
    return bytes
  }

  /// What was read and what was found.
  static func end(coverage: Coverage, counts: FindingCounts, omitted: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(literal: #"{"verdict":"#)
    JSONText.append(string: CoverageText.verdict(for: coverage, findings: counts.total), to: &bytes)
    bytes.append(literal: #","omitted":"#)
    bytes.append(decimal: omitted)
    bytes.append(literal: #","coverage":{"complete":"#)
    bytes.append(literal: coverage.isComplete ? "true" : "false")
    bytes.append(literal: #","entriesJudged":"#)
    bytes.append(decimal: coverage.entriesJudged)
    bytes.append(literal: #","entriesInSource":"#)
    bytes.append(decimal: coverage.entriesInSource)
    bytes.append(literal: #","lines":"#)
    JSONText.append(strings: CoverageText.lines(for: coverage), to: &bytes)
    bytes.append(literal: #"},"counts":{"total":"#)
    bytes.append(decimal: counts.total)
    bytes.append(literal: #","bySeverity":"#)
    JSONText.append(members: Severity.allCases.map { ($0.rawValue, counts.bySeverity[$0] ?? 0) }, to: &bytes)
    bytes.append(literal: #","byEffect":"#)
    JSONText.append(members: Effect.allCases.map { ($0.rawValue, counts.byEffect[$0] ?? 0) }, to: &bytes)
    bytes.append(literal: #","byRule":"#)
    JSONText.append(members: counts.byRule.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, to: &bytes)
    bytes.append(literal: "}}")
    return bytes
  }
}
