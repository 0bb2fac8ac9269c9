import Directory
import Findings

/// Steps for a value that several objects hold: for each of them, how it comes to be without the value.
///
/// Nobody here knows who is to keep it, so every step is a choice. An attribute that has to have a value (a sign-in name, a
/// primary address) is never only emptied: the command asks for the value that takes its place.
struct ConflictSteps {
  /// The attribute that clashes, as the directory calls it, in lower case.
  private let attribute: String
  private let holders: [RelatedValue]

  /// An object and its places of the value.
  private struct Holder {
    var dn: AttributeValue
    var identity: String
    var places: [RelatedValue]
  }

  init(attribute: String, holders: [RelatedValue]) {
    self.attribute = attribute.lowercased()
    self.holders = holders.filter { $0.attribute != "dn" && $0.value != nil }
  }

  /// The steps: none where only one object holds the value, unless that is the object of the error.
  func steps(ofError objects: [AttributeValue]) -> [NextStep] {
    let grouped = grouped
    let own = TextOfDN.keys(of: objects)
    guard grouped.count > 1 || grouped.contains(where: { own.contains(DistinguishedName.key(of: $0.dn.bytes)) }) else {
      return []
    }
    // Those that hold it in the attribute that clashes come first.
    let clashing = grouped.filter { holder in holder.places.contains(where: isClashing) }
    let others = grouped.filter { holder in !holder.places.contains(where: isClashing) }
    return (clashing + others).compactMap(step)
  }

  private func isClashing(_ place: RelatedValue) -> Bool { place.attribute.lowercased() == attribute }

  private var grouped: [Holder] {
    var grouped: [Holder] = []
    var places: [[UInt8]: Int] = [:]
    for holder in holders {
      let key = DistinguishedName.key(of: holder.dn.bytes)
      if let place = places[key] {
        grouped[place].places.append(holder)
      } else {
        places[key] = grouped.count
        grouped.append(
          Holder(dn: holder.dn, identity: NextSteps.identity(holder.dn, holder.objectGUID), places: [holder]))
      }
    }
    return grouped
  }

  private func step(_ holder: Holder) -> NextStep? {
    guard let place = holder.places.first(where: isClashing) ?? holder.places.first, let value = place.value else {
      return nil
    }
    let name = place.attribute
    let short = TextOfDN.short(holder.dn)
    let isMultivalued = NextSteps.isMultivalued(name)
    if isMultivalued, !Self.isPrimary(value) {
      return NextStep(
        kind: .powershell, title: "If \(short) is not to have the value, remove it there",
        text: "Set-ADObject -Identity \(holder.identity) -Remove \(NextSteps.table(name, value))")
    }
    let noun = Self.noun(name)
    return NextStep(
      kind: .powershell, title: "If \(short) is not to have the value, give it another \(noun)",
      text: "$new = Read-Host \(PowerShellText.expression("New \(noun) of \(short)")); \(command(holder, name, value))")
  }

  /// The command that puts `$new` in place of the value.
  private func command(_ holder: Holder, _ name: String, _ value: AttributeValue) -> String {
    if name.lowercased() == "userprincipalname" {
      return "Set-ADUser -Identity \(holder.identity) -UserPrincipalName $new"
    }
    let key = PowerShellText.key(name)
    guard NextSteps.isMultivalued(name) else {
      return "Set-ADObject -Identity \(holder.identity) -Replace @{\(key)=$new}"
    }
    let type = String(decoding: value.bytes.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
    var command =
      "Set-ADObject -Identity \(holder.identity) -Remove \(NextSteps.table(name, value)) -Add @{\(key)=\"\(type):$new\"}"
    // The mail attribute has the primary address, too.
    if type == "SMTP", holder.places.contains(where: { $0.attribute.lowercased() == "mail" }) {
      command += " -Replace @{mail=$new}"
    }
    return command
  }

  /// Whether a value of a list of addresses is the primary one of its type, which stands in capitals.
  private static func isPrimary(_ value: AttributeValue) -> Bool {
    let type = value.bytes.prefix { $0 != UInt8(ascii: ":") }
    return type.count < value.bytes.count && type.allSatisfy { $0 &- 0x41 < 26 } && !type.isEmpty
  }

  private static func noun(_ attribute: String) -> String {
    switch attribute.lowercased() {
    case "userprincipalname": "user principal name"
    case "proxyaddresses": "primary address"
    default: "value of \(attribute)"
    }
  }
}
