import Directory
import Findings
import LDAP

/// Looks at a directory before synchronization meets it.
public struct Preflight {
  /// What is looked at.
  public struct Request: Sendable {
    /// The account of the AD DS connector: name, user principal name, distinguished name or SID; nil to look for it.
    public var connectorAccount: String?
    /// Features that are in use, whose missing rights are problems.
    public var features: Set<ConnectorFeature> = []
    /// Where objects are looked at one by one; the domain of the server when there are none.
    public var bases: [String] = []

    /// Nothing in particular.
    public init() {}
  }

  let session: LDAPSession
  let request: Request

  /// A look at the directory of a session.
  public init(_ session: LDAPSession, _ request: Request) {
    self.session = session
    self.request = request
  }

  /// Makes all checks, in the order of the table.
  ///
  /// A check that cannot be made says so and does not end the others.
  /// - Throws: `LDAPFailure` only when the user wants the run to end.
  public func run() throws(LDAPFailure) -> [PreflightCheck] {
    guard session.rootDSE.isActiveDirectory, let domain = session.rootDSE.defaultNamingContext else {
      return [
        PreflightCheck(
          "active-directory", "Active Directory", .couldNotLook,
          "\(session.server) does not say that it is a domain controller of Active Directory"
        ).because(
          "nothing else can be looked at", remedy: "name a domain controller, on its own port (not a global catalog's)")
      ]
    }
    var checks = [serverCheck()]
    checks += try ForestSurvey(session, domain: domain).checks()
    let exchange = try ExchangeSurvey(session, domain: domain).look()
    checks += exchange.checks
    let accounts = try ConnectorAccounts(session, domain: domain).look(named: request.connectorAccount)
    checks += accounts.checks
    var features = request.features
    if exchange.isHybrid { features.insert(.exchangeHybrid) }
    checks += try ObjectSurvey(
      session, domain: domain, bases: request.bases.isEmpty ? [domain] : request.bases, account: accounts.account,
      features: features,
      acceptedDomains: exchange.acceptedDomains
    ).checks()
    return checks
  }

  private func serverCheck() -> PreflightCheck {
    let name = session.rootDSE.dnsHostName ?? "\(session.server)"
    // LDAP_CAP_ACTIVE_DIRECTORY_PARTIAL_SECRETS_OID, MS-ADTS 3.1.1.3.4.3.6
    guard session.rootDSE.object.texts("supportedCapabilities").contains("1.2.840.113556.1.4.1920") else {
      return PreflightCheck("active-directory", "Active Directory", .ok, "\(name) is a writable domain controller")
    }
    return PreflightCheck("active-directory", "Active Directory", .problem, "\(name) is a read-only domain controller")
      .because(
        "Entra Connect does not support read-only domain controllers", remedy: "name a writable domain controller",
        Page.prerequisites)
  }
}

extension LDAPSession {
  /// A check that asks the server; says why where the server did not answer.
  func check(
    _ id: String, _ title: String, _ make: () throws(LDAPFailure) -> PreflightCheck
  ) throws(LDAPFailure) -> PreflightCheck {
    do throws(LDAPFailure) {
      return try make()
    } catch {
      guard error.kind != .interrupted else { throw error }
      return .unanswered(id, title, error)
    }
  }
}

extension PreflightCheck {
  /// A check whose question a server did not answer.
  static func unanswered(_ id: String, _ title: String, _ failure: LDAPFailure) -> PreflightCheck {
    PreflightCheck(id, title, .couldNotLook, failure.message)
  }
}
