/// Room: which values are held by more than one entry.
///
/// Fingerprints are kept as they come, in 256 parts by their top bits, and looked at only at the end, part by part: the
/// table of a part stays in the cache, which is several times faster than one growing hash table, and nothing is copied while
/// the run grows (12 bytes a value). A hit is only a candidate: the caller verifies it on the real values. The plain
/// version, a dictionary from key to entries, is in the tests.
package struct UniquenessIndex {
  /// A candidate: an entry that holds the key of a group.
  package struct Hit: BitwiseCopyable, Sendable {
    package var entry: UInt32
    package var group: UInt32
    package var key: UInt64

    /// A hit; see the properties.
    package init(entry: UInt32, group: UInt32, key: UInt64) {
      self.entry = entry
      self.group = group
      self.key = key
    }
  }

  /// A value that a suggestion would add.
  package struct Probe: Sendable {
    package var key: UInt64
    package var entry: UInt32
    /// Sequence number of the finding that makes the suggestion.
    package var finding: Int

    /// A probe; see the properties.
    package init(key: UInt64, entry: UInt32, finding: Int) {
      self.key = key
      self.entry = entry
      self.finding = finding
    }
  }

  /// Set in keys for which a value that one entry holds twice is a duplicate, too; clear in all others.
  @inlinable package static var repeatBit: UInt64 { 1 }

  private let parts = KeyParts()
  /// Keys that make no duplicates and that no suggestion may be.
  private let held = KeyParts()
  /// Number of keys.
  private var count = 0
  private var probes: [Probe] = []

  /// An index of nothing.
  package init() {}

  /// Adds the keys of one batch.
  package mutating func add(_ keys: [UInt64], entries: [UInt32], base: UInt32) {
    count += keys.count
    for index in keys.indices { parts.add(keys[index], entry: entries[index] &+ base) }
  }

  /// Adds keys of one batch that count for suggestions only: of entries that nobody judges.
  package mutating func add(held keys: [UInt64], entries: [UInt32], base: UInt32) {
    for index in keys.indices { held.add(keys[index], entry: entries[index] &+ base) }
  }

  package mutating func add(_ probe: Probe) { probes.append(probe) }

  /// Finds keys that several entries hold, and suggestions whose value another entry holds or is to get.
  ///
  /// The index is empty afterwards. Hits come by ascending entry, and groups are numbered in the order in which they come, so
  /// that what is kept of neighbouring entries lies close together.
  ///
  /// - Parameter left: entries of which nothing counts.
  package mutating func finish(
    without left: Set<UInt32> = []
  ) -> (hits: [Hit], groupCount: Int, withdrawn: Set<Int>) {
    if !left.isEmpty { probes.removeAll { left.contains($0.entry) } }
    var search = Search()
    var keys: [UInt64] = []
    var entries: [UInt32] = []
    var heldKeys: [UInt64] = []
    var heldEntries: [UInt32] = []
    for number in 0..<KeyParts.count {
      parts.take(number, into: &keys, &entries)
      if !left.isEmpty { Self.remove(left, from: &keys, &entries) }
      let own = probes.isEmpty ? [] : probes.filter { KeyParts.number(of: $0.key) == number }
      search.run(keys, entries, own)
      held.take(number, into: &heldKeys, &heldEntries)
      if !left.isEmpty { Self.remove(left, from: &heldKeys, &heldEntries) }
      search.look(for: own, among: heldKeys, heldEntries)
      // Parts are alike, so the first ones tell how many hits there will be: a list that grows is copied again and again.
      if number == 7 { search.hits.reserveCapacity(min(count, search.hits.count * (KeyParts.count / 8 + 2))) }
    }
    probes = []
    count = 0
    let (groupCount, withdrawn) = (search.groupCount, search.withdrawn)
    var hits = Self.sorted(search.takeHits())
    Self.number(&hits, groupCount)
    return (hits, groupCount, withdrawn)
  }

  private static func remove(_ left: Set<UInt32>, from keys: inout [UInt64], _ entries: inout [UInt32]) {
    let kept = entries.indices.filter { !left.contains(entries[$0]) }
    guard kept.count < entries.count else { return }
    (keys, entries) = (kept.map { keys[$0] }, kept.map { entries[$0] })
  }

  /// Numbers groups by their first hit.
  private static func number(_ hits: inout [Hit], _ groupCount: Int) {
    var numbers = Array(repeating: UInt32.max, count: groupCount)
    var next: UInt32 = 0
    for position in hits.indices {
      let group = Int(hits[position].group)
      if numbers[group] == .max {
        numbers[group] = next
        next += 1
      }
      hits[position].group = numbers[group]
    }
  }

  /// Hits by entry, in two rounds of 16 bits; each keeps the order of the one before.
  private static func sorted(_ hits: consuming [Hit]) -> [Hit] {
    // For a few, going through the counters costs more than comparing.
    guard hits.count > 4_096 else { return hits.sorted { $0.entry < $1.entry } }
    var to = Array(repeating: Hit(entry: 0, group: 0, key: 0), count: hits.count)
    var from = consume hits
    for shift in [UInt32(0), 16] {
      var starts = Array(repeating: 0, count: (1 << 16) + 1)
      for hit in from { starts[Int(hit.entry >> shift & 0xFFFF) + 1] += 1 }
      for digit in 1..<starts.count { starts[digit] += starts[digit - 1] }
      for hit in from {
        let digit = Int(hit.entry >> shift & 0xFFFF)
        to[starts[digit]] = hit
        starts[digit] += 1
      }
      swap(&from, &to)
    }
    return from
  }

  private struct Search {
    var hits: [Hit] = []
    var groupCount = 0
    var withdrawn: Set<Int> = []
    private var table: [UInt32] = []
    private var groups: [UInt32] = []
    /// By group: the entry that joined it last. Entries come in ascending order, so a repeat is the last one.
    private var lastEntry: [UInt32] = []

    /// Hands the hits over, so that they need not be copied to be sorted.
    mutating func takeHits() -> [Hit] {
      var taken: [Hit] = []
      swap(&taken, &hits)
      return taken
    }

    mutating func run(_ keys: [UInt64], _ entries: [UInt32], _ probes: [Probe]) {
      guard !keys.isEmpty || probes.count > 1 else { return }
      var size = 64
      while size < keys.count * 2 { size *= 2 }
      Self.clear(&table, size)
      Self.clear(&groups, keys.count)
      let mask = size - 1
      for index in keys.indices {
        let key = keys[index]
        var slot = Int(truncatingIfNeeded: key) & mask
        while table[slot] != 0, keys[Int(table[slot]) &- 1] != key { slot = (slot &+ 1) & mask }
        if table[slot] == 0 {
          table[slot] = UInt32(truncatingIfNeeded: index &+ 1)
        } else {
          join(index, first: Int(table[slot]) - 1, keys, entries)
        }
      }
      look(for: probes, keys, entries, mask)
    }

    /// Makes an array of so many zeros, in its own memory where that suffices.
    private static func clear(_ numbers: inout [UInt32], _ count: Int) {
      numbers.removeAll(keepingCapacity: true)
      numbers.append(contentsOf: repeatElement(0, count: count))
    }

    private mutating func join(_ index: Int, first: Int, _ keys: [UInt64], _ entries: [UInt32]) {
      if groups[first] == 0 {
        // Twice in one entry is no conflict, but for row checks it is a duplicate.
        guard entries[first] != entries[index] || keys[index] & UniquenessIndex.repeatBit != 0 else { return }
        groupCount += 1
        groups[first] = UInt32(groupCount)
        lastEntry.append(entries[first])
        hits.append(Hit(entry: entries[first], group: UInt32(groupCount - 1), key: keys[first]))
      }
      let group = Int(groups[first]) - 1
      guard lastEntry[group] != entries[index] else { return }
      lastEntry[group] = entries[index]
      hits.append(Hit(entry: entries[index], group: UInt32(group), key: keys[index]))
    }

    /// Withdraws suggestions whose value another entry holds that takes no part in duplicates.
    mutating func look(for probes: [Probe], among keys: [UInt64], _ entries: [UInt32]) {
      guard !probes.isEmpty, !keys.isEmpty else { return }
      let byKey = Dictionary(grouping: probes, by: \.key)
      for index in keys.indices {
        for probe in byKey[keys[index]] ?? [] where probe.entry != entries[index] { withdrawn.insert(probe.finding) }
      }
    }

    private mutating func look(for probes: [Probe], _ keys: [UInt64], _ entries: [UInt32], _ mask: Int) {
      var suggested: [UInt64: UInt32] = [:]
      for probe in probes {
        var slot = Int(truncatingIfNeeded: probe.key) & mask
        while table[slot] != 0, keys[Int(table[slot]) - 1] != probe.key { slot = (slot + 1) & mask }
        if table[slot] != 0 {
          let first = Int(table[slot]) - 1
          if entries[first] != probe.entry || groups[first] != 0 { withdrawn.insert(probe.finding) }
        }
        if let other = suggested[probe.key], other != probe.entry {
          withdrawn.insert(probe.finding)
        } else {
          suggested[probe.key] = probe.entry
        }
      }
    }
  }
}
