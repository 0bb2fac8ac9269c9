import Directory
import Findings
import Testing

@testable import Reporting

@Suite struct MailReportTests {
  /// A message as Python's parser reads it.
  private struct Message {
    let value: JSON
    var headers: [[String]] {
      (value["headers"]?.array ?? []).map { ($0.array ?? []).compactMap(\.string) }
    }
    func header(_ name: String) -> String? { headers.first { $0[0] == name }?[1] }
    var types: [String] { (value["types"]?.array ?? []).compactMap(\.string) }
    var text: String { value["parts"]?.array?.first?.string ?? "" }
    var html: String { value["parts"]?.array?.last?.string ?? "" }
  }

  private func message(_ findings: [Finding], run: RunDescription = .sample) throws -> Message {
    let bytes = try report(findings, run: run) { MailReport(output: $0) }
    let message = Message(value: try ForeignReader.read(bytes, as: .mail))
    #expect(message.value["defects"]?.array == [])
    #expect(message.types == ["multipart/alternative", "text/plain", "text/html"])
    #expect(
      message.headers.map { $0[0] } == [
        "Date", "Subject", "MIME-Version", "X-Unsent", "Auto-Submitted", "Content-Type",
      ])
    return message
  }

  @Test func bothBodiesSayTheSame() throws {
    var run = RunDescription.sample
    run.causes = [
      Cause(
        kind: .domain, name: AttributeValue("contoso.local"), objectClass: "user", objects: 3, findings: 7,
        rules: ["a"], remedy: "add a routable suffix")
    ]
    let findings = (0..<30).map { finding(severity: $0 == 29 ? .error : .warning, dn: "CN=U\($0),DC=contoso,DC=com") }
    let message = try message(findings, run: run)
    #expect(message.header("Date") == "Tue, 24 Nov 2026 02:00:00 +0000")
    #expect(
      message.header("Subject") == "Directory findings: 30 values are lost".replacing("values", with: "addresses"))
    #expect(message.header("X-Unsent") == "1")
    for body in [message.text, message.html] {
      for part in [
        "30 addresses are lost", "contoso.local: 3 users, 7 findings: add a routable suffix", "CN=U29", "CN=U18",
        "10 more findings are in the other reports", "Warnings", "rule set entra, dirsync-lint 1.0",
        "looked at 2026-11-24 02:00 UTC",
      ] { #expect(body.contains(part), "\(part)") }
      #expect(!body.contains("CN=U19,"))
    }
    let first = try #require(message.text.firstRange(of: "CN=U29")?.lowerBound)
    let second = try #require(message.text.firstRange(of: "CN=U0,")?.lowerBound)
    #expect(first < second)
  }

  @Test(arguments: [
    "a\r\nBcc: all@contoso.com", "ü\r\n\r\n<script>", "=?utf-8?q?=0D=0ABcc:_x?=",
    String(repeating: "Überschrift 💥 ", count: 90),
    "\u{0}\u{2028}\n", "", " a", "--=_dirsync-lint--",
  ])
  func titlesAddNoHeader(title: String) throws {
    var run = RunDescription.sample
    run.title = title
    let message = try message([finding()], run: run)
    let subject = try #require(message.header("Subject"))
    #expect(!subject.contains { $0.isNewline })
    let shown = TerminalText.escape("\(title): 1 address is lost")
    #expect(subject == String(shown.prefix(300)))
  }

  @Test func hostileValuesAreText() throws {
    // A message shows twenty findings.
    for start in stride(from: 0, to: hostileValues.count, by: 20) {
      let values = hostileValues[start...].prefix(20)
      let message = try message(
        values.map { finding(dn: "CN=\($0.text ?? "?"),DC=c", value: $0, message: $0.text ?? "?") })
      let tags = message.html.matches(of: /<\/?([A-Za-z0-9!]+)/).map { String($0.1) }
      let known = [
        "!DOCTYPE", "html", "head", "meta", "title", "body", "h1", "h2", "p", "table", "tr", "th", "td", "div",
      ]
      #expect(Set(tags).isSubset(of: known), "\(Set(tags).subtracting(known))")
      #expect(message.html.matches(of: /<[^>]*(href|src|on\w+)\s*=/).isEmpty)
      for value in values {
        let shown = TerminalText.escape(TextCut.cut(value.bytes, limit: 200))
        #expect(message.text.unicodeScalars.contains(shown.unicodeScalars), "\(value)")
      }
    }
  }

  @Test func whatIsCleanSaysSo() throws {
    let message = try message([])
    #expect(message.header("Subject") == "Directory findings: Clean: everything was read and nothing was found")
    #expect(!message.html.contains("gravest"))
  }

  @Test(arguments: [(0, "Thu, 01 Jan 1970 00:00:00 +0000"), (1_798_761_599, "Thu, 31 Dec 2026 23:59:59 +0000")])
  func datesAreThoseOfMail(seconds: Int, expected: String) {
    #expect(MailText.date(epochSeconds: seconds) == expected)
  }
}
