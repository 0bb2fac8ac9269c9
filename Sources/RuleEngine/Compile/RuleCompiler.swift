import RuleSet

/// Compiles rules.
struct RuleCompiler {
  private let rules: [RuleSelection.ActiveRule]
  private let options: ProgramOptions
  var draft = CheckDraft()
  /// Unique tests by what they compare.
  var uniqueTestsByValues: [String: Int] = [:]
  var compiled: CompiledRules

  /// Compiles rules; see `RuleProgram`.
  static func compile(
    _ rules: [RuleSelection.ActiveRule], scope: Scope?, options: ProgramOptions
  ) throws(PatternFailure) -> CompiledRules {
    var compiler = RuleCompiler(rules, scope: scope, options: options)
    for position in rules.indices { try compiler.compile(position) }
    return compiler.finished()
  }

  private init(_ rules: [RuleSelection.ActiveRule], scope: Scope?, options: ProgramOptions) {
    self.rules = rules
    self.options = options
    var draft = CheckDraft()
    let slots = (draft.slot("objectClass"), draft.slot("objectGUID"), draft.slot("cn"))
    for rule in rules.map(\.rule) where rule.check is UniqueCheck {
      for attribute in rule.attributes + rule.check.attributes { _ = draft.slot(attribute) }
    }
    let comparedCount = draft.names.all.count
    let scope = CompiledScope(
      scope, options: options, ruleClasses: rules.flatMap { $0.rule.objectClasses + $0.rule.check.objectClasses },
      slot: { draft.slot($0) })
    compiled = CompiledRules(tables: CheckTables(draft.tables, options), scope: scope)
    (compiled.objectClassSlot, compiled.objectGUIDSlot, compiled.commonNameSlot) = slots
    compiled.comparedCount = comparedCount
    self.draft = draft
  }

  /// Adds what follows from all rules together.
  private consuming func finished() -> CompiledRules {
    compiled.identitySlots = ["objectGUID", "objectSid", "sAMAccountName"].map { draft.slot($0) }
    if options.readsChangeTimes { compiled.changeTimeSlot = draft.slot("whenChanged") }
    addHeldAddresses()
    compiled.attributes = draft.names.all
    let positions = Dictionary(rules.enumerated().map { ($1.rule.id, $0) }) { first, _ in first }
    compiled.unless = rules.map { $0.rule.unless.compactMap { positions[$0] } }
    compiled.hasUnless = compiled.unless.contains { !$0.isEmpty }
    if !compiled.rowTests.isEmpty { compiled.comparedCount = compiled.attributes.count }
    compiled.traits = Array(repeating: CompiledRules.SlotTraits(), count: compiled.attributes.count)
    draft.growClasses(compiled.attributes.count)
    compiled.classTables = draft.classTables
    compiled.tables = CheckTables(draft.tables, options)
    compiled.smtpType = compiled.tables.addressTypes.number("smtp".utf8Span.span) ?? .max
    makeLists()
    listByClass()
    return compiled
  }

  /// Where no rule compares addresses, an index of those that entries hold, for suggestions only.
  private mutating func addHeldAddresses() {
    guard rules.contains(where: { $0.rule.suggestion != nil }) else { return }
    let compared = compiled.uniqueTests.filter { $0.compare == .address && !$0.withinEntry && $0.filter < 0 }
    let slots = ["proxyAddresses", "mail", "userPrincipalName"].map { draft.slot($0) }
    guard !compared.contains(where: { Set(compiled.uniqueSlots[$0.slots]).isSuperset(of: slots) }) else { return }
    let first = compiled.uniqueSlots.count
    compiled.uniqueSlots += slots
    compiled.uniqueTests.append(
      UniqueTest(
        rule: UniqueTest.noRule, objectClasses: 0, filter: -1, slots: first..<first + slots.count,
        condition: TypeCondition(), compare: .address, withinEntry: false, trims: true))
  }

  private mutating func compile(_ position: Int) throws(PatternFailure) {
    let rule = rules[position].rule
    let classes = compiled.scope.classes.bits(of: rule.objectClasses)
    let filter = rule.filter.map { draft.add($0) } ?? -1
    let slots = rule.attributes.map { draft.slot($0) }
    if case .set(let from, _)? = rule.suggestion { _ = draft.slot(from) }
    compiled.suggestionExceptions.append(rule.suggestionExcept.map { draft.add($0) } ?? -1)
    let absences = absences(rule, slots)
    if !absences.all.isEmpty { compiled.absences[position] = absences }
    if let check = rule.check as? UniqueCheck {
      addUnique(position, rule, check, classes, filter, slots)
    } else if let check = rule.check as? any RowCheckKind {
      for attribute in rule.attributes {
        let check = check.rowCheck(of: attribute, topLevelDomains: options.topLevelDomains)
        let asked = check.attributes.map { draft.slot($0) }
        compiled.rowTests.append(
          RowTest(
            rule: position, objectClasses: classes, filter: filter, slot: draft.slot(attribute), check: check,
            slots: asked))
      }
    } else if let test = EntryTest.compile(rule.check, &draft) {
      for slot in slots {
        compiled.entryChecks.append(
          EntryCheck(rule: position, objectClasses: classes, filter: filter, slot: slot, test: test))
      }
    } else {
      for slot in slots { try addValueCheck(position, rule, classes, filter, slot) }
    }
  }

