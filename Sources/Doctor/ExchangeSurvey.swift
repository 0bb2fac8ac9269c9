import Directory
import LDAP
import RuleSet

/// What Exchange left in the schema, the configuration and the domain.
struct ExchangeSurvey {
  /// What was found.
  struct Result {
    var observations: [Observation] = []
    /// Whether there is a hybrid configuration.
    var isHybrid = false
    /// Domains that the organization accepts mail for, in lower case; nil where that is not known.
    var acceptedDomains: Set<String>?
  }

  private let session: LDAPSession
  private let domain: String

  init(_ session: LDAPSession, domain: String) {
    self.session = session
    self.domain = domain
  }

  func look() throws(LDAPFailure) -> Result {
    var result = Result()
    let root = session.rootDSE
    guard let schema = root.schemaNamingContext, let configuration = root.configurationNamingContext else {
      result.observations.append(.notSeen(.exchangeSchema, "the server does not tell its schema"))
      return result
    }
    result.observations.append(
      try session.look(.exchangeSchema) { () throws(LDAPFailure) in
        Self.schema(try session.object("CN=ms-Exch-Schema-Version-Pt,\(schema)", attributes: ["rangeUpper"]))
      })
    let organizations: [LDAPObject]
    do throws(LDAPFailure) {
      organizations = try found("msExchOrganizationContainer", below: "CN=Services,\(configuration)", ["objectVersion"])
    } catch {
      guard error.kind != .interrupted else { throw error }
      result.observations.append(.notSeen(.exchangeOrganization, error.message))
      return result
    }
    guard let organization = organizations.first else {
      result.observations.append(
        .well(.exchangeOrganization, "none that this account can see; nothing else of Exchange"))
      return result
    }
    result.observations.append(
      try session.look(.exchangeOrganization) { () throws(LDAPFailure) in
        Self.organization(
          organization,
          domain: try session.object(
            "CN=Microsoft Exchange System Objects,\(domain)", attributes: ["objectVersion"]))
      })
    try lookIn(organization.dnText, &result)
    return result
  }

  private func lookIn(_ organization: String, _ result: inout Result) throws(LDAPFailure) {
    var hybridDomains: [String]?
    result.observations.append(
      try session.look(.hybridConfiguration) { () throws(LDAPFailure) in
        let hybrid = try found("msExchCoexistenceRelationship", below: organization, [])
        result.isHybrid = !hybrid.isEmpty
        hybridDomains = hybrid.flatMap { $0.texts("msExchCoexistenceDomains") }
        return Self.hybrid(hybrid)
      })
    result.observations.append(
      try session.look(.acceptedDomains) { () throws(LDAPFailure) in
        let domains = try found(
          "msExchAcceptedDomain", below: organization, ["msExchAcceptedDomainName", "msExchAcceptedDomainFlags"])
        let names = domains.compactMap { $0.text("msExchAcceptedDomainName")?.lowercased() }
        if !names.isEmpty { result.acceptedDomains = Set(names) }
        return Self.acceptedDomains(names, hybrid: hybridDomains ?? [], organization: organization)
      })
    result.observations.append(
      try session.look(.exchangeServers) { () throws(LDAPFailure) in
        Self.servers(try found("msExchExchangeServer", below: organization, ["cn", "serialNumber"]))
      })
    result.observations.append(
      try session.look(.moveProxy) { () throws(LDAPFailure) in
        let filter = LDAPFilter.any([
          .equal("objectClass", "msExchWebServicesVirtualDirectory"), .present("msExchMRSProxyFlags"),
        ])
        return Self.moveProxies(
          try session.objects(
            LDAPSearch(
              base: organization, filter: filter, attributes: ["msExchMRSProxyFlags", "msExchExternalHostName"])),
          isHybrid: result.isHybrid, organization: organization)
      })
  }

  private func found(
    _ objectClass: String, below base: String, _ attributes: [String]
  ) throws(LDAPFailure) -> [LDAPObject] {
    try session.objects(
      LDAPSearch(base: base, filter: .equal("objectClass", objectClass), attributes: attributes))
  }

