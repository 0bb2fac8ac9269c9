import Directory
import Findings
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@testable import Reporting

@Suite struct JUnitReportTests {
  /// What a strict reader of XML finds in a report.
  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [(name: String, attributes: [String: String])] = []
    var text = ""
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) { elements.append((name, attributes)) }
    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
    func all(_ name: String) -> [[String: String]] { elements.filter { $0.name == name }.map(\.attributes) }
  }

  private func read(
    _ findings: [Finding], coverage: Coverage = .whole, limit: Int = JUnitReport.limit,
    tell: @escaping (String) -> Void = { _ in }
  ) throws -> Reader {
    let bytes = try report(findings, coverage: coverage, run: .sample) {
      JUnitReport(output: $0, limit: limit, tell: tell)
    }
    let reader = Reader()
    let parser = XMLParser(data: Data(bytes))
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    return reader
  }

  @Test func rulesAreSuitesAndFindingsAreCases() throws {
    let warning = finding(severity: .warning)
    let xml = try read([finding(), warning, finding(rule: "another")])
    #expect(
      xml.all("testsuite").map { $0["name"] } == [
        "proxy-address-illegal-character", "quiet-rule", "another", "coverage",
      ])
    #expect(xml.all("testsuite").map { $0["tests"] } == ["2", "1", "1", "1"])
    #expect(xml.all("testsuite").map { $0["failures"] } == ["1", "0", "1", "0"])
    #expect(xml.all("testsuite")[0]["skipped"] == "1")
    #expect(xml.all("testsuites").first == ["name": "dirsync-lint", "tests": "5", "failures": "2"])
    #expect(xml.all("failure").map { $0["type"] } == ["error", "error"] && xml.all("skipped").count == 1)
    let first = xml.all("testcase")[0]
    #expect(first["classname"] == "proxy-address-illegal-character" && first["line"] == "120")
    #expect(first["name"] == "CN=Jo Doe,OU=Staff,DC=contoso,DC=com proxyAddresses[1]")
  }

  @Test func acceptedAndGoneFindingsDoNotFail() throws {
    var accepted = finding()
    accepted.state = .suppressed
    var gone = finding()
    gone.state = .gone
    let xml = try read([accepted, gone])
    #expect(xml.all("failure").isEmpty && xml.all("skipped").count == 2)
  }

  @Test func ofTooManyFindingsTheGravestAreCases() throws {
    var told: [String] = []
    let findings =
      (0..<3).map { finding(rule: "quiet-rule", severity: .warning, dn: "CN=W\($0),DC=c") }
      + (0..<4).map { finding(dn: "CN=E\($0),DC=c") } + [finding(rule: "another", effect: .advice)]
    let xml = try read(findings, limit: 3) { told.append($0) }
    #expect(
      xml.all("testcase").map { $0["name"] } == [
        "CN=E0,DC=c proxyAddresses[1]", "CN=E1,DC=c proxyAddresses[1]", "CN=E2,DC=c proxyAddresses[1]",
        "1 more finding",
        "3 more findings", "1 more finding", "everything was read",
      ])
    #expect(xml.all("testsuite").map { $0["tests"] } == ["4", "1", "1", "1"])
    #expect(xml.all("testsuite").map { $0["failures"] } == ["4", "0", "1", "0"])
    #expect(xml.all("testsuite").map { $0["skipped"] } == ["0", "1", "0", "0"])
    #expect(xml.all("testsuites").first == ["name": "dirsync-lint", "tests": "7", "failures": "5"])
    #expect(xml.all("failure").count == 5 && xml.all("skipped").count == 1)
    #expect(told.count == 1 && told[0].hasPrefix("the 3 gravest of 8 findings") && xml.text.contains(told[0]))
    #expect(xml.all("property").contains(["name": "findings", "value": "8"]))
  }

  @Test func theReportSaysWhatItIsJudgedBy() throws {
    var coverage = Coverage.whole
    coverage.topLevelDomains = "2026-10-23"
    #expect(
      try read([], coverage: coverage).all("property") == [
        ["name": "version", "value": "1.0"], ["name": "rule-set", "value": "entra"],
        ["name": "findings", "value": "0"],
        ["name": "top-level-domains", "value": "2026-10-23"],
      ])
  }

  @Test func incompleteReadingIsAFailure() throws {
    var coverage = Coverage.whole
    coverage.recordsLost = 3
    let xml = try read([], coverage: coverage)
    #expect(xml.all("failure").map { $0["type"] } == ["coverage"] && xml.text.contains("3 records could not be read"))
  }

  @Test func hostileValuesAreText() throws {
    let hostile = hostileValues.map { finding(dn: "CN=\($0.text ?? "?"),DC=c", value: $0, message: $0.text ?? "?") }
    let xml = try read(hostile)
    #expect(xml.all("testcase").count == hostile.count + 2 && xml.all("failure").count == hostile.count)
    #expect(
      Set(xml.elements.map(\.name)) == ["testsuites", "testsuite", "testcase", "failure", "properties", "property"])
  }
}
