import Directory
import Findings
import LDAP
import RuleSet

/// Looks at a directory before synchronization meets it.
public struct Survey {
  /// What is looked at.
  public struct Request: Sendable {
    /// The account of the AD DS connector: name, user principal name, distinguished name or SID; nil to look for it.
    public var connectorAccount: String?
    /// Where objects are looked at one by one; the domain of the server when there are none.
    public var bases: [String] = []

    /// Nothing in particular.
    public init() {}
  }

  /// What was seen of a directory.
  public struct Result: Sendable {
    /// The directory as it was named.
    public var source: String
    /// DN of the domain; empty where there is none.
    public var domain: String
    /// What came of each probe, in the order of the table.
    public var observations: [Observation] = []
    /// Number of objects that were read one by one.
    public var objectsRead = 0
    /// Whether there is a hybrid configuration: then the rights of its write-back are needed.
    public var isHybrid = false
  }

  let session: LDAPSession
  let request: Request

  /// A look at the directory of a session.
  public init(_ session: LDAPSession, _ request: Request) {
    self.session = session
    self.request = request
  }

  /// Looks at everything.
  ///
  /// What cannot be looked at says so and does not end the others.
  /// - Parameter source: the directory as it was named.
  /// - Throws: `LDAPFailure` only when the user wants the run to end.
  public func run(source: String) throws(LDAPFailure) -> Result {
    guard session.rootDSE.isActiveDirectory, let domain = session.rootDSE.defaultNamingContext else {
      let observation = Observation.notSeen(
        .activeDirectory, "\(session.server) does not say that it is a domain controller of Active Directory",
        remedy: "name a domain controller, on its own port (not a global catalog's)")
      return Result(source: source, domain: "", observations: [observation])
    }
    var result = Result(source: source, domain: domain, observations: [domainController()])
    result.observations += try ForestSurvey(session, domain: domain).look()
    let exchange = try ExchangeSurvey(session, domain: domain).look()
    result.observations += exchange.observations
    result.isHybrid = exchange.isHybrid
    let accounts = try ConnectorAccounts(session, domain: domain).look(named: request.connectorAccount)
    result.observations += accounts.observations
    let objects = try ObjectSurvey(
      session, domain: domain, bases: request.bases.isEmpty ? [domain] : request.bases, account: accounts.account,
      acceptedDomains: exchange.acceptedDomains
    ).look()
    result.observations += objects.observations
    result.objectsRead = objects.read
    return result
  }

  private func domainController() -> Observation {
    let name = session.rootDSE.dnsHostName ?? "\(session.server)"
    // LDAP_CAP_ACTIVE_DIRECTORY_PARTIAL_SECRETS_OID, MS-ADTS 3.1.1.3.4.3.6
    guard session.rootDSE.object.texts("supportedCapabilities").contains("1.2.840.113556.1.4.1920") else {
      return .well(.activeDirectory, "\(name) is a writable domain controller")
    }
    return .fault(
      .activeDirectory, Fault(.readOnlyDomainController, dn: session.rootDSE.dsServiceName, value: name))
  }
}

extension Survey.Result {
  /// The findings of rules, one for each fault and each rule that names it, in the order of the table.
  public func findings(_ rules: [(fault: DoctorFault, summary: RuleSummary)]) -> [Finding] {
    observations.compactMap(\.fault).flatMap { fault in
      rules.filter { $0.fault == fault.kind }.map {
        fault.finding(of: $0.summary, source: source, domain: domain)
      }
    }
  }

  /// The table. What no rule asks for is left out of it.
  public func checks(_ rules: [(fault: DoctorFault, summary: RuleSummary)]) -> [CheckResult] {
    observations.flatMap { observation -> [CheckResult] in
      var result = CheckResult(
        source: source, check: observation.probe.id, title: observation.probe.title, status: .ok,
        summary: observation.summary, remedy: observation.remedy, objects: observation.objects.first,
        objectCount: observation.objects.count)
      switch observation.outcome {
      case .well: return [result]
      case .notSeen:
        result.status = .couldNotLook
        return [result]
      case .fault(let fault):
        result.status = .found
        return rules.filter { $0.fault == fault.kind }.map { rule in
          result.rule = rule.summary.id
          result.objectCount = max(fault.objects.count, fault.values.count)
          return result
        }
      }
    }
  }

  /// What could not be looked at, in one sentence each.
  public var gaps: [String] {
    observations.filter { $0.outcome == .notSeen }.map { "\(source): \($0.probe.title): \($0.summary)" }
  }
}

extension LDAPSession {
  /// A probe that asks the server; says why where the server did not answer.
  func look(
    _ probe: Probe, _ make: () throws(LDAPFailure) -> Observation
  ) throws(LDAPFailure) -> Observation {
    do throws(LDAPFailure) {
      return try make()
    } catch {
      guard error.kind != .interrupted else { throw error }
      return .notSeen(probe, error.message)
    }
  }
}
