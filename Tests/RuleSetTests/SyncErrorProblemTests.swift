import IdFix
import Testing

@testable import RuleSet

@Suite struct SyncErrorProblemTests {
  static let right = """
    sync-error: test
    title: test
    severity: error
    certainty: documented
    types: ['One', 'Two']
    events: ['ADSync 6941', '6100']
    templates:
      - 'a {b:word} c'
    meaning: m
    cause: c
    remedy: r
    codes: ['no {n:number}']
    causes: [{ codes: ['1', '0x2'], cause: c, remedy: r }]
    look-at: [{ attribute: mail, if-missing: 'no {alias}' }]
    about: server
    total: { field: n, limit: 3, if-over: 'x {total}' }
    can-also-mean: ['x']
    references: ['https://example.com/']
    examples:
      - text: t
        fields: { dn: 'CN=x' }

    """

  private func problems(_ text: String) -> [String] {
    do throws(RuleProblems) {
      _ = try SyncErrorCatalogue.load(embedded: [], files: [.init(path: "test.yaml", bytes: Array(text.utf8))])
      return []
    } catch {
      return error.problems.map { String($0.description.dropFirst("test.yaml:".count)) }
    }
  }

  @Test func readsEveryPart() throws {
    let catalogue = try SyncErrorCatalogue.load(
      embedded: [], files: [.init(path: "test.yaml", bytes: Array(Self.right.utf8))])
    let definition = try #require(catalogue.definition("test"))
    #expect(definition.types == ["One", "Two"])
    #expect(definition.events == [.init(source: "ADSync", id: 6941), .init(source: nil, id: 6100)])
    #expect(
      definition.templates.first?.pieces == [.text("a"), .space, .hole(name: "b", kind: .word), .space, .text("c")])
    #expect(definition.alternatives == ["x"])
    #expect(definition.examples.first?.fields.map(\.name) == ["dn"])
    #expect(definition.cause(of: "0X2")?.remedy == "r")
    #expect(definition.cause(of: "2") == nil)
    #expect(definition.looks.map(\.attribute) == ["mail"])
    #expect(definition.subject == .server)
    #expect(!definition.isFallback)
    #expect(catalogue.definition("other") == nil)
  }

  static let mistakes: [(old: String, new: String, problem: String)] = [
    ("title: test", "titel: test", "2:1: error: unknown key `titel`; did you mean `title`?"),
    ("severity: error", "severity: eror", "3:11: error: `eror` is not one of"),
    ("sync-error: test", "sync-error: other", "1:13: error: the id `other` is not the name of its file"),
    ("events: ['ADSync 6941', '6100']", "events: ['ADSync']", "6:10: error: `ADSync` is no event"),
    ("events: ['ADSync 6941', '6100']", "events: ['70000']", "6:10: error: `70000` is no event"),
    ("'a {b:word} c'", "'a {b:wort} c'", "8:8: error: `wort` is not one of"),
    ("'a {b:word} c'", "'a {b} {b}'", "8:12: error: {b} is there twice"),
    ("'a {b:word} c'", "'a {B}'", "8:8: error: `B` is no name of a hole"),
    ("'a {b:word} c'", "'a {b'", "8:8: error: `{` without its `}`"),
    ("'a {b:word} c'", "'a } c'", "8:8: error: `}` without its `{`"),
    ("'a {b:word} c'", "'a <b|c'", "8:8: error: `<` without its `>`"),
    ("'a {b:word} c'", "'a <b> c'", "8:8: error: a choice has at least two parts"),
    ("'a {b:word} c'", "'a b> c'", "8:9: error: `>` without its `<`"),
    ("'a {b:word} c'", "'a {b}{c}'", "8:6: error: {b} and {c} stand side by side"),
    ("'a {b:word} c'", "'{b}'", "8:6: error: a template needs words"),
    ("'a {b:word} c'", "'a \\'", "8:8: error: a backslash at the end"),
    ("    fields: { dn: 'CN=x' }", "    fields: [dn]", "21:13: error: expected fields"),
    ("'no {n:number}'", "'no number'", "12:9: error: one hole is for the code"),
    ("['1', '0x2']", "['1', '1']", "13:25: error: the code `1` is there twice"),
    (", remedy: r }", " }", "13:10: error: `remedy` is missing"),
    (", if-missing: 'no {alias}'", "", "14:11: error: nothing says what the attribute tells"),
    ("limit: 3", "limit: a", "16:27: error: `a` is not a whole number"),
    ("about: server", "about: serve", "15:8: error: `serve` is not one of"),
    ("references: ['https://example.com/']", "references: ['example']", "18:14: error: `example` is no URL"),
  ]

  @Test(arguments: mistakes.indices) func mistakesAreReportedAtTheirPlaces(index: Int) {
    let (old, new, problem) = Self.mistakes[index]
    let text = Self.right.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false).joined(separator: new)
    let found = problems(text)
    #expect(found.contains { $0.hasPrefix(problem) }, "\(found)")
  }

  @Test func anErrorThatNothingRecognisesIsAMistake() {
    var lines = Self.right.split(separator: "\n", omittingEmptySubsequences: false)
    lines.removeSubrange(4...7)
    #expect(
      problems(lines.joined(separator: "\n")).contains { $0.contains("nothing says how the error is recognised") })
  }

  @Test func templatesAreLimited() {
    let long = String(repeating: "a", count: 2001)
    #expect(
      problems(Self.right.replacing("a {b:word} c", with: long)).contains { $0.contains("at most 2000 characters") })
    let many = "a " + (0..<13).map { "{h\($0)} a" }.joined(separator: " ")
    #expect(problems(Self.right.replacing("a {b:word} c", with: many)).contains { $0.contains("at most 12 holes") })
    let nested = "a" + String(repeating: "<b|", count: 5) + String(repeating: ">", count: 5)
    #expect(problems(Self.right.replacing("a {b:word} c", with: nested)).contains { $0.contains("more than 4 deep") })
  }

  @Test func shippedDefinitionsAreNoRules() throws {
    #expect(try RuleCatalogue.load(.all).syncErrors.isEmpty)
    #expect(!RuleCatalogue.shippedFiles.contains { $0.path.hasPrefix("sync-errors/") })
    #expect(try SyncErrorCatalogue.load().definitions.count > 70)
  }

  @Test func documentationOfEveryDefinition() throws {
    for definition in try SyncErrorCatalogue.load().definitions {
      let page = SyncErrorDocumentation.markdown(for: definition)
      #expect(page.hasPrefix("# \(definition.id)\n"))
      #expect(SyncErrorDocumentation.text(for: definition).contains(definition.title))
    }
  }
}
