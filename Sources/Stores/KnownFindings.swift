import Findings
import GRDB

extension Fingerprint {
  /// The fingerprint that a store keeps as two numbers.
  init(storedHigh high: Int64, low: Int64) {
    self.init(low: UInt64(bitPattern: high).byteSwapped, high: UInt64(bitPattern: low).byteSwapped)
  }

  /// The two numbers as which a store keeps the fingerprint: the halves of its text form.
  var stored: (high: Int64, low: Int64) {
    (Int64(bitPattern: low.byteSwapped), Int64(bitPattern: high.byteSwapped))
  }
}

/// The findings that the last run had, and those that the present one has besides, found by fingerprint.
struct KnownFindings {
  /// What a store has of a finding that the last run had, besides what all findings here have.
  struct Open {
    var id: Int64
    var rule: Int64
    var detailHash: Int64
  }

  /// The findings that the last run had; they have the first places.
  private(set) var open: [Open] = []
  private(set) var fingerprints: [Fingerprint] = []
  private(set) var firstSeen: [Int] = []
  /// What the present run made of each; nil: it has not had it.
  var states: [FindingState?] = []
  /// Places by hash; -1 where there is none. A power of two of them, at most two thirds taken.
  private var slots: [Int32] = []
  /// Who chooses values of a directory does not know where their fingerprints go.
  private let seed = UInt64.random(in: 0 ... .max)

  /// The findings that the last run had. Told which index to take: it has all that is asked for, and nothing else.
  static let selection = """
    SELECT id, fingerprintHigh, fingerprintLow, rule, firstSeen, detailHash
    FROM finding INDEXED BY findingOpen WHERE untilRun IS NULL ORDER BY id
    """

  init(_ db: Database) throws {
    let count = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM finding WHERE untilRun IS NULL") ?? 0
    open.reserveCapacity(count)
    fingerprints.reserveCapacity(count)
    firstSeen.reserveCapacity(count)
    try RawStatement(db, sql: Self.selection).forEachRow { number in
      open.append(Open(id: number(0), rule: number(3), detailHash: number(5)))
      fingerprints.append(Fingerprint(storedHigh: number(1), low: number(2)))
      firstSeen.append(Int(number(4)))
    }
    states = Array(repeating: nil, count: open.count)
    makeSlots()
  }

  /// The place of a fingerprint; nil when neither the last run nor the present one has it.
  func place(of fingerprint: Fingerprint) -> Int? {
    let place = slots[slot(of: fingerprint)]
    return place < 0 ? nil : Int(place)
  }

  /// Places of the findings that the last run had and this one has not had, in the order of what they are stored as.
  var unseen: [Int] {
    open.indices.filter { states[$0] == nil }.sorted { fingerprints[$0].stored < fingerprints[$1].stored }
  }

  /// Takes a finding that the last run had not.
  mutating func add(_ fingerprint: Fingerprint, state: FindingState, firstSeen time: Int) {
    slots[slot(of: fingerprint)] = Int32(truncatingIfNeeded: fingerprints.count)
    fingerprints.append(fingerprint)
    firstSeen.append(time)
    states.append(state)
    if fingerprints.count * 3 > slots.count * 2 { makeSlots() }
  }

  /// Where a fingerprint is, or would be.
  private func slot(of fingerprint: Fingerprint) -> Int {
    let product = (fingerprint.low ^ seed).multipliedFullWidth(by: fingerprint.high | 1)
    var slot = Int(truncatingIfNeeded: product.high ^ product.low) & (slots.count - 1)
    while slots[slot] >= 0, fingerprints[Int(slots[slot])] != fingerprint { slot = (slot + 1) & (slots.count - 1) }
    return slot
  }

  private mutating func makeSlots() {
    var count = 1024
    while count < fingerprints.count * 2 { count *= 2 }
    slots = Array(repeating: -1, count: count)
    for place in fingerprints.indices { slots[slot(of: fingerprints[place])] = Int32(truncatingIfNeeded: place) }
  }
}
