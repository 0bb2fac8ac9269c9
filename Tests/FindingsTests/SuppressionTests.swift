import Bytes
import Directory
import Testing

@testable import Findings

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
      fingerprint: Fingerprint(low: 0xEFCD_AB89_6745_2301, high: 0xEFCD_AB89_6745_2301))
  }

  private func accepts(_ pattern: Suppression.Pattern, _ finding: Finding) -> Bool {
    var matcher = SuppressionMatcher([Suppression(pattern: pattern, reason: "r", owner: "o")], today: today)
    let isMatched = matcher.match(finding) != nil
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
    #expect(expired.match(finding())?.isExpired == true)
    #expect(expired.expired.count == 1)
    var lastDay = SuppressionMatcher([suppression("2026-11-24")], today: today)
    #expect(lastDay.match(finding())?.isExpired == false)
    var both = SuppressionMatcher([suppression("2020-01-01"), suppression(nil)], today: today)
    let match = both.match(finding())
    #expect(match?.isExpired == false && match?.suppression.expires == nil)
    #expect(both.unmatched.isEmpty)
  }
}
