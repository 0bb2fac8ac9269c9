import Directory
import Findings

extension Fault {
  /// The finding of a rule that names the fault.
  ///
  /// - Parameters:
  ///   - source: the directory as it was named.
  ///   - domain: DN of the domain, which it is about where nothing else is known.
  func finding(of rule: RuleSummary, source: String, domain: String) -> Finding {
    let dn = AttributeValue(self.dn ?? domain)
    let attribute = rule.attributes.first ?? ""
    let place = SourceLocation(source: source)
    let value = value.map { AttributeValue($0) }
    let related =
      objects.first.filter { $0 != self.dn }.map { ($0, nil) }
      + values.first.map { (self.dn ?? domain, AttributeValue($0)) }
    return Finding(
      rule, dn: dn, objectGUID: nil, objectClass: "", attribute: attribute, value: value, valueIndex: nil, spans: [],
      message: message(rule.message), suggestion: nil, location: place,
      related: related.map { dn, value in
        RelatedValue(
          dn: AttributeValue(dn), objectGUID: nil, objectClass: "", attribute: attribute, value: value, location: place)
      },
      fingerprint: Fingerprint(rule: rule.id, objectGUID: nil, dn: dn, attribute: attribute, value: value))
  }

  private func message(_ template: MessageTemplate) -> String {
    template.pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .placeholder(.value): value ?? ""
      case .placeholder(.count): String(count)
      case .placeholder(.total): String(total)
      case .placeholder(.account): account
      case .placeholder(.detail): detail
      case .placeholder: ""
      }
    }.joined()
  }
}
