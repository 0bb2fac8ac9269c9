import Directory
import Findings
import Foundation
import Testing

@testable import Reporting

/// Values by people who wish us ill through every format, read again by parsers that nobody here wrote.
///
/// `HOSTILE_MEGABYTES=10 swift test --filter HostileReportTests` takes so many of them.
@Suite struct HostileReportTests {
  private static let pieces: [[UInt8]] =
    [
      "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\"\"\"", "'", "\u{202E}\u{200F}\u{2066}", "\u{0}",
      "]]>", "</script>", "--><", "\r\n", "\n", "\r", "_x000D_", "_x005F_x000D_", "💥👩‍👩‍👧",
      "\u{1}\u{7}\u{8}\u{B}\u{C}\u{1B}[2J",
      "\u{FFFE}\u{FFFF}", "{{DATE(2026-02-14T06:00:00Z)}}", "<at>x</at>", "${x}", "\r\nBcc: all@contoso.com\r\n\r\n",
      "\r\n.\r\n", "--=_dirsync-lint--", "&#0;&amp;<![CDATA[", "http://attacker.invalid/", "file:///etc/passwd",
      ";=1;,=1",
      "\\u{0007}\\xFF", "\u{2028}\u{85}", "e\u{301}\u{301}", String(repeating: "x", count: 40_000),
    ].map { Array($0.utf8) } + [
      // A surrogate alone, an overlong slash, a byte of no character, a character that is cut.
      [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xFF], [0xF0, 0x9F, 0x92],
    ]

  /// Findings whose values have so many bytes together: each piece alone, then pieces in a row.
  private static func findings(bytes limit: Int) -> [Finding] {
    var findings: [Finding] = []
    var (bytes, state) = (0, UInt64(42))
    func make(_ value: [UInt8]) -> Finding {
      let text = String(decoding: value.prefix(300), as: UTF8.self)
      return finding(
        severity: Severity.allCases[findings.count % 3], dn: "CN=\(text),DC=contoso,DC=com",
        value: AttributeValue(value),
        message: "\(String(decoding: value, as: UTF8.self)) is bad",
        suggestion: Suggestion(action: .replace, value: AttributeValue(value)),
        related: [holder("OU=\(text),DC=c", value: text)])
    }
    for piece in pieces { findings.append(make(piece)) }
    while bytes < limit {
      var value: [UInt8] = []
      for _ in 0..<8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        value += pieces[Int(state >> 33) % pieces.count]
      }
      bytes += value.count
      findings.append(make(value))
    }
    return findings
  }

  /// What every format does with them, by the number of findings that its reader must come to.
  private static func count(_ value: JSON, _ format: ReportFormat, _ findings: Int) -> (found: Int?, expected: Int) {
    switch format {
    case .xlsx:
      let sheet = value["sheets"]?.array?.first { $0["name"]?.string == "Findings" }
      return (sheet?["rows"]?.array?.count, 2 * findings + 1)
    case .csv, .csvExcel: return (value.array?.count, 2 * findings + 1)
    case .ndjson: return (value.array?.count, findings)
    case .json: return (value["findings"]?.array?.count, findings)
    case .sarif: return (value["runs"]?.array?[0]["results"]?.array?.count, min(findings, SARIFReport.limit))
    case .junit: return (value.array?.count { $0.array?[0].string == "testcase" }, findings + 2)
    case .mail: return (value["parts"]?.array?.count, 2)
    case .adaptiveCard: return (value["type"]?.string == "AdaptiveCard" ? 1 : 0, 1)
    case .idfixCSV: return (value.array.map { $0.isEmpty ? 0 : 1 }, 1)
    case .text, .html, .markdown, .prometheus: return (nil, 0)
    }
  }

  @Test(arguments: ReportFormat.allCases)
  func everyFormatIsReadAgain(format: ReportFormat) throws {
    let megabytes = ProcessInfo.processInfo.environment["HOSTILE_MEGABYTES"].flatMap(Int.init)
    let findings = Self.findings(bytes: megabytes.map { $0 << 20 } ?? 100_000)
    let bytes = try report(findings, run: .sample) { format.make($0) }
    #expect(!bytes.isEmpty)
    switch format {
    case .text, .html, .markdown, .prometheus:
      // No parser: nothing that a terminal or a reader would obey is there, but for what a page is made of.
      let text = String(decoding: bytes, as: UTF8.self)
      let empty = String(decoding: try report([], run: .sample) { format.make($0) }, as: UTF8.self)
      #expect(text.utf8.count == bytes.count)
      let own = Set(empty.unicodeScalars)
      let foreign = Set(text.unicodeScalars.filter { !own.contains($0) && TerminalText.isEscaped($0) })
      // The data of a page keeps what is no character at all, which no browser obeys.
      #expect(foreign.filter { format != .html || $0.properties.generalCategory != .unassigned } == [])
      // No value ends a block of data of the page, or begins another script.
      if format == .html {
        #expect(text.ranges(of: "</script").count == text.ranges(of: "<script").count)
      }
    default:
      let value = try ForeignReader.read(bytes, as: format)
      let (found, expected) = Self.count(value, format, findings.count)
      #expect(found == expected)
    }
  }
}
