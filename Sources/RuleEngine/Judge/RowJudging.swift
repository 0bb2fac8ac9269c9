import Directory
import Joins

/// Row checks on the entry at hand.
extension EntryEvaluator {
  /// The entry as a row check sees it.
  func rowEntry(_ test: RowTest, _ entry: EntryRecord, _ batch: EntryBatch) -> RowEntry {
    RowEntry(
      index, test, entry, batch, objectClassSlot: program.compiled.objectClassSlot,
      commonNameSlot: program.compiled.commonNameSlot)
  }

  /// Fills `issues` with what is wrong whatever other entries hold, and `keys`.
  mutating func judgeRows(_ classBit: UInt64, _ entry: EntryRecord, _ batch: EntryBatch) {
    let bytes = batch.bytes.span
    let values = batch.values.span
    for position in program.compiled.rowTests.indices {
      let test = program.compiled.rowTests[position]
      guard test.objectClasses & classBit != 0, matches(test.filter, entry, values, bytes) else { continue }
      let view = rowEntry(test, entry, batch)
      var value = index.first(test.slot)
      if value < 0, test.check.judgesAbsence, let row = test.check.evaluateAbsent(of: view) {
        issues.append(Issue(rule: test.rule, slot: test.slot, value: -1, row: row))
      }
      while value >= 0 {
        judge(value, test, position, view, bytes.extracting(values[Int(value)].range))
        value = index.next(after: value)
      }
    }
  }

  private mutating func judge(
    _ value: Int32, _ test: RowTest, _ position: Int, _ entry: RowEntry, _ bytes: Span<UInt8>
  ) {
    if test.check.isClean(bytes, of: entry) {
      if test.check.hasKey, test.check.isKey(bytes, of: entry) { keys.append(rowKey(bytes, test, position)) }
      return
    }
    let (row, key) = test.check.evaluate(AttributeValue(bytes).bytes, of: entry)
    if let row { issues.append(Issue(rule: test.rule, slot: test.slot, value: value, row: row)) }
    if let key { keys.append(rowKey(key.span, test, position)) }
  }

  /// The fingerprint of a key of the row test at a position.
  func rowKey(_ key: Span<UInt8>, _ test: RowTest, _ position: Int) -> UInt64 {
    let number = KeyHash.index(ofCheck: program.compiled.uniqueTests.count + position)
    if test.check.isNormal(key), let hashed = hash.ofASCII(key, index: number, foldsCase: true) {
      return hashed | UniquenessIndex.repeatBit
    }
    let normal = test.check.normal(key)
    return (hash.ofASCII(normal.span, index: number, foldsCase: false) ?? 0) | UniquenessIndex.repeatBit
  }
}
