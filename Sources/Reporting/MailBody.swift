import Bytes
import Directory
import Findings

/// The bodies of a mail: what a reader sees.
///
/// The HTML is of tables with their styles in each element, which is what all mail programs show; it loads nothing.
enum MailBody {
  private static let longestValue = 200
  private static let longestMessage = 400

  // MARK: - Text

  /// The body as text, lines ended as in mail.
  static func text(of digest: Digest) -> [UInt8] {
    var bytes: [UInt8] = []
    line(digest.title, to: &bytes)
    if let headline = digest.headline { line(headline + ".", to: &bytes) }
    line(digest.verdict + ".", to: &bytes)
    line("", to: &bytes)
    for tile in digest.tiles { line("\(tile.label): \(tile.count) (\(tile.hint))", to: &bytes) }
    if !digest.causes.isEmpty {
      for text in ["", "Causes"] + digest.causes.map({ "- \($0)" }) { line(text, to: &bytes) }
    }
    if !digest.findings.isEmpty {
      for text in ["", heading(of: digest)] { line(text, to: &bytes) }
      for finding in digest.findings { append(finding, to: &bytes) }
    }
    if let rest = rest(of: digest) { for text in ["", rest] { line(text, to: &bytes) } }
    for text in [""] + digest.coverageLines {
      // These are escaped already.
      bytes.append(text)
      bytes.append(literal: "\r\n")
    }
    for fact in digest.facts { line(fact, to: &bytes) }
    return bytes
  }

  private static func append(_ finding: Finding, to bytes: inout [UInt8]) {
    line("- \(finding.severity.rawValue): ", cut(finding.dn.bytes), to: &bytes)
    let value = finding.value.map { Array(": ".utf8) + cut($0.bytes) } ?? []
    line("  \(finding.attribute)", value, to: &bytes)
    line("  ", cut(Array(finding.message.utf8), longestMessage), to: &bytes)
    if let change = finding.suggestedChange(limit: longestValue) { line("  suggestion: ", change, to: &bytes) }
  }

  private static func line(_ text: String, _ value: [UInt8] = [], to bytes: inout [UInt8]) {
    TerminalText.append(Array(text.utf8) + value, to: &bytes)
    bytes.append(literal: "\r\n")
  }

  private static func cut(_ text: [UInt8], _ limit: Int = longestValue) -> [UInt8] {
    TextCut.cut(text, limit: limit)
  }

  private static func heading(of digest: Digest) -> String {
    "The \(counted(digest.findings.count, "gravest finding", "gravest findings"))"
  }

  private static func rest(of digest: Digest) -> String? {
    let rest = digest.counts.total - digest.findings.count
    return rest > 0 ? "\(counted(rest, "more finding is", "more findings are")) in the other reports of this run" : nil
  }

  // MARK: - HTML

  /// The body as HTML.
  static func html(of digest: Digest) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(literal: "<!DOCTYPE html>\r\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
    HTMLText.append(digest.title, to: &bytes)
    bytes.append(
      literal: "</title></head>\r\n<body style=\"margin:0;padding:16px;font-family:Segoe UI,Arial,sans-serif;")
    bytes.append(literal: "font-size:14px;color:#1f2328;background-color:#ffffff\">\r\n")
    append("h1", "font-size:20px;margin:0 0 8px 0", digest.title, to: &bytes)
    if let headline = digest.headline { append("p", "font-size:16px;margin:0 0 4px 0", headline, to: &bytes) }
    append("p", "margin:0 0 16px 0;color:#57606a", digest.verdict, to: &bytes)
    append(digest.tiles, to: &bytes)
    append(causes: digest.causes, to: &bytes)
    append(findingsOf: digest, to: &bytes)
    for line in digest.coverageLines + digest.facts {
      append("p", "margin:0 0 2px 0;font-size:12px;color:#57606a", line, to: &bytes)
    }
    bytes.append(literal: "</body></html>\r\n")
    return bytes
  }

  /// The start of a table; in a wide one, no column grows with a long value.
  private static func table(isWide: Bool) -> String {
    "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"\(isWide ? " width=\"100%\"" : "") "
      + "style=\"border-collapse:collapse;margin:0 0 16px 0\(isWide ? ";table-layout:fixed;width:100%" : "")\">"
  }