  /// What a rule concludes from the lack of attributes: none of it may come from an attribute that was not exported.
  private mutating func absences(_ rule: Rule, _ slots: [Int]) -> CompiledRules.Absences {
    var absences = CompiledRules.Absences()
    absences.required = Set((rule.filter?.absentAttributes ?? []).map { draft.slot($0) })
    absences.denied = Set((rule.filter?.negatedAttributes ?? []).map { draft.slot($0) })
    if let check = rule.check as? ContainedInCheck { absences.judged = [draft.slot(check.attribute)] }
    if let test = EntryTest.compile(rule.check, &draft), test.findsAbsence {
      absences.judged = Set(slots)
      absences.required = absences.denied
    }
    return absences
  }

  private mutating func addValueCheck(
    _ position: Int, _ rule: Rule, _ classes: UInt64, _ filter: Int, _ slot: Int
  ) throws(PatternFailure) {
    let condition = draft.add(rule.when)
    guard let (test, part) = try ValueTest.compile(rule.check, slot, &draft) else { return }
    let followsType = !rule.when.prefixes.isEmpty || !rule.when.exactPrefixes.isEmpty
    compiled.checks.append(
      ValueCheck(
        rule: position, slot: slot, objectClasses: classes, filter: filter, condition: condition,
        part: ValuePart(part: part, followsType: followsType), test: test))
  }

  /// Lists for each slot, address type and shape the checks that such a value has to meet.
  private mutating func makeLists() {
    compiled.checks.sort { ($0.slot, $0.rule) < ($1.slot, $1.rule) }
    for slot in compiled.traits.indices {
      let own = compiled.checks.indices.filter { compiled.checks[$0].slot == slot }
      compiled.traits[slot].hasChecks = !own.isEmpty
      compiled.traits[slot].usesClasses = own.contains { compiled.checks[$0].needsClasses }
      compiled.traits[slot].usesType = own.contains { compiled.checks[$0].needsType }
      compiled.traits[slot].usesAt = own.contains { compiled.checks[$0].needsAt }
      for type in 0..<compiled.tables.addressTypes.count { addLists(own, slot, type) }
    }
  }

  /// Lists for each object class the checks that apply to it.
  private mutating func listByClass() {
    for number in 0...ObjectClasses.other {
      let bit: UInt64 = 1 << UInt64(number)
      let firstEntryCheck = compiled.entryCheckOrder.count
      compiled.entryCheckOrder += compiled.entryChecks.indices.filter {
        compiled.entryChecks[$0].objectClasses & bit != 0
      }
      compiled.classEntryChecks.append(firstEntryCheck..<compiled.entryCheckOrder.count)
      let firstUniqueTest = compiled.uniqueTestOrder.count
      compiled.uniqueTestOrder += compiled.uniqueTests.indices.filter {
        compiled.uniqueTests[$0].objectClasses & bit != 0
      }
      compiled.classUniqueTests.append(firstUniqueTest..<compiled.uniqueTestOrder.count)
      compiled.classHeldTests.append(
        compiled.uniqueTests.indices.filter {
          compiled.uniqueTests[$0].objectClasses & bit == 0 && !compiled.uniqueTests[$0].withinEntry
        })
    }
  }

  private mutating func addLists(_ own: [Int], _ slot: Int, _ type: Int) {
    let tables = compiled.tables
    let met = own.filter { compiled.checks[$0].condition.types >> UInt64(type) & 1 != 0 }
    var sizes: [Int] = []
    for shape in PlainShape.allCases {
      let values = PlainValues(
        shape: shape, type: tables.addressTypes.name(type), hasOtherType: type == ValueShape.other)
      var others: [Int] = []
      var domains: [Int] = []
      var lengths: [Int] = []
      var clearLength = Int.max
      for position in met {
        let check = compiled.checks[position]
        if check.test.own.passesAll(values, check.part, tables) { continue }
        if let length = check.test.own.clearLength(values, check.part, tables) {
          lengths.append(position)
          clearLength = min(clearLength, length)
        } else if check.isOfDomain {
          domains.append(position)
        } else {
          others.append(position)
        }
      }
      let start = UInt32(compiled.order.count)
      compiled.order += (others + domains + lengths).map(UInt32.init)
      compiled.lists.append(
        CompiledRules.CheckList(
          start: start, domains: start + UInt32(others.count), lengths: start + UInt32(others.count + domains.count),
          end: UInt32(compiled.order.count), clearLength: clearLength))
      sizes.append(others.count + domains.count)
    }
    if min(sizes[0], sizes[1]) < sizes[2] { compiled.traits[slot].usesPlain = true }
  }
}
