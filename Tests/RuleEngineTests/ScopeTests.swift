import Findings
import RuleSet
import Testing

@testable import RuleEngine

/// Which entries are judged, and what the coverage says of the others.
@Suite struct ScopeTests {
  private static let always = SampleRule("absent: true", on: "cn", appliesTo: "object-class: [any]")

  private static let scope = Scope(
    name: "sample", objectClasses: ["user", "inetorgperson", "group", "contact"],
    exclusions: [
      exclusion("critical", [], "(isCriticalSystemObject=*)"),
      exclusion("opted out", ["user"], "(adminDescription=User_*)"),
      exclusion("opted out", ["group"], "(adminDescription=Group_*)"),
      exclusion("replication conflict", [], "(distinguishedName=*\\5c0ACNF:*)"),
    ], location: .init(source: "sample"))

  private static func exclusion(_ reason: String, _ classes: [String], _ filter: String) -> Scope.Exclusion {
    Scope.Exclusion(
      reason: reason, objectClasses: classes, filter: (try? Filter(parsing: filter)) ?? .or([]), references: [])
  }

  private static func entry(_ dn: String, _ classes: [String], _ more: [String] = []) -> String {
    (["dn: \(dn)"] + classes.map { "objectClass: \($0)" } + ["cn: x", "sAMAccountName: x"] + more).joined(
      separator: "\n") + "\n"
  }

  private static let directory = [
    entry("CN=A,DC=contoso,DC=com", ["top", "person", "organizationalPerson", "user"]),
    entry("CN=B,DC=contoso,DC=com", ["top", "person", "organizationalPerson", "user", "computer"]),
    entry("CN=C,DC=contoso,DC=com", ["USER"], ["isCriticalSystemObject: FALSE", "adminDescription: User_1"]),
    entry("CN=D,DC=contoso,DC=com", ["user"], ["adminDescription: user_x"]),
    entry("CN=E,DC=contoso,DC=com", ["group"], ["adminDescription: user_x"]),
    entry("CN=F,DC=contoso,DC=com", ["group"], ["adminDescription: Group_x"]),
    entry("CN=G\\0ACNF:1,DC=contoso,DC=com", ["contact"]), entry("CN=H,DC=contoso,DC=com", ["organizationalUnit"]),
    entry("CN=I,DC=contoso,DC=com", ["user", "inetOrgPerson"]),
    entry("CN=J,DC=contoso,DC=com", ["inetOrgPerson", "user"]),
    entry("CN=K,DC=contoso,DC=com", ["strange"]), entry("CN=L,DC=contoso,DC=com", ["computer", "user"]),
    entry("CN=M,DC=contoso,DC=com", ["msDS-GroupManagedServiceAccount", "computer", "user"]),
  ].joined(separator: "\n")

  /// Options of a run over an export of which nobody knows what was asked for.
  private static func unknownExport() throws -> RuleProgram.Options {
    var options = try SampleRun.options()
    options.exported = .unknown
    return options
  }

  private static func names(_ run: SampleRun) -> String {
    run.findings.map { String($0.dn.text?.dropFirst(3).prefix(1) ?? "") }.joined()
  }

