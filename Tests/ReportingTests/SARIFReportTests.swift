import Directory
import Findings
import Foundation
import Testing

@testable import Reporting

@Suite struct SARIFReportTests {
  private func sarif(
    _ findings: [Finding], coverage: Coverage = .whole, run: RunDescription = .sample
  ) throws -> JSON {
    try JSON(parsing: report(findings, coverage: coverage, run: run) { SARIFReport(output: $0) })
  }

  private func schemaErrors(_ log: JSON) throws -> [String] {
    let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    let schema = try Data(contentsOf: folder.appending(path: "Fixtures/sarif-2.1.0-rtm.4.json"))
    return SchemaValidator(root: try JSON(parsing: Array(schema))).errors(in: log)
  }

  private func result(_ log: JSON, _ index: Int = 0) -> JSON? { log["runs"]?.array?[0]["results"]?.array?[index] }

  @Test func theValidatorFindsMistakes() throws {
    let broken = try JSON(
      parsing: Array(#"{"version":"2.1.0","runs":[{"tool":{},"results":[{"level":"loud"}]}]}"#.utf8))
    #expect(try schemaErrors(broken).count >= 3)
  }

  @Test func reportsAreValid() throws {
    var known = finding(spans: [FlaggedSpan(offset: 7, length: 1, codePoint: 0x20)], related: [holder("CN=B,DC=c")])
    known.state = .suppressed
    known.suppression = Suppression(pattern: .init(rule: "x"), reason: "because", owner: "jo")
    var coverage = Coverage.whole
    coverage.gaps = ["size limit"]
    for (findings, coverage) in [([], Coverage.whole), ([known, finding(rule: "unlisted", line: nil)], coverage)] {
      let errors = try schemaErrors(sarif(findings, coverage: coverage))
      #expect(errors == [], "\(errors)")
    }
  }

  @Test func hostileValuesAreValid() throws {
    let hostile = hostileValues.map { finding(dn: "CN=\($0.text ?? "?"),DC=c", value: $0, message: $0.text ?? "?") }
    let errors = try schemaErrors(sarif(hostile))
    #expect(errors == [], "\(errors)")
  }

  @Test func placesAndRules() throws {
    let log = try sarif([finding(related: [holder("CN=B,DC=c", line: 200)])])
    let found = try #require(result(log))
    #expect(found["ruleId"]?.string == "proxy-address-illegal-character" && found["ruleIndex"] == .number(0))
    let location = try #require(found["locations"]?.array?.first)
    #expect(location["physicalLocation"]?["artifactLocation"]?["uri"]?.string == "export.ldif")
    #expect(location["physicalLocation"]?["region"]?["startLine"] == .number(120))
    #expect(
      location["logicalLocations"]?.array?.first?["fullyQualifiedName"]?.string
        == "CN=Jo Doe,OU=Staff,DC=contoso,DC=com")
    let related = try #require(found["relatedLocations"]?.array?.first)
    #expect(related["physicalLocation"]?["region"]?["startLine"] == .number(200))
    #expect(related["message"]?["text"]?.string == "mail: jo@contoso.com")
    #expect(found["partialFingerprints"]?["dirsyncLint/v1"]?.string == "0123456789abcdef0123456789abcdef")
    let rule = log["runs"]?.array?[0]["tool"]?["driver"]?["rules"]?.array?[0]
    #expect(rule?["helpUri"]?.string == "https://example.com/rule")
    #expect(rule?["defaultConfiguration"]?["level"]?.string == "error")
    let help = rule?["help"]?["text"]?.string ?? ""
    #expect(help.contains("https://example.com/rule"))
  }

  @Test func entriesOfAServerHaveNoPhysicalPlace() throws {
    var live = finding(line: nil)
    live.location = SourceLocation(source: "ldaps://dc1.contoso.com/DC=contoso,DC=com")
    let location = try #require(result(try sarif([live]))?["locations"]?.array?.first)
    #expect(location["physicalLocation"] == nil && location["logicalLocations"] != nil)
  }

  @Test(arguments: [
    (FindingState.new, "new"), (.returned, "new"), (.known, "unchanged"), (.suppressed, "unchanged"),
    (.expiredSuppression, "unchanged"), (.gone, "absent"),
  ])
  func statesAreBaselineStates(state: FindingState, expected: String) throws {
    var compared = finding()
    compared.state = state
    let found = result(try sarif([compared]))
    #expect(found?["baselineState"]?.string == expected)
    #expect((found?["suppressions"] != nil) == (state == .suppressed))
  }

  @Test func messagesHoldNoLinksAndNoPlaceholders() throws {
    let found = result(try sarif([finding(message: "see [here](1) {0} \u{202E}x")]))
    #expect(found?["message"]?["text"]?.string == #"see \[here\](1) {{0}} \u{{202E}}x"#)
  }

  @Test(arguments: [
    ("a b.ldif", "a%20b.ldif"), ("/tmp/ü.ldif", "file:///tmp/%C3%BC.ldif"), ("c:d", "c%3Ad"),
    ("<stdin>", "%3Cstdin%3E"),
  ])
  func sourcesAreURIs(source: String, uri: String) { #expect(SARIFText.uri(ofSource: source) == uri) }
}
