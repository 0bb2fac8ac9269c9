import Findings
import Testing

@testable import Reporting

/// What the text report leaves out, and that it says so.
@Suite struct TextDetailTests {
  private func dn(_ number: Int) -> String { "CN=\(number),DC=contoso,DC=com" }

  @Test func informationIsCountedOnly() throws {
    let findings = [finding(message: "loud"), finding(rule: "quiet", severity: .info, message: "soft")]
    let text = try textReport(findings, minimum: .warning)
    #expect(text.contains("loud") && !text.contains("soft") && text.contains("1  info      dropped  quiet"))
    #expect(
      text.contains("Not shown: 1 finding that is information (-v or --min-severity info shows them)\n"))
    #expect(text.contains("2 findings; everything was read"))
    let all = try textReport(findings)
    #expect(all.contains("soft") && !all.contains("Not shown"))
  }

  @Test func ofEachRuleSoManyAreShown() throws {
    let findings = (0..<5).map { finding(dn: dn($0)) } + [finding(rule: "other", dn: dn(9))]
    let text = try textReport(findings, limit: 2)
    #expect(text.contains(dn(1)) && !text.contains(dn(2)) && text.contains(dn(9)))
    #expect(text.contains("Not shown: 3 beyond the first 2 of a rule (--limit)\n"))
    #expect(text.contains("5  error"))
  }

  @Test func whatIsKnownIsANumber() throws {
    var findings = (0..<3).map { finding(dn: dn($0)) }
    findings[0].state = .known
    findings[1].state = .new
    findings[2].state = .known
    let text = try textReport(findings, leavesOutKnown: true)
    #expect(text.contains(dn(1)) && !text.contains(dn(0)) && !text.contains(dn(2)))
    #expect(text.contains("Not shown: 2 known findings (--states new,known shows them)\n"))
  }

  @Test func aSummaryHasNoFindings() throws {
    let text = try textReport([finding()], isSummary: true, files: ["html \u{1B}[31m.html"])
    #expect(!text.contains("CN=Jo Doe") && !text.contains("Not shown") && text.contains("Summary\n"))
    #expect(text.contains("Reports: html \\u{001B}[31m.html\n") && text.contains("1 address is lost\n"))
    #expect(text.hasSuffix("1 finding; everything was read\n"))
  }

  @Test func rulesAndProgramAreNamed() throws {
    var coverage = Coverage.whole
    coverage.topLevelDomains = "2026-10-23"
    #expect(
      try textReport([], coverage: coverage).contains(
        "Rules: entra, dirsync-lint 1.0, top-level domains of 2026-10-23\n"))
  }
}
