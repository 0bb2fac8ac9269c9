import Bytes
import Directory
import Findings
import RuleSet

/// The findings on the single entries of a batch, with what is needed to judge their suggestions once the whole directory
/// is known.
struct LocalFindings: Sendable {
  /// A value that a suggestion would add: if another entry holds it, the suggestion is withdrawn.
  struct Probe: Sendable {
    /// Number of the finding among these.
    var finding: Int
    /// Index of the entry in its batch.
    var entry: Int
    /// Fingerprint of the value.
    var key: UInt64
  }

  /// Layouts and bytes of findings as `FindingWriter` writes them, one after the other, in input order.
  var bytes: [UInt8] = []
  var count = 0
  var probes: [Probe] = []
}

/// Turns issues into findings: the slow path, where text is made and suggestions are tried.
struct FindingBuilder: ~Copyable {
  let program: RuleProgram
  /// Tries suggestions.
  private var trial: EntryTrial
  /// The most values that an entry may have for suggestions to be tried on it; each trial costs a copy.
  private static let mostValuesForTrials = 20_000

  /// Values suggested so far for the entry at hand.
  private var suggested: Set<Suggested> = []

  private struct Suggested: Hashable {
    var attribute: AttributeID
    var key: [UInt8]
  }

  init(_ program: RuleProgram, hash: KeyHash) {
    self.program = program
    trial = EntryTrial(program, hash: hash)
  }

  /// Adds the findings of the entry that `evaluator` judged last, in input order of the values, then in rule order.
  mutating func add(
    _ evaluator: borrowing EntryEvaluator, entry number: Int, in batch: EntryBatch, to findings: inout LocalFindings
  ) {
    suggested.removeAll(keepingCapacity: true)
    let triesSuggestions = batch.entries[number].valueCount <= Self.mostValuesForTrials
    var remedied: Int32 = -2
    var valueRemedy: Remedy?
    for issue in Issue.inOrder(evaluator.issues) {
      var remedy: Remedy?
      if issue.row == nil, triesSuggestions {
        if issue.value >= 0 {
          // The issues of a value are adjacent.
          if remedied != issue.value {
            valueRemedy = self.remedy(for: issue.value, of: evaluator, entry: number, in: batch)
          }
          remedied = issue.value
          if let made = valueRemedy, made.mends.contains(issue.rule) { remedy = made }
        } else {
          remedy = addition(issue, of: evaluator, entry: number, in: batch)
        }
      }
      for key in remedy?.probes ?? [] {
        findings.probes.append(LocalFindings.Probe(finding: findings.count, entry: number, key: key))
      }
      FindingWriter.append(
        issue, remedy?.suggestion, of: evaluator, entry: number, in: batch, to: &findings.bytes)
      findings.count += 1
    }
  }

  // MARK: - Suggestions

  private struct Remedy {
    var suggestion: Suggestion
    /// Rules whose findings on the value go away.
    var mends: Set<Int>
    var probes: [UInt64]
  }

  /// The change of a value that mends all findings on it without creating another, or nil.
  ///
  /// Recipes are applied one after the other, each on what the one before made, until no finding on the value has one.
  private mutating func remedy(
    for value: Int32, of evaluator: borrowing EntryEvaluator, entry: Int, in batch: EntryBatch
  ) -> Remedy? {
    let before = evaluator.issues
    guard before.contains(where: { $0.value == value && program.templates[$0.rule].hasSuggestion }) else { return nil }
    let here = before.filter { $0.value == value }
    let original = AttributeValue(batch.bytes.span.extracting(batch.values[Int(value)].range))
    if let issue = here.first(where: { program.rules[$0.rule].rule.suggestion == .removeValue }) {
      return removal(issue, value, evaluator, entry, batch)
    }
    var candidate = original.bytes
    var pending = here
    var tried: [[UInt8]] = [candidate]
    for _ in 0..<8 {
      var next: [UInt8]?
      for issue in pending {
        guard let recipe = program.rules[issue.rule].rule.suggestion else { continue }
        next = apply(recipe, to: candidate, flagged: issue.flagged, evaluator, batch)
        if next != nil { break }
      }
      guard let made = next, !tried.contains(made), !TextFold.trimmed(made.span).isEmpty else { break }
      candidate = made
      tried.append(made)
      trial.judge(entry, of: batch, after: .replacing(value: Int(value), with: candidate))
      let position = value - Int32(batch.entries[entry].firstValue)
      pending = trial.issues.filter { $0.value == position }
      if pending.isEmpty { break }
    }
    guard candidate != original.bytes, pending.isEmpty, trial.helps(before),
      isNew(candidate, besides: value, evaluator, batch)
    else { return nil }
    return Remedy(
      suggestion: Suggestion(action: .replace, value: AttributeValue(candidate)), mends: Set(here.map(\.rule)),
      probes: addedKeys(evaluator))
  }

  private mutating func removal(
    _ issue: Issue, _ value: Int32, _ evaluator: borrowing EntryEvaluator, _ entry: Int, _ batch: EntryBatch
  ) -> Remedy? {
    trial.judge(entry, of: batch, after: .removing(value: Int(value)))
    guard trial.helps(evaluator.issues) else { return nil }
    let rules = Set(evaluator.issues.filter { $0.value == value }.map(\.rule))
    return Remedy(suggestion: Suggestion(action: .remove, value: nil), mends: rules, probes: [])
  }

