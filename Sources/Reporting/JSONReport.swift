import Bytes
import Findings

/// The `json` format: one object with `run`, `findings`, `coverage` and `counts`, written as the findings come.
///
/// The object is whole once `finish` was called, with any number of findings, after an interruption as well.
public struct JSONReport: FindingSink {
  private let output: ReportOutput
  private var writer = JSONFindingWriter()
  private var bytes: [UInt8] = []
  private var isFirst = true

  /// A report to an output.
  public init(output: ReportOutput) { self.output = output }

  /// Writes the head of the object. Throws `ReportError`.
  public mutating func begin(_ run: RunDescription) throws {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(literal: "{")
    bytes.appendMember("run") {
      $0.appendObject {
        $0.appendMember("version", run.version)
        $0.appendMember("ruleSet", run.ruleSet)
        $0.appendMember("sources", run.sources)
      }
    }
    bytes.appendName("findings")
    bytes.append(literal: "[")
    try output.write(bytes)
  }

  /// Writes one finding. Throws `ReportError`.
  public mutating func receive(_ finding: Finding) throws {
    try output.compose { bytes in
      bytes.append(literal: isFirst ? "\n" : ",\n")
      writer.write(finding, to: &bytes)
    }
    isFirst = false
  }

  /// Writes coverage and counts and ends the object. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(literal: isFirst ? "]" : "\n]")
    bytes.appendMember("coverage") { Self.append(coverage, to: &$0) }
    bytes.appendMember("counts") { Self.append(counts, to: &$0) }
    bytes.append(literal: "}\n")
    try output.write(bytes)
    try output.flush()
  }

  /// Appends the object that `coverage` is in a report.
  public static func append(_ coverage: Coverage, to bytes: inout [UInt8]) {
    bytes.appendObject {
      $0.appendMember("complete", coverage.isComplete)
      $0.appendMember("entriesRead", coverage.entriesRead)
      $0.appendMember("entriesInSource", coverage.entriesInSource)
      $0.appendMember("entriesJudged", coverage.entriesJudged)
      $0.appendMember("recordsLost", coverage.recordsLost)
      $0.appendMember("changeRecords", coverage.changeRecords)
      $0.appendMember("outOfScope") {
        $0.appendArray(of: coverage.outOfScope) { bytes, reason in
          bytes.appendObject {
            $0.appendMember("reason", reason.reason)
            $0.appendMember("count", reason.count)
          }
        }
      }
      $0.appendMember("attributesNeverSeen") {
        $0.appendArray(of: coverage.attributesNeverSeen) { bytes, unseen in
          bytes.appendObject {
            $0.appendMember("attribute", unseen.attribute)
            $0.appendMember("rules", unseen.rules)
          }
        }
      }
      $0.appendMember("gaps", coverage.gaps)
      if !coverage.remarks.isEmpty { $0.appendMember("remarks", coverage.remarks) }
      $0.appendMember("interrupted", coverage.isInterrupted)
    }
  }

  /// Appends the object that `counts` is in a report.
  public static func append(_ counts: FindingCounts, to bytes: inout [UInt8]) {
    bytes.appendObject {
      $0.appendMember("total", counts.total)
      $0.appendMember("bySeverity", Severity.allCases.reversed().map { ($0.rawValue, counts.bySeverity[$0] ?? 0) })
      $0.appendMember("byEffect", Effect.allCases.map { ($0.rawValue, counts.byEffect[$0] ?? 0) })
      $0.appendMember("byRule", counts.byRule.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
      if !counts.byState.isEmpty {
        $0.appendMember("byState", FindingState.allCases.map { ($0.rawValue, counts.byState[$0] ?? 0) })
      }
    }
  }
}

/// The `ndjson` format: one finding a line, nothing else.
public struct NDJSONReport: FindingSink {
  private let output: ReportOutput
  private var writer = JSONFindingWriter()

  /// A report to an output.
  public init(output: ReportOutput) { self.output = output }

  /// Writes nothing.
  public mutating func begin(_ run: RunDescription) throws {}

  /// Writes one line. Throws `ReportError`.
  public mutating func receive(_ finding: Finding) throws {
    try output.compose { bytes in
      writer.write(finding, to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  /// Writes what is left in the buffer. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws { try output.flush() }
}
