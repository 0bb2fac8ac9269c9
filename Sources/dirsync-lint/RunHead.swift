import Bytes
import Findings
import RuleSet

extension RunDescription {
  /// The head of the reports of a run that begins now.
  init(_ selection: RuleSelection, sources: [String]) {
    self.init(
      version: ProgramVersion.current, ruleSet: selection.name, sources: sources,
      startedAt: Timestamp.text(epochSeconds: Timestamp.now()),
      rules: selection.rules.map { RuleSummary($0.rule, severity: $0.severity) })
  }
}
