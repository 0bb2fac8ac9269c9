import Bytes
import Entries
import Findings
import RuleEngine
import Reporting
import RuleSet

/// A run that is ready to begin.
struct LintSession {
  let program: RuleProgram
  let selection: RuleSelection
  let sources: [SourcePlace]
  let threads: Int
  let failOn: FailOn
  let allowsPartial: Bool
  /// Whether findings are written while the sources are read.
  var streams = false
  /// What the reports are called; nil: as every report.
  var title: String?

  private var linter: Linter { Linter(program, threads: threads) }

  /// Ids of the rules of the run.
  var ruleIDs: Set<String> { Set(selection.rules.map(\.rule.id)) }

  /// Reads, judges, remembers and reports.
  ///
  /// - Parameters:
  ///   - reports: where findings go.
  ///   - memory: what findings are compared with.
  ///   - context: whom the run tells, and who may stop it.
  ///   - trend: earlier runs, for reports that show them.
  ///   - states: which findings go into reports; nil: all.
  func run(
    _ reports: [Report], memory: FindingMemory, in context: JobContext, trend: [TrendPoint] = [],
    states: Set<FindingState>? = nil
  ) throws -> Outcome {
    var head = RunDescription(selection, sources: sources.map(\.name), in: context)
    head.trend = trend
    head.hasStates = memory.givesStates
    head.title = title
    var delivery = FindingDelivery(to: reports, states: states)
    func begin(_ causes: [Cause]) throws {
      head.causes = causes
      try delivery.begin(head)
    }
    // Findings that leave at once cannot wait for what they have in common.
    if streams { try begin([]) }

    context.cancellation.begin()
    let result = try linter.run(
      sources, observer: context.observer, isStreaming: streams,
      didRead: { coverage in
        head.topLevelDomains = coverage.topLevelDomains
        head.sourcesWrittenAt = coverage.writtenAt.map { Timestamp.text(epochSeconds: $0) }
        if !coverage.isInterrupted { try memory.begin(coverage) }
      },
      didFindCauses: streams ? nil : begin,
      willWait: { try delivery.flush() }
    ) { finding in
      // A run that is remembered goes on when nobody reads its report any more.
      if !memory.isKept, delivery.isGone { throw ReportError.closedPipe }
      guard memory.givesStates else { return try delivery.receive(finding) }
      var finding = finding
      try memory.judge(&finding)
      try delivery.receive(finding)
    }
    context.events(.endOfProgress)
    for failure in result.unavailable { context.events(.failure("\(failure)")) }
    var coverage = result.coverage
    let isUsable = !coverage.isInterrupted && result.unavailable.count < sources.count
    try memory.end(&coverage, isUsable: isUsable, judgedRules: ruleIDs, gone: { try delivery.receive($0) })
    for doubt in isUsable ? memory.doubts : [] {
      context.events(.failure("the export is not to be trusted: \(doubt)"))
    }
    let counts = delivery.tally.counts
    try delivery.finish(coverage, counts, isUsable: isUsable || coverage.isInterrupted)
    if isUsable { try memory.keep(coverage, delivery.tally) }
    return Outcome(
      status(coverage, counts, memory, isUsable: isUsable), counts: counts, coverage: coverage,
      // Why an export is not to be trusted was told above.
      reasons: memory.isRefused
        ? coverage.reasonsForGaps.filter { reason in !memory.doubts.contains { reason.hasSuffix($0) } } : nil)
  }

  private func status(
    _ coverage: Coverage, _ counts: FindingCounts, _ memory: FindingMemory, isUsable: Bool
  ) -> ExitStatus {
    if coverage.isInterrupted { return .interrupted }
    if !isUsable { return .unavailable }
    if memory.isRefused || (!coverage.isComplete && !allowsPartial) { return .partial }
    return failOn.isMet(by: counts) ? .findings : .clean
  }
}