  static func schema(_ version: LDAPObject?) -> Observation {
    guard let version else {
      return .well(
        .exchangeSchema,
        "not there: the directory has no attributes of Exchange, and rules about them have nothing to judge")
    }
    guard let number = version.number("rangeUpper") else {
      return .notSeen(.exchangeSchema, "rangeUpper of \(version.dnText) cannot be read")
    }
    return .well(.exchangeSchema, "\(number) (\(ExchangeVersions.name(ofSchema: number)))")
  }

  static func organization(_ organization: LDAPObject, domain: LDAPObject?) -> Observation {
    let dn = organization.dnText
    guard let version = organization.number("objectVersion") else {
      return .notSeen(.exchangeOrganization, "objectVersion of \(dn) cannot be read")
    }
    let name = dn.prefix { $0 != "," }.dropFirst(3)
    let words = "\(name): \(version) (\(ExchangeVersions.name(ofOrganization: version)))"
    guard let prepared = domain?.number("objectVersion") else {
      return .fault(.exchangeOrganization, Fault(.exchangeDomainNotPrepared, dn: dn, value: words))
    }
    guard let wanted = ExchangeVersions.domain(forOrganization: version), prepared < wanted else {
      return .well(.exchangeOrganization, "\(words); domain \(prepared)")
    }
    return .fault(
      .exchangeOrganization,
      Fault(.exchangeDomainOlderBuild, dn: dn, value: words, detail: "\(prepared) instead of \(wanted)"))
  }

  static func hybrid(_ configurations: [LDAPObject]) -> Observation {
    guard let configuration = configurations.first else { return .well(.hybridConfiguration, "none") }
    let domains = configuration.texts("msExchCoexistenceDomains")
    return domains.isEmpty
      ? .fault(.hybridConfiguration, Fault(.hybridWithoutDomains, dn: configuration.dnText))
      : .well(.hybridConfiguration, "present, for \(domains.joined(separator: ", "))")
  }

  /// Whether a domain is one of the accepted ones, of which some stand for all below them (`*.contoso.com`, `*`).
  static func isAccepted(_ domain: String, _ accepted: Set<String>) -> Bool {
    if accepted.contains(domain) || accepted.contains("*") { return true }
    var rest = domain[...]
    while let dot = rest.firstIndex(of: ".") {
      rest = rest[rest.index(after: dot)...]
      if accepted.contains("*." + rest) { return true }
    }
    return false
  }

  /// - Parameters:
  ///   - hybrid: domains of the hybrid configuration.
  ///   - organization: DN of the organization.
  static func acceptedDomains(_ names: [String], hybrid: [String], organization: String = "") -> Observation {
    guard !names.isEmpty else {
      return .notSeen(.acceptedDomains, "none that this account can see, though there is an organization")
    }
    let accepted = Set(names)
    // Domains of the hybrid configuration may have a mark such as `autod:` before them.
    let missing = hybrid.map { ($0.split(separator: ":").last.map(String.init) ?? $0).lowercased() }
      .filter { !isAccepted($0, accepted) }
    guard !missing.isEmpty else { return .well(.acceptedDomains, names.joined(separator: ", ")) }
    return .fault(
      .acceptedDomains,
      Fault(.hybridDomainNotAccepted, dn: organization, value: missing.joined(separator: ", ")))
  }

  static func servers(_ servers: [LDAPObject]) -> Observation {
    let names = servers.map { server in
      [server.text("cn") ?? server.dnText, server.text("serialNumber") ?? ""].filter { !$0.isEmpty }.joined(
        separator: " ")
    }
    return .well(.exchangeServers, names.isEmpty ? "none" : names.joined(separator: ", "))
  }

  static func moveProxies(_ directories: [LDAPObject], isHybrid: Bool, organization: String = "") -> Observation {
    guard !directories.isEmpty else { return .well(.moveProxy, "no virtual directory of Exchange Web Services") }
    let off = directories.filter { ($0.number("msExchMRSProxyFlags") ?? 0) == 0 }
    guard isHybrid, !off.isEmpty else {
      return .well(
        .moveProxy, "enabled on \(directories.count - off.count) of \(directories.count) virtual directories")
    }
    return .fault(
      .moveProxy,
      Fault(
        off.count == directories.count ? .moveProxyOff : .moveProxyPartlyOff, dn: organization, count: off.count,
        total: directories.count, objects: ObjectNames(off.map(\.dnText))))
  }
}