  private static let cell =
    "padding:6px 10px;border:1px solid #d0d7de;vertical-align:top;text-align:left;word-break:break-word;word-wrap:break-word"

  private static func append(_ element: String, _ style: String, _ text: String, to bytes: inout [UInt8]) {
    append(element, style, Array(text.utf8), to: &bytes)
  }

  private static func append(_ element: String, _ style: String, _ text: [UInt8], to bytes: inout [UInt8]) {
    bytes.append("<\(element) style=\"\(style)\">")
    HTMLText.append(text, to: &bytes)
    bytes.append("</\(element)>\r\n")
  }

  private static func append(_ tiles: [SummaryTile], to bytes: inout [UInt8]) {
    bytes.append("\(table(isWide: false))<tr>\r\n")
    for tile in tiles {
      bytes.append("<td style=\"\(cell)\">")
      append("div", "font-size:20px;font-weight:bold;color:\(colour(of: tile))", tile.count, to: &bytes)
      append("div", "font-size:13px", tile.label, to: &bytes)
      append("div", "font-size:12px;color:#57606a", tile.hint, to: &bytes)
      bytes.append(literal: "</td>\r\n")
    }
    bytes.append(literal: "</tr></table>\r\n")
  }

  private static func colour(of tile: SummaryTile) -> String {
    switch tile.kind {
    case .findings(let severity) where tile.count != "0": colour(of: severity)
    case .findings, .clean, .objects: "#1f2328"
    }
  }

  private static func colour(of severity: Severity) -> String {
    switch severity {
    case .error: "#b42318"
    case .warning: "#8a5a00"
    case .info: "#0b5cad"
    }
  }

  private static func append(causes: [String], to bytes: inout [UInt8]) {
    guard !causes.isEmpty else { return }
    append("h2", "font-size:16px;margin:0 0 4px 0", "Causes", to: &bytes)
    bytes.append(literal: "<ul style=\"margin:0 0 16px 0;padding:0 0 0 20px\">\r\n")
    for cause in causes { append("li", "margin:0 0 2px 0", cause, to: &bytes) }
    bytes.append(literal: "</ul>\r\n")
  }

  private static func append(findingsOf digest: Digest, to bytes: inout [UInt8]) {
    guard !digest.findings.isEmpty else { return }
    append("h2", "font-size:16px;margin:0 0 4px 0", heading(of: digest), to: &bytes)
    bytes.append("\(table(isWide: true))<tr>\r\n")
    for (head, width) in [("Severity", 9), ("Object", 23), ("Value", 25), ("Finding", 25), ("Suggestion", 18)] {
      append("th", "\(cell);background-color:#f6f8fa;width:\(width)%", head, to: &bytes)
    }
    bytes.append(literal: "</tr>\r\n")
    for finding in digest.findings { append(row: finding, to: &bytes) }
    bytes.append(literal: "</table>\r\n")
    if let rest = rest(of: digest) { append("p", "margin:0 0 16px 0", rest, to: &bytes) }
  }

  private static func append(row finding: Finding, to bytes: inout [UInt8]) {
    let code = "font-family:Consolas,monospace;font-size:13px"
    let severity = finding.severity
    bytes.append(literal: "<tr>\r\n")
    append("td", "\(cell);font-weight:bold;color:\(colour(of: severity))", severity.rawValue, to: &bytes)
    append("td", cell, cut(finding.dn.bytes), to: &bytes)
    bytes.append("<td style=\"\(cell)\">")
    append("div", "font-size:12px;color:#57606a", finding.attribute, to: &bytes)
    if let value = finding.value { append("div", code, cut(value.bytes), to: &bytes) }
    bytes.append(literal: "</td>\r\n")
    append("td", cell, cut(Array(finding.message.utf8), longestMessage), to: &bytes)
    append("td", "\(cell);\(code)", finding.suggestedChange(limit: longestValue) ?? [], to: &bytes)
    bytes.append(literal: "</tr>\r\n")
  }
}
