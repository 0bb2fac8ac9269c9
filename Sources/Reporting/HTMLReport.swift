import Bytes
import Directory
import Findings

/// The `html` format: one page that needs nothing else, with search, filters and a view of each finding.
///
/// The page is the parts under `Page/`, then data in blocks of JSON that no browser runs: a head, the findings some
/// hundred at a time as they come, and what was read. A content security policy allows exactly the page's own script and
/// style, by their hashes, and no request at all. In the data every `<`, `>` and `&` is written as `\u003C` and so on, so
/// that nothing in a value can end a block.
///
/// A page holds at most `limit` findings; the counts are of all, and the page says how many it leaves out. Of a value of
/// more than 4,096 bytes it holds the part around the first flagged character.
public struct HTMLReport: FindingSink {
  /// The most findings in a page: more would make browsers crawl.
  public static let limit = 200_000

  private let output: ReportOutput
  private let limit: Int
  private var block = HTMLFindingBlock()
  private var held = 0
  private var omitted = 0
  private var causes: [Cause] = []

  /// A report to an output.
  public init(output: ReportOutput, limit: Int = HTMLReport.limit) {
    self.output = output
    self.limit = limit
  }

  /// Writes the page up to the findings. Throws `ReportError`.
  public mutating func begin(_ run: RunDescription) throws {
    causes = run.causes
    var bytes: [UInt8] = []
    bytes.append(literal: "<!doctype html>\n<html lang=\"en\" data-theme=\"auto\">\n<head>\n<meta charset=\"utf-8\">\n")
    bytes.append(literal: "<meta http-equiv=\"Content-Security-Policy\" content=\"")
    bytes.append(EmbeddedPage.contentSecurityPolicy)
    bytes.append(literal: "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    bytes.append(
      literal: "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n")
    bytes.append(literal: "<title>dirsync-lint report</title>\n<style>")
    bytes.append(EmbeddedPage.style)
    bytes.append(literal: "</style>\n</head>\n<body>\n")
    bytes.append(EmbeddedPage.body)
    try output.write(bytes)
    try write(json: HTMLPageData.head(of: run), attributes: "id=\"run-data\"")
  }

  /// Keeps one finding, and writes those kept when there are many. Throws `ReportError`.
  public mutating func receive(_ finding: Finding) throws {
    guard held < limit else {
      omitted += 1
      return
    }
    held += 1
    block.add(finding)
    if block.isFull { try writeBlock() }
  }

  /// Writes the rest of the page. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    if block.count > 0 { try writeBlock() }
    try write(
      json: HTMLPageData.end(coverage: coverage, counts: counts, omitted: omitted), attributes: "id=\"end-data\"")
    var bytes: [UInt8] = []
    appendStaticSummary(coverage: coverage, counts: counts, to: &bytes)
    bytes.append(literal: "<script>")
    bytes.append(EmbeddedPage.script)
    bytes.append(literal: "</script>\n</body>\n</html>\n")
    try output.write(bytes)
    try output.flush()
  }

  private mutating func writeBlock() throws(ReportError) {
    try write(json: block.json(), attributes: "class=\"findings-data\" data-count=\"\(block.count)\"")
    block.clear()
  }

  /// Writes a block of data that cannot be ended from inside.
  private func write(json: [UInt8], attributes: String) throws(ReportError) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(json.count + 128)
    bytes.append("<script type=\"application/json\" \(attributes)>")
    for byte in json {
      switch byte {
      case UInt8(ascii: "<"): bytes.append(literal: "\\u003C")
      case UInt8(ascii: ">"): bytes.append(literal: "\\u003E")
      case UInt8(ascii: "&"): bytes.append(literal: "\\u0026")
      default: bytes.append(byte)
      }
    }
    bytes.append(literal: "</script>\n")
    try output.write(bytes)
  }

  /// What a reader without scripts gets: verdict and counts.
  private func appendStaticSummary(coverage: Coverage, counts: FindingCounts, to bytes: inout [UInt8]) {
    bytes.append(literal: "<noscript><div class=\"noscript\"><h1>Directory findings</h1><p>")
    HTMLText.append(CoverageText.verdict(for: coverage, findings: counts.total), to: &bytes)
    bytes.append(literal: "</p><ul>")
    for line in CoverageText.lines(for: coverage, namesLists: true) {
      bytes.append(literal: "<li>")
      HTMLText.append(line, to: &bytes)
      bytes.append(literal: "</li>")
    }
    for cause in causes {
      bytes.append(literal: "<li>")
      HTMLText.append(CauseText.line(for: cause), to: &bytes)
      bytes.append(literal: "</li>")
    }
    bytes.append(literal: "</ul><p>")
    let severities = Severity.allCases.reversed().map { "\($0.rawValue) \(grouped(counts.bySeverity[$0] ?? 0))" }
    HTMLText.append(severities.joined(separator: ", "), to: &bytes)
    bytes.append(
      literal: ". The findings themselves need a browser that runs the script of this page, or another format.</p>")
    bytes.append(literal: "</div></noscript>\n")
  }
}
