import Directory
import RuleSet

/// `absent`: the entry has the attribute.
struct AbsentCheck: CheckKind {
  static let name = "absent"
  static let alone: AbsentCheck? = AbsentCheck()
  static let suggestions: Set<SuggestionRecipe.Kind> = [.trim, .repairAddress, .setPrefix, .removeValue]

  private init() {}

  init?(_ node: RuleNode) { guard node.hasNoOptions(Self.name) else { return nil } }

  func words(for rule: Rule) -> String { "the entry has the attribute" }
}
