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
    options = context.arguments
  }
}
