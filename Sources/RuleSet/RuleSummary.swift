import Findings

extension RuleSummary {
  /// What findings and the readers of a report may want to know of a rule.
  public convenience init(_ rule: Rule, severity: Severity) {
    self.init(
      id: rule.id, title: rule.title, severity: severity, effect: rule.effect, certainty: rule.certainty,
      attributes: rule.attributes, explanation: rule.explanation, references: rule.references,
      message: rule.message, annotations: rule.annotations, domainRemedy: rule.check.domainRemedy)
  }
}