  @Test func exclusionsAreCountedByReason() throws {
    let run = try SampleRun(Self.directory, [Self.always], scope: Self.scope)
    #expect(Self.names(run) == "AEIJ")
    #expect(run.coverage.entriesRead == 13)
    #expect(run.coverage.entriesJudged == 4)
    #expect(
      run.coverage.outOfScope.map { "\($0.reason) \($0.count)" } == [
        "object class computer 2", "opted out 2", "critical 1",
        "object class msDS-GroupManagedServiceAccount 1", "object class organizationalUnit 1", "object class strange 1",
        "replication conflict 1",
      ])
    #expect(run.coverage.isComplete)
    #expect(run.findings.map(\.objectClass) == ["user", "group", "inetOrgPerson", "inetOrgPerson"])
  }

  /// What synchronization leaves out is missing in the cloud without an error, so it is named; classes of objects that never
  /// synchronize are counted only.
  @Test func whatTheScopeLeavesOutIsNamed() throws {
    let run = try SampleRun(Self.directory, [Self.always], scope: Self.scope)
    let named = run.coverage.outOfScope.filter { !$0.names.isEmpty }
    #expect(
      named.map { "\($0.reason): \($0.names.map { $0.text ?? "" }.joined(separator: " "))" } == [
        "opted out: CN=D,DC=contoso,DC=com CN=F,DC=contoso,DC=com", "critical: CN=C,DC=contoso,DC=com",
        "replication conflict: CN=G\\0ACNF:1,DC=contoso,DC=com",
      ])
  }

  @Test func aThousandAreNamedAndTheOthersCounted() throws {
    let text = (1...1200).map { Self.entry("CN=\($0),DC=c", ["user"], ["isCriticalSystemObject: TRUE"]) }
    let reason = try #require(
      try SampleRun(text.joined(separator: "\n"), [Self.always], scope: Self.scope).coverage.outOfScope.first)
    #expect(reason.count == 1200 && reason.names.count == 1000)
    #expect(reason.names.first?.text == "CN=1,DC=c" && reason.names.last?.text == "CN=1000,DC=c")
  }

  /// Who means it may select nobody; an exclusion that excludes nobody is remarked on.
  @Test func whatSelectsNobodyIsTold() throws {
    var options = try Self.unknownExport()
    options.bases = [Array("DC=x".utf8)]
    options.excludedBases = [Array("DC=y".utf8)]
    options.filter = try Filter(parsing: "(employeeID=1)")
    let strict = try SampleRun(Self.directory, [Self.always], options: options).coverage
    #expect(strict.gaps.count == 2 && strict.remarks.count == 1)
    options.allowsEmpty = true
    let lenient = try SampleRun(Self.directory, [Self.always], options: options).coverage
    #expect(lenient.gaps.isEmpty && lenient.remarks.count == 3)
  }

  @Test func includeOutOfScopeJudgesEverything() throws {
    var options = try SampleRun.options()
    options.includesOutOfScope = true
    let run = try SampleRun(Self.directory, [Self.always], scope: Self.scope, options: options)
    #expect(Self.names(run) == "ABCDEFGHIJKLM")
    #expect(run.coverage.outOfScope == [])
  }

  /// An entry that synchronization leaves out is no side of a duplicate, but what it holds is nobody else's.
  @Test func excludedEntriesMakeNoDuplicates() throws {
    let text = [
      Self.entry("CN=A,DC=c", ["user"], ["mail: jo@c"]),
      Self.entry("CN=B,DC=c", ["user"], ["mail: jo@c", "isCriticalSystemObject: TRUE"]),
      Self.entry("CN=C,DC=c", ["user"], ["mail: j o@c"]),
    ]
    let rules = [
      SampleRule("unique: {}", id: "unique"),
      SampleRule("characters: { forbidden: [\" \"] }", id: "space", suggestion: "remove-characters: true"),
    ]
    let run = try SampleRun(text.joined(separator: "\n"), rules, scope: Self.scope)
    #expect(run.lines == ["space mail j[ ]o@c"])
    let alone = try SampleRun(text.dropFirst().joined(separator: "\n"), rules, scope: Self.scope)
    #expect(alone.suggestions == [nil])
  }

  @Test(
    arguments: [
      ("object-class: [user]", "ACD"), ("object-class: [Computer]", "BL"), ("object-class: [any]", "ABCDEFGHIJKLM"),
      ("object-class: [inetOrgPerson]", "IJ"), ("object-class: [strange]", "K"),
      ("object-class: [contact, group]", "EFG"),
      ("filter: \"(adminDescription=user_*)\"", "CDE"),
      ("object-class: [user], filter: \"(!(adminDescription=*))\"", "A"),
    ])
  func rulesApplyToTheirClasses(_ appliesTo: String, _ names: String) throws {
    let rule = SampleRule("absent: true", on: "cn", appliesTo: appliesTo)
    #expect(Self.names(try SampleRun(Self.directory, [rule])) == names)
    let value = SampleRule("length: { max: 0 }", on: "cn", appliesTo: appliesTo)
    #expect(Self.names(try SampleRun(Self.directory, [value])) == names)
  }

  // MARK: - Bases

  private static let tree = [
    entry("CN=A,OU=Staff,DC=contoso,DC=com", ["user"]), entry("cn=B, ou=staff , dc=Contoso,DC=COM", ["user"]),
    entry("CN=C,OU=Other Staff,DC=contoso,DC=com", ["user"]), entry("CN=D\\,OU=Staff,DC=contoso,DC=com", ["user"]),
    entry("CN=E,OU=XOU=Staff,DC=contoso,DC=com", ["user"]), entry("OU=Staff,DC=contoso,DC=com", ["user"]),
    entry("CN=G,DC=fabrikam,DC=com", ["user"]), entry("CN=H\\\\,OU=Staff,DC=contoso,DC=com", ["user"]),
    entry("CN=I,OU=a\\, b,OU=Staff,DC=contoso,DC=com", ["user"]),
  ].joined(separator: "\n")

  @Test(
    arguments: [
      (["OU=Staff,DC=contoso,DC=com"], [], "ABSHI"), (["ou = STAFF,dc=contoso,  DC=com"], [], "ABSHI"),
      (["DC=contoso,DC=com"], ["OU=Staff,DC=contoso,DC=com"], "CDE"),
      ([], ["dc=contoso,dc=com"], "G"), ([""], [], "ABCDESGHI"),
      (["DC=fabrikam,DC=com", "OU=a\\, b,OU=Staff,DC=contoso,DC=com"], [], "GI"),
      (["DC=nowhere"], [], ""), (["CN=G,DC=fabrikam,DC=com"], [], "G"), ([], [], "ABCDESGHI"),
      (["DC=com"], ["DC=com"], ""),
    ] as [([String], [String], String)])
  func bases(_ bases: [String], _ excluded: [String], _ names: String) throws {
    var options = try SampleRun.options()
    options.bases = bases.map { Array($0.utf8) }
    options.excludedBases = excluded.map { Array($0.utf8) }
    let run = try SampleRun(Self.tree, [Self.always], scope: Self.scope, options: options)
    #expect(Self.names(run) == names)
    let left = 9 - names.count
    #expect(run.coverage.outOfScope.map(\.count) == (left == 0 ? [] : [left]))
    #expect(run.coverage.outOfScope.allSatisfy { $0.reason.hasPrefix("outside the selection") })
  }

  // MARK: - What could not be judged

  @Test func entriesWithoutObjectClassAreAGap() throws {
    let text = "dn: CN=A,DC=c\ncn: x\n\ndn: CN=B,DC=c\nobjectClass: user\ncn: x\n"
    let run = try SampleRun(text, [Self.always], scope: Self.scope)
    #expect(Self.names(run) == "B")
    #expect(run.coverage.outOfScope == [.init(reason: "objectClass not in the source", count: 1)])
    #expect(run.coverage.gaps.count == 1)
    #expect(!run.coverage.isComplete)
    // Where no class matters, it is not missed.
    #expect(Self.names(try SampleRun(text, [Self.always])) == "AB")
    // Outside the bases nothing is missed.
    var options = try SampleRun.options()
    options.bases = [Array("CN=B,DC=c".utf8)]
    #expect(try SampleRun(text, [Self.always], scope: Self.scope, options: options).coverage.isComplete)
  }

  @Test func incompleteRangesAreAGapWhereARuleNeedsThem() throws {
    let text = Self.entry("CN=A,DC=c", ["group"], ["member;range=0-1: a", "member;range=0-1: b"])
    let needed = try SampleRun(text, [SampleRule("count: { max: 5 }", id: "many", on: "member")])
    #expect(needed.coverage.gaps.count == 1)
    #expect(needed.coverage.gaps.first?.contains("many") == true)
    #expect(try SampleRun(text, [Self.always]).coverage.gaps == [])
    let whole = text.replacing("member;range=0-1: b", with: "member;range=2-*: b")
    let judged = try SampleRun(whole, [SampleRule("count: { max: 1 }", on: "member")])
    #expect(judged.coverage.gaps == [])
    #expect(judged.lines == ["sample member <b>"])
  }

  @Test func attributesThatNoEntryHas() throws {
    let rules = [
      SampleRule("length: { max: 9 }", id: "one", on: "cn, Title"),
      SampleRule("present: true", id: "two", on: "TITLE, sn"),
    ]
    let run = try SampleRun(Self.entry("CN=A,DC=c", ["user"]), rules, options: Self.unknownExport())
    // By `cn` the first rule could judge.
    #expect(
      run.coverage.attributesNeverSeen == [
        .init(attribute: "sn", rules: ["two"]), .init(attribute: "title", rules: ["two"]),
      ])
    #expect(run.lines == [])
    #expect(run.coverage.isComplete)
    #expect(try SampleRun("", rules, options: Self.unknownExport()).coverage.attributesNeverSeen == [])
  }

  /// What was asked for and has no value in any entry is absent.
  @Test func attributesThatWereAskedForAreAbsent() throws {
    var options = try Self.unknownExport()
    options.exported = .only(["sn"])
    let rules = [SampleRule("present: true", id: "one", on: "title"), SampleRule("present: true", id: "two", on: "sn")]
    let run = try SampleRun(Self.entry("CN=A,DC=c", ["user"]), rules, options: options)
    #expect(run.lines == ["two sn -"])
    #expect(run.coverage.attributesNeverSeen == [.init(attribute: "title", rules: ["one"])])
  }

  /// A rule that compares with an attribute that was not exported cannot judge.
  @Test func theOtherAttributeOfARule() throws {
    let rules = [SampleRule("contained-in: { attribute: mail }", id: "same", on: "cn")]
    let run = try SampleRun(Self.entry("CN=A,DC=c", ["user"]), rules, options: Self.unknownExport())
    #expect(run.coverage.attributesNeverSeen == [.init(attribute: "mail", rules: ["same"])])
    #expect(run.lines == [])
    #expect(try SampleRun(Self.entry("CN=A,DC=c", ["user"]), rules).lines == ["same cn <x>"])
  }
}
