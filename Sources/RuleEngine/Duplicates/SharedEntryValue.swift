import Directory
import Joins

/// A value of an entry that others hold, too.
struct SharedEntryValue {
  /// Position of its hit.
  var hit: Int
  /// Its number in the record.
  var value: Int
  /// Position of the check's terms; -1 for none.
  var terms: Int
  /// Attributes that hold it, and kinds of holders whose types it has, one bit each.
  var attributes: UInt32 = 0
  var exactKinds: UInt32 = 0

  /// Takes note of where, and after which type, the entry holds it.
  mutating func note(_ value: Span<UInt8>, of check: UniqueTest, slot: Int, _ compiled: CompiledRules) {
    if let bit = check.slots.firstIndex(where: { compiled.uniqueSlots[$0] == slot }) {
      attributes |= 1 << UInt32(bit - check.slots.lowerBound)
    }
    for (number, kind) in compiled.holderTerms[check.terms].kinds.enumerated() {
      if let types = kind.exactTypes, compiled.tables.exactTypes.begins(value, with: types) {
        exactKinds |= 1 << UInt32(number)
      }
    }
  }

  /// The kinds of holders that the entry at hand is for it.
  func roles(
    _ evaluator: borrowing EntryEvaluator, _ entry: EntryRecord, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) -> UInt32 {
    var roles: UInt32 = 0
    for (number, kind) in evaluator.program.compiled.holderTerms[terms].kinds.enumerated() {
      guard kind.objectClasses >> UInt64(evaluator.objectClass) & 1 != 0,
        attributes & kind.attributes == kind.attributes, !kind.isOnlyThere || attributes == kind.attributes,
        kind.exactTypes == nil || exactKinds >> UInt32(number) & 1 != 0,
        evaluator.matches(kind.filter, entry, values, bytes)
      else { continue }
      roles |= 1 << UInt32(number)
    }
    return roles
  }
}

/// The keys of an entry's hits, and which of them were found in its values.
struct WantedKeys {
  private var keys: [(key: UInt64, hit: Int, found: Int)] = []
  /// Places in the list by key, where it is long.
  private var table: [UInt64: Int] = [:]

  /// Begins anew with the hits of an entry.
  mutating func set(_ hits: [UniquenessIndex.Hit], _ range: Range<Int>) {
    keys.removeAll(keepingCapacity: true)
    if !table.isEmpty { table.removeAll() }
    for hit in range where hits[hit].key & UniquenessIndex.repeatBit == 0 {
      if range.count > 16 { table[hits[hit].key] = keys.count }
      keys.append((hits[hit].key, hit, -1))
    }
  }

  /// The place of a key; nil when it is not wanted.
  func place(of key: UInt64) -> Int? {
    if !table.isEmpty { return table[key] }
    for place in keys.indices where keys[place].key == key { return place }
    return nil
  }

  /// The hit of the key at a place.
  func hit(at place: Int) -> Int { keys[place].hit }

  /// What was found of the key at a place; -1 for nothing.
  func found(at place: Int) -> Int { keys[place].found }

  mutating func set(found: Int, at place: Int) { keys[place].found = found }
}
