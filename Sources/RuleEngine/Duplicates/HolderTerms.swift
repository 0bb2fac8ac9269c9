import RuleSet

/// What is asked of the holders of one value, beyond holding it.
///
/// Rules that compare the same values share one index, and a group of holders gives a finding of the first of them whose
/// condition the holders meet: one fact, one finding.
struct HolderTerms: Sendable {
  /// A kind of holder.
  struct Kind: Sendable {
    var objectClasses: UInt64
    /// Attributes that all have to hold the value, one bit each, in the order of the check's slots.
    var attributes: UInt32
    var isOnlyThere: Bool
    /// Types that must be spelled exactly so; nil for any.
    var exactTypes: ExactTypes.List?
    /// Number of the filter; -1 for none.
    var filter: Int
  }

  /// How many holders of a kind there have to be.
  struct Demand: Sendable {
    var kind: Int
    var numbers: ClosedRange<Int>
  }

  /// A rule, and the holders it is about.
  struct Outcome: Sendable {
    var rule: Int
    /// Nil for holders of any kind.
    var demands: [Demand]?
    var mostOthers: Int
    /// The kinds that the rule names; a holder of none of them is another.
    var ownKinds: UInt32
  }

  /// The bit of the value that stands in for an absent one, and that of an attribute that is not compared.
  static let standInBit: UInt32 = 1 << 31
  static let neverBit: UInt32 = 1 << 30
  static let mostKinds = 32

  var kinds: [Kind] = []
  /// Those with a condition first.
  private(set) var outcomes: [Outcome] = []
  /// Positions in `CompiledRules.joints`.
  var joints: [Int] = []

  /// Whether a rule takes the groups that no condition fits.
  var hasRest: Bool { outcomes.contains { $0.demands == nil } }
  /// Whether there is any condition.
  var hasDemands: Bool { outcomes.contains { $0.demands != nil } }

  mutating func add(_ outcome: Outcome) {
    let end = outcome.demands == nil ? outcomes.count : outcomes.firstIndex { $0.demands == nil } ?? outcomes.count
    outcomes.insert(outcome, at: end)
  }
}

/// An attribute by which entries are joined.
struct CompiledJoint: Sendable, Equatable {
  var slot: Int
  /// Classes of which one of two entries has to be.
  var objectClasses: UInt64
  var isExact: Bool
  /// Slot of the attribute by which entries are joined instead that match the filter; -1 for none.
  var insteadSlot = -1
  var insteadFilter = -1

  static let most = 8
}

/// Counts the holders of one value by kind.
struct HolderTally {
  private let terms: HolderTerms
  private var roles: [UInt32] = []
  /// By holder and joint: fingerprint of the value that joins; 0 for none.
  private var links: [UInt64] = []
  private var linkClasses: [UInt32] = []

  init(_ terms: HolderTerms) { self.terms = terms }

  /// Adds a holder.
  ///
  /// - Parameters:
  ///   - roles: its kinds, one bit each.
  ///   - links: fingerprints of the joining values by joint of the program.
  ///   - classes: joints of whose classes it is, one bit each.
  mutating func add(roles: UInt32, links: [UInt64], classes: UInt32) {
    self.roles.append(roles)
    guard !terms.joints.isEmpty else { return }
    for joint in terms.joints { self.links.append(joint < links.count ? links[joint] : 0) }
    linkClasses.append(classes)
  }

  /// The rule that tells what becomes of the holders; nil when nothing is to be told.
  var rule: Int? {
    guard isSeveral else { return nil }
    return terms.outcomes.first { outcome in
      guard let demands = outcome.demands else { return true }
      let others = roles.count { $0 & outcome.ownKinds == 0 }
      guard others <= outcome.mostOthers else { return false }
      return demands.allSatisfy { demand in demand.numbers.contains(roles.count { $0 >> UInt32(demand.kind) & 1 != 0 })
      }
    }?.rule
  }

  /// Whether the holders are more than one object once entries that are joined count as one.
  private var isSeveral: Bool {
    guard !terms.joints.isEmpty else { return true }
    var parents = Array(roles.indices)
    func root(_ holder: Int) -> Int {
      var holder = holder
      while parents[holder] != holder { holder = parents[holder] }
      return holder
    }
    for (place, joint) in terms.joints.enumerated() {
      let bit = UInt32(1) << UInt32(joint)
      // By fingerprint: the first holder of the class and the first of any other.
      var firsts: [UInt64: (own: Int, other: Int)] = [:]
      for holder in roles.indices {
        let link = links[holder * terms.joints.count + place]
        guard link != 0 else { continue }
        let isOwn = linkClasses[holder] & bit != 0
        var first = firsts[link] ?? (-1, -1)
        if isOwn {
          if first.own >= 0 { parents[root(holder)] = root(first.own) } else { first.own = holder }
        } else if first.other < 0 {
          first.other = holder
        }
        if first.own >= 0, first.other >= 0 { parents[root(first.own)] = root(first.other) }
        firsts[link] = first
      }
    }
    return roles.indices.count { parents[$0] == $0 } > 1
  }
}
