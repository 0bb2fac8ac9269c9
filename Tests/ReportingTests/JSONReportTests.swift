import Directory
import Findings
import Foundation
import TestFindings
import Testing

@testable import Reporting

@Suite struct JSONReportTests {
  private func json(_ findings: [Finding], coverage: Coverage = .whole) throws -> [UInt8] {
    try report(findings, coverage: coverage) { JSONReport(output: $0) }
  }

  private func ndjson(_ findings: [Finding]) throws -> String {
    String(decoding: try report(findings) { NDJSONReport(output: $0) }, as: UTF8.self)
  }

  private func validator() throws -> SchemaValidator {
    SchemaValidator(root: try JSON(parsing: try documentation("findings.schema.json")))
  }

  /// A finding of a run's rule is written like one of no run, whatever was written before.
  @Test func findingsOfRulesByNumberAreWrittenAlike() {
    var random = TestRandom(seed: 31)
    var writer = JSONFindingWriter()
    for number in 0..<500 {
      var finding = random.finding()
      finding.fingerprint = Fingerprint(low: random.next(), high: random.next())
      if number % 2 == 0 {
        let isParity = number % 7 == 3
        finding.head = RuleSummary(
          id: "rule-\(number % 7)", severity: Severity.allCases[number % 7 % 3], effect: .dropped,
          certainty: .observed, annotations: [Annotation(name: Annotation.labels, values: ["Label \(number % 7)"])])
        finding.annotations = isParity ? [Annotation(name: Annotation.labels, values: [random.text()])] : []
        finding.layout.rule = Int32(number % 7)
      }
      var alone = finding
      alone.layout.rule = -1
      var (left, right): ([UInt8], [UInt8]) = ([], [])
      writer.append(finding, to: &left)
      writer.append(alone, to: &right)
      #expect(left == right)
    }
  }

