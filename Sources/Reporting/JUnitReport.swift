import Bytes
import Directory
import Findings

/// The `junit` format, for the test views of build servers.
///
/// Each rule of the run is a test suite, and each of its findings a test case that failed, or was skipped where the run
/// does not fail for it; a rule without findings is one case that passed. So a build server shows which rules turned red,
/// and the history of each. A last suite tells whether everything was read.
/// Test cases wait in a temporary file, as a suite begins with its counts. Of more findings than build servers take the gravest are
/// test cases; a last case of each suite stands for the others, and failed if one of them did.
public struct JUnitReport: FindingSink {
  /// The most findings that are test cases.
  public static let limit = 25_000

  private let output: ReportOutput
  private let fails: (Finding) -> Bool
  private let tell: (String) -> Void
  private var records: GravestRecords
  private var run = RunDescription(version: "", ruleSet: "", sources: [])
  private var suites: [Suite] = []
  private var numbers: [String: Int] = [:]

  /// A rule, and its findings.
  private struct Suite {
    var rule: String
    var findings = 0
    var failures = 0
    /// Those that are test cases.
    var cases: [GravestRecords.Record] = []

    var caseFailures: Int { cases.count { $0.isFailure } }
    var leftOut: Int { findings - cases.count }
    var failuresLeftOut: Int { failures - caseFailures }
    /// With the case for those that are left out, or for none.
    var tests: Int { cases.count + (leftOut > 0 || cases.isEmpty ? 1 : 0) }
    var failedTests: Int { caseFailures + (failuresLeftOut > 0 ? 1 : 0) }
    var skippedTests: Int { cases.count - caseFailures + (leftOut > 0 && failuresLeftOut == 0 ? 1 : 0) }
  }

  /// A report to an output.
  ///
  /// - Parameters:
  ///   - limit: how many findings are test cases.
  ///   - tell: told what is left out.
  ///   - fails: whether a finding makes the run fail; others are skipped cases.
  public init(
    output: ReportOutput, limit: Int = JUnitReport.limit, tell: @escaping (String) -> Void = { _ in },
    fails: @escaping (Finding) -> Bool = { $0.severity == .error }
  ) {
    self.output = output
    self.tell = tell
    self.fails = fails
    records = GravestRecords(limit: limit)
  }

  /// Notes the rules.
  public mutating func begin(_ run: RunDescription) throws {
    self.run = run
    for rule in run.rules { _ = number(of: rule.id) }
  }

  private mutating func number(of rule: String) -> Int {
    if let known = numbers[rule] { return known }
    numbers[rule] = suites.count
    suites.append(Suite(rule: rule))
    return suites.count - 1
  }

  /// Puts a test case aside. Throws `SpoolFailure`.
  public mutating func receive(_ finding: Finding) throws {
    let number = number(of: finding.rule)
    let isFailure = finding.state != .gone && finding.state != .suppressed && fails(finding)
    suites[number].findings += 1
    if isFailure { suites[number].failures += 1 }
    try records.add(finding, group: number, isFailure: isFailure) { Self.testCase(finding, isFailure: isFailure) }
  }

  /// Writes everything. Throws `ReportError`, `SpoolFailure`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    for record in records.chosen() { suites[record.group].cases.append(record) }
    let failures = suites.reduce(coverage.isComplete ? 0 : 1) { $0 + $1.failedTests }
    let tests = suites.reduce(1) { $0 + $1.tests }
    var bytes: [UInt8] = []
    bytes.append(literal: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"dirsync-lint\"")
    bytes.append(" tests=\"\(tests)\" failures=\"\(failures)\">\n")
    try output.write(bytes)
    for suite in suites { try write(suite) }
    let leftOut = suites.reduce(0) { $0 + $1.leftOut }
    let notice =
      leftOut > 0
      ? "the \(grouped(records.total - leftOut)) gravest of \(counted(records.total, "finding", "findings")) are test cases, as"
        + " build servers take no more; json and csv have all of them" : nil
    try output.write(suite(of: coverage, notice: notice))
    try output.flush()
    if let notice { tell(notice) }
  }

  private func write(_ suite: Suite) throws {
    var bytes: [UInt8] = []
    appendSuiteHead(
      suite.rule, tests: suite.tests, failures: suite.failedTests, skipped: suite.skippedTests, to: &bytes)
    if suite.findings == 0 {
      appendCase(of: suite.rule, name: "no findings", to: &bytes)
      bytes.append(literal: "/>\n")
    }
    try output.write(bytes)
    for record in suite.cases {
      try records.read(record, into: &bytes)
      try output.write(bytes)
    }
    bytes.removeAll()
    appendLeftOut(of: suite, to: &bytes)
    bytes.append(literal: "  </testsuite>\n")
    try output.write(bytes)
  }

  /// The case that stands for findings that are none.
  private func appendLeftOut(of suite: Suite, to bytes: inout [UInt8]) {
    guard suite.leftOut > 0 else { return }
    let more = counted(suite.leftOut, "more finding", "more findings")
    appendCase(of: suite.rule, name: more, to: &bytes)
    if suite.failuresLeftOut > 0 {
      let failures = counted(suite.failuresLeftOut, "of them fails", "of them fail")
      bytes.append("><failure type=\"left-out\" message=\"\(failures); json and csv have all of them\"/></testcase>\n")
    } else {
      bytes.append(literal: "><skipped message=\"json and csv have all of them\"/></testcase>\n")
    }
  }

  private func appendCase(of rule: String, name: String, to bytes: inout [UInt8]) {
    bytes.append(literal: "    <testcase classname=\"")
    HTMLText.append(rule, to: &bytes)
    bytes.append("\" name=\"\(name)\"")
  }

  private func suite(of coverage: Coverage, notice: String?) -> [UInt8] {
    var bytes: [UInt8] = []
    appendSuiteHead("coverage", tests: 1, failures: coverage.isComplete ? 0 : 1, skipped: 0, to: &bytes)
    bytes.append(literal: "    <properties>\n")
    var properties = [("version", run.version), ("rule-set", run.ruleSet), ("findings", String(records.total))]
    if let day = coverage.topLevelDomains ?? run.topLevelDomains { properties.append(("top-level-domains", day)) }
    for (name, value) in properties {
      bytes.append("      <property name=\"\(name)\" value=\"")
      HTMLText.append(value, to: &bytes)
      bytes.append(literal: "\"/>\n")
    }
    bytes.append(literal: "    </properties>\n")
    bytes.append(literal: "    <testcase classname=\"coverage\" name=\"everything was read\"")
    if coverage.isComplete {
      bytes.append(literal: "/>\n")
    } else {
      bytes.append(literal: "><failure type=\"coverage\" message=\"not everything was read\">")
      HTMLText.append(CoverageText.lines(for: coverage).joined(separator: "; "), to: &bytes)
      bytes.append(literal: "</failure></testcase>\n")
    }
    if let notice {
      bytes.append(literal: "    <system-out>")
      HTMLText.append(notice, to: &bytes)
      bytes.append(literal: "</system-out>\n")
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
