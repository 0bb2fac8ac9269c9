import Findings
import Foundation
import Testing

@testable import Workbench

@Suite struct LintJobTests {
  private static func settings(_ sources: String..., format: String = "ndjson") -> LintSettings {
    var settings = LintSettings()
    settings.sources = sources
    settings.reports.format = format
    return settings
  }

  @Test func everyFindingOfTheSampleIsCountedAndReported() throws {
    let expected = try String(
      contentsOfFile: Scratch.sample.replacing("directory.ldif", with: "expected.ndjson"), encoding: .utf8)
    let desk = Desk()
    let (outcome, text) = desk.run(LintJob(Self.settings(Scratch.sample)))
    #expect(text.replacing(Scratch.sample, with: "Fixtures/sample/directory.ldif") == expected)
    #expect(outcome.status == .findings)
    #expect(outcome.counts?.total == expected.split(separator: "\n").count)
    #expect(outcome.coverage?.isComplete == true)
  }

  @Test func aRunIsJudgedByItsThreshold() throws {
    try Scratch.folder { folder in
      let source = try Scratch.file(Scratch.twoEntries, "export.ldif", in: folder)
      var settings = Self.settings(source)
      let (outcome, text) = Desk().run(LintJob(settings))
      #expect(outcome.status == .findings)
      #expect(outcome.counts?.total == text.split(separator: "\n").count)
      settings.rules.ruleSet = "none"
      let (empty, nothing) = Desk().run(LintJob(settings))
      #expect(empty.status == .clean)
      #expect(nothing.isEmpty)
      #expect(empty.coverage?.entriesRead == 2)
    }
  }

  @Test func whatWasNotReadInFullIsPartialUnlessThatIsAllowed() throws {
    try Scratch.folder { folder in
      let source = try Scratch.file("dn: CN=A,DC=contoso,DC=com\ncn: A\nno line\n\n", "export.ldif", in: folder)
      var settings = Self.settings(source)
      settings.rules.ruleSet = "none"
      let desk = Desk()
      #expect(desk.run(LintJob(settings)).outcome.status == .partial)
      let problems = desk.events.filter { if case .problem = $0 { true } else { false } }
      #expect(problems.count == 1)
      settings.allowsPartial = true
      #expect(Desk().run(LintJob(settings)).outcome.status == .clean)
    }
  }

  @Test func aSourceThatIsNotThereIsUnavailable() {
    let desk = Desk()
    let (outcome, _) = desk.run(LintJob(Self.settings("/nowhere/export.ldif")))
    #expect(outcome.status == .unavailable)
    #expect(
      desk.events.contains { if case .failure(let text) = $0 { text.contains("/nowhere/export.ldif") } else { false } })
  }

  @Test func aCancelledRunSaysSoAndIsNotComplete() throws {
    try Scratch.folder { folder in
      // Larger than a block, so that the run is asked again after its first one.
      let entries = (0..<60_000).map {
        "dn: CN=\($0),DC=contoso,DC=com\nobjectClass: user\ncn: \(String(repeating: "x", count: 300))\n\n"
      }
      let source = try Scratch.file(entries.joined(), "export.ldif", in: folder)
      let (outcome, _) = Desk().run(LintJob(Self.settings(source)), cancelsAtFirstEvent: true)
      #expect(outcome.status == .interrupted)
      #expect(outcome.coverage?.isInterrupted == true)
      #expect((outcome.coverage?.entriesRead ?? 0) < 60_000)
    }
  }

  @Test func anOptionThatMeansNothingIsToldAsUsage() {
    var settings = Self.settings(Scratch.sample)
    settings.failOn = .news
    let desk = Desk()
    #expect(desk.run(LintJob(settings)).outcome.status == .usage)
    #expect(desk.events == [.usage("--fail-on new needs to know what is not new: --baseline REPORT, or `audit run`")])
  }

  @Test func aBaselineTellsNewFromKnown() throws {
    try Scratch.folder { folder in
      let source = try Scratch.file(Scratch.twoEntries, "export.ldif", in: folder)
      let (_, first) = Desk().run(LintJob(Self.settings(source)))
      let report = try Scratch.file(first, "first.ndjson", in: folder)
      var settings = Self.settings(source)
      settings.failOn = .news
      let (same, _) = Desk().run(LintJob(settings, baseline: report))
      #expect(same.status == .clean)
      #expect(same.counts?.byState[.known] == same.counts?.total)
      let empty = try Scratch.file("", "empty.ndjson", in: folder)
      #expect(Desk().run(LintJob(settings, baseline: empty)).outcome.status == .findings)
    }
  }

  @Test func reportsToFilesAreWhole() throws {
    try Scratch.folder { folder in
      let source = try Scratch.file(Scratch.twoEntries, "export.ldif", in: folder)
      var settings = Self.settings(source)
      let target = folder.appending(path: "findings.csv").path
      settings.reports.outputs = ["csv:\(target)"]
      let (outcome, _) = Desk().run(LintJob(settings))
      let rows = try String(contentsOfFile: target, encoding: .utf8).split(separator: "\r\n")
      #expect(rows.count == (outcome.counts?.total ?? 0) + 1)
    }
  }
}
