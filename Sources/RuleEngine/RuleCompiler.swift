import Directory
import Findings
import RuleSet

/// Compiles rules: what becomes a `RuleProgram`, while it is made.
struct RuleCompiler {
  private let rules: [RuleSelection.ActiveRule]
  private let options: RuleProgram.Options
  private(set) var names = AttributeNames()
  private(set) var comparedCount: Int
  private(set) var traits: [RuleProgram.SlotTraits] = []
  private(set) var checks: [ValueCheck] = []
  private(set) var plans: [RuleProgram.Plan] = []
  private(set) var order: [UInt32] = []
  private(set) var classTables: [UInt32] = []
  private(set) var entryChecks: [EntryCheck] = []
  private(set) var uniqueChecks: [UniqueCheck] = []
  private(set) var uniqueSlots: [Int] = []
  private(set) var entryCheckOrder: [Int] = []
  private(set) var uniqueCheckOrder: [Int] = []
  private(set) var classEntryChecks: [Range<Int>] = []
  private(set) var classUniqueChecks: [Range<Int>] = []
  private(set) var stepChecks: [StepCheck] = []
  private(set) var holderTerms: [HolderTerms] = []
  private(set) var joints: [CompiledJoint] = []
  private(set) var suggestionExceptions: [Int] = []
  /// Unique checks by what they compare.
  private var uniqueChecksByValues: [String: Int] = [:]
  private(set) var addressTypes = NamePool()
  /// The tables while rules are compiled; empty afterwards.
  private var draft = CheckTables.Draft()
  private(set) var tables: CheckTables
  let scope: CompiledScope
  let objectClassSlot: Int
  let objectGUIDSlot: Int
  let commonNameSlot: Int
  private(set) var changeTimeSlot = -1
  /// Compiled patterns by text.
  private var patterns: [String: Int] = [:]

  /// Compiles rules; see `RuleProgram`.
  init(rules: [RuleSelection.ActiveRule], scope: Scope?, options: RuleProgram.Options) throws(PatternFailure) {
    self.rules = rules
    self.options = options
    objectClassSlot = names.slot("objectClass")
    objectGUIDSlot = names.slot("objectGUID")
    commonNameSlot = names.slot("cn")
    for rule in rules.map(\.rule) {
      if case .unique(let test) = rule.check {
        for attribute in rule.attributes + test.attributes { _ = names.slot(attribute) }
      }
    }
    comparedCount = names.all.count
    tables = CheckTables(draft, options)
    self.scope = CompiledScope(
      scope, options: options, ruleClasses: rules.flatMap { $0.rule.objectClasses + $0.rule.holderClasses },
      names: &names)
    for position in rules.indices { try compile(position) }
    if options.readsChangeTimes { changeTimeSlot = names.slot("whenChanged") }
    if !stepChecks.isEmpty { comparedCount = names.all.count }
    addSlots(names.all.count)
    tables = CheckTables(draft, options)
    draft = CheckTables.Draft()
    makePlans()
    listByClass()
  }

  private mutating func compile(_ position: Int) throws(PatternFailure) {
    let rule = rules[position].rule
    let filter = rule.filter.map { filter in draft.filters.add(filter) { names.slot($0) } }
    let reach = Reach(
      rule: position, objectClasses: scope.classes.bits(of: rule.objectClasses), filter: filter ?? -1,
      slots: rule.attributes.map { names.slot($0) })
    if case .set(let from, _)? = rule.suggestion { _ = names.slot(from) }
    suggestionExceptions.append(
      rule.suggestionExcept.map { filter in draft.filters.add(filter) { names.slot($0) } } ?? -1)
    addSlots(names.all.count)
    switch rule.check {
    case .present: for slot in reach.slots { entryChecks.append(EntryCheck(reach, slot, .present)) }
    case .absent: for slot in reach.slots { entryChecks.append(EntryCheck(reach, slot, .absent)) }
    case .count(let condition, let min, let max):
      let kind = EntryCheck.Kind.count(
        condition: compile(condition), min: Int32(clamping: min ?? 0), max: Int32(clamping: max ?? .max))
      for slot in reach.slots { entryChecks.append(EntryCheck(reach, slot, kind)) }
    case .unique(let test): addUnique(rule, reach, test)
    case .steps(let steps):
      for attribute in rule.attributes {
        stepChecks.append(
          StepCheck(reach, steps, attribute: attribute, names: &names, topLevelDomains: options.topLevelDomains))
      }
    default:
      for slot in reach.slots { try addValueCheck(rule, reach, slot) }
    }
  }

