import Findings
import TestFindings
import Testing

@Suite struct FindingTallyTests {
  /// However findings are counted, by the numbers of their rules or without, the numbers are those of one after the other.
  @Test func countsEveryFinding() {
    var random = TestRandom(seed: 21)
    var tally = FindingTally()
    var kinds: [FindingTally.Kind: Int] = [:]
    for _ in 0..<2_000 {
      let number = random.number(below: 5) - 1
      // Outside of a run a rule may be one of those that have a number in it.
      let rule = "rule-\(number < 0 ? random.number(below: 5) : number)"
      var finding = Finding(
        RuleSummary(
          id: rule, severity: rule == "rule-1" ? .error : .warning, effect: rule == "rule-2" ? .blocked : .altered,
          certainty: .documented))
      finding.layout.rule = Int32(number)
      let place = random.number(below: FindingState.allCases.count + 1)
      finding.state = place < FindingState.allCases.count ? FindingState.allCases[place] : nil
      tally.count(finding)
      kinds[
        .init(rule: finding.rule, severity: finding.severity, effect: finding.effect, state: finding.state), default: 0
      ] += 1
    }
    let counts = tally.counts
    let isThere: (FindingTally.Kind) -> Bool = { $0.state != .gone }
    #expect(counts.total == kinds.filter { isThere($0.key) }.values.reduce(0, +))
    for severity in Severity.allCases {
      let number = kinds.filter { isThere($0.key) && $0.key.severity == severity }.values.reduce(0, +)
      #expect(counts.bySeverity[severity] == (number > 0 ? number : nil))
    }
    for state in FindingState.allCases {
      #expect(counts.byState[state] == kinds.filter { $0.key.state == state }.values.reduce(0, +))
    }
    #expect(tally.numbers == kinds)
    var none = FindingCounts()
    none.harm = Harm()
    #expect(FindingTally().counts == none)
  }
}
