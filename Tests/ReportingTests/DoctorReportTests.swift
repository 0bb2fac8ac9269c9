import Directory
import Findings
import Testing

@testable import Reporting

@Suite struct DoctorReportTests {
  private static let rule = RuleSummary(
    id: "doctor-inheritance-off", severity: .error, effect: .degraded, certainty: .documented,
    attributes: ["nTSecurityDescriptor"], explanation: "Rights do not reach them.\nEnable inheritance.",
    references: ["https://learn.microsoft.com/x"])

  private static func finding(_ rule: RuleSummary = rule, state: FindingState? = nil) -> Finding {
    let dn = AttributeValue("DC=contoso,DC=com")
    let place = SourceLocation(source: "ldaps://dc1\u{7}")
    var finding = Finding(
      rule, dn: dn, objectGUID: nil, objectClass: "", attribute: "nTSecurityDescriptor", value: nil, valueIndex: nil,
      spans: [], message: "inheritance is off on 2 of 5 objects", suggestion: nil, location: place,
      related: [
        RelatedValue(
          dn: AttributeValue("CN=Evil\u{1B}[31m\u{202E},DC=contoso,DC=com"), objectGUID: nil, objectClass: "",
          attribute: "nTSecurityDescriptor", value: nil, location: place)
      ],
      fingerprint: Fingerprint(
        rule: rule.id, objectGUID: nil, dn: dn, attribute: "nTSecurityDescriptor", value: nil))
    finding.state = state
    return finding
  }

  private static func text(_ findings: [Finding], _ more: [CheckResult] = []) throws -> String {
    let source = "ldaps://dc1\u{7}"
    var coverage = Coverage()
    coverage.checks = [
      CheckResult(
        source: source, check: "netbios-name", title: "NetBIOS names", status: .ok, summary: "CONTOSO"),
      CheckResult(
        source: source, check: "inheritance", title: "Inheritance of rights", status: .found, rule: rule.id,
        objectCount: 2),
    ]
    coverage.checks += more
    return String(
      decoding: try report(findings, coverage: coverage, run: run) {
        DoctorReport(output: $0, usesColour: false, width: 80)
      }, as: UTF8.self)
  }

  private static let run = RunDescription(version: "1", ruleSet: "doctor", sources: ["ldaps://dc1"], rules: [rule])

  @Test func nothingOfTheDirectoryReachesATerminalUnescaped() throws {
    #expect(
      try Self.text([Self.finding()]) == """
        ldaps://dc1\\u{0007}
          ok              NetBIOS names: CONTOSO
          problem         Inheritance of rights: inheritance is off on 2 of 5 objects
                          rule: doctor-inheritance-off
                          why: Rights do not reach them.
                          do:  Enable inheritance.
                          - CN=Evil\\u{001B}[31m\\u{202E},DC=contoso,DC=com
                          - and 1 more
                          see: https://learn.microsoft.com/x

        2 checks: 1 ok, 0 advice, 1 problem, 0 could not look

        """)
  }

  @Test func whatCouldNotBeLookedAtIsSaid() throws {
    let unseen = CheckResult(
      source: "ldaps://dc1\u{7}", check: "recycle-bin", title: "Recycle bin", status: .couldNotLook,
      summary: "no answer",
      remedy: "ask again")
    let text = try Self.text([Self.finding()], [unseen])
    #expect(text.contains("  could not look  Recycle bin: no answer\n                  do:  ask again\n"))
    #expect(text.hasSuffix("3 checks: 1 ok, 0 advice, 1 problem, 1 could not look\n"))
  }

  @Test func statesAreShown() throws {
    let quiet = RuleSummary(id: Self.rule.id, severity: .info, effect: .advice, certainty: .documented)
    #expect(try Self.text([Self.finding(quiet)]).contains("  advice          Inheritance"))
    let accepted = try Self.text([Self.finding(state: .suppressed)])
    #expect(accepted.contains("  accepted        Inheritance"))
    #expect(accepted.hasSuffix("0 problem, 1 accepted, 0 could not look\n"))
    #expect(try Self.text([Self.finding(state: .known)]).contains("rule: doctor-inheritance-off, known\n"))
    // A finding that is not to be shown has no line.
    #expect(try Self.text([]).hasSuffix("1 checks: 1 ok, 0 advice, 0 problem, 0 could not look\n"))
    #expect(try Self.text([Self.finding(state: .gone)]).contains("  gone            inheritance is off"))
  }

  /// Names of accounts stand in messages and in what was seen.
  @Test func redactionLeavesOutWhatWasSeen() throws {
    let rule = RuleSummary(
      id: "doctor-connector-account-disabled", title: "The account is disabled", severity: .error, effect: .blocked,
      certainty: .documented, message: MessageTemplate(pieces: [.placeholder(.account), .text(" is disabled")]))
    var finding = Self.finding(rule)
    finding.message = "secretName is disabled"
    var coverage = Coverage()
    coverage.checks = [
      CheckResult(source: "s", check: "a", title: "A", status: .ok, summary: "secretName"),
      CheckResult(
        source: "s", check: "b", title: "B", status: .couldNotLook, summary: "secretName", objects: ["secretName"]),
    ]
    let run = RunDescription(version: "1", ruleSet: "doctor", sources: ["s"], rules: [rule])
    var options = ReportFormat.Options()
    options.isTable = true
    for format in ReportFormat.allCases {
      let bytes = try report([finding], coverage: coverage, run: run) {
        RedactingSink(format.make($0, options), key: .random()) { _ in false }
      }
      let text =
        format.isPacked ? try ForeignReader.text(bytes, as: format) : String(decoding: bytes, as: UTF8.self)
      #expect(!text.contains("secretName"), "\(format)")
    }
  }

  @Test func jsonHasTheTable() throws {
    let unseen = CheckResult(source: "s", check: "b", title: "B", status: .couldNotLook, summary: "no answer")
    let found = CheckResult(source: "s", check: "c", title: "C", status: .found, rule: Self.rule.id)
    var coverage = Coverage.whole
    coverage.checks = [unseen, found]
    let bytes = try report([Self.finding()], coverage: coverage, run: Self.run) { JSONReport(output: $0) }
    #expect(
      String(decoding: bytes, as: UTF8.self).contains(
        #""checks":[{"source":"s","check":"b","title":"B","status":"could-not-look","summary":"no answer"},"#
          + #"{"source":"s","check":"c","title":"C","status":"found","rule":"doctor-inheritance-off"}]"#))
    let validator = SchemaValidator(root: try JSON(parsing: documentation("findings.schema.json")))
    #expect(validator.errors(in: try JSON(parsing: bytes)) == [])
  }
}
