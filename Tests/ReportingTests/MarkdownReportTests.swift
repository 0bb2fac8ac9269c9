import Directory
import Findings
import Testing

@testable import Reporting

@Suite struct MarkdownReportTests {
  private func markdown(_ findings: [Finding], coverage: Coverage = .whole, limit: Int = 1000) throws -> String {
    String(
      decoding: try report(findings, coverage: coverage, run: .sample) { MarkdownReport(output: $0, limit: limit) },
      as: UTF8.self)
  }

  /// Cells of a row as GFM takes it apart: at every vertical line without a backslash, also in code.
  private func cells(_ line: Substring) -> Int {
    line.indices.count { line[$0] == "|" && ($0 == line.startIndex || line[line.index(before: $0)] != "\\") } - 1
  }

  @Test func summaryThenTable() throws {
    let text = try markdown([
      finding(severity: .info), finding(spans: [FlaggedSpan(offset: 7, length: 1, codePoint: 0x20)]),
    ])
    #expect(text.contains("**2 findings; everything was read**"))
    #expect(text.contains("| 1 | 0 | 1 |"))
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| error | `CN=") || $0.hasPrefix("| info | `CN=") }
    #expect(rows.count == 2 && rows[0].hasPrefix("| error") && rows[0].contains("U&#43;0020 SPACE"))
    #expect(rows[0].contains("`smtp:jo doe@contoso.com`") && rows[0].contains("`export.ldif:120:17`"))
  }

  @Test func theGravestComeFirstAndTheRestIsTold() throws {
    let text = try markdown([finding(severity: .info), finding(severity: .warning), finding()], limit: 2)
    #expect(text.contains("The 2 gravest of 3.") && text.contains("| error | `CN") && !text.contains("| info | `CN"))
  }

  @Test func incompleteReadingIsTold() throws {
    var coverage = Coverage.whole
    coverage.recordsLost = 1
    #expect(try markdown([], coverage: coverage).contains("⚠️ **No findings, but not everything was read**"))
  }

  @Test func valuesCannotLeaveTheirCells() throws {
    let hostile = hostileValues.map {
      finding(dn: "CN=\($0.text ?? "?"),DC=c", value: $0, suggestion: Suggestion(action: .replace, value: $0))
    }
    // The comment that ends a text behind an at sign is no markup of theirs.
    let text = try markdown(hostile).replacing("&#64;<!-- -->", with: "&#64;")
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| error | ") }
    #expect(rows.count == hostile.count)
    for row in rows { #expect(cells(row) == 7, "\(row)") }
    // Outside of code no markup, link, mention or tag is left but our own line breaks.
    let outside = text.replacing(/<code>[^<]*<\/code>/, with: "").replacing(/`[^`\n]*`/, with: "").replacing(
      "<br>", with: "")
    for mark in ["<", ">", "@", "](", "!["] { #expect(!outside.contains(mark), "\(mark)") }
    for code in text.matches(of: /<code>([^<]*)<\/code>/) { #expect(!code.1.contains(/[|\\`*_@\[\]]/)) }
  }

  /// Renderers look for addresses in what entities stand for, inside of code as well.
  @Test func addressesBecomeNoLinks() {
    var bytes: [UInt8] = []
    MarkdownText.append(code: "a|jo@contoso.com", to: &bytes)
    MarkdownText.append(words: " of jo@contoso.com", to: &bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.ranges(of: "&#64;<!-- -->contoso").count == 2 && !text.contains("@"))
  }

  /// What is safe for a terminal is not escaped once more.
  @Test func linesAboutWhatWasReadAreEscapedOnce() throws {
    var coverage = Coverage()
    coverage.gaps = ["class \u{0}@name"]
    let text = String(
      decoding: try report([], coverage: coverage) { MarkdownReport(output: $0) }, as: UTF8.self)
    #expect(text.contains("u&#123;0000&#125;") && !text.contains("005C"))
  }

  @Test func holdersOfDuplicates() throws {
    let text = try markdown([finding(related: (1...12).map { holder("CN=H\($0),DC=c") })])
    #expect(text.contains("<br>`CN=H10,DC=c`<br>and 2 more"))
  }
}
