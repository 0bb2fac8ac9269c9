import Directory
import Joins

/// What entries hold that no rule compares: a suggestion must be nobody's address, whether or not its holder is judged.
extension EntryEvaluator {
  /// Takes the values of an entry that is not judged: fills `heldKeys`.
  mutating func collectHeld(_ entry: EntryRecord, of batch: EntryBatch) {
    for position in program.compiled.uniqueTests.indices {
      collectHeld(program.compiled.uniqueTests[position], position, entry, batch.values.span, batch.bytes.span)
    }
  }

  /// Takes the values that a unique test would compare, whatever entries it is about.
  mutating func collectHeld(
    _ check: UniqueTest, _ position: Int, _ entry: EntryRecord, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) {
    guard !check.withinEntry else { return }
    for place in check.slots {
      var value = index.first(program.compiled.uniqueSlots[place])
      while value >= 0 {
        let slice = bytes.extracting(values[Int(value)].range)
        // What was remembered of the value's type is of an entry that was judged.
        if index.meets(check.condition, value, slice, tables, knowsTypes: false),
          let key = hash.key(of: slice, check, position)
        {
          addHeldKey(key)
        }
        value = index.next(after: value)
      }
    }
    if let key = standInKey(check, position, entry, values, bytes) { addHeldKey(key) }
  }
}
