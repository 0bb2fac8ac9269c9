/// Rules compiled to plain data, as `RuleCompiler` makes it and `RuleProgram` shares it.
struct CompiledRules: Sendable {
  /// What the checks of one slot need to know of a value.
  struct SlotTraits: Sendable {
    var hasChecks = false
    /// Whether any check tells address types or parts around them apart.
    var usesType = false
    /// Whether any check looks at parts around the last `@`.
    var usesAt = false
    /// Whether words and addresses meet fewer checks than other text.
    var usesPlain = false
    /// Whether any check needs the union of character classes.
    var usesClasses = false
  }

  /// The checks that a value of some slot, address type and shape has to meet, as places in `order`.
  struct CheckList: BitwiseCopyable, Sendable {
    /// Checks that look at more than the length or the domain.
    var start: UInt32
    /// Checks of the domain behind the last `@`.
    var domains: UInt32
    /// Checks that no value of at most `clearLength` bytes fails.
    var lengths: UInt32
    var end: UInt32
    var clearLength: Int
  }

  /// Names of the attributes that rules, filters and findings need, in slot order.
  var attributes: [String] = []
  /// How many of the attributes, the first ones, are needed of an entry to verify what it has in common with others.
  var comparedCount = 0
  /// By slot.
  var traits: [SlotTraits] = []
  /// All value checks; those of a slot are adjacent.
  var checks: [ValueCheck] = []
  /// By slot, address type and shape: which checks such a value has to meet.
  var lists: [CheckList] = []
  /// Positions of checks, list by list.
  var order: [UInt32] = []
  /// By slot and byte (`slot * 256 + byte`): which of the slot's character sets may flag the byte.
  var classTables: [UInt32] = []
  var entryChecks: [EntryCheck] = []
  var uniqueTests: [UniqueTest] = []
  /// Slots of unique tests, in the order in which the rule names them.
  var uniqueSlots: [Int] = []
  /// Positions in `entryChecks` and `uniqueTests`, class by class, and by class where they are.
  var entryCheckOrder: [Int] = []
  var uniqueTestOrder: [Int] = []
  var classEntryChecks: [Range<Int>] = []
  var classUniqueTests: [Range<Int>] = []
  /// By class: positions of the unique tests that are not about it, whose values no suggestion may be all the same.
  var classHeldTests: [[Int]] = []
  var rowTests: [RowTest] = []
  /// What unique tests ask of the holders of a value.
  var holderTerms: [HolderTerms] = []
  /// Attributes by which entries are joined.
  var joints: [CompiledJoint] = []
  /// By rule: positions of rules whose finding on the same value takes the place of its own.
  var unless: [[Int]] = []
  var hasUnless = false
  /// By rule: number of a filter for entries that get no suggestion; -1 for none.
  var suggestionExceptions: [Int] = []
  /// What rules conclude from the lack of attributes, by their numbers.
  var absences: [Int: Absences] = [:]
  /// Slots of the attributes by which an object of Active Directory is known.
  var identitySlots: [Int] = []
  var tables: CheckTables
  var scope: CompiledScope
  /// The address type `smtp`; none of the values' types when no condition names it.
  var smtpType = UInt8.max
  /// Slots of attributes that the engine itself reads.
  var objectClassSlot = 0
  var objectGUIDSlot = 0
  var commonNameSlot = 0
  /// Slot of `whenChanged` where it is read, else -1.
  var changeTimeSlot = -1

  /// The attributes, by their slots, from whose lack a rule concludes something.
  struct Absences: Sendable {
    /// Those whose lack it finds fault with: a directory that cannot have them is not at fault.
    var judged: Set<Int> = []
    /// Those that its filter wants to be absent.
    var required: Set<Int> = []
    /// Those whose lack lets its filter match, whatever of them it denies.
    var denied: Set<Int> = []

    var all: Set<Int> { judged.union(required).union(denied) }
  }

  /// Whether any check asks for a public top-level domain.
  var judgesTopLevelDomains: Bool {
    checks.contains { if case .domain(let test) = $0.test, case .routable = test.test { true } else { false } }
  }

  /// The slot of an attribute; nil for one that nothing needs.
  func slot(_ name: String) -> Int? {
    let name = name.lowercased()
    return attributes.firstIndex { $0.lowercased() == name }
  }
}
