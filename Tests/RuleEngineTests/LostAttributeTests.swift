import Directory
import Entries
import Findings
import RuleSet
import Testing

@testable import RuleEngine

/// From the lack of a value nothing is concluded where the source has lost the value, or was perhaps never asked for it.
@Suite struct LostAttributeTests {
  private static let missing = SampleRule("present: true", id: "missing", on: "mail")
  private static let filtered = SampleRule(
    "absent: true", id: "filtered", on: "cn", appliesTo: "filter: \"(!(mail=*))\"")
  private static let elsewhere = SampleRule(
    "contained-in: { attribute: mail }", id: "elsewhere", on: "userPrincipalName")

  private static func program(_ exported: ExportedAttributes = .unknown) throws -> RuleProgram {
    let rules = try [missing, filtered, elsewhere].map { try $0.load() }
    var options = try SampleRun.options()
    options.exported = exported
    return try RuleProgram(
      rules: rules.map { RuleSelection.ActiveRule(rule: $0, severity: $0.severity) }, scope: nil, options: options)
  }

  /// `name rule` of each finding, and the rules that could not judge.
  private static func run(_ text: String, _ exported: ExportedAttributes = .unknown) throws -> (
    found: [String], unjudged: [String]
  ) {
    let file = try TemporaryFile(text)
    var found: [String] = []
    let summary = try Linter(program(exported), threads: 1).run([.file(file.path)]) {
      found.append("\($0.dn.text ?? "") \($0.rule)")
    }
    return (found.sorted(), summary.coverage.attributesNeverSeen.flatMap(\.rules).sorted())
  }

  private static func object(_ name: String, _ mail: String) -> String {
    #"{"DistinguishedName":"CN=\#(name)","ObjectClass":"user","CN":"\#(name)","UserPrincipalName":"\#(name)@x.de""#
      + mail + "}"
  }

