import RuleSet
import Testing

@testable import RuleEngine

/// LDAP filters on entries (RFC 4515), as Active Directory understands them.
@Suite struct FilterEvaluationTests {
  static let object = SampleObject(
    [
      ("cn", Array("Jo Doe".utf8)), ("mail", Array("jo@contoso.com".utf8)), ("mail", Array("Second@Contoso.com".utf8)),
      ("flags", Array("514".utf8)), ("negative", Array("-3".utf8)), ("text", Array("Bach".utf8)), ("empty", []),
      ("name", Array("Jürgen ÄÖ".utf8)), ("kelvin", Array("\u{212A}elvin".utf8)), ("dotted", Array("\u{130}x".utf8)),
      ("bytes", [0xFF, 0x41]), ("cert;binary", [0x30]), ("huge", Array("99999999999999999999".utf8)),
    ])

  @Test(arguments: [
    "(cn=jo doe)", "(CN=JO DOE)", "(cn=*)", "(mail=second@contoso.com)", "(mail=*)", "(!(sn=*))", "(!(sn=a))",
    "(empty=*)",
    "(&)", "(&(cn=jo doe)(mail=*))", "(|(cn=x)(mail=jo@*))", "(!(&(cn=jo doe)(sn=*)))", "(!(|))",
    "(cn=jo*)", "(cn=*doe)", "(cn=*o*o*)", "(cn=j*d*e)", "(cn=jo doe*)", "(cn=*jo doe)", "(cn=*jo doe*)",
    "(mail=s*d@*.com)",
    "(name=jürgen äö)", "(name=JÜRGEN ÄÖ)", "(name=jÜ*)", "(name=*Äö)", "(name=*ÜRG*Ä*)", "(bytes=\\ffa)",
    "(bytes=\\ff*)",
    "(cn:caseExactMatch:=Jo Doe)", "(cn:caseExactSubstringsMatch:=J*D*)", "(cn:caseIgnoreMatch:=jO dOE)",
    "(flags>=514)", "(flags>=99)", "(flags<=514)", "(flags<=1000)", "(negative<=-3)", "(negative>=-10)", "(text>=b)",
    "(text>=BACH)", "(text<=bach)", "(text<=c)", "(flags:1.2.840.113556.1.4.803:=2)",
    "(flags:1.2.840.113556.1.4.803:=514)",
    "(flags:1.2.840.113556.1.4.804:=3)", "(negative:1.2.840.113556.1.4.803:=1)",
    "(distinguishedName=cn=jo,dc=CONTOSO,dc=com)", "(distinguishedname=*,DC=contoso,*)", "(distinguishedName=*)",
    "(kelvin=kelvin)", "(kelvin=k*)", "(kelvin=*elvin)", "(dotted=i*)", "(cert=0)", "(cert;binary=*)",
    "(objectClass=user)",
    "(flags:1.2.840.113556.1.4.803:=0)", "(cn~=jo doe)",
  ])
  func matches(_ filter: String) throws { #expect(try Self.matches(filter), "\(filter)") }

  @Test(
    arguments: [
      "(cn=jo)", "(cn=jo doe )", "(sn=*)", "(sn=a)", "(!(cn=*))", "(|)", "(!(&))", "(&(cn=jo doe)(sn=*))", "(cn=o*)",
      "(cn=*x*)", "(cn=jo d*doe)", "(cn=jo doe*e)", "(cn=*do*doe)", "(cn=*oo*)", "(mail=jo@*second*)", "(empty=)",
      "(cn:caseExactMatch:=jo doe)", "(cn:caseExactSubstringsMatch:=j*)", "(cn:caseExactSubstringsMatch:=*D*D*)",
      "(flags>=515)", "(flags<=99)", "(negative>=3)", "(negative<=-4)", "(text>=c)", "(text<=b)", "(sn>=a)", "(sn<=z)",
      "(flags:1.2.840.113556.1.4.803:=3)", "(flags:1.2.840.113556.1.4.804:=5)", "(cn:1.2.840.113556.1.4.803:=0)",
      "(sn:1.2.840.113556.1.4.804:=1)", "(huge:1.2.840.113556.1.4.804:=1)", "(flags:1.2.840.113556.1.4.804:=0)",
      "(distinguishedName=*,DC=fabrikam,*)", "(!(distinguishedName=*))", "(name=jurgen*)", "(bytes=a*)", "(kelvin=x*)",
    ].filter { $0 != "(empty=)" })
  func doesNotMatch(_ filter: String) throws { #expect(try !Self.matches(filter), "\(filter)") }

  /// As a rule's filter and as the filter of the command line.
  private static func matches(_ filter: String) throws -> Bool {
    let parsed = try Filter(parsing: filter)
    var rule = try SampleRule("absent: true", on: "objectClass").load()
    var options = try SampleRun.options()
    options.filter = parsed
    let selected = try SampleRun(object.ldif, [rule], options: options)
    rule.filter = parsed
    let judged = try SampleRun(object.ldif, [rule])
    #expect(selected.findings.count == judged.findings.count)
    #expect(selected.coverage.entriesJudged == selected.findings.count)
    return !judged.findings.isEmpty
  }

  /// A filter on an attribute with options must not make rules look at other attributes.
  @Test func optionsInFilters() throws {
    var options = try SampleRun.options()
    options.filter = try Filter(parsing: "(&(cert;binary=*)(cn=*))")
    let rule = try SampleRule("length: { max: 1 }", on: "mail").load()
    let run = try SampleRun(Self.object.ldif, [rule], options: options)
    #expect(run.lines == ["sample mail j[o@contoso.com]", "sample mail S[econd@Contoso.com]"])
  }

  /// Substrings against trying every way.
  @Test(arguments: 0..<4) func substrings(_ seed: UInt64) throws {
    var random = SampleRandom(seed)
    let letters = ["a", "b", "A", "ä", "Ä"].map { Array($0.utf8) }
    for _ in 0..<150 {
      let value = random.text(of: letters, upTo: 6)
      let any = (0..<random.below(3)).map { _ in random.text(of: letters, upTo: 2) }.filter { !$0.isEmpty }
      let initial = random.text(of: letters, upTo: 2)
      let final = random.text(of: letters, upTo: 2)
      let isExact = random.below(2) == 0
      let filter = Filter.substrings(
        attribute: "mail", initial: initial, any: any, final: final, caseSensitive: isExact)
      var rule = try Self.always.get()
      rule.filter = filter
      let found = try !SampleRun(SampleObject([("mail", value)]).ldif, [rule]).findings.isEmpty
      func text(_ bytes: [UInt8]) -> [UInt8] { isExact ? bytes : TextFold.fold(bytes) }
      #expect(found == Self.matches(text(value)[...], text(initial), any.map(text), text(final)))
    }
  }

  private static let always = Result { try SampleRule("absent: true", on: "objectClass").load() }

  private static func matches(_ value: ArraySlice<UInt8>, _ initial: [UInt8], _ any: [[UInt8]], _ final: [UInt8])
    -> Bool
  {
    guard value.starts(with: initial) else { return false }
    let rest = value.dropFirst(initial.count)
    guard let part = any.first else { return rest.count >= final.count && rest.suffix(final.count) == final[...] }
    return rest.indices.contains { matches(rest[$0...], part, Array(any.dropFirst()), final) }
  }
}
