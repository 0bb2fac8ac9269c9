import Bytes
import Directory
import Findings
import RuleSet

/// What files of IdFix come to: findings, and suppressions for the rows that their users accepted.
public struct IdFixConversion {
  /// What is said of suppressions.
  public struct Decision: Sendable {
    /// Why the rows were accepted.
    public var reason: String
    /// Who answers for it.
    public var owner: String
    /// Where it was decided.
    public var ticket: String?
    /// The last day on which it holds.
    public var expires: CalendarDate?

    /// A decision; see the properties.
    public init(reason: String, owner: String, ticket: String?, expires: CalendarDate?) {
      self.reason = reason
      self.owner = owner
      self.ticket = ticket
      self.expires = expires
    }

    /// The suppression of what a row is about; nil where it is not UTF-8.
    func suppression(of row: IdFixRow, rule: String?) -> Suppression? {
      guard let dn = String(validating: row.dn, as: UTF8.self) else { return nil }
      let value = row.value.flatMap { String(validating: $0, as: UTF8.self) }
      guard row.value == nil || value != nil else { return nil }
      return Suppression(
        pattern: .init(rule: rule, object: dn, attribute: row.attribute, value: value), reason: reason, owner: owner,
        ticket: ticket, expires: expires)
    }
  }

  private let ruleSet: String
  private let decision: Decision
  /// The rules that suppressions name, when those of another set do; nil for the rules of the findings.
  private let target: RuleSelection?
  private let selection: RuleSelection
  private var converted: IdFixFindings
  private var rowCount = 0
  /// A suppression for each rule that stands for an accepted row.
  public private(set) var accepted: [Suppression] = []

  /// A conversion.
  ///
  /// - Parameters:
  ///   - selection: the rules that findings name.
  ///   - rules: the same in short.
  ///   - target: the rules that suppressions name, when they are others: those that look for the same error.
  public init(_ selection: RuleSelection, rules: [RuleSummary], target: RuleSelection?, decision: Decision) {
    ruleSet = selection.name
    self.selection = selection
    self.target = target
    self.decision = decision
    converted = IdFixFindings(rules: rules) { decision.suppression(of: $0, rule: nil) }
  }

  /// The findings so far, in the order of the rows, each made when it is asked for.
  public var findings: some Sequence<Finding> { converted.findings }
  /// Whether any row is accepted.
  public var hasSuppressions: Bool { converted.hasSuppressions }
  /// Rows of all files that were left out, because there were too many.
  public private(set) var rowsLeftOut = 0

  /// Adds a file, as many rows of it as fit.
  ///
  /// - Parameter suppresses: whether accepted rows that no rule stands for are problems.
  /// - Returns: the file, with its problems.
  public mutating func add(_ file: consuming IdFixFile, source: String, suppresses: Bool) -> IdFixFile {
    let rows = file.rows
    let room = max(0, IdFixFile.maximumRows - rowCount)
    rowCount += rows.count
    rowsLeftOut += file.rowsLeftOut + max(0, rows.count - room)
    for row in rows.prefix(room) {
      if !converted.add(row, source: source) {
        file.report(
          row.line, "no rule of \(ruleSet) judges \(row.attribute); take the rule set of the other mode of IdFix",
          path: source)
      } else if row.isAccepted {
        let rules = rules(for: row)
        if rules.isEmpty, suppresses {
          file.report(
            row.line, "no rule of \(target?.name ?? ruleSet) stands for what was accepted here", path: source)
        }
        accepted += rules.compactMap { decision.suppression(of: row, rule: $0.id) }
      }
    }
    return file
  }

  /// The rules that stand for an accepted row.
  private func rules(for row: IdFixRow) -> [Rule] {
    (target ?? selection).rules.map(\.rule).filter { rule in
      rule.attributes.contains { $0.lowercased() == row.attribute.lowercased() }
        && (target == nil || row.errors.contains { Self.isLabel($0, of: rule) })
    }
  }

  private static func isLabel(_ error: String, of rule: Rule) -> Bool {
    rule.annotations.values(of: Annotation.labels).contains { $0.lowercased() == error.lowercased() }
  }
}
