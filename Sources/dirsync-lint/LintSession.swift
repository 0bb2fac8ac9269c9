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
  let console: Console

  private var linter: Linter { Linter(program, threads: threads) }

  /// Ids of the rules of the run.
  var ruleIDs: Set<String> { Set(selection.rules.map(\.rule.id)) }

  /// Reads, judges, remembers and reports.
  ///
  /// - Parameters:
  ///   - reports: where findings go.
  ///   - memory: what findings are compared with.
  ///   - trend: earlier runs, for reports that show them.
  ///   - states: which findings go into reports; nil: all.
  func run(
    _ reports: [Report], memory: FindingMemory, trend: [TrendPoint] = [], states: Set<FindingState>? = nil
  ) throws -> ExitStatus {
    var head = RunDescription(selection, sources: sources.map(\.name))
    head.trend = trend
    head.hasStates = memory.givesStates
    func begin(_ causes: [Cause]) throws {
      head.causes = causes
      for report in reports { try report.begin(head) }
    }
    // Findings that leave at once cannot wait for what they have in common.
    if streams { try begin([]) }

    Interruption.watch()
    var tally = FindingTally()
    func hand(_ finding: Finding) throws {
      tally.count(finding)
      let isShown = states.map { states in finding.state.map(states.contains) ?? true } ?? true
      for report in reports where isShown || report.format.isCounting { try report.receive(finding) }
    }
    let result = try linter.run(
      sources, observer: console.observer, isStreaming: streams,
      didRead: { coverage in if !coverage.isInterrupted { try memory.begin(coverage) } },
      didFindCauses: streams ? nil : begin,
      willWait: { for report in reports { try report.flush() } }
    ) { finding in
      // A run that is remembered goes on when nobody reads its report any more.
      if !memory.isKept, reports.allSatisfy(\.isGone) { throw ReportError.closedPipe }
      guard memory.givesStates else { return try hand(finding) }
      var finding = finding
      try memory.judge(&finding)
      try hand(finding)
    }
    console.clear()
    for failure in result.unavailable { StandardError.write("dirsync-lint: error: \(failure)") }
    var coverage = result.coverage
    let isUsable = !coverage.isInterrupted && result.unavailable.count < sources.count
    try memory.end(&coverage, isUsable: isUsable, judgedRules: ruleIDs, gone: hand)
    for doubt in isUsable ? memory.doubts : [] {
      StandardError.write("dirsync-lint: error: the export is not to be trusted: \(doubt)")
    }
    let counts = tally.counts
    for report in reports { try report.finish(coverage, counts) }
    if isUsable { try memory.keep(coverage, tally) }
    if coverage.isInterrupted { return .interrupted }
    if !isUsable { return .unavailable }
    if memory.isRefused || (!coverage.isComplete && !allowsPartial) { return .partial }
    return failOn.isMet(by: counts) ? .findings : .clean
  }
}
