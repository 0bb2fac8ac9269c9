import ArgumentParser
import Directory
import Findings
import Glibc
import LDAP
import Doctor
import Reporting

/// `doctor`: what synchronization will meet in a directory, before it does.
struct DoctorCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check what the connector account of synchronization will meet in a directory.",
    discussion: """
      URL is a domain controller, such as ldaps://dc1.contoso.com; with a base (ldaps://dc1.contoso.com/OU=Staff,DC=contoso,\
      DC=com) objects are looked at below it. Nothing is changed. Exit status: 0 no problems; 1 problems; 3 something could \
      not be looked at; 4 no server can be used.
      """)

  @Option(
    help: ArgumentHelp(
      "The account of the AD DS connector whose rights are looked at: name, user@domain, DN or SID.",
      valueName: "account"))
  var connectorAccount: String?

  @Option(
    help: ArgumentHelp(
      "A feature that is in use, so that missing rights are problems: \(Self.featureNames); repeatable.",
      valueName: "feature"))
  var feature: [String] = []

  @Option(help: "Format on standard output: text, json.")
  var format = "text"

  @Flag(help: "Do not let what could not be looked at alone make the exit status 3.")
  var allowPartial = false

  @OptionGroup(title: "Servers") var ldap: LDAPOptions
  @OptionGroup var configuration: ConfigurationOption

  @Argument(help: ArgumentHelp("Where to look.", valueName: "url"))
  var sources: [String] = []

  private static let featureNames = ConnectorFeature.allCases.filter { !$0.isAlwaysNeeded }.map(\.rawValue)
    .joined(separator: ", ")

  func validate() throws {
    for source in sources where !LDAPURL.isURL(source) {
      throw ValidationError("'\(source)' is no LDAP URL; doctor looks at servers, as in ldaps://dc1.contoso.com")
    }
    try SourceOptions.validate(sources, ldap)
    guard ["text", "json"].contains(format) else {
      throw ValidationError("there is no format '\(format)' here; formats are text, json")
    }
    for name in feature where ConnectorFeature(rawValue: name) == nil {
      throw ValidationError("there is no feature '\(name)'; features are \(Self.featureNames)")
    }
  }

  func status() throws -> ExitStatus {
    let credentials = try ldap.credentials()
    let directories =
      sources.isEmpty
      ? [ldap.directory(try ldap.namedServers(), credentials)]
      : try sources.map { try ldap.directory($0, credentials) }
    Interruption.watch()
    var tables: [PreflightTable] = []
    for directory in directories {
      do throws(LDAPFailure) {
        let checks = try checks(of: directory)
        tables.append(PreflightTable(source: directory.name, checks: checks))
      } catch {
        if error.kind == .interrupted { return .interrupted }
        StandardError.write("dirsync-lint: error: \(directory.name): \(error.message)")
      }
    }
    if !tables.isEmpty { try write(tables) }
    return status(of: tables, directories: directories.count)
  }

  private func checks(of directory: LDAPDirectory) throws(LDAPFailure) -> [PreflightCheck] {
    let session = try LDAPSession.open(directory.settings, shouldStop: { Interruption.isWanted }) { failure in
      StandardError.write("dirsync-lint: note: \(failure); another server is used")
    }
    var request = Preflight.Request()
    request.connectorAccount = connectorAccount
    request.features = Set(feature.compactMap { ConnectorFeature(rawValue: $0) })
    request.bases = directory.bases
    return try Preflight(session, request).run()
  }

  private func write(_ tables: [PreflightTable]) throws {
    let output = ReportOutput(descriptor: STDOUT_FILENO)
    let isJSON = format == "json"
    let run = RunDescription(
      version: CommandLineProgram.version, ruleSet: "", sources: tables.map(\.source))
    let bytes =
      isJSON
      ? PreflightReport.json(run, tables)
      : PreflightReport.text(
        tables, usesColour: output.isTerminal && getenv("NO_COLOR") == nil,
        width: output.isTerminal ? ProgressLine.columns(of: STDOUT_FILENO) : 100)
    try output.write(bytes)
    try output.flush()
  }

  private func status(of tables: [PreflightTable], directories: Int) -> ExitStatus {
    guard !tables.isEmpty else { return .unavailable }
    let checks = tables.flatMap(\.checks)
    let isPartial = tables.count < directories || checks.contains { $0.status == .couldNotLook }
    if isPartial, !allowPartial { return .partial }
    return checks.contains { $0.status == .problem } ? .findings : .clean
  }
}
