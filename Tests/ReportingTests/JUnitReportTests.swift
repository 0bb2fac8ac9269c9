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

  private func read(_ findings: [Finding], coverage: Coverage = .whole) throws -> Reader {
    let bytes = try report(findings, coverage: coverage, run: .sample) { JUnitReport(output: $0) }
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
    #expect(Set(xml.elements.map(\.name)) == ["testsuites", "testsuite", "testcase", "failure"])
  }
}
