import Directory
import Entries
import Findings
import IdFix
import RuleSet
import Testing

@testable import RuleEngine

@Suite struct EntryJudgeTests {
  /// The rules of a set that need no other entry.
  private func program() throws -> RuleProgram {
    let selection = try RuleSelection(try RuleCatalogue.load(.all), ruleSet: "entra")
    let rules = selection.rules.filter { !$0.rule.isAboutUniqueness }
    return try RuleProgram(
      rules: rules, scope: selection.scope,
      options: .init(topLevelDomains: .shipped, verifiedDomains: nil, transliteration: .language(.latin)))
  }

  private func pages(_ path: String, _ program: RuleProgram) throws -> [EntryPage] {
    var request = EntryRequest(attributes: program.attributes)
    request.blockSize = 700
    var reader = EntryReader(try Entries.open(.file(path), request), .only(program.attributes))
    var pages: [EntryPage] = []
    while let page = try reader.next() { pages.append(page) }
    return pages
  }

  /// Entry by entry the findings are those of a run, with the same places, whatever batch an entry is in.
  @Test func oneEntryAtATimeIsARun() throws {
    let program = try program()
    let text = directory(60)
    let file = try TemporaryFile(text)
    var run: [Finding] = []
    _ = try Linter(program, threads: 1).run([.file(file.path)]) { run.append($0) }
    let pages = try pages(file.path, program)
    let judge = EntryJudge(program)
    let alone = pages.flatMap { page in page.entries.flatMap { judge.findings(of: $0) } }
    #expect(pages.count > 3 && run.count > 10)
    #expect(alone == run)
    #expect(alone.map(\.entry.line) == run.map(\.entry.line))
    #expect(run.allSatisfy { $0.entry.ordinal != nil && $0.entry.source == file.path })
    // The first line of each entry that has a finding is its `dn:`.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for finding in run {
      let line = try #require(finding.entry.line)
      #expect(lines[line - 1] == "dn: \(finding.dn.text ?? "")")
    }
  }

  /// The change that a finding suggests helps, and then the entry has not that finding; another change does not help.
  @Test func trialsOfChanges() throws {
    let program = try program()
    let file = try TemporaryFile(directory(30))
    let judge = EntryJudge(program)
    let trial = EntryTrial(program)
    var suggestions = 0
    for page in try pages(file.path, program) {
      for entry in page.entries {
        let before = judge.findings(of: entry)
        for finding in before {
          guard let suggestion = finding.suggestion, suggestion.action == .replace, let new = suggestion.value,
            let old = finding.value
          else { continue }
          suggestions += 1
          let index = try #require(
            entry.record.values.first { Array(page.batch.bytes[page.batch.values[$0].range]) == old.bytes })
          let change = EntryTrial.Change.replacing(value: index, with: new.bytes)
          #expect(trial.helps(change, on: entry))
          let after = trial.findings(after: change, on: entry)
          #expect(after.count < before.count && !after.contains { $0.fingerprint == finding.fingerprint })
          #expect(after.allSatisfy { $0.dn == finding.dn })
          let nothing = EntryTrial.Change.replacing(value: index, with: old.bytes)
          #expect(!trial.helps(nothing, on: entry))
          #expect(trial.findings(after: nothing, on: entry).map(\.fingerprint) == before.map(\.fingerprint))
          #expect(trial.findings(after: nothing, on: entry).map(\.location) == before.map(\.location))
        }
      }
    }
    #expect(suggestions > 3)
  }
}
