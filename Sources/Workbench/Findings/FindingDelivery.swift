import Findings
import Reporting

/// Counts findings and hands those that are to be shown to every report.
struct FindingDelivery {
  private(set) var tally = FindingTally()
  private let reports: [Report]
  private let states: Set<FindingState>?

  /// - Parameter states: which findings are shown; nil: all.
  init(to reports: [Report], states: Set<FindingState>? = nil) {
    self.reports = reports
    self.states = states
  }

  /// Whether nobody reads any of the reports any more.
  var isGone: Bool { reports.allSatisfy(\.isGone) }

  func begin(_ run: RunDescription) throws { for report in reports { try report.begin(run) } }

  mutating func receive(_ finding: Finding) throws {
    tally.count(finding)
    let isShown = states.map { states in finding.state.map(states.contains) ?? true } ?? true
    for report in reports where isShown || report.format.isCounting { try report.receive(finding) }
  }

  /// Writes what is in buffers.
  func flush() throws { for report in reports { try report.flush() } }

  /// - Parameter isUsable: whether any source could be read. If none could, that was told, and a text for people has nothing to
  ///   add.
  func finish(_ coverage: Coverage, _ counts: FindingCounts, isUsable: Bool = true) throws {
    for report in reports where isUsable || report.isData { try report.finish(coverage, counts) }
  }
}
