import Directory
import Findings
import Testing

@testable import Reporting

@Suite struct AdaptiveCardReportTests {
  /// All texts of a card, and the types of its elements.
  private struct Card {
    var texts: [String] = []
    var types: Set<String> = []
    let size: Int
    let value: JSON
    var text: String { texts.joined(separator: "\n") }

    init(_ bytes: [UInt8]) throws {
      size = bytes.count
      value = try JSON(parsing: bytes)
      collect(value)
    }

    private mutating func collect(_ value: JSON) {
      switch value {
      case .object(let members):
        if let text = members["text"]?.string { texts.append(text) }
        if let type = members["type"]?.string { types.insert(type) }
        for member in members.values { collect(member) }
      case .array(let elements): for element in elements { collect(element) }
      default: break
      }
    }
  }

  private func card(
    _ findings: [Finding], coverage: Coverage = .whole, run: RunDescription = .sample,
    tell: @escaping (String) -> Void = { _ in }
  ) throws -> Card {
    try Card(report(findings, coverage: coverage, run: run) { AdaptiveCardReport(output: $0, tell: tell) })
  }

  private let elements: Set = ["AdaptiveCard", "RichTextBlock", "TextRun", "ColumnSet", "Column", "Container"]

  @Test func aCardSaysWhatTheRunCameTo() throws {
    let replaced = finding(suggestion: Suggestion(action: .replace, value: AttributeValue("smtp:jodoe@contoso.com")))
    let card = try card([replaced, finding(severity: .warning, dn: "CN=B,DC=c")])
    #expect(card.value["version"]?.string == "1.4" && card.types == elements)
    for part in [
      "2 addresses are lost", "CN=Jo Doe,OU=Staff,DC=contoso,DC=com", "smtp:jo doe@contoso.com",
      "smtp:jodoe@contoso.com",
      "the value contains U+0020 SPACE", "The 2 gravest findings", "rule set entra, dirsync-lint 1.0",
      "looked at 2026-11-24 02:00 UTC", "10 of 10 entries read",
    ] { #expect(card.text.contains(part), "\(part)") }
    #expect(!card.text.contains("Not on this card"))
  }

  @Test func whatHasNoPlaceIsTold() throws {
    var told: [String] = []
    let long = AttributeValue(String(repeating: "\u{7}\u{202E}", count: 500))
    let findings = (0..<60).map {
      finding(dn: "CN=U\($0),DC=c", value: long, message: String(repeating: "\u{1B}", count: 400))
    }
    var run = RunDescription.sample
    run.title = String(repeating: "\u{7}", count: 1000)
    run.sources = [String(repeating: "\u{7}", count: 1000)]
    run.causes = (0..<10).map {
      Cause(
        kind: .domain, name: AttributeValue("d\($0)" + String(repeating: "\u{8}", count: 500)), objectClass: "user",
        objects: 3, findings: 7, rules: ["a"], remedy: "add a routable suffix")
    }
    var coverage = Coverage.whole
    coverage.gaps = (0..<50).map { "gap \($0) " + String(repeating: "\u{7}", count: 300) }
    let card = try card(findings, coverage: coverage, run: run) { told.append($0) }
    #expect(card.size <= AdaptiveCardReport.limit && card.size > 20_000)
    #expect(card.texts.contains { $0.hasPrefix("Not on this card: ") && $0.contains("more findings") })
    #expect(card.text.contains("more remarks on what was read"))
    #expect(told.count == 1 && told[0].hasPrefix("a card holds 27,000 bytes: "))
  }

  @Test func sixtyFindingsAreTwentyAndANumber() throws {
    var told: [String] = []
    let card = try card((0..<60).map { finding(dn: "CN=U\($0),DC=c") }) { told.append($0) }
    #expect(card.text.contains("Not on this card: 40 more findings") && told.isEmpty)
  }

  @Test func hostileValuesAreText() throws {
    let marks = [
      "<at>Jo</at>", "<AT id=1>", "{{DATE(2026-02-14T06:00:00Z)}}", "{{{TIME(x)}}}", "${user}",
      "https://attacker.invalid",
      "[x](javascript:alert(1))", "**b**", "\\u{003C}at>",
    ]
    for value in hostileValues + marks.map({ AttributeValue($0) }) {
      let text = value.text ?? "?"
      let card = try card([finding(dn: "CN=\(text),DC=c", value: value, message: text)])
      #expect(card.types == elements && card.size <= AdaptiveCardReport.limit)
      for text in card.texts {
        let text = text.lowercased()
        for mark in ["<at", "</at", "{{", "${", "://"] { #expect(!text.contains(mark)) }
        #expect(text.unicodeScalars.allSatisfy { !TerminalText.isEscaped($0) })
      }
    }
  }
}
