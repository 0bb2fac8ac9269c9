import Bytes
import Findings
import Reporting
import RuleSet
import Stores

/// Which findings of a store are reported, and how.
public struct StoredReportOptions {
  /// The store.
  public var store: String
  /// Which reports are written.
  public var reports = ReportChoice()
  /// What is known of findings beforehand.
  public var known = KnownFindings()

  /// Text on the output of the job.
  public init(store: String) { self.store = store }

  /// Begins a report on a run.
  func report(on run: StoredRun, trend: [TrendPoint] = [], in context: JobContext) throws -> StoredReport {
    try StoredReport(self, head: run.head, trend: trend, coverage: run.coverage, in: context)
  }
}

extension NamedFiles {
  /// A store and reports on it.
  mutating func name(_ stored: StoredReportOptions) throws {
    readsStore(stored.store)
    try name(stored.reports)
    name(stored.known)
  }
}

/// A report on findings of a store.
final class StoredReport {
  private var delivery: FindingDelivery
  private let coverage: Coverage
  private let suppressions: FindingMemory

  /// Begins the report.
  init(
    _ options: StoredReportOptions, head: RunHead, trend: [TrendPoint], coverage: Coverage, in context: JobContext
  ) throws {
    let reports = try options.reports.reports(failOn: .news, in: context)
    delivery = FindingDelivery(to: reports, states: try options.known.shownStates())
    suppressions = try options.known.memory(.nothing, in: context)
    self.coverage = coverage
    var description = RunDescription(
      version: head.version, ruleSet: head.ruleSet, sources: head.sources,
      startedAt: Timestamp.text(epochSeconds: head.startedAt),
      rules: try RuleCatalogue.load(.all).rules.map { RuleSummary($0, severity: $0.severity) }, trend: trend)
    description.hasStates = true
    description.title = options.reports.title
    try delivery.begin(description)
  }

  func receive(_ stored: Finding) throws {
    if delivery.isGone { throw ReportError.closedPipe }
    var finding = stored
    // What is gone needs no acceptance any more.
    if stored.state != .gone {
      try suppressions.judge(&finding)
      if finding.suppression == nil { finding.state = stored.state }
    }
    try delivery.receive(finding)
  }

  /// Ends the report, and the job that made it.
  func finish() throws -> Outcome {
    let counts = delivery.tally.counts
    try delivery.finish(coverage, counts)
    return Outcome(.clean, counts: counts, coverage: coverage)
  }
}
