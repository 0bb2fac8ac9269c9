import Directory
import RuleSet

/// Numbers object classes, so that a rule's classes are one machine word.
struct ObjectClasses: Sendable {
  /// Class names in lower case; position is the bit. Bit 63 stands for every class that is not listed.
  private var names = NamePool()
  static let other = 63

  /// Classes named by `extra` (lower case) and those known to be specific.
  init(_ extra: [String]) {
    for name in ObjectClassSchema.bySpecificity + extra where names.count < Self.other {
      let bytes = Array(name.utf8)
      if names.number(bytes.span) == nil { names.add(bytes) }
    }
  }

  /// The bits of classes in lower case; none or `any` stands for all.
  func bits(of classes: [String]) -> UInt64 {
    guard !classes.isEmpty, !classes.contains("any") else { return .max }
    var bits: UInt64 = 0
    for name in classes {
      let bytes = Array(name.utf8)
      if let number = names.number(bytes.span) { bits |= 1 << UInt64(number) }
    }
    return bits
  }

  /// The number of a class name; `other` when it is not listed.
  func number(_ name: Span<UInt8>) -> Int {
    names.number(name) ?? Self.other
  }

  /// Whether a class is one of the specific ones, by which alone an entry is classed.
  func isSpecific(_ number: Int) -> Bool { number < ObjectClassSchema.bySpecificity.count }
}

/// Which entries are judged: the scope of the rule set and the bases and filter of the command line. A class, so
/// that asking it about an entry copies nothing.
final class CompiledScope: Sendable {
  struct Exclusion: Sendable {
    var reason: String
    var objectClasses: UInt64
    /// Number of its filter.
    var filter: Int
    /// Slots of the attributes that are left aside; empty for the whole entry.
    var slots: Set<Int> = []
  }

  let classes: ObjectClasses
  /// Classes in scope.
  let objectClasses: UInt64
  let exclusions: [Exclusion]
  /// What leaves only some attributes of entries aside.
  private let partial: [Exclusion]
  /// The filters of exclusions and of the command line.
  let filters: CompiledFilters
  private let screen: ScopeScreen
  private let partialScreen: ScopeScreen
  let bases: [[UInt8]]
  let excludedBases: [[UInt8]]
  /// Number of the filter of the command line.
  let filter: Int?

  init(
    _ scope: Scope?, options: ProgramOptions, ruleClasses: [String], slot: (String) -> Int
  ) {
    let judged = options.includesOutOfScope ? nil : scope
    let named = (scope?.objectClasses ?? []) + (scope?.exclusions.flatMap(\.objectClasses) ?? [])
    let classes = ObjectClasses(named + ruleClasses)
    self.classes = classes
    objectClasses = judged.map { classes.bits(of: $0.objectClasses) } ?? .max
    var filters = CompiledFilters()
    // What does not reach the cloud of an entry is true of it, even if it is judged for another reason.
    let all = (scope?.exclusions ?? []).filter { judged != nil || !$0.attributes.isEmpty }.map { exclusion in
      Exclusion(
        reason: exclusion.reason, objectClasses: classes.bits(of: exclusion.objectClasses),
        filter: filters.add(exclusion.filter, slot: slot), slots: Set(exclusion.attributes.map(slot)))
    }
    exclusions = all.filter(\.slots.isEmpty)
    partial = all.filter { !$0.slots.isEmpty }
    screen = ScopeScreen(exclusions, filters)
    partialScreen = ScopeScreen(partial, filters)
    bases = options.bases.map { DistinguishedName.normalized($0.span) }
    excludedBases = options.excludedBases.map { DistinguishedName.normalized($0.span) }
    filter = options.filter.map { filter in filters.add(filter, slot: slot) }
    self.filters = filters
  }

  /// Position of the first exclusion that an entry of a class meets; nil when it meets none.
  func exclusion(
    of objectClass: Int, _ entry: EntryRecord, _ index: borrowing EntryIndex, _ values: Span<ValueRecord>,
    _ bytes: Span<UInt8>
  ) -> Int? {
    guard !screen.clears(objectClass, entry, index, values, bytes, filters) else { return nil }
    let bit: UInt64 = 1 << UInt64(objectClass)
    for position in exclusions.indices where exclusions[position].objectClasses & bit != 0 {
      if filters.matches(exclusions[position].filter, entry, index, values, bytes) { return position }
    }
    return nil
  }
}

