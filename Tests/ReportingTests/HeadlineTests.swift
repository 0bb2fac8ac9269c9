import Directory
import Findings
import Testing

@testable import Reporting

/// The sentence that can be repeated.
@Suite struct HeadlineTests {
  private func run(_ trend: [(String, Int)] = [], causes: [Cause] = []) -> RunDescription {
    var run = RunDescription(
      version: "1.0", ruleSet: "entra", sources: ["export.ldif"], startedAt: "2026-11-30T02:00:00Z",
      trend: trend.enumerated().map { number, point in
        var counts = FindingCounts()
        counts.count(.init(rule: "a", severity: .error, effect: .dropped, state: .known), number: point.1)
        return TrendPoint(run: number, finishedAt: point.0, isComplete: true, counts: counts)
      })
    run.causes = causes
    return run
  }

  private func counts(_ findings: [Finding]) -> FindingCounts {
    var tally = FindingTally()
    for finding in findings { tally.count(finding) }
    return tally.counts
  }

  private func blocked(_ name: String, objectClass: String = "user") -> Finding {
    var blocked = finding(effect: .blocked, dn: "CN=\(name),DC=contoso")
    blocked.objectClass = objectClass
    return blocked
  }

  @Test func whatIsLostIsCountedOnce() {
    let shared = finding(
      rule: "primary-address-not-unique", effect: .blocked, dn: "CN=A,DC=c",
      related: [holder("CN=B,DC=c"), holder("CN=C,DC=c")])
    let conflict = finding(effect: .quarantined, dn: "CN=Q,DC=c")
    var other = finding(dn: "CN=L,DC=c", attribute: "mail")
    other.valueIndex = 0
    let findings = [
      // Two on one object, one of them of its value a second time.
      blocked("X"), blocked("X"), shared, finding(dn: "CN=L,DC=c"), finding(rule: "second", dn: "CN=L,DC=c"), other,
      conflict,
    ]
    // Of the three who share an address two do not arrive; they are groups.
    #expect(Headline.text(run(), counts(findings)) == "3 objects will not arrive, 2 addresses are lost, 1 conflict")
    #expect(Headline.text(run(), counts([blocked("X")])) == "1 account will not arrive")
    #expect(Headline.text(run(), counts([finding(attribute: "userCertificate")])) == "1 value is lost")
  }

  @Test func whatIsInformationOrAcceptedIsNoHarm() {
    var accepted = blocked("X")
    accepted.state = .suppressed
    var gone = blocked("Y")
    gone.state = .gone
    #expect(Headline.text(run(), counts([finding(severity: .info), accepted, gone])) == nil)
    let degraded = finding(severity: .warning, effect: .degraded)
    #expect(Headline.text(run(), counts([degraded])) == "nothing is lost, but 1 object needs attention")
  }

  @Test func theLastRunIsNamedByItsDay() {
    let counts = counts((0..<7).map { finding(dn: "CN=\($0),DC=c") })
    func sentence(_ time: String, _ number: Int) -> String? { Headline.text(run([(time, number)]), counts) }
    #expect(sentence("2026-11-29T02:10:00Z", 3) == "7 addresses are lost; 4 more than yesterday")
    #expect(sentence("2026-11-24T02:10:00Z", 9) == "7 addresses are lost; 2 fewer than on 2026-11-24")
    #expect(sentence("2026-11-30T01:10:00Z", 7) == "7 addresses are lost; as many as in the last run")
  }

  @Test func causesAreAddedUpWhereTheyShareNothing() {
    func cause(_ kind: Cause.Kind, _ findings: Int, _ rules: [String]) -> Cause {
      Cause(
        kind: kind, name: AttributeValue("x"), objects: 3, findings: findings, rules: rules, remedy: "")
    }
    let counts = counts((0..<100).map { finding(dn: "CN=\($0),DC=c") })
    let causes = [cause(.domain, 60, ["a", "b"]), cause(.rule, 40, ["b"]), cause(.rule, 31, ["c"])]
    #expect(
      Headline.text(run(causes: causes), counts) == "100 addresses are lost; 2 causes make 91 % of all findings")
    #expect(Headline.text(run(causes: [cause(.rule, 49, ["c"])]), counts) == "100 addresses are lost")
  }

  @Test func theShareOfCleanObjectsIsNeverRoundedUp() {
    var harm = Harm()
    harm.objects = 1
    #expect(Headline.cleanShare(harm, of: 100_000) == "99.9 %")
    #expect(Headline.cleanShare(Harm(), of: 10) == "100 %")
    #expect(Headline.cleanShare(harm, of: 0) == nil)
    harm.objects = 11
    // Holders that were out of scope make the share unknown.
    #expect(Headline.cleanShare(harm, of: 10) == nil)
  }
}
