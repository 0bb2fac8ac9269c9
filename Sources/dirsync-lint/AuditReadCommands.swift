import ArgumentParser
import Stores
import Directory
import Findings
import Reporting
import RuleSet

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
struct AuditListCommand: StatusCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List the runs of a store.")

  @OptionGroup var listing: StoredListOptions
  @Option(help: "Number of the last runs to list; all without it.") var last: Int?

  func validate() throws {
    if let last, last < 1 { throw ValidationError("--last is a number of runs, at least 1") }
  }

  func status() throws -> ExitStatus {
    let runs = try listing.store.open(.read).runs(last: last)
    StandardOutput.write(listing.format == "json" ? AuditText.json(runs) : AuditText.list(runs))
    return .clean
  }
}

/// The options of commands that report findings of a store.
struct StoredReportOptions: ParsableArguments {
  @OptionGroup var store: StoreOption
  @OptionGroup(title: "Output") var outputs: ReportOptions
  @OptionGroup(title: "Accepted and known findings") var known: KnownFindingOptions

  /// Begins a report on a run.
  func report(on run: StoredRun, trend: [TrendPoint] = []) throws -> StoredReport {
    try StoredReport(outputs: outputs, known: known, head: run.head, trend: trend, coverage: run.coverage)
  }
}

/// The options of commands that list what a store has.
struct StoredListOptions: ParsableArguments {
  @OptionGroup var store: StoreOption
  @Option(help: "text or json.") var format = "text"

  func validate() throws {
    guard ["text", "json"].contains(format) else {
      throw ValidationError("there is no format '\(format)' here; formats are text, json")
    }
  }
}

/// `audit show`: the findings of a run.
struct AuditShowCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the findings of a run, in any format of reports.",
    discussion: "The findings are shown as the last run that had them saw them; the place in its file is not kept.")

  @OptionGroup var stored: StoredReportOptions
  @Argument(help: "Number of the run, or `last`.") var run: RunNumber

  func status() throws -> ExitStatus {
    let store = try stored.store.open(.read)
    let run = try store.run(run.number)
    let trend = try store.trend(last: AuditRunCommand.trendLength, upTo: run.number)
    let report = try stored.report(on: run, trend: trend)
    if run.status != .refused { try store.findings(of: run) { try report.receive(try Finding($0)) } }
    try report.finish()
    return .clean
  }
}

/// `audit diff`: what changed from one run to another.
struct AuditDiffCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what is new, returned or gone in one run compared with another.",
    discussion: "What one of the runs did not see because it had not read everything is no difference.")

  @OptionGroup var stored: StoredReportOptions
  @Argument(help: "Number of the earlier run.") var earlier: RunNumber
  @Argument(help: "Number of the later run, or `last`.") var later: RunNumber

  func status() throws -> ExitStatus {
    let store = try stored.store.open(.read)
    let (first, second) = (try store.run(earlier.number), try store.run(later.number))
    let report = try stored.report(on: second)
    try store.difference(from: first, to: second) { try report.receive(try Finding($0)) }
    try report.finish()
    return .clean
  }
}

/// `audit history`: the life of a finding, or of all findings of an entry.
struct AuditHistoryCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Show the life of a finding, or of all findings of an entry.",
    discussion: """
      SUBJECT is the fingerprint of a finding, or the DN or objectGUID of an entry. An entry that was renamed is found by \
      each of its names; values that it shares with others are its findings, too.
      """)

  @OptionGroup var listing: StoredListOptions
  @Argument(help: "Fingerprint, DN or objectGUID.") var subject: String

  func status() throws -> ExitStatus {
    let store = try listing.store.open(.read)
    let times = Dictionary(uniqueKeysWithValues: try store.runs().map { ($0.number, $0.head.startedAt) })
    var lives: [FindingLife] = []
    try store.lives(of: AuditStore.Subject(subject)) { lives.append($0) }
    if listing.format == "json" {
      StandardOutput.write("[" + lives.map { AuditText.json($0, times) }.joined(separator: ",\n") + "]")
    } else {
      StandardOutput.write(try AuditText.history(lives, times, subject: subject))
    }
    return .clean
  }
}

