import RuleSet

/// `occurrences`: a part of the value contains a text too seldom or too often.
struct OccurrencesCheck: CheckKind {
  static let name = "occurrences"
  static let suggestions: Set<SuggestionRecipe.Kind> = [
    .removeCharacters, .replaceCharacters, .trim, .repairAddress, .setPrefix, .removeValue, .set,
  ]

  let part: Part
  let text: String
  let min: Int?
  let max: Int?

  init?(_ node: RuleNode) {
    guard let options = node.mapping(["part", "of", "min", "max"], what: "`occurrences`") else { return nil }
    let part = options.part()
    let text = options.required("of", "\"@\"").flatMap { $0.nonEmptyText() }
    guard let bounds = options.bounds(), !options.hasMistakes, let part, let text else { return nil }
    self.part = part
    self.text = text
    (min, max) = bounds
  }

  var bounds: (min: Bool, max: Bool) { (min != nil, max != nil) }

  func words(for rule: Rule) -> String {
    "\(RuleWords.name(part)) contains \(RuleWords.quoted(text)) \(RuleWords.outside(min, max, "time"))"
  }

  func test(_ draft: inout CheckDraft) -> OccurrencesTest {
    OccurrencesTest(texts: draft.add([text], folds: false), limits: Limits(min, max))
  }
}

/// `occurrences`, compiled.
struct OccurrencesTest: ValueTesting {
  /// One text.
  let texts: CheckTables.Texts
  let limits: Limits

  func fails(_ value: Span<UInt8>, _ range: Range<Int>, _ tables: CheckTables) -> Bool {
    !limits.allow(TextSearch.count(tables[texts][0], in: value, range))
  }

  func mark(
    _ issue: inout Issue, _ value: Span<UInt8>, _ range: Range<Int>, _ shape: ValueShape, _ tables: CheckTables
  ) {
    issue.set(limits)
    let text = tables[texts][0]
    var from = range.lowerBound
    while let start = TextSearch.find(text, in: value, from..<range.upperBound, isExact: true) {
      issue.count += 1
      if let maximum = issue.maximum, issue.count > maximum, issue.flagged.count < Issue.mostPlaces {
        issue.flagged.append(start..<start + text.count)
      }
      from = start + text.count
    }
  }

  func passesAll(_ values: PlainValues, _ part: ValuePart, _ tables: CheckTables) -> Bool {
    guard values.isPlain, values.tells(part) else { return false }
    let text = tables[texts][0]
    if text == [UInt8(ascii: "@")] {
      let hasIt = values.shape == .address && (part.part == .whole || part.part == .afterPrefix)
      return limits.allow(hasIt ? 1 : 0)
    }
    return text == [UInt8(ascii: ":")] && (part.part == .afterPrefix || part.part == .domain) && limits.allow(0)
  }
}
