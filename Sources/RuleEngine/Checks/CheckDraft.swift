import RuleSet

/// What a check can ask for while it is compiled: slots of attributes, and places in the tables of all checks.
struct CheckDraft: Sendable {
  private(set) var names = AttributeNames()
  private(set) var tables = CheckTables.Draft()
  /// By slot and byte (`slot * 256 + byte`): which of the slot's character sets may flag the byte.
  private(set) var classTables: [UInt32] = []
  /// By slot: the number of its character sets.
  private var classCounts: [Int] = []

  /// The slot of an attribute.
  mutating func slot(_ attribute: String) -> Int { names.slot(attribute) }

  mutating func add(_ matcher: CharacterMatcher) -> CheckTables.Matcher { tables.add(matcher) }

  mutating func add(_ limits: NumberLimits) -> CheckTables.Numbers { tables.add(limits) }

  mutating func add(_ texts: [String], folds: Bool) -> CheckTables.Texts { tables.add(texts, folds: folds) }

  mutating func add(exactTypes: [String]) -> ExactTypes.List { tables.exactTypes.add(exactTypes) }

  mutating func add(_ condition: ValueCondition) -> TypeCondition { tables.add(condition) }

  mutating func add(pattern: String, _ isCaseSensitive: Bool) throws(PatternFailure) -> CheckTables.Automaton {
    try tables.add(pattern: pattern, isCaseSensitive)
  }

  /// Adds a filter.
  ///
  /// - Returns: its number.
  mutating func add(_ filter: Filter) -> Int { tables.filters.add(filter) { names.slot($0) } }

  /// Numbers a character set in its slot; a slot's 32nd set and all further ones share a bit, which stays sound
  /// because a set bit only asks for a closer look.
  mutating func addClass(_ matcher: CharacterMatcher, slot: Int) -> UInt32 {
    growClasses(slot + 1)
    let bit: UInt32 = 1 << UInt32(min(classCounts[slot], 31))
    classCounts[slot] += 1
    for byte in 0..<256 where matcher.mayFlag(UInt8(byte)) { classTables[slot * 256 + byte] |= bit }
    return bit
  }

  /// Makes tables of classes for so many slots.
  mutating func growClasses(_ slots: Int) {
    while classCounts.count < slots {
      classCounts.append(0)
      classTables += Array(repeating: 0, count: 256)
    }
  }
}