  private mutating func addValueCheck(
    _ rule: Rule, _ reach: Reach, _ slot: Int
  ) throws(PatternFailure) {
    var check = ValueCheck(rule: reach.rule, kind: .notBlank, objectClasses: reach.objectClasses)
    check.filter = reach.filter
    let condition = compile(rule.when)
    check.types = condition.types
    check.exactTypes = condition.exactTypes
    check.addressFollowsType = !rule.when.prefixes.isEmpty || !rule.when.exactPrefixes.isEmpty
    switch rule.check {
    case .characters(let part, let position, let set):
      check.kind = .characters
      check.part = part
      check.position = position
      check.table = draft.matchers.count
      draft.matchers.append(CharacterMatcher(set))
      check.classBit = addClass(draft.matchers[check.table], slot)
    case .sequence(let part, let forbidden, let isCaseSensitive):
      check.kind = .sequence
      check.part = part
      check.flag = isCaseSensitive
      check.table = add(texts: forbidden, folds: !isCaseSensitive)
    case .occurrences(let part, let of, let min, let max):
      check.kind = .occurrences
      check.part = part
      check.table = add(texts: [of], folds: false)
      check.minimum = min ?? 0
      check.maximum = max ?? .max
    case .length(let part, let unit, let min, let max):
      check.kind = .length
      check.part = part
      check.flag = unit == .bytes
      check.minimum = min ?? 0
      check.maximum = max ?? .max
    case .notBlank:
      check.kind = .notBlank
    case .pattern(let part, let pattern, let mustMatch, let isCaseSensitive):
      check.kind = .pattern
      check.part = part
      check.flag = mustMatch
      check.table = try add(pattern: pattern, isCaseSensitive)
    case .addressType(let required, let known, let refused):
      check.kind = .addressType
      check.flag = required
      if let known { check.table = add(texts: known, folds: true) }
      if !refused.isEmpty { check.secondTable = add(texts: refused, folds: true) }
    case .domain(let part, let test, let except, let nameIn):
      check.kind = .domain
      if let nameIn {
        check.nameSlot = names.slot(nameIn)
        addSlots(names.all.count)
      }
      check.part = part
      if !except.isEmpty { check.secondTable = add(texts: except, folds: true) }
      switch test {
      case .routable: check.domainTest = .routable
      case .verified: check.domainTest = .verified
      case .refused(let suffixes):
        check.domainTest = .refused
        check.table = add(texts: suffixes, folds: true)
      }
    case .oneOf(let values, let isCaseSensitive):
      check.kind = .oneOf
      check.flag = isCaseSensitive
      check.table = add(texts: values, folds: !isCaseSensitive)
    case .number(let min, let max, let allOfBits, let noneOfBits):
      check.kind = .number
      check.table = draft.numbers.count
      draft.numbers.append(
        NumberLimits(
          lowest: min ?? .min, highest: max ?? .max, allOfBits: allOfBits ?? 0, noneOfBits: noneOfBits ?? 0))
    case .containedIn(let attribute, let compare, let exactPrefix):
      check.kind = .containedIn
      check.otherSlot = names.slot(attribute)
      check.compare = compare
      if let exactPrefix { check.secondTable = draft.exactTypes.add([exactPrefix]) }
      addSlots(names.all.count)
    case .present, .absent, .count, .unique, .steps:
      return
    }
    check.slot = slot
    checks.append(check)
  }

  // MARK: - Uniqueness

  private mutating func addUnique(_ rule: Rule, _ reach: Reach, _ test: UniqueTest) {
    let values = Self.values(rule, test)
    if let known = uniqueChecksByValues[values], uniqueChecks[known].terms >= 0,
      test.holders != nil ? true : !holderTerms[uniqueChecks[known].terms].hasRest
    {
      addOutcome(rule: reach.rule, test, to: known)
      return
    }
    var check = UniqueCheck(
      rule: reach.rule, objectClasses: reach.objectClasses, filter: reach.filter, firstSlot: uniqueSlots.count,
      slotCount: reach.slots.count, condition: compile(rule.when), compare: test.compare,
      withinEntry: test.withinEntry, trims: test.trim)
    uniqueSlots += reach.slots
    if let standIn = test.standIn {
      check.standInAbsent = names.slot(standIn.absent)
      check.standInSource = names.slot(standIn.source)
      check.standInClasses = scope.classes.bits(of: standIn.objectClasses)
    }
    if !test.withinEntry {
      check.terms = holderTerms.count
      holderTerms.append(HolderTerms())
      for joint in test.joinedBy {
        let compiled = CompiledJoint(
          slot: names.slot(joint.attribute), objectClasses: scope.classes.bits(of: joint.objectClasses),
          isExact: joint.compare == .exact)
        let place = joints.firstIndex(of: compiled) ?? joints.count
        guard place < CompiledJoint.most else { continue }
        if place == joints.count { joints.append(compiled) }
        holderTerms[check.terms].joints.append(place)
      }
    }
    uniqueChecksByValues[values] = uniqueChecks.count
    uniqueChecks.append(check)
    if check.terms >= 0 { addOutcome(rule: reach.rule, test, to: uniqueChecks.count - 1) }
  }

