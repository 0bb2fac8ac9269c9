import Directory
import Findings
import Foundation

@testable import Reporting

/// `0123456789abcdef0123456789abcdef`.
let sampleFingerprint = Fingerprint(low: 0xEFCD_AB89_6745_2301, high: 0xEFCD_AB89_6745_2301)

/// A finding with defaults for everything.
func finding(
  rule: String = "proxy-address-illegal-character", severity: Severity = .error, effect: Effect = .dropped,
  dn: String = "CN=Jo Doe,OU=Staff,DC=contoso,DC=com", attribute: String = "proxyAddresses",
  value: AttributeValue? = AttributeValue("smtp:jo doe@contoso.com"), spans: [FlaggedSpan] = [],
  message: String = "the value contains U+0020 SPACE", suggestion: Suggestion? = nil, line: Int? = 120,
  related: [RelatedValue] = [], labels: [String] = []
) -> Finding {
  Finding(
    rule: rule, severity: severity, effect: effect, certainty: .documented, dn: AttributeValue(dn), objectGUID: nil,
    objectClass: "user", attribute: attribute, value: value, valueIndex: 1, spans: spans, message: message,
    suggestion: suggestion, location: SourceLocation(source: "export.ldif", line: line, column: line.map { _ in 17 }),
    related: related, fingerprint: sampleFingerprint,
    annotations: labels.isEmpty ? [] : [Annotation(name: Annotation.labels, values: labels)])
}

/// Another holder of a value.
func holder(_ dn: String, attribute: String = "mail", value: String = "jo@contoso.com", line: Int = 200) -> RelatedValue
{
  RelatedValue(
    dn: AttributeValue(dn), objectGUID: nil, objectClass: "group", attribute: attribute, value: AttributeValue(value),
    location: SourceLocation(source: "export.ldif", line: line, column: 7))
}

/// What a format makes of findings.
func report(
  _ findings: [Finding], coverage: Coverage = .whole, asTerminal: Bool = false,
  run: RunDescription = RunDescription(version: "1.0", ruleSet: "entra", sources: ["export.ldif"]),
  _ makeSink: (ReportOutput) -> any FindingSink
) throws -> [UInt8] {
  let output = ReportOutput(inMemoryAsTerminal: asTerminal)
  var sink = makeSink(output)
  var tally = FindingTally()
  try sink.begin(run)
  for finding in findings {
    try sink.receive(finding)
    tally.count(finding)
  }
  try sink.finish(coverage: coverage, counts: tally.counts)
  return output.bytes
}

/// What the text format makes of findings.
func textReport(
  _ findings: [Finding], coverage: Coverage = .whole, usesColour: Bool = false, isVerbose: Bool = false,
  minimum: Severity = .info, limit: Int? = nil, isSummary: Bool = false, leavesOutKnown: Bool = false,
  files: [String] = [], width: Int = 100
) throws -> String {
  var detail = TextDetail()
  detail.isVerbose = isVerbose
  detail.minimum = minimum
  detail.limit = limit
  detail.isSummary = isSummary
  detail.leavesOutKnown = leavesOutKnown
  detail.files = files
  let bytes = try report(findings, coverage: coverage) {
    TextReport(output: $0, usesColour: usesColour, detail: detail, width: width)
  }
  return String(decoding: bytes, as: UTF8.self)
}

extension Coverage {
  /// Everything of ten entries was read.
  static var whole: Coverage {
    var coverage = Coverage()
    coverage.entriesRead = 10
    return coverage
  }
}

/// A file under `Docs/` of the repository.
func documentation(_ name: String) throws -> [UInt8] {
  let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
  return Array(try Data(contentsOf: folder.appending(path: "../../Docs/\(name)").standardizedFileURL))
}

/// Reads CSV strictly (RFC 4180): CRLF after each row, quotes only around whole cells.
func parseCSV(_ bytes: [UInt8]) -> [[[UInt8]]]? {
  var rows: [[[UInt8]]] = []
  var row: [[UInt8]] = []
  var index = 0
  while index < bytes.count {
    var cell: [UInt8] = []
    if bytes[index] == UInt8(ascii: "\"") {
      index += 1
      while true {
        guard index < bytes.count else { return nil }
        if bytes[index] == UInt8(ascii: "\"") {
          index += 1
          guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { break }
        }
        cell.append(bytes[index])
        index += 1
      }
    } else {
      let start = index
      while index < bytes.count, bytes[index] != 0x2C, bytes[index] != 0x0D, bytes[index] != 0x0A {
        if bytes[index] == 0x22 { return nil }
        index += 1
      }
      cell = Array(bytes[start..<index])
    }
    row.append(cell)
    guard index < bytes.count else { return nil }
    if bytes[index] == UInt8(ascii: ",") {
      index += 1
      // An empty cell at the end of the row.
      if bytes[index...].starts(with: [0x0D, 0x0A]) { row.append([]) } else { continue }
    }
    guard bytes[index...].starts(with: [0x0D, 0x0A]) else { return nil }
    index += 2
    rows.append(row)
    row = []
  }
  return rows
}

extension ReportFormat {
  /// Whether its bytes do not show what is in it.
  var isPacked: Bool { [.xlsx, .mail].contains(self) }
}

/// The cells as text.
func csvRows(_ bytes: [UInt8]) -> [[String]] {
  (parseCSV(bytes) ?? []).map { $0.map { String(decoding: $0, as: UTF8.self) } }
}

extension RunDescription {
  /// A run with two rules.
  static let sample = RunDescription(
    version: "1.0", ruleSet: "entra", sources: ["export.ldif"], startedAt: "2026-11-24T02:00:00Z",
    rules: [
      RuleSummary(
        id: "proxy-address-illegal-character", title: "SMTP address has an illegal character", severity: .error,
        effect: .dropped, certainty: .documented, attributes: ["proxyAddresses"], explanation: "It is left out.",
        references: ["https://example.com/rule"],
        message: MessageTemplate(pieces: [.placeholder(.value), .text(" contains "), .placeholder(.characters)])),
      RuleSummary(
        id: "quiet-rule", title: "A rule [that] finds {nothing}", severity: .warning, effect: .advice,
        certainty: .inferred, attributes: ["mail"], explanation: "", references: []),
    ])
}

/// Values by people who wish us ill.
let hostileValues: [AttributeValue] =
  [
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<!--<script>", "]]>", "&amp;&#60;", "a|b",
    "a\\|b",
    "`code`", "| --- |", "@admin", "[x](javascript:alert(1))", "![x](https://attacker.invalid/x.png)", "https://a.b/c",
    "*bold* _it_ ~no~", "<img src=x onerror=alert(1)>", "\u{202E}evil", "\u{0}\u{1}\u{8}\u{B}\u{1B}[31m", "a\nb\r\nc",
    "\u{2028}\u{2029}", "\u{85}\u{200B}\u{FEFF}", "'\"", "=cmd|' /C calc'!A0", "", " ",
    "\\",
    "💥\u{E000}", "{0} {{1}}", "%s%n", String(repeating: "<|`@", count: 3000),
  ].map { AttributeValue($0) } + [
    // Noncharacters, which XML does not have.
    AttributeValue([0xEF, 0xBF, 0xBE, 0xEF, 0xBF, 0xBF, 0xEF, 0xB7, 0x90]),
    AttributeValue([0xFF, 0x00, 0x3C, 0x80]), AttributeValue([0xC3]),
  ]