  /// One object has the name of a type in place of its address, one has none, one has one.
  @Test func valuesThatWereLost() throws {
    let list = [
      Self.object("a", #","mail":"System.Collections.ArrayList""#), Self.object("b", #","mail":null"#),
      Self.object("c", #","mail":"c@x.de""#),
    ]
    let run = try Self.run("[\(list.joined(separator: ","))]")
    #expect(run.found == ["CN=b elsewhere", "CN=b filtered", "CN=b missing"])
    #expect(run.unjudged == [])
  }

  /// What a filter denies of a value that was lost may be true all the same.
  @Test func filtersOnValuesThatWereLost() throws {
    let rule = try SampleRule("absent: true", id: "denied", on: "cn", appliesTo: "filter: \"(!(mail=*@x.de))\"").load()
    let program = try RuleProgram(
      rules: [RuleSelection.ActiveRule(rule: rule, severity: rule.severity)], scope: nil, options: SampleRun.options())
    let list = [
      Self.object("a", #","mail":"System.Collections.ArrayList""#), Self.object("b", #","mail":null"#),
      Self.object("c", #","mail":"c@x.de""#), Self.object("d", #","mail":"d@y.de""#),
    ]
    let file = try TemporaryFile("[\(list.joined(separator: ","))]")
    var found: [String] = []
    _ = try Linter(program, threads: 1).run([.file(file.path)]) { found.append($0.dn.text ?? "") }
    #expect(found == ["CN=b", "CN=d"])
  }

  @Test func attributesThatWerePerhapsNotExported() throws {
    let text = "dn: CN=a\nobjectClass: user\ncn: a\nuserPrincipalName: a@x.de\n\n"
    let all = ["elsewhere", "filtered", "missing"]
    #expect(try Self.run(text).found == [])
    #expect(try Self.run(text).unjudged == all)
    #expect(try Self.run(text, .all).found == all.map { "CN=a \($0)" })
    #expect(try Self.run(text, .only(["mail"])).unjudged == [])
  }

  /// What one entry at a time finds is taken back at the end of its source in the same cases.
  @Test func oneEntryAtATime() throws {
    let program = try Self.program()
    let text = "dn: CN=a\nobjectClass: user\ncn: a\nuserPrincipalName: a@x.de\n\n"
    let file = try TemporaryFile(text)
    var reader = EntryReader(
      try Entries.open(.file(file.path), EntryRequest()), .all(numbering: program.attributes))
    let judge = EntryJudge(program)
    let page = try #require(try reader.next())
    let findings = page.entries.flatMap { judge.findings(of: $0) }
    #expect(findings.count == 3)
    let silenced = judge.silencedRules(attributesSeen: [], exported: .unknown, inapplicable: [])
    #expect(findings.allSatisfy { silenced.contains($0.ruleNumber) })
    _ = page.entries.flatMap { judge.findings(of: $0) }
    #expect(judge.silencedRules(attributesSeen: ["mail"], exported: .unknown, inapplicable: []).isEmpty)
  }

  /// An attribute that the directory cannot have is absent for certain; a rule that asks for its value has nothing to judge.
  @Test func attributesThatTheDirectoryCannotHave() throws {
    var coverage = AttributeCoverage(source: "x", slotCount: try Self.program().attributes.count)
    coverage.inapplicable = ["mail"]
    let program = try Self.program()
    let silenced = coverage.silencedRules(program).map { program.rules[$0].rule.id }.sorted()
    #expect(silenced == ["elsewhere", "missing"])
  }
}

/// A linked mailbox signs in by its account, shares its addresses with it, and has all else judged.
@Suite struct LinkedMailboxTests {
  private func run(_ mailbox: String, _ account: String) throws -> [String] {
    let selection = try RuleSelection(try RuleCatalogue.load(.all), ruleSet: "entra")
    let text = """
      dn: CN=Mailbox,OU=Exchange,DC=resource,DC=com
      objectClass: user
      cn: Mailbox
      objectSid:: AQUAAAAAAAUVAAAAoLLD1OX2BxgpOktcUQQAAA==
      sAMAccountName: mailbox
      userAccountControl: 514
      msExchRecipientTypeDetails: 2
      \(mailbox)

      dn: CN=Account,OU=People,DC=accounts,DC=com
      objectClass: user
      cn: Account
      objectSid:: AQUAAAAAAAUVAAAAobLD1OX2BxgpOktcUQQAAA==
      sAMAccountName: account
      userAccountControl: 512
      \(account)

      """
    let run = try SampleRun(text, selection.rules.map(\.rule), scope: selection.scope)
    return run.findings.filter { ["error", "warning"].contains("\($0.severity)") }.map {
      "\($0.dn.text?.prefix(5) ?? "") \($0.rule)"
    }
  }

  private let link = "msExchMasterAccountSid:: AQUAAAAAAAUVAAAAobLD1OX2BxgpOktcUQQAAA=="
  private let addresses = "mail: jo@contoso.com\nmailNickname: jo\nproxyAddresses: SMTP:jo@contoso.com"

  @Test func isOnePersonWithItsAccount() throws {
    let found = try run(
      "userPrincipalName: jo@resource.local\n\(addresses)\n\(link)",
      "userPrincipalName: jo@contoso.com\n\(addresses)")
    #expect(found == [])
  }

  @Test func anotherAccountIsAnotherPerson() throws {
    let other = "msExchMasterAccountSid:: AQUAAAAAAAUVAAAAorLD1OX2BxgpOktcUQQAAA=="
    let found = try run("\(addresses)\n\(other)", "userPrincipalName: jo@contoso.com\n\(addresses)")
    #expect(found.contains("CN=Ma primary-address-not-unique"))
  }

  /// The account of nobody (`NT AUTHORITY\\SELF`) that shared mailboxes name joins none of them to another.
  @Test func sharedMailboxesAreNotJoined() throws {
    let nobody = "msExchMasterAccountSid:: AQEAAAAAAAUKAAAA\nmsExchRecipientTypeDetails: 4"
    let text = """
      dn: CN=A,DC=x,DC=com
      objectClass: user
      cn: A
      objectSid:: AQUAAAAAAAUVAAAAoLLD1OX2BxgpOktcUQQAAA==
      userPrincipalName: a@contoso.com
      \(addresses)
      \(nobody)

      dn: CN=B,DC=x,DC=com
      objectClass: user
      cn: B
      objectSid:: AQUAAAAAAAUVAAAAobLD1OX2BxgpOktcUQQAAA==
      userPrincipalName: b@contoso.com
      \(addresses)
      \(nobody)

      """
    let selection = try RuleSelection(try RuleCatalogue.load(.all), ruleSet: "entra")
    let run = try SampleRun(text, selection.rules.map(\.rule), scope: selection.scope)
    #expect(run.findings.contains { $0.rule == "primary-address-not-unique" })
  }

  @Test func itsAddressesAreJudged() throws {
    let found = try run(
      "mail: jo@contoso.com\nmailNickname: jo\nproxyAddresses: SMTP:j o@contoso.com\n\(link)",
      "userPrincipalName: jo@contoso.com")
    #expect(found.contains { $0.hasPrefix("CN=Ma proxy-address-") })
  }
}
