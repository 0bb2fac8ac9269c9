import Bytes
import Directory
import Findings

/// The `junit` format, for the test views of build servers.
///
/// Each rule of the run is a test suite, and each of its findings a test case that failed, or was skipped where the run
/// does not fail for it; a rule without findings is one case that passed. So a build server shows which rules turned red,
/// and the history of each. A last suite tells whether everything was read.
/// Test cases wait in a temporary file, as a suite begins with its counts.
public struct JUnitReport: FindingSink {
  private let output: ReportOutput
  private let fails: (Finding) -> Bool
  private let spool = Spool(memoryLimit: 4 * 1024 * 1024)
  private var run = RunDescription(version: "", ruleSet: "", sources: [])
  private var suites: [String: Suite] = [:]
  private var order: [String] = []

  private struct Suite {
    var cases: [Range<Int>] = []
    var failures = 0
  }

  /// A report to an output.
  /// - Parameter fails: whether a finding makes the run fail; others are skipped cases.
  public init(output: ReportOutput, fails: @escaping (Finding) -> Bool = { $0.severity == .error }) {
    self.output = output
    self.fails = fails
  }

  /// Notes the rules.
  public mutating func begin(_ run: RunDescription) throws {
    self.run = run
    for rule in run.rules where suites.updateValue(Suite(), forKey: rule.id) == nil { order.append(rule.id) }
  }

  /// Puts a test case aside. Throws `SpoolFailure`.
  public mutating func receive(_ finding: Finding) throws {
    if suites[finding.rule] == nil { order.append(finding.rule) }
    let isFailure = finding.state != .gone && finding.state != .suppressed && fails(finding)
    let bytes = Self.testCase(finding, isFailure: isFailure)
    let start = try spool.append(bytes.span)
    suites[finding.rule, default: Suite()].cases.append(start..<start + bytes.count)
    if isFailure { suites[finding.rule]?.failures += 1 }
  }

  /// Writes everything. Throws `ReportError`, `SpoolFailure`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    let failures = suites.values.reduce(coverage.isComplete ? 0 : 1) { $0 + $1.failures }
    let tests = suites.values.reduce(1) { $0 + max(1, $1.cases.count) }
    var bytes: [UInt8] = []
    bytes.append(literal: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"dirsync-lint\"")
    bytes.append(" tests=\"\(tests)\" failures=\"\(failures)\">\n")
    try output.write(bytes)
    for rule in order { try write(rule) }
    try output.write(suite(of: coverage))
    try output.flush()
  }

  private func write(_ rule: String) throws {
    let suite = suites[rule] ?? Suite()
    var bytes: [UInt8] = []
    appendSuiteHead(
      rule, tests: max(1, suite.cases.count), failures: suite.failures, skipped: suite.cases.count - suite.failures,
      to: &bytes)
    if suite.cases.isEmpty {
      bytes.append(literal: "    <testcase classname=\"")
      HTMLText.append(rule, to: &bytes)
      bytes.append(literal: "\" name=\"no findings\"/>\n")
    }
    try output.write(bytes)
    for range in suite.cases {
      try spool.read(range, into: &bytes)
      try output.write(bytes)
    }
    bytes.removeAll()
    bytes.append(literal: "  </testsuite>\n")
    try output.write(bytes)
  }

  private func suite(of coverage: Coverage) -> [UInt8] {
    var bytes: [UInt8] = []
    appendSuiteHead("coverage", tests: 1, failures: coverage.isComplete ? 0 : 1, skipped: 0, to: &bytes)
    bytes.append(literal: "    <testcase classname=\"coverage\" name=\"everything was read\"")
    if coverage.isComplete {
      bytes.append(literal: "/>\n")
    } else {
      bytes.append(literal: "><failure type=\"coverage\" message=\"not everything was read\">")
      HTMLText.append(CoverageText.lines(for: coverage).joined(separator: "; "), to: &bytes)
      bytes.append(literal: "</failure></testcase>\n")
    }
    bytes.append(literal: "  </testsuite>\n</testsuites>\n")
    return bytes
  }

  private func appendSuiteHead(_ name: String, tests: Int, failures: Int, skipped: Int, to bytes: inout [UInt8]) {
    bytes.append(literal: "  <testsuite name=\"")
    HTMLText.append(name, to: &bytes)
    bytes.append("\" tests=\"\(tests)\" failures=\"\(failures)\" errors=\"0\" skipped=\"\(skipped)\" time=\"0\"")
    if !run.startedAt.isEmpty {
      // The schema of the format has local times without a zone.
      bytes.append(" timestamp=\"\(run.startedAt.replacing("Z", with: ""))\"")
    }
    bytes.append(literal: ">\n")
  }

  private static func testCase(_ finding: Finding, isFailure: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(literal: "    <testcase classname=\"")
    HTMLText.append(finding.rule, to: &bytes)
    bytes.append(literal: "\" name=\"")
    HTMLText.append(TextCut.cut(finding.dn.bytes, limit: 400), to: &bytes)
    bytes.append(literal: " ")
    HTMLText.append(finding.attribute, to: &bytes)
    if let index = finding.valueIndex { bytes.append("[\(index)]") }
    bytes.append(literal: "\" file=\"")
    HTMLText.append(finding.location.source, to: &bytes)
    bytes.append(literal: "\"")
    if let line = finding.location.line { bytes.append(" line=\"\(line)\"") }
    bytes.append(isFailure ? "><failure type=\"\(finding.severity.rawValue)\" message=\"" : "><skipped message=\"")
    bytes.append("\(finding.severity.rawValue), \(finding.effect.rawValue)")
    if let state = finding.state { bytes.append(", \(state.rawValue)") }
    bytes.append(literal: ": ")
    HTMLText.append(TextCut.cut(Array(finding.message.utf8), limit: 1000), to: &bytes)
    if isFailure {
      bytes.append(literal: "\">")
      appendDetails(of: finding, to: &bytes)
      bytes.append(literal: "</failure></testcase>\n")
    } else {
      bytes.append(literal: "\"/></testcase>\n")
    }
    return bytes
  }

  private static func appendDetails(of finding: Finding, to bytes: inout [UInt8]) {
    func line(_ name: String, _ value: [UInt8]) {
      bytes.append("\(name): ")
      HTMLText.append(TextCut.cut(value, limit: 4000), to: &bytes)
      bytes.append(literal: "\n")
    }
    line("dn", finding.dn.bytes)
    if let value = finding.value { line(finding.attribute, value.bytes) }
    switch finding.suggestion?.action {
    case .replace: line("replace by", finding.suggestion?.value?.bytes ?? [])
    case .add: line("add", finding.suggestion?.value?.bytes ?? [])
    case .remove: bytes.append(literal: "remove the value\n")
    case nil: break
    }
    for place in finding.related.prefix(200) { line("also", place.dn.bytes) }
    if finding.related.count > 200 { bytes.append("and \(grouped(finding.related.count - 200)) more\n") }
    line("place", Array(finding.location.description.utf8))
    line("fingerprint", Array(finding.fingerprint.hexadecimal.utf8))
  }
}
