import Directory
import Findings
import LDAP

/// What Exchange left in the schema, the configuration and the domain.
struct ExchangeSurvey {
  /// What was found.
  struct Result {
    var checks: [PreflightCheck] = []
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
      result.checks.append(
        PreflightCheck("exchange-schema", "Exchange schema", .couldNotLook, "the server does not tell its schema"))
      return result
    }
    result.checks.append(
      try session.check("exchange-schema", "Exchange schema") { () throws(LDAPFailure) in
        Self.schema(try session.object("CN=ms-Exch-Schema-Version-Pt,\(schema)", attributes: ["rangeUpper"]))
      })
    let organizations: [LDAPObject]
    do throws(LDAPFailure) {
      organizations = try found("msExchOrganizationContainer", below: "CN=Services,\(configuration)", ["objectVersion"])
    } catch {
      guard error.kind != .interrupted else { throw error }
      result.checks.append(.unanswered("exchange-organization", "Exchange organization", error))
      return result
    }
    guard let organization = organizations.first else {
      result.checks.append(
        PreflightCheck(
          "exchange-organization", "Exchange organization", .ok,
          "none that this account can see; nothing else of Exchange"))
      return result
    }
    result.checks.append(
      try session.check("exchange-organization", "Exchange organization") { () throws(LDAPFailure) in
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
    result.checks.append(
      try session.check("hybrid-configuration", "Hybrid configuration") { () throws(LDAPFailure) in
        let hybrid = try found("msExchCoexistenceRelationship", below: organization, [])
        result.isHybrid = !hybrid.isEmpty
        hybridDomains = hybrid.flatMap { $0.texts("msExchCoexistenceDomains") }
        return Self.hybrid(hybrid)
      })
    result.checks.append(
      try session.check("accepted-domains", "Accepted domains") { () throws(LDAPFailure) in
        let domains = try found(
          "msExchAcceptedDomain", below: organization, ["msExchAcceptedDomainName", "msExchAcceptedDomainFlags"])
        let names = domains.compactMap { $0.text("msExchAcceptedDomainName")?.lowercased() }
        if !names.isEmpty { result.acceptedDomains = Set(names) }
        return Self.acceptedDomains(names, hybrid: hybridDomains ?? [])
      })
    result.checks.append(
      try session.check("exchange-servers", "Exchange servers") { () throws(LDAPFailure) in
        Self.servers(try found("msExchExchangeServer", below: organization, ["cn", "serialNumber"]))
      })
    result.checks.append(
      try session.check("mrs-proxy", "Mailbox replication proxy") { () throws(LDAPFailure) in
        let filter = LDAPFilter.any([
          .equal("objectClass", "msExchWebServicesVirtualDirectory"), .present("msExchMRSProxyFlags"),
        ])
        return Self.moveProxies(
          try session.objects(
            LDAPSearch(
              base: organization, filter: filter, attributes: ["msExchMRSProxyFlags", "msExchExternalHostName"])),
          isHybrid: result.isHybrid)
      })
  }

  private func found(
    _ objectClass: String, below base: String, _ attributes: [String]
  ) throws(LDAPFailure) -> [LDAPObject] {
    try session.objects(
      LDAPSearch(base: base, filter: .equal("objectClass", objectClass), attributes: attributes))
  }

  static func schema(_ version: LDAPObject?) -> PreflightCheck {
    let title = "Exchange schema"
    guard let version else {
      return PreflightCheck(
        "exchange-schema", title, .ok,
        "not there: the directory has no attributes of Exchange, and rules about them have nothing to judge")
    }
    guard let number = version.number("rangeUpper") else {
      return PreflightCheck("exchange-schema", title, .couldNotLook, "rangeUpper of \(version.dnText) cannot be read")
    }
    return PreflightCheck("exchange-schema", title, .ok, "\(number) (\(ExchangeVersions.name(ofSchema: number)))")
  }

  static func organization(_ organization: LDAPObject, domain: LDAPObject?) -> PreflightCheck {
    let title = "Exchange organization"
    let name = organization.dnText.prefix { $0 != "," }.dropFirst(3)
    guard let version = organization.number("objectVersion") else {
      return PreflightCheck(
        "exchange-organization", title, .couldNotLook, "objectVersion of \(organization.dnText) cannot be read")
    }
    let words = "\(name): \(version) (\(ExchangeVersions.name(ofOrganization: version)))"
    guard let prepared = domain?.number("objectVersion") else {
      return PreflightCheck(
        "exchange-organization", title, .advice, "\(words); this domain is not prepared for Exchange"
      )
      .because(
        "recipients of a domain that setup has not prepared cannot be managed by Exchange",
        remedy: "where this domain has recipients: setup.exe /PrepareDomain", Page.exchangeVersions)
    }
    guard let wanted = ExchangeVersions.domain(forOrganization: version), prepared < wanted else {
      return PreflightCheck("exchange-organization", title, .ok, "\(words); domain \(prepared)")
    }
    return PreflightCheck(
      "exchange-organization", title, .problem, "\(words), but the domain is prepared for an older build: \(prepared)"
    ).because(
      "setup of the newer build has not prepared this domain, whose version would be \(wanted)",
      remedy: "setup.exe /PrepareDomain with the newer build", Page.exchangeVersions)
  }

  static func hybrid(_ configurations: [LDAPObject]) -> PreflightCheck {
    let title = "Hybrid configuration"
    guard let configuration = configurations.first else {
      return PreflightCheck("hybrid-configuration", title, .ok, "none")
    }
    let domains = configuration.texts("msExchCoexistenceDomains")
    let words = domains.isEmpty ? "present, without domains" : "present, for \(domains.joined(separator: ", "))"
    return PreflightCheck("hybrid-configuration", title, domains.isEmpty ? .advice : .ok, words).because(
      domains.isEmpty ? "the Hybrid Configuration Wizard has not come to its end, or it was removed" : "",
      remedy: domains.isEmpty ? "run the Hybrid Configuration Wizard" : "", Page.hybridPrerequisites)
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

  static func acceptedDomains(_ names: [String], hybrid: [String]) -> PreflightCheck {
    let title = "Accepted domains"
    guard !names.isEmpty else {
      return PreflightCheck(
        "accepted-domains", title, .couldNotLook, "none that this account can see, though there is an organization")
    }
    let accepted = Set(names)
    // Domains of the hybrid configuration may have a mark such as `autod:` before them.
    let missing = hybrid.map { ($0.split(separator: ":").last.map(String.init) ?? $0).lowercased() }
      .filter { !isAccepted($0, accepted) }
    guard missing.isEmpty else {
      return PreflightCheck(
        "accepted-domains", title, .problem,
        "\(missing.joined(separator: ", ")): in the hybrid configuration, but not accepted"
      ).because(
        "the Hybrid Configuration Wizard and the mail flow between both sides need accepted domains",
        remedy: "New-AcceptedDomain, or take the domain out of the hybrid configuration", Page.hybridPrerequisites
      ).naming(ObjectNames(missing))
    }
    return PreflightCheck("accepted-domains", title, .ok, names.joined(separator: ", "))
  }

  static func servers(_ servers: [LDAPObject]) -> PreflightCheck {
    let names = servers.map { server in
      [server.text("cn") ?? server.dnText, server.text("serialNumber") ?? ""].filter { !$0.isEmpty }.joined(
        separator: " ")
    }
    return PreflightCheck(
      "exchange-servers", "Exchange servers", .ok, names.isEmpty ? "none" : names.joined(separator: ", "))
  }

  static func moveProxies(_ directories: [LDAPObject], isHybrid: Bool) -> PreflightCheck {
    let title = "Mailbox replication proxy"
    guard !directories.isEmpty else {
      return PreflightCheck("mrs-proxy", title, .ok, "no virtual directory of Exchange Web Services")
    }
    let off = directories.filter { ($0.number("msExchMRSProxyFlags") ?? 0) == 0 }
    let words = "enabled on \(directories.count - off.count) of \(directories.count) virtual directories"
    guard isHybrid, !off.isEmpty else { return PreflightCheck("mrs-proxy", title, .ok, words) }
    return PreflightCheck("mrs-proxy", title, off.count == directories.count ? .problem : .advice, words).because(
      "mailboxes are moved to and from Exchange Online through this proxy, which is off by default",
      remedy: "Set-WebServicesVirtualDirectory -MRSProxyEnabled $true on the servers that migrations reach",
      Page.moveProxy
    ).naming(ObjectNames(off.map(\.dnText)))
  }
}
