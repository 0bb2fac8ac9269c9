import Directory

/// A naming context of a forest, as its configuration tells (crossRef objects, MS-ADTS 6.1.1.2.1.1.2).
public struct NamingContext: Sendable, Equatable {
  /// Distinguished name of its root.
  public var dn: String
  /// Its name in the DNS.
  public var dnsName: String
  /// Its NetBIOS name; nil for what is no domain.
  public var netBIOSName: String?
  /// Whether it is a domain; else the configuration, the schema or an application partition.
  public var isDomain: Bool
}

extension LDAPSession {
  /// The naming contexts of the forest; none where the server is not Active Directory.
  ///
  /// - Throws: `LDAPFailure` when they cannot be read.
  public func namingContexts() throws(LDAPFailure) -> [NamingContext] {
    guard let configuration = rootDSE.configurationNamingContext else { return [] }
    let search = LDAPSearch(
      base: "CN=Partitions,\(configuration)", scope: .one, filter: .equal("objectClass", "crossRef"),
      attributes: ["nCName", "dnsRoot", "nETBIOSName", "systemFlags"])
    return try objects(search).compactMap { object in
      guard let dn = object.text("nCName") else { return nil }
      // FLAG_CR_NTDS_NC and FLAG_CR_NTDS_DOMAIN (MS-ADTS 2.2.10).
      let flags = object.number("systemFlags") ?? 0
      return NamingContext(
        dn: dn, dnsName: object.text("dnsRoot") ?? "", netBIOSName: object.text("nETBIOSName"), isDomain: flags & 3 == 3
      )
    }
  }

  /// Whether the server holds a naming context, in whole or (a global catalog) in part.
  public func holds(_ dn: String) -> Bool {
    let wanted = DistinguishedName.normalized(Array(dn.utf8).span)
    if server.isGlobalCatalog { return true }
    return rootDSE.namingContexts.contains { DistinguishedName.normalized(Array($0.utf8).span) == wanted }
  }
}

/// What a search is to read, and where.
struct ReadPart {
  /// Base of the search.
  var base: String
  /// Servers that may have it, in the order in which they are tried.
  var servers: [LDAPServer]
  /// Whether a server must say first that it holds the base: it was found by its name only.
  var mustHold = false
}

/// What is read of a directory, and what a reference to another server means then.
struct SearchParts {
  var parts: [ReadPart] = []
  /// What cannot be read from the start, one sentence each.
  var gaps: [String] = []
  /// Containers of the domains' own machinery, normalized (well-known objects, MS-ADTS 6.1.1.4). Active Directory lets
  /// only administrators see parts of them, and no object in them is synchronized.
  private(set) var systemContainers: [[UInt8]] = []
  /// Bases that are read, normalized.
  private var read: [[UInt8]] = []
  /// Naming contexts without an object that synchronization would take, normalized.
  private var others: [[UInt8]] = []

  /// Looks what there is to read.
  ///
  /// - Throws: `LDAPFailure` when a forest was asked for and the server does not tell its domains.
  init(_ directory: LDAPDirectory, _ session: LDAPSession) throws(LDAPFailure) {
    var contexts: [NamingContext] = []
    do throws(LDAPFailure) {
      contexts = try session.namingContexts()
    } catch {
      guard !directory.spansForest, error.kind == .permission || error.kind == .noSuchObject else { throw error }
    }
    let domains = contexts.filter(\.isDomain)
    if directory.spansForest {
      guard !domains.isEmpty else {
        throw LDAPFailure(
          .request, server: session.server.uri,
          message: "the server names no domains of a forest (it is no Active Directory, or the account may not read its"
            + " configuration); name a server of each domain instead of --forest")
      }
      parts = domains.map { Self.part($0, directory, session) }
    } else if !directory.bases.isEmpty {
      parts = Self.outermost(directory.bases).map { ReadPart(base: $0, servers: directory.settings.servers) }
    } else if session.server.isGlobalCatalog, !domains.isEmpty {
      parts = domains.map { ReadPart(base: $0.dn, servers: directory.settings.servers) }
    } else {
      parts = Self.ownBases(session).map { ReadPart(base: $0, servers: directory.settings.servers) }
    }
    systemContainers = domains.flatMap { domain in
      ["CN=System", "CN=NTDS Quotas", "CN=Deleted Objects"].map { Self.normalized("\($0),\(domain.dn)") }
    }
    read = parts.map { Self.normalized($0.base) }
    others = contexts.filter { !$0.isDomain }.map { Self.normalized($0.dn) }
    if let configuration = session.rootDSE.configurationNamingContext { others.append(Self.normalized(configuration)) }
  }

  /// What a server holds of a domain: its own domain, or all suffixes of a server that is not Active Directory.
  private static func ownBases(_ session: LDAPSession) -> [String] {
    if let own = session.rootDSE.defaultNamingContext { return [own] }
    let contexts = session.rootDSE.namingContexts
    return contexts.isEmpty ? [""] : contexts
  }

  /// A domain of a forest: on this server, on one of those that were named, or on one that the DNS names.
  private static func part(_ domain: NamingContext, _ directory: LDAPDirectory, _ session: LDAPSession) -> ReadPart {
    if session.holds(domain.dn) { return ReadPart(base: domain.dn, servers: [session.server]) }
    let named = directory.settings.servers.filter { $0 != session.server }
    let found = LDAPHandle.hosts(ofDomain: domain.dnsName).compactMap {
      $0.split(separator: ":").first.map(String.init)
    }
    let hosts = found + (domain.dnsName.isEmpty ? [] : [domain.dnsName])
    let others = hosts.map { LDAPServer(scheme: session.server.scheme, host: $0, port: session.server.port) }
    return ReadPart(base: domain.dn, servers: named + (session.server.scheme == .ldapi ? [] : others), mustHold: true)
  }

  /// Bases without those that lie below another one: their entries would come twice.
  static func outermost(_ bases: [String]) -> [String] {
    let normalized = bases.map(Self.normalized)
    return bases.indices.filter { index in
      !bases.indices.contains { other in
        other != index && DistinguishedName.isAtOrBelow(normalized[other], normalized[index])
          && (normalized[other] != normalized[index] || other < index)
      }
    }.map { bases[$0] }
  }

  /// What is missing when a server answered with a reference; nil where nothing is.
  func gap(reference: String) -> String? {
    guard let url = try? LDAPURL(parsing: reference), let base = url.base else {
      return "a server answered with a reference, '\(reference)', which is not followed"
    }
    let dn = Self.normalized(base)
    if read.contains(dn) || others.contains(where: { DistinguishedName.isAtOrBelow($0, dn) }) { return nil }
    let host = url.server.map { ", which is on \($0.host)," } ?? ""
    return "'\(base)'\(host) was not read; name a server of that domain as a further source, or use --forest"
  }

  private static func normalized(_ dn: String) -> [UInt8] { DistinguishedName.normalized(Array(dn.utf8).span) }
}
