import Directory
import Findings

/// Tries a change of an entry on a copy: would it help, and what findings would the entry have then?
public final class EntryTrial {
  /// A change of one value.
  public enum Change: Sendable {
    /// Puts bytes in the place of the value with this index in the batch.
    case replacing(value: Int, with: [UInt8])
    /// Takes the value with this index in the batch away.
    case removing(value: Int)
    /// Adds a value to an attribute.
    case adding([UInt8], to: AttributeID)
  }

  private let program: RuleProgram
  private var evaluator: EntryEvaluator

  /// A trial by the rules of a program.
  public convenience init(_ program: RuleProgram) { self.init(program, hash: KeyHash(seed: 0)) }

  init(_ program: RuleProgram, hash: KeyHash) {
    self.program = program
    evaluator = EntryEvaluator(program, hash: hash)
  }

  /// Whether a change takes a finding of an entry away and makes none that was not there, counted by rule and attribute.
  ///
  /// What other entries hold is not asked.
  ///
  /// - Parameter entry: an entry of a batch whose attributes are numbered as the program's.
  public func helps(_ change: Change, on entry: EntryView) -> Bool {
    judge(entry.index, of: entry.batch, after: nil)
    let before = evaluator.issues
    judge(entry.index, of: entry.batch, after: change)
    return helps(before)
  }

  /// The findings that an entry would have after a change, in input order of the values, without suggestions.
  ///
  /// Their places are those of the entry as it is; what is new has that of the entry.
  public func findings(after change: Change, on entry: EntryView) -> [Finding] {
    var changed = Self.copy(entry.batch, entry.index, change)
    changed.hasLines = entry.batch.hasLines
    if case .adding = change { changed.values[changed.values.count - 1].line = entry.record.line }
    judge(changed)
    var bytes: [UInt8] = []
    for issue in Issue.inOrder(evaluator.issues) {
      FindingWriter.append(issue, nil, of: evaluator, entry: 0, in: changed, to: &bytes)
    }
    return Finding.all(in: bytes, program, source: entry.batch.source, lineBase: entry.batch.lineBase)
  }

  // MARK: - For suggestions

  /// What rules say of the copy that was judged last.
  var issues: [Issue] { evaluator.issues }
  /// Keys of its values that other entries may hold.
  var keys: [UInt64] { evaluator.keys }

  /// Judges a copy of an entry after a change.
  func judge(_ entry: Int, of batch: EntryBatch, after change: Change?) {
    judge(Self.copy(batch, entry, change))
  }

  private func judge(_ batch: EntryBatch) {
    _ = evaluator.enter(batch.entries[0], of: batch)
    evaluator.judge(batch.entries[0], of: batch)
  }

  /// Whether the copy has no issue that was not there before, counted by rule and attribute, and at least one less.
  func helps(_ before: [Issue]) -> Bool {
    var counts: [Int: Int] = [:]
    let width = program.attributes.count + 1
    for issue in before { counts[issue.rule * width + issue.slot, default: 0] += 1 }
    for issue in evaluator.issues {
      let key = issue.rule * width + issue.slot
      guard let count = counts[key], count > 0 else { return false }
      counts[key] = count - 1
    }
    return evaluator.issues.count < before.count
  }

  // MARK: - Changed copies

  /// A batch with a copy of one entry after a change.
  private static func copy(_ batch: EntryBatch, _ entry: Int, _ change: Change?) -> EntryBatch {
    var builder = EntryBuilder(attributes: batch.attributes, source: batch.source)
    builder.begin(copying: entry, of: batch) { index in
      switch change {
      case .replacing(index, let new): .replace(new)
      case .removing(index): .omit
      default: .keep
      }
    }
    if case .adding(let new, let attribute) = change { builder.add(attribute, new) }
    return builder.batch
  }
}