extension CompiledScope {
  /// Slots of the attributes of an entry in scope that are left aside.
  func slotsLeftAside(
    of objectClass: Int, _ entry: EntryRecord, _ index: borrowing EntryIndex, _ values: Span<ValueRecord>,
    _ bytes: Span<UInt8>
  ) -> Set<Int> {
    guard !partial.isEmpty, !partialScreen.clears(objectClass, entry, index, values, bytes, filters) else { return [] }
    let bit: UInt64 = 1 << UInt64(objectClass)
    return partial.reduce(into: []) { slots, exclusion in
      guard exclusion.objectClasses & bit != 0, filters.matches(exclusion.filter, entry, index, values, bytes) else {
        return
      }
      slots.formUnion(exclusion.slots)
    }
  }
}

/// Tells for nearly every entry that no exclusion can match it, with a look at the first bytes of a few values.
///
/// Each exclusion is reduced to parts of which one must match (`necessaryParts`). Parts that want a value to begin with some
/// byte are merged, over all exclusions of a class, into one set of bytes for each attribute; those that want a byte somewhere
/// in the DN are tried on DNs that have it; the others are tried as they are.
struct ScopeScreen: Sendable {
  /// First bytes of the values of a slot that deserve a closer look.
  private struct Openings: Sendable {
    var slot: Int
    var low: UInt64 = 0
    var high: UInt64 = 0

    mutating func add(_ byte: UInt8) {
      if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte & 63) }
    }

    @inline(__always)
    func has(_ byte: UInt8) -> Bool {
      byte < 64 ? low &>> UInt64(byte) & 1 != 0 : byte >= 128 || high &>> UInt64(byte & 63) & 1 != 0
    }
  }

  /// A byte that the DN of an entry has to have for a part to match.
  private struct DNContent: Sendable {
    var byte: UInt8
    var part: Int
  }

  private var openings: [Openings] = []
  private var contents: [DNContent] = []
  private var parts: [Int] = []
  /// By class: what of `openings` and `parts` it has.
  private var classOpenings: [Range<Int>] = []
  private var classParts: [Range<Int>] = []
  private var classContents: [Range<Int>] = []

  init(_ exclusions: [CompiledScope.Exclusion], _ filters: CompiledFilters) {
    for number in 0...ObjectClasses.other {
      let firstOpening = openings.count
      let firstPart = parts.count
      let firstContent = contents.count
      for exclusion in exclusions where exclusion.objectClasses >> UInt64(number) & 1 != 0 {
        for part in filters.necessaryParts(exclusion.filter) { add(part, filters, from: firstOpening) }
      }
      classOpenings.append(firstOpening..<openings.count)
      classParts.append(firstPart..<parts.count)
      classContents.append(firstContent..<contents.count)
    }
  }

  private mutating func add(_ part: Int, _ filters: CompiledFilters, from first: Int) {
    guard let (slot, byte) = filters.opening(part) else {
      if let (slot, byte) = filters.content(part), slot < 0 {
        contents.append(DNContent(byte: byte, part: part))
      } else {
        parts.append(part)
      }
      return
    }
    let place = openings[first...].firstIndex { $0.slot == slot } ?? openings.count
    if place == openings.count { openings.append(Openings(slot: slot)) }
    openings[place].add(byte)
    if byte &- 97 < 26 { openings[place].add(byte & 0xDF) }
  }

  /// Whether no exclusion of the class can match the entry.
  @inline(__always)
  func clears(
    _ objectClass: Int, _ entry: EntryRecord, _ index: borrowing EntryIndex, _ values: Span<ValueRecord>,
    _ bytes: Span<UInt8>, _ filters: CompiledFilters
  ) -> Bool {
    for place in classOpenings[objectClass] {
      let openings = openings[place]
      var value = index.first(openings.slot)
      while value >= 0 {
        let record = values[Int(value)]
        if record.length > 0, openings.has(bytes[Int(record.offset)]) { return false }
        value = index.next(after: value)
      }
    }
    for place in classContents[objectClass]
    where WideBytes.first(contents[place].byte, in: bytes.extracting(entry.dn)) != nil
      && filters.matches(contents[place].part, entry, index, values, bytes)
    {
      return false
    }
    for place in classParts[objectClass] where filters.matches(parts[place], entry, index, values, bytes) {
      return false
    }
    return true
  }
}
