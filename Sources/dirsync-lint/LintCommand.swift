import ArgumentParser
import Findings
import Glibc
import Linting
import Reporting
import RuleEngine
import RuleSet
import Synchronization

/// `lint`: check entries, report findings.
struct LintCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Check entries and report findings.",
    discussion: """
      SOURCE is an LDIF file (also .gz, .zst, UTF-16), - for standard input, or an LDAP URL such as \
      ldaps://dc1.contoso.com or ldaps://dc1.contoso.com/OU=Staff,DC=contoso,DC=com??sub?(objectClass=user).
      """)

  @OptionGroup(title: "Rules") var rules: RuleOptions
  @OptionGroup(title: "Domains and letters") var domains: DomainOptions
  @OptionGroup(title: "Entries") var scope: ScopeOptions
  @OptionGroup(title: "Servers") var ldap: LDAPOptions
  @OptionGroup var since: SinceOption
  @OptionGroup(title: "Output") var outputs: OutputOptions
  @OptionGroup var configuration: ConfigurationOption

  @Option(help: "Number of threads; 0 takes one for each processor.")
  var threads = 0

  @Flag(help: "Do not let incomplete reading alone make the exit status 3.")
  var allowPartial = false

  @Argument(help: ArgumentHelp("What to lint.", valueName: "source"))
  var sources: [String] = []

  func validate() throws {
    try SourceOptions.validate(sources, ldap)
    guard (0...1_024).contains(threads) else { throw ValidationError("--threads is a number from 0 to 1024") }
  }

  func status() throws -> ExitStatus {
    let failOn = try outputs.failingSeverity
    let sources = try SourceOptions.sources(sources, ldap, since: since)
    var options = try domains.programOptions
    try scope.apply(to: &options)
    let selection = try rules.selection(try rules.neededCatalogue(), hasVerifiedDomains: options.verifiedDomains != nil)
    let program = try RuleProgram(rules: selection.rules, scope: selection.scope, options: options)
    let reports = try outputs.reports()
    let run = RunDescription(selection, sources: sources.map(\.name))
    for report in reports { try report.begin(run) }

    Interruption.watch()
    let console = Console(showsProgress: try outputs.showsProgress, isQuiet: outputs.quiet)
    let workers = threads > 0 ? threads : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let result = try Linter(program, threads: workers).run(
      sources, observer: console.observer
    ) { finding in
      if reports.allSatisfy(\.isGone) { throw ReportError.closedPipe }
      for report in reports { try report.receive(finding) }
    }
    console.clear()
    for failure in result.unavailable { StandardError.write("dirsync-lint: error: \(failure)") }
    for report in reports { try report.finish(result.coverage, result.counts) }
    return status(of: result, sources: sources.count, failOn: failOn)
  }

  private func status(of result: Linter.Result, sources: Int, failOn: Severity) -> ExitStatus {
    if result.coverage.isInterrupted { return .interrupted }
    if result.unavailable.count == sources { return .unavailable }
    if !result.coverage.isComplete, !allowPartial { return .partial }
    return result.counts.hasAny(atOrAbove: failOn) ? .findings : .clean
  }
}

/// Problems and progress on standard error, which share one terminal.
final class Console: Sendable {
  private struct State {
    var line: ProgressLine?
  }
  private let state: Mutex<State>
  private let isQuiet: Bool

  init(showsProgress: Bool, isQuiet: Bool) {
    self.isQuiet = isQuiet
    state = Mutex(State(line: showsProgress ? ProgressLine() : nil))
  }

  var observer: Linter.Observer {
    Linter.Observer(
      problem: { [self] problem in
        guard !isQuiet else { return }
        clear()
        StandardError.write(problem.line)
      },
      progress: { [self] entries, bytes, total, findings in
        state.withLock { state in
          state.line?.update(Progress(entries: entries, bytes: bytes, totalBytes: total, findings: findings))
        }
      },
      isInterrupted: { Interruption.isWanted })
  }

  /// Takes the progress line away.
  func clear() {
    state.withLock { state in state.line?.clear() }
  }
}
