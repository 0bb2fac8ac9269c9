import Bytes
import Directory
import Findings
import Testing

@testable import Reporting

/// Findings and reports behind a `RedactingSink`.
@Suite struct RedactionTests {
  /// Keeps what it gets.
  private final class Kept {
    var run: RunDescription?
    var findings: [Finding] = []
    var coverage: Coverage?
  }
  private struct KeepingSink: FindingSink {
    let kept: Kept
    mutating func begin(_ run: RunDescription) throws { kept.run = run }
    mutating func receive(_ finding: Finding) throws { kept.findings.append(finding) }
    mutating func finish(coverage: Coverage, counts: FindingCounts) throws { kept.coverage = coverage }
  }

  private static let key = RedactionKey(0x0F1E_2D3C_4B5A_6978, 0x8796_A5B4_C3D2_E1F0)

  private func redacting(_ sink: any FindingSink) -> RedactingSink {
    RedactingSink(sink, key: Self.key) { ["com", "org", "de"].contains($0) }
  }

  private func redact(
    _ findings: [Finding], run: RunDescription = .sample, coverage: Coverage = .whole
  ) throws -> Kept {
    let kept = Kept()
    var sink = redacting(KeepingSink(kept: kept))
    try sink.begin(run)
    for finding in findings { try sink.receive(finding) }
    try sink.finish(coverage: coverage, counts: FindingCounts())
    return kept
  }

  private func text(_ value: AttributeValue?) -> String { value?.text ?? "" }

