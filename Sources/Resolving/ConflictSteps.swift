import Directory
import Findings

/// Steps for a value that several objects hold: for each of them, how it comes to be without the value.
///
/// Nobody here knows who is to keep it, so every step is a choice. An attribute that has to have a value (a sign-in name, a
/// primary address) is never only emptied: the command asks for the value that takes its place. What names an object (its
/// anchor, its identifiers, its name) is only to be looked at: another value would make it another object to the cloud.
struct ConflictSteps {
  /// The attribute that clashes, as the directory calls it, in lower case.
  private let attribute: String
  private let holders: [RelatedValue]

  /// An object and its places of the value.
  private struct Holder {
    var dn: AttributeValue
    /// What sentences call it.
    var name: String
    var identity: String
    var places: [RelatedValue]

    /// The place in an attribute.
    func place(in attribute: String) -> RelatedValue? { places.first { $0.attribute.lowercased() == attribute } }

    /// The place of the value as the primary address of its type.
    var primary: RelatedValue? {
      places.first { place in
        AttributeSchema.shipped.isMultivalued(place.attribute) && place.value.map(AddressValue.isPrimary) == true
      }
    }
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
    let clashing = grouped.filter { $0.place(in: attribute) != nil }
    let others = grouped.filter { $0.place(in: attribute) == nil }
    return (clashing + others).compactMap(step)
  }

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
          Holder(
            dn: holder.dn, name: TextOfDN.short(holder.dn), identity: NextSteps.identity(holder.dn, holder.objectGUID),
            places: [holder]))
      }
    }
    return Self.toldApart(grouped)
  }

  /// Holders whose first names are the same are called by their whole names.
  private static func toldApart(_ holders: [Holder]) -> [Holder] {
    var counts: [String: Int] = [:]
    for holder in holders { counts[holder.name.lowercased(), default: 0] += 1 }
    return holders.map { holder in
      guard counts[holder.name.lowercased()] != 1 else { return holder }
      var holder = holder
      holder.name = String(decoding: holder.dn.bytes, as: UTF8.self)
      return holder
    }
  }

  private func step(_ holder: Holder) -> NextStep? {
    // What was deleted is restored or left alone, not changed.
    guard MangledName(dn: holder.dn.bytes)?.reason != .deleted, let place = place(of: holder), let value = place.value
    else { return nil }
    let name = place.attribute
    let short = holder.name
    guard Self.isChangeable(name, value) else {
      return look(holder, name, short)
    }
    // The cloud made the name of the account's: what the account lacks is a sign-in name of its own.
    if attribute == "userprincipalname", name.lowercased() == "samaccountname" {
      return replacing("user principal name", short, "Set-ADUser -Identity \(holder.identity) -UserPrincipalName $new")
    }
    let mail = holder.place(in: "mail")
    let isList = AttributeSchema.shipped.isMultivalued(name)
    if isList, !AddressValue.isPrimary(value) {
      let remove = "Set-ADObject -Identity \(holder.identity) -Remove \(NextSteps.table(name, value))"
      guard mail != nil else {
        return NextStep(
          kind: .powershell, title: "If \(short) is not to have the value, remove it there", text: remove)
      }
      // The cloud takes an address of the mail attribute, too.
      return replacing("value of mail", short, remove + " -Replace @{mail=$new}")
    }
    return replacing(Self.noun(name, value), short, command(holder, name, value, hasMail: mail != nil))
  }

  private func look(_ holder: Holder, _ name: String, _ short: String) -> NextStep {
    NextStep(
      kind: .powershell, title: "Look at \(name) of \(short), which is not changed without care",
      text: "Get-ADObject -Identity \(holder.identity) -Properties \(PowerShellText.expression(name)) | Format-List "
        + PowerShellText.expression(name))
  }

  /// Where a value is changed: in the attribute that clashes; of mail and the primary address, which go together, the latter.
  private func place(of holder: Holder) -> RelatedValue? {
    guard let clashing = holder.place(in: attribute) else { return holder.primary ?? holder.places.first }
    if attribute == "mail" {
      return holder.primary ?? holder.places.first { AttributeSchema.shipped.isMultivalued($0.attribute) } ?? clashing
    }
    return AttributeSchema.shipped.isMultivalued(clashing.attribute) ? holder.primary ?? clashing : clashing
  }

  private func replacing(_ noun: String, _ short: String, _ command: String) -> NextStep {
    NextStep(
      kind: .powershell, title: "If \(short) is not to have the value, give it another \(noun)",
      text: "$new = Read-Host \(PowerShellText.expression("New \(noun) of \(short)")); \(command)")
  }

  /// The command that puts `$new` in place of the value.
  private func command(_ holder: Holder, _ name: String, _ value: AttributeValue, hasMail: Bool) -> String {
    if name.lowercased() == "userprincipalname" {
      return "Set-ADUser -Identity \(holder.identity) -UserPrincipalName $new"
    }
    let key = PowerShellText.key(name)
    let new = AddressValue.type(of: value).map { "\"\($0):$new\"" } ?? "$new"
    guard AttributeSchema.shipped.isMultivalued(name) else {
      return "Set-ADObject -Identity \(holder.identity) -Replace @{\(key)=\(new)}"
    }
    let command =
      "Set-ADObject -Identity \(holder.identity) -Remove \(NextSteps.table(name, value)) -Add @{\(key)=\(new)}"
    // The mail attribute has the primary address, too.
    return hasMail && AddressValue.type(of: value) == "SMTP" ? command + " -Replace @{mail=$new}" : command
  }

  /// Whether a value can be another without the object being another one: no identifier, anchor or name of it, and no
  /// address by which Exchange knows its mailbox.
  private static func isChangeable(_ name: String, _ value: AttributeValue) -> Bool {
    guard let facts = AttributeSchema.shipped[name] else { return true }
    guard facts.syntax == .text || facts.syntax == .integer else { return false }
    switch facts.identifies {
    case .guid, .sid, .dn, .anchor, .mailbox, .name: return false
    case .address: return facts.isMultivalued || value.bytes.contains(UInt8(ascii: "@"))
    default: return true
    }
  }

  private static func noun(_ attribute: String, _ value: AttributeValue) -> String {
    switch attribute.lowercased() {
    case "userprincipalname": "user principal name"
    case "proxyaddresses": AddressValue.type(of: value) == "SMTP" ? "primary address" : "address"
    default: "value of \(attribute)"
    }
  }
}

/// Addresses with a type, as lists of them hold them.
enum AddressValue {
  /// The type before the colon; nil for a value without one.
  static func type(of value: AttributeValue) -> String? {
    let type = value.bytes.prefix { ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 }
    guard !type.isEmpty, type.endIndex < value.bytes.endIndex, value.bytes[type.endIndex] == UInt8(ascii: ":") else {
      return nil
    }
    return String(decoding: type, as: UTF8.self)
  }

  /// Whether a value of a list of addresses is the primary one of its type, which stands in capitals. A SIP address is the
  /// one by which its user is called, however its type is written.
  static func isPrimary(_ value: AttributeValue) -> Bool {
    guard let type = type(of: value) else { return false }
    return type.lowercased() == "sip"
      || type.utf8.allSatisfy { $0 &- 0x41 < 26 }
        && type != "X500"
  }
}
