import Bytes
import Directory
import Findings

/// The head and the end of the data in an HTML page, as JSON.
enum HTMLPageData {
  /// What the run was, its rules and the runs before it.
  static func head(of run: RunDescription) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendObject {
      $0.appendMember("hasStates", run.hasStates)
      $0.appendMember("rules") { append(run.rules, to: &$0) }
      $0.appendMember("trend") { $0.appendArray(of: run.trend) { append($1, to: &$0) } }
    }
    return bytes
  }

  /// The rules, each on a line of its own.
  private static func append(_ rules: [RuleSummary], to bytes: inout [UInt8]) {
    bytes.append(literal: "[")
    for (index, rule) in rules.enumerated() {
      if index > 0 { bytes.append(literal: ",\n") }
      bytes.appendObject {
        $0.appendMember("id", rule.id)
        $0.appendMember("title", rule.title)
        $0.appendMember("explanation", rule.explanation)
        $0.appendMember("references", rule.references)
      }
    }
    bytes.append(literal: "]")
  }

  private static func append(_ point: TrendPoint, to bytes: inout [UInt8]) {
    bytes.appendObject {
      $0.appendMember("finishedAt", point.finishedAt)
      $0.appendMember("complete", point.isComplete)
      $0.appendMember("total", point.counts.total)
      for severity in Severity.allCases {
        $0.appendName(severity.literal)
        $0.append(decimal: point.counts.bySeverity[severity] ?? 0)
      }
    }
  }

  /// What was read and what was found.
  static func end(coverage: Coverage, counts: FindingCounts, omitted: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendObject {
      $0.appendMember("verdict", CoverageText.verdict(for: coverage, findings: counts.total))
      $0.appendMember("omitted", omitted)
      $0.appendMember("coverage") {
        $0.appendObject {
          $0.appendMember("complete", coverage.isComplete)
        }
      }
      $0.appendMember("counts") {
        $0.appendObject {
          $0.appendMember("total", counts.total)
          $0.appendMember("bySeverity", Severity.allCases.map { ($0.rawValue, counts.bySeverity[$0] ?? 0) })
          $0.appendMember("byEffect", Effect.allCases.map { ($0.rawValue, counts.byEffect[$0] ?? 0) })
          $0.appendMember("byRule", counts.byRule.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        }
      }
    }
    return bytes
  }
}
