/// Counts entries that came without what every entry of their kind has: the account may not read it.
///
/// Active Directory leaves out, without a word, what an account may not read. So an attribute that every entry of a class
/// must have (MS-ADSC, mustContain) and that was asked for is a probe.
struct ReadableEntries {
  /// Attributes that are always there, with the class that has them; nil for every class.
  private static let probes: [(attribute: StaticString, objectClass: StaticString?)] = [
    ("objectclass", nil), ("objectguid", nil), ("samaccountname", "user"), ("useraccountcontrol", "user"),
    ("samaccountname", "group"), ("grouptype", "group"),
  ]

  /// Numbers of probes whose attributes are read at all.
  private let active: [Int]
  private var missing = [Int](repeating: 0, count: probes.count)
  /// Bits for the current entry: attributes met (by first probe with that name), classes met.
  private var met: UInt32 = 0
  private var isUser = false
  private var isGroup = false
  private var isClassValue = false
  /// First DN of each count, for the message.
  private var examples = [String?](repeating: nil, count: probes.count)

  /// - Parameter requested: attributes that are asked for; empty for all.
  init(requested: [String]) {
    let names = Set(requested.map { $0.lowercased() })
    active = Self.probes.indices.filter { requested.isEmpty || names.contains("\(Self.probes[$0].attribute)") }
  }

  var isNeeded: Bool { !active.isEmpty }
  /// Whether the current entry came with its classes.
  var hasClass: Bool { met & 1 != 0 }

  mutating func begin() {
    met = 0
    isUser = false
    isGroup = false
  }

  mutating func attribute(_ name: Span<UInt8>, count: Int) {
    isClassValue = false
    guard count > 0 else { return }
    for index in active where Self.equals(name, Self.probes[index].attribute) {
      met |= 1 << UInt32(index)
      if index == 0 { isClassValue = true }
    }
  }

  mutating func value(_ value: Span<UInt8>) {
    guard isClassValue else { return }
    if Self.equals(value, "user") { isUser = true }
    if Self.equals(value, "group") { isGroup = true }
  }

  mutating func end(dn: () -> String) {
    for index in active where met & 1 << UInt32(index) == 0 {
      let applies =
        switch Self.probes[index].objectClass {
        case nil: true
        case let name?: "\(name)" == "user" ? isUser : isGroup
        }
      guard applies else { continue }
      // An entry without its classes has hardly anything else; once is enough.
      if index > 0, !hasClass { continue }
      missing[index] += 1
      if examples[index] == nil { examples[index] = dn() }
    }
  }

  /// What the account may not read, one sentence each.
  var gaps: [String] {
    active.filter { missing[$0] > 0 }.map { index in
      let count = missing[index]
      let kind = Self.probes[index].objectClass.map { "\($0)" } ?? "entry"
      let name = Self.displayNames[index]
      return
        "\(count) \(count == 1 ? kind : kind == "entry" ? "entries" : kind + "s") came without \(name), which each has"
        + " (the first is '\(examples[index] ?? "")'): the account may not read it, and rules could not judge there"
    }
  }

  private static let displayNames = [
    "objectClass", "objectGUID", "sAMAccountName", "userAccountControl", "sAMAccountName", "groupType",
  ]

  /// Whether a text is a name in lower case, whatever its own case (ASCII letters only).
  private static func equals(_ text: Span<UInt8>, _ name: StaticString) -> Bool {
    guard text.count == name.utf8CodeUnitCount else { return false }
    for index in text.indices where text[index] | 0x20 != name.utf8Start[index] { return false }
    return true
  }
}
