import Bytes
import Findings
import RuleSet

extension RunDescription {
  /// The head of the reports of a run that begins now.
  init(_ selection: RuleSelection, sources: [String], in context: JobContext) {
    self.init(
      version: context.version, ruleSet: selection.name, sources: sources,
      startedAt: Timestamp.text(epochSeconds: context.now()),
      rules: selection.rules.map { RuleSummary($0.rule, severity: $0.severity) })
  }
}

extension RuleSummary {
  /// What a reader of a report may want to know of a rule.
  init(_ rule: Rule, severity: Severity) {
    self.init(
      id: rule.id, title: rule.title, severity: severity, effect: rule.effect, certainty: rule.certainty,
      attributes: rule.attributes, explanation: rule.explanation, references: rule.references,
      message: rule.message.pieces.map { piece in
        switch piece {
        case .text(let text): .text(text)
        case .placeholder(let placeholder): .placeholder(placeholder.rawValue)
        }
      })
  }
}
