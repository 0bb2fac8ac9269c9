import Directory

/// The last value of a text that ends within it: nobody knows how it goes on, nor what would have followed.
extension EntryEvaluator {
  /// Takes back what was found in the last entry of a batch whose text ends within a line, as far as the rest of the text
  /// could change it.
  mutating func dropUnfinished(_ number: Int, of batch: EntryBatch) {
    let entry = batch.entries[number]
    guard let line = batch.unfinishedLine, isLastRecord(entry, of: batch) else { return }
    let unfinished = entry.values.first { Int(batch.values[$0].line) == line }
    let attribute = unfinished.map { batch.attributes.type(of: batch.values[$0].attribute) }
    let readers = Set(attribute.map { program.rules(reading: batch.attributes[$0].name) } ?? [])
    issues.removeAll { issue in
      // A value that is missing may come, and what is compared with the last value may be right.
      if issue.value < 0 || program.compiled.absences[issue.rule] != nil { return true }
      if let unfinished, Int(issue.value) == unfinished || issue.equal == Int32(unfinished) { return true }
      return readers.contains(program.rules[issue.rule].rule.id) && issue.slot != attribute.map(Int.init)
    }
    if let unfinished { dropKeys(of: batch.bytes.span.extracting(batch.values[unfinished].range)) }
  }

  /// Whether nothing stands behind an entry, no change record and nothing that could not be read.
  private func isLastRecord(_ entry: EntryRecord, of batch: EntryBatch) -> Bool {
    let others = [batch.changes.last?.line, batch.problems.last?.line].compactMap(\.self)
    return others.allSatisfy { $0 < Int(entry.line) }
  }

  /// What a value is held under counts for no duplicate.
  private mutating func dropKeys(of value: Span<UInt8>) {
    for (position, test) in program.compiled.uniqueTests.enumerated() {
      if let key = hash.key(of: value, test, position) { keys.removeAll { $0 == key } }
    }
  }
}
