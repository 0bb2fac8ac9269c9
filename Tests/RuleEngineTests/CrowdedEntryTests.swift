import Findings
import Testing

@testable import RuleEngine

/// Of what nobody but an attacker writes so much is found as fits into memory, and the rest is told.
@Suite struct CrowdedEntryTests {
  private static func entry(_ values: some Sequence<String>) -> String {
    "dn: CN=a,DC=c\nobjectClass: user\nsAMAccountName: a\n" + values.map { "mail: \($0)\n" }.joined()
  }

  private static let spaces = SampleRule("characters: { forbidden: [\" \"] }")

  @Test func moreFindingsThanAreKeptMakeTheRunIncomplete() throws {
    let limit = Issue.mostOfEntry
    let all = try SampleRun(Self.entry((0..<limit).map { "a \($0)" }), [Self.spaces])
    #expect(all.findings.count == limit && all.coverage.isComplete)
    let more = try SampleRun(Self.entry((0...limit).map { "a \($0)" }), [Self.spaces])
    #expect(more.findings.count == limit)
    #expect(
      more.coverage.gaps == ["1 entry has more than \(limit) findings, of which the others are left out"])
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
