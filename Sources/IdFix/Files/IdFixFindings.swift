import Directory
import Findings

/// Makes findings of what IdFix found: of the rules that reproduce its verdicts, one for each attribute.
///
/// A value that several rows call a duplicate is one finding, with the other rows as its related values; what IdFix says
/// of a row besides is a finding of its own. A row of a later page that says the same again adds nothing.
public struct IdFixFindings {
  private let rules: [String: RuleSummary]
  private let accepted: (IdFixRow) -> Suppression?
  private var duplicates: [DuplicateKey: Int] = [:]
  private var holders: Set<Holder> = []
  private var seen: Set<Seen> = []
  private var found: [Found] = []

  /// What becomes a finding: a row, and the other rows of its value.
  private struct Found {
    var row: IdFixRow
    var errors: [String]
    var rule: RuleSummary
    var source: String
    var fingerprint: Fingerprint
    var suppression: Suppression?
    var holders: [RelatedValue] = []
  }

  /// The findings so far, in the order of the rows, each made when it is asked for: it takes several times a row.
  public var findings: some Sequence<Finding> { found.lazy.map(Self.finding) }
  /// Whether any row is accepted.
  public var hasSuppressions: Bool { found.contains { $0.suppression != nil } }

  /// An object that shares the value of a finding.
  private struct Holder: Hashable {
    var finding: Int
    var dn: [UInt8]
  }

  private struct Seen: Hashable {
    var fingerprint: Fingerprint
    var errors: [String]
  }

  private struct DuplicateKey: Hashable {
    var attribute: String
    var value: String
  }

  /// Findings by rules.
  /// - Parameters:
  ///   - rules: rules that each judge one attribute; rows of others are left to the caller.
  ///   - accepted: what accepts a row that its user marked as complete.
  public init(rules: [RuleSummary], accepted: @escaping (IdFixRow) -> Suppression?) {
    self.rules = Dictionary(
      rules.flatMap { rule in rule.attributes.map { ($0.lowercased(), rule) } }
    ) { first, _ in first }
    self.accepted = accepted
  }

  /// Adds the findings of a row; false when no rule judges its attribute.
  public mutating func add(_ row: IdFixRow, source: String) -> Bool {
    guard let rule = rules[row.attribute.lowercased()] else { return false }
    let others = row.errors.filter { $0 != "Duplicate" }
    if let value = row.value, row.errors.contains("Duplicate") {
      let key = DuplicateKey(attribute: row.attribute, value: String(decoding: value, as: UTF8.self).lowercased())
      if let index = duplicates[key] {
        addHolder(row, source: source, to: index)
      } else if append(row, errors: ["Duplicate"], rule, source) {
        duplicates[key] = found.count - 1
      }
      if !others.isEmpty { append(row, errors: others, rule, source) }
    } else {
      append(row, errors: row.errors, rule, source)
    }
    return true
  }

  private mutating func addHolder(_ row: IdFixRow, source: String, to index: Int) {
    guard found[index].row.dn != row.dn, holders.insert(Holder(finding: index, dn: row.dn)).inserted else { return }
    found[index].holders.append(
      RelatedValue(
        dn: AttributeValue(row.dn), objectGUID: nil, objectClass: row.objectClass, attribute: row.attribute,
        value: row.value.map { AttributeValue($0) }, location: SourceLocation(source: source, line: row.line)))
  }

  @discardableResult
  private mutating func append(_ row: IdFixRow, errors: [String], _ rule: RuleSummary, _ source: String) -> Bool {
    let fingerprint = Fingerprint(
      rule: rule.id, objectGUID: nil, dn: AttributeValue(row.dn), attribute: row.attribute,
      value: row.value.map { AttributeValue($0) })
    guard seen.insert(Seen(fingerprint: fingerprint, errors: errors)).inserted else { return false }
    found.append(
      Found(
        row: row, errors: errors, rule: rule, source: source, fingerprint: fingerprint,
        suppression: row.isAccepted ? accepted(row) : nil))
    return true
  }

  private static func finding(_ found: Found) -> Finding {
    let row = found.row
    var finding = Finding(
      found.rule, dn: AttributeValue(row.dn), objectGUID: nil, objectClass: row.objectClass, attribute: row.attribute,
      value: row.value.map { AttributeValue($0) }, valueIndex: nil, spans: [],
      message: Self.message(found.rule, errors: found.errors, attribute: row.attribute),
      suggestion: Self.suggestion(row), location: SourceLocation(source: found.source, line: row.line),
      related: found.holders, fingerprint: found.fingerprint, annotations: annotations(found))
    if let suppression = found.suppression {
      finding.state = .suppressed
      finding.suppression = suppression
    }
    return finding
  }

  private static func annotations(_ found: Found) -> [Annotation] {
    var annotations = [Annotation(name: Annotation.labels, values: found.errors)]
    if let action = found.row.proposal ?? found.row.action {
      annotations.append(Annotation(name: Annotation.proposedAction, values: [action.title]))
    }
    if let name = found.row.commonName {
      annotations.append(Annotation(name: Annotation.commonName, values: [String(decoding: name, as: UTF8.self)]))
    }
    return annotations
  }

  private static func message(_ rule: RuleSummary, errors: [String], attribute: String) -> String {
    guard !errors.isEmpty, rule.message != .none else { return "IdFix reports \(attribute), without saying why" }
    return rule.message.pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .placeholder(.errors): errors.joined(separator: ", ")
      case .placeholder(.attribute): attribute
      case .placeholder: ""
      }
    }.joined()
  }

  private static func suggestion(_ row: IdFixRow) -> Suggestion? {
    let action = row.action ?? row.proposal
    if action == .remove { return Suggestion(action: .remove, value: nil) }
    guard let update = row.update, update != row.value, action != .complete else { return nil }
    return Suggestion(action: row.value == nil ? .add : .replace, value: AttributeValue(update))
  }
}
