import RuleSet
import Testing

@testable import IdFix

/// Reading chains of steps from rule files.
@Suite struct StepsLoadingTests {
  private static func file(_ steps: String) -> [RuleDocument] {
    let text = """
      id: a-chain
      title: A chain
      status: stable
      severity: error
      effect: degraded
      certainty: observed
      attribute: mail
      check:
        steps:
      \(steps.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
      message: "{errors} in {attribute}"
      explanation: Because
      references: [https://github.com/microsoft/idfix]
      examples: { valid: [a], invalid: [b] }

      """
    return [RuleDocument(path: "a-chain.yaml", bytes: Array(text.utf8))]
  }

  private static func steps(_ text: String) throws -> [Step] {
    let catalogue = try RuleCatalogue.load(.all, embedded: [], files: file(text))
    return try #require(catalogue.rule("a-chain")?.check as? StepsCheck).steps
  }

  private static func problems(_ text: String) -> [String] {
    do {
      _ = try RuleCatalogue.load(.all, embedded: [], files: file(text))
      return []
    } catch {
      return error.problems.map { "\($0.location.line ?? 0): \($0.message)" }
    }
  }

  @Test func everyKindOfStep() throws {
    let steps = try Self.steps(
      """
      - length: { max: 20 }
        when: { object-class: [User], object-class-not: [contact], with: [a], without: [b] }
      - characters: { part: after-type, position: edges, forbidden: [":", white-space], if-empty: cn }
        when: { value-contains: ["SMTP:"], value-contains-not: [x], value-starts: [y], value-starts-not: [z] }
      - blank: { propose: ["SMTP:{mail}", "{cn}"], max: 9 }
      - blank: true
      - email-address: true
      - duplicate:
          actions: [{ action: Remove, when: { first-value: true } }]
      """)
    var entry = StepCondition()
    entry.objectClasses = ["user"]
    entry.excludedObjectClasses = ["contact"]
    entry.with = ["a"]
    entry.without = ["b"]
    var value = StepCondition()
    value.contains = ["smtp:"]
    value.excludedContents = ["x"]
    value.startsWith = ["y"]
    value.excludedStarts = ["z"]
    var first = StepCondition()
    first.isFirstValue = true
    let set = CharacterRule(isForbidden: true, items: [.range(0x3A, 0x3A), .named(.whiteSpace)])
    let texts = [StepText(pieces: [.text("SMTP:"), .attribute("mail")]), StepText(pieces: [.attribute("cn")])]
    #expect(
      steps == [
        Step(.length(max: 20), when: entry),
        Step(.characters(part: .afterType, position: .edges, set: set, ifEmpty: "cn"), when: value),
        Step(.blank(propose: texts, max: 9)), Step(.blank(propose: [], max: nil)), Step(.emailAddress),
        Step(.duplicate([DuplicateAction(.remove, when: first)])),
      ])
    #expect(try Self.steps("- duplicate: true") == [Step(.duplicate([]))])
  }

  @Test(arguments: [
    ("- lenght: { max: 3 }", "10: unknown key `lenght`; did you mean `length`?"),
    ("- length: { min: 3, max: 4 }", "10: unknown key `min`; `length` has `max`"),
    ("- length: { max: 0 }", "10: 0 is out of range"),
    ("- { length: { max: 3 }, email-address: true }", "10: `length` and `email-address` are both given"),
    ("- { when: { first-value: true } }", "10: the step has no test"),
    ("- email-address: false", "10: `false` is not `true`"),
    ("- characters: { forbidden: [whitespace] }", "10: `whitespace` is no character; did you mean `white-space`?"),
    ("- characters: { part: prefix, forbidden: [a] }", "10: `prefix` is not one of `whole` or `after-type`"),
    ("- blank: { propose: [\"{mail\"] }", "10: `{` without its `}`"),
    ("- blank: { propose: [\"{}\"] }", "10: `{}` names no attribute"),
    ("- duplicate: { actions: [{ action: complete, when: { first-value: true } }] }", "10: `complete` is not one of"),
    ("- duplicate: { actions: [{ action: Complete }] }", "10: `when` is missing"),
    ("- duplicate: true\n- duplicate: true", "11: a chain has at most one `duplicate` step"),
    ("- { length: { max: 3 }, when: {} }", "10: `when` is empty"),
    (
      "- { length: { max: 3 }, when: { value-start: [a] } }",
      "10: unknown key `value-start`; did you mean `value-starts`?"
    ),
    ("- length", "10: expected a step"),
  ])
  func mistakes(_ text: String, _ message: String) throws {
    let problems = Self.problems(text)
    #expect(problems.count == 1, "\(problems)")
    #expect(try #require(problems.first).hasPrefix(message), "\(problems)")
  }

  @Test func theMessageMayNameTheErrorsOfAChainOnly() {
    let text = String(decoding: Self.file("- email-address: true")[0].bytes, as: UTF8.self)
      .replacing("  steps:\n    - email-address: true", with: "  not-blank: true")
    let file = RuleDocument(path: "a-chain.yaml", bytes: Array(text.utf8))
    #expect(throws: RuleProblems.self) { try RuleCatalogue.load(.all, embedded: [], files: [file]) }
  }
}
