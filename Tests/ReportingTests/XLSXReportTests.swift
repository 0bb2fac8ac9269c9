import Directory
import Findings
import Testing

@testable import Reporting

@Suite struct XLSXReportTests {
  /// A workbook as openpyxl reads it.
  private struct Book {
    let value: JSON
    var sheets: [JSON] { value["sheets"]?.array ?? [] }
    var names: [String] { sheets.compactMap { $0["name"]?.string } }
    func rows(_ name: String) -> [[JSON]] {
      let sheet = sheets.first { $0["name"]?.string == name }
      return (sheet?["rows"]?.array ?? []).map { $0.array ?? [] }
    }
    /// The cells of a column, by its head.
    func column(_ head: String, of name: String) -> [JSON] {
      let rows = rows(name)
      guard let place = rows.first?.firstIndex(of: .string(head)) else { return [] }
      return rows.dropFirst().map { $0[place] }
    }
  }

  private func book(
    _ findings: [Finding], run: RunDescription = .sample, mostRows: Int = .max,
    tell: @escaping (String) -> Void = { _ in }
  ) throws -> Book {
    let bytes = try report(findings, run: run) { XLSXReport(output: $0, mostRows: mostRows, tell: tell) }
    return Book(value: try ForeignReader.read(bytes, as: .xlsx))
  }

  @Test func sheetsHaveHeadsAndFilters() throws {
    var run = RunDescription.sample
    run.causes = [
      Cause(
        kind: .domain, name: AttributeValue("contoso.local"), objectClass: "user", objects: 3, findings: 7,
        rules: ["a", "b"], remedy: "add a routable suffix")
    ]
    let book = try book([finding(), finding(severity: .warning, dn: "CN=B,DC=c")], run: run)
    #expect(book.names == ["Summary", "Causes", "Findings", "Objects"])
    #expect(book.sheets.map { $0["frozen"]?.string } == [nil, "A2", "A2", "A2"])
    #expect(book.sheets.map { $0["filter"]?.string } == [nil, "A1:G2", "A1:S3", "A1:H3"])
    #expect(book.column("remedy", of: "Causes") == [.string("add a routable suffix")])
    #expect(book.column("objects", of: "Causes") == [.number(3)])
    #expect(book.column("severity", of: "Findings") == [.string("error"), .string("warning")])
    #expect(book.column("line", of: "Findings") == [.number(120), .number(120)])
    #expect(book.value["created"]?.string == "2026-11-24T02:00:00")
    let summary = book.rows("Summary")
    #expect(summary.contains { $0.prefix(2) == [.string("Rule set"), .string("entra")] })
    #expect(summary.contains { $0.first == .string("Errors") && $0.contains(.number(1)) })
  }

  @Test func theSameFindingsGiveTheSameBytes() throws {
    var run = RunDescription.sample
    for time in ["", "2026-11-24T02:00:00Z"] {
      run.startedAt = time
      let books = try (0..<2).map { _ in try report([finding()], run: run) { XLSXReport(output: $0) } }
      #expect(books[0] == books[1])
    }
  }

  @Test func hostileValuesAreTexts() throws {
    let values =
      hostileValues + ["_x000D_", "_x005F_x000D_", "+1", "-1", "@SUM(1)", "\t=1", "007"].map { AttributeValue($0) }
    let book = try book(values.map { finding(dn: "CN=\($0.text ?? "?"),DC=c", value: $0, message: $0.text ?? "?") })
    let expected = values.map { value -> JSON in
      guard isUTF8(value.bytes) else { return .string("base64:" + base64(value.bytes)) }
      return value.bytes.isEmpty ? .null : .string(TerminalText.escape(value.bytes))
    }
    #expect(book.column("value", of: "Findings") == expected)
    for sheet in book.sheets {
      let kinds = (sheet["kinds"]?.array ?? []).compactMap(\.string)
      #expect(kinds.allSatisfy { ["s", "n", "inlineStr"].contains($0) }, "\(kinds)")
      #expect(sheet["links"] == .number(0))
    }
  }

  private func base64(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.append(base64: bytes.span)
    return String(decoding: text, as: UTF8.self)
  }

  @Test func fullSheetsGoOnInTheNext() throws {
    var told: [String] = []
    let group = finding(related: [holder("CN=A,DC=c"), holder("CN=B,DC=c"), holder("CN=C,DC=c")])
    let book = try book([group, finding()], mostRows: 3) { told.append($0) }
    #expect(book.names == ["Summary", "Causes", "Findings", "Findings 2", "Findings 3", "Objects"])
    #expect(book.column("holder", of: "Findings 2") == [.number(3), .number(4)])
    #expect(book.rows("Findings 3").count == 2 && book.rows("Objects").count == 3)
    #expect(told.count == 2 && told[0].contains("Findings 3") && told[1].contains("2 are left out"))
    let summary = book.rows("Summary").filter { $0.first == .string("Workbook") }
    #expect(summary.map { $0[1].string } == told)
  }

  @Test func whatACellCannotHoldIsCutAndTold() throws {
    var told: [String] = []
    let long = AttributeValue(String(repeating: "💥", count: 20_000))
    let book = try book([finding(value: long)]) { told.append($0) }
    let cell = book.column("value", of: "Findings").first?.string ?? ""
    #expect(cell.hasSuffix("💥… [cut: 80,000 bytes in all]") && cell.utf16.count <= 32_767 && cell.utf16.count > 32_760)
    #expect(told.count == 1 && told[0].hasPrefix("1 text was cut"))
  }

  @Test func objectsAreCountedOnce() throws {
    var accepted = finding(dn: "CN=B,DC=c")
    accepted.state = .suppressed
    var gone = finding(dn: "CN=Gone,DC=c")
    gone.state = .gone
    let shared = finding(
      rule: "shared", severity: .warning, effect: .altered, dn: "CN=A,DC=c", related: [holder("CN=B,DC=c")])
    let book = try book([shared, accepted, finding(dn: "CN=C,DC=c"), finding(severity: .info, dn: "cn=a, dc=c"), gone])
    let rows = book.rows("Objects").dropFirst().map { row in row.map { $0.string ?? "\($0)" } }
    #expect(
      rows.map { [$0[0], $0[7]] } == [
        ["CN=C,DC=c", "proxy-address-illegal-character"], ["CN=A,DC=c", "shared"], ["CN=B,DC=c", "shared"],
      ])
    #expect(book.column("warnings", of: "Objects") == [.number(0), .number(1), .number(1)])
    #expect(book.column("information", of: "Objects") == [.number(0), .number(1), .number(0)])
    #expect(book.column("accepted", of: "Objects") == [.number(0), .number(0), .number(1)])
  }
}
