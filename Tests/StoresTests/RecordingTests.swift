import Stores
import Findings
import Foundation
import Testing

@Suite struct RecordingTests {
  private let directory: TemporaryDirectory
  private let store: AuditStore

  init() throws {
    directory = try TemporaryDirectory()
    store = try AuditStore(path: directory.path("store"), access: .write)
  }

  private let one = Sample(entry: 1)
  private let two = Sample(entry: 2)

  @Test func findingsAreNewThenKnownThenGoneThenReturned() throws {
    #expect(try store.record([one, two]).states.values.allSatisfy { $0 == .new })
    #expect(try store.record([two, one]).states.values.allSatisfy { $0 == .known })
    let third = try store.record([one])
    #expect(third.gone == [two.finding.fingerprint.hexadecimal])
    let fourth = try store.record([one, two])
    #expect(
      fourth.states == [one.finding.fingerprint.hexadecimal: .known, two.finding.fingerprint.hexadecimal: .returned])
    #expect(fourth.gone.isEmpty)
    for outcome in [third, fourth] { #expect(try store.shown(outcome.number) == outcome) }
    #expect(try store.isConsistent())
  }

  @Test func twoSpellingsOfOneValueAreOneFinding() throws {
    var capital = one
    capital.value = "VALUE"
    #expect(capital.finding.fingerprint.hexadecimal == one.finding.fingerprint.hexadecimal)
    #expect(try store.record([one, capital]).states == [one.finding.fingerprint.hexadecimal: .new])
    #expect(try store.record([capital, one]).states == [one.finding.fingerprint.hexadecimal: .known])
    #expect(try store.record([]).gone == [one.finding.fingerprint.hexadecimal])
    #expect(try store.record([one, capital]).states == [one.finding.fingerprint.hexadecimal: .returned])
  }

  @Test func whatAPartialRunDidNotSeeIsNotGone() throws {
    try store.record([one, two])
    let partial = try store.record([one], isComplete: false)
    #expect(partial.gone.isEmpty)
    #expect(try store.shown(2).states == [one.finding.fingerprint.hexadecimal: .known])
    #expect(try store.record([one, two]).states.values.allSatisfy { $0 == .known })
    var differences = 0
    try store.difference(from: store.run(1), to: store.run(2)) { _ in differences += 1 }
    #expect(differences == 0)
    #expect(try store.isConsistent())
  }

  @Test func rulesThatAreNotInARunAreNotMended() throws {
    let other = Sample(rule: "other-rule", entry: 1)
    try store.record([one, other], rules: ["some-rule", "other-rule"])
    #expect(try store.record([one]).gone.isEmpty)
    #expect(try store.record([one]).gone.isEmpty)
    let again = try store.record([one, other], rules: ["some-rule", "other-rule"])
    #expect(again.states.values.allSatisfy { $0 == .known })
    #expect(try store.shown(2).states == [one.finding.fingerprint.hexadecimal: .known])
  }

  @Test func anotherHolderOfAKnownValueIsNews() throws {
    func group(_ holders: [Int]) -> Sample { Sample(entry: holders[0], holders: Array(holders.dropFirst())) }
    try store.record([group([1, 2])])
    #expect(try store.record([group([2, 1])]).states.values.first == .known)
    #expect(try store.record([group([2, 3, 1])]).states.values.first == .new)
    #expect(try store.record([group([3, 1, 2])]).states.values.first == .known)
    #expect(try store.record([group([3, 1])]).states.values.first == .known)
  }

  @Test func detailsAreThoseOfTheLastRunThatHadTheFinding() throws {
    var changed = one
    changed.message = "another message"
    try store.record([one])
    try store.record([changed])
    try store.record([])
    var lives: [FindingLife] = []
    try store.lives(of: .fingerprint(one.finding.fingerprint.hexadecimal)) { lives.append($0) }
    #expect(lives.map(\.finding.json) == [changed.json])
    #expect(lives.first?.intervals == [.init(from: 1, until: 3, endedUnjudged: false)])
  }

