import Directory
import LDAP
import RuleSet

/// The accounts by which synchronization reads and writes the directory.
struct ConnectorAccounts {
  /// An account and what it is known by in access checks.
  struct Account {
    var dn: String
    var name: String
    var token: AccessToken
  }

  /// What was found.
  struct Result {
    var observations: [Observation] = []
    /// The account whose rights are looked at; nil where there is none, or it is not known which.
    var account: Account?
  }

  private static let attributes = ["sAMAccountName", "objectSid", "userAccountControl", "objectClass"]
  private let session: LDAPSession
  private let domain: String

  init(_ session: LDAPSession, domain: String) {
    self.session = session
    self.domain = domain
  }

  func look(named name: String?) throws(LDAPFailure) -> Result {
    do throws(LDAPFailure) {
      if let name {
        let found = try accounts(named: name)
        guard found.count == 1, let object = found.first else {
          let words = found.isEmpty ? "there is no account '\(name)'" : "'\(name)' names \(found.count) accounts"
          return Self.notSeen(words, remedy: "name it by its SID or distinguished name")
        }
        return try judge(object)
      }
      let found = try usualAccounts()
      guard let object = found.first, found.count == 1 else { return Result(observations: [Self.unnamed(found)]) }
      return try judge(object)
    } catch {
      guard error.kind != .interrupted else { throw error }
      return Self.notSeen(error.message)
    }
  }

  private static func notSeen(_ why: String, remedy: String = "") -> Result {
    Result(observations: [.notSeen(.connectorAccount, why, remedy: remedy)])
  }

  static func unnamed(_ found: [LDAPObject]) -> Observation {
    let names = found.map { $0.text("sAMAccountName") ?? $0.dnText }
    let words =
      found.isEmpty ? "none has a usual name" : "\(found.count) have usual names: \(names.joined(separator: ", "))"
    return .fault(
      .connectorAccount,
      Fault(.connectorAccountNotKnown, detail: words, objects: ObjectNames(found.map(\.dnText))))
  }

  /// Accounts with the names that installers give: those of Entra Connect, and the managed account of Cloud Sync.
  private func usualAccounts() throws(LDAPFailure) -> [LDAPObject] {
    let names = ["MSOL_", "AAD_", "ADSyncMSA", "pGMSA_", "provAgentgMSA"]
    return try session.objects(
      LDAPSearch(
        base: domain,
        filter: .all([
          .equal("objectClass", "user"), .any(names.map { .begins("sAMAccountName", $0.utf8) }),
        ]), attributes: Self.attributes, controls: [.domainScope]))
  }

  /// Accounts that a name may mean.
  private func accounts(named name: String) throws(LDAPFailure) -> [LDAPObject] {
    if let identifier = SecurityIdentifier(text: name) {
      return try session.object("<SID=\(identifier)>", attributes: Self.attributes).map { [$0] } ?? []
    }
    if name.contains("="), name.contains(",") {
      return try session.object(name, attributes: Self.attributes).map { [$0] } ?? []
    }
    let filter: LDAPFilter
    if let mark = name.firstIndex(of: "@") {
      filter = .any([
        .equal("userPrincipalName", name), .equal("sAMAccountName", String(name[..<mark])),
      ])
    } else {
      let short = name.split(separator: "\\").last.map(String.init) ?? name
      filter = .any([.equal("sAMAccountName", short), .equal("sAMAccountName", short + "$")])
    }
    var found = try session.objects(
      LDAPSearch(
        base: domain, filter: .all([.present("objectSid"), filter]),
        attributes: Self.attributes + ["userPrincipalName"], controls: [.domainScope]))
    // A user principal name means its holder; the short name is what it means without one.
    let exact = found.filter { $0.text("userPrincipalName")?.lowercased() == name.lowercased() }
    if !exact.isEmpty { found = exact }
    return found
  }

  private func judge(_ object: LDAPObject) throws(LDAPFailure) -> Result {
    let name = object.text("sAMAccountName") ?? object.dnText
    guard let identifier = object["objectSid"].first.flatMap({ SecurityIdentifier($0) }) else {
      return Self.notSeen("objectSid of \(object.dnText) cannot be read")
    }
    guard let groups = try session.object(object.dnText, attributes: ["tokenGroups"])?["tokenGroups"], !groups.isEmpty
    else {
      // Without its groups its rights are not known.
      return Self.notSeen(
        "the groups of \(name) (tokenGroups) cannot be read", remedy: "log on as an account that may read tokenGroups")
    }
    let identifiers = groups.compactMap { SecurityIdentifier($0) } + (try groupsOfEverybody())
    let token = AccessToken(account: identifier, groups: identifiers)
    let account = Account(dn: object.dnText, name: name, token: token)
    return Result(observations: [Self.account(object, name, token, of: identifier)], account: account)
  }

  /// Groups that everybody is in who logs on, by way of Everyone and Authenticated Users.
  private func groupsOfEverybody() throws(LDAPFailure) -> [SecurityIdentifier] {
    var identifiers: Set<SecurityIdentifier> = []
    var names: [String] = []
    for principal in AccessToken.everybody {
      // A principal that nobody put into a group has no object.
      names += try session.object("<SID=\(principal)>", attributes: ["memberOf"])?.texts("memberOf") ?? []
    }
    // Upwards, group by group; a group that was seen is not looked at again.
    while let name = names.popLast() {
      guard let group = try session.object(name, attributes: ["objectSid", "memberOf"]),
        let identifier = group["objectSid"].first.flatMap({ SecurityIdentifier($0) })
      else { continue }
      if identifiers.insert(identifier).inserted { names += group.texts("memberOf") }
    }
    return Array(identifiers)
  }

  static func account(
    _ object: LDAPObject, _ name: String, _ token: AccessToken, of identifier: SecurityIdentifier
  ) -> Observation {
    let flags = object.number("userAccountControl") ?? 0
    guard flags & 2 == 0 else {
      return .fault(.connectorAccount, Fault(.connectorAccountDisabled, dn: object.dnText, account: name))
    }
    let domain = identifier.subauthorities.dropLast()
    // Enterprise Admins belong to the forest's first domain, which may be another one.
    let isDomainAdmin = token.identifiers.contains {
      $0.subauthorities.dropLast() == domain && $0.authority == identifier.authority && $0.relativeID == 512
    }
    let isEnterpriseAdmin = token.identifiers.contains {
      $0.authority == 5 && $0.subauthorities.first == 21 && $0.subauthorities.count == 5 && $0.relativeID == 519
    }
    let privileged = (isDomainAdmin ? ["Domain Admins"] : []) + (isEnterpriseAdmin ? ["Enterprise Admins"] : [])
    guard !privileged.isEmpty else { return .well(.connectorAccount, "\(name) (\(identifier))") }
    return .fault(
      .connectorAccount,
      Fault(
        .connectorAccountPrivileged, dn: object.dnText, account: name, detail: privileged.joined(separator: " and ")))
  }
}
