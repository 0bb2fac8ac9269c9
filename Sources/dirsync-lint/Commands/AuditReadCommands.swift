import ArgumentParser
import Workbench

/// A run by its number, or `last`.
struct RunNumber: ExpressibleByArgument {
  /// nil: the last run.
  var number: Int?

  init?(argument: String) {
    if argument == "last" { return }
    guard let number = Int(argument), number >= 1 else { return nil }
    self.number = number
  }
}

/// `audit list`: the runs of a store.
struct AuditListCommand: JobCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List the runs of a store.")

  @OptionGroup var listing: AuditListOptions
  @Option(help: "Number of the last runs to list; all without it.") var last: Int?

  func validate() throws {
    if let last, last < 1 { throw ValidationError("--last is a number of runs, at least 1") }
  }

  func job() throws -> any Job {
    AuditListJob(store: listing.store.store, format: try listing.chosenFormat, last: last)
  }
}

/// The options of commands that report findings of a store.
struct AuditReportOptions: ParsableArguments {
  @OptionGroup var store: StoreOption
  @OptionGroup(title: "Output") var outputs: ReportOptions
  @OptionGroup(title: "Accepted and known findings") var known: KnownFindingOptions

  /// How the terminal is used.
  var console: ConsoleSettings { ConsoleSettings(colour: outputs.colours.colour) }

  /// What was typed.
  var choice: StoredReportOptions {
    var options = StoredReportOptions(store: store.store)
    options.reports = outputs.choice
    options.known = known.choice
    return options
  }
}

/// The options of commands that list what a store has.
struct AuditListOptions: ParsableArguments {
  @OptionGroup var store: StoreOption
  @Option(help: "text or json.") var format = "text"

  func validate() throws { try checked { _ = try chosenFormat } }

  /// The form of the list.
  var chosenFormat: ListFormat { get throws(UsageError) { try ListFormat(format: format) } }
}

/// `audit show`: the findings of a run.
struct AuditShowCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the findings of a run, in any format of reports.",
    discussion: "The findings are shown as the last run that had them saw them; the place in its file is not kept.")

  @OptionGroup var stored: AuditReportOptions
  @Argument(help: "Number of the run, or `last`.") var run: RunNumber

  var console: ConsoleSettings { stored.console }

  func job() throws -> any Job { AuditShowJob(stored.choice, run: run.number) }
}

/// `audit diff`: what changed from one run to another.
struct AuditDiffCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what is new, returned or gone in one run compared with another.",
    discussion: "What one of the runs did not see because it had not read everything is no difference.")

  @OptionGroup var stored: AuditReportOptions
  @Argument(help: "Number of the earlier run.") var earlier: RunNumber
  @Argument(help: "Number of the later run, or `last`.") var later: RunNumber

  var console: ConsoleSettings { stored.console }

  func job() throws -> any Job { AuditDiffJob(stored.choice, from: earlier.number, to: later.number) }
}

/// `audit history`: the life of a finding, or of all findings of an entry.
struct AuditHistoryCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Show the life of a finding, or of all findings of an entry.",
    discussion: """
      SUBJECT is the fingerprint of a finding, or the DN or objectGUID of an entry. An entry that was renamed is found by \
      each of its names; values that it shares with others are its findings, too.
      """)

  @OptionGroup var listing: AuditListOptions
  @Argument(help: "Fingerprint, DN or objectGUID.") var subject: String

  func job() throws -> any Job {
    AuditHistoryJob(store: listing.store.store, format: try listing.chosenFormat, subject: subject)
  }
}

/// `audit trend`: how the numbers went.
struct AuditTrendCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "trend", abstract: "Show findings by rule, effect or severity over the runs.")

  @OptionGroup var store: StoreOption
  @Option(help: "rule, effect, severity or state.") var by = "rule"
  @Option(help: "text, csv or json.") var format = "text"
  @Option(help: "Number of the last runs to show.") var last = 10

  func validate() throws {
    _ = try kind
    try checked { _ = try AuditTrendJob.Format(format: format) }
    guard last >= 1 else { throw ValidationError("--last is a number of runs, at least 1") }
  }

  func job() throws -> any Job {
    AuditTrendJob(store: store.store, by: try kind, format: try AuditTrendJob.Format(format: format), last: last)
  }

  private var kind: TrendKind {
    get throws {
      guard let kind = TrendKind(rawValue: by) else {
        let names = TrendKind.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--by is one of \(names), not '\(by)'")
      }
      return kind
    }
  }
}

/// `audit export`: everything as JSON lines.
struct AuditExportCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write runs and the lives of all findings as JSON lines.",
    discussion: "Lines are described by Docs/audit.schema.json: first the runs, then the findings.")

  @OptionGroup var store: StoreOption

  func job() throws -> any Job { AuditExportJob(store: store.store) }
}
