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
    bytes.append(literal: #"{"run":{"version":"#)
    JSONText.append(string: run.version, to: &bytes)
    bytes.append(literal: #","ruleSet":"#)
    JSONText.append(string: run.ruleSet, to: &bytes)
    bytes.append(literal: #","sources":"#)
    JSONText.append(strings: run.sources, to: &bytes)
    bytes.append(literal: #"},"findings":["#)
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

  /// Writes one packed finding. Throws `ReportError`.
  public mutating func receive(packed finding: PackedFinding) throws {
    try output.compose { bytes in
      bytes.append(literal: isFirst ? "\n" : ",\n")
      writer.write(packed: finding, to: &bytes)
    }
    isFirst = false
  }

  /// Writes coverage and counts and ends the object. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(literal: isFirst ? "]," : "\n],")
    Self.append(coverage, to: &bytes)
    bytes.append(UInt8(ascii: ","))
    Self.append(counts, to: &bytes)
    bytes.append(literal: "}\n")
    try output.write(bytes)
    try output.flush()
  }

  /// The object that `coverage` is in a report.
  public static func text(_ coverage: Coverage) -> String { text { append(coverage, to: &$0) } }

  /// The object that `counts` is in a report.
  public static func text(_ counts: FindingCounts) -> String { text { append(counts, to: &$0) } }

  /// A string of JSON with its quotation marks.
  public static func text(_ string: String) -> String {
    var bytes: [UInt8] = []
    JSONText.append(string: string, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What a member of the report is written as, without its name.
  private static func text(_ append: (inout [UInt8]) -> Void) -> String {
    var bytes: [UInt8] = []
    append(&bytes)
    return String(decoding: bytes.drop { $0 != UInt8(ascii: "{") }, as: UTF8.self)
  }

  private static func append(_ coverage: Coverage, to bytes: inout [UInt8]) {
    bytes.append(literal: #""coverage":{"complete":"#)
    bytes.append(literal: coverage.isComplete ? "true" : "false")
    let numbers: [(StaticString, Int)] = [
      (#","entriesRead":"#, coverage.entriesRead), (#","entriesInSource":"#, coverage.entriesInSource),
      (#","entriesJudged":"#, coverage.entriesJudged), (#","recordsLost":"#, coverage.recordsLost),
      (#","changeRecords":"#, coverage.changeRecords),
    ]
    for (name, number) in numbers {
      bytes.append(literal: name)
      bytes.append(decimal: number)
    }
    bytes.append(literal: #","outOfScope":["#)
    for (index, reason) in coverage.outOfScope.enumerated() {
      bytes.append(literal: index == 0 ? #"{"reason":"# : #",{"reason":"#)
      JSONText.append(string: reason.reason, to: &bytes)
      bytes.append(literal: #","count":"#)
      bytes.append(decimal: reason.count)
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(literal: #"],"attributesNeverSeen":["#)
    for (index, unseen) in coverage.attributesNeverSeen.enumerated() {
      bytes.append(literal: index == 0 ? #"{"attribute":"# : #",{"attribute":"#)
      JSONText.append(string: unseen.attribute, to: &bytes)
      bytes.append(literal: #","rules":"#)
      JSONText.append(strings: unseen.rules, to: &bytes)
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(literal: #"],"gaps":"#)
    JSONText.append(strings: coverage.gaps, to: &bytes)
    if let day = coverage.topLevelDomains {
      bytes.append(literal: #","topLevelDomains":"#)
      JSONText.append(string: day, to: &bytes)
    }
    if !coverage.remarks.isEmpty {
      bytes.append(literal: #","remarks":"#)
      JSONText.append(strings: coverage.remarks, to: &bytes)
    }
    bytes.append(literal: #","interrupted":"#)
    bytes.append(literal: coverage.isInterrupted ? "true}" : "false}")
  }

  private static func append(_ counts: FindingCounts, to bytes: inout [UInt8]) {
    bytes.append(literal: #""counts":{"total":"#)
    bytes.append(decimal: counts.total)
    bytes.append(literal: #","bySeverity":"#)
    JSONText.append(members: Severity.allCases.reversed().map { ($0.rawValue, counts.bySeverity[$0] ?? 0) }, to: &bytes)
    bytes.append(literal: #","byEffect":"#)
    JSONText.append(members: Effect.allCases.map { ($0.rawValue, counts.byEffect[$0] ?? 0) }, to: &bytes)
    bytes.append(literal: #","byRule":"#)
    JSONText.append(members: counts.byRule.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, to: &bytes)
    if !counts.byState.isEmpty {
      bytes.append(literal: #","byState":"#)
      JSONText.append(members: FindingState.allCases.map { ($0.rawValue, counts.byState[$0] ?? 0) }, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
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

  /// Writes one line for a packed finding. Throws `ReportError`.
  public mutating func receive(packed finding: PackedFinding) throws {
    try output.compose { bytes in
      writer.write(packed: finding, to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  /// Writes what is left in the buffer. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws { try output.flush() }
}
