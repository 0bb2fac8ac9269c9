import Directory
import Findings
import Testing

@testable import Reporting

/// The page as text; `PageTests` looks at it in a browser.
@Suite struct HTMLReportTests {
  private func html(_ findings: [Finding], coverage: Coverage = .whole, limit: Int = HTMLReport.limit) throws -> String
  {
    String(
      decoding: try report(findings, coverage: coverage, run: .sample) { HTMLReport(output: $0, limit: limit) },
      as: UTF8.self)
  }

  private func blocks(_ html: String) throws -> [JSON] {
    try html.matches(of: /<script type="application\/json"[^>]*>((?:[^<])*)<\/script>/)
      .map { try JSON(parsing: Array($0.1.utf8)) }
  }

  @Test func dataCannotEndItsBlock() throws {
    let hostile = hostileValues.map {
      finding(dn: "CN=\($0.text ?? "?"),DC=c", value: $0, message: $0.text ?? "?", related: [holder($0.text ?? "?")])
    }
    let page = try html(hostile)
    let empty = try html([])
    func count(_ text: String, _ page: String) -> Int { page.lowercased().ranges(of: text).count }
    // A block of findings more than in an empty page, and nothing else that begins or ends anything.
    for mark in ["<script", "</script"] { #expect(count(mark, page) == count(mark, empty) + 1) }
    for mark in ["<!--", "<img", "<svg", "<iframe"] { #expect(count(mark, page) == count(mark, empty)) }
    #expect(try blocks(page).count == 3)
  }

  @Test func nothingIsLoadedAndNothingInlineIsAllowed() throws {
    let page = try html([finding()])
    let policy = try #require(page.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)).1
    #expect(policy.hasPrefix("default-src 'none'; script-src 'sha256-") && !policy.contains("unsafe"))
    #expect(policy.contains("require-trusted-types-for 'script'") && policy.contains("base-uri 'none'"))
    let head = try #require(page.firstMatch(of: /^[\s\S]*?<script type="application\/json"/)).0
    for mark in ["src=", "url(", "@import", "<link"] { #expect(!head.contains(mark), "\(mark)") }
    #expect(!EmbeddedPage.body.contains(" style=") && !EmbeddedPage.body.contains(" on"))
    for sink in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"] {
      #expect(!EmbeddedPage.script.contains(sink), "\(sink)")
    }
  }

  @Test func recordsHoldTheFinding() throws {
    var compared = finding(
      spans: [FlaggedSpan(offset: 7, length: 1, codePoint: 0x20)],
      suggestion: Suggestion(action: .replace, value: AttributeValue("smtp:jodoe@contoso.com")))
    compared.state = .new
    let block = try #require(try blocks(html([compared, finding(severity: .info)])).first { $0["findings"] != nil })
    let records = try #require(block["findings"]?.array)
    #expect(records.count == 2 && block["characters"]?.array == [.array([.number(32), .string("SPACE")])])
    let record = try #require(records[0].array)
    #expect(record.count == 21 && record[1] == .number(2) && record[4] == .number(0))
    #expect(
      record[5].string == "CN=Jo Doe,OU=Staff,DC=contoso,DC=com"
        && record[11].array == [.number(7), .number(1), .number(32)])
    #expect(record[13].array == [.string("replace"), .string("smtp:jodoe@contoso.com")])
    // The second finding is of the same entry.
    #expect(records[1].array?[5] == .number(0) && records[1].array?[1] == .number(0))
  }

  @Test func longValuesKeepTheFlaggedPart() throws {
    let text = String(repeating: "ü", count: 50_000) + "!" + String(repeating: "ä", count: 50_000)
    let long = finding(value: AttributeValue(text), spans: [FlaggedSpan(offset: 50_000, length: 1, codePoint: 0x21)])
    let block = try #require(try blocks(html([long])).first { $0["findings"] != nil })
    let value = try #require(block["findings"]?.array?[0].array?[9])
    #expect(value["bytes"] == .number(200_001) && value["from"] == .number(49_936))
    #expect(value["text"]?.string?.unicodeScalars.dropFirst(64).first == "!")
  }

  @Test func whatDoesNotFitIsTold() throws {
    let page = try html(Array(repeating: finding(), count: 5), limit: 3)
    let end = try #require(try blocks(page).last)
    #expect(end["omitted"] == .number(2) && end["counts"]?["total"] == .number(5))
  }

  @Test func withoutScriptsVerdictAndCountsRemain() throws {
    var coverage = Coverage.whole
    coverage.gaps = ["<b>size limit</b>"]
    let text = try #require(try html([finding()], coverage: coverage).firstMatch(of: /<noscript>([\s\S]*)<\/noscript>/))
      .1
    #expect(text.contains("1 finding, and not everything was read") && text.contains("error 1, warning 0, info 0"))
    #expect(text.contains("&lt;b&gt;size limit"))
  }
}
