import Findings
import Foundation
import IdFix
import RuleSet
import Testing

@testable import RuleEngine

/// What the shipped rules say of address types and of what stands around an address.
@Suite struct ShippedAddressTests {
  private static let rules = Result { try RuleSelection(RuleCatalogue.load(.all), ruleSet: "entra").rules.map(\.rule) }

  private func run(_ records: String...) throws -> SampleRun {
    return try SampleRun(records.joined(separator: "\n\n"), Self.rules.get())
  }

  /// A user or contact with values beside those that make it a healthy one.
  private func record(_ name: String, _ lines: [String], of objectClass: String = "user") -> String {
    let own =
      objectClass == "user"
      ? ["sAMAccountName: \(name)", "mailNickname: \(name)"] : ["mail: \(name)@fabrikam.com", "mailNickname: \(name)"]
    return (["dn: CN=\(name),DC=contoso,DC=com", "objectClass: \(objectClass)", "cn: \(name)"] + own + lines)
      .joined(separator: "\n")
  }

  private func encoded(_ name: String, _ value: String) -> String {
    "\(name):: \(Data(value.utf8).base64EncodedString())"
  }

  // MARK: - Address types

  static let strangers = (0x20...0x7E).compactMap(Unicode.Scalar.init).map(String.init) + ["é", "Ѕ"]

  /// Kind: what falls between the rules about types. Any character before, in and after the type of an address is told.
  @Test(arguments: ["proxyAddresses", "targetAddress"])
  func everyCharacterInATypeIsTold(_ attribute: String) throws {
    // One run over all of them: an entry for each value, with addresses of its own.
    let types = Self.strangers.flatMap { stranger in
      ["\(stranger)smtp", "sm\(stranger)tp", "smtp\(stranger)"].map { (stranger: stranger, type: $0) }
    }
    let records = types.enumerated().map { number, type in
      record(
        "u\(number)",
        [
          "userPrincipalName: u\(number)@contoso.com", "proxyAddresses: SMTP:u\(number)@contoso.com",
          encoded(attribute, "\(type.type):u\(number).lee@contoso.com"),
        ])
    }
    let findings = try Dictionary(grouping: run(records.joined(separator: "\n\n")).findings) { $0.value?.text ?? "" }
    for (number, (stranger, type)) in types.enumerated() {
      let value = "\(type):u\(number).lee@contoso.com"
      let found = findings[value] ?? []
      #expect(!found.isEmpty, "\(attribute): \(value)")
      let isWord = stranger.unicodeScalars.allSatisfy { $0.isASCII && $0.properties.isAlphabetic }
      guard !isWord, !":;".contains(stranger) else { continue }
      let made = found.compactMap { $0.suggestion?.value?.text }
      #expect(made.contains("smtp:u\(number).lee@contoso.com"), "\(attribute): \(value) \(made)")
    }
  }

  // MARK: - What is suggested

  struct Row: Sendable, CustomTestStringConvertible {
    var attribute: String
    var value: String
    var made: String?
    var testDescription: String { "\(attribute): \(value)" }
  }

  static let rows: [Row] = [
    Row(attribute: "proxyAddresses", value: "smtp:Ann Lee <ann.lee@contoso.com>", made: "smtp:ann.lee@contoso.com"),
    Row(attribute: "proxyAddresses", value: "Ann Lee <smtp:ann.lee@contoso.com>;", made: "smtp:ann.lee@contoso.com"),
    Row(attribute: "proxyAddresses", value: "smtp:Ann <ann.lee@contoso.com> and others", made: nil),
    Row(attribute: "proxyAddresses", value: "smtp:a.lee@contoso.com;ann.lee@contoso.com", made: nil),
    Row(attribute: "proxyAddresses", value: "smtp;ann2@contoso.com", made: "smtp:ann2@contoso.com"),
    Row(attribute: "userPrincipalName", value: "smtp=ann2@contoso.com", made: "ann2@contoso.com"),
    Row(attribute: "userPrincipalName", value: "/o=Contoso/cn=ann2@contoso.com", made: nil),
    Row(attribute: "proxyAddresses", value: "\"SMTP:ann2@contoso.com\"", made: "smtp:ann2@contoso.com"),
    Row(attribute: "proxyAddresses", value: "mailto:ann2@contoso.com", made: nil),
    Row(attribute: "proxyAddresses", value: "ЅМТР:ann2@contoso.com", made: "smtp:ann2@contoso.com"),
    Row(attribute: "proxyAddresses", value: "ｓｍｔｐ：ann2@contoso.com", made: "smtp:ann2@contoso.com"),
    Row(attribute: "proxyAddresses", value: "smtp:ann(home)@contoso.com", made: nil),
    Row(attribute: "proxyAddresses", value: "smtp:o’brien@contoso.com", made: "smtp:o'brien@contoso.com"),
    Row(attribute: "proxyAddresses", value: "smtp:аnn2@contoso.com", made: "smtp:ann2@contoso.com"),
    Row(attribute: "proxyAddresses", value: "smtp:ａｎｎ2@contoso.com", made: "smtp:ann2@contoso.com"),
    Row(attribute: "proxyAddresses", value: "smtp:андрей@contoso.com", made: nil),
    Row(attribute: "targetAddress", value: "SMTP:Ann <ann@fabrikam.com>", made: "SMTP:ann@fabrikam.com"),
    Row(attribute: "targetAddress", value: "SMTP:ann lee@fabrikam.com", made: nil),
    Row(attribute: "targetAddress", value: "ann@fabrikam.com", made: "smtp:ann@fabrikam.com"),
    Row(attribute: "mail", value: "Ann Lee <ann.lee@contoso.com>", made: "ann.lee@contoso.com"),
    Row(attribute: "mail", value: "SMTP:ann.lee@contoso.com", made: "ann.lee@contoso.com"),
    Row(attribute: "mail", value: "ann.lee@contoso.com;a.lee@contoso.com", made: nil),
  ]

