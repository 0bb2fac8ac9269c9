import Bytes
import Directory
import Findings

/// The `html` format: one page that needs nothing else, with search, filters and a view of each finding.
///
/// The page is the parts under `Page/`, filled in by `HTMLSummary` with what can be read without scripts, then data in blocks of
/// JSON that no browser runs: a head, the findings some hundred at a time, and how much was found. A content security policy
/// allows exactly the page's own script and style, by their hashes, and no request at all. In the data every `<`, `>` and `&` is
/// written as `\u003C` and so on, so that nothing in a value can end a block.
///
/// The blocks wait in a temporary file, as the page begins with what came of all of them. A page holds at most `limit` findings;
/// the counts are of all, and the page says how many it leaves out. Of a value of more than 4,096 bytes it holds the part
/// around the first flagged character.
public struct HTMLReport: FindingSink {
  /// The most findings in a page: more would make browsers crawl.
  public static let limit = 200_000

  private let output: ReportOutput
  private let limit: Int
  private let spool = Spool(memoryLimit: 4 * 1024 * 1024)
  private var blocks: [Range<Int>] = []
  private var block = HTMLFindingBlock()
  private var held = 0
  private var summary = HTMLSummary()

  /// A report to an output.
  public init(output: ReportOutput, limit: Int = HTMLReport.limit) {
    self.output = output
    self.limit = limit
  }

  /// Writes nothing: the page begins with what is not known yet.
  public mutating func begin(_ run: RunDescription) throws { summary.run = run }

  /// Puts one finding aside. Throws `SpoolFailure`.
  public mutating func receive(_ finding: Finding) throws {
    summary.add(finding)
    guard held < limit else {
      summary.omitted += 1
      return
    }
    held += 1
    block.add(finding)
    if block.isFull { try putAside() }
  }

  /// Writes the page. Throws `ReportError`, `SpoolFailure`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    if block.count > 0 { try putAside() }
    summary.coverage = coverage
    summary.counts = counts
    summary.held = held
    var bytes: [UInt8] = []
    appendHead(to: &bytes)
    summary.appendBody(EmbeddedPage.body, to: &bytes)
    try output.write(bytes)
    try output.write(Self.script(HTMLPageData.head(of: summary.run), attributes: "id=\"run-data\""))
    for range in blocks {
      try spool.read(range, into: &bytes)
      try output.write(bytes)
    }
    try output.write(
      Self.script(
        HTMLPageData.end(coverage: coverage, counts: counts, omitted: summary.omitted), attributes: "id=\"end-data\""))
    bytes.removeAll()
    bytes.append(literal: "<script>")
    bytes.append(EmbeddedPage.script)
    bytes.append(literal: "</script>\n</body>\n</html>\n")
    try output.write(bytes)
    try output.flush()
  }

  private func appendHead(to bytes: inout [UInt8]) {
    bytes.append(literal: "<!doctype html>\n<html lang=\"en\" data-theme=\"auto\">\n<head>\n<meta charset=\"utf-8\">\n")
    bytes.append(literal: "<meta http-equiv=\"Content-Security-Policy\" content=\"")
    bytes.append(EmbeddedPage.contentSecurityPolicy)
    bytes.append(literal: "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    bytes.append(
      literal: "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n<title>")
    HTMLText.append(summary.documentTitle, to: &bytes)
    bytes.append(literal: "</title>\n<style>")
    bytes.append(EmbeddedPage.style)
    bytes.append(literal: "</style>\n</head>\n<body>\n")
  }

  private mutating func putAside() throws {
    let bytes = Self.script(block.json(), attributes: "class=\"findings-data\" data-count=\"\(block.count)\"")
    let start = try spool.append(bytes.span)
    blocks.append(start..<start + bytes.count)
    block.clear()
  }

  /// A block of data that cannot be ended from inside.
  private static func script(_ json: [UInt8], attributes: String) -> [UInt8] {
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
    return bytes
  }
}
