import Directory
import Findings
import RuleSet

/// A selection of rules compiled for evaluation: immutable, shared by all threads.
///
/// A class, because the compiler makes a copy of a large struct for the time of many a call.
public final class RuleProgram: Sendable {
  /// What the command line adds to the rules.
  public struct Options: Sendable {
    /// Domains that count as routable.
    public var topLevelDomains: TopLevelDomains
    /// The tenant's domains; nil when they are not known.
    public var verifiedDomains: VerifiedDomains?
    /// How suggestions spell letters with diacritics.
    public var transliteration: Transliteration
    /// Lints entries that the scope leaves out, too.
    public var includesOutOfScope = false
    /// Only entries at or below one of these DNs; empty stands for all.
    public var bases: [[UInt8]] = []
    /// No entries at or below one of these DNs.
    public var excludedBases: [[UInt8]] = []
    /// Only entries that match.
    public var filter: Filter?
    /// Now, in seconds since 1970, by which lists are told that are out of date; nil looks for none.
    public var now: Int?
    /// Looks for the newest `whenChanged`, by which the age of an export is told.
    public var readsChangeTimes = false

    /// Options; see the properties.
    public init(
      topLevelDomains: TopLevelDomains, verifiedDomains: VerifiedDomains?, transliteration: Transliteration
    ) {
      self.topLevelDomains = topLevelDomains
      self.verifiedDomains = verifiedDomains
      self.transliteration = transliteration
    }
  }

  /// Names of the attributes that rules, filters and findings need, in slot order.
  public let attributes: [String]
  /// How many of the attributes, the first ones, are needed of an entry to verify what it has in common with others.
  public let comparedCount: Int
  /// The active rules, in the order in which an entry's findings are reported.
  public let rules: [RuleSelection.ActiveRule]
  /// Position of each rule in `rules`, by id.
  let positions: [String: Int]
  /// What a finding repeats of its rule: apart from the rules, which are large; a class, so that it is handed on as one word.
  final class RuleHead: Sendable {
    let finding: PackedFinding.Head
    let message: CompiledMessage
    /// The other attribute of `contained-in`; empty for other checks.
    let otherAttribute: String
    let hasSuggestion: Bool

    init(_ active: RuleSelection.ActiveRule) {
      finding = PackedFinding.Head(
        rule: active.rule.id, severity: active.severity, effect: active.rule.effect, certainty: active.rule.certainty,
        labels: [active.rule.idfixError])
      message = CompiledMessage(active.rule.message)
      otherAttribute = if case .containedIn(let attribute, _, _) = active.rule.check { attribute } else { "" }
      hasSuggestion = active.rule.suggestion != nil
    }
  }

  /// By position of the rule.
  let heads: [RuleHead]
  let options: Options

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
  struct Plan: Sendable {
    /// Checks that look at more than the length or the domain.
    var start: UInt32
    /// Checks of the domain behind the last `@`.
    var domains: UInt32
    /// Checks that no value of at most `clearLength` bytes fails.
    var lengths: UInt32
    var end: UInt32
    var clearLength: Int
  }

  let traits: [SlotTraits]
  /// All value checks; those of a slot are adjacent.
  let checks: [ValueCheck]
  /// By slot, address type and shape: which checks such a value has to meet.
  let plans: [Plan]
  /// Positions of checks, listed plan by plan.
  let order: [UInt32]
  /// By slot and byte (`slot * 256 + byte`): which of the slot's character sets may flag the byte.
  let classTables: [UInt32]
  let entryChecks: [EntryCheck]
  let uniqueChecks: [UniqueCheck]
  /// Slots of unique checks, in the order in which the rule names them.
  let uniqueSlots: [Int]
  /// Positions in `entryChecks` and `uniqueChecks`, class by class, and by class where they are.
  let entryCheckOrder: [Int]
  let uniqueCheckOrder: [Int]
  let classEntryChecks: [Range<Int>]
  let classUniqueChecks: [Range<Int>]
  /// The address type `smtp`; none of the values' types when no condition names it.
  let smtpType: UInt8
  let stepChecks: [StepCheck]
  /// What unique checks ask of the holders of a value.
  let holderTerms: [HolderTerms]
  /// Attributes by which entries are joined.
  let joints: [CompiledJoint]
  /// By rule: positions of rules whose finding on the same value takes the place of its own.
  let unless: [[Int]]
  let hasUnless: Bool
  /// By rule: number of a filter for entries that get no suggestion; -1 for none.
  let suggestionExceptions: [Int]
  let tables: CheckTables
  let scope: CompiledScope
  /// Address types that conditions name, in lower case; position plus two is the `ValueShape.type`.
  let addressTypes: NamePool
  /// Slots of attributes that the engine itself reads.
  let objectClassSlot: Int
  let objectGUIDSlot: Int
  let commonNameSlot: Int
  /// Slot of `whenChanged` where it is read, else -1.
  let changeTimeSlot: Int

