/// Room: which values are held by more than one entry.
///
/// Fingerprints are kept as they come, batch by batch, and looked at only at the end, in rounds by their top bits: the table of
/// a round stays in the cache, which is several times faster than one growing hash table, and nothing is copied while the run
/// grows (12 bytes a value). A hit is only a candidate: the caller verifies it on the real values. The plain version, a
/// dictionary from key to entries, is in the tests.
struct UniquenessIndex {
  /// A candidate: an entry that holds the key of a group.
  struct Hit {
    var entry: UInt32
    var group: UInt32
    var key: UInt64
  }

  /// A value that a suggestion would add.
  struct Probe {
    var key: UInt64
    var entry: UInt32
    /// Sequence number of the finding that makes the suggestion.
    var finding: Int
  }

  /// The keys of one batch.
  private struct Part {
    var keys: [UInt64]
    var entries: [UInt32]
    var base: UInt32
  }

  private var parts: [Part] = []
  private var probes: [Probe] = []
  private var count = 0
  /// About so many keys are compared in one round.
  private static let keysPerRound = 400_000

  /// Adds the keys of one batch.
  mutating func add(_ keys: [UInt64], entries: [UInt32], base: UInt32) {
    guard !keys.isEmpty else { return }
    // Copies without the room that growing arrays leave behind.
    parts.append(Part(keys: Array(keys[...]), entries: Array(entries[...]), base: base))
    count += keys.count
  }

  mutating func add(_ probe: Probe) { probes.append(probe) }

  /// Finds keys that several entries hold, and suggestions whose value another entry holds or is to get.
  ///
  /// The index is empty afterwards. Hits come by ascending entry; group numbers have no order.
  mutating func finish() -> (hits: [Hit], groupCount: Int, withdrawn: Set<Int>) {
    var search = Search()
    var bits: UInt64 = 0
    while count >> Int(bits) > Self.keysPerRound { bits += 1 }
    var keys: [UInt64] = []
    var entries: [UInt32] = []
    for round in 0..<UInt64(1) << bits {
      keys.removeAll(keepingCapacity: true)
      entries.removeAll(keepingCapacity: true)
      for part in parts {
        let own = part.keys.span
        for index in own.indices where bits == 0 || own[index] &>> (64 &- bits) == round {
          keys.append(own[index])
          entries.append(part.entries[index] &+ part.base)
        }
      }
      search.run(keys, entries, probes.filter { bits == 0 || $0.key >> (64 - bits) == round })
    }
    parts = []
    probes = []
    search.hits.sort { ($0.entry, $0.group) < ($1.entry, $1.group) }
    return (search.hits, search.groupCount, search.withdrawn)
  }

  private struct Search {
    var hits: [Hit] = []
    var groupCount = 0
    var withdrawn: Set<Int> = []
    private var table: [UInt32] = []
    private var groups: [UInt32] = []
    /// By group: the entry that joined it last. Entries come in ascending order, so a repeat is the last one.
    private var lastEntry: [UInt32] = []

    mutating func run(_ keys: [UInt64], _ entries: [UInt32], _ probes: [Probe]) {
      guard !keys.isEmpty || probes.count > 1 else { return }
      var size = 64
      while size < keys.count * 2 { size *= 2 }
      table = Array(repeating: 0, count: size)
      groups = Array(repeating: 0, count: keys.count)
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

    private mutating func join(_ index: Int, first: Int, _ keys: [UInt64], _ entries: [UInt32]) {
      if groups[first] == 0 {
        // Twice in one entry is no conflict, but for the parity rules it is a duplicate.
        guard entries[first] != entries[index] || keys[index] & KeyHash.stepBit != 0 else { return }
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
