import Directory
import Findings
import Testing

@testable import Reporting

@Suite struct CauseReportTests {
  private static let causes = [
    Cause(
      kind: .domain, name: AttributeValue("contoso.local"), objectClass: "user", objects: 2_000, findings: 6_400,
      rules: ["upn-not-routable"], remedy: "add a routable suffix"),
    Cause(
      kind: .container, name: AttributeValue("OU=Old Staff,DC=contoso,DC=local"), objects: 3, findings: 5,
      rules: ["quiet-rule"], remedy: "A rule"),
  ]

  private func run(_ causes: [Cause] = Self.causes) -> RunDescription {
    var run = RunDescription.sample
    run.causes = causes
    return run
  }

  private func text(
    _ causes: [Cause] = Self.causes, _ makeSink: (ReportOutput) -> any FindingSink
  ) throws -> String {
    String(decoding: try report([finding()], run: run(causes), makeSink), as: UTF8.self)
  }

  @Test func textStartsWithTheCauses() throws {
    let shown = try text { TextReport(output: $0) }
    #expect(
      shown.hasPrefix(
        """
        Causes
          contoso.local: 2,000 users, 6,400 findings: add a routable suffix
          OU=Old Staff,DC=contoso,DC=local: 3 objects, 5 findings: A rule

        CN=Jo Doe,
        """))
    #expect(try text([]) { TextReport(output: $0) }.hasPrefix("CN=Jo Doe,"))
  }

  @Test func jsonHasTheCausesAsTheSchemaSays() throws {
    let bytes = try report([finding()], run: run()) { JSONReport(output: $0) }
    let validator = SchemaValidator(root: try JSON(parsing: try documentation("findings.schema.json")))
    #expect(validator.errors(in: try JSON(parsing: bytes)) == [])
    #expect(
      String(decoding: bytes, as: UTF8.self).contains(
        #""causes":[{"kind":"domain","name":"contoso.local","objectClass":"user","objects":2000,"findings":6400,"#
          + #""rules":["upn-not-routable"],"remedy":"add a routable suffix"},{"kind":"container","#))
    #expect(try !text([]) { JSONReport(output: $0) }.contains("causes"))
  }

  @Test func markdownAndPagesTellTheCausesBeforeTheFindings() throws {
    let markdown = try text { MarkdownReport(output: $0) }
    let heading = try #require(markdown.range(of: "## Causes\n\n- contoso"))
    let rules = try #require(markdown.range(of: "## By rule"))
    #expect(heading.upperBound < rules.lowerBound)
    let page = try text { HTMLReport(output: $0) }
    let line = "contoso.local: 2,000 users, 6,400 findings: add a routable suffix"
    let causes = try #require(page.range(of: "<li>\(line)</li>"))
    let data = try #require(page.range(of: "<script type=\"application/json\""))
    #expect(causes.upperBound < data.lowerBound)
  }

  /// Names are hostile, too.
  @Test(arguments: hostileValues) func hostileNamesStayText(_ name: AttributeValue) throws {
    let cause = Cause(kind: .domain, name: name, objects: 3, findings: 5, rules: ["quiet-rule"], remedy: "do it")
    let shown = try text([cause]) { TextReport(output: $0) }
    #expect(!shown.contains("\u{1B}") && !shown.contains("\u{202E}"))
    #expect(shown.split(separator: "\n", omittingEmptySubsequences: false)[1].hasSuffix("do it"))
    let page = try text([cause]) { HTMLReport(output: $0) }
    #expect(!page.contains("<script>alert") && !page.contains("<img"))
    _ = try JSON(parsing: try report([], run: run([cause])) { JSONReport(output: $0) })
  }

  /// A domain gets the pseudonym that it has in values.
  @Test func redactedCausesNameNobody() throws {
    let value = AttributeValue("jo@contoso.local")
    func shown(_ makeSink: (ReportOutput) -> any FindingSink) throws -> String {
      String(
        decoding: try report([finding(value: value)], run: run()) { output in
          RedactingSink(makeSink(output), key: RedactionKey(1, 2)) { ["com", "org"].contains($0) }
        }, as: UTF8.self)
    }
    for report in [
      try shown { TextReport(output: $0) }, try shown { JSONReport(output: $0) },
      try shown { MarkdownReport(output: $0) }, try shown { HTMLReport(output: $0) },
    ] {
      #expect(!report.contains("contoso") && !report.contains("Old Staff"))
    }
    let json = try shown { JSONReport(output: $0) }
    let name = try #require(json.split(separator: #""name":""#).dropFirst().first?.split(separator: "\"").first)
    #expect(name.hasSuffix(".local") && json.contains("@\(name)\""))
  }
}
