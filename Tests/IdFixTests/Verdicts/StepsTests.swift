import RuleSet
import Testing

@testable import IdFix

/// The vocabulary of steps, each kind by itself and in chains.
@Suite struct StepsTests {
  @Test(
    arguments: [
      ("abcd", nil), ("abcde", "Length | Edit | abcd"), ("ééé", nil), ("ééééé", "Length | Edit | éééé"),
      // A character beyond the basic plane counts as two and is never parted.
      ("😀😀", nil), ("a😀😀", "Length | Edit | a😀"), ("", nil),
    ] as [(String, String?)])
  func lengthCountsUTF16(_ value: String, _ row: String?) {
    #expect(SampleChain([Step(.length(max: 4))]).row(value) == row)
  }

  @Test func lengthCountsABrokenByteAsOneCharacter() {
    let chain = SampleChain([Step(.length(max: 3))])
    #expect(chain.outcome([0xFF, 0xC3, 0x28]).isClean)
    #expect(chain.outcome([0xFF, 0xFE, 0xC3, 0x28]).proposed == [0xFF, 0xFE, 0xC3])
  }

  private static func characters(
    _ items: [CharacterRule.Item], part: StepPart = .whole, at position: CharacterRule.Position = .anywhere,
    ifEmpty: String? = nil
  ) -> SampleChain {
    let set = CharacterRule(isForbidden: true, items: items)
    return SampleChain([Step(.characters(part: part, position: position, set: set, ifEmpty: ifEmpty))])
  }

  @Test(arguments: [
    (CharacterRule.Position.anywhere, " a b ", "ab"), (.start, " a b ", "a b "), (.end, " a b ", " a b"),
    (.edges, " a b ", "a b"),
    (.edges, "\u{3000}a\u{A0}", "a"), (.end, "a\u{A0}\u{A0}", "a"), (.anywhere, "a\u{2003}b", "ab"),
  ])
  func charactersAreTakenAway(_ position: CharacterRule.Position, _ value: String, _ proposed: String) {
    let chain = Self.characters([.named(.whiteSpace)], at: position)
    #expect(chain.row(value) == "Character | Edit | \(proposed)")
    #expect(chain.row(proposed) == nil)
  }

  @Test(arguments: ["", "ab", "a\u{200B}b", "\u{FEFF}", "ä"])
  func otherCharactersPass(_ value: String) {
    #expect(Self.characters([.named(.whiteSpace), .range(0x3C, 0x3C)]).row(value) == nil)
  }

  @Test func positionsLookAtTheirEndsOnly() {
    #expect(Self.characters([.range(0x2E, 0x2E)], at: .start).row("a.b.") == nil)
    #expect(Self.characters([.range(0x2E, 0x2E)], at: .end).row(".a.b") == nil)
    #expect(Self.characters([.range(0x2E, 0x2E)], at: .edges).row("a.b") == nil)
    #expect(Self.characters([.range(0x2E, 0x2E)], at: .edges).row("...") == "Character | Edit | -")
  }

  @Test func nothingLeftBecomesTheOtherAttribute() {
    let chain = Self.characters([.range(0x2E, 0x2E)], ifEmpty: "cn")
    #expect(chain.row("..", SampleEntry(values: ["CN": ["Jo"]])) == "Character | Edit | Jo")
    #expect(chain.row("..", SampleEntry()) == "Character | Edit | -")
    #expect(chain.chain.attributes == ["mail", "cn"])
  }

  @Test(
    arguments: [
      ("smtp:a", nil), ("smtp:a:b:", "Character | Edit | smtp:ab"), ("x::", "Character | Edit | x:"), (":a:b", nil),
      ("a", nil), ("", nil),
    ] as [(String, String?)])
  func textBehindTheType(_ value: String, _ row: String?) {
    #expect(Self.characters([.range(0x3A, 0x3A)], part: .afterType).row(value) == row)
  }

