import RuleSet

/// `one-of`: the value is none of those that are allowed.
struct OneOfCheck: CheckKind {
  static let name = "one-of"

  let values: [String]
  let isCaseSensitive: Bool

  init?(_ node: RuleNode) {
    guard let options = node.mapping(["values", "case-sensitive"], what: "`one-of`") else { return nil }
    let isSensitive = options.caseSensitive()
    let values = options.required("values", "[one, two]").flatMap { $0.list { $0.text() } }
    guard !options.hasMistakes, let isSensitive, let values else { return nil }
    self.values = values
    isCaseSensitive = isSensitive
  }

  func words(for rule: Rule) -> String {
    "the value is none of \(RuleWords.list(values.map(RuleWords.quoted)))\(RuleWords.minding(isCaseSensitive))"
  }

  func test(_ draft: inout CheckDraft) -> OneOfTest {
    OneOfTest(texts: draft.add(values, folds: !isCaseSensitive), isExact: isCaseSensitive)
  }
}

/// `one-of`, compiled.
struct OneOfTest: ValueTesting {
  let texts: CheckTables.Texts
  let isExact: Bool

  func fails(_ value: Span<UInt8>, _ tables: CheckTables) -> Bool {
    !TextSearch.contains(tables[texts], value, isExact: isExact)
  }
}
