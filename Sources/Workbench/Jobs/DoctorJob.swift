import Directory
import Doctor
import Findings
import LDAP
import Reporting

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
  /// text or json.
  public var format = ListFormat.text
  /// Whether what could not be looked at alone makes no exit status 3.
  public var allowsPartial = false

  /// Names of the features that can be said to be in use.
  public static let featureNames = ConnectorFeature.allCases.filter { !$0.isAlwaysNeeded }.map(\.rawValue)
    .joined(separator: ", ")

  /// A job that looks at the servers of the options.
  public init() {}

  /// Looks at the options without doing anything.
  ///
  /// - Throws: `UsageError` when they mean nothing.
  public func validate() throws(UsageError) {
    for source in sources where !LDAPURL.isURL(source) {
      throw UsageError("'\(source)' is no LDAP URL; doctor looks at servers, as in ldaps://dc1.contoso.com")
    }
    try SourceOptions.validate(sources, servers)
    for name in features where ConnectorFeature(rawValue: name) == nil {
      throw UsageError("there is no feature '\(name)'; features are \(Self.featureNames)")
    }
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    let credentials = try servers.credentials()
    let directories =
      sources.isEmpty
      ? [servers.directory(try servers.namedServers(), credentials)]
      : try sources.map { try servers.directory($0, credentials) }
    context.cancellation.begin()
    var tables: [PreflightTable] = []
    for directory in directories {
      do throws(LDAPFailure) {
        let checks = try checks(of: directory, context)
        tables.append(PreflightTable(source: directory.name, checks: checks))
      } catch {
        if error.kind == .interrupted { return Outcome(.interrupted) }
        context.events(.failure("\(directory.name): \(error.message)"))
      }
    }
    if !tables.isEmpty { try write(tables, context) }
    return Outcome(status(of: tables, directories: directories.count))
  }

  private func checks(
    of directory: LDAPDirectory, _ context: JobContext
  ) throws(LDAPFailure) -> [PreflightCheck] {
    let (events, cancellation) = (context.events, context.cancellation)
    let session = try LDAPSession.open(directory.settings, shouldStop: { cancellation.isRequested }) { failure in
      events(.note("\(failure); another server is used"))
    }
    var request = Preflight.Request()
    request.connectorAccount = connectorAccount
    request.features = Set(features.compactMap { ConnectorFeature(rawValue: $0) })
    request.bases = directory.bases
    return try Preflight(session, request).run()
  }

  private func write(_ tables: [PreflightTable], _ context: JobContext) throws {
    let run = RunDescription(version: context.version, ruleSet: "", sources: tables.map(\.source))
    try context.write(
      format == .json
        ? PreflightReport.json(run, tables)
        : PreflightReport.text(tables, usesColour: context.usesColour, width: context.output.columns ?? 100))
  }

  private func status(of tables: [PreflightTable], directories: Int) -> ExitStatus {
    guard !tables.isEmpty else { return .unavailable }
    let checks = tables.flatMap(\.checks)
    let isPartial = tables.count < directories || checks.contains { $0.status == .couldNotLook }
    if isPartial, !allowsPartial { return .partial }
    return checks.contains { $0.status == .problem } ? .findings : .clean
  }
}
