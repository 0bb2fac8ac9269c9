import Directory
import Findings
import Entries

/// Commands and change records for what is to be done next.
enum NextSteps {
  /// The identity of an object in a command: its GUID, which survives renames, else its DN.
  static func identity(_ dn: AttributeValue, _ guid: GUID?) -> String {
    guid.map { "'\($0)'" } ?? PowerShellText.expression(dn)
  }

  /// Steps for an object: the suggested fixes of findings, or how to look at the named attributes.
  static func of(_ object: ResolvedObject) -> [NextStep] {
    guard object.state != .deleted else { return [restore(object)] }
    let steps = fixes(object)
    guard steps.isEmpty, !object.attributes.isEmpty else { return steps }
    var names = ""
    for attribute in object.attributes {
      if !names.isEmpty { names += "," }
      names += PowerShellText.expression(attribute.name)
    }
    var text = "Get-ADObject -Identity "
    text.reserveCapacity(128 + 2 * names.utf8.count)
    text += identity(object.dn, object.objectGUID)
    text += " -Properties "
    text += names
    text += " | Format-List "
    text += names
    return [NextStep(kind: .powershell, title: "Look at the values", text: text)]
  }

  /// What the findings suggest, of the named attributes if there are any.
  private static func fixes(_ object: ResolvedObject) -> [NextStep] {
    guard object.findings.contains(where: { $0.suggestion != nil }) else { return [] }
    var steps: [NextStep] = []
    var seen: Set<NextStep> = []
    let named = Set(object.attributes.map { $0.name.lowercased() })
    for finding in object.findings where finding.suggestion != nil {
      guard named.isEmpty || named.contains(finding.attribute.lowercased()) else { continue }
      for step in fix(finding, object) where seen.insert(step).inserted { steps.append(step) }
    }
    return steps
  }

  private static func restore(_ object: ResolvedObject) -> NextStep {
    NextStep(
      kind: .powershell, title: "Look at the deleted object",
      text: "Get-ADObject -Identity \(identity(object.dn, object.objectGUID)) -IncludeDeletedObjects -Properties *")
  }

  /// The change that a finding suggests.
  private static func fix(_ finding: Finding, _ object: ResolvedObject) -> [NextStep] {
    guard let suggestion = finding.suggestion else { return [] }
    let identity = identity(object.dn, object.objectGUID)
    let name = finding.attribute
    var modifications: [Modification] = []
    var command = ""
    var title = ""
    let old = finding.value
    func values(_ value: AttributeValue?) -> [[UInt8]] { value.map { [$0.bytes] } ?? [] }
    switch suggestion.action {
    case .replace:
      guard let new = suggestion.value, let old else { return [] }
      title = "Replace the value of \(name)"
      modifications = [
        Modification(operation: .delete, attribute: name, values: values(old)),
        Modification(operation: .add, attribute: name, values: values(new)),
      ]
      command =
        AttributeSchema.shipped.isMultivalued(name)
        ? "Set-ADObject -Identity \(identity) -Remove \(table(name, old)) -Add \(table(name, new))"
        : userPrincipalName(name, identity, new) ?? "Set-ADObject -Identity \(identity) -Replace \(table(name, new))"
    case .remove:
      // A primary address goes only together with its replacement, and a sign-in name is never only taken away.
      guard let old, !takesPrimary(name, old) else { return [] }
      title = "Remove the value of \(name)"
      modifications = [Modification(operation: .delete, attribute: name, values: values(old))]
      command = "Set-ADObject -Identity \(identity) -Remove \(table(name, old))"
    case .add:
      guard let new = suggestion.value else { return [] }
      title = "Add the value of \(name)"
      modifications = [Modification(operation: .add, attribute: name, values: values(new))]
      command = "Set-ADObject -Identity \(identity) -Add \(table(name, new))"
    }
    return [
      NextStep(kind: .powershell, title: title, text: command),
      NextStep(kind: .ldif, title: title, text: ldif(object.dn, modifications)),
    ]
  }

  private static func takesPrimary(_ name: String, _ value: AttributeValue) -> Bool {
    guard let facts = AttributeSchema.shipped[name] else { return false }
    switch facts.identifies {
    case .upn, .account: return true
    case .address: return facts.isMultivalued && AddressValue.isPrimary(value)
    default: return false
    }
  }

  private static func userPrincipalName(_ name: String, _ identity: String, _ value: AttributeValue) -> String? {
    guard name.lowercased() == "userprincipalname" else { return nil }
    return "Set-ADUser -Identity \(identity) -UserPrincipalName \(PowerShellText.expression(value))"
  }

  static func table(_ name: String, _ value: AttributeValue) -> String {
    "@{\(PowerShellText.key(name))=\(PowerShellText.expression(value))}"
  }

  private static func ldif(_ dn: AttributeValue, _ modifications: [Modification]) -> String {
    var writer = LDIFWriter()
    writer.bytes.removeAll()
    writer.write(ChangeRecord(dn: dn.bytes, change: .modify(modifications)))
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

/// Names of objects in sentences.
enum TextOfDN {
  /// The first RDN's value; the DN where it is no DN.
  static func short(_ dn: AttributeValue) -> String {
    guard let first = DistinguishedName.components(of: dn.bytes)?.first else {
      return String(decoding: dn.bytes, as: UTF8.self)
    }
    return "\(first.type)=\(String(decoding: first.value, as: UTF8.self))"
  }

  /// The keys of DNs, one for each object, however its DN is spelled.
  static func keys(of names: [AttributeValue]) -> Set<[UInt8]> {
    guard let first = names.first else { return [] }
    // One object with a value in several attributes is what is mostly found.
    if names.allSatisfy({ $0.bytes == first.bytes }) { return [DistinguishedName.key(of: first.bytes)] }
    return Set(names.map { DistinguishedName.key(of: $0.bytes) })
  }
}
