import Directory
import Findings
import Testing

@Suite struct CauseTallyTests {
  private static let suffix = RuleSummary(
    id: "suffix", title: "Suffix", severity: .error, effect: .altered, certainty: .documented,
    domainRemedy: "add a routable suffix")
  private static let address = RuleSummary(
    id: "address", title: "Address", severity: .error, effect: .altered, certainty: .documented,
    domainRemedy: "verify it in the tenant")
  private static let empty = RuleSummary(
    id: "empty", title: "Empty", severity: .warning, effect: .advice, certainty: .documented)
  private static let blank = RuleSummary(
    id: "blank", title: "Blank", severity: .warning, effect: .advice, certainty: .documented)
  private static let rules = [suffix, address, empty, blank]

  private var tally = CauseTally()

  private mutating func count(
    _ rule: RuleSummary, entry: Int, parent: String = "OU=Staff,DC=contoso,DC=com", objectClass: String = "user",
    value: AttributeValue = AttributeValue("x")
  ) {
    var finding = Finding(
      rule, dn: AttributeValue("CN=Entry\\, \(entry),\(parent)"), objectGUID: nil, objectClass: objectClass,
      attribute: "mail", value: value, valueIndex: 0, spans: [], message: "", suggestion: nil,
      location: SourceLocation(source: "a"), fingerprint: Fingerprint(low: 0, high: 0))
    finding.layout.rule = Int32(Self.rules.firstIndex(of: rule) ?? -1)
    finding.layout.entry = entry
    tally.count(finding)
  }

  /// Objects are counted once however many findings they have; a domain is the same in capitals and behind an address type.
  @Test mutating func aDomainIsOneCauseOfAllItsRules() {
    for entry in 0..<12 {
      count(Self.suffix, entry: entry, value: AttributeValue(entry == 0 ? "a@Contoso.LOCAL" : "a@contoso.local"))
      count(Self.address, entry: entry, value: AttributeValue("smtp:a@contoso.local "))
      count(Self.address, entry: entry, value: AttributeValue("SMTP:\"a@b\"@contoso.local"))
    }
    #expect(
      tally.causes(entriesJudged: 12) == [
        Cause(
          kind: .domain, name: AttributeValue("contoso.local"), objectClass: "user", objects: 12, findings: 36,
          rules: ["address", "suffix"], remedy: "verify it in the tenant")
      ])
  }

  /// Fewer than five findings, or fewer than three objects, are no cause worth a line.
  @Test mutating func fewFindingsHaveNoCause() {
    for entry in 0..<4 { count(Self.suffix, entry: entry, value: AttributeValue("a@four.local")) }
    for _ in 0..<9 { count(Self.suffix, entry: 5, value: AttributeValue("a@one.local")) }
    for entry in 6..<16 { count(Self.suffix, entry: entry, value: AttributeValue("no domain")) }
    #expect(tally.causes(entriesJudged: 1_000) == [])
  }

  /// A rule is a cause where it finds something in ten objects and in a fifth of all.
  @Test(arguments: [
    (objects: 9, judged: 10, isCause: false), (objects: 10, judged: 50, isCause: true),
    (objects: 10, judged: 51, isCause: false),
  ])
  mutating func aRuleOnManyObjectsIsACause(_ example: (objects: Int, judged: Int, isCause: Bool)) {
    for entry in 0..<example.objects { count(Self.empty, entry: entry, objectClass: entry == 0 ? "group" : "user") }
    let cause = Cause(
      kind: .rule, name: AttributeValue("empty"), objects: example.objects, findings: example.objects,
      rules: ["empty"], remedy: "Empty")
    #expect(tally.causes(entriesJudged: example.judged) == (example.isCause ? [cause] : []))
  }

  /// Many domains with a finding each are the rule's matter.
  @Test mutating func aRuleStandsForDomainsThatAreNoCauses() {
    for entry in 0..<20 { count(Self.suffix, entry: entry, value: AttributeValue("a@d\(entry).local")) }
    #expect(tally.causes(entriesJudged: 20).map(\.kind) == [.rule])
  }

  /// A container is a cause where a rule finds most there, and other rules do not.
  @Test mutating func aContainerIsACauseOfWhatIsOnlyThere() {
    for entry in 0..<6 { count(Self.empty, entry: entry, parent: "OU=Old,DC=contoso,DC=com") }
    count(Self.empty, entry: 6)
    #expect(tally.causes(entriesJudged: 1_000) == [])
    for entry in 7..<20 { count(Self.blank, entry: entry) }
    #expect(
      tally.causes(entriesJudged: 1_000).filter { $0.rules == ["empty"] } == [
        Cause(
          kind: .container, name: AttributeValue("OU=Old,DC=contoso,DC=com"), objectClass: "user", objects: 6,
          findings: 6, rules: ["empty"], remedy: "Empty")
      ])
  }

  /// The greatest come first, and no more than ten.
  @Test mutating func theGreatestCausesAreTold() {
    for domain in 0..<12 {
      for entry in 0..<(5 + domain) {
        count(Self.suffix, entry: domain * 100 + entry, value: AttributeValue("a@d\(domain).local"))
      }
    }
    let causes = tally.causes(entriesJudged: 10_000)
    #expect(causes.map(\.findings) == Array((7...16).reversed()))
    #expect(causes.first?.name == AttributeValue("d11.local"))
  }

  /// Bytes that are no text count like others.
  @Test mutating func bytesAreDomains() {
    let value = AttributeValue(Array("a@".utf8) + [0xFF, 0x00, 0x41])
    for entry in 0..<5 { count(Self.suffix, entry: entry, value: value) }
    #expect(tally.causes(entriesJudged: 1_000).map(\.name) == [AttributeValue([0xFF, 0x00, 0x61])])
  }
}
