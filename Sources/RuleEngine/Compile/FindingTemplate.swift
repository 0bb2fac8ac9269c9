import Findings
import RuleSet

/// What all findings of a rule begin with: apart from the rules, which are large; a class, so that it is handed on as one word.
final class FindingTemplate: Sendable {
  let rule: RuleSummary
  let message: CompiledMessage
  /// The other attribute of `contained-in`; empty for other checks.
  let otherAttribute: String
  let hasSuggestion: Bool

  init(_ active: RuleSelection.ActiveRule) {
    rule = RuleSummary(active.rule, severity: active.severity)
    message = CompiledMessage(active.rule.message)
    otherAttribute = active.rule.check.attributes.first ?? ""
    hasSuggestion = active.rule.suggestion != nil
  }

  /// Names that another tool gives to what the rule finds.
  var labels: [String] { rule.annotations.values(of: Annotation.labels) }
}
