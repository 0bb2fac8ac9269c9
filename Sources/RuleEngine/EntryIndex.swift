import DirectoryModel

/// Room: attribute dispatch. For the entry at hand, where the values of each attribute are that rules look at.
///
/// Attributes that rules need are numbered first in every `AttributeTable`, so that a number below `slotCount` is the
/// slot. Descriptions with options (`userCertificate;binary`) belong to the slot of their type; that is looked up once
/// per description and remembered. Lists are linked by value index, so no array is allocated per attribute; clearing
/// touches only the slots that were used.
struct EntryIndex {
  /// The slot of a description that no rule needs.
  static let none: UInt16 = .max

  /// First value (index into the batch's values) by slot; -1 where the entry lacks the attribute.
  private(set) var first: [Int32]
  /// Number of values by slot.
  private(set) var count: [Int32]
  private var last: [Int32]
  /// Next value of the same slot, by value index from the entry's first value; -1 ends the list.
  private var next: [Int32] = []
  private var firstValue = 0
  /// Address types of values, where checks have asked for them, by value index from the entry's first value.
  private var types: [UInt8] = []
  private var used: [UInt16] = []
  /// Slot by description number, grown as descriptions appear.
  private var slots: [UInt16]

  /// An index for `slotCount` attributes.
  init(slotCount: Int) {
    first = Array(repeating: -1, count: slotCount)
    last = first
    count = Array(repeating: 0, count: slotCount)
    slots = (0..<slotCount).map(UInt16.init)
    used.reserveCapacity(slotCount)
  }

  /// Learns the descriptions that appeared since the last call.
  mutating func learn(_ attributes: AttributeTable) {
    while slots.count < attributes.count {
      let type = attributes[AttributeID(slots.count)].type
      slots.append(Int(type) < first.count ? UInt16(type) : Self.none)
    }
  }

  /// Indexes an entry's values.
  mutating func index(_ values: Span<ValueRecord>, of entry: EntryRecord) {
    for slot in used {
      first[Int(slot)] = -1
      count[Int(slot)] = 0
    }
    used.removeAll(keepingCapacity: true)
    firstValue = Int(entry.firstValue)
    let valueCount = Int(entry.valueCount)
    if next.count < valueCount {
      next = Array(repeating: -1, count: max(valueCount, 2 * next.count))
      types = Array(repeating: 0, count: next.count)
    }
    for offset in 0..<valueCount {
      let slot = slots[Int(values[firstValue &+ offset].attribute)]
      guard slot != Self.none else { continue }
      let position = Int(slot)
      let here = Int32(truncatingIfNeeded: firstValue &+ offset)
      if first[position] < 0 {
        first[position] = here
        used.append(slot)
      } else {
        next[Int(last[position]) &- firstValue] = here
      }
      last[position] = here
      next[offset] = -1
      count[position] &+= 1
    }
  }

  /// Remembers the address type of a value of the entry at hand.
  @inline(__always)
  mutating func setType(_ type: UInt8, of value: Int32) { types[Int(value) &- firstValue] = type }

  /// The address type of a value, as remembered.
  @inline(__always)
  func type(of value: Int32) -> UInt8 { types[Int(value) &- firstValue] }

  /// The first value of the slot that a value of the entry belongs to.
  func first(like value: Int32) -> Int32 {
    for slot in used {
      var other = first[Int(slot)]
      while other >= 0 {
        if other == value { return first[Int(slot)] }
        other = next(after: other)
      }
    }
    return -1
  }

  /// The value after `value` in its slot; -1 at the end.
  @inline(__always)
  func next(after value: Int32) -> Int32 { next[Int(value) &- firstValue] }

  /// Number of slots of which the entry has values.
  var usedCount: Int { used.count }

  /// A slot of which the entry has values, in the order of their first value.
  @inline(__always)
  func usedSlot(_ position: Int) -> Int { Int(used[position]) }
}