  /// More findings than the first table of fingerprints has room for, and a text of no bytes.
  @Test func manyFindingsAreToldApart() throws {
    let many = (0..<5_000).map { Sample(entry: $0) }
    #expect(try store.record(Array(many[..<3_000])).states.count == 3_000)
    let second = try store.record(many)
    #expect(second.states.values.filter { $0 == .known }.count == 3_000)
    #expect(second.states.values.filter { $0 == .new }.count == 2_000)
    let third = try store.record(Array(many[1_000...]))
    #expect(third.gone == Set(many[..<1_000].map(\.finding.fingerprint.hexadecimal)))
    #expect(try store.shown(3) == third)
    try store.record { recorder in
      try recorder.begin(head())
      #expect(try recorder.compare(Sample(entry: 9_999).finding) { _, _ in }.state == .new)
      try recorder.finish(Coverage(), FindingTally(), finishedAt: 1)
    }
    var empty: [UInt8]?
    try store.lives(of: .fingerprint(Sample(entry: 9_999).finding.fingerprint.hexadecimal)) { empty = $0.finding.json }
    #expect(empty == [])
    #expect(try store.isConsistent())
  }

  @Test func aRunThatDoesNotEndLeavesNothing() throws {
    struct Stop: Error {}
    try store.record([one])
    #expect(throws: Stop.self) {
      try store.record { recorder in
        try recorder.begin(head())
        _ = try recorder.compare(two.finding) { $1 += two.json }
        throw Stop()
      }
    }
    try store.record { recorder in
      try recorder.begin(head())
      _ = try recorder.compare(two.finding) { $1 += two.json }
    }
    #expect(try store.runs().count == 1)
    #expect(
      try store.record([one, two]).states == [
        one.finding.fingerprint.hexadecimal: .known, two.finding.fingerprint.hexadecimal: .new,
      ])
    #expect(try store.isConsistent())
  }

  @Test func anEntryIsFoundByEachOfItsNames() throws {
    var moved = one.finding
    moved.dn = .init("CN=Moved,OU=Left,DC=contoso,DC=com")
    try store.record([one, two, Sample(entry: 3, value: "shared", holders: [1])])
    try store.record { recorder in
      try recorder.begin(head())
      _ = try recorder.compare(moved) { $1 += Array("{}".utf8) }
      _ = try recorder.close(isComplete: true, judgedRules: ["some-rule"]) { _ in }
      try recorder.finish(Coverage(), FindingTally(), finishedAt: 1)
    }
    func found(_ subject: AuditStore.Subject) throws -> Int {
      var count = 0
      try store.lives(of: subject) { _ in count += 1 }
      return count
    }
    #expect(try found(.dn("cn=moved,ou=left,dc=contoso,dc=com")) == 2)
    #expect(try found(.dn("CN=User 1, DC=contoso, DC=com")) == 2)
    #expect(try found(.objectGUID(#require(Sample.guid(1)))) == 2)
    #expect(try found(.dn("CN=User 9,DC=contoso,DC=com")) == 0)
    #expect(try found(.fingerprint("00000000000000000000000000000000")) == 0)
    #expect(try found(.fingerprint("no fingerprint")) == 0)
    #expect(try found(.everything) == 3)
  }

  @Test func countsAndCoverageComeBack() throws {
    try store.record([one, two])
    try store.record([one], isComplete: false)
    let runs = try store.runs()
    #expect(runs.map(\.status) == [.complete, .partial])
    #expect(runs[0].counts.byState == [.new: 2] && runs[0].counts.byRule == ["some-rule": 2])
    #expect(runs[1].counts.byState == [.known: 1] && runs[1].coverage.gaps == ["something was not read"])
    #expect(runs[1].head.sources == ["export.ldif"] && runs[1].coverage.entriesRead == 100)
    #expect(try store.run(nil).number == 2)
    #expect(throws: StoreFailure.self) { try store.run(3) }
  }

  @Test func aTrendIsWhatTheRunsCameTo() throws {
    try store.record([one, two], at: 1_795_485_600)
    try store.record([one], at: 1_795_572_000, isComplete: false)
    try store.record { recorder in
      try recorder.refuse(head(at: 1_795_600_000), Coverage(), finishedAt: 1_795_600_000)
    }
    try store.record([one, two], at: 1_795_658_400)
    let trend = try store.trend(last: 10, upTo: 4)
    #expect(trend.map(\.run) == [1, 2, 4])
    #expect(trend.map(\.counts.total) == [2, 1, 2] && trend.map(\.isComplete) == [true, false, true])
    #expect(trend.first?.finishedAt == "2026-11-24T02:01:00Z")
    #expect(trend.map(\.counts) == [0, 1, 3].map { try? store.runs()[$0].counts })
    #expect(try store.trend(last: 2, upTo: 2).map(\.run) == [1, 2])
    #expect(try store.trend(last: 1, upTo: 4).map(\.run) == [4])
  }

  /// A store against a plain list of what each run had: random runs, some partial, some with fewer rules, some pruned.
  @Test(arguments: 1...6 as ClosedRange<UInt64>) func agreesWithAPlainList(seed: UInt64) throws {
    var random = SeededNumbers(state: seed)
    let rules: Set<String> = ["rule-a", "rule-b"]
    let pool = (0..<30).map { Sample(rule: $0 % 3 == 0 ? "rule-b" : "rule-a", entry: $0) }
    var model = PlainStore()
    for _ in 0..<25 {
      let judged = Int.random(in: 0..<5, using: &random) == 0 ? ["rule-a"] : rules
      let isComplete = Int.random(in: 0..<4, using: &random) > 0
      let samples = pool.filter { judged.contains($0.rule) && Int.random(in: 0..<10, using: &random) > 3 }
        .shuffled(using: &random)
      let outcome = try store.record(samples, isComplete: isComplete, rules: judged)
      #expect(outcome == model.record(samples, isComplete: isComplete, rules: judged, number: outcome.number))
      if Int.random(in: 0..<8, using: &random) == 0 {
        let keep = Int.random(in: 2...6, using: &random)
        _ = try store.prune(keep: keep, compacts: Bool.random(using: &random))
        model.prune(keep: keep)
      }
      for run in model.runs { #expect(try store.shown(run.number) == run.outcome) }
      if model.runs.count >= 2 {
        let (first, second) = (model.runs.randomElement(using: &random), model.runs.randomElement(using: &random))
        if let first, let second, first.number < second.number {
          var changes: [String: FindingState] = [:]
          try store.difference(from: store.run(first.number), to: store.run(second.number)) {
            changes[$0.fingerprint] = $0.state == .gone ? .gone : .new
          }
          #expect(changes == model.difference(first, second))
        }
      }
    }
    #expect(try store.isConsistent())
  }
}

