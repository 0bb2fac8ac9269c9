import Findings
import Reporting
import RuleSet

/// `report`: a report of a run, rendered again in another format.
public struct ReportJob: Job {
  /// A report in the format json or ndjson; `-` is standard input.
  public var file: String
  /// Which reports are written.
  public var reports = ReportChoice()

  /// A job that writes text.
  public init(file: String) { self.file = file }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) throws {
    files.reads(file, "the report")
    try files.name(reports)
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    var delivery: FindingDelivery?
    let summary = try ReportFileReader.readRun(
      path: file,
      begin: { run in
        let begun = FindingDelivery(
          to: try reports.reports(failOn: .severity(.error), isTable: run.ruleSet == Self.forestRules, in: context))
        try begun.begin(try described(run, in: context))
        delivery = begun
      }
    ) { finding in
      if delivery?.isGone == true { throw ReportError.closedPipe }
      try delivery?.receive(finding)
    }
    guard let delivery else { return Outcome(.clean) }
    let coverage = summary.coverage ?? Self.unknown
    var counts = summary.counts ?? delivery.tally.counts
    if counts.harm == nil { counts.harm = delivery.tally.counts.harm }
    try delivery.finish(coverage, counts)
    // Nothing at all is what a run that failed leaves.
    let isNothing = summary.coverage == nil && summary.findings == 0
    return Outcome(isNothing ? .partial : .clean, counts: counts, coverage: coverage)
  }

  /// Its text report is a table.
  private static let forestRules = "doctor"

  /// Lines of findings say nothing of what was read, so that nobody may be told that it was everything.
  private static var unknown: Coverage {
    var coverage = Coverage()
    coverage.gaps = ["the report does not say what was read; one in the format json does"]
    return coverage
  }

  /// The run with the rules of its set, or with all where the report names none.
  private func described(_ run: RunDescription, in context: JobContext) throws -> RunDescription {
    var run = run
    let catalogue = try RuleCatalogue.load(.all)
    var choice = RuleChoice()
    choice.ruleSet = run.ruleSet
    let isForest = run.ruleSet == Self.forestRules
    let selection = try? choice.selection(catalogue, subject: isForest ? .forest : .entries)
    run.rules =
      selection?.rules.map { RuleSummary($0.rule, severity: $0.severity) }
      ?? catalogue.rules.map { RuleSummary($0, severity: $0.severity) }
    if run.version.isEmpty { run.version = context.version }
    if run.ruleSet.isEmpty { run.ruleSet = "unknown" }
    run.title = reports.title
    return run
  }
}
