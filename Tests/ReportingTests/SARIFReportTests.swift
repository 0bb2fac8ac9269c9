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

  @Test func ofTooManyResultsTheGravestAreWritten() throws {
    var told: [String] = []
    var accepted = finding()
    accepted.state = .suppressed
    let findings =
      [finding(severity: .info, effect: .advice), accepted, finding(severity: .warning, dn: "CN=W,DC=c")]
      + (0..<3).map { finding(dn: "CN=E\($0),DC=c") }
    func log(limit: Int) throws -> JSON {
      told = []
      return try JSON(
        parsing: report(findings, run: .sample) { SARIFReport(output: $0, limit: limit, tell: { told.append($0) }) })
    }
    func levels(_ log: JSON) -> [String] {
      (log["runs"]?.array?[0]["results"]?.array ?? []).compactMap { $0["level"]?.string }
    }
    let all = try log(limit: 6)
    #expect(levels(all) == ["note", "error", "warning", "error", "error", "error"] && told.isEmpty)
    let cut = try log(limit: 4)
    #expect(levels(cut) == ["error", "error", "error", "warning"] && told.count == 1)
    #expect(
      result(cut, 0)?["locations"]?.array?[0]["logicalLocations"]
        == result(all, 3)?["locations"]?.array?[0]["logicalLocations"])
    let invocation = cut["runs"]?.array?[0]["invocations"]?.array?[0]
    let notice = invocation?["toolExecutionNotifications"]?.array?[0]
    #expect(notice?["level"]?.string == "warning" && notice?["message"]?["text"]?.string == told.first)
    #expect(told[0].hasPrefix("this file has the 4 gravest of 6 findings"))
    #expect(invocation?["executionSuccessful"] == .bool(true) && invocation?["properties"]?["findings"] == .number(6))
    #expect(try schemaErrors(cut) == [])
  }

  @Test func aFileStaysWithinItsPackedLength() throws {
    var told: [String] = []
    // Values that cannot be packed.
    var state: UInt64 = 88_172_645_463_325_252
    let findings = (0..<200).map { _ in
      finding(
        value: AttributeValue(
          (0..<4096).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state)
          }))
    }
    let bytes = try report(findings, run: .sample) {
      SARIFReport(output: $0, packedLimit: 300_000, tell: { told.append($0) })
    }
    let results = try JSON(parsing: bytes)["runs"]?.array?[0]["results"]?.array ?? []
    #expect(results.count > 40 && results.count < 90 && told.count == 1)
  }

  @Test func whatOneResultHoldsHasALimit() throws {
    let long = AttributeValue(String(repeating: "x", count: 70_000))
    let related = (0..<1_500).map { holder("CN=R\($0),DC=c", value: "v") }
    let found = try #require(
      result(try sarif([finding(value: long, message: String(repeating: "y", count: 20_000), related: related)])))
    #expect(found["relatedLocations"]?.array?.count == 1_000 && found["properties"]?["holders"] == .number(1_501))
    #expect(found["properties"]?["value"] == nil && found["properties"]?["valueLength"] == .number(70_000))
    #expect((found["message"]?["text"]?.string ?? "").utf8.count < 9_000)
  }

  @Test func theDatesOfDataAreTold() throws {
    var coverage = Coverage.whole
    coverage.topLevelDomains = "2026-10-23"
    let log = try sarif([], coverage: coverage)
    let properties = log["runs"]?.array?[0]["invocations"]?.array?[0]["properties"]
    #expect(properties?["topLevelDomains"]?.string == "2026-10-23")
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
