import ArgumentParser
import RuleEngine
import Reporting
import Synchronization

/// `lint`: check entries, report findings.
struct LintCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Check entries and report findings.",
    discussion: """
      SOURCE is an LDIF file (also .gz, .zst, UTF-16), - for standard input, or an LDAP URL such as \
      ldaps://dc1.contoso.com or ldaps://dc1.contoso.com/OU=Staff,DC=contoso,DC=com??sub?(objectClass=user).
      """)

  @OptionGroup var lint: LintOptions
  @OptionGroup(title: "Accepted and known findings") var known: KnownFindingOptions

  @Option(
    help: "Report of an earlier run (json or ndjson); findings are told as new, known or gone. Goes with --fail-on new."
  )
  var baseline: String?

  @Flag(
    help: """
      Write findings while the sources are read (text and ndjson): duplicates come at the end, and suggestions that other \
      entries could forbid are left out.
      """)
  var stream = false

  func status() throws -> ExitStatus {
    var session = try lint.session(failOn: .severity(.error))
    session.streams = stream
    let past = try baseline.map { FindingMemory.Past.baseline(try Baseline(path: $0)) } ?? .nothing
    let memory = try known.memory(past)
    if case .news = session.failOn, !memory.givesStates {
      throw ValidationError("--fail-on new needs to know what is not new: --baseline REPORT, or `audit run`")
    }
    if stream, let (other, _) = try lint.outputs.report.targets().first(where: { $0.0.pace != .streaming }) {
      let names = ReportFormat.allCases.filter { $0.pace == .streaming }.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--stream goes with the formats \(names), not with \(other.rawValue)")
    }
    return try session.run(try lint.outputs.reports(), memory: memory, states: try known.shownStates)
  }
}
