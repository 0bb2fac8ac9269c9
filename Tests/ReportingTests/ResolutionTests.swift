import Directory
import Findings
import TestFindings
import Testing

@testable import Reporting

/// Answers as JSON and as text, with hostile content everywhere.
@Suite struct ResolutionTests {
  /// The schema of answers, with the definitions of findings that it refers to.
  private static func validator() throws -> SchemaValidator {
    let answers = try JSON(parsing: try documentation("resolve.schema.json"))
    let findings = try JSON(parsing: try documentation("findings.schema.json"))
    guard case .object(var root) = answers, case .object(let own)? = answers["$defs"],
      case .object(let others)? = findings["$defs"]
    else { throw JSON.Malformed(offset: 0) }
    #expect(Set(own.keys).isDisjoint(with: others.keys))
    root["$defs"] = .object(own.merging(others) { first, _ in first })
    return SchemaValidator(root: .object(root))
  }

  private static func answer(_ random: inout TestRandom) -> ResolvedError {
    var error = ErrorDescription(
      id: "export-validation-failed", message: random.text(), count: random.number(below: 5) + 1,
      attributes: [random.text()], location: random.location())
    if random.flip() {
      error.title = random.text()
      error.type = random.text()
      error.eventID = 6941
      error.trackingID = random.text()
      error.first = random.text()
      error.last = random.text()
    }
    let objects = (0..<random.number(below: 3)).map { _ in object(&random) }
    return ResolvedError(
      error: error,
      identifiers: [
        Identifier(random.text()), Identifier("CN={3441516C50346C503030476144414D463643777A41513D3D}"),
        Identifier("User_3f2504e0-4f89-41d3-9a0c-0305e82c3301"), Identifier("S-1-5-21-1-2-3-4"),
      ],
      status: objects.isEmpty ? .unresolved : .ambiguous, reason: "because " + random.text(), objects: objects,
      conflicts: [
        HeldValue(
          attribute: random.text(), value: random.text(),
          holders: [
            RelatedValue(
              dn: random.value(), objectGUID: random.guid(), objectClass: "user", attribute: random.text(),
              value: random.value(), location: random.location())
          ],
          steps: [NextStep(kind: .ldif, title: random.text(), text: random.text())])
      ],
      explanation: random.flip()
        ? nil
        : ErrorExplanation(
          meaning: random.text(), cause: random.text(), remedy: random.text(), alternatives: [random.text()],
          references: [random.text()]), remarks: [random.text()])
  }

  private static func object(_ random: inout TestRandom) -> ResolvedObject {
    var object = ResolvedObject(
      dn: random.value(), objectGUID: random.guid(), objectClass: "user", state: .deleted, matchedBy: "objectGUID",
      matchedText: random.text(), matchedAttribute: "objectGUID", location: random.location())
    object.immutableID = random.flip() ? random.text() : nil
    object.connectorSpaceDN = random.flip() ? random.text() : nil
    object.isEnabled = random.flip() ? random.flip() : nil
    object.path = [random.text()]
    let value = random.value()
    object.attributes = [
      NamedValues(name: "proxyAddresses", values: [value, random.value()]), NamedValues(name: "mail", values: []),
    ]
    var finding = random.finding()
    finding.objectClass = "user"
    finding.attribute = "proxyAddresses"
    finding.value = value
    finding.valueIndex = 0
    finding.related = []
    object.findings = [finding]
    object.steps = [NextStep(kind: .powershell, title: random.text(), text: random.text())]
    object.remarks = [random.text()]
    return object
  }

  @Test func everyAnswerIsOfTheSchema() throws {
    let validator = try Self.validator()
    var random = TestRandom(seed: 3)
    for _ in 0..<200 {
      var writer = ResolutionJSON()
      writer.append(Self.answer(&random))
      #expect(!writer.bytes.contains(10) && !writer.bytes.contains(27))
      let json = try JSON(parsing: writer.bytes)
      #expect(validator.errors(in: json, against: "#/$defs/answer") == [])
    }
  }

  @Test func theDocumentIsOfTheSchema() throws {
    var random = TestRandom(seed: 5)
    var writer = ResolutionJSON()
    let run = RunDescription(version: "1", ruleSet: "entra", sources: ["a"])
    writer.begin(run, inputs: ["-"], connectorSpaces: [])
    writer.append(Self.answer(&random))
    writer.finish(
      ResolutionSummary(
        resolved: 1, ambiguous: 0, unresolved: 0, entriesRead: 7, recordsLost: 1, gaps: ["x"], isInterrupted: false))
    let json = try JSON(parsing: writer.bytes)
    #expect(try Self.validator().errors(in: json) == [])
    #expect(json["coverage"]?["complete"] == .bool(false))
  }

  /// Whatever is in the material and in the directory: no control character, no escape sequence, no long line of text.
  @Test func textIsHarmless() throws {
    var random = TestRandom(seed: 7)
    var writer = ResolutionText(width: 80)
    for _ in 0..<200 { writer.append(Self.answer(&random)) }
    let text = String(decoding: writer.bytes, as: UTF8.self)
    for scalar in text.unicodeScalars where scalar != "\n" {
      #expect(!TerminalText.isEscaped(scalar), "U+\(String(scalar.value, radix: 16))")
    }
  }

  @Test func valuesAreMarked() {
    var object = ResolvedObject(
      dn: AttributeValue("CN=Jo"), objectGUID: nil, objectClass: "user", state: .present, matchedBy: "dn",
      matchedText: "CN=Jo", matchedAttribute: "dn", location: SourceLocation(source: "a", line: 1))
    object.attributes = [NamedValues(name: "mail", values: [AttributeValue("j o@c.com")])]
    object.findings = [
      Finding(
        rule: "r", severity: .error, effect: .dropped, certainty: .documented, dn: object.dn, objectGUID: nil,
        objectClass: "user", attribute: "mail", value: AttributeValue("j o@c.com"), valueIndex: 0,
        spans: [FlaggedSpan(offset: 1, length: 1, codePoint: 0x20)], message: "has a space", suggestion: nil,
        location: object.location, fingerprint: sampleFingerprint)
    ]
    var writer = ResolutionText(width: 80)
    writer.append(
      ResolvedError(
        error: ErrorDescription(
          id: "x", message: "m", count: 2, attributes: ["mail"], location: SourceLocation(source: "in", line: 3)),
        identifiers: [], status: .resolved, reason: "", objects: [object], conflicts: [], explanation: nil,
        remarks: []))
    let text = String(decoding: writer.bytes, as: UTF8.self)
    #expect(text.contains("    mail: 1 value\n      j␣o@c.com\n       ^  U+0020 SPACE\n        error  has a space"))
    #expect(text.contains("2 times, in:3"))
  }

  @Test func identifiers() throws {
    var random = TestRandom(seed: 11)
    for _ in 0..<200 {
      var report = IdentifierReport()
      let identifier = Identifier(random.text())
      report.append(json: identifier)
      let json = try JSON(parsing: report.bytes)
      #expect(json["form"]?.string == identifier.form.rawValue)
      report.bytes = []
      report.append(text: identifier)
      for scalar in String(decoding: report.bytes, as: UTF8.self).unicodeScalars where scalar != "\n" {
        #expect(!TerminalText.isEscaped(scalar))
      }
    }
  }
}
