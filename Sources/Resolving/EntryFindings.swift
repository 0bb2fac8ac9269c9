import Directory
import Findings
import RuleEngine
import RuleSet

/// Judges the entries that were found by the rules.
///
/// Rules that compare entries with each other are left out: only some of the directory's entries are at hand, and a group
/// of holders with some of them missing would be worse than none. The look-up of conflicting values finds them all.
public struct EntryFindings: Sendable {
  private let program: RuleProgram
  /// Names of the attributes that some rule judges, in lower case.
  let judgedAttributes: Set<String>

  /// - Parameters:
  ///   - rules: the active rules.
  ///   - options: what the command line adds; entries out of scope are judged, too, because they have an error.
  public init(_ rules: [RuleSelection.ActiveRule], options: RuleProgram.Options) throws(PatternFailure) {
    var options = options
    options.includesOutOfScope = true
    let ofEntries = rules.filter { if case .unique = $0.rule.check { false } else { true } }
    judgedAttributes = Set(ofEntries.flatMap { $0.rule.attributes.map { $0.lowercased() } })
    program = try RuleProgram(rules: ofEntries, scope: nil, options: options)
  }

  /// A judge of entries, for one run.
  func judge() -> EntryJudge { EntryJudge(program) }

  /// The attributes of the entries that a judge is given.
  var attributes: EntryAttributes { EntryAttributes(judged: program.attributes) }
}

/// Judges entries as they are found.
final class EntryJudge {
  private var run: LintRun
  private var judge: BatchJudge
  /// Entries with the lines of a text in which each follows the one before: by it findings are given back to them.
  private var starts: [(line: Int, entry: Int)] = []
  private var lines = 0

  init(_ program: RuleProgram) {
    run = LintRun(program, seed: 0)
    judge = BatchJudge(program, seed: 0)
  }

  /// Judges the one entry of a batch.
  ///
  /// - Parameter entry: its number among those found.
  /// - Throws: `SpoolFailure` when findings cannot be put aside.
  func add(_ batch: EntryBatch, _ entry: Int) throws(SpoolFailure) {
    var batch = batch
    batch.hasLines = true
    try run.add(judge.judge(batch, source: ""), lineBase: lines)
    starts.append((lines + (batch.entries.first.map { Int($0.line) } ?? 0), entry))
    lines += batch.lineCount + 1
  }

  /// The findings by number of the entry; the judge is of no use afterwards.
  ///
  /// - Throws: `SpoolFailure` when findings cannot be read again.
  func findings(of found: FoundEntries) throws -> [Int: [Finding]] {
    var result: [Int: [Finding]] = [:]
    try run.finish(NothingToRevisit()) { add($0, found, to: &result) }
    return result
  }

  /// Puts a finding to its entry, with the place in the source in place of that in the text.
  private func add(_ finding: Finding, _ found: FoundEntries, to result: inout [Int: [Finding]]) {
    guard let line = finding.location.line.map({ $0 - 1 }) else { return }
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle].line <= line { low = middle } else { high = middle }
    }
    let entry = starts[low].entry
    let place = found.entries[entry].location
    var finding = finding
    finding.location.source = place.source
    finding.location.line = place.line.map { $0 + line - starts[low].line }
    if place.line == nil { finding.location.column = nil }
    // Related places are of the same entry here.
    for index in finding.related.indices {
      let own = finding.related[index].location.line.map { $0 - 1 - starts[low].line }
      finding.related[index].location.source = place.source
      finding.related[index].location.line = place.line.flatMap { line in own.map { line + $0 } }
    }
    result[entry, default: []].append(finding)
  }
}

/// Rules of single entries need no second look at any.
private struct NothingToRevisit: EntryRevisiting {
  func revisit(_ entries: [UInt32], _ body: (UInt32, EntryBatch, Int, String) throws -> Void) throws {}
}