/// The oracle: full lists, looked through each time.
private struct PlainStore {
  struct Run {
    var number: Int
    /// What was there as far as is known: what was seen, and what a partial run did not see.
    var present: Set<String>
    var unseen: Set<String>
    var outcome: Outcome
  }

  var runs: [Run] = []
  private var rules: [String: String] = [:]
  private var present: Set<String> = []
  /// Why what was there once is not there: gone, or not judged.
  private var ended: [String: (isGone: Bool, run: Int)] = [:]

  mutating func record(_ samples: [Sample], isComplete: Bool, rules judged: Set<String>, number: Int) -> Outcome {
    var outcome = Outcome(number: number)
    var seen: Set<String> = []
    for sample in samples {
      let fingerprint = sample.finding.fingerprint.hexadecimal
      rules[fingerprint] = sample.rule
      seen.insert(fingerprint)
      if present.contains(fingerprint) {
        outcome.states[fingerprint] = .known
      } else if let end = ended[fingerprint] {
        outcome.states[fingerprint] = end.isGone ? .returned : .known
      } else {
        outcome.states[fingerprint] = .new
      }
    }
    let missing = present.subtracting(seen)
    if isComplete {
      for fingerprint in missing {
        let isGone = rules[fingerprint].map(judged.contains) ?? false
        ended[fingerprint] = (isGone, number)
        if isGone { outcome.gone.insert(fingerprint) }
      }
      present = seen
    } else {
      present.formUnion(seen)
    }
    runs.append(
      Run(number: number, present: present, unseen: isComplete ? [] : missing, outcome: outcome))
    return outcome
  }

  mutating func prune(keep: Int) {
    guard runs.count > keep else { return }
    runs.removeFirst(runs.count - keep)
    let oldest = runs[0].number
    for (fingerprint, end) in ended where end.run < oldest && !present.contains(fingerprint) {
      ended[fingerprint] = nil
    }
  }

  func difference(_ first: Run, _ second: Run) -> [String: FindingState] {
    let unknown = first.unseen.union(second.unseen)
    var changes: [String: FindingState] = [:]
    for fingerprint in second.present.subtracting(first.present).subtracting(unknown) { changes[fingerprint] = .new }
    for fingerprint in first.present.subtracting(second.present).subtracting(unknown) { changes[fingerprint] = .gone }
    return changes
  }
}