  /// Kind: characters that are syntax are read, not deleted.
  @Test(arguments: rows) func suggests(_ row: Row) throws {
    var lines = ["userPrincipalName: ann@contoso.com", encoded(row.attribute, row.value)]
    if row.attribute != "mail" { lines.append("proxyAddresses: SMTP:ann@contoso.com") }
    let found = try run(record("ann", lines)).findings.filter { $0.value?.text == row.value }
    #expect(!found.isEmpty)
    #expect(Set(found.map { $0.suggestion?.value?.text }) == [row.made])
  }

  @Test(arguments: [
    ("smtp:ann@contoso.com", "ann@contoso.com"), ("o’brien@contoso.com", "o'brien@contoso.com"),
    ("<ann@contoso.com>", "ann@contoso.com"), ("ann;lee@contoso.com", nil),
  ])
  func suggestsForSignInNames(_ value: String, _ made: String?) throws {
    let run = try run(record("ann", [encoded("userPrincipalName", value), "proxyAddresses: SMTP:a.lee@contoso.com"]))
    #expect(Set(run.findings.filter { $0.value?.text == value }.map { $0.suggestion?.value?.text }) == [made])
  }

  /// A letter and its mark are spelt as the one letter that they make.
  @Test func composesBeforeItSpells() throws {
    let rule = try #require(try Self.rules.get().first { $0.id == "upn-non-ascii" })
    let lines = [encoded("userPrincipalName", "ju\u{308}rgen@contoso.com")]
    let run = try SampleRun(record("j", lines), [rule], options: SampleRun.options(.german))
    #expect(run.suggestions == ["juergen@contoso.com"])
  }

  /// Kind: nobody is offered what is somebody else's, whatever the attribute.
  @Test func suggestsNobodyElsesAddress() throws {
    let owner = record(
      "team",
      ["mail: team@contoso.com", "userPrincipalName: team@contoso.com", "proxyAddresses: SMTP:team@contoso.com"])
    let others = [
      record("a", ["mail: team@contoso.com"]),
      record("b", ["userPrincipalName: te am@contoso.com", "proxyAddresses: SMTP:b@contoso.com"]),
      record(
        "c",
        ["userPrincipalName: c@contoso.com", "proxyAddresses: SMTP:c@contoso.com", "targetAddress: team@contoso.com"]),
    ]
    for other in others {
      let run = try run(owner, other)
      #expect(run.findings.count { $0.suggestion != nil } == 0, "\(run.findings.map { ($0.rule, $0.suggestion) })")
      #expect(run.findings.contains { $0.dn.text?.hasPrefix("CN=team") == false })
    }
  }

  /// What lies at a partner's is not spelt anew: the plain letters may be another mailbox there.
  @Test func respellsNoAddressOfAContact() throws {
    let run = try run(
      record(
        "ext", [encoded("proxyAddresses", "SMTP:zoë@fabrikam.com"), "targetAddress: SMTP:ext@fabrikam.com"],
        of: "contact"))
    #expect(run.findings.contains { $0.rule == "proxy-address-non-ascii" })
    #expect(run.findings.allSatisfy { $0.suggestion == nil })
  }
}
