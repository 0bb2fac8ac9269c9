/// A consumer of findings: a report, a store, a plan.
///
/// Calls come in this order: `begin` once, `receive` for each finding in input order of the entries (an entry's findings
/// are adjacent; a duplicate stands with its first holder), `finish` once, also after an interruption.
public protocol FindingSink {
  /// Starts a report.
  mutating func begin(_ run: RunDescription) throws
  /// Takes one finding; it may be filled anew after the call, so that a sink that keeps it keeps a copy.
  mutating func receive(_ finding: Finding) throws
  /// Ends the report with what was read and what was found.
  mutating func finish(coverage: Coverage, counts: FindingCounts) throws
}
