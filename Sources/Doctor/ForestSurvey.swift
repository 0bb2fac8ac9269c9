import Directory
import LDAP
import RuleSet

/// What the configuration partition says of the forest.
struct ForestSurvey {
  private let session: LDAPSession
  private let domain: String

  init(_ session: LDAPSession, domain: String) {
    self.session = session
    self.domain = domain
  }

  func look() throws(LDAPFailure) -> [Observation] {
    let root = session.rootDSE
    var observations = [Self.forestLevel(root.forestFunctionality), Self.domainLevel(root.domainFunctionality)]
    let partitions = root.configurationNamingContext.map { "CN=Partitions,\($0)" } ?? ""
    observations.append(
      try session.look(.netBIOSNames) { () throws(LDAPFailure) in
        Self.netBIOSNames(try domains(partitions))
      })
    observations.append(
      try session.look(.suffixes) { () throws(LDAPFailure) in
        let container = try session.object(partitions, attributes: ["uPNSuffixes"])
        return Self.suffixes(
          domains: try domains(partitions).compactMap { $0.text("dnsRoot") }, others: container?.texts("uPNSuffixes"),
          partitions: partitions)
      })
    observations.append(
      try session.look(.recycleBin) { () throws(LDAPFailure) in
        Self.recycleBin(try session.object(partitions, attributes: ["msDS-EnabledFeature"]))
      })
    return observations
  }

  /// The cross-references of domains (MS-ADTS 6.1.1.2.1.1): those of which `systemFlags` has bit 2.
  private func domains(_ partitions: String) throws(LDAPFailure) -> [LDAPObject] {
    try session.objects(
      LDAPSearch(
        base: partitions, scope: .one, filter: .all([.equal("objectClass", "crossRef"), .present("nETBIOSName")]),
        attributes: ["nETBIOSName", "dnsRoot", "nCName", "systemFlags"]))
  }

  static func forestLevel(_ level: Int?) -> Observation {
    functionalLevel(level, .forestLevel, .forestFunctionalLevel)
  }

  static func domainLevel(_ level: Int?) -> Observation {
    functionalLevel(level, .domainLevel, .domainFunctionalLevel)
  }

  private static func functionalLevel(_ level: Int?, _ probe: Probe, _ fault: DoctorFault) -> Observation {
    guard let level else { return .notSeen(probe, "the server does not tell it") }
    let name = FunctionalLevel.name(level)
    return level >= 2 ? .well(probe, name) : .fault(probe, Fault(fault, value: name))
  }

  static func netBIOSNames(_ domains: [LDAPObject]) -> Observation {
    let names = domains.compactMap { $0.text("nETBIOSName") }
    guard !names.isEmpty else {
      return .notSeen(.netBIOSNames, "the configuration partition shows no domain to this account")
    }
    let dotted = domains.filter { $0.text("nETBIOSName")?.contains(".") == true }
    guard !dotted.isEmpty else { return .well(.netBIOSNames, names.joined(separator: ", ")) }
    let value = dotted.compactMap { $0.text("nETBIOSName") }.joined(separator: ", ")
    return .fault(
      .netBIOSNames,
      Fault(.netBIOSNameWithDot, dn: dotted.first?.dnText, value: value, objects: ObjectNames(dotted.map(\.dnText))))
  }

  /// Top-level domains that nobody can register (RFC 2606, RFC 6761, RFC 6762, ICANN's reservation of `internal`), and those
  /// that never existed but are in use inside.
  private static let reserved: Set<String> = [
    "local", "test", "example", "invalid", "localhost", "internal", "home", "corp", "lan", "intranet", "private",
  ]

  static func suffixes(domains: [String], others: [String]?, partitions: String = "") -> Observation {
    guard let others, !domains.isEmpty else {
      return .notSeen(.suffixes, "the configuration partition cannot be read")
    }
    let all = domains + others
    let isRoutable = all.contains { name in
      let labels = name.lowercased().split(separator: ".")
      return labels.count > 1 && !reserved.contains(labels.last.map(String.init) ?? "")
    }
    let names = all.joined(separator: ", ")
    return isRoutable
      ? .well(.suffixes, names) : .fault(.suffixes, Fault(.noRoutableSuffix, dn: partitions, value: names))
  }

  static func recycleBin(_ partitions: LDAPObject?) -> Observation {
    guard let partitions else { return .notSeen(.recycleBin, "the configuration partition cannot be read") }
    let isOn = partitions.texts("msDS-EnabledFeature").contains { $0.lowercased().hasPrefix("cn=recycle bin feature,") }
    return isOn ? .well(.recycleBin, "enabled") : .fault(.recycleBin, Fault(.recycleBinOff, dn: partitions.dnText))
  }
}
