import ArgumentParser
import Stores
import Findings
import Glibc
import RuleEngine
import Reporting

/// `audit`: runs with a memory.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Lint with a memory: what is new, what is gone, what was accepted until when.",
    subcommands: [
      AuditRunCommand.self, AuditListCommand.self, AuditShowCommand.self, AuditDiffCommand.self,
      AuditHistoryCommand.self, AuditTrendCommand.self, AuditSuppressCommand.self, AuditPruneCommand.self,
      AuditExportCommand.self,
    ])
}

/// The store of a command.
struct StoreOption: ParsableArguments {
  @Option(help: ArgumentHelp("The store: a SQLite file.", valueName: "file"))
  var store: String

  /// Opens the store.
  ///
  /// - Throws: `StoreFailure`.
  func open(_ access: AuditStore.Access) throws -> AuditStore { try AuditStore(path: store, access: access) }
}

/// `audit run`: lint, compare with earlier runs, remember.
struct AuditRunCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Lint, compare with earlier runs, and remember this one.",
    discussion: """
      Findings are new, known, returned, gone, or accepted by a suppression. The exit status is 1 only for news (see \
      --fail-on). What a run did not read in full is never taken for gone. An export that is not to be trusted (a third \
      of the entries missing, an attribute vanished, older than the last one) is not compared at all.
      """)

  @OptionGroup var lint: LintOptions
  @OptionGroup(title: "Accepted and known findings") var known: KnownFindingOptions

  @Option(help: ArgumentHelp("The store, a SQLite file; made if there is none.", valueName: "file"))
  var store: String?

  @Option(help: "Report of an earlier run (json or ndjson) to compare with in place of a store; nothing is remembered.")
  var baseline: String?

  @Option(help: "Number of runs to keep in the store; older ones are taken out after the run.")
  var keep: Int?

  @Flag(help: "Take the export as it is, even if it does not look like the last one.")
  var acceptExport = false

  func validate() throws {
    guard (store == nil) != (baseline == nil) else {
      throw ValidationError(
        store == nil
          ? "name the store with --store FILE, or a report with --baseline FILE"
          : "--store and --baseline do not go together: name one")
    }
    if let keep {
      guard keep >= 1 else { throw ValidationError("--keep is a number of runs, at least 1") }
      guard store != nil else { throw ValidationError("--keep goes with --store") }
    }
  }

  func status() throws -> ExitStatus {
    let session = try lint.session(failOn: .news, readsChangeTimes: store != nil)
    let states = try known.shownStates
    if let baseline {
      let memory = try known.memory(.baseline(try Baseline(path: baseline)))
      return try session.run(try lint.outputs.reports(failOn: .news), memory: memory, states: states)
    }
    let store = try AuditStore(path: store ?? "", access: .write)
    let status = try store.record { recorder in
      let remembered = StoreMemory(
        recorder, head: head(session), acceptsExport: acceptExport, now: UTCTime.seconds)
      let memory = try known.memory(.store(remembered))
      // The store is ours before any report is opened: a second run must not empty the files of the first.
      let reports = try lint.outputs.reports(failOn: .news)
      let showsTrend = reports.contains { $0.showsTrend }
      let trend = showsTrend ? try recorder.trend(last: Self.trendLength) : []
      let status = try session.run(reports, memory: memory, trend: trend, states: states)
      if let run = remembered.run, status != .interrupted, status != .unavailable, !lint.outputs.quiet {
        StandardError.write("dirsync-lint: recorded as run \(run) in \(store.path)")
      }
      return status
    }
    if let keep, status != .interrupted { _ = try store.prune(keep: keep, compacts: false) }
    return status
  }

  /// Number of earlier runs that reports show at most.
  static let trendLength = 90

  private func head(_ session: LintSession) -> RunHead {
    RunHead(
      startedAt: UTCTime.seconds(), version: CommandLineProgram.version, ruleSet: session.selection.name,
      sources: session.sources.map(\.name), selection: lint.scope.selection,
      sourceTime: Self.newestFile(session.sources))
  }

  /// When the newest of the source files was written; nil without files.
  private static func newestFile(_ sources: [LintSource]) -> Int? {
    sources.compactMap { source in
      guard case .file(let path) = source else { return nil }
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      return status.st_mtim.tv_sec
    }.max()
  }
}
