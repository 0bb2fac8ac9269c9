import RuleSet

/// `unique`: two entries, or two values of one entry, hold the same value.
struct UniqueCheck: CheckKind {
  private enum Within: String, CaseIterable { case directory, entry }

  static let name = "unique"
  static let alone: UniqueCheck? = UniqueCheck()
  static let placeholders: Set<MessageTemplate.Placeholder> = [.holders]

  let compare: Comparison
  let withinEntry: Bool
  /// Whether white space at the ends is left out.
  let trims: Bool

  private init(compare: Comparison = .text, withinEntry: Bool = false, trims: Bool = false) {
    self.compare = compare
    self.withinEntry = withinEntry
    self.trims = trims
  }

  init?(_ node: RuleNode) {
    if node.leavesOptionsOut {
      self.init()
      return
    }
    guard let options = node.mapping(["compare", "within", "trim"], what: "`unique`") else { return nil }
    let compare = options.optional("compare", default: .text) { $0.choice(Comparison.self) }
    let within = options.optional("within", default: .directory) { $0.choice(Within.self) }
    let trim = options.optional("trim", default: false) { $0.boolean() }
    guard !options.hasMistakes, let compare, let within, let trim else { return nil }
    self.init(compare: compare, withinEntry: within == .entry, trims: trim)
  }

  func words(for rule: Rule) -> String {
    "\(withinEntry ? "two values of one entry" : "two entries") hold the same value (\(RuleWords.comparison(compare))"
      + "\(trims ? ", without white space at the ends" : ""))\(rule.attributes.count > 1 ? " in any of the attributes" : "")"
  }
}

/// `unique`, compiled; its position among the program's is the number of its index.
struct UniqueTest: Sendable {
  @Small var rule: Int
  var objectClasses: UInt64
  /// Number of the filter in `CheckTables.filters`; -1 for none.
  @Small var filter: Int
  /// Its slots, as places in `CompiledRules.uniqueSlots`.
  var slots: Range<Int>
  var condition: TypeCondition
  var compare: Comparison
  var withinEntry: Bool
  var trims: Bool
}

extension Rule {
  /// Whether it is about values that are held more than once.
  public var isAboutUniqueness: Bool { check is UniqueCheck }
}
