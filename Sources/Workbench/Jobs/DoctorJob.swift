import Directory
import Doctor
import Findings
import LDAP
import Reporting
import RuleSet

/// `doctor`: what synchronization will meet in a directory, before it does.
public struct DoctorJob: Job {
  /// LDAP URLs of where to look; the servers of the options when empty.
  public var sources: [String] = []
  /// Servers and how they are read.
  public var servers = ServerOptions()
  /// The account of the AD DS connector whose rights are looked at.
  public var connectorAccount: String?
  /// Names of features that are in use.
  public var features: [String] = []
  /// Which rules are judged by.
  public var rules = RuleChoice()
  /// Which reports are written.
  public var reports = ReportChoice()
  /// What is known of findings beforehand.
  public var known = KnownFindings()
  /// Report of an earlier run to compare with.
  public var baseline: String?
  /// What makes the exit status 1; nil: an error.
  public var failOn: FailOn?
  /// Whether what could not be looked at alone makes no exit status 3.
  public var allowsPartial = false

  /// Names of the features that can be said to be in use.
  public static let featureNames = DoctorFault.allCases.compactMap(\.feature).joined(separator: ", ")

  /// A job that looks at the servers of the options.
  public init() { rules.ruleSet = "doctor" }

  /// Looks at the options without doing anything.
  ///
  /// - Throws: `UsageError` when they mean nothing.
  public func validate() throws(UsageError) {
    for source in sources where !LDAPURL.isURL(source) {
      throw UsageError("'\(source)' is no LDAP URL; doctor looks at servers, as in ldaps://dc1.contoso.com")
    }
    try SourceOptions.validate(sources, servers, advice: "name a domain controller: ldaps://dc1.contoso.com")
    for name in features where !DoctorFault.allCases.contains(where: { $0.feature == name }) {
      throw UsageError("there is no feature '\(name)'; features are \(Self.featureNames)")
    }
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) throws {
    files.name(sources, servers)
    files.name(rules)
    try files.name(reports)
    files.name(known)
    files.reads(baseline, "--baseline")
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    let catalogue = try rules.catalogue()
    // Mistakes are told before anything is looked at.
    _ = try selection(catalogue, features: features)
    let failOn = failOn ?? .severity(.error)
    let past = try baseline.map { FindingMemory.Past.baseline(try Baseline(path: $0)) } ?? .nothing
    let memory = try known.memory(past, in: context)
    if case .news = failOn, !memory.givesStates {
      throw UsageError("--fail-on new needs to know what is not new: --baseline REPORT, or --suppressions FILE")
    }
    let states = try known.shownStates()
    let directories = try directories()
    var delivery = FindingDelivery(
      to: try reports.reports(failOn: failOn, isTable: true, in: context), states: states)
    context.cancellation.begin()
    let seen = look(at: directories, context)

    let isHybrid = seen.results.contains(where: \.isHybrid)
    let selection = try selection(
      catalogue, features: features + (isHybrid ? DoctorFault.rightsExchangeHybrid.feature.map { [$0] } ?? [] : []))
    var head = RunDescription(selection, sources: directories.map(\.name), in: context)
    head.hasStates = memory.givesStates
    head.title = reports.title
    try delivery.begin(head)
    let judged = zip(selection.rules, head.rules).compactMap { active, summary in
      (active.rule.check as? DoctorCheck).map { ($0.fault, summary) }
    }
    for result in seen.results {
      for var finding in result.findings(judged) {
        if memory.givesStates { try memory.judge(&finding) }
        try delivery.receive(finding)
      }
    }
    var coverage = coverage(seen, judged)
    let isUsable = !seen.isInterrupted && !seen.results.isEmpty
    try memory.end(
      &coverage, isUsable: isUsable, judgedRules: Set(head.rules.map(\.id)), gone: { try delivery.receive($0) })
    let counts = delivery.tally.counts
    try delivery.finish(coverage, counts)
    return Outcome(
      status(coverage, failOn.isMet(by: counts), isUsable: isUsable), counts: counts, coverage: coverage)
  }

  private func directories() throws -> [LDAPDirectory] {
    let credentials = try servers.credentials()
    return sources.isEmpty
      ? [servers.directory(try servers.namedServers(), credentials)]
      : try sources.map { try servers.directory($0, credentials) }
  }

  /// The rules, of which those about rights that a feature in use needs are errors unless an option says otherwise.
  private func selection(_ catalogue: RuleCatalogue, features: [String]) throws -> RuleSelection {
    var choice = rules
    let needed = catalogue.rules.filter { rule in
      (rule.check as? DoctorCheck)?.fault.feature.map(features.contains) ?? false
    }
    choice.severity = needed.map { "\($0.id)=error" } + rules.severity
    return try choice.selection(catalogue, subject: .forest)
  }

  // MARK: - Looking

  /// What was seen of all directories.
  private struct Seen {
    var results: [Survey.Result] = []
    /// Directories that could not be looked at, and why.
    var failures: [String] = []
    var isInterrupted = false
  }

  private func look(at directories: [LDAPDirectory], _ context: JobContext) -> Seen {
    var seen = Seen()
    for directory in directories {
      do throws(LDAPFailure) {
        seen.results.append(try look(at: directory, context))
      } catch {
        if error.kind == .interrupted {
          seen.isInterrupted = true
          return seen
        }
        seen.failures.append("\(directory.name): \(error.message)")
        context.events(.failure("\(directory.name): \(error.message)"))
      }
    }
    return seen
  }

  private func look(at directory: LDAPDirectory, _ context: JobContext) throws(LDAPFailure) -> Survey.Result {
    let (events, cancellation) = (context.events, context.cancellation)
    let session = try LDAPSession.open(directory.settings, shouldStop: { cancellation.isRequested }) { failure in
      events(.note("\(failure); another server is used"))
    }
    var request = Survey.Request()
    request.connectorAccount = connectorAccount
    request.bases = directory.bases
    return try Survey(session, request).run(source: directory.name)
  }

  // MARK: - What came of it

  private func coverage(_ seen: Seen, _ rules: [(fault: DoctorFault, summary: RuleSummary)]) -> Coverage {
    var coverage = Coverage()
    coverage.entriesRead = seen.results.reduce(0) { $0 + $1.objectsRead }
    coverage.rules = rules.count
    coverage.checks = seen.results.flatMap { $0.checks(rules) }
    coverage.gaps = seen.results.flatMap(\.gaps) + seen.failures
    coverage.isInterrupted = seen.isInterrupted
    return coverage
  }

  private func status(_ coverage: Coverage, _ fails: Bool, isUsable: Bool) -> ExitStatus {
    if coverage.isInterrupted { return .interrupted }
    if !isUsable { return .unavailable }
    if !coverage.isComplete, !allowsPartial { return .partial }
    return fails ? .findings : .clean
  }
}
