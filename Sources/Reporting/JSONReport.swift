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
        if !run.startedAt.isEmpty { $0.appendMember("startedAt", run.startedAt) }
        if !run.options.isEmpty { $0.appendMember("options", run.options) }
        if run.topLevelDomains != nil || run.sourcesWrittenAt != nil {
          $0.appendMember("data") { $0.appendObject { Self.append(datesOf: run, to: &$0) } }
        }
        if run.hasStates { $0.appendMember("hasStates", true) }
        if !run.causes.isEmpty {
          $0.appendMember("causes") { $0.appendArray(of: run.causes) { Self.append($1, to: &$0) } }
        }
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

  private static func append(datesOf run: RunDescription, to bytes: inout [UInt8]) {
    bytes.appendMember("topLevelDomains", ifThere: run.topLevelDomains)
    bytes.appendMember("sources", ifThere: run.sourcesWrittenAt)
  }

  private static func append(_ cause: Cause, to bytes: inout [UInt8]) {
    bytes.appendObject {
      $0.appendMember("kind", cause.kind.rawValue)
      $0.appendMember("name", cause.name)
      if let objectClass = cause.objectClass { $0.appendMember("objectClass", objectClass) }
      $0.appendMember("objects", cause.objects)
      $0.appendMember("findings", cause.findings)
      $0.appendMember("rules", cause.rules)
      $0.appendMember("remedy", cause.remedy)
    }
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
            if !reason.names.isEmpty {
              $0.appendMember("names") { $0.appendArray(of: reason.names) { JSONText.append(value: $1, to: &$0) } }
            }
          }
        }
      }
      $0.appendMember("attributesNeverSeen") { append(coverage.attributesNeverSeen, to: &$0) }
      if !coverage.attributesNotApplicable.isEmpty {
        $0.appendMember("attributesNotApplicable") { append(coverage.attributesNotApplicable, to: &$0) }
      }
      if coverage.rules > 0 {
        $0.appendMember("rules") {
          $0.appendObject {
            $0.appendMember("selected", coverage.rules)
            $0.appendMember("judged", coverage.rules - coverage.rulesWithoutValues.count)
          }
        }
      }
      if !coverage.checks.isEmpty {
        $0.appendMember("checks") { $0.appendArray(of: coverage.checks) { append($1, to: &$0) } }
      }
      $0.appendMember("gaps", coverage.gaps)
      if let day = coverage.topLevelDomains { $0.appendMember("topLevelDomains", day) }
      if !coverage.remarks.isEmpty { $0.appendMember("remarks", coverage.remarks) }
      $0.appendMember("interrupted", coverage.isInterrupted)
    }
  }

  private static func append(_ result: CheckResult, to bytes: inout [UInt8]) {
    bytes.appendObject {
      $0.appendMember("source", result.source)
      $0.appendMember("check", result.check)
      $0.appendMember("title", result.title)
      $0.appendMember("status", result.status.rawValue)
      $0.appendMember("rule", ifThere: result.rule)
      if !result.summary.isEmpty { $0.appendMember("summary", result.summary) }
    }
  }

  private static func append(_ unseen: [Coverage.UnseenAttribute], to bytes: inout [UInt8]) {
    bytes.appendArray(of: unseen) { bytes, unseen in
      bytes.appendObject {
        $0.appendMember("attribute", unseen.attribute)
        $0.appendMember("rules", unseen.rules)
      }
    }
  }

  private static func append(_ harm: Harm, to bytes: inout [UInt8]) {
    bytes.appendMember("objects", harm.objects)
    bytes.appendMember("objectsBlocked", harm.objectsBlocked)
    bytes.appendMember("blocksUsersOnly", harm.blocksUsersOnly)
    bytes.appendMember("valuesLost", harm.valuesLost)
    bytes.appendMember("losesAddressesOnly", harm.losesAddressesOnly)
    bytes.appendMember("valuesAltered", harm.valuesAltered)
    bytes.appendMember("conflicts", harm.conflicts)
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
        $0.appendMember("open", Severity.allCases.reversed().map { ($0.rawValue, counts.openBySeverity[$0] ?? 0) })
      }
      if let harm = counts.harm { $0.appendMember("harm") { $0.appendObject { append(harm, to: &$0) } } }
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
