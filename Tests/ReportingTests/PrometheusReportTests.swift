import Bytes
import Directory
import Findings
import Foundation
import TestFindings
import Testing
@testable import Reporting

@Suite struct PrometheusReportTests {
  @Test func theDatesOfDataAreTold() throws {
    var coverage = Coverage.whole
    coverage.topLevelDomains = "2026-10-23"
    let text = String(
      decoding: try report([], coverage: coverage) { PrometheusReport(output: $0, finishedAt: { 0 }) }, as: UTF8.self)
    #expect(text.contains(#"info{version="1.0",rule_set="entra",top_level_domains="2026-10-23"} 1"#))
  }

  @Test func countsWhatNobodyAccepted() throws {
    var findings = [
      finding(), finding(), finding(rule: "a\"b\\c\nd"), finding(rule: "gone"), finding(rule: "accepted"),
    ]
    for (index, state) in [FindingState.new, .known, .returned, .gone, .suppressed].enumerated() {
      findings[index].state = state
    }
    let bytes = try report(findings) { PrometheusReport(output: $0, finishedAt: { 1_795_485_600 }) }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(lines.contains("dirsync_lint_last_run_timestamp_seconds 1795485600"))
    let rules = lines.filter { $0.hasPrefix("dirsync_lint_findings{") }
    #expect(
      rules == [
        #"dirsync_lint_findings{rule="a\"b\\c\nd",severity="error",effect="dropped"} 1"#,
        #"dirsync_lint_findings{rule="proxy-address-illegal-character",severity="error",effect="dropped"} 2"#,
      ])
    // Each metric is told before its values, once.
    let names = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
    #expect(Set(names).count == names.count)
    for line in lines where !line.hasPrefix("#") {
      #expect(names.contains { line.hasPrefix($0) }, "\(line)")
    }
  }
}
