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

  /// Leaves out the findings on entries of the batch.
  mutating func remove(_ entries: Set<UInt32>) {
    var kept = LocalFindings()
    var numbers: [Int?] = []
    var position = 0
    while position < bytes.count {
      let layout = FindingLayout(bytes, at: position)
      let end = position + FindingLayout.size + layout.byteCount
      if entries.contains(UInt32(truncatingIfNeeded: layout.entry)) {
        numbers.append(nil)
      } else {
        numbers.append(kept.count)
        kept.bytes += bytes[position..<end]
        kept.count += 1
      }
      position = end
    }
    for probe in probes {
      guard let number = numbers[probe.finding] else { continue }
      kept.probes.append(Probe(finding: number, entry: probe.entry, key: probe.key))
    }
    self = kept
  }
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
    if let issue = here.first(where: { program.rules[$0.rule].rule.suggestion == .removeValue }) {
      return removal(issue, value, evaluator, entry, batch)
    }
    // An address type in capitals makes the primary address, of which there may be one already.
    for keepsCapitals in [true, false] {
      guard let candidate = mended(here, keepsCapitals, evaluator, entry, batch) else { continue }
      guard trial.helps(before), isNew(candidate, besides: value, evaluator, batch) else { continue }
      return Remedy(
        suggestion: Suggestion(action: .replace, value: AttributeValue(candidate)), mends: Set(here.map(\.rule)),
        probes: addedKeys(evaluator, candidate))
    }
    return nil
  }

  /// Applies the recipes of issues on one value until none is left; nil when that does not come about.
  private mutating func mended(
    _ here: [Issue], _ keepsCapitals: Bool, _ evaluator: borrowing EntryEvaluator, _ entry: Int, _ batch: EntryBatch
  ) -> [UInt8]? {
    guard let value = here.first?.value else { return nil }
    let original = AttributeValue(batch.bytes.span.extracting(batch.values[Int(value)].range)).bytes
    if AddressParser.isObjectName(original) { return nil }
    var pending = here
    var tried: [[UInt8]] = [original]
    // A letter and its mark are one letter, and spelt as one.
    var next = Self.composed(original)
    for _ in 0..<8 {
      if next == nil {
        for issue in pending {
          guard let recipe = recipe(of: issue, evaluator, entry, batch) else { continue }
          switch apply(recipe, to: tried[tried.count - 1], issue, keepsCapitals, evaluator, batch) {
          case .made(let made): next = made
          case .nothing: continue
          case .refused: return nil
          }
          break
        }
      }
      guard let made = next, !tried.contains(made), !TextFold.trimmed(made.span).isEmpty else { return nil }
      next = nil
      tried.append(made)
      trial.judge(entry, of: batch, after: .replacing(value: Int(value), with: made))
      let position = value - Int32(batch.entries[entry].firstValue)
      pending = trial.issues.filter { $0.value == position }
      if pending.isEmpty { return made }
    }
    return nil
  }

  private func recipe(
    of issue: Issue, _ evaluator: borrowing EntryEvaluator, _ entry: Int, _ batch: EntryBatch
  ) -> SuggestionRecipe? {
    guard let recipe = program.rules[issue.rule].rule.suggestion else { return nil }
    let exception = program.compiled.suggestionExceptions[issue.rule]
    let isExcepted =
      exception >= 0
      && evaluator.matches(exception, batch.entries[entry], batch.values.span, batch.bytes.span)
    return isExcepted ? nil : recipe
  }

  /// The value with letters and marks composed (NFC); nil when there is nothing to compose.
  private static func composed(_ value: [UInt8]) -> [UInt8]? {
    guard value.contains(where: { $0 >= 0xCC }) else { return nil }
    var scalars: [UInt32] = []
    var isChanged = false
    var index = 0
    while index < value.count {
      let (scalar, length) = ScalarReader.scalar(at: index, of: value.span)
      guard scalar != ScalarReader.invalid else { return nil }
      index += length
      if 0x300..<0x370 ~= scalar, let last = scalars.last, let composed = Transliteration.composed(last, scalar) {
        scalars[scalars.count - 1] = composed
        isChanged = true
      } else {
        scalars.append(scalar)
      }
    }
    guard isChanged else { return nil }
    return Array(String(String.UnicodeScalarView(scalars.compactMap(Unicode.Scalar.init))).utf8)
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
    guard let recipe = recipe(of: issue, evaluator, entry, batch), case .set = recipe,
      case .made(let made) = apply(recipe, to: [], issue, true, evaluator, batch),
      !TextFold.trimmed(made.span).isEmpty
    else { return nil }
    trial.judge(entry, of: batch, after: .adding(made, to: AttributeID(issue.slot)))
    guard trial.helps(evaluator.issues), !trial.issues.contains(where: { $0.rule == issue.rule }) else { return nil }
    return Remedy(
      suggestion: Suggestion(action: .add, value: AttributeValue(made)), mends: [issue.rule],
      probes: addedKeys(evaluator, made))
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

  /// Fingerprints under which nobody else may be found: those that the entry did not have before, and the suggested value
  /// as an address, whatever the attribute, since whoever holds that address gets the mail.
  private func addedKeys(_ evaluator: borrowing EntryEvaluator, _ suggested: [UInt8]) -> [UInt64] {
    var keys = trial.keys.filter { !evaluator.keys.contains($0) }
    for (position, test) in program.compiled.uniqueTests.enumerated()
    where test.compare == .address && !test.withinEntry {
      if let key = evaluator.hash.key(of: suggested.span, test, position), !keys.contains(key) { keys.append(key) }
    }
    return keys
  }

  /// What a recipe makes of a value.
  private enum Outcome {
    case made([UInt8])
    /// The recipe does not help; another one may.
    case nothing
    /// The value cannot be understood, so that nothing is to be suggested.
    case refused

    init(_ value: [UInt8]?) { self = value.map { .made($0) } ?? .nothing }
  }

  private func apply(
    _ recipe: SuggestionRecipe, to value: [UInt8], _ issue: Issue, _ keepsCapitals: Bool,
    _ evaluator: borrowing EntryEvaluator, _ batch: EntryBatch
  ) -> Outcome {
    switch recipe {
    case .removeCharacters:
      if hasSyntax(issue.flagged, of: value) || AddressParser.beginsWithType(value) {
        let isTyped = !program.rules[issue.rule].rule.when.prefixes.isEmpty
        return repaired(value, isTyped ? "smtp" : nil, keepsCapitals)
      }
      let takesLookAlikes = takesLookAlikes(value)
      return Outcome(replacing(issue.flagged, of: value) { replacement(for: $0, takesLookAlikes) })
    case .replaceCharacters(let text): return Outcome(replacing(issue.flagged, of: value) { _ in Array(text.utf8) })
    case .collapse: return Outcome(replacing(issue.flagged, of: value) { Array($0.prefix(1)) })
    case .trim: return .made(trimmed(value))
    case .repairAddress(let type): return repaired(value, type, keepsCapitals)
    case .setPrefix(let prefix):
      if let colon = value.firstIndex(of: UInt8(ascii: ":")) { return .made(Array(prefix.utf8) + value[colon...]) }
      return .made(Array(prefix.utf8) + [UInt8(ascii: ":")] + value)
    case .removeValue: return .nothing
    case .set(let from, let prefix): return Outcome(first(from, evaluator, batch).map { Array(prefix.utf8) + $0 })
    }
  }

  private func repaired(_ value: [UInt8], _ type: String?, _ keepsCapitals: Bool) -> Outcome {
    guard let made = AddressParser.repaired(value, type: type, keepsCapitals: keepsCapitals) else { return .refused }
    return made == value ? .nothing : .made(made)
  }

  /// Whether flagged characters are ones that are syntax around an address.
  private func hasSyntax(_ flagged: [Range<Int>], of value: [UInt8]) -> Bool {
    flagged.contains { range in
      range.upperBound <= value.count && value[range].contains { AddressParser.isSyntax(UInt32($0)) }
    }
  }

  /// Whether letters of other scripts in the name of an address are slips for ASCII letters that they look like.
  private func takesLookAlikes(_ value: [UInt8]) -> Bool {
    var name: [UInt32] = []
    var index = value.firstIndex(of: UInt8(ascii: ":")).map { $0 + 1 } ?? 0
    let end = value.lastIndex(of: UInt8(ascii: "@")) ?? value.count
    while index < end {
      let (scalar, length) = ScalarReader.scalar(at: index, of: value.span)
      name.append(scalar)
      index += length
    }
    return LookAlikes.shipped.withoutStrangers(name) != name
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
  private func replacement(for characters: ArraySlice<UInt8>, _ takesLookAlikes: Bool) -> [UInt8]? {
    let bytes = Array(characters)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let (scalar, length) = ScalarReader.scalar(at: index, of: bytes.span)
      guard let new = replacement(for: scalar, takesLookAlikes) else { return nil }
      result += new
      index += length
    }
    return result
  }

  private func replacement(for value: UInt32, _ takesLookAlikes: Bool) -> [UInt8]? {
    guard value >= 0x80, value != ScalarReader.invalid, let scalar = Unicode.Scalar(value) else { return [] }
    if let form = LookAlikes.shipped.form(of: value) { return [UInt8(truncatingIfNeeded: form)] }
    if takesLookAlikes, let letter = LookAlikes.shipped.letter(of: value) {
      return [UInt8(truncatingIfNeeded: letter)]
    }
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