  /// What a rule compares: equal for rules that can share an index.
  private static func values(_ rule: Rule, _ test: UniqueTest) -> String {
    var shared = test
    shared.holders = nil
    return
      "\(rule.attributes.map { $0.lowercased() }) \(rule.objectClasses) \(rule.filter?.description ?? "") \(rule.when) \(shared)"
  }

  private mutating func addOutcome(rule: Int, _ test: UniqueTest, to number: Int) {
    let check = uniqueChecks[number]
    var outcome = HolderTerms.Outcome(rule: rule, demands: nil, mostOthers: .max, ownKinds: 0)
    if let condition = test.holders {
      var demands: [HolderTerms.Demand] = []
      for kind in condition.kinds where holderTerms[check.terms].kinds.count < HolderTerms.mostKinds {
        let place = holderTerms[check.terms].kinds.count
        holderTerms[check.terms].kinds.append(compile(kind, check))
        outcome.ownKinds |= 1 << UInt32(place)
        demands.append(
          HolderTerms.Demand(kind: place, numbers: kind.least...max(kind.least, kind.most ?? .max)))
      }
      outcome.demands = demands
      outcome.mostOthers = condition.mostOthers ?? .max
    }
    holderTerms[check.terms].add(outcome)
  }

  private mutating func compile(_ kind: HolderCondition.Kind, _ check: UniqueCheck) -> HolderTerms.Kind {
    var attributes: UInt32 = 0
    for name in kind.attributes {
      let slot = names.slot(name)
      if let place = uniqueSlots[check.slots].firstIndex(of: slot) {
        attributes |= 1 << UInt32(place - check.firstSlot)
      } else {
        attributes |= slot == check.standInSource ? HolderTerms.standInBit : HolderTerms.neverBit
      }
    }
    let filter = kind.filter.map { filter in draft.filters.add(filter) { names.slot($0) } }
    return HolderTerms.Kind(
      objectClasses: scope.classes.bits(of: kind.objectClasses), attributes: attributes,
      isOnlyThere: kind.isOnlyThere,
      exactTypes: kind.exactPrefixes.isEmpty ? -1 : draft.exactTypes.add(kind.exactPrefixes),
      filter: filter ?? -1)
  }

  private mutating func addSlots(_ count: Int) {
    while traits.count < count {
      traits.append(RuleProgram.SlotTraits())
      classTables += Array(repeating: 0, count: 256)
    }
  }

  private mutating func add(texts: [String], folds: Bool) -> Int {
    draft.texts.append(
      texts.map { text in
        let bytes = Array(text.utf8)
        return folds ? TextFold.fold(bytes.span) : bytes
      })
    return draft.texts.count - 1
  }

  /// Compiles a pattern, once for all rules that have it.
  private mutating func add(pattern: String, _ isCaseSensitive: Bool) throws(PatternFailure) -> Int {
    let key = (isCaseSensitive ? "=" : "~") + pattern
    if let known = patterns[key] { return known }
    draft.automata.append(try PatternAutomaton(pattern, isCaseSensitive: isCaseSensitive))
    patterns[key] = draft.automata.count - 1
    return draft.automata.count - 1
  }

  /// Numbers a character set in its slot; a slot's 32nd set and all further ones share a bit, which stays sound
  /// because a set bit only asks for a closer look.
  private mutating func addClass(_ matcher: CharacterMatcher, _ slot: Int) -> UInt32 {
    let taken = checks.filter { $0.slot == slot && $0.kind == .characters }.count
    let bit: UInt32 = 1 << UInt32(min(taken, 31))
    for byte in 0..<256 where matcher.mayFlag(UInt8(byte)) { classTables[slot * 256 + byte] |= bit }
    return bit
  }

  private mutating func compile(_ condition: ValueCondition) -> TypeCondition {
    var compiled = TypeCondition()
    if !condition.prefixes.isEmpty {
      compiled.types = condition.prefixes.reduce(0) { $0 | 1 << UInt64(type(of: $1)) }
    }
    for type in condition.excludedPrefixes { compiled.types &= ~(1 << UInt64(self.type(of: type))) }
    if !condition.exactPrefixes.isEmpty {
      compiled.types &= condition.exactPrefixes.reduce(0) { $0 | 1 << UInt64(type(of: $1.lowercased())) }
      compiled.exactTypes = draft.exactTypes.add(condition.exactPrefixes)
    }
    return compiled
  }

