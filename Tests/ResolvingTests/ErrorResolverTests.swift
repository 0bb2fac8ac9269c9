import Directory
import Findings
import IdFix
import Entries
import IdFix
import RuleEngine
import RuleSet
import SyncErrors
import TestSources
import Testing

@testable import Resolving

/// From errors to answers.
@Suite struct ErrorResolverTests {
  private static let ldif = """
    dn: CN=Jo,DC=c
    objectClass: user
    objectGUID:: 4AQlP4lP00GaDAMF6CwzAQ==
    userAccountControl: 514
    mail: jo@contoso.com
    displayName: Twin

    dn: CN=Al,DC=c
    objectClass: user
    objectGUID:: dYp3EtLpPUeUQ2Yzxg0yqA==
    mail: JO@contoso.com
    displayName: Twin

    """

  private func error(
    _ identifiers: [MentionedIdentifier], conflicts: [SyncError.Conflict] = [], attributes: [String] = [],
    time: String? = nil
  ) -> SyncError {
    var error = SyncError(message: "failed", location: SourceLocation(source: "in", line: 1))
    error.identifiers = identifiers
    error.conflicts = conflicts
    error.attributes = attributes
    error.first = time
    error.last = time
    return error
  }

  private func answers(
    _ errors: [SyncError], in texts: [String] = [ldif]
  ) throws -> (answers: [ResolvedError], outcome: ErrorResolver.Outcome) {
    let options = RuleProgram.Options(
      topLevelDomains: .shipped, verifiedDomains: nil, transliteration: .language(.latin))
    var resolver = ErrorResolver(try EntryFindings([], options: options)) { _ in nil }
    for error in errors { resolver.add(error) }
    var answers: [ResolvedError] = []
    let outcome = try resolver.run(
      .init(directory: texts.map(TextSource.place), connectorSpaces: [])
    ) { answers.append($0) }
    return (answers, outcome)
  }

  /// What another entry holds is not offered, though rules that compare entries have no say here.
  @Test(arguments: [("jo.doe@contoso.com", true), ("al@contoso.com", false)])
  func offersNobodyElsesAddress(_ address: String, _ isTaken: Bool) throws {
    let text = """
      dn: CN=Jo,DC=c
      objectClass: user
      objectGUID:: 4AQlP4lP00GaDAMF6CwzAQ==
      userPrincipalName: jo .doe@contoso.com

      dn: CN=Al,DC=c
      objectClass: user
      proxyAddresses: SMTP:\(address)

      """
    let rules = try RuleSelection(RuleCatalogue.load(.all), ruleSet: "entra").rules
    let options = RuleProgram.Options(
      topLevelDomains: .shipped, verifiedDomains: nil, transliteration: .language(.latin))
    var resolver = ErrorResolver(try EntryFindings(rules, options: options)) { _ in nil }
    resolver.add(
      error([MentionedIdentifier("4AQlP4lP00GaDAMF6CwzAQ==", .sourceAnchor)], attributes: ["userPrincipalName"]))
    var answers: [ResolvedError] = []
    _ = try resolver.run(.init(directory: [TextSource.place(text)], connectorSpaces: [])) { answers.append($0) }
    let finding = try #require(answers.first?.objects.first?.findings.first { $0.rule == "upn-white-space" })
    #expect((finding.suggestion == nil) == isTaken)
  }

