import DirectoryModel
import RuleSet

/// Numbers object classes, so that a rule's classes are one machine word.
struct ObjectClasses: Sendable {
  /// Class names in lower case; position is the bit. Bit 63 stands for every class that is not listed.
  private var names = NamePool()
  static let other = 63

  /// The classes that rules and scopes name most, most specific first: an entry that has several is of the first.
  private static let bySpecificity = [
    "msds-groupmanagedserviceaccount", "msds-managedserviceaccount", "computer", "inetorgperson", "user", "group",
    "contact", "publicfolder", "organizationalunit", "container",
  ]

  /// Classes named by `extra` (lower case) and those known to be specific.
  init(_ extra: [String]) {
    for name in Self.bySpecificity + extra where names.count < Self.other {
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
  func isSpecific(_ number: Int) -> Bool { number < Self.bySpecificity.count }
}

/// Which entries are judged: the scope of the rule set and the bases and filter of the command line.
struct CompiledScope: Sendable {
  struct Exclusion: Sendable {
    var reason: String
    var objectClasses: UInt64
    var filter: CompiledFilter
  }

  let classes: ObjectClasses
  /// Classes in scope.
  let objectClasses: UInt64
  let exclusions: [Exclusion]
  /// Classes and filters of `exclusions`, apart from their texts: they are tried on every entry.
  let exclusionClasses: [UInt64]
  let exclusionFilters: [CompiledFilter]
  /// Where in `guards` the slots of an exclusion are of which an entry must have one to be excluded; nil for none.
  let exclusionGuards: [Range<Int>?]
  let guards: [Int]
  let bases: [[UInt8]]
  let excludedBases: [[UInt8]]
  let filter: CompiledFilter?

  init(
    _ scope: Scope?, options: RuleProgram.Options, ruleClasses: [String], names: inout AttributeNames
  ) {
    let judged = options.includesOutOfScope ? nil : scope
    let named = (scope?.objectClasses ?? []) + (scope?.exclusions.flatMap(\.objectClasses) ?? [])
    let classes = ObjectClasses(named + ruleClasses)
    self.classes = classes
    objectClasses = judged.map { classes.bits(of: $0.objectClasses) } ?? .max
    var compiled: [Exclusion] = []
    for exclusion in judged?.exclusions ?? [] {
      compiled.append(
        Exclusion(
          reason: exclusion.reason, objectClasses: classes.bits(of: exclusion.objectClasses),
          filter: CompiledFilter(exclusion.filter) { names.slot($0) }))
    }
    exclusions = compiled
    exclusionClasses = compiled.map(\.objectClasses)
    exclusionFilters = compiled.map(\.filter)
    var guards: [Int] = []
    exclusionGuards = compiled.map { exclusion in
      guard let slots = exclusion.filter.necessarySlots else { return nil }
      guards += slots.sorted()
      return guards.count - slots.count..<guards.count
    }
    self.guards = guards
    bases = options.bases.map { DistinguishedName.normalized($0.span) }
    excludedBases = options.excludedBases.map { DistinguishedName.normalized($0.span) }
    filter = options.filter.map { filter in CompiledFilter(filter) { names.slot($0) } }
  }
}