  @Test func whatMattersStays() throws {
    var original = finding(
      spans: [FlaggedSpan(offset: 7, length: 1, codePoint: 0x20)],
      message: "smtp:jo doe@contoso.com contains U+0020 SPACE",
      suggestion: Suggestion(action: .replace, value: AttributeValue("smtp:jodoe@contoso.com")), labels: ["Character"])
    original.state = .known
    original.firstSeen = "2026-11-03T02:00:00Z"
    let redacted = try redact([original]).findings[0]
    #expect(
      redacted.rule == original.rule && redacted.attribute == original.attribute && redacted.spans == original.spans)
    #expect(redacted.location.line == 120 && redacted.location.column == 17 && redacted.state == .known)
    #expect(redacted.annotation(Annotation.labels) == ["Character"] && redacted.firstSeen == original.firstSeen)
    let value = text(redacted.value)
    #expect(value.wholeMatch(of: /smtp:[a-z]{2} [a-z]{3}@[a-z]{7}\.com/) != nil)
    #expect(text(redacted.suggestion?.value) == value.replacing(" ", with: ""))
    #expect(redacted.message == "\(value) contains U+0020 SPACE")
    #expect(redacted.fingerprint != original.fingerprint && redacted.fingerprint.hexadecimal.count == 32)
  }

  @Test func suggestionsShowTheSameChange() throws {
    for (before, after, shape) in [
      ("smtp:müller@contoso.com", "smtp:muller@contoso.com", /smtp:[a-z]u[a-z]{4}@[a-z]{7}\.com/),
      ("smtp:groß@contoso.com", "smtp:gross@contoso.com", /smtp:[a-z]{3}ss@[a-z]{7}\.com/),
      ("jo@contoso.com", "smtp:jo@contoso.com", /smtp:[a-z]{2}@[a-z]{7}\.com/),
      ("smpt:jo@contoso.com", "smtp:jo@contoso.com", /smtp:[a-z]{2}@[a-z]{7}\.com/),
    ] {
      let redacted = try redact([
        finding(value: AttributeValue(before), suggestion: Suggestion(action: .replace, value: AttributeValue(after)))
      ]).findings[0]
      let suggestion = text(redacted.suggestion?.value)
      #expect(suggestion.wholeMatch(of: shape) != nil, "\(suggestion)")
      // Domain and name are those of the redacted value.
      let end = text(redacted.value).suffix(12)
      #expect(suggestion.hasSuffix(end))
    }
  }

  @Test func lettersOfOtherScriptsAreNamedAsTheyAreShown() throws {
    let redacted = try redact([
      finding(
        value: AttributeValue("jоhn@contoso.com"), spans: [FlaggedSpan(offset: 1, length: 1, codePoint: 0x43E)],
        message: "jоhn@contoso.com contains U+043E CYRILLIC SMALL LETTER O")
    ]).findings[0]
    let shown = try #require(Array(text(redacted.value).unicodeScalars).dropFirst().first)
    #expect((0x400...0x4FF).contains(shown.value) && redacted.spans[0].codePoint == shown.value)
    #expect(redacted.message.hasSuffix("contains \(CharacterName.description(of: shown.value))"))
  }

  @Test func messagesThatDoNotFitTheirTemplateAreReplacedByTheTitle() throws {
    let odd = finding(message: "Jo Doe did something")
    #expect(try redact([odd]).findings[0].message == "SMTP address has an illegal character")
    let unknown = finding(rule: "not-in-this-run", message: "Jo Doe did something")
    #expect(try redact([unknown]).findings[0].message == "what not-in-this-run says is left out")
  }

  @Test func numbersOfMessagesStay() throws {
    var run = RunDescription.sample
    let pieces: [MessageTemplate.Piece] = [
      .placeholder(.value), .text(" has "), .placeholder(.length), .text(" of "), .placeholder(.max), .text(" in "),
      .placeholder(.other), .text(", "), .placeholder(.holders), .text(" holders, "), .placeholder(.domain),
      .text("/"),
      .placeholder(.type), .text("/"), .placeholder(.part), .text("/"), .placeholder(.errors),
    ]
    run.rules[0] = RuleSummary(
      id: run.rules[0].id, title: run.rules[0].title, severity: .error, effect: .dropped, certainty: .documented,
      message: MessageTemplate(pieces: pieces))
    let original = finding(
      value: AttributeValue("smtp:jo@contoso.com"), spans: [FlaggedSpan(offset: 5, length: 2)],
      message: "smtp:jo@contoso.com has 70 of 64 in proxyAddresses, 1 holders, contoso.com/smtp/jo/Length",
      labels: ["Length"])
    let redacted = try redact([original], run: run).findings[0]
    let value = text(redacted.value)
    let (name, domain) = (value.dropFirst(5).prefix(2), value.dropFirst(8))
    #expect(redacted.message == "\(value) has 70 of 64 in proxyAddresses, 1 holders, \(domain)/smtp/\(name)/Length")
  }

  @Test func coverageAndRunLoseWhatMayNameSomebody() throws {
    var coverage = Coverage.whole
    coverage.gaps = ["contoso.ldif was not read"]
    coverage.remarks = ["CN=Jo Doe is suppressed by jo"]
    coverage.outOfScope = [
      .init(reason: "object class contosoBadge", count: 3), .init(reason: "object class computer", count: 1),
      .init(reason: "critical system object", count: 1, names: [AttributeValue("CN=Jo Doe,DC=contoso,DC=com")]),
    ]
    let kept = try redact([], coverage: coverage)
    let shown = try #require(kept.coverage)
    #expect(shown.entriesRead == 10 && shown.gaps.count == 1 && !shown.isComplete && shown.remarks.count == 1)
    #expect(!"\(shown)".contains("contoso") && !"\(shown)".contains("Jo Doe"))
    #expect(shown.outOfScope[1].reason == "object class computer")
    #expect(shown.outOfScope[2].names.count == 1)
    #expect(kept.run?.sources.allSatisfy { $0.hasPrefix("source-") } == true && kept.run?.rules.count == 2)
  }

  @Test func noOriginalSurvivesInAnyFormat() throws {
    // Every token here is made for this test, so that it is nowhere else in a report.
    let guid = GUID((0..<16).map { UInt8($0 * 13 + 7) })
    var original = finding(
      dn: #"CN=Quibbleton\, Zanthe (zq77),OU=Wexmoor+L=Blorpham,DC=vexatron,DC=snorkli"#,
      value: AttributeValue("smtp:zanthe quibbleton.müxwürth@vexatron.snorkli.com"),
      spans: [FlaggedSpan(offset: 11, length: 1, codePoint: 0x20)],
      message: "smtp:zanthe quibbleton.müxwürth@vexatron.snorkli.com contains U+0020 SPACE",
      suggestion: Suggestion(
        action: .replace, value: AttributeValue("smtp:zanthequibbleton.muxwurth@vexatron.snorkli.com")),
      related: [
        holder("CN=Gribnak,DC=vexatron,DC=com", value: "ploodle@vexatron.com"), holder(#"CN=\47ribnakki,DC=vexatron"#),
      ])
    original.objectGUID = guid
    original.objectClass = "frobnitzPerson"
    original.annotations = [Annotation(name: Annotation.commonName, values: ["Quibbleton, Zanthe"])]
    original.location.source = "/srv/wumpetch/drizzlop.ldif"
    original.related[0].location.source = "ldaps://krumbo.vexatron.com/DC=vexatron,DC=com"
    original.state = .suppressed
    original.suppression = Suppression(
      pattern: .init(rule: "x", object: "CN=Gribnak"), reason: "flimsterly reason", owner: "ownerton@vexatron.com",
      ticket: "TIKKO-4711", expires: CalendarDate("2027-03-31"))
    var second = original
    second.value = AttributeValue(Array("zanthe".utf8) + [0xFF] + Array("quibbleton".utf8))
    second.message = "Zanthe Quibbleton again"
    second.state = .gone
    var third = original
    third.value = AttributeValue("Иванович Фёдоров 李明天下 Ünlüçğş")
    third.spans = [FlaggedSpan(offset: 0, length: 8)]
    third.suggestion = Suggestion(action: .replace, value: AttributeValue("Zanthe Quibbleton"))
    let photo = AttributeValue([0xFF, 0xD8, 0xFF] + (0..<60).map { UInt8($0 * 11 % 256) })
    var fourth = original
    fourth.value = photo
    var coverage = Coverage.whole
    coverage.gaps = ["/srv/wumpetch/drizzlop.ldif was not read: wobbegong"]
    coverage.remarks = ["Gribnak"]
    coverage.outOfScope = [.init(reason: "object class frobnitzPerson", count: 1)]
    var run = RunDescription.sample
    run.sources = ["/srv/wumpetch/drizzlop.ldif", "ldaps://krumbo.vexatron.com/DC=vexatron"]
    run.hasStates = true

    var tokens: Set<String> = [
      "quibbleton", "zanthe", "zq77", "wexmoor", "blorpham", "vexatron", "snorkli", "müxwürth", "muxwurth", "gribnak",
      "ribnakki", "ploodle", "frobnitz", "wumpetch", "drizzlop", "krumbo", "flimsterly", "ownerton", "tikko", "4711",
      "wobbegong", "иванович", "фёдоров", "李明", "天下", "ünlüçğş", "0123456789abcdef", original.fingerprint.hexadecimal,
    ]
    tokens.insert(try #require(guid).description)
    tokens.insert(String(decoding: base64(photo.bytes), as: UTF8.self).lowercased())
    tokens.insert(String(decoding: base64(second.value?.bytes ?? []), as: UTF8.self).lowercased())
    let findings = [original, second, third, fourth]
    var options = ReportFormat.Options()
    options.detail.isVerbose = true
    options.width = 4000
    for format in ReportFormat.allCases {
      func text(_ make: (ReportOutput) -> any FindingSink) throws -> String {
        let bytes = try report(findings, coverage: coverage, run: run, make)
        return unescaped(format.isPacked ? Array(try ForeignReader.text(bytes, as: format).utf8) : bytes)
      }
      let open = try text { format.make($0, options) }
      let shown = try text { redacting(format.make($0, options)) }
      #expect(format.isCounting || tokens.count { open.contains($0) } > 5, "\(format) shows what it should hide")
      #expect(tokens.filter { shown.contains($0) } == [], "\(format)")
    }
  }

  private func base64(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.append(base64: bytes.span)
    return text
  }

  /// A report in lower case, with escapes of characters resolved, so that none hides a name.
  private func unescaped(_ bytes: [UInt8]) -> String {
    var text = String(decoding: bytes, as: UTF8.self)
    text = text.replacing(/&#(\d+);/) { match in
      UInt32(match.1).flatMap(Unicode.Scalar.init).map { String($0) } ?? ""
    }
    text = text.replacing(/\\u([0-9A-Fa-f]{4})/) { match in
      UInt32(match.1, radix: 16).flatMap(Unicode.Scalar.init).map { String($0) } ?? ""
    }
    return text.lowercased()
  }
}
