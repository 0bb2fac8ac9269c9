import Findings
import IdFix
import RuleSet
import Testing

@testable import RuleEngine

/// What becomes of several holders of one value: one finding, of the rule that they fit.
@Suite struct HolderTests {
  private static let rules = Result { try RuleSelection(RuleCatalogue.load(.all), ruleSet: "entra").rules.map(\.rule) }

  private static func record(_ name: String, _ objectClass: String, _ domain: String, _ lines: [String]) -> String {
    (["dn: CN=\(name),\(domain)", "objectClass: \(objectClass)", "cn: \(name)"] + lines).joined(separator: "\n")
  }

  private static func user(_ name: String, in domain: String = "DC=contoso,DC=com", _ lines: String...) -> String {
    record(name, "user", domain, ["sAMAccountName: \(name)"] + lines)
  }

  private static func contact(_ name: String, in domain: String = "DC=contoso,DC=com", _ lines: String...) -> String {
    record(name, "contact", domain, lines)
  }

  private static func group(_ name: String, _ lines: String...) -> String {
    record(name, "group", "DC=contoso,DC=com", ["sAMAccountName: \(name)", "groupType: -2147483640"] + lines)
  }

  /// Rules that found something shared.
  private func shared(_ records: [String]) throws -> [String] {
    let run = try SampleRun(records.joined(separator: "\n\n"), Self.rules.get(), recordsPerBatch: 1)
    return run.findings.filter { !$0.related.isEmpty && $0.rule != "target-address-not-unique" }.map(\.rule).sorted()
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var records: [String]
    var rules: [String]
  }

  static let cases: [Case] = [
    Case(
      testDescription: "sign-in name and secondary address",
      records: [
        user("a", "userPrincipalName: p@contoso.com"),
        user(
          "b", "userPrincipalName: b@contoso.com", "proxyAddresses: SMTP:b@contoso.com",
          "proxyAddresses: smtp:p@contoso.com"),
      ], rules: ["address-not-unique"]),
    Case(
      testDescription: "two primaries",
      records: [
        user("a", "userPrincipalName: a@contoso.com", "mail: p@contoso.com", "proxyAddresses: SMTP:p@contoso.com"),
        user("b", "userPrincipalName: b@contoso.com", "mail: p@contoso.com", "proxyAddresses: SMTP:p@contoso.com"),
      ], rules: ["primary-address-not-unique"]),
    Case(
      testDescription: "user and group",
      records: [
        user(
          "a", "userPrincipalName: p@contoso.com", "proxyAddresses: SMTP:a@contoso.com",
          "proxyAddresses: smtp:p@contoso.com"),
        group("b", "mail: p@contoso.com", "proxyAddresses: SMTP:p@contoso.com"),
      ], rules: ["user-and-group-address-not-unique"]),
    Case(
      testDescription: "masked mail",
      records: [
        user("a", "userPrincipalName: a@contoso.com", "mail: b@contoso.com", "proxyAddresses: SMTP:a@contoso.com"),
        user("b", "userPrincipalName: b@contoso.com", "mail: b@contoso.com", "proxyAddresses: SMTP:b@contoso.com"),
      ], rules: ["masked-mail-not-unique"]),
    Case(
      testDescription: "the contact of two forests",
      records: [
        contact(
          "jo", in: "DC=contoso,DC=com", "mail: jo@partner.com", "mailNickname: jo",
          "proxyAddresses: SMTP:jo@partner.com"),
        contact(
          "jo", in: "DC=fabrikam,DC=com", "mail: jo@partner.com", "mailNickname: jo",
          "proxyAddresses: SMTP:jo@partner.com"),
      ], rules: ["contacts-joined-by-mail"]),
    Case(
      testDescription: "GALSync",
      records: [
        contact(
          "jo", in: "DC=a,DC=com", "mail: jo@b.com", "mailNickname: jo", "targetAddress: SMTP:jo@b.com",
          "proxyAddresses: SMTP:jo@b.com"),
        user(
          "jo", in: "DC=b,DC=com", "userPrincipalName: jo@b.com", "mail: jo@b.com", "mailNickname: jo",
          "proxyAddresses: SMTP:jo@b.com"),
      ], rules: ["contact-joined-by-mail"]),
    Case(
      testDescription: "a contact and two users",
      records: [
        contact("c", "mail: p@contoso.com"),
        user("a", "userPrincipalName: a@contoso.com", "mail: p@contoso.com", "proxyAddresses: SMTP:p@contoso.com"),
        user("b", "userPrincipalName: b@contoso.com", "mail: p@contoso.com", "proxyAddresses: SMTP:p@contoso.com"),
      ], rules: ["primary-address-not-unique"]),
    Case(
      testDescription: "derived sign-in names",
      records: [
        user("ASPNET", in: "DC=contoso,DC=com"), user("ASPNET", in: "DC=emea,DC=contoso,DC=com"),
        user("a", "userPrincipalName: aspnet@contoso.com"),
      ], rules: ["derived-sign-in-not-unique", "sam-account-name-not-unique"]),
    Case(
      testDescription: "SIP addresses in two attributes",
      records: [
        user(
          "a", "userPrincipalName: a@contoso.com", "proxyAddresses: SMTP:a@contoso.com",
          "proxyAddresses: sip:x@contoso.com"),
        user("b", "userPrincipalName: b@contoso.com", "msRTCSIP-PrimaryUserAddress: SIP:x@contoso.com"),
      ], rules: ["sip-address-not-unique"]),
    Case(
      testDescription: "no address",
      records: [
        user("a", "userPrincipalName: @contoso.com"),
        user(
          "b", "userPrincipalName: b@contoso.com", "proxyAddresses: SMTP:b@contoso.com",
          "proxyAddresses: smtp:@contoso.com"),
      ], rules: []),
    Case(
      testDescription: "one person in two forests",
      records: [
        user(
          "a", in: "DC=a,DC=com", "userPrincipalName: jo@contoso.com", "mailNickname: jo",
          "mS-DS-ConsistencyGuid:: x4V0iaeB60KXxjftcwd7Hw=="),
        user(
          "b", in: "DC=b,DC=com", "userPrincipalName: jo@contoso.com", "mailNickname: jo",
          "mS-DS-ConsistencyGuid:: x4V0iaeB60KXxjftcwd7Hw=="),
      ], rules: ["source-anchor-not-unique"]),
  ]

  @Test(arguments: cases) func tellsWhatWillHappen(_ one: Case) throws {
    #expect(try shared(one.records) == one.rules)
    #expect(try shared(one.records.reversed()) == one.rules)
  }

  /// The name that is made is what the message says; the value shown is the one that is there.
  @Test func namesTheDerivedName() throws {
    let records = [Self.user("aspnet"), Self.user("b", "userPrincipalName: ASPNET@contoso.com")]
    let run = try SampleRun(records.joined(separator: "\n\n"), Self.rules.get())
    let finding = try #require(run.findings.first { $0.rule == "derived-sign-in-not-unique" })
    #expect(finding.value?.text == "aspnet")
    #expect(finding.attribute == "sAMAccountName")
    #expect(finding.message.hasPrefix("the sign-in name aspnet@contoso.com, which"))
  }
}