  @Test func bytesThatAreNoTextPassUnlessForbidden() {
    #expect(Self.characters([.named(.whiteSpace)]).outcome([0x61, 0xFF]).isClean)
    #expect(Self.characters([.named(.invalidUTF8)]).outcome([0x61, 0xFF, 0x62]).proposed == [0x61, 0x62])
    #expect(
      Self.characters([.named(.whiteSpace)]).outcome([0x20, 0xC2, 0x20, 0xE2, 0x80]).proposed == [0xC2, 0xE2, 0x80])
  }

  @Test(
    arguments: [
      ("jo@contoso.com", nil), ("smtp:jo@contoso.com", nil), ("a.b!#$%&'*+/=?^_`{|}~-@x-y.z0.museum", nil),
      ("jo@contoso.local", "TopLevelDomain | Edit | jo@contoso.local"),
      ("jo@contoso", "Format, DomainPart | Edit | jo@contoso"),
      ("jo", "Format, DomainPart, LocalPart | Edit | jo"),
      ("jo.com", "Format, DomainPart, LocalPart | Edit | jo.com"),
      ("", "Format, DomainPart, LocalPart | Edit | -"),
      ("smtp:", "Format, DomainPart, LocalPart | Edit | smtp:"),
      ("jo.@contoso.com", "LocalPart | Edit | jo@contoso.com"),
      ("jo..@contoso.com", "Format, LocalPart | Edit | jo.@contoso.com"),
      (".jo@contoso.com", "Format, LocalPart | Edit | .jo@contoso.com"),
      ("a@b@contoso.com", "LocalPart | Edit | ab@contoso.com"),
      ("jo@@lab###.com", "DomainPart, LocalPart | Edit | jo@lab.com"),
      ("jo@con_toso.com", "DomainPart | Edit | jo@contoso.com"),
      ("jo@-a.com", "Format, DomainPart | Edit | jo@-a.com"),
      ("jo@a..com", "Format, DomainPart | Edit | jo@a..com"),
      ("jo@contoso.com.", "Format, DomainPart | Edit | jo@contoso.com."),
      ("jo@a.xn--p1ai", "Format, DomainPart | Edit | jo@a.xn--p1ai"),
      ("jo@contoso.c", "Format, TopLevelDomain, DomainPart | Edit | jo@contoso.c"),
      ("josé@contoso.com", "LocalPart | Edit | jos@contoso.com"),
      ("jo\u{200B}@contoso.com", "LocalPart | Edit | jo@contoso.com"),
      (" SMTP: jo@contoso.com", "LocalPart | Edit | SMTP:jo@contoso.com"),
      // The address type goes when `smtp:` is no longer in the value that the step sees.
      ("x500:smtpa@contoso.com", "LocalPart | Edit | x500smtpa@contoso.com"),
      ("x500:smtp:a@contoso.com", "LocalPart | Edit | x500:smtpa@contoso.com"),
      // .NET's `$` passes over one line feed; the text behind the last dot does not.
      ("jo@contoso.com\n", "TopLevelDomain | Edit | jo@contoso.com\n"),
      ("jo@contoso.com\n\n", "TopLevelDomain, DomainPart | Edit | jo@contoso.com"),
    ] as [(String, String?)])
  func emailAddress(_ value: String, _ row: String?) {
    #expect(SampleChain([Step(.emailAddress)]).row(value) == row)
  }

  @Test func addressesOfBytesThatAreNoText() {
    let chain = SampleChain([Step(.emailAddress)])
    let outcome = chain.outcome([0x6A, 0xFF] + Array("@contoso.com".utf8))
    #expect(outcome.row(isDuplicate: false).map(SampleChain.text) == "LocalPart | Edit | j@contoso.com")
  }

  @Test func topLevelDomainsOfMoreThanSeventeenLetters() {
    let chain = StepChain(
      [Step(.emailAddress)], attribute: "mail", topLevelDomains: TopLevelDomains.shipped)
    let entry = SampleEntry(numbered: chain.attributes)
    let row = chain.outcome(of: Array("a@b.travelersinsurance".utf8), entry).row(isDuplicate: false)
    #expect(row.map(SampleChain.text) == "Format, DomainPart | Edit | a@b.travelersinsurance")
  }

  @Test func blankProposesTheFirstTextThatCanBeFilled() {
    let texts = [
      StepText(pieces: [.attribute("givenName"), .text("."), .attribute("sn")]), StepText(pieces: [.attribute("sn")]),
      StepText(pieces: [.attribute("cn")]),
    ]
    let chain = SampleChain([Step(.blank(propose: texts, max: 5))])
    #expect(chain.row("") == "Blank | Edit | -")
    #expect(chain.row(" ") == nil)
    #expect(chain.absentRow(SampleEntry(values: ["givenName": ["Jo"], "sn": ["Do"]])) == "Blank | Edit | Jo.Do")
    #expect(chain.absentRow(SampleEntry(values: ["givenName": ["Jo"], "sn": ["Doe"]])) == "Blank | Edit | Jo.Do")
    #expect(chain.absentRow(SampleEntry(values: ["givenName": ["Jo"], "cn": ["Jo Doe"]])) == "Blank | Edit | Jo Do")
    #expect(chain.absentRow(SampleEntry(values: ["sn": [""], "cn": ["Jo"]])) == "Blank | Edit | Jo")
    #expect(chain.chain.judgesAbsence)
    #expect(!SampleChain([Step(.emailAddress)]).chain.judgesAbsence)
    #expect(SampleChain([Step(.emailAddress)]).absentRow(SampleEntry()) == nil)
  }

  private static let uniqueBetweenTests: [Step] = [
    Step(
      .characters(
        part: .whole, position: .anywhere, set: CharacterRule(isForbidden: true, items: [.range(32, 32)]), ifEmpty: nil)
    ),
    Step(.duplicate([DuplicateAction(.complete, when: first), DuplicateAction(.remove, when: notMailed)])),
    Step(.length(max: 5)),
  ]
  private static var first: StepCondition {
    var condition = StepCondition()
    condition.isFirstValue = true
    condition.with = ["mailNickname"]
    return condition
  }
  private static var notMailed: StepCondition {
    var condition = StepCondition()
    condition.without = ["mailNickname"]
    return condition
  }

  @Test func aDuplicateStandsBetweenItsNeighbours() {
    let chain = SampleChain(Self.uniqueBetweenTests)
    #expect(chain.row("a b cdefgh", isDuplicate: true) == "Character, Duplicate, Length | Edit | abcde")
    #expect(chain.row("a b cdefgh") == "Character, Length | Edit | abcde")
    #expect(chain.row("abc") == nil)
    #expect(chain.outcome(Array("A b".utf8)).key == Array("ab".utf8))
    #expect(chain.outcome(Array("ab".utf8)).key == Array("ab".utf8))
  }

  @Test func theFirstActionThatFitsIsProposed() {
    let chain = SampleChain(Self.uniqueBetweenTests)
    let mailed = SampleEntry(values: ["mail": ["abc", "Abc"], "mailNickname": ["abc"]])
    #expect(chain.row("abc", isDuplicate: true, mailed) == "Duplicate | Complete | abc")
    #expect(chain.row("Abc", isDuplicate: true, mailed) == "Duplicate | Edit | Abc")
    #expect(chain.row("a bc", isDuplicate: true, mailed) == "Character, Duplicate | Complete | abc")
    #expect(chain.row("abc", isDuplicate: true) == "Duplicate | Remove | abc")
    // A step that fails behind it proposes to edit.
    #expect(chain.row("abcdef", isDuplicate: true) == "Duplicate, Length | Edit | abcde")
  }

  @Test func theFirstHolderIsShownWhenTheDuplicateIsToBeEdited() {
    let chain = SampleChain(Self.uniqueBetweenTests)
    #expect(!chain.outcome(Array("abc".utf8)).showsFirstHolder)
    #expect(chain.outcome(Array("abcdef".utf8)).showsFirstHolder)
    let holder = chain.outcome(Array("abcdef".utf8)).firstHolderRow
    #expect(SampleChain.text(holder) == "Duplicate | Edit | abcde")
    #expect(!SampleChain([Step(.length(max: 1))]).outcome([97, 97]).showsFirstHolder)
    #expect(SampleChain([Step(.length(max: 1))]).outcome([97]).row(isDuplicate: true) == nil)
  }

  @Test(arguments: [
    ("Jo@Contoso.com", "jo@contoso.com", true), ("É", "é", true), ("a\u{01}b", "ab", true), ("ab\u{7F}", "ab", true),
    ("a b", "ab", false), ("a\tb", "ab", false), ("é", "e", false), ("a-b", "ab", false),
  ])
  func keysIgnoreCaseAndInvisibleControls(_ one: String, _ other: String, _ areEqual: Bool) {
    #expect((StepBytes.key(Array(one.utf8).span) == StepBytes.key(Array(other.utf8).span)) == areEqual)
  }

  @Test func conditionsOnTheValueAskForItAsItIsInTheDirectory() {
    var contains = StepCondition()
    contains.contains = ["smtp:"]
    var not = StepCondition()
    not.excludedContents = ["smtp:"]
    not.startsWith = ["x400", "x.400"]
    var other = StepCondition()
    other.excludedStarts = ["x400"]
    let colon = CharacterRule(isForbidden: true, items: [.range(0x3A, 0x3A)])
    let removal = Step(.characters(part: .whole, position: .anywhere, set: colon, ifEmpty: nil))
    func row(_ condition: StepCondition, _ value: String) -> String? {
      SampleChain([removal, Step(.length(max: 3), when: condition)]).row(value)
    }
    #expect(row(contains, "xsMTP:") == "Character, Length | Edit | xsM")
    #expect(row(contains, "smtp") == nil)
    #expect(row(not, "X.400") == "Length | Edit | X.4")
    #expect(row(not, "x400smtp:") == "Character | Edit | x400smtp")
    #expect(row(not, "a.400") == nil)
    #expect(row(other, "X400") == nil)
    #expect(row(other, "aX400") == "Length | Edit | aX4")
  }

  @Test func conditionsOnTheEntry() {
    var user = StepCondition()
    user.objectClasses = ["user", "contact"]
    var others = StepCondition()
    others.excludedObjectClasses = ["User"]
    let chain = SampleChain([Step(.length(max: 1), when: user), Step(.length(max: 2), when: others)])
    #expect(chain.row("abc", SampleEntry(objectClass: "USER")) == "Length | Edit | a")
    #expect(chain.row("abc", SampleEntry(objectClass: "contact")) == "Length | Edit | a")
    #expect(chain.row("abc", SampleEntry(objectClass: "group")) == "Length | Edit | ab")
  }

  @Test func uniquenessUnderACondition() {
    var noName = StepCondition()
    noName.without = ["userPrincipalName"]
    let chain = SampleChain([Step(.duplicate([]), when: noName)], attribute: "sAMAccountName")
    #expect(chain.outcome([97]).key == [97])
    #expect(chain.outcome([97], SampleEntry(values: ["userPrincipalName": ["x"]])).key == nil)
    #expect(chain.chain.hasKey)
    #expect(!SampleChain([Step(.emailAddress)]).chain.hasKey)
  }

  @Test func putsStepsInWords() {
    var condition = StepCondition()
    condition.objectClasses = ["user"]
    condition.without = ["mail"]
    let set = CharacterRule(isForbidden: true, items: [.range(0x2E, 0x2E), .named(.whiteSpace)])
    let step = Step(.characters(part: .afterType, position: .edges, set: set, ifEmpty: nil), when: condition)
    #expect(
      StepWords.step(step)
        == "no `.` or white space at the ends behind the address type, if the class is `user` and the entry lacks `mail`"
    )
    #expect(StepWords.step(Step(.length(max: 64))) == "at most 64 characters")
  }
}