/// `audit trend`: how the numbers went.
struct AuditTrendCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "trend", abstract: "Show findings by rule, effect or severity over the runs.")

  @OptionGroup var store: StoreOption
  @Option(help: "rule, effect, severity or state.") var by = "rule"
  @Option(help: "text, csv or json.") var format = "text"
  @Option(help: "Number of the last runs to show.") var last = 10

  func validate() throws {
    guard AuditTrend.kinds.contains(by) else {
      throw ValidationError("--by is one of \(AuditTrend.kinds.joined(separator: ", ")), not '\(by)'")
    }
    guard ["text", "csv", "json"].contains(format) else {
      throw ValidationError("there is no format '\(format)' here; formats are text, csv, json")
    }
    guard last >= 1 else { throw ValidationError("--last is a number of runs, at least 1") }
  }

  func status() throws -> ExitStatus {
    let runs = try store.open(.read).runs(last: last)
    if format == "json" {
      StandardOutput.write(AuditText.json(runs))
    } else {
      StandardOutput.write(AuditTrend(runs, by: by).text(isCSV: format == "csv"))
    }
    return .clean
  }
}

/// `audit export`: everything as JSON lines.
struct AuditExportCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write runs and the lives of all findings as JSON lines.",
    discussion: "Lines are described by Docs/audit.schema.json: first the runs, then the findings.")

  @OptionGroup var store: StoreOption

  func status() throws -> ExitStatus {
    let store = try store.open(.read)
    let output = ReportOutput(descriptor: 1)
    do {
      let runs = try store.runs()
      for run in runs { try output.write(Array(("{\"run\":" + AuditText.json(run) + "}\n").utf8)) }
      let times = Dictionary(uniqueKeysWithValues: runs.map { ($0.number, $0.head.startedAt) })
      try store.lives(of: .everything) { try output.write(Array((AuditText.json($0, times) + "\n").utf8)) }
      try output.flush()
    } catch ReportError.closedPipe {
      return .clean
    }
    return .clean
  }
}

extension AuditStore.Subject {
  /// What a text on the command line asks for.
  init(_ text: String) {
    if text.utf8.count == 32, text.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) {
      self = .fingerprint(text)
    } else if let guid = GUID(text: text) {
      self = .objectGUID(guid)
    } else {
      self = .dn(text)
    }
  }
}

/// A report on findings of a store.
final class StoredReport {
  private let reports: [Report]
  private let coverage: Coverage
  private let states: Set<FindingState>?
  private let suppressions: FindingMemory
  private var tally = FindingTally()

  /// Begins the report.
  init(
    outputs: ReportOptions, known: KnownFindingOptions, head: RunHead, trend: [TrendPoint], coverage: Coverage
  ) throws {
    reports = try outputs.reports(failOn: .news)
    states = try known.shownStates
    suppressions = try known.memory(.nothing)
    self.coverage = coverage
    var description = RunDescription(
      version: head.version, ruleSet: head.ruleSet, sources: head.sources,
      startedAt: Timestamp.text(epochSeconds: head.startedAt),
      rules: try RuleCatalogue.load().rules.map { RuleSummary($0, severity: $0.severity) }, trend: trend)
    description.hasStates = true
    for report in reports { try report.begin(description) }
  }

  func receive(_ stored: Finding) throws {
    if reports.allSatisfy(\.isGone) { throw ReportError.closedPipe }
    var finding = PackedFinding(stored)
    // What is gone needs no acceptance any more.
    if stored.state != .gone {
      try suppressions.judge(&finding)
      if finding.suppression == nil { finding.state = stored.state }
    }
    tally.count(finding)
    let isShown = states.map { states in finding.state.map(states.contains) ?? true } ?? true
    for report in reports where isShown || report.countsFindings { try report.receive(packed: finding) }
  }

  func finish() throws { for report in reports { try report.finish(coverage, tally.counts) } }
}
