import RuleEngine
import Findings
import RuleSet

extension CheckVocabulary {
  /// The engine's kinds of checks and `steps`: all that shipped rules have.
  public static let all = CheckVocabulary(engine.kinds + [StepsCheck.self])
}

/// `steps`: a chain of tests as IdFix makes them, each on the value as the tests before it repaired it.
struct StepsCheck: RowCheckKind {
  static let name = "steps"
  static let placeholders: Set<MessageTemplate.Placeholder> = [
    .characters, .holders, .other, .errors, .max, .min,
  ]
  static let suggestions: Set<SuggestionRecipe.Kind> = [
    .removeCharacters, .replaceCharacters, .trim, .repairAddress, .setPrefix, .removeValue, .set,
  ]
  /// Rows bring their own messages and proposals.
  static let isHinted = false

  /// The chain.
  let steps: [Step]

  /// Reads a chain.
  init?(_ node: RuleNode) {
    guard let steps = StepParser.read(node) else { return nil }
    self.steps = steps
  }

  var attributes: [String] { steps.flatMap(\.attributes) }

  func words(for rule: Rule) -> String {
    "one of these tests fails, each on the value as the tests before it repaired it: "
      + steps.enumerated().map { "(\($0.offset + 1)) \(StepWords.step($0.element))" }.joined(separator: "; ")
  }

  func rowCheck(of attribute: String, topLevelDomains: TopLevelDomains) -> any RowCheck {
    StepChain(steps, attribute: attribute, topLevelDomains: topLevelDomains)
  }
}

extension RowEntry: StepEntry {}

extension StepChain: RowCheck {
  func isClean(_ value: Span<UInt8>, of entry: RowEntry) -> Bool { passes(value, of: entry) }

  func isKey(_ value: Span<UInt8>, of entry: RowEntry) -> Bool { isUnique(value, of: entry) }

  func evaluate(_ value: [UInt8], of entry: RowEntry) -> (row: Row?, key: [UInt8]?) {
    let outcome = outcome(of: value, entry)
    return (outcome.row(isDuplicate: false).map(Row.init), outcome.key)
  }

  func repeated(_ value: [UInt8], of entry: RowEntry) -> RepeatedRows? {
    let outcome = outcome(of: value, entry)
    return outcome.key.map { key in
      RepeatedRows(
        key: key, own: outcome.row(isDuplicate: true).map(Row.init), first: Row(outcome.firstHolderRow),
        showsFirst: outcome.showsFirstHolder)
    }
  }

  func evaluateAbsent(of entry: RowEntry) -> Row? { rowOfAbsence(in: entry).map(Row.init) }

  /// ASCII without characters that are passed over.
  func isNormal(_ key: Span<UInt8>) -> Bool { !StepBytes.hasPassedOver(key) }

  func normal(_ key: Span<UInt8>) -> [UInt8] { StepBytes.key(key) }
}

extension Row {
  fileprivate init(_ row: StepRow) {
    self.init(annotations: row.annotations, proposed: row.proposed)
  }
}