  /// Compiles rules.
  ///
  /// - Parameters:
  ///   - rules: the active rules.
  ///   - scope: which entries synchronization takes; nil judges every entry.
  ///   - options: what the command line adds.
  public init(rules: [RuleSelection.ActiveRule], scope: Scope?, options: Options) throws(PatternFailure) {
    let compiler = try RuleCompiler(rules: rules, scope: scope, options: options)
    self.rules = rules
    self.options = options
    self.scope = compiler.scope
    heads = rules.map(RuleHead.init)
    rulesByAttribute = Self.byAttribute(rules)
    positions = Dictionary(rules.enumerated().map { ($1.rule.id, $0) }, uniquingKeysWith: { first, _ in first })
    attributes = compiler.names.all
    comparedCount = compiler.comparedCount
    traits = compiler.traits
    checks = compiler.checks
    plans = compiler.plans
    order = compiler.order
    classTables = compiler.classTables
    entryChecks = compiler.entryChecks
    uniqueChecks = compiler.uniqueChecks
    uniqueSlots = compiler.uniqueSlots
    entryCheckOrder = compiler.entryCheckOrder
    uniqueCheckOrder = compiler.uniqueCheckOrder
    classEntryChecks = compiler.classEntryChecks
    classUniqueChecks = compiler.classUniqueChecks
    smtpType = compiler.addressTypes.number(Array("smtp".utf8).span).map { UInt8($0 + 2) } ?? .max
    stepChecks = compiler.stepChecks
    holderTerms = compiler.holderTerms
    joints = compiler.joints
    let places = positions
    unless = rules.map { $0.rule.unless.compactMap { places[$0] } }
    hasUnless = unless.contains { !$0.isEmpty }
    suggestionExceptions = compiler.suggestionExceptions
    tables = compiler.tables
    addressTypes = compiler.addressTypes
    objectClassSlot = compiler.objectClassSlot
    objectGUIDSlot = compiler.objectGUIDSlot
    commonNameSlot = compiler.commonNameSlot
    changeTimeSlot = compiler.changeTimeSlot
  }

  /// Number of address types, counting those without a name.
  var typeCount: Int { addressTypes.count + 2 }

  /// Whether any check asks for a public top-level domain.
  var judgesTopLevelDomains: Bool { checks.contains { $0.kind == .domain && $0.domainTest == .routable } }

  /// Whether a run has to read entries again, to verify what several entries hold.
  public var comparesEntries: Bool {
    uniqueChecks.contains { !$0.withinEntry } || stepChecks.contains { $0.chain.hasKey }
  }

  /// Ids of the rules that look at an attribute, by its name in lower case.
  public let rulesByAttribute: [String: [String]]

  /// Ids of the rules that look at an attribute.
  public func rules(reading attribute: String) -> [String] { rulesByAttribute[attribute.lowercased()] ?? [] }

  private static func byAttribute(_ rules: [RuleSelection.ActiveRule]) -> [String: [String]] {
    var ids: [String: [String]] = [:]
    for rule in rules.map(\.rule) {
      for name in Set(rule.neededAttributes.map { $0.lowercased() }) { ids[name, default: []].append(rule.id) }
    }
    return ids
  }

  /// The address type number of a value's prefix.
  @inline(__always)
  func addressType(_ value: Span<UInt8>, colon: Int) -> UInt8 {
    guard colon >= 0 else { return ValueShape.none }
    // Nothing before a colon is no type that has a name, and no value without a colon either.
    if colon > 0, let number = addressTypes.number(value.extracting(0..<colon)) {
      return UInt8(truncatingIfNeeded: number &+ 2)
    }
    return ValueShape.other
  }
}

/// A compiled `when`.
struct TypeCondition: Sendable {
  var types: UInt64 = .max
  @Small var exactTypes = -1
}

/// A check on the entry as a whole.
struct EntryCheck: Sendable {
  enum Kind: Sendable {
    case present, absent
    case count(condition: TypeCondition, min: Int32, max: Int32)
  }
  @Small var rule: Int
  var objectClasses: UInt64
  @Small var filter: Int
  @Small var slot: Int
  var kind: Kind

  init(_ reach: Reach, _ slot: Int, _ kind: Kind) {
    rule = reach.rule
    objectClasses = reach.objectClasses
    filter = reach.filter
    self.slot = slot
    self.kind = kind
  }
}

extension UniqueCheck {
  /// Its slots, as places in `RuleProgram.uniqueSlots`.
  var slots: Range<Int> { firstSlot..<firstSlot + slotCount }
}

/// A uniqueness rule; its position among the program's is the number of its index.
struct UniqueCheck: Sendable {
  @Small var rule: Int
  var objectClasses: UInt64
  @Small var filter: Int
  /// Its slots, as places in `RuleProgram.uniqueSlots`.
  @Small var firstSlot: Int
  @Small var slotCount: Int
  var condition: TypeCondition
  var compare: Comparison
  var withinEntry: Bool
  var trims: Bool
  /// What it asks of holders, as a position in `RuleProgram.holderTerms`; -1 for nothing.
  @Small var terms = -1
  /// Slot of an attribute for whose absence another stands in; -1 for none.
  @Small var standInAbsent = -1
  @Small var standInSource = -1
  var standInClasses: UInt64 = 0
}
