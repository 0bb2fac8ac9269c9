import Directory
import Testing

@testable import Findings

@Suite struct CalendarDateTests {
  @Test func readsDaysThatExist() {
    #expect(CalendarDate("2027-03-31")?.description == "2027-03-31")
    #expect(CalendarDate("2024-02-29") != nil)
    for text in ["2023-02-29", "2027-13-01", "2027-00-10", "2027-04-31", "27-04-30", "2027-4-30", "2027-04-30 ", ""] {
      #expect(CalendarDate(text) == nil, "\(text)")
    }
  }

  @Test func countsDaysBothWays() throws {
    for (seconds, text) in [
      (0, "1970-01-01"), (-1, "1969-12-31"), (951_782_400, "2000-02-29"), (1_795_485_600, "2026-11-24"),
      (4_107_542_399, "2100-02-28"), (4_107_542_400, "2100-03-01"),
    ] {
      #expect(CalendarDate(epochSeconds: seconds).description == text)
      #expect(CalendarDate(epochSeconds: seconds).daysSinceEpoch * 86_400 <= seconds)
    }
    for day in stride(from: -800_000, to: 2_900_000, by: 977) {
      let date = CalendarDate(epochSeconds: day * 86_400)
      #expect(date.daysSinceEpoch == day)
      if date.year > 0 { #expect(CalendarDate(date.description) == date) }
    }
    #expect(Timestamp.text(epochSeconds: 1_795_485_600) == "2026-11-24T02:00:00Z")
    let early = try #require(CalendarDate("2026-11-23"))
    let late = try #require(CalendarDate("2026-12-01"))
    #expect(early < late)
  }
}

@Suite struct SuppressionMatcherTests {
  private let guid = GUID(Array(0..<16 as Range<UInt8>))
  private let today = CalendarDate(epochSeconds: 1_795_485_600)

  private func finding(
    rule: String = "some-rule", dn: String = "CN=Jo,DC=contoso,DC=com", guid: GUID? = nil, attribute: String = "mail",
    value: String? = "jo@contoso.com", related: [RelatedValue] = []
  ) -> Finding {
    Finding(
      rule: rule, severity: .error, effect: .blocked, certainty: .documented, dn: AttributeValue(dn), objectGUID: guid,
      objectClass: "user", attribute: attribute, value: value.map { AttributeValue($0) }, valueIndex: 0, spans: [],
      message: "", suggestion: nil, location: SourceLocation(source: "x"), related: related,
      fingerprint: "0123456789abcdef0123456789abcdef")
  }

  private func accepts(_ pattern: Suppression.Pattern, _ finding: Finding) -> Bool {
    var matcher = SuppressionMatcher([Suppression(pattern: pattern, reason: "r", owner: "o")], today: today)
    let isMatched = matcher.match(PackedFinding(finding)) != nil
    #expect(matcher.unmatched.isEmpty == isMatched)
    return isMatched
  }

  @Test func everyGivenPartMustFit() {
    let text = guid?.description ?? ""
    #expect(accepts(.init(rule: "some-rule", attribute: "MAIL"), finding()))
    #expect(accepts(.init(rule: "some-rule", object: "cn=JO, dc=contoso,DC=com"), finding()))
    #expect(accepts(.init(rule: "some-rule", object: "{\(text.uppercased())}"), finding(guid: guid)))
    #expect(accepts(.init(rule: "some-rule", value: "JO@Contoso.com"), finding()))
    #expect(accepts(.init(fingerprint: "0123456789ABCDEF0123456789abcdef"), finding()))
    #expect(!accepts(.init(rule: "other-rule", attribute: "mail"), finding()))
    #expect(!accepts(.init(rule: "some-rule", object: text), finding()))
    #expect(!accepts(.init(rule: "some-rule", object: "CN=Jo,DC=contoso,DC=com", value: "x"), finding()))
    #expect(!accepts(.init(rule: "some-rule", attribute: "cn", value: "jo@contoso.com"), finding()))
    #expect(!accepts(.init(rule: "some-rule", value: "jo@contoso.com"), finding(value: nil)))
    #expect(!accepts(.init(fingerprint: "1123456789abcdef0123456789abcdef"), finding()))
  }

  @Test func anyHolderOfADuplicateFits() {
    let other = RelatedValue(
      dn: AttributeValue("CN=Other,DC=contoso,DC=com"), objectGUID: guid, objectClass: "user",
      attribute: "proxyAddresses", value: AttributeValue("smtp:jo@contoso.com"), location: SourceLocation(source: "x"))
    let duplicate = finding(related: [other])
    #expect(accepts(.init(rule: "some-rule", object: guid?.description), duplicate))
    #expect(accepts(.init(rule: "some-rule", object: "CN=Other,DC=contoso,DC=com"), duplicate))
    #expect(accepts(.init(rule: "some-rule", attribute: "proxyAddresses", value: "SMTP:jo@contoso.com"), duplicate))
    // Attribute and value have to fit the same holder.
    #expect(!accepts(.init(rule: "some-rule", attribute: "mail", value: "SMTP:jo@contoso.com"), duplicate))
  }

  @Test func oneThatHoldsWinsOverOneThatHasExpired() {
    func suppression(_ expires: String?) -> Suppression {
      Suppression(
        pattern: .init(rule: "some-rule", attribute: "mail"), reason: "r", owner: "o",
        expires: expires.flatMap { CalendarDate($0) })
    }
    var expired = SuppressionMatcher([suppression("2026-11-23")], today: today)
    #expect(expired.match(PackedFinding(finding()))?.isExpired == true)
    #expect(expired.expired.count == 1)
    var lastDay = SuppressionMatcher([suppression("2026-11-24")], today: today)
    #expect(lastDay.match(PackedFinding(finding()))?.isExpired == false)
    var both = SuppressionMatcher([suppression("2020-01-01"), suppression(nil)], today: today)
    let match = both.match(PackedFinding(finding()))
    #expect(match?.isExpired == false && match?.suppression.expires == nil)
    #expect(both.unmatched.isEmpty)
  }
}
