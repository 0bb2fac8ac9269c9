import Directory
import Findings
import Testing

@testable import IdFix

/// What rows become.
@Suite struct FindingTests {
  static let rule = RuleSummary(
    id: "idfix-multi-tenant-mail", title: "mail as IdFix judges it", severity: .error, effect: .dropped,
    certainty: .observed, attributes: ["mail"], explanation: "", references: [],
    message: MessageTemplate(pieces: [
      .text("IdFix reports "), .placeholder(.errors), .text(" for "), .placeholder(.attribute),
    ]))

  private func row(
    _ dn: String, value: String? = "a@b.com", errors: [String], update: String? = nil,
    proposal: IdFixRow.Action? = nil, action: IdFixRow.Action? = nil
  ) -> IdFixRow {
    IdFixRow(
      line: 2, dn: Array(dn.utf8), commonName: nil, objectClass: "user", attribute: "mail", errors: errors,
      value: value.map { Array($0.utf8) }, update: update.map { Array($0.utf8) }, proposal: proposal, action: action)
  }

  private func findings(_ rows: IdFixRow...) -> [Finding] {
    var made = IdFixFindings(rules: [Self.rule]) { _ in
      Suppression(pattern: .init(rule: "r"), reason: "why", owner: "who")
    }
    for row in rows {
      let isJudged = made.add(row, source: "x.csv")
      #expect(isJudged)
    }
    return Array(made.findings)
  }

  @Test func theRuleOfTheAttributeAndItsMessage() throws {
    let finding = try #require(
      findings(row("CN=A,DC=c", errors: ["Character", "Format"], update: "ab", proposal: .edit)).first)
    #expect(finding.rule == "idfix-multi-tenant-mail")
    #expect(finding.annotation(Annotation.labels) == ["Character", "Format"])
    #expect(finding.message == "IdFix reports Character, Format for mail")
    #expect(finding.suggestion == Suggestion(action: .replace, value: AttributeValue("ab")))
    #expect(finding.location == SourceLocation(source: "x.csv", line: 2) && finding.state == nil)
    let expected = Fingerprint(
      rule: finding.rule, objectGUID: nil, dn: finding.dn, attribute: "mail", value: finding.value)
    #expect(finding.fingerprint == expected)
  }

  @Test func suggestions() {
    #expect(findings(row("CN=A,DC=c", errors: ["Format"], proposal: .remove))[0].suggestion?.action == .remove)
    #expect(findings(row("CN=A,DC=c", errors: ["Format"], update: "a@b.com", proposal: .edit))[0].suggestion == nil)
    #expect(
      findings(row("CN=A,DC=c", value: nil, errors: ["Blank"], update: "x", proposal: .edit))[0].suggestion?.action
        == .add)
  }

  @Test func duplicatesAreOneFindingWithAllHolders() {
    let found = findings(
      row("CN=A,DC=c", errors: ["Duplicate"]), row("CN=B,DC=c", value: "A@B.com", errors: ["Duplicate", "Format"]),
      row("CN=B,DC=c", value: "A@B.com", errors: ["Duplicate", "Format"]),
      row("CN=C,DC=c", value: "c", errors: ["Duplicate"]))
    #expect(found.map { $0.annotation(Annotation.labels) } == [["Duplicate"], ["Format"], ["Duplicate"]])
    #expect(found[0].related.map(\.dn) == [AttributeValue("CN=B,DC=c")] && found[2].related.isEmpty)
  }

  @Test func acceptedRowsAreSuppressed() {
    let found = findings(row("CN=A,DC=c", errors: ["Format"], action: .complete), row("CN=B,DC=c", errors: ["Format"]))
    #expect(found.map(\.state) == [.suppressed, nil] && found[0].suppression?.reason == "why")
  }

  @Test func otherAttributesHaveNoRule() {
    var made = IdFixFindings(rules: []) { _ in nil }
    let isJudged = made.add(row("CN=A,DC=c", errors: []), source: "x")
    #expect(!isJudged)
  }
}