  @Test func goldenLine() throws {
    var golden = finding(
      spans: [FlaggedSpan(offset: 7, length: 1, codePoint: 0x20), FlaggedSpan(offset: 3, length: 0)],
      suggestion: Suggestion(action: .replace, value: AttributeValue("smtp:jodoe@contoso.com")),
      related: [holder("CN=Sales,DC=contoso,DC=com")], labels: ["Character"])
    golden.objectGUID = GUID(Array(0..<16 as Range<UInt8>))
    #expect(
      try ndjson([golden]) == #"""
        {"rule":"proxy-address-illegal-character","severity":"error","effect":"dropped","certainty":"documented",\#
        "dn":"CN=Jo Doe,OU=Staff,DC=contoso,DC=com","objectGUID":"03020100-0504-0706-0809-0a0b0c0d0e0f",\#
        "objectClass":"user","attribute":"proxyAddresses","value":"smtp:jo doe@contoso.com","valueIndex":1,\#
        "spans":[{"offset":7,"length":1,"codePoint":"U+0020","name":"SPACE"},{"offset":3,"length":0}],\#
        "message":"the value contains U+0020 SPACE",\#
        "suggestion":{"action":"replace","value":"smtp:jodoe@contoso.com"},\#
        "location":{"source":"export.ldif","line":120,"column":17},\#
        "related":[{"dn":"CN=Sales,DC=contoso,DC=com","objectClass":"group","attribute":"mail",\#
        "value":"jo@contoso.com","location":{"source":"export.ldif","line":200,"column":7}}],\#
        "labels":["Character"],"fingerprint":"0123456789abcdef0123456789abcdef"}

        """#)
  }

  @Test func absentPartsAreLeftOut() throws {
    var bare = finding(value: nil, suggestion: Suggestion(action: .remove, value: nil), line: nil)
    bare.objectClass = ""
    bare.valueIndex = nil
    #expect(
      try ndjson([bare]) == #"""
        {"rule":"proxy-address-illegal-character","severity":"error","effect":"dropped","certainty":"documented",\#
        "dn":"CN=Jo Doe,OU=Staff,DC=contoso,DC=com","attribute":"proxyAddresses","spans":[],\#
        "message":"the value contains U+0020 SPACE","suggestion":{"action":"remove"},\#
        "location":{"source":"export.ldif"},"related":[],"fingerprint":"0123456789abcdef0123456789abcdef"}

        """#)
  }

  @Test func goldenReportWithoutFindings() throws {
    var coverage = Coverage.whole
    coverage.recordsLost = 2
    coverage.changeRecords = 1
    coverage.outOfScope = [
      .init(
        reason: "critical system object", count: 3,
        names: [AttributeValue("CN=\"A\",DC=c"), AttributeValue([0x43, 0x4e, 0x3d, 0xff])])
    ]
    coverage.attributesNeverSeen = [.init(attribute: "mailNickname", rules: ["a", "b"])]
    coverage.gaps = ["size limit"]
    coverage.isInterrupted = true
    #expect(
      String(decoding: try json([], coverage: coverage), as: UTF8.self) == #"""
        {"run":{"version":"1.0","ruleSet":"entra","sources":["export.ldif"]},"findings":[],\#
        "coverage":{"complete":false,"entriesRead":10,"entriesInSource":12,"entriesJudged":7,"recordsLost":2,\#
        "changeRecords":1,"outOfScope":[{"reason":"critical system object","count":3,\#
        "names":["CN=\"A\",DC=c",{"b64":"Q049/w=="}]}],\#
        "attributesNeverSeen":[{"attribute":"mailNickname","rules":["a","b"]}],"gaps":["size limit"],\#
        "interrupted":true},"counts":{"total":0,"bySeverity":{"error":0,"warning":0,"info":0},\#
        "byEffect":{"blocked":0,"dropped":0,"altered":0,"quarantined":0,"degraded":0,"advice":0},"byRule":{},\#
        "harm":{"objects":0,"objectsBlocked":0,"blocksUsersOnly":true,"valuesLost":0,"losesAddressesOnly":true,\#
        "valuesAltered":0,"conflicts":0}}}

        """#)
    #expect(try validator().errors(in: JSON(parsing: try json([], coverage: coverage))).isEmpty)
  }

  /// What a report says beside its findings is read again as it was.
  @Test func runCoverageAndCountsAreReadAgain() throws {
    var run = RunDescription(
      version: "1.0", ruleSet: "entra", sources: ["a.ldif", "\u{1B}"], startedAt: "2026-11-24T02:00:00Z")
    run.options = ["a.ldif", "--format", "json"]
    run.topLevelDomains = "2026-10-23"
    run.sourcesWrittenAt = "2026-11-24T01:00:00Z"
    run.hasStates = true
    run.causes = [
      Cause(
        kind: .container, name: AttributeValue([0xFF]), objectClass: "user", objects: 3, findings: 5, rules: ["a"],
        remedy: "look")
    ]
    var coverage = Coverage.whole
    coverage.recordsLost = 2
    coverage.outOfScope = [.init(reason: "critical system object", count: 3)]
    coverage.attributesNeverSeen = [.init(attribute: "mail", rules: ["a", "b"])]
    coverage.attributesNotApplicable = [.init(attribute: "mailNickname", rules: ["c"])]
    coverage.rules = 9
    coverage.gaps = ["size limit"]
    coverage.remarks = ["odd"]
    coverage.topLevelDomains = "2026-10-23"
    coverage.isInterrupted = true
    coverage.checks = [CheckResult(source: "s", check: "c", title: "t", status: .couldNotLook, summary: "why")]
    var findings = [finding(), finding(rule: "b", severity: .warning, effect: .blocked), finding(severity: .info)]
    for (index, state) in [FindingState.gone, .new, .suppressed].enumerated() { findings[index].state = state }
    let bytes = try report(findings, coverage: coverage, run: run) { JSONReport(output: $0) }
    #expect(try validator().errors(in: JSON(parsing: bytes)).isEmpty)
    let file = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID().uuidString).json")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    var read: RunDescription?
    var states: [FindingState?] = []
    let summary = try ReportFileReader.readRun(path: file.path, begin: { read = $0 }) { states.append($0.state) }
    #expect(read == run && states == [.gone, .new, .suppressed])
    #expect(summary.coverage == coverage)
    var tally = FindingTally()
    for finding in findings { tally.count(finding) }
    #expect(summary.counts == tally.counts)
  }

  @Test func valuesThatAreNotUTF8AreBase64() throws {
    var odd = finding(
      value: AttributeValue([0x61, 0x22, 0xFF]),
      suggestion: Suggestion(action: .add, value: AttributeValue([0xC0, 0x80])))
    odd.dn = AttributeValue([0xED, 0xA0, 0x80, 0x41])
    let parsed = try JSON(parsing: Array(try ndjson([odd]).utf8))
    #expect(parsed["value"] == .object(["b64": .string("YSL/")]))
    #expect(parsed["dn"] == .object(["b64": .string("7aCAQQ==")]))
    #expect(parsed["suggestion"]?["value"] == .object(["b64": .string("wIA=")]))
  }

  @Test func hostileFindingsAreValidAgainstTheSchemaAndSurvive() throws {
    var random = TestRandom(seed: 10)
    var findings = (0..<400).map { _ in random.finding() }
    for index in findings.indices where findings[index].suggestion?.action == .remove {
      findings[index].suggestion?.value = nil
    }
    let bytes = try json(findings)
    let parsed = try JSON(parsing: bytes)
    #expect(try validator().errors(in: parsed).prefix(5) == [])
    #expect(JSONSerialization.isValidJSONObject(try JSONSerialization.jsonObject(with: Data(bytes))))
    let read = try #require(parsed["findings"]?.array)
    #expect(read.count == findings.count)
    for (finding, object) in zip(findings, read) {
      #expect(object["message"]?.string == finding.message)
      #expect(object["attribute"]?.string == finding.attribute)
      #expect(decoded(object["dn"]) == finding.dn)
      #expect(decoded(object["value"]) == finding.value)
      #expect(object["related"]?.array?.map { decoded($0["dn"]) } == finding.related.map(\.dn))
      #expect(object["objectGUID"]?.string == finding.objectGUID?.description)
    }
  }

  /// The bytes behind a value of the shape of the schema.
  private func decoded(_ value: JSON?) -> AttributeValue? {
    if let text = value?.string { return AttributeValue(text) }
    return value?["b64"]?.string.flatMap { Data(base64Encoded: $0) }.map { AttributeValue(Array($0)) }
  }

  @Test func nothingDangerousIsWrittenRaw() throws {
    let text = "\u{1B}]0;x\u{7}\u{9B}31m\u{7F}\u{202E}\u{200B}\u{2028}\u{E0041}\u{FEFF}\u{AD}\0\u{600}"
    let line = try ndjson([finding(value: AttributeValue(text), message: text)])
    let raw = line.unicodeScalars.filter { $0 != "\n" && ($0.value < 0x20 || $0.value > 0x7E) }
    #expect(raw.isEmpty)
    #expect(try JSON(parsing: Array(line.utf8))["value"]?.string == text)
    #expect(line.contains(#"\uDB40\uDC41"#))
  }

  @Test func oneFindingIsOneLine() throws {
    let lines = try ndjson([finding(message: "a\nb\r\n\u{2028}c"), finding()]).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(try validator().errors(in: JSON(parsing: Array(lines[0].utf8)), against: "#/$defs/finding").isEmpty)
  }

  @Test func bigValuesAndBigGroupsAreWhole() throws {
    let related = (0..<100_000).map { holder("CN=\($0),DC=x") }
    let value = AttributeValue([UInt8](repeating: 0x61, count: 1 << 20) + [0xFF])
    let parsed = try JSON(parsing: try json([finding(value: value, related: related)]))
    let found = try #require(parsed["findings"]?.array?.first)
    #expect(found["related"]?.array?.count == 100_000)
    #expect(found["related"]?.array?.last?["dn"]?.string == "CN=99999,DC=x")
    #expect(decoded(found["value"]) == value)
  }

  @Test func countsAreGiven() throws {
    let parsed = try JSON(
      parsing: try json([finding(), finding(rule: "b", severity: .info, effect: .advice), finding()]))
    #expect(parsed["counts"]?["total"] == .number(3))
    #expect(
      parsed["counts"]?["bySeverity"] == .object(["error": .number(2), "warning": .number(0), "info": .number(1)]))
    #expect(
      parsed["counts"]?["byRule"] == .object(["b": .number(1), "proxy-address-illegal-character": .number(2)]))
    #expect(parsed["coverage"]?["complete"] == .bool(true))
  }

  @Test func theValidatorFindsViolations() throws {
    let validator = try validator()
    func errors(_ text: String, _ pointer: String) throws -> Bool {
      !validator.errors(in: try JSON(parsing: Array(text.utf8)), against: pointer).isEmpty
    }
    #expect(try errors(#"{"b64":"??"}"#, "#/$defs/value"))
    #expect(try errors(#"{"b64":"AA==","x":1}"#, "#/$defs/value"))
    #expect(try errors("3", "#/$defs/value"))
    #expect(try errors(#"{"offset":-1,"length":0}"#, "#/$defs/span"))
    #expect(try errors(#"{"offset":1.5,"length":0}"#, "#/$defs/span"))
    #expect(try errors(#"{"offset":1}"#, "#/$defs/span"))
    #expect(try errors(#""fatal""#, "#/$defs/severity"))
    #expect(try errors(#"{"action":"remove","value":"x"}"#, "#/$defs/suggestion"))
    #expect(try !errors(#"{"action":"remove"}"#, "#/$defs/suggestion"))
  }

  @Test(arguments: [
    #"{"dn":"CN=Jo","line":3,"attributes":{"mail":["a",{"b64":"/w=="}]}}"#, #"{"dn":"CN=Jo","changetype":"delete"}"#,
    #"{"dn":"CN=Jo","changetype":"modify","modifications":[{"op":"replace","attribute":"mail","values":["x"]}]}"#,
    #"{"dn":"CN=Jo","changetype":"modrdn","newrdn":"CN=X","deleteoldrdn":true,"newsuperior":"DC=y"}"#,
    #"{"dn":"CN=Jo","changetype":"delete","controls":[{"oid":"1.2.840","critical":true,"value":"x"}]}"#,
    #"{"error":{"line":7,"column":1,"message":"no colon"}}"#,
  ])
  func theEntriesSchemaTakesTheDocumentedShapes(line: String) throws {
    let validator = SchemaValidator(root: try JSON(parsing: try documentation("entries.schema.json")))
    #expect(validator.errors(in: try JSON(parsing: Array(line.utf8))).isEmpty)
  }

  @Test(arguments: [
    #"{"dn":"CN=Jo"}"#, #"{"dn":"CN=Jo","attributes":{"mail":"a"}}"#, #"{"dn":"CN=Jo","changetype":"modify"}"#,
    #"{"dn":"CN=Jo","attributes":{},"changetype":"delete"}"#, #"{"error":"text"}"#,
  ])
  func theEntriesSchemaRefusesOthers(line: String) throws {
    let validator = SchemaValidator(root: try JSON(parsing: try documentation("entries.schema.json")))
    #expect(!validator.errors(in: try JSON(parsing: Array(line.utf8))).isEmpty)
  }
}
