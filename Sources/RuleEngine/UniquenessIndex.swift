/// Room: which values are held by more than one entry.
///
/// Fingerprints are kept in 256 partitions by their top bits and looked at only at the end, one partition at a time, in a
/// small table that stays in the cache: several times faster than one growing hash table, at 12 bytes a value. A hit is
/// only a candidate: the caller verifies it on the real values. The plain version, a dictionary from key to entries, is
/// in the tests.
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

  private struct Partition {
    var keys: [UInt64] = []
    var entries: [UInt32] = []
    var probes: [Probe] = []
  }

  private var partitions: [Partition] = Array(repeating: Partition(), count: 256)

  /// Adds the keys of one batch.
  mutating func add(_ keys: [UInt64], entries: [UInt32], base: UInt32) {
    for index in keys.indices {
      let partition = Int(keys[index] >> 56)
      if partitions[partition].keys.count == partitions[partition].keys.capacity {
        // Growing by a quarter wastes less memory than doubling, and copying 12 bytes a value costs little.
        let room = max(64, partitions[partition].keys.count / 4 * 5)
        partitions[partition].keys.reserveCapacity(room)
        partitions[partition].entries.reserveCapacity(room)
      }
      partitions[partition].keys.append(keys[index])
      partitions[partition].entries.append(entries[index] &+ base)
    }
  }

  mutating func add(_ probe: Probe) {
    partitions[Int(probe.key >> 56)].probes.append(probe)
  }

  /// Finds keys that several entries hold, and suggestions whose value another entry holds or is to get.
  ///
  /// The index is empty afterwards. Hits come by ascending entry; group numbers have no order.
  mutating func finish() -> (hits: [Hit], groupCount: Int, withdrawn: Set<Int>) {
    var search = Search()
    for number in partitions.indices {
      search.run(partitions[number].keys, partitions[number].entries, partitions[number].probes)
      partitions[number] = Partition()
    }
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