  /// The routing address is looked for on the object, and what it should be is said.
  @Test func attributesOfAFailedMoveAreLookedAt() throws {
    let ldif = """
      dn: CN=Jo,DC=c
      objectClass: user
      mail: jo@contoso.com
      mailNickname: jo
      proxyAddresses: SMTP:jo@contoso.com

      dn: CN=Al,DC=c
      objectClass: user
      mail: al@contoso.com
      proxyAddresses: smtp:al@CONTOSO.mail.onmicrosoft.com

      """
    let catalogue = try SyncErrorCatalogue.load()
    let options = RuleProgram.Options(
      topLevelDomains: .shipped, verifiedDomains: nil, transliteration: .language(.latin))
    var resolver = ErrorResolver(try EntryFindings([], options: options)) { error in
      catalogue.definition(error.id).map { KnownError($0, of: error) }
    }
    for name in ["jo@contoso.com", "al@contoso.com"] {
      var failed = error([MentionedIdentifier(name, .userPrincipalName)])
      failed.id = "move-no-routing-address"
      failed.fields = ["routing-domain": "contoso.mail.onmicrosoft.com"]
      resolver.add(failed)
    }
    var remarks: [[String]] = []
    _ = try resolver.run(.init(directory: [TextSource.place(ldif)], connectorSpaces: [])) { answer in
      remarks.append(answer.objects.flatMap(\.remarks))
    }
    #expect(remarks.count == 2)
    #expect(
      remarks.first == [
        "The address in contoso.mail.onmicrosoft.com is missing; it should be smtp:jo@contoso.mail.onmicrosoft.com."
      ])
    #expect(remarks.last?.first?.contains("has an address in contoso.mail.onmicrosoft.com") == true)
  }

  /// A limit that several settings share is compared with their sum, repetitions among them.
  @Test func sumsOverErrors() throws {
    let definition = try #require(try SyncErrorCatalogue.load().definition("hybrid-migration-endpoint"))
    var endpoint = error([])
    endpoint.fields = ["migrations": "50"]
    let known = KnownError(definition, of: endpoint)
    #expect(known.excess(over: [endpoint, endpoint]) == nil)
    endpoint.count = 3
    #expect(known.excess(over: [endpoint])?.contains("allow 150 moves") == true)
  }

  /// An unlisted code is said to be unknown, and gets no other code's remedy.
  @Test func causesByCode() throws {
    let definition = try #require(try SyncErrorCatalogue.load().definition("password-sync-domain-failed"))
    var failed = error([])
    failed.code = "8453"
    #expect(KnownError(definition, of: failed).explanation.remedy.contains("Replicating Directory Changes"))
    failed.code = "4711"
    let unknown = KnownError(definition, of: failed).explanation
    #expect(unknown.cause.hasPrefix("The catalogue does not know the code 4711"))
    #expect(unknown.remedy == definition.remedy)
  }

  @Test func equalErrorsAreOne() throws {
    let jo = MentionedIdentifier("4AQlP4lP00GaDAMF6CwzAQ==", .sourceAnchor)
    let result = try answers([
      error([jo], time: "2021-10-20T23:51:28Z"), error([jo], time: "2021-10-19T00:00:00Z"),
      error([jo], attributes: ["mail"]),
    ])
    #expect(result.answers.count == 2)
    #expect(result.answers[0].error.count == 2)
    #expect(result.answers[0].error.first == "2021-10-19T00:00:00Z")
    #expect(result.answers[0].error.last == "2021-10-20T23:51:28Z")
    #expect(
      result.answers[1].objects.first?.attributes == [
        NamedValues(name: "mail", values: [AttributeValue("jo@contoso.com")])
      ])
    #expect(result.answers[1].objects.first?.remarks == ["No rule of the rule set judges mail."])
    #expect(result.answers[0].objects.first?.isEnabled == false)
    #expect(result.outcome.counts == [.resolved: 2])
  }

  /// A certain identifier hides weaker ones; without one, several objects are ambiguous.
  @Test func certainIdentifiersComeFirst() throws {
    let name = MentionedIdentifier("Twin", .displayName)
    let both = try answers([error([name, MentionedIdentifier("CN=Al,DC=c", .distinguishedName)])])
    #expect(both.answers.first?.status == .resolved)
    #expect(both.answers.first?.objects.map(\.matchedBy) == ["dn"])
    let weak = try answers([error([name])])
    #expect(weak.answers.first?.status == .ambiguous)
    #expect(weak.answers.first?.objects.count == 2)
  }

  @Test func everyHolderOfAValue() throws {
    let conflict = SyncError.Conflict(attribute: "Mail", value: "jo@contoso.com")
    let result = try answers([error([], conflicts: [conflict])])
    let answer = try #require(result.answers.first)
    #expect(answer.conflicts.first?.holders.map(\.dn) == [AttributeValue("CN=Jo,DC=c"), AttributeValue("CN=Al,DC=c")])
    #expect(answer.status == .ambiguous)
    let own = try answers([
      error(
        [MentionedIdentifier("CN=Al,DC=c", .distinguishedName)], conflicts: [.init(attribute: "Mail", value: "x@y.z")])
    ])
    #expect(own.answers.first?.remarks.first?.hasPrefix("No object of the sources holds x@y.z") == true)
  }

  /// The same object in two exports is one object.
  @Test func twoSourcesWithOneObject() throws {
    let jo = MentionedIdentifier("CN=Jo,DC=c", .distinguishedName)
    let result = try answers([error([jo])], in: [Self.ldif, Self.ldif])
    #expect(result.answers.first?.status == .resolved)
    #expect(result.outcome.reading.entriesRead == 4)
  }

  @Test func reasons() throws {
    let result = try answers([
      error([]), error([MentionedIdentifier("677e2ead-14e8-4e18-9b25-49d5c75472f1", .cloudObjectID)]),
      error([MentionedIdentifier("{2819A5C8-BE27-EC11-A970-000D3A1B4EEE}", .connectorSpaceID)]),
      error([MentionedIdentifier("S-1-5-21-1-2-3-4", .sid)]),
      error([MentionedIdentifier("{4AQlP4lP00GaDAMF6CwzAQ", .displayName)]),
    ])
    let reasons = result.answers.map(\.reason)
    #expect(result.answers.allSatisfy { $0.status == .unresolved })
    #expect(reasons[0] == "the error names no object")
    #expect(reasons[1].contains("id of an object in the cloud; give connector-space exports"))
    #expect(reasons[2].contains("id of a connector-space object"))
    #expect(reasons[3].hasSuffix("no entry has objectSid: export it, too"))
    #expect(result.outcome.open == result.answers.count - 1)
    #expect(result.answers[1].identifiers.first?.nature == .cloud)
  }

  @Test func manyObjectsAreCut() throws {
    let text = (0..<200).map { "dn: CN=U\($0),DC=c\nobjectClass: user\ndisplayName: Same\n\n" }.joined()
    let result = try answers([error([MentionedIdentifier("Same", .displayName)])], in: [text])
    #expect(result.answers.first?.objects.count == 50)
    #expect(result.answers.first?.reason.hasPrefix("more than 50 objects fit") == true)
  }

  /// Different errors do not pile up without a bound; repetitions of those that are held still count (F17).
  @Test func errorsBeyondWhatIsHeldAreCounted() {
    var groups = ErrorGroups(maximumSize: 3_000)
    for number in 0..<100 { groups.add(error([.init("CN=\(number),DC=c", .distinguishedName)])) }
    let held = groups.groups.count
    groups.add(error([.init("CN=0,DC=c", .distinguishedName)]))
    #expect((1..<10).contains(held) && groups.groups.count == held && groups.leftOut == 100 - held)
    #expect(groups.groups.first?.error.count == 2)
  }
}
