import RuleSet

extension StepChain {
  /// Whether a value passes every step, whatever other entries hold. Allocates nothing when it does.
  func passes(_ value: Span<UInt8>, of entry: some StepEntry) -> Bool {
    let shape = StepShape(value)
    for index in shortcuts.indices where !shortcuts[index].surelyPasses(value, shape, address) {
      if fails(links[index].test, value) && holds(links[index].condition, value, entry) { return false }
    }
    return true
  }

  /// Whether a value that passes every step must be unique; its key is then `appendKey` of the value itself.
  func isUnique(_ value: Span<UInt8>, of entry: some StepEntry) -> Bool {
    guard let keyLink else { return false }
    return holds(links[keyLink].condition, value, entry)
  }

  /// Sends a value of the chain's attribute through all steps.
  func outcome(of value: [UInt8], _ entry: some StepEntry) -> StepOutcome {
    var outcome = StepOutcome(proposed: value)
    var isBehindKey = false
    for link in links where holds(link.condition, value.span, entry) {
      if case .duplicate(let actions) = link.test {
        outcome.key = StepBytes.key(outcome.proposed.span)
        outcome.duplicateAction = action(actions, outcome.proposed.span, entry)
      } else if let (errors, repaired) = repair(link.test, outcome.proposed, entry) {
        outcome.proposed = repaired
        if isBehindKey { outcome.errorsAfter.append(errors) } else { outcome.errorsBefore.append(errors) }
      }
      isBehindKey = isBehindKey || link.isDuplicate
    }
    return outcome
  }

  /// The row of an entry without a value, or nil when there is nothing to say.
  func rowOfAbsence(in entry: some StepEntry) -> StepRow? {
    let nothing: [UInt8] = []
    for link in links {
      guard case .blank = link.test, holds(link.condition, nothing.span, entry) else { continue }
      guard let (errors, proposed) = repair(link.test, nothing, entry) else { continue }
      return StepRow(errors: errors.names, action: .edit, proposed: proposed.isEmpty ? nil : proposed)
    }
    return nil
  }

  /// Whether a test fails; a `duplicate` step never does by itself.
  @inline(__always)
  private func fails(_ test: Test, _ value: Span<UInt8>) -> Bool {
    switch test {
    case .length(let max): value.count > max && StepBytes.bytes(value, ofUnits: max) != nil
    case .characters(let characters, _): characters.fails(value)
    case .blank: value.isEmpty
    case .emailAddress: address.fails(value)
    case .duplicate: false
    }
  }

  /// The errors of a test that fails and the repaired value.
  private func repair(_ test: Test, _ value: [UInt8], _ entry: some StepEntry) -> (StepErrors, [UInt8])? {
    guard fails(test, value.span) else { return nil }
    switch test {
    case .length(let max):
      let end = StepBytes.bytes(value.span, ofUnits: max) ?? value.count
      return (.length, Array(value[..<end]))
    case .characters(let characters, let ifEmpty):
      let kept = characters.removing(from: value.span)
      guard kept.isEmpty, let ifEmpty else { return (.character, kept) }
      return (.character, entry.firstValue(ifEmpty) ?? kept)
    case .blank(let texts, let max):
      return (.blank, proposal(texts, max: max, entry))
    case .emailAddress:
      return address.repair(value)
    case .duplicate:
      return nil
    }
  }

  /// The first text whose attributes the entry has; empty when there is none.
  private func proposal(_ texts: [[Piece]], max: Int?, _ entry: some StepEntry) -> [UInt8] {
    for text in texts {
      guard let full = filled(text, entry) else { continue }
      guard let max, let end = StepBytes.bytes(full.span, ofUnits: max) else { return full }
      return Array(full[..<end])
    }
    return []
  }

  /// The text with its attributes filled in; nil when the entry lacks one or its value is empty.
  private func filled(_ text: [Piece], _ entry: some StepEntry) -> [UInt8]? {
    var full: [UInt8] = []
    for piece in text {
      switch piece {
      case .text(let bytes): full += bytes
      case .attribute(let attribute):
        guard let value = entry.firstValue(attribute), !value.isEmpty else { return nil }
        full += value
      }
    }
    return full
  }

  private func action(
    _ actions: [(action: StepAction, condition: Condition)], _ value: Span<UInt8>, _ entry: some StepEntry
  ) -> StepAction {
    for candidate in actions where holds(candidate.condition, value, entry) { return candidate.action }
    return .edit
  }

  /// Whether a condition holds for a value of an entry.
  @inline(__always)
  private func holds(_ condition: Condition, _ value: Span<UInt8>, _ entry: some StepEntry) -> Bool {
    condition.isAlways || condition.holds(value, entry)
  }
}

extension StepChain.Condition {
  /// Whether everything that is asked for is so.
  func holds(_ value: Span<UInt8>, _ entry: some StepEntry) -> Bool {
    holds(value) && holds(for: entry) && (!isFirstValue || isFirst(value, entry))
  }

  /// The part about the text of the value.
  private func holds(_ value: Span<UInt8>) -> Bool {
    for text in excludedContents where StepBytes.contains(text, in: value) { return false }
    for text in excludedStarts where StepBytes.has(text, at: 0, in: value) { return false }
    return isAny(of: contains) { StepBytes.contains($0, in: value) }
      && isAny(of: startsWith) { StepBytes.has($0, at: 0, in: value) }
  }

  /// The part about the entry.
  private func holds(for entry: some StepEntry) -> Bool {
    for name in excludedObjectClasses where entry.isObjectClass(name) { return false }
    for attribute in without where entry.has(attribute) { return false }
    for attribute in with where !entry.has(attribute) { return false }
    return isAny(of: objectClasses) { entry.isObjectClass($0) }
  }

  /// Whether `test` holds for one of `items`, or there are none.
  @inline(__always)
  private func isAny(of items: [[UInt8]], _ test: ([UInt8]) -> Bool) -> Bool {
    items.isEmpty || items.contains(where: test)
  }

  /// Whether the value is, byte for byte, the first value of the chain's attribute.
  private func isFirst(_ value: Span<UInt8>, _ entry: some StepEntry) -> Bool {
    guard let first = entry.firstValue(0), first.count == value.count else { return false }
    for index in first.indices where first[index] != value[index] { return false }
    return true
  }
}
