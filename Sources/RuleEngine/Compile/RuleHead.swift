import Findings
import RuleSet

/// What a finding repeats of its rule: apart from the rules, which are large; a class, so that it is handed on as one word.
final class RuleHead: Sendable {
  let finding: PackedFinding.Head
  let message: CompiledMessage
  /// The other attribute of `contained-in`; empty for other checks.
  let otherAttribute: String
  let hasSuggestion: Bool

  init(_ active: RuleSelection.ActiveRule) {
    finding = PackedFinding.Head(
      rule: active.rule.id, severity: active.severity, effect: active.rule.effect, certainty: active.rule.certainty,
      labels: [active.rule.idfixError])
    message = CompiledMessage(active.rule.message)
    otherAttribute = active.rule.check.attributes.first ?? ""
    hasSuggestion = active.rule.suggestion != nil
  }
}
