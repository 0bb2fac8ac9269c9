import ArgumentParser
import Workbench

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
}

/// `audit run`: lint, compare with earlier runs, remember.
struct AuditRunCommand: JobCommand {
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

  var console: ConsoleSettings { get throws { try lint.outputs.console } }

  func job() throws -> any Job { AuditRunJob(try lint.choice(known), past: past) }

  private var past: AuditRunJob.Past {
    if let baseline { return .baseline(path: baseline) }
    return .store(path: store ?? "", keep: keep, acceptsExport: acceptExport)
  }
}
