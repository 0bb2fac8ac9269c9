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
    for mark in ["<!--", "<img", "<iframe"] { #expect(count(mark, page) == count(mark, empty)) }
    // Bars are drawn.
    #expect(count("<svg", page) == count("<svg class=\"bar ", page))
    #expect(try blocks(page).count == 3)
  }

  @Test func nothingIsLoadedAndNothingInlineIsAllowed() throws {
    let page = try html([finding()])
    let policy = try #require(page.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)).1
    #expect(policy.hasPrefix("default-src 'none'; script-src 'sha256-") && !policy.contains("unsafe"))
    #expect(policy.contains("require-trusted-types-for 'script'") && policy.contains("base-uri 'none'"))
    let head = try #require(page.firstMatch(of: /^[\s\S]*?<body>/)).0
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

  @Test func withoutScriptsWhatMattersRemains() throws {
    var coverage = Coverage.whole
    coverage.gaps = ["<b>size limit</b>"]
    let findings = (0..<60).map { finding(severity: $0 == 59 ? .error : .warning, dn: "CN=\($0),DC=c") }
    let page = try html(findings, coverage: coverage)
    // What is read comes before the data, which is long.
    let text = try #require(page.firstMatch(of: /<body>([\s\S]*?)<script type="application\/json"/)).1
    #expect(text.contains("60 findings, and not everything was read") && text.contains("60 addresses are lost"))
    #expect(text.contains("&lt;b&gt;size limit") && text.contains("class=\"summary error\""))
    #expect(text.matches(of: /<tr>/).count == 21 && text.matches(of: /<tr class="printed">/).count == 30)
    let first = try #require(text.firstMatch(of: /<tbody>\s*<tr>([\s\S]*?)<\/tr>/)).1
    #expect(first.contains("badge error") && first.contains("CN=59,DC=c"))
    #expect(text.matches(of: /<rect class="bar-fill"/).count == 2)
    #expect(!text.contains("{{"))
  }

  @Test func noColourOfSuccessStandsOverMistakes() throws {
    func mood(_ findings: [Finding], _ coverage: Coverage = .whole) throws -> String {
      String(try #require(try html(findings, coverage: coverage).firstMatch(of: /class="summary ([a-z]+)"/)).1)
    }
    var accepted = finding()
    accepted.state = .suppressed
    var partial = Coverage.whole
    partial.gaps = ["x"]
    #expect(try mood([finding(severity: .warning), finding()]) == "error")
    #expect(try mood([finding(severity: .warning)]) == "warning" && mood([finding(severity: .info)]) == "info")
    #expect(try mood([]) == "clean" && mood([], partial) == "partial" && mood([], Coverage()) == "info")
    // What somebody accepted is not in the red.
    #expect(try mood([accepted]) == "info")
    let page = try html([accepted])
    #expect(page.contains("<span class=\"tile-count\">0</span><span class=\"tile-label\">Errors</span>"))
    #expect(page.contains("and 1 accepted") && !page.contains("id=\"gravest\""))
  }

  @Test func aTitleIsEscapedLikeEverythingElse() throws {
    var run = RunDescription.sample
    run.title = "<b>Contoso</b> {{facts}} `x`"
    run.causes = [
      Cause(kind: .rule, name: AttributeValue("a"), objects: 3, findings: 5, rules: ["a"], remedy: "set `<b>` or ` so")
    ]
    let page = String(decoding: try report([], run: run) { HTMLReport(output: $0) }, as: UTF8.self)
    #expect(page.contains("<title>&lt;b&gt;Contoso&lt;/b&gt; {{facts}} `x`</title>"))
    #expect(page.contains("<h1>&lt;b&gt;Contoso&lt;/b&gt; {{facts}} `x`</h1>"))
    #expect(page.contains("set <code>&lt;b&gt;</code> or ` so</li>"))
  }
}
