/// The keys of an entry's hits, and which of them were found in its values.
struct WantedKeys {
  private var keys: [(key: UInt64, hit: Int, found: Int)] = []
  /// Places in the list by key, where it is long.
  private var table: [UInt64: Int] = [:]

  /// Begins anew with the hits of an entry.
  mutating func set(_ hits: [UniquenessIndex.Hit], _ range: Range<Int>) {
    keys.removeAll(keepingCapacity: true)
    if !table.isEmpty { table.removeAll() }
    for hit in range where hits[hit].key & KeyHash.stepBit == 0 {
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