  /// The number of an address type; beyond 61 different ones, further types count as `other`.
  private mutating func type(of name: String) -> UInt8 {
    let bytes = Array(name.lowercased().utf8)
    if let known = addressTypes.number(bytes.span) { return UInt8(known + 2) }
    guard addressTypes.count < 61 else { return ValueShape.other }
    addressTypes.add(bytes)
    return UInt8(addressTypes.count + 1)
  }

  /// Lists for each slot, address type and shape the checks that such a value has to meet.
  private mutating func makePlans() {
    checks.sort { ($0.slot, $0.rule) < ($1.slot, $1.rule) }
    for slot in traits.indices {
      let own = checks.indices.filter { checks[$0].slot == slot }
      traits[slot].hasChecks = !own.isEmpty
      traits[slot].usesClasses = own.contains { checks[$0].kind == .characters }
      traits[slot].usesType = own.contains { checks[$0].needsType }
      traits[slot].usesAt = own.contains { checks[$0].part == .localPart || checks[$0].part == .domain }
      for type in 0..<addressTypes.count + 2 { addPlans(own, slot, type) }
    }
  }

  /// Lists for each object class the checks that apply to it.
  private mutating func listByClass() {
    for number in 0...ObjectClasses.other {
      let bit: UInt64 = 1 << UInt64(number)
      let firstEntryCheck = entryCheckOrder.count
      entryCheckOrder += entryChecks.indices.filter { entryChecks[$0].objectClasses & bit != 0 }
      classEntryChecks.append(firstEntryCheck..<entryCheckOrder.count)
      let firstUniqueCheck = uniqueCheckOrder.count
      uniqueCheckOrder += uniqueChecks.indices.filter { uniqueChecks[$0].objectClasses & bit != 0 }
      classUniqueChecks.append(firstUniqueCheck..<uniqueCheckOrder.count)
    }
  }

  private mutating func addPlans(_ own: [Int], _ slot: Int, _ type: Int) {
    let met = own.filter { checks[$0].types >> UInt64(type) & 1 != 0 }
    let proof = PlainProof(
      tables: tables, type: type >= 2 ? addressTypes[type - 2] : nil, hasOtherType: type == ValueShape.other)
    var sizes: [Int] = []
    for shape in PlainShape.allCases {
      let left = met.filter { !proof.passes(checks[$0], shape) }
      let limits = Dictionary(
        uniqueKeysWithValues: left.compactMap { position in
          clearLength(of: checks[position], shape, proof).map { (position, $0) }
        })
      let lengths = left.filter { limits[$0] != nil }
      let domains = left.filter { checks[$0].kind == .domain && checks[$0].part == .domain }
      let others = left.filter { limits[$0] == nil && !domains.contains($0) }
      let start = UInt32(order.count)
      order += (others + domains + lengths).map(UInt32.init)
      plans.append(
        RuleProgram.Plan(
          start: start, domains: start + UInt32(others.count), lengths: start + UInt32(others.count + domains.count),
          end: UInt32(order.count), clearLength: limits.values.min() ?? .max))
      sizes.append(others.count + domains.count)
    }
    if min(sizes[0], sizes[1]) < sizes[2] { traits[slot].usesPlain = true }
  }

  /// The number of bytes up to which no value of a shape fails a check; nil when there is none worth looking at.
  private func clearLength(of check: ValueCheck, _ shape: PlainShape, _ proof: PlainProof) -> Int? {
    if check.kind == .length { return proof.isLongEnough(check, shape) ? check.maximum : nil }
    // What is too short to match a forbidden pattern passes it.
    guard check.kind == .pattern, !check.flag, tables.automata[check.table].shortest > Self.longLength else {
      return nil
    }
    return tables.automata[check.table].shortest - 1
  }

  /// Values are often longer than a pattern that matches fewer bytes.
  private static let longLength = 48
}

/// Numbers attributes in the order in which they are first named, ignoring case.
struct AttributeNames {
  private(set) var all: [String] = []
  private var slots: [String: Int] = [:]

  /// The slot of an attribute. Options of a description are left out: a table of attributes would number its type, too,
  /// and all that follow would have the numbers of others.
  mutating func slot(_ description: String) -> Int {
    let name = description.split(separator: ";", maxSplits: 1).first.map(String.init) ?? description
    let key = name.lowercased()
    if let slot = slots[key] { return slot }
    slots[key] = all.count
    all.append(name)
    return all.count - 1
  }
}

/// Where a rule applies.
struct Reach: Sendable {
  var rule: Int
  var objectClasses: UInt64
  var filter: Int
  var slots: [Int]
}
