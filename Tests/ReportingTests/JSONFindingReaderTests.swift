import Bytes
import Directory
import Findings
import Foundation
import TestFindings
import Testing

@testable import Reporting

@Suite struct JSONFindingReaderTests {
  private func read(_ text: String) throws -> Finding { try JSONFindingReader.finding(Array(text.utf8)) }

  /// What comes back of a finding: all but what JSON does not have.
  private func expected(_ finding: Finding) -> Finding {
    var finding = finding
    finding.annotations = finding.annotations.filter { $0.name == Annotation.labels }
    return finding
  }

  private func random(_ number: Int, seed: UInt64) -> [Finding] {
    var random = TestRandom(seed: seed)
    return (0..<number).map { _ in
      var finding = random.finding()
      if finding.suggestion?.action == .remove { finding.suggestion?.value = nil }
      guard random.flip() else { return finding }
      finding.state = FindingState.allCases[random.number(below: FindingState.allCases.count)]
      if random.flip() { finding.firstSeen = "2026-11-24T02:00:00Z" }
      if random.flip() {
        finding.suppression = Suppression(
          pattern: .init(), reason: "r" + random.text(), owner: "o" + random.text(),
          ticket: random.flip() ? "t" + random.text() : nil,
          expires: random.flip() ? CalendarDate("2027-03-31") : nil)
      }
      return finding
    }
  }

  @Test func whatWasWrittenComesBack() throws {
    var writer = JSONFindingWriter()
    for finding in random(600, seed: 21) {
      var bytes: [UInt8] = []
      writer.append(finding, to: &bytes)
      #expect(try JSONFindingReader.finding(bytes) == expected(finding))
    }
  }

  @Test func findingsWithAStateAreValidAgainstTheSchema() throws {
    let findings = random(200, seed: 22)
    var coverage = Coverage.whole
    coverage.remarks = ["this suppression has expired"]
    let bytes = try report(findings, coverage: coverage) { JSONReport(output: $0) }
    let validator = SchemaValidator(root: try JSON(parsing: try documentation("findings.schema.json")))
    let parsed = try JSON(parsing: bytes)
    #expect(validator.errors(in: parsed).prefix(5) == [])
    #expect(parsed["counts"]?["byState"] != nil && parsed["coverage"]?["remarks"] != nil)
  }

  @Test(arguments: [
    ("{}", "`rule` is missing: it is a string"),
    (#"{"rule":1}"#, "`rule` is a string"),
    (#"{"rule":"r","severity":"loud"}"#, "`severity` is one of info, warning, error"),
    ("[]", "`rule` is missing: it is a string"),
    (#"{"rule":"r""#, "the text ends within the JSON value"),
  ])
  func tellsWhatIsWrong(text: String, message: String) {
    let error = #expect(throws: JSONFindingError.self) { try read(text) }
    #expect(error?.description == message)
  }

  @Test func wrongPartsAreRefused() throws {
    var writer = JSONFindingWriter()
    var bytes: [UInt8] = []
    writer.append(finding(), to: &bytes)
    let right = String(decoding: bytes, as: UTF8.self)
    #expect(try read(right.replacingOccurrences(of: "{\"rule\"", with: "{\"later\":[null],\"rule\"")) == finding())
    for (part, wrong) in [
      ("\"fingerprint\":\"0123456789abcdef0123456789abcdef\"", "\"fingerprint\":\"0123\""),
      ("\"dn\":\"CN=Jo Doe,OU=Staff,DC=contoso,DC=com\"", "\"dn\":{\"b64\":\"!\"}"),
      ("\"valueIndex\":1", "\"valueIndex\":-1"), ("\"valueIndex\":1", "\"objectGUID\":\"x\",\"valueIndex\":1"),
      ("\"spans\":[]", "\"spans\":[{\"offset\":1}]"), ("\"related\":[]", "\"related\":[{}]"),
      ("\"location\":{", "\"suggestion\":{\"action\":\"burn\"},\"location\":{"),
    ] {
      #expect(right.contains(part))
      #expect(throws: JSONFindingError.self) { try read(right.replacingOccurrences(of: part, with: wrong)) }
    }
  }

  @Test(arguments: ["json", "ndjson"]) func reportsOfAnySizeAreRead(format: String) throws {
    var findings = random(3_000, seed: 23)
    findings[7].state = .gone
    var coverage = Coverage.whole
    coverage.gaps = ["size limit"]
    let bytes = try report(findings, coverage: coverage) { output -> any FindingSink in
      if format == "json" { return JSONReport(output: output) }
      return NDJSONReport(output: output)
    }
    #expect(bytes.count > 1 << 20)
    let file = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID().uuidString)")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    var read: [Finding] = []
    let summary = try ReportFileReader.read(path: file.path) { read.append($0) }
    #expect(read == findings.filter { $0.state != .gone }.map(expected))
    #expect(summary.findings == findings.count && summary.isComplete == (format == "json" ? false : nil))
  }

  @Test func theLinesOfAuditExportAreValidAgainstTheirSchema() throws {
    let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    let scenario = folder.appending(path: "../ScenarioTests/Scenarios/audit-run.scenario").standardizedFileURL
    let lines = try String(contentsOf: scenario, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("{\"run\":{\"number\"") || $0.hasPrefix("{\"finding\":") }
      .map { $0.replacingOccurrences(of: "{*}", with: "[]").trimmingCharacters(in: [",", "]"]) }
    #expect(lines.count > 5)
    let text = String(decoding: try documentation("audit.schema.json"), as: UTF8.self)
      .replacingOccurrences(of: "findings.schema.json#", with: "#")
    guard case .object(var root) = try JSON(parsing: Array(text.utf8)), case .object(var definitions)? = root["$defs"],
      case .object(let others)? = try JSON(parsing: try documentation("findings.schema.json"))["$defs"]
    else {
      Issue.record("the schemas are no objects")
      return
    }
    // Both define `run` and `time`; those of this schema count here, and nothing that it refers to uses the other ones.
    definitions.merge(others) { own, _ in own }
    root["$defs"] = .object(definitions)
    let validator = SchemaValidator(root: .object(root))
    for line in lines { #expect(validator.errors(in: try JSON(parsing: Array(line.utf8))) == []) }
  }
}
