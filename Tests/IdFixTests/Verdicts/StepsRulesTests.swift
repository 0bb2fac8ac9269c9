import RuleSet
import Testing

@testable import IdFix

/// The chains of the shipped parity rules, value by value.
@Suite struct StepsRulesTests {
  private static let plain = SampleEntry(values: ["cn": ["Name"]])

  @Test(
    arguments: [
      ("display-name", "Jo", nil), ("display-name", String(repeating: "x", count: 255), nil),
      ("display-name", "", "Blank | Edit | Name"),
      ("given-name", String(repeating: "x", count: 63), nil),
      ("mail", "no address at all", nil),
      ("mail-nickname", "...", "Character | Edit | Name"), ("mail-nickname", "..a.", "Character | Edit | a."),
      ("mail-nickname", "a b@c", nil),
      ("proxy-addresses", "SMTP:jo@contoso.com", nil), ("proxy-addresses", "smtp:o'neil@contoso.com", nil),
      ("proxy-addresses", "no prefix", "Character | Edit | noprefix"),
      ("proxy-addresses", "smtp:a,b@@c.local", "Character, TopLevelDomain, LocalPart | Edit | smtp:ab@c.local"),
      ("proxy-addresses", "smtp:a:b @contoso.com", "Character, Character | Edit | smtp:ab@contoso.com"),
      ("proxy-addresses", "sip:a;b@contoso.com", nil),
      ("proxy-addresses", "sip:a(b@contoso.com", "Character | Edit | sip:ab@contoso.com"),
      ("proxy-addresses", "X500:/o=a (b);c,d", nil), ("proxy-addresses", "x.500:[a]", "Character | Edit | x.500:a"),
      ("proxy-addresses", "x400:\"\t'", "Character | Edit | x400:"),
      ("proxy-addresses", "x5000:a'b", "Character | Edit | x5000:ab"), ("proxy-addresses", "x501:a'b", nil),
      ("proxy-addresses", "[", "Character | Edit | Name"),
      ("proxy-addresses", "x500:smtp:a@contoso.com", "Character, LocalPart | Edit | x500smtpa@contoso.com"),
      ("proxy-addresses", "smtp:a3", "Format, DomainPart, LocalPart | Edit | smtp:a3"),
      ("sam-account-name", "jo/doe", "Character | Edit | jodoe"), ("sam-account-name", "o'neil.", nil),
      ("sam-account-name", "123456789012345678901", "Length | Edit | 12345678901234567890"),
      ("target-address", "smtp:a\\b@contoso.com", "Character | Edit | smtp:ab@contoso.com"),
      ("target-address", "sip:a;b", nil), ("target-address", "sip:a\\b", "Character | Edit | sip:ab"),
      ("user-principal-name", "müller@contoso.com", "Character | Edit | mller@contoso.com"),
      ("user-principal-name", "o'neil@contoso.com", "Character | Edit | oneil@contoso.com"),
      ("user-principal-name", "a&b@lab&.local", "Character, TopLevelDomain | Edit | ab@lab.local"),
      ("user-principal-name", "é", "Format, DomainPart, LocalPart | Edit | é"),
      ("user-principal-name", "$`a@contoso.com", nil),
    ] as [(String, String, String?)])
  func multiTenant(_ rule: String, _ value: String, _ row: String?) throws {
    #expect(try SampleChain(rule: "idfix-multi-tenant-\(rule)").row(value, Self.plain) == row)
  }

  @Test(
    arguments: [
      ("display-name", " Jo\t", "Character | Edit | Jo"), ("display-name", "\u{3000} ", "Character | Edit | Name"),
      ("display-name", "", nil),
      ("mail", "a b@c.com", "Character | Edit | ab@c.com"),
      ("mail", "a,b@@c##.local", "TopLevelDomain, DomainPart, LocalPart | Edit | ab@c.local"),
      ("mail", " ", "Character, Format, DomainPart, LocalPart | Edit | Name"),
      ("mail-nickname", "a#b.c@d'", "Character | Edit | ab.cd"), ("mail-nickname", ".a.", nil),
      ("mail-nickname", "a_b-", nil),
      ("proxy-addresses", "sip:a b", nil), ("proxy-addresses", "x500:a:b", "Character | Edit | x500:ab"),
      ("proxy-addresses", "smtp:a b@c.com", "LocalPart | Edit | smtp:ab@c.com"),
      ("target-address", "smtp:a b:@c.com", "LocalPart | Edit | smtp:ab@c.com"), ("target-address", "a b", nil),
      ("target-address", "", "Blank | Edit | -"),
    ] as [(String, String, String?)])
  func dedicated(_ rule: String, _ value: String, _ row: String?) throws {
    #expect(try SampleChain(rule: "idfix-dedicated-\(rule)").row(value, Self.plain) == row)
  }

