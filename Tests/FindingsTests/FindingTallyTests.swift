import Findings
import TestFindings
import Testing

@Suite struct FindingTallyTests {
  /// However findings are counted, by the numbers of their rules or without, the counts are those of one after the other.
  @Test func countsWhatFindingCountsCounts() {
    var random = TestRandom(seed: 21)
    var tally = FindingTally()
    var counts = FindingCounts()
    var kinds: [FindingTally.Kind: Int] = [:]
    for _ in 0..<2_000 {
      let number = random.number(below: 5) - 1
      var finding = PackedFinding()
      finding.ruleNumber = number
      // Outside of a run a rule may be one of those that have a number in it.
      let rule = "rule-\(number < 0 ? random.number(below: 5) : number)"
      finding.head = PackedFinding.Head(
        rule: rule, severity: rule == "rule-1" ? .error : .warning, effect: rule == "rule-2" ? .blocked : .altered,
        certainty: .documented, labels: [])
      let place = random.number(below: FindingState.allCases.count + 1)
      finding.state = place < FindingState.allCases.count ? FindingState.allCases[place] : nil
      tally.count(finding)
      counts.count(finding.unpacked)
      kinds[
        .init(rule: finding.rule, severity: finding.severity, effect: finding.effect, state: finding.state), default: 0
      ] += 1
    }
    #expect(tally.counts == counts)
    #expect(tally.numbers == kinds)
    #expect(FindingTally().counts == FindingCounts())
  }
}
