import RuleSet

extension RuleCompiler {
  /// Adds a rule about values that several hold: to a test of another rule that compares the same, where there is one.
  mutating func addUnique(
    _ position: Int, _ rule: Rule, _ check: UniqueCheck, _ classes: UInt64, _ filter: Int, _ slots: [Int]
  ) {
    let values = check.comparison(of: rule)
    if let known = uniqueTestsByValues[values], compiled.uniqueTests[known].terms >= 0,
      check.holders != nil ? true : !compiled.holderTerms[compiled.uniqueTests[known].terms].hasRest
    {
      addOutcome(rule: position, check, to: known)
      return
    }
    let first = compiled.uniqueSlots.count
    compiled.uniqueSlots += slots
    var test = UniqueTest(
      rule: position, objectClasses: classes, filter: filter, slots: first..<first + slots.count,
      condition: draft.add(rule.when), compare: check.compare, withinEntry: check.withinEntry, trims: check.trims)
    if let standIn = check.standIn {
      test.standInAbsent = draft.slot(standIn.absent)
      test.standInSource = draft.slot(standIn.source)
      test.standInClasses = compiled.scope.classes.bits(of: standIn.objectClasses)
    }
    if !check.withinEntry {
      test.terms = compiled.holderTerms.count
      compiled.holderTerms.append(HolderTerms())
      for joint in check.joinedBy { addJoint(joint, to: test.terms) }
    }
    uniqueTestsByValues[values] = compiled.uniqueTests.count
    compiled.uniqueTests.append(test)
    if test.terms >= 0 { addOutcome(rule: position, check, to: compiled.uniqueTests.count - 1) }
  }

  private mutating func addJoint(_ joint: HolderJoint, to terms: Int) {
    var added = CompiledJoint(
      slot: draft.slot(joint.attribute), objectClasses: compiled.scope.classes.bits(of: joint.objectClasses),
      isExact: joint.compare == .exact)
    if let instead = joint.instead {
      added.insteadSlot = draft.slot(instead.attribute)
      added.insteadFilter = draft.add(instead.filter)
    }
    let place = compiled.joints.firstIndex(of: added) ?? compiled.joints.count
    guard place < CompiledJoint.most else { return }
    if place == compiled.joints.count { compiled.joints.append(added) }
    compiled.holderTerms[terms].joints.append(place)
  }

  private mutating func addOutcome(rule: Int, _ check: UniqueCheck, to number: Int) {
    let test = compiled.uniqueTests[number]
    var outcome = HolderTerms.Outcome(rule: rule, demands: nil, mostOthers: .max, ownKinds: 0)
    if let condition = check.holders {
      var demands: [HolderTerms.Demand] = []
      for kind in condition.kinds where compiled.holderTerms[test.terms].kinds.count < HolderTerms.mostKinds {
        let place = compiled.holderTerms[test.terms].kinds.count
        compiled.holderTerms[test.terms].kinds.append(compile(kind, test))
        outcome.ownKinds |= 1 << UInt32(place)
        demands.append(HolderTerms.Demand(kind: place, numbers: kind.least...max(kind.least, kind.most ?? .max)))
      }
      outcome.demands = demands
      outcome.mostOthers = condition.mostOthers ?? .max
    }
    compiled.holderTerms[test.terms].add(outcome)
  }

  private mutating func compile(_ kind: HolderCondition.Kind, _ test: UniqueTest) -> HolderTerms.Kind {
    var attributes: UInt32 = 0
    for name in kind.attributes {
      let slot = draft.slot(name)
      if let place = compiled.uniqueSlots[test.slots].firstIndex(of: slot) {
        attributes |= 1 << UInt32(place - test.slots.lowerBound)
      } else {
        attributes |= slot == test.standInSource ? HolderTerms.standInBit : HolderTerms.neverBit
      }
    }
    return HolderTerms.Kind(
      objectClasses: compiled.scope.classes.bits(of: kind.objectClasses), attributes: attributes,
      isOnlyThere: kind.isOnlyThere,
      exactTypes: kind.exactPrefixes.isEmpty ? nil : draft.add(exactTypes: kind.exactPrefixes),
      filter: kind.filter.map { draft.add($0) } ?? -1)
  }
}
