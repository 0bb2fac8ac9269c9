@testable import Stores
import Findings
import Foundation
import GRDB
import Testing

@Suite struct ExportTrustTests {
  private func coverage(_ entries: Int, _ attributes: [String: Int] = [:], lost: Int = 0) -> Coverage {
    var coverage = Coverage()
    coverage.entriesRead = entries
    coverage.recordsLost = lost
    coverage.attributeCounts = attributes
    return coverage
  }

  private func doubts(
    _ now: Coverage, _ head: RunHead = head(sourceTime: 10_000), newestChange: Int? = nil, before: Coverage,
    lastChange: Int? = nil
  ) -> [String] {
    ExportTrust.doubts(
      now, head: head, newestChange: newestChange,
      last: StoredRun(
        number: 7, head: StoresTests.head(sourceTime: 10_000), finishedAt: 0, status: .complete,
        newestChange: lastChange, coverage: before, counts: FindingCounts()))
  }

  @Test func aThirdMissingIsTooMuch() {
    #expect(doubts(coverage(67), before: coverage(100)).isEmpty)
    #expect(doubts(coverage(66), before: coverage(100)) == ["34 of 100 entries of run 7 are missing"])
    #expect(doubts(coverage(2), before: coverage(3)).count == 1)
    #expect(doubts(coverage(0), before: coverage(0)).isEmpty)
    #expect(doubts(coverage(1_000), before: coverage(100)).isEmpty)
    // Records that could not be read are there.
    #expect(doubts(coverage(60, lost: 30), before: coverage(100)).isEmpty)
    var outOfScope = coverage(100)
    outOfScope.outOfScope = [.init(reason: "object class contact", count: 50)]
    #expect(doubts(outOfScope, before: coverage(100)) == ["50 of 100 entries in scope of run 7 are missing"])
  }

  @Test func anAttributeThatManyHadMustNotVanish() {
    #expect(
      doubts(coverage(100, ["mail": 0, "cn": 100]), before: coverage(100, ["mail": 12, "cn": 100])) == [
        "no entry has mail any more, which 12 had in run 7"
      ])
    #expect(doubts(coverage(100, ["mail": 0]), before: coverage(100, ["mail": 9])).isEmpty)
    #expect(doubts(coverage(3, ["mail": 0]), before: coverage(3, ["mail": 1])).isEmpty)
    #expect(doubts(coverage(3, ["mail": 0]), before: coverage(3, ["mail": 2])).count == 1)
    // Another rule set does not look at the attribute.
    #expect(doubts(coverage(100), before: coverage(100, ["mail": 12])).isEmpty)
  }

  @Test func anOlderExportIsNoNewOne() {
    #expect(doubts(coverage(1), head(sourceTime: 6_400), before: coverage(1)).isEmpty)
    #expect(doubts(coverage(1), head(sourceTime: 6_399), before: coverage(1)).count == 1)
    #expect(doubts(coverage(1), head(sourceTime: nil), before: coverage(1)).isEmpty)
    #expect(doubts(coverage(1), newestChange: 1, before: coverage(1), lastChange: 86_400).count == 1)
    #expect(doubts(coverage(1), newestChange: 86_400, before: coverage(1), lastChange: 86_400).isEmpty)
  }

  @Test func otherEntriesAreNoComparison() {
    let chosen = head(sourceTime: 10_000, selection: "--base DC=contoso,DC=com")
    #expect(
      doubts(coverage(1), chosen, before: coverage(1)) == [
        "other entries were chosen than in run 7 (--base DC=contoso,DC=com, then all of them)"
      ])
  }
}
