import Directory

/// A rule as its findings and the readers of a report know it: one for each rule of a run, shared by all its findings.
public final class RuleSummary: Sendable {
  /// Id of the rule.
  public let id: String
  /// What is wrong, as a title.
  public let title: String
  /// How loud it is in this run.
  public let severity: Severity
  /// What happens in synchronization.
  public let effect: Effect
  /// How well that is known.
  public let certainty: Certainty
  /// Names of the attributes it judges.
  public let attributes: [String]
  /// What happens and what to do, for people.
  public let explanation: String
  /// Addresses of pages that say so.
  public let references: [String]
  /// How its messages are made; empty when that is not known.
  public let message: MessageTemplate
  /// What else its findings say that have no annotation of that name.
  public let annotations: [Annotation]
  /// What to do about a domain that it finds in a value, in a few words; nil when it is not about domains.
  public let domainRemedy: String?
  /// What the fingerprints of its findings begin with.
  package let fingerprint: Fingerprint.Prefix

  /// A summary; see the properties.
  public init(
    id: String, title: String = "", severity: Severity, effect: Effect, certainty: Certainty, attributes: [String] = [],
    explanation: String = "", references: [String] = [], message: MessageTemplate = .none,
    annotations: [Annotation] = [],
    domainRemedy: String? = nil
  ) {
    self.id = id
    self.title = title
    self.severity = severity
    self.effect = effect
    self.certainty = certainty
    self.attributes = attributes
    self.explanation = explanation
    self.references = references
    self.message = message
    self.annotations = annotations
    self.domainRemedy = domainRemedy
    fingerprint = Fingerprint.Prefix(rule: id)
  }

  /// What is said of no rule.
  package static let none = RuleSummary(id: "", severity: .info, effect: .advice, certainty: .documented)
}

extension RuleSummary: Equatable {
  /// Whether two say the same.
  public static func == (left: RuleSummary, right: RuleSummary) -> Bool {
    left === right
      || left.id == right.id && left.title == right.title && left.severity == right.severity
        && left.effect == right.effect && left.certainty == right.certainty && left.attributes == right.attributes
        && left.explanation == right.explanation && left.references == right.references
        && left.message == right.message && left.annotations == right.annotations
        && left.domainRemedy == right.domainRemedy
  }
}