  @Test(arguments: [
    ("multi-tenant-display-name", 255), ("multi-tenant-given-name", 63), ("multi-tenant-mail", 256),
    ("multi-tenant-mail-nickname", 64), ("multi-tenant-proxy-addresses", 256), ("multi-tenant-sam-account-name", 20),
    ("multi-tenant-target-address", 255), ("dedicated-display-name", 256), ("dedicated-mail-nickname", 64),
    ("dedicated-proxy-addresses", 256), ("dedicated-target-address", 256),
  ])
  func lengths(_ rule: String, _ limit: Int) throws {
    let chain = try SampleChain(rule: "idfix-\(rule)")
    let fits = String(repeating: "x", count: limit)
    #expect(chain.row(fits) == nil)
    #expect(chain.row(fits + "x") == "Length | Edit | \(fits)")
  }

  @Test func groupNamesMayBeLonger() throws {
    let chain = try SampleChain(rule: "idfix-multi-tenant-sam-account-name")
    let fits = String(repeating: "x", count: 256)
    for name in ["group", "inetOrgPerson"] {
      #expect(chain.row(fits, SampleEntry(objectClass: name)) == nil)
      #expect(chain.row(fits + "x", SampleEntry(objectClass: name)) == "Length | Edit | \(fits)")
    }
  }

  @Test(
    arguments: [
      ("multi-tenant-display-name", "user", [:], "Blank | Edit | Name"),
      ("multi-tenant-mail", "user", [:], nil), ("multi-tenant-proxy-addresses", "user", [:], nil),
      ("dedicated-display-name", "user", [:], nil), ("dedicated-display-name", "group", [:], "Blank | Edit | Name"),
      ("dedicated-mail-nickname", "user", [:], nil), ("dedicated-mail-nickname", "contact", [:], "Blank | Edit | Name"),
      ("dedicated-mail-nickname", "contact", ["sAMAccountName": ["s"]], "Blank | Edit | s"),
      ("dedicated-mail-nickname", "contact", ["givenName": ["Jo"]], "Blank | Edit | Jo"),
      ("dedicated-mail-nickname", "contact", ["givenName": ["Jo"], "sn": ["Doe"]], "Blank | Edit | Jo.Doe"),
      ("dedicated-target-address", "user", [:], "Blank | Edit | -"),
      ("dedicated-target-address", "user", ["homeMDB": ["CN=DB"]], nil),
      ("dedicated-target-address", "contact", ["homeMDB": ["CN=DB"]], nil),
      ("dedicated-target-address", "contact", ["mail": ["a@b.com"]], "Blank | Edit | SMTP:a@b.com"),
      ("dedicated-target-address", "contact", [:], "Blank | Edit | -"),
      ("dedicated-target-address", "group", [:], nil), ("dedicated-target-address", "inetOrgPerson", [:], nil),
    ] as [(String, String, [String: [String]], String?)])
  func absence(_ rule: String, _ objectClass: String, _ values: [String: [String]], _ row: String?) throws {
    let all = values.merging(["cn": ["Name"]]) { given, _ in given }
    let entry = SampleEntry(objectClass: objectClass, values: all)
    #expect(try SampleChain(rule: "idfix-\(rule)").absentRow(entry) == row)
  }

