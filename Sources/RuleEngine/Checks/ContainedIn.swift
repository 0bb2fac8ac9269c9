import Directory
import Findings
import RuleSet

/// `contained-in`: no value of another attribute of the entry is equal.
struct ContainedInCheck: CheckKind {
  static let name = "contained-in"
  static let placeholders: Set<MessageTemplate.Placeholder> = [.other]

  let attribute: String
  let compare: Comparison
  let exactPrefix: String?

  init?(_ node: RuleNode) {
    guard let options = node.mapping(["attribute", "compare", "prefix-exact"], what: "`contained-in`") else {
      return nil
    }
    let attribute = options.required("attribute", "proxyAddresses").flatMap { $0.attributeName() }
    let compare = options.optional("compare", default: .text) { $0.choice(Comparison.self) }
    let prefix = options.optional("prefix-exact") { $0.addressType() }
    guard !options.hasMistakes, let attribute, let compare, let prefix else { return nil }
    self.attribute = attribute
    self.compare = compare
    exactPrefix = prefix
  }

  var attributes: [String] { [attribute] }

  func words(for rule: Rule) -> String {
    let prefix = exactPrefix.map { " with the prefix \(RuleWords.code($0 + ":"))" } ?? ""
    return "no value of \(RuleWords.code(attribute))\(prefix) of the same entry is equal"
      + " (\(RuleWords.comparison(compare)))"
  }

  func test(_ draft: inout CheckDraft) -> ContainedInTest {
    ContainedInTest(
      slot: draft.slot(attribute), compare: compare,
      exactType: exactPrefix.map { draft.add(exactTypes: [$0]) })
  }
}

/// `contained-in`, compiled.
struct ContainedInTest: ValueTesting {
  /// Slot of the other attribute.
  @Small var slot: Int
  let compare: Comparison
  /// Address type that the other value has to have, spelled so.
  let exactType: ExactTypes.List?

  func fails(
    _ value: Span<UInt8>, _ index: borrowing EntryIndex, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>,
    _ tables: CheckTables
  ) -> Bool {
    guard let range = ValueKey.range(of: value, compare: compare, trims: false) else { return false }
    let key = value.extracting(range)
    var other = index.first(slot)
    while other >= 0 {
      let candidate = bytes.extracting(values[Int(other)].range)
      if exactType.map({ tables.exactTypes.begins(candidate, with: $0) }) ?? true,
        let range = ValueKey.range(of: candidate, compare: compare, trims: false),
        ValueKey.areEqual(key, candidate.extracting(range), compare)
      {
        return false
      }
      other = index.next(after: other)
    }
    return true
  }
}
