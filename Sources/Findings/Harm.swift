/// What synchronization would do to a directory as it is, in the few numbers that people repeat to each other.
///
/// Counted are errors and warnings that nobody accepted. `HarmTally` counts them.
public struct Harm: Sendable, Equatable {
  /// Objects with an error or a warning, each once.
  public var objects = 0
  /// Objects that do not arrive: of those that share a value all but the first.
  public var objectsBlocked = 0
  /// Whether all objects that do not arrive are users.
  public var blocksUsersOnly = true
  /// Values that are left out.
  public var valuesLost = 0
  /// Whether all values that are left out are addresses.
  public var losesAddressesOnly = true
  /// Values that arrive changed.
  public var valuesAltered = 0
  /// Values that several objects claim, and that are kept back.
  public var conflicts = 0

  /// No harm.
  public init() {}
}

/// Counts what synchronization would do.
///
/// Of each object it keeps a number of eight bytes, so that one is counted once however many findings name it.
struct HarmTally: Sendable {
  private var harm = Harm()
  private var objects: Set<UInt64> = []
  private var blocked: Set<UInt64> = []
  /// The entry of the last finding, and those of its values that are lost: findings of an entry come one behind the other.
  private var entry: UInt64?
  private var lost: [(attribute: String, index: Int)] = []

  /// The numbers.
  var result: Harm {
    var harm = harm
    harm.objects = objects.count
    harm.objectsBlocked = blocked.count
    return harm
  }

  /// Counts one finding.
  mutating func count(_ finding: Finding) {
    guard finding.severity >= .warning, finding.state != .gone, finding.state != .suppressed else { return }
    let own = key(0, of: finding)
    objects.insert(own)
    for number in 1..<max(1, finding.holderCount) { objects.insert(key(number, of: finding)) }
    switch finding.effect {
    case .blocked: countBlocked(finding, own: own)
    case .dropped: countLost(finding, own: own)
    case .altered: harm.valuesAltered += 1
    case .quarantined: harm.conflicts += 1
    case .degraded, .advice: break
    }
  }

  private func key(_ number: Int, of finding: Finding) -> UInt64 {
    let holder = finding.holder(number)
    return EntryKey.anchor(objectGUID: holder.objectGUID, dn: finding.bytes.span.extracting(holder.dn.range))
  }

  /// The first of those who share a value gets it.
  private mutating func countBlocked(_ finding: Finding, own: UInt64) {
    let numbers = finding.holderCount > 1 ? 1..<finding.holderCount : 0..<1
    for number in numbers where blocked.insert(number == 0 ? own : key(number, of: finding)).inserted {
      let objectClass = finding.bytes[finding.holder(number).objectClass.range]
      if !Self.isUser(String(decoding: objectClass, as: UTF8.self)) { harm.blocksUsersOnly = false }
    }
  }

  private mutating func countLost(_ finding: Finding, own: UInt64) {
    if entry != own {
      entry = own
      lost.removeAll(keepingCapacity: true)
    }
    let (attribute, index) = (finding.attribute, finding.valueIndex ?? -1)
    guard !lost.contains(where: { $0 == (attribute, index) }) else { return }
    lost.append((attribute, index))
    harm.valuesLost += 1
    if !Self.isAddress(attribute) { harm.losesAddressesOnly = false }
  }

  private static func isUser(_ objectClass: String) -> Bool {
    ["user", "inetorgperson"].contains(objectClass.lowercased())
  }

  private static func isAddress(_ attribute: String) -> Bool {
    ["proxyaddresses", "mail", "targetaddress", "userprincipalname"].contains(attribute.lowercased())
  }
}
