import Directory
import RuleSet

/// `count`: the entry has too few or too many values (of an address type).
struct CountCheck: CheckKind {
  static let name = "count"

  let of: ValueCondition
  let min: Int?
  let max: Int?

  init?(_ node: RuleNode) {
    guard let options = node.mapping(["of", "min", "max"], what: "`count`") else { return nil }
    let of = options.optional("of", default: ValueCondition(), Self.condition)
    guard let bounds = options.bounds(), !options.hasMistakes, let of else { return nil }
    self.of = of
    (min, max) = bounds
  }

  private static func condition(_ node: RuleNode) -> ValueCondition? {
    guard let mapping = node.mapping(["prefix", "prefix-exact"], what: "`of`") else { return nil }
    if mapping.keys.isEmpty { return node.nothing("`of` is empty; give `prefix:` or `prefix-exact:`") }
    let prefixes = mapping.optional("prefix", default: []) { $0.list { $0.addressType()?.lowercased() } }
    let exact = mapping.optional("prefix-exact", default: []) { $0.list { $0.addressType() } }
    guard !mapping.hasMistakes, let prefixes, let exact else { return nil }
    var condition = ValueCondition()
    condition.prefixes = prefixes
    condition.exactPrefixes = exact
    return condition
  }

  var bounds: (min: Bool, max: Bool) { (min != nil, max != nil) }

  func words(for rule: Rule) -> String {
    let conditions = RuleWords.conditions(of)
    let kind = conditions.isEmpty ? "" : " of " + conditions.joined(separator: ", ")
    return "the entry has \(RuleWords.outside(min, max, "value"))\(kind)"
  }

  func test(_ draft: inout CheckDraft) -> CountTest {
    CountTest(condition: draft.add(of), limits: Limits(min, max))
  }
}

/// `count`, compiled.
struct CountTest: BitwiseCopyable, Sendable {
  let condition: TypeCondition
  let limits: Limits

  /// How many values an entry has that it should not have or should have, and the first that is too many (-1 for none); nil
  /// when it passes.
  ///
  /// - Parameter knowsTypes: whether the entry's index knows the address types of the slot's values.
  func failure(
    _ slot: Int, _ index: borrowing EntryIndex, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>,
    _ tables: CheckTables, knowsTypes: Bool
  ) -> (count: Int, surplus: Int32)? {
    // Without a condition the number of values is known already.
    if condition.types == .max, limits.allow(index.count(slot)) { return nil }
    var count = 0
    var surplus: Int32 = -1
    var value = index.first(slot)
    while value >= 0 {
      if index.meets(condition, value, bytes.extracting(values[Int(value)].range), tables, knowsTypes: knowsTypes) {
        count += 1
        if count > limits.maximum, surplus < 0 { surplus = value }
      }
      value = index.next(after: value)
    }
    return limits.allow(count) ? nil : (count, surplus)
  }
}

extension EntryIndex {
  /// Whether a value's address type meets a condition; where value checks need the type, they have found it before.
  @inline(__always)
  func meets(
    _ condition: TypeCondition, _ value: Int32, _ bytes: Span<UInt8>, _ tables: CheckTables, knowsTypes: Bool
  ) -> Bool {
    if condition.types == .max { return true }
    return knowsTypes ? tables.meets(condition, bytes, type: type(of: value)) : tables.meetsAfresh(condition, bytes)
  }
}