  /// A value to add where a rule misses one.
  private mutating func addition(
    _ issue: Issue, of evaluator: borrowing EntryEvaluator, entry: Int, in batch: EntryBatch
  ) -> Remedy? {
    guard case .set? = program.rules[issue.rule].rule.suggestion,
      let recipe = program.rules[issue.rule].rule.suggestion,
      let made = apply(recipe, to: [], flagged: [], evaluator, batch), !TextFold.trimmed(made.span).isEmpty
    else { return nil }
    trial.judge(entry, of: batch, after: .adding(made, to: AttributeID(issue.slot)))
    guard trial.helps(evaluator.issues), !trial.issues.contains(where: { $0.rule == issue.rule }) else { return nil }
    return Remedy(
      suggestion: Suggestion(action: .add, value: AttributeValue(made)), mends: [issue.rule],
      probes: addedKeys(evaluator))
  }

  /// Whether no other value of the attribute is equal, and none was suggested for another: a directory refuses repeats.
  private mutating func isNew(
    _ candidate: [UInt8], besides value: Int32, _ evaluator: borrowing EntryEvaluator, _ batch: EntryBatch
  ) -> Bool {
    let attribute = batch.values[Int(value)].attribute
    let key = TextFold.fold(candidate.span)
    var other = evaluator.index.first(like: value)
    while other >= 0 {
      if other != value, TextFold.areEqual(batch.bytes.span.extracting(batch.values[Int(other)].range), key.span) {
        return false
      }
      other = evaluator.index.next(after: other)
    }
    return suggested.insert(Suggested(attribute: attribute, key: key)).inserted
  }

  private func addedKeys(_ evaluator: borrowing EntryEvaluator) -> [UInt64] {
    trial.keys.filter { !evaluator.keys.contains($0) }
  }

  private func apply(
    _ recipe: SuggestionRecipe, to value: [UInt8], flagged: [Range<Int>], _ evaluator: borrowing EntryEvaluator,
    _ batch: EntryBatch
  ) -> [UInt8]? {
    switch recipe {
    case .removeCharacters: replacing(flagged, of: value) { replacement(for: $0) }
    case .replaceCharacters(let text): replacing(flagged, of: value) { _ in Array(text.utf8) }
    case .collapse: replacing(flagged, of: value) { Array($0.prefix(1)) }
    case .trim: trimmed(value)
    case .setPrefix(let prefix):
      if let colon = value.firstIndex(of: UInt8(ascii: ":")) {
        Array(prefix.utf8) + value[colon...]
      } else {
        Array(prefix.utf8) + [UInt8(ascii: ":")] + value
      }
    case .removeValue: nil
    case .set(let from, let prefix):
      first(from, evaluator, batch).map { Array(prefix.utf8) + $0 }
    }
  }

  private func replacing(
    _ flagged: [Range<Int>], of value: [UInt8], with replacement: (ArraySlice<UInt8>) -> [UInt8]?
  ) -> [UInt8]? {
    guard !flagged.isEmpty else { return nil }
    var result: [UInt8] = []
    var from = 0
    for range in flagged where range.lowerBound >= from && range.upperBound <= value.count {
      guard let new = replacement(value[range]) else { return nil }
      result += value[from..<range.lowerBound] + new
      from = range.upperBound
    }
    return result + value[from...]
  }

  /// What stands for a character that must go: nothing, the base letter of a letter with a diacritic, or nil when the
  /// character is a letter without one, because taking letters away makes another name.
  private func replacement(for characters: ArraySlice<UInt8>) -> [UInt8]? {
    let bytes = Array(characters)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let (scalar, length) = ScalarReader.scalar(at: index, of: bytes.span)
      guard let new = replacement(for: scalar) else { return nil }
      result += new
      index += length
    }
    return result
  }

  private func replacement(for value: UInt32) -> [UInt8]? {
    guard value >= 0x80, value != ScalarReader.invalid, let scalar = Unicode.Scalar(value) else { return [] }
    if let text = program.options.transliteration[value] { return Array(text.utf8) }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber:
      return nil
    default: return []
    }
  }

  private func trimmed(_ value: [UInt8]) -> [UInt8] {
    var kept: Range<Int>?
    var index = 0
    while index < value.count {
      let (scalar, length) = ScalarReader.scalar(at: index, of: value.span)
      if !Self.isSpacing(scalar) { kept = (kept?.lowerBound ?? index)..<index + length }
      index += length
    }
    return kept.map { Array(value[$0]) } ?? []
  }

  private static func isSpacing(_ scalar: UInt32) -> Bool {
    guard scalar != ScalarReader.invalid else { return false }
    return TextFold.isWhiteSpace(scalar) || CharacterClass.zeroWidth.contains(scalar)
      || CharacterClass.bidi.contains(scalar) || CharacterClass.control.contains(scalar)
  }

  private func first(_ attribute: String, _ evaluator: borrowing EntryEvaluator, _ batch: EntryBatch) -> [UInt8]? {
    guard let slot = program.attributes.firstIndex(where: { $0.lowercased() == attribute.lowercased() }) else {
      return nil
    }
    let value = evaluator.index.first(slot)
    return value < 0 ? nil : AttributeValue(batch.bytes.span.extracting(batch.values[Int(value)].range)).bytes
  }
}