  @Test(
    arguments: [
      ("multi-tenant-mail", "mail", "a@b.com", ["mailNickname": ["a"]], "Complete"),
      ("multi-tenant-mail", "mail", "a@b.com", [:], "Edit"),
      ("dedicated-mail", "mail", "a@b.com", ["mailNickname": ["a"]], "Complete"),
      ("multi-tenant-mail-nickname", "mailNickname", "a", ["homeMDB": ["d"]], "Complete"),
      ("multi-tenant-mail-nickname", "mailNickname", "a", [:], "Edit"),
      ("dedicated-mail-nickname", "mailNickname", "a", ["homeMDB": ["d"]], "Complete"),
      ("multi-tenant-user-principal-name", "userPrincipalName", "a@b.com", ["mailNickname": ["a"]], "Complete"),
      ("multi-tenant-user-principal-name", "userPrincipalName", "a@b.com", [:], "Edit"),
      ("multi-tenant-sam-account-name", "sAMAccountName", "a", ["mailNickname": ["a"]], "Complete"),
      ("multi-tenant-target-address", "targetAddress", "smtp:a@b.com", ["mailNickname": ["a"]], "Edit"),
      ("multi-tenant-proxy-addresses", "proxyAddresses", "smtp:a@b.com", ["mailNickname": ["a"]], "Complete"),
      ("multi-tenant-proxy-addresses", "proxyAddresses", "smtp:a@b.com", [:], "Remove"),
      ("multi-tenant-proxy-addresses", "proxyAddresses", "sip:a@b.com", ["mailNickname": ["a"]], "Edit"),
      ("multi-tenant-proxy-addresses", "proxyAddresses", "sip:a@b.com", [:], "Edit"),
      ("dedicated-proxy-addresses", "proxyAddresses", "smtp:a@b.com", [:], "Remove"),
    ] as [(String, String, String, [String: [String]], String)])
  func actionsOfDuplicates(
    _ rule: String, _ attribute: String, _ value: String, _ values: [String: [String]], _ action: String
  ) throws {
    let chain = try SampleChain(rule: "idfix-\(rule)")
    let first = SampleEntry(values: values.merging([attribute: [value]]) { given, _ in given })
    #expect(chain.row(value, isDuplicate: true, first) == "Duplicate | \(action) | \(value)")
    // The action depends on the value's place: only the attribute's first value is completed or removed.
    let later = SampleEntry(values: values.merging([attribute: ["other"]]) { given, _ in given })
    #expect(chain.row(value, isDuplicate: true, later) == "Duplicate | Edit | \(value)")
  }

  @Test func aValueIsLookedUpAfterSomeRepairsAndBeforeOthers() throws {
    let proxies = try SampleChain(rule: "idfix-multi-tenant-proxy-addresses")
    #expect(proxies.outcome(Array("smtp:dup:5@contoso.com".utf8)).key == Array("smtp:dup5@contoso.com".utf8))
    #expect(proxies.outcome(Array("smtp:dup 5@contoso.com".utf8)).key == Array("smtp:dup 5@contoso.com".utf8))
    #expect(
      proxies.row("smtp:dup 5@contoso.com", isDuplicate: true) == "Duplicate, Character | Edit | smtp:dup5@contoso.com")
    let names = try SampleChain(rule: "idfix-multi-tenant-user-principal-name")
    #expect(names.outcome(Array("A b@contoso.com".utf8)).key == Array("ab@contoso.com".utf8))
  }

  @Test func theRuleSetsNameEveryParityRule() throws {
    let catalogue = try RuleCatalogue.load(.all)
    for (name, count) in [("idfix-multi-tenant", 8), ("idfix-dedicated", 5)] {
      let selection = try RuleSelection(catalogue, ruleSet: name)
      #expect(selection.rules.count == count)
      #expect(selection.scope?.name == name)
      #expect(selection.scope?.objectClasses == [])
    }
    let needed = try RuleSelection(catalogue, ruleSet: "idfix-dedicated").neededAttributes.map { $0.lowercased() }
    for name in ["homemdb", "givenname", "sn", "samaccountname", "cn", "objectcategory"] {
      #expect(needed.contains(name))
    }
  }

  /// `SampleChain.outcome` compares the fast way with the plain one.
  @Test func theFastWayAgreesOnAnyValue() throws {
    let pieces =
      [
        "smtp:", "SMTP:", "x500:", "x.400:", "sip:", ":", "jo", "a.b", ".", "@", "@contoso.com", "contoso.local",
        "xn--p1ai", "-",
        "_", " ", "\t", "\n", "\u{A0}", "é", "ÿ", "😀", "'", "[", ";", "(", "/", "\\", "#", "\"", "\u{1}",
      ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xE2, 0x80], [0xF0, 0x9F], Array(repeating: 0x61, count: 60)]
    let rules = try RuleCatalogue.load(.all).rules.filter { $0.id.hasPrefix("idfix-") }
    #expect(rules.count == 13)
    var random = SeededGenerator(state: 7)
    var cleanCount = 0
    for rule in rules {
      let chain = try SampleChain(rule: rule.id)
      for _ in 0..<1_500 {
        let value = (0..<Int.random(in: 0...6, using: &random)).flatMap { _ in
          pieces.randomElement(using: &random) ?? []
        }
        if chain.outcome(value, Self.plain).isClean { cleanCount += 1 }
      }
    }
    #expect(cleanCount > 2_000)
  }

  private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }
}
