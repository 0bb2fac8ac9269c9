import Findings
import RuleSet
import Testing

@testable import RuleEngine

/// Suggestions: what they make of a value, and when there is none.
@Suite struct SuggestionTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var check: String
    var suggestion: String
    var value: String
    var made: String?
    var testDescription: String { "\(suggestion): \(value)" }
    init(_ check: String, _ suggestion: String, _ value: String, _ made: String?) {
      (self.check, self.suggestion, self.value, self.made) = (check, suggestion, value, made)
    }
  }

  private static let illegal = "characters: { forbidden: [\" \", non-ascii] }"
  private static let edges = "characters: { position: edges, forbidden: [white-space, zero-width] }"
  private static let remove = "remove-characters: true"

  static let recipes: [Row] = [
    Row(illegal, remove, "jo doe", "jodoe"), Row(illegal, remove, "Jürgen Weiß", "JurgenWeiss"),
    Row(illegal, remove, "Ærø", "AEro"), Row(illegal, remove, "e\u{301}a", "ea"), Row(illegal, remove, "a漢b", nil),
    Row(illegal, remove, "aЖ", nil), Row(illegal, remove, "a😀b", "ab"), Row(illegal, remove, "a\u{200B}b", "ab"),
    Row(illegal, remove, "  ", nil), Row(illegal, remove, "😀", nil), Row(illegal, remove, "a٣", nil),
    Row(illegal, "replace-characters: _", "jo doé", "jo_do_"), Row(illegal, "replace-characters: \"ä\"", "a b", nil),
    Row("sequence: { forbidden: [\"..\"] }", "collapse: true", "a..b...c....d", "a.b.c.d"),
    Row("sequence: { forbidden: [\"..\"] }", "collapse: true", "....", "."),
    Row("sequence: { forbidden: [\"..\"] }", remove, "a..b", "ab"),
    Row(edges, "trim: true", "\u{200B} jo doe\u{A0}", "jo doe"),
    Row(edges, "trim: true", "\u{200B}\u{200D}", nil),
    Row(edges, "trim: true", "\u{200B}\u{202E}a\u{7}", "a"),
    Row("address-type: { known: [smtp] }", "set-prefix: smtp", "SMPT:a@b", "smtp:a@b"),
    Row("address-type: { required: true }", "set-prefix: smtp", "a@b", "smtp:a@b"),
    Row("address-type: { required: true }", "set-prefix: SMTP", ":a@b", "SMTP:a@b"),
    Row("length: { max: 3 }", "remove-value: true", "abcd", "remove"),
    Row("pattern: { matches: 'SMTP:.+' }", "set: { from: cn, prefix: \"SMTP:\" }", "x", "SMTP:Jo Doe"),
    Row("pattern: { matches: '[a-z]+' }", "set: { from: cn }", "1", nil),
    Row("length: { max: 3 }", "set: { from: sn }", "abcd", nil),
  ]

  @Test(arguments: recipes) func makes(_ row: Row) throws {
    let rule = SampleRule(row.check, suggestion: row.suggestion)
    let run = try SampleRun(SampleObject(["cn": "Jo Doe", "mail": row.value]).ldif, [rule])
    #expect(run.suggestions == [row.made])
  }

  @Test(arguments: [("Jürgen", "Juergen"), ("ÄÖÜß", "AeOeUess"), ("Zoë", "Zoe")])
  func germanHabits(_ value: String, _ made: String) throws {
    let rule = try SampleRule(Self.illegal, suggestion: Self.remove).load()
    let options = try SampleRun.options(.german)
    let run = try SampleRun(SampleObject(["mail": value]).ldif, [rule], options: options)
    #expect(run.suggestions == [made])
  }

  @Test func bytesThatAreNoTextAreTakenAway() throws {
    let rule = SampleRule("characters: { forbidden: [invalid-utf-8] }", suggestion: Self.remove)
    #expect(try SampleRun(SampleObject([("mail", [0x61, 0xFF, 0xC3, 0xA4])]).ldif, [rule]).suggestions == ["aä"])
    #expect(try SampleRun(SampleObject([("mail", [0xFF, 0xFE])]).ldif, [rule]).suggestions == [nil])
  }

  @Test func missingValuesAreAdded() throws {
    let rule = SampleRule("present: true", suggestion: "set: { from: userPrincipalName, prefix: \"x-\" }")
    #expect(try SampleRun(SampleObject(["USERPRINCIPALNAME": "jo"]).ldif, [rule]).suggestions == ["add x-jo"])
    #expect(try SampleRun(SampleObject(["cn": "jo"]).ldif, [rule]).suggestions == [nil])
    let plain = SampleRule("present: true", suggestion: "set: { from: sn }")
    #expect(try SampleRun(SampleObject(["sn": " "]).ldif, [plain]).suggestions == [nil])
  }

  @Test func anAddedValueMayHaveNoFinding() throws {
    let rules = [
      SampleRule("present: true", id: "missing", suggestion: "set: { from: cn }"),
      SampleRule("characters: { forbidden: [\" \"] }", id: "space"),
    ]
    #expect(try SampleRun(SampleObject(["cn": "jo"]).ldif, rules).suggestions == ["add jo"])
    #expect(try SampleRun(SampleObject(["cn": "j o"]).ldif, rules).suggestions == [nil])
  }

  /// All findings on a value share one suggestion that mends them all.
  @Test func recipesAreChained() throws {
    let rules = [
      SampleRule("characters: { forbidden: [\" \"] }", id: "space", suggestion: "remove-characters: true"),
      SampleRule("sequence: { forbidden: [\"..\"] }", id: "dots", suggestion: "collapse: true"),
    ]
    #expect(try SampleRun(SampleObject(["mail": "a .. b"]).ldif, rules).suggestions == ["a.b", "a.b"])
    // Taking the space away makes two dots meet, which the other recipe mends.
    #expect(try SampleRun(SampleObject(["mail": "a. .b"]).ldif, rules).suggestions == ["a.b"])
  }

  @Test func noneWhereAFindingWouldStayOrCome() throws {
    let space = SampleRule("characters: { forbidden: [\" \"] }", id: "space", suggestion: "remove-characters: true")
    let short = SampleRule("length: { min: 3 }", id: "short")
    #expect(try SampleRun(SampleObject(["mail": "a b"]).ldif, [space, short]).suggestions == [nil])
    #expect(try SampleRun(SampleObject(["mail": "a bc"]).ldif, [space, short]).suggestions == ["abc"])
    let long = SampleRule("length: { max: 2 }", id: "long")
    #expect(try SampleRun(SampleObject(["mail": "a bc"]).ldif, [space, long]).suggestions == [nil, nil])
  }

  /// A change of one value may not break a rule on another attribute.
  @Test func noneWhereAnotherAttributeWouldGetAFinding() throws {
    let rules = [
      SampleRule("characters: { forbidden: [\" \"] }", id: "space", suggestion: "remove-characters: true"),
      SampleRule("contained-in: { attribute: mail }", id: "same", on: "cn"),
    ]
    #expect(try SampleRun(SampleObject(["cn": "j o", "mail": "j o"]).ldif, rules).suggestions == [nil])
    #expect(try SampleRun(SampleObject(["cn": "x", "mail": "j o"]).ldif, rules).suggestions == [nil, "jo"])
  }

  @Test func removalMayNotLeaveTooFew() throws {
    let rules = [
      SampleRule("length: { max: 2 }", id: "long", suggestion: "remove-value: true"),
      SampleRule("present: true", id: "missing"),
    ]
    #expect(try SampleRun(SampleObject(["mail": "abc", "mail": "a"]).ldif, rules).suggestions == ["remove"])
    #expect(try SampleRun(SampleObject(["mail": "abc"]).ldif, rules).suggestions == [nil])
  }

  // MARK: - Duplicates

  private static let unique = SampleRule(
    "unique: { compare: address }", id: "unique", on: "mail, proxyAddresses, userPrincipalName")
  private static let spaces = SampleRule(
    "characters: { forbidden: [\" \"] }", id: "space", on: "mail, proxyAddresses", suggestion: "remove-characters: true"
  )

  private static func directory(_ entries: [[(String, String)]]) -> String {
    entries.enumerated().map { number, values in
      var object = SampleObject(values.map { ($0, Array($1.utf8)) })
      object.dn = "CN=E\(number),DC=contoso,DC=com"
      return object.ldif
    }.joined(separator: "\n")
  }

  @Test(arguments: [1, 2, 100])
  func withdrawnWhereAnotherEntryHoldsIt(_ recordsPerBatch: Int) throws {
    let rules = try [Self.unique.load(), Self.spaces.load()]
    let broken = [("mail", "j o@contoso.com")]
    for holder in [
      ("mail", "JO@contoso.com"), ("proxyAddresses", "SMTP:jo@Contoso.com"), ("userPrincipalName", "jo@contoso.com"),
    ] {
      for entries in [[broken, [holder]], [[holder], broken]] {
        let run = try SampleRun(Self.directory(entries), rules, recordsPerBatch: recordsPerBatch)
        #expect(run.lines == ["space mail j[ ]o@contoso.com"])
        #expect(run.suggestions == [nil], "\(holder)")
      }
    }
    // The entry itself may hold it, and another address type is no duplicate.
    let own = [broken + [("proxyAddresses", "SMTP:jo@contoso.com")], [("proxyAddresses", "sip:jo@contoso.com")]]
    #expect(try SampleRun(Self.directory(own), rules).suggestions == ["jo@contoso.com"])
  }

  @Test func withdrawnWhereHoldersAlreadyConflict() throws {
    let rules = try [Self.unique.load(), Self.spaces.load()]
    let entries = [[("mail", "jo@c")], [("mail", "jo@c")], [("mail", "j o@c")]]
    let run = try SampleRun(Self.directory(entries), rules)
    #expect(run.lines == ["unique mail <jo@c>", "space mail j[ ]o@c"])
    #expect(run.suggestions == [nil, nil])
  }

  /// Of suggestions of different entries that would collide, at most one stays.
  @Test func collidingSuggestions() throws {
    let rules = try [Self.unique.load(), Self.spaces.load()]
    let entries = [[("mail", "j o@c")], [("proxyAddresses", "smtp:J  o@c")], [("mail", "jo @c")], [("mail", "x y@c")]]
    let run = try SampleRun(Self.directory(entries), rules, recordsPerBatch: 1)
    #expect(run.suggestions == ["jo@c", nil, nil, "xy@c"])
  }

  /// A value of an entry that no rule compares is somebody's all the same, and makes no duplicate.
  @Test(arguments: ["object-class: [group]", "filter: '(cn=*)'"])
  func withdrawnWhereTheHolderIsNotCompared(_ appliesTo: String) throws {
    var unique = Self.unique
    unique.appliesTo = appliesTo
    let entries = [[("mail", "j o@c")], [("mail", "jo@c")], [("mail", "JO@c")], [("mail", "x y@c")]]
    let run = try SampleRun(Self.directory(entries), [unique, Self.spaces])
    #expect(run.suggestions == [nil, "xy@c"])
  }

  private static func scope() throws -> Scope {
    let critical = Scope.Exclusion(
      reason: "critical", objectClasses: [], filter: try Filter(parsing: "(isCriticalSystemObject=TRUE)"),
      references: [])
    return Scope(
      name: "sample", objectClasses: ["user"], exclusions: [critical], location: .init(source: "sample"))
  }

  /// Whoever is left out of judging has addresses all the same, whichever rules are asked for.
  @Test(arguments: ["base", "excluded base", "filter", "scope", "class"], [true, false])
  func withdrawnWhereTheHolderIsNotJudged(_ leftOutBy: String, _ comparesAddresses: Bool) throws {
    var options = try SampleRun.options()
    var scope: Scope?
    switch leftOutBy {
    case "base": options.bases = [Array("CN=E0,DC=contoso,DC=com".utf8)]
    case "excluded base": options.excludedBases = [Array("CN=E1,DC=contoso,DC=com".utf8)]
    case "filter": options.filter = try Filter(parsing: "(cn=judged)")
    default: scope = try Self.scope()
    }
    let isOfOtherClass = leftOutBy == "class"
    for holder in [("mail", "jo@c"), ("proxyAddresses", "SMTP:Jo@c"), ("userPrincipalName", "jo@c")] {
      let entries = [
        [("cn", "judged"), ("mail", "j o@c")],
        [holder, isOfOtherClass ? ("objectClass", "computer") : ("isCriticalSystemObject", "TRUE")],
      ]
      let run = try SampleRun(
        Self.directory(entries), comparesAddresses ? [Self.unique, Self.spaces] : [Self.spaces], scope: scope,
        options: options)
      #expect(run.lines == ["space mail j[ ]o@c"])
      #expect(run.suggestions == [nil], "\(holder)")
    }
  }

  /// Two values of one entry would become one.
  @Test func collidingSuggestionsInOneEntry() throws {
    let run = try SampleRun(Self.directory([[("mail", "j o@c"), ("mail", "jo @c")]]), [Self.spaces])
    #expect(Set(run.suggestions.compactMap(\.self)).count == run.suggestions.compactMap(\.self).count)
  }

  /// A directory refuses a value that the attribute has already, whether a rule says so or not.
  @Test func noneThatTheAttributeHasAlready() throws {
    let run = try SampleRun(Self.directory([[("mail", "j o@c"), ("mail", "jo@c")]]), [Self.spaces])
    #expect(run.suggestions == [nil])
  }

  /// Of a flagged run of letters each becomes its base letter.
  @Test func runsAtAnEdgeAreTransliterated() throws {
    let rule = SampleRule("characters: { position: edges, forbidden: [non-ascii, \" \"] }", suggestion: Self.remove)
    let run = try SampleRun(SampleObject(["mail": "äöx ü"]).ldif, [rule])
    #expect(run.suggestions == ["aoxu"])
  }

  /// Whatever the values, a suggestion is safe: applied, it leaves no finding on the value and no duplicate.
  @Test(arguments: 0..<8) func suggestionsAreSafe(_ seed: UInt64) throws {
    var random = SampleRandom(seed)
    let pieces = ["a", "b", " ", "..", "ä", "@c", "smtp:", "\u{200B}", "."].map { Array($0.utf8) }
    let rules = try [
      Self.unique.load(), Self.spaces.load(),
      SampleRule("sequence: { forbidden: [\"..\"] }", id: "dots", suggestion: "collapse: true").load(),
      SampleRule("characters: { forbidden: [non-ascii] }", id: "ascii", suggestion: "remove-characters: true").load(),
      SampleRule("length: { max: 8 }", id: "long", suggestion: "remove-value: true").load(),
    ]
    var entries: [[(String, String)]] = (0..<40).map { _ in
      [("mail", String(decoding: random.text(of: pieces, upTo: 5), as: UTF8.self))]
    }
    let before = try SampleRun(Self.directory(entries), rules)
    var changed: Set<String> = []
    for finding in before.findings {
      guard let suggestion = finding.suggestion,
        let number = Int(finding.dn.text?.dropFirst(4).prefix { $0 != "," } ?? "")
      else { continue }
      changed.insert(finding.dn.text ?? "")
      if let value = suggestion.value?.text {
        #expect(!value.trimmed.isEmpty && suggestion.value != finding.value)
        entries[number] = [("mail", value)]
      } else {
        entries[number] = []
      }
    }
    let after = try SampleRun(Self.directory(entries), rules)
    #expect(after.findings.filter { changed.contains($0.dn.text ?? "") }.map(\.marked) == [])
    #expect(!changed.isEmpty)
  }
}
