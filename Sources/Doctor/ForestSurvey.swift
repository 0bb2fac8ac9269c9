import Directory
import Findings
import LDAP

/// What the configuration partition says of the forest.
struct ForestSurvey {
  private let session: LDAPSession
  private let domain: String

  init(_ session: LDAPSession, domain: String) {
    self.session = session
    self.domain = domain
  }

  func checks() throws(LDAPFailure) -> [PreflightCheck] {
    let root = session.rootDSE
    var checks = [
      Self.forestLevel(root.forestFunctionality),
      Self.domainLevel(root.domainFunctionality),
    ]
    let partitions = root.configurationNamingContext.map { "CN=Partitions,\($0)" } ?? ""
    checks.append(
      try session.check("netbios-name", "NetBIOS names") { () throws(LDAPFailure) in
        Self.netBIOSNames(try domains(partitions))
      })
    checks.append(
      try session.check("upn-suffix", "Suffixes of user principal names") { () throws(LDAPFailure) in
        let container = try session.object(partitions, attributes: ["uPNSuffixes"])
        return Self.suffixes(
          domains: try domains(partitions).compactMap { $0.text("dnsRoot") }, others: container?.texts("uPNSuffixes"))
      })
    checks.append(
      try session.check("recycle-bin", "Active Directory recycle bin") { () throws(LDAPFailure) in
        Self.recycleBin(try session.object(partitions, attributes: ["msDS-EnabledFeature"]))
      })
    return checks
  }

  /// The cross-references of domains (MS-ADTS 6.1.1.2.1.1): those of which `systemFlags` has bit 2.
  private func domains(_ partitions: String) throws(LDAPFailure) -> [LDAPObject] {
    try session.objects(
      LDAPSearch(
        base: partitions, scope: .one, filter: .all([.equal("objectClass", "crossRef"), .present("nETBIOSName")]),
        attributes: ["nETBIOSName", "dnsRoot", "nCName", "systemFlags"]))
  }

  static func forestLevel(_ level: Int?) -> PreflightCheck {
    functionalLevel(
      level, of: "forest", title: "Forest functional level",
      need: "Entra Connect needs a forest functional level of Windows Server 2003 or later")
  }

  static func domainLevel(_ level: Int?) -> PreflightCheck {
    functionalLevel(
      level, of: "domain", title: "Domain functional level",
      need: "a domain below Windows Server 2003 keeps the forest below the level that Entra Connect needs")
  }

  private static func functionalLevel(
    _ level: Int?, of part: String, title: String, need: String
  ) -> PreflightCheck {
    let id = "\(part)-functional-level"
    guard let level else { return PreflightCheck(id, title, .couldNotLook, "the server does not tell it") }
    guard level >= 2 else {
      return PreflightCheck(id, title, .problem, FunctionalLevel.name(level)).because(
        need, remedy: "raise the \(part) functional level", Page.prerequisites)
    }
    return PreflightCheck(id, title, .ok, FunctionalLevel.name(level))
  }

  static func netBIOSNames(_ domains: [LDAPObject]) -> PreflightCheck {
    let title = "NetBIOS names"
    let names = domains.compactMap { $0.text("nETBIOSName") }
    guard !names.isEmpty else {
      return PreflightCheck(
        "netbios-name", title, .couldNotLook, "the configuration partition shows no domain to this account")
    }
    let dotted = names.filter { $0.contains(".") }
    guard !dotted.isEmpty else {
      return PreflightCheck("netbios-name", title, .ok, names.joined(separator: ", "))
    }
    return PreflightCheck("netbios-name", title, .problem, "\(dotted.joined(separator: ", ")): a dot in the name")
      .because(
        "Entra Connect does not support forests and domains with dotted NetBIOS names",
        remedy:
          "a domain's NetBIOS name can only be changed by renaming the domain; plan the synchronization from another "
          + "forest, or rename",
        Page.prerequisites
      ).naming(ObjectNames(dotted))
  }

  /// Top-level domains that nobody can register (RFC 2606, RFC 6761, RFC 6762, ICANN's reservation of `internal`), and those
  /// that never existed but are in use inside.
  private static let reserved: Set<String> = [
    "local", "test", "example", "invalid", "localhost", "internal", "home", "corp", "lan", "intranet", "private",
  ]

  static func suffixes(domains: [String], others: [String]?) -> PreflightCheck {
    let title = "Suffixes of user principal names"
    guard let others, !domains.isEmpty else {
      return PreflightCheck("upn-suffix", title, .couldNotLook, "the configuration partition cannot be read")
    }
    let all = domains + others
    let routable = all.filter { name in
      let labels = name.lowercased().split(separator: ".")
      return labels.count > 1 && !reserved.contains(labels.last.map(String.init) ?? "")
    }
    guard routable.isEmpty else {
      return PreflightCheck("upn-suffix", title, .ok, all.joined(separator: ", "))
    }
    return PreflightCheck(
      "upn-suffix", title, .problem,
      "\(all.joined(separator: ", ")): none that could be verified in a tenant"
    ).because(
      "users whose suffix is no verified domain get a user name of the tenant's onmicrosoft.com domain",
      remedy: "add the suffix of a domain that you own (Active Directory Domains and Trusts), and give it to the users",
      Page.nonRoutable
    ).naming(ObjectNames(all))
  }

  static func recycleBin(_ partitions: LDAPObject?) -> PreflightCheck {
    let title = "Active Directory recycle bin"
    guard let partitions else {
      return PreflightCheck("recycle-bin", title, .couldNotLook, "the configuration partition cannot be read")
    }
    let isOn = partitions.texts("msDS-EnabledFeature").contains { $0.lowercased().hasPrefix("cn=recycle bin feature,") }
    guard !isOn else { return PreflightCheck("recycle-bin", title, .ok, "enabled") }
    return PreflightCheck("recycle-bin", title, .advice, "not enabled").because(
      "an object that is deleted by mistake is deleted in the cloud, too; only the recycle bin brings it back with all "
        + "that makes it match again",
      remedy: "Enable-ADOptionalFeature 'Recycle Bin Feature' (it cannot be switched off again)", Page.prerequisites)
  }
}
