import Directory

/// Room: attribute dispatch. For the entry at hand, where the values of each attribute are that rules look at.
///
/// Attributes that rules need are numbered first in every `AttributeTable`, so that a number below `slotCount` is the
/// slot. Descriptions with options (`userCertificate;binary`) belong to the slot of their type; that is looked up once
/// per description and remembered. Lists are linked by value index, so nothing is allocated per attribute or entry; clearing
/// touches only the slots that were used.
///
/// Why the pointers are sound: `places` has `slotCount` elements, and slots come from the compiled program, which has no
/// others. `links` has an element for each value of the entry at hand, made in `index` before any is used; value indexes that
/// are handed in come from the lists of that entry. Debug builds test every access.
struct EntryIndex: ~Copyable {
  /// The slot of a description that no rule needs.
  static let none: UInt16 = .max

  private struct Place: BitwiseCopyable {
    var first: Int32 = -1
    var last: Int32 = -1
    var count: Int32 = 0
  }

  /// What is kept of a value.
  private struct Link: BitwiseCopyable {
    /// Next value of the same slot; -1 ends the list.
    var next: Int32 = -1
    /// Number of values of the slot before it.
    var ordinal: Int32 = 0
    /// Its address type, where checks have asked for it.
    var type: UInt8 = 0
    /// Its shape, where checks have asked for it.
    var shape: UInt8 = UInt8(truncatingIfNeeded: PlainShape.other.rawValue)
  }

  /// By slot.
  private let places: UnsafeMutableBufferPointer<Place>
  /// By slot: number of entries that had values, since the last `resetSeen`.
  private let seenCounts: UnsafeMutableBufferPointer<Int>
  /// By value index from the entry's first value.
  private var links: UnsafeMutableBufferPointer<Link>
  private var firstValue = 0
  private let used: UnsafeMutableBufferPointer<UInt16>
  /// Number of slots of which the entry has values.
  private(set) var usedCount = 0
  /// Slot by description number, grown as descriptions appear.
  private var slots: UnsafeMutableBufferPointer<UInt16>
  private var slotsKnown = 0

  /// An index for `slotCount` attributes.
  init(slotCount: Int) {
    places = .allocate(capacity: slotCount)
    places.initialize(repeating: Place())
    seenCounts = .allocate(capacity: slotCount)
    seenCounts.initialize(repeating: 0)
    used = .allocate(capacity: slotCount)
    used.initialize(repeating: 0)
    links = .allocate(capacity: 0)
    slots = .allocate(capacity: slotCount)
    _ = slots.initialize(from: (0..<slotCount).map(UInt16.init))
    slotsKnown = slotCount
  }

  deinit {
    places.deallocate()
    used.deallocate()
    seenCounts.deallocate()
    links.deallocate()
    slots.deallocate()
  }

  /// Learns the descriptions that appeared since the last call.
  mutating func learn(_ attributes: AttributeTable) {
    guard slotsKnown < attributes.count else { return }
    if slots.count < attributes.count {
      let grown = UnsafeMutableBufferPointer<UInt16>.allocate(capacity: 2 * attributes.count)
      _ = grown.initialize(from: slots.prefix(slotsKnown))
      slots.deallocate()
      slots = grown
    }
    while slotsKnown < attributes.count {
      let type = attributes[AttributeID(slotsKnown)].type
      slots.initializeElement(at: slotsKnown, to: Int(type) < places.count ? UInt16(type) : Self.none)
      slotsKnown += 1
    }
  }

  /// Indexes an entry's values.
  mutating func index(_ values: Span<ValueRecord>, of entry: EntryRecord) {
    for position in 0..<usedCount { places[Int(used[position])] = Place() }
    firstValue = Int(entry.firstValue)
    let own = values.extracting(entry.values)
    if links.count < own.count {
      let count = max(own.count, 2 * links.count)
      links.deallocate()
      links = .allocate(capacity: count)
      links.initialize(repeating: Link())
    }
    var usedCount = 0
    for offset in own.indices {
      let slot = slots[Int(own[offset].attribute)]
      guard slot != Self.none else { continue }
      let position = Int(slot)
      let here = Int32(truncatingIfNeeded: firstValue &+ offset)
      if places[position].first < 0 {
        places[position].first = here
        used[usedCount] = slot
        seenCounts[position] &+= 1
        usedCount &+= 1
      } else {
        links[Int(places[position].last) &- firstValue].next = here
      }
      links[offset] = Link(ordinal: places[position].count)
      places[position].last = here
      places[position].count &+= 1
    }
    self.usedCount = usedCount
  }

  /// Number of entries that had values, by slot, since the last `resetSeen`.
  var seen: [Int] { Array(seenCounts) }

  /// Begins to count anew which attributes entries have.
  mutating func resetSeen() { seenCounts.update(repeating: 0) }

  /// First value of a slot (index into the batch's values); -1 where the entry lacks the attribute.
  @inline(__always)
  func first(_ slot: Int) -> Int32 { places[slot].first }

  /// Number of values of a slot.
  @inline(__always)
  func count(_ slot: Int) -> Int { Int(places[slot].count) }

  /// Remembers the address type and the shape of a value of the entry at hand.
  @inline(__always)
  mutating func keep(type: UInt8, shape: PlainShape, of value: Int32) {
    links[Int(value) &- firstValue].type = type
    links[Int(value) &- firstValue].shape = UInt8(truncatingIfNeeded: shape.rawValue)
  }

  /// The address type of a value, as remembered.
  @inline(__always)
  func type(of value: Int32) -> UInt8 { links[Int(value) &- firstValue].type }

  /// Whether a value was found to have a shape.
  @inline(__always)
  func hasShape(_ shape: PlainShape, _ value: Int32) -> Bool {
    Int(links[Int(value) &- firstValue].shape) == shape.rawValue
  }

  /// The first value of the slot that a value of the entry belongs to.
  func first(like value: Int32) -> Int32 {
    for position in 0..<usedCount {
      let first = places[Int(used[position])].first
      var other = first
      while other >= 0 {
        if other == value { return first }
        other = next(after: other)
      }
    }
    return -1
  }

  /// The value after `value` in its slot; -1 at the end.
  @inline(__always)
  func next(after value: Int32) -> Int32 { links[Int(value) &- firstValue].next }

  /// Position of a value among those of its slot, counted from 0.
  func ordinal(of value: Int32) -> Int { Int(links[Int(value) &- firstValue].ordinal) }

  /// A slot of which the entry has values, in the order of their first value.
  @inline(__always)
  func usedSlot(_ position: Int) -> Int { Int(used[position]) }
}
