import RuleSet

/// `number`: the value is no whole number, is out of bounds, or has the wrong bits.
struct NumberCheck: CheckKind {
  static let name = "number"
  private static let options = ["min", "max", "all-of-bits", "none-of-bits"]

  let min: Int64?
  let max: Int64?
  let allOfBits: Int64?
  let noneOfBits: Int64?

  init?(_ node: RuleNode) {
    guard let options = node.mapping(Self.options, what: "`number`") else { return nil }
    if options.keys.isEmpty {
      node.report("`number` has no options; give \(RuleNode.list(Self.options))")
      return nil
    }
    let numbers = Self.options.map { key in options.optional(key) { $0.integer(in: .min ... .max) } }
    guard !options.hasMistakes, numbers.allSatisfy({ $0 != nil }) else { return nil }
    let values = numbers.map { $0 ?? nil }
    guard options.isInOrder(values[0], values[1]) else { return nil }
    (min, max, allOfBits, noneOfBits) = (values[0], values[1], values[2], values[3])
  }

  var bounds: (min: Bool, max: Bool) { (min != nil, max != nil) }

  func words(for rule: Rule) -> String {
    var parts = ["the value is not a whole number"]
    if let min { parts.append("is less than \(min)") }
    if let max { parts.append("is more than \(max)") }
    if let allOfBits { parts.append("lacks one of the bits \(allOfBits)") }
    if let noneOfBits { parts.append("has one of the bits \(noneOfBits)") }
    return RuleWords.list(parts)
  }

  func test(_ draft: inout CheckDraft) -> NumberTest {
    NumberTest(
      limits: draft.add(
        NumberLimits(
          lowest: min ?? .min, highest: max ?? .max, allOfBits: allOfBits ?? 0, noneOfBits: noneOfBits ?? 0)))
  }
}

/// `number`, compiled.
struct NumberTest: ValueTesting {
  let limits: CheckTables.Numbers

  func fails(_ value: Span<UInt8>, _ tables: CheckTables) -> Bool {
    guard let number = CompiledFilters.integer(value) else { return true }
    let limits = tables[limits]
    return number < limits.lowest || number > limits.highest || number & limits.allOfBits != limits.allOfBits
      || number & limits.noneOfBits != 0
  }
}
