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

  func status() throws -> ExitStatus {
    let session = try lint.session(failOn: .severity(.error))
    let past = try baseline.map { FindingMemory.Past.baseline(try Baseline(path: $0)) } ?? .nothing
    let memory = try known.memory(past)
    if case .news = session.failOn, !memory.givesStates {
      throw ValidationError("--fail-on new needs to know what is not new: --baseline REPORT, or `audit run`")
    }
    return try session.run(try lint.outputs.reports(), memory: memory, states: try known.shownStates)
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
