import Directory

/// Attributes of single entries whose values the source has lost, or has in part only: their lack says nothing.
extension EntryEvaluator {
  /// Takes note of what a batch has lost.
  mutating func learnLosses(of batch: EntryBatch) {
    losses.removeAll(keepingCapacity: true)
    for lost in batch.lostAttributes + batch.incompleteRanges {
      let slot = Int(batch.attributes.type(of: lost.attribute))
      guard slot < program.attributes.count else { continue }
      losses[batch.entries[lost.entry].textOffset, default: []].insert(slot)
    }
  }

  /// Whether an entry has lost values of a slot.
  func hasLost(_ slot: Int, _ entry: EntryRecord) -> Bool {
    !losses.isEmpty && losses[entry.textOffset]?.contains(slot) == true
  }

  /// Takes back what was concluded from the lack of values that the entry has lost.
  mutating func dropConclusions(_ entry: EntryRecord) {
    guard !losses.isEmpty, let lost = losses[entry.textOffset] else { return }
    let absences = program.compiled.absences
    issues.removeAll { issue in !(absences[issue.rule]?.all.isDisjoint(with: lost) ?? true) }
  }
}
