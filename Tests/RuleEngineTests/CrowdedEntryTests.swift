import Findings
import RuleSet
import Testing

@testable import RuleEngine

/// Of what nobody but an attacker writes so much is found as fits into memory, and the rest is told.
@Suite struct CrowdedEntryTests {
  private static func entry(_ values: some Sequence<String>) -> String {
    "dn: CN=a,DC=c\nobjectClass: user\nsAMAccountName: a\n" + values.map { "mail: \($0)\n" }.joined()
  }

  private static let spaces = SampleRule("characters: { forbidden: [\" \"] }")

  @Test func moreFindingsThanAreKeptMakeTheRunIncomplete() throws {
    let limit = 500
    var options = try SampleRun.options()
    options.findingsOfEntry = limit
    let all = try SampleRun(Self.entry((0..<limit).map { "a \($0)" }), [Self.spaces], options: options)
    #expect(all.findings.count == limit && all.coverage.isComplete)
    let more = try SampleRun(Self.entry((0...limit).map { "a \($0)" }), [Self.spaces], options: options)
    #expect(more.findings.count == limit)
    #expect(
      more.coverage.gaps == ["1 entry has more than \(limit) findings, of which the others are left out"])
  }

  /// One fact is one finding, however many values an entry has.
  @Test func rulesGiveWayToOthersAmongManyValues() throws {
    let rules = try RuleCatalogue.load(.all).rules.filter { $0.attributes == ["proxyAddresses"] && $0.filter == nil }
    #expect(rules.contains { !$0.unless.isEmpty })
    func run(_ values: [String]) throws -> SampleRun {
      try SampleRun(
        "dn: CN=a,DC=c\nobjectClass: user\nsAMAccountName: a\n" + values.map { "proxyAddresses: \($0)\n" }.joined(),
        rules)
    }
    let values = (0..<120).flatMap { ["smtp:j o\($0)@x..local", "smtp:zoë\($0)@x.local"] }
    var many: [Int: Set<String>] = [:]
    for finding in try run(values).findings where finding.related.isEmpty {
      many[finding.valueIndex ?? -1, default: []].insert(finding.rule)
    }
    for index in [0, 1, 2, 239] {
      let alone = Set(try run([values[index]]).findings.compactMap { $0.valueIndex == 0 ? $0.rule : nil })
      #expect(!alone.isEmpty && many[index] == alone, "\(values[index])")
    }
  }

  @Test(arguments: ["characters: { forbidden: [\" \"] }", "sequence: { forbidden: [\" \"] }"])
  func aValueHasSoManyFlaggedPlaces(check: String) throws {
    let value = "a" + String(repeating: " b", count: Issue.mostPlaces + 5)
    let run = try SampleRun(Self.entry([value]), [SampleRule(check)])
    #expect(run.findings.first?.spans.count == Issue.mostPlaces)
  }

  /// The edges of a value as one would look for them by hand.
  @Test(arguments: ["start", "end", "edges"]) func edgesAreRuns(position: String) throws {
    let rule = SampleRule("characters: { forbidden: [\".\"], position: \(position) }")
    for value in ["...a.b..", "a", "....", ".a", "a.", "a.b", "..ä.."] {
      let run = try SampleRun(Self.entry([value]), [rule])
      let characters = Array(value)
      let leading = position == "end" ? 0 : characters.prefix { $0 == "." }.count
      let rest = characters.dropFirst(leading)
      let trailing = position == "start" ? 0 : rest.reversed().prefix { $0 == "." }.count
      let wanted = [(0, leading), (characters.count - trailing, trailing)].filter { $0.1 > 0 }
      let found = run.findings.flatMap(\.spans).map { [$0.offset, $0.length] }
      #expect(found == wanted.map { [$0.0, $0.1] }, "\(value)")
    }
  }
}
