import Directory

/// Counts entries that came without what every entry of their kind has: the account may not read it.
///
/// Active Directory leaves out, without a word, what an account may not read. So an attribute that every entry of a class
/// must have (MS-ADSC, mustContain) and that was asked for is a probe.
struct ReadableEntries {
  private struct Probe {
    var attribute: String
    /// The attribute in lower case.
    var bytes: [UInt8]
    /// The class that has it; nil for every class.
    var objectClass: String?
    /// The class's bit among those of `classes`.
    var classBit: UInt32
  }

  /// Classes with attributes of their own that are always there, in lower case.
  private static let classes = uniqueClasses.map { Array($0.lowercased().utf8) }
  private static let uniqueClasses = ObjectClassSchema.always.map(\.objectClass).reduce(into: [String]()) {
    if $1 != "top", !$0.contains($1) { $0.append($1) }
  }

  /// Attributes that are always there: first those of every class, of which the first tells the classes.
  private static let probes: [Probe] = {
    let always = ObjectClassSchema.always
    let ordered = always.filter { $0.objectClass == "top" } + always.filter { $0.objectClass != "top" }
    return ordered.map { attribute, objectClass in
      let number = uniqueClasses.firstIndex(of: objectClass)
      return Probe(
        attribute: attribute, bytes: Array(attribute.lowercased().utf8),
        objectClass: number.map { uniqueClasses[$0] }, classBit: number.map { 1 << UInt32($0) } ?? .max)
    }
  }()

  /// Numbers of probes whose attributes are read at all.
  private let active: [Int]
  private var missing = [Int](repeating: 0, count: probes.count)
  /// Bits for the current entry: attributes met (by first probe with that name), classes met.
  private var met: UInt32 = 0
  private var metClasses: UInt32 = 0
  private var isClassValue = false
  /// First DN of each count, for the message.
  private var examples = [String?](repeating: nil, count: probes.count)

  /// - Parameter requested: attributes that are asked for; empty for all.
  init(requested: [String]) {
    let names = Set(requested.map { $0.lowercased() })
    active = Self.probes.indices.filter { requested.isEmpty || names.contains(Self.probes[$0].attribute.lowercased()) }
  }

  var isNeeded: Bool { !active.isEmpty }
  /// Whether the current entry came with its classes.
  var hasClass: Bool { met & 1 != 0 }

  mutating func begin() {
    met = 0
    metClasses = 0
  }

  mutating func attribute(_ name: Span<UInt8>, count: Int) {
    isClassValue = false
    guard count > 0 else { return }
    for index in active where Self.equals(name, Self.probes[index].bytes) {
      met |= 1 << UInt32(index)
      if index == 0 { isClassValue = true }
    }
  }

  mutating func value(_ value: Span<UInt8>) {
    guard isClassValue else { return }
    for index in Self.classes.indices where Self.equals(value, Self.classes[index]) { metClasses |= 1 << UInt32(index) }
  }

  mutating func end(dn: () -> String) {
    for index in active where met & 1 << UInt32(index) == 0 {
      guard Self.probes[index].objectClass == nil || Self.probes[index].classBit & metClasses != 0 else { continue }
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
      let kind = Self.probes[index].objectClass ?? "entry"
      let name = Self.probes[index].attribute
      return
        "\(count) \(count == 1 ? kind : kind == "entry" ? "entries" : kind + "s") came without \(name), which each has"
        + " (the first is '\(examples[index] ?? "")'): the account may not read it, and rules could not judge there"
    }
  }

  /// Whether a text is a name in lower case, whatever its own case (ASCII letters only).
  private static func equals(_ text: Span<UInt8>, _ name: [UInt8]) -> Bool {
    guard text.count == name.count else { return false }
    for index in text.indices where text[index] | 0x20 != name[index] { return false }
    return true
  }
}
