import Directory
import Entries
import Findings

/// Judges one entry at a time: what the rules of single entries say of it.
///
/// Rules that compare entries with each other need a run (`LintRun`).
public final class EntryJudge {
  private let program: RuleProgram
  private var evaluator: EntryEvaluator
  private var builder: FindingBuilder

  /// A judge by the rules of a program.
  public init(_ program: RuleProgram) {
    self.program = program
    evaluator = EntryEvaluator(program, hash: KeyHash(seed: 0))
    builder = FindingBuilder(program, hash: KeyHash(seed: 0))
  }

  /// The findings of an entry, in input order of its values, then in rule order; none where it is out of scope.
  ///
  /// - Parameter entry: an entry of a batch whose attributes are numbered as the program's.
  public func findings(of entry: EntryView) -> [Finding] {
    let (batch, entry) = (entry.batch, entry.index)
    evaluator.learnLosses(of: batch)
    guard case .inScope = evaluator.enter(batch.entries[entry], of: batch) else { return [] }
    evaluator.judge(batch.entries[entry], of: batch)
    guard !evaluator.issues.isEmpty else { return [] }
    var found = LocalFindings()
    builder.add(evaluator, entry: entry, in: batch, to: &found)
    return Finding.all(in: found.bytes, program, source: batch.source, lineBase: batch.lineBase)
  }
}

extension EntryJudge {
  /// Ends a source, of which the judged entries are a part: numbers of the rules that have concluded something from the lack of an
  /// attribute of which nobody knows whether it was exported.
  ///
  /// - Parameters:
  ///   - attributesSeen: names, in lower case, of attributes that other entries of the source have.
  ///   - exported: what the source was asked for.
  ///   - inapplicable: names, in lower case, of attributes that the directory cannot have.
  public func silencedRules(
    attributesSeen: Set<String>, exported: ExportedAttributes, inapplicable: Set<String>
  ) -> Set<Int> {
    var coverage = AttributeCoverage(source: "", slotCount: program.attributes.count)
    coverage.seen = evaluator.seen
    for (slot, name) in program.attributes.enumerated() where attributesSeen.contains(name.lowercased()) {
      coverage.seen[slot] += 1
    }
    coverage.exported = exported
    coverage.inapplicable = inapplicable
    evaluator.resetSeen()
    return coverage.silencedRules(program)
  }
}

extension Finding {
  /// The findings that `FindingWriter` wrote.
  static func all(in bytes: [UInt8], _ program: RuleProgram, source: String, lineBase: Int) -> [Finding] {
    var findings: [Finding] = []
    var finding = Finding(names: program.names(sources: [source]))
    var position = 0
    while position < bytes.count {
      position = finding.take(bytes, at: position, program, firstEntry: 0, lineBase: lineBase)
      // Which entry of a run it is, nobody has said.
      finding.layout.entry = -1
      findings.append(finding)
    }
    return findings
  }
}
