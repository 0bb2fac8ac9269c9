import Findings
import RuleSet

/// `sequence`: a part of the value contains a text that it must not contain.
struct SequenceCheck: CheckKind {
  static let name = "sequence"
  static let placeholders: Set<MessageTemplate.Placeholder> = [.characters]
  static let suggestions = Set(SuggestionRecipe.Kind.allCases)

  let part: Part
  let forbidden: [String]
  let isCaseSensitive: Bool

  init?(_ node: RuleNode) {
    guard let options = node.mapping(["part", "forbidden", "case-sensitive"], what: "`sequence`") else { return nil }
    let part = options.part()
    let isSensitive = options.caseSensitive()
    let texts = options.required("forbidden", "[\"..\"]").flatMap { $0.list { $0.nonEmptyText() } }
    guard !options.hasMistakes, let part, let isSensitive, let texts else { return nil }
    self.part = part
    forbidden = texts
    isCaseSensitive = isSensitive
  }

  func words(for rule: Rule) -> String {
    "\(RuleWords.name(part)) contains \(RuleWords.list(forbidden.map(RuleWords.quoted)))"
      + RuleWords.minding(isCaseSensitive)
  }

  func test(_ draft: inout CheckDraft) -> SequenceTest {
    SequenceTest(texts: draft.add(forbidden, folds: !isCaseSensitive), isExact: isCaseSensitive)
  }
}

/// `sequence`, compiled.
struct SequenceTest: ValueTesting {
  let texts: CheckTables.Texts
  let isExact: Bool

  func fails(_ value: Span<UInt8>, _ range: Range<Int>, _ tables: CheckTables) -> Bool {
    for text in tables[texts] where TextSearch.find(text, in: value, range, isExact: isExact) != nil { return true }
    return false
  }

  func mark(
    _ issue: inout Issue, _ value: Span<UInt8>, _ range: Range<Int>, _ shape: ValueShape, _ tables: CheckTables
  ) {
    var found: [Range<Int>] = []
    for text in tables[texts] {
      var from = range.lowerBound
      while found.count < Issue.mostPlaces,
        let start = TextSearch.find(text, in: value, from..<range.upperBound, isExact: isExact)
      {
        found.append(start..<start + text.count)
        from = start + text.count
      }
    }
    issue.flagged = found.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
  }

  func passesAll(_ values: PlainValues, _ part: ValuePart, _ tables: CheckTables) -> Bool {
    guard values.isPlain, values.tells(part) else { return false }
    let known = Set(values.bytes(of: part.part, edgesOnly: false))
    return tables[texts].allSatisfy { text in
      text.contains { !known.contains($0) } || zip(text, text.dropFirst()).contains(where: Self.cannotMeet)
    }
  }

  /// Two separators side by side, but for hyphens, which a label may have.
  private static func cannotMeet(_ left: UInt8, _ right: UInt8) -> Bool {
    let separators = Array("-_.".utf8)
    return separators.contains(left) && separators.contains(right) && (left, right) != (separators[0], separators[0])
  }
}
