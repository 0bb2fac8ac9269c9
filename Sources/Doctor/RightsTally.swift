import Directory
import LDAP
import RuleSet

/// Counts the rights that a connector account lacks, by feature.
struct RightsTally {
  private struct Key: Hashable {
    var objectClass: String
    var descriptor: [UInt8]
  }

  /// What an account lacks on objects with one descriptor.
  private struct Verdict {
    var lacking: [NeededRight]
    var conditional: [NeededRight]
    var mayCreateGroups: Bool
  }

  /// What is lacking for a feature.
  private struct Lack {
    var rights: [String] = []
    var objects = ObjectNames()
    var judged = 0

    mutating func add(_ names: [String], _ object: String) {
      for name in names where !rights.contains(name) { rights.append(name) }
      objects.add(object)
    }
  }

  private let account: ConnectorAccounts.Account
  private let schema: SchemaGUIDs
  private var verdicts: [Key: Verdict?] = [:]
  private var lacks: [ConnectorFeature: Lack] = [:]
  private var conditions: [ConnectorFeature: ObjectNames] = [:]
  private var domainLacks: [ConnectorFeature: [NeededRight]]?
  private var unreadable = 0
  private var units = 0
  private var writableUnits = 0

  init(account: ConnectorAccounts.Account, schema: SchemaGUIDs) {
    self.account = account
    self.schema = schema
  }

  /// Judges the rights on the root of the domain; nil where it cannot be read.
  mutating func judge(domainRoot: LDAPObject?) {
    guard let bytes = domainRoot?["nTSecurityDescriptor"].first, let descriptor = SecurityDescriptor(bytes) else {
      return
    }
    var lacking: [ConnectorFeature: [NeededRight]] = [:]
    for need in ConnectorRights.onDomain {
      guard let target = schema.target(of: need, onClass: "domainDNS") else { continue }
      if descriptor.decide(need.right, on: target, for: account.token) != .granted {
        lacking[need.feature, default: []].append(need)
      }
    }
    domainLacks = lacking
  }

  /// Judges the rights on an object.
  mutating func judge(_ object: LDAPObject) {
    guard object.flag("isCriticalSystemObject") != true, let name = Self.judgedClass(object) else { return }
    guard let bytes = object["nTSecurityDescriptor"].first else {
      unreadable += 1
      return
    }
    guard let verdict = verdict(name, bytes) else {
      unreadable += 1
      return
    }
    if name == "organizationalUnit" {
      units += 1
      if verdict.mayCreateGroups { writableUnits += 1 }
    }
    for feature in features(ofClass: name) {
      lacks[feature, default: Lack()].judged += 1
      let lacking = verdict.lacking.filter { $0.feature == feature }
      if !lacking.isEmpty { lacks[feature, default: Lack()].add(lacking.map(\.words), object.dnText) }
      if lacking.isEmpty, verdict.conditional.contains(where: { $0.feature == feature }) {
        conditions[feature, default: ObjectNames()].add(object.dnText)
      }
    }
  }

  /// The class by which an object is judged; nil for classes of which nothing is needed.
  private static func judgedClass(_ object: LDAPObject) -> String? {
    let classes = object.texts("objectClass").map { $0.lowercased() }
    guard !classes.contains("computer") else { return nil }
    return ["inetOrgPerson", "user", "group", "contact", "publicFolder", "organizationalUnit"].first {
      classes.contains($0.lowercased())
    }
  }

  /// Features that need something on objects of a class which the schema knows.
  private func features(ofClass name: String) -> Set<ConnectorFeature> {
    Set(
      ConnectorRights.onObjects(ofClass: name).filter { schema.target(of: $0, onClass: name) != nil }.map(\.feature))
  }

  private mutating func verdict(_ name: String, _ bytes: [UInt8]) -> Verdict? {
    let key = Key(objectClass: name, descriptor: bytes)
    if let known = verdicts[key] { return known }
    // Descriptors that all differ are rare; the memory stays bounded even then.
    if verdicts.count >= 5_000 { verdicts.removeAll(keepingCapacity: true) }
    let made = SecurityDescriptor(bytes).map { judge($0, name) }
    verdicts[key] = made
    return made
  }

  private func judge(_ descriptor: SecurityDescriptor, _ name: String) -> Verdict {
    var verdict = Verdict(lacking: [], conditional: [], mayCreateGroups: false)
    for need in ConnectorRights.onObjects(ofClass: name) {
      guard let target = schema.target(of: need, onClass: name) else { continue }
      switch descriptor.decide(need.right, on: target, for: account.token) {
      case .granted: continue
      case .conditional: verdict.conditional.append(need)
      case .denied, .notGranted: verdict.lacking.append(need)
      }
    }
    if name == "organizationalUnit" {
      verdict.mayCreateGroups = ConnectorRights.onWritebackUnit.allSatisfy { need in
        schema.target(of: need, onClass: name).map {
          descriptor.decide(need.right, on: $0, for: account.token) == .granted
        } ?? false
      }
    }
    return verdict
  }

  /// What came of it, feature by feature.
  var observations: [Observation] { ConnectorFeature.allCases.map { observation(of: $0) } }

  private func observation(of feature: ConnectorFeature) -> Observation {
    let probe = Probe.rights(feature)
    let missing = feature == .groupWriteback ? unitWords : lacks[feature].flatMap(objectWords)
    let parts = [domainWords(feature), missing].compactMap { $0 }
    guard parts.isEmpty else {
      return .fault(
        probe,
        Fault(
          feature.fault, dn: account.dn, account: account.name, detail: parts.joined(separator: "; "),
          objects: lacks[feature]?.objects ?? ObjectNames()))
    }
    return blindness(feature).map { .notSeen(probe, $0) } ?? .well(probe, grantedWords(feature))
  }

  private func grantedWords(_ feature: ConnectorFeature) -> String {
    let judged = feature == .groupWriteback ? writableUnits : lacks[feature]?.judged ?? 0
    if judged > 0 { return "granted on \(judged) \(feature == .groupWriteback ? "organizational units" : "objects")" }
    let isOfDomain = ConnectorRights.onDomain.contains { $0.feature == feature }
    return isOfDomain ? "granted" : "nothing needs it: there is no such object, or the schema has no such attribute"
  }

  private func objectWords(_ lack: Lack) -> String? {
    guard lack.objects.count > 0 else { return nil }
    return "\(lack.rights.joined(separator: ", ")) on \(lack.objects.count) of \(lack.judged) objects"
  }

  private func domainWords(_ feature: ConnectorFeature) -> String? {
    guard let lacking = domainLacks?[feature], !lacking.isEmpty else { return nil }
    return "\(lacking.map(\.words).joined(separator: ", ")) on the domain"
  }

  /// Write-back needs one unit that it may write to, not all.
  private var unitWords: String? {
    units > 0 && writableUnits == 0 ? "create and delete groups on every organizational unit" : nil
  }

  /// Why nothing that is lacking does not mean that all is granted.
  private func blindness(_ feature: ConnectorFeature) -> String? {
    if domainLacks == nil, ConnectorRights.onDomain.contains(where: { $0.feature == feature }) {
      return "the rights on the domain cannot be read"
    }
    if unreadable > 0 { return "the rights on \(unreadable) objects cannot be read" }
    if let conditional = conditions[feature] {
      return "rights on \(conditional.count) objects depend on conditions that only the server can evaluate"
    }
    return nil
  }
}
