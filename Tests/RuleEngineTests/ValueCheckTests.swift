import Findings
import RuleSet
import Testing

@testable import RuleEngine

/// A rule's options, and values with what is expected: the value with `[ ]` around what is flagged.
struct ValueRow: Sendable, CustomTestStringConvertible {
  var check: String
  var when: String?
  var requires: String?
  var good: [String]
  var bad: [(value: String, marked: String)]

  init(_ check: String, when: String? = nil, requires: String? = nil, good: [String], bad: [(String, String)]) {
    self.check = check
    self.requires = requires
    self.when = when
    self.good = good
    self.bad = bad
  }

  var testDescription: String { check }
}

/// Every check on values, by table: what passes, and what is marked in what fails.
@Suite struct ValueCheckTests {
  private func verify(_ row: ValueRow) throws {
    let rule = try SampleRule(row.check, when: row.when, requires: row.requires).load()
    for value in row.good {
      #expect(try marks(of: Array(value.utf8), rule) == [], "\(row.check) on \(value)")
    }
    for (value, marked) in row.bad {
      #expect(try marks(of: Array(value.utf8), rule) == [marked], "\(row.check) on \(value)")
    }
  }

  private func marks(of value: [UInt8], _ rule: Rule) throws -> [String] {
    let options = try SampleRun.options(verified: ["contoso.com", "bücher.de"])
    return try SampleRun(SampleObject([("mail", value)]).ldif, [rule], options: options).findings.map(\.marked)
  }

  static let charactersRows: [ValueRow] = [
    ValueRow(
      "characters: { forbidden: [\" \", \"<\", U+00A0] }", good: ["", "jo", "j>o", "a\tb", "ä"],
      bad: [("j o", "j[ ]o"), ("<j<", "[<]j[<]"), ("a\u{A0} b", "a[\u{A0}][ ]b"), (" ", "[ ]")]),
    ValueRow(
      "characters: { allowed: [letter-ascii, digit, \".\"] }", good: ["", "a.9Z"],
      bad: [("a b", "a[ ]b"), ("ä", "[ä]"), ("x😀y", "x[😀]y"), ("a:b@c", "a[:]b[@]c")]),
    ValueRow(
      "characters: { part: prefix, forbidden: [\" \", x] }", good: ["a b", "a: x", ":x", ""],
      bad: [("a b:x", "a[ ]b:x"), ("x:x:x", "[x]:x:x")]),
    ValueRow(
      "characters: { part: after-prefix, forbidden: [\" \", \":\"] }", good: ["a b:c", "a:", "abc"],
      bad: [("a: c", "a:[ ]c"), ("a:b:c", "a:b[:]c"), ("a b", "a[ ]b")]),
    ValueRow(
      "characters: { part: local-part, forbidden: [\"@\", \" \"] }", good: ["jo@b c", "@", "", "jo"],
      bad: [("j@o@b", "j[@]o@b"), ("j o", "j[ ]o"), ("sm tp:jo@b", "sm[ ]tp:jo@b")]),
    ValueRow(
      "characters: { part: local-part, forbidden: [\":\", \" \"] }", when: "value-prefix: [smtp]",
      good: ["smtp:jo@b c", "SMTP:jo", "sip:j o@c", "j o@c"],
      bad: [("Smtp:j o@c", "Smtp:j[ ]o@c"), ("smtp:x:y@c", "smtp:x[:]y@c")]),
    ValueRow(
      "characters: { part: domain, forbidden: [\"_\", \" \"] }", good: ["a_b", "a_b@c", "a@"],
      bad: [("a@b_c", "a@b[_]c"), ("a@b@ c", "a@b@[ ]c"), ("smtp:a@b c", "smtp:a@b[ ]c")]),
    ValueRow(
      "characters: { position: start, forbidden: [\".\", \"-\"] }", good: ["a.", "a-b", ""],
      bad: [(".a.", "[.]a."), (".-.a", "[.-.]a"), ("...", "[...]")]),
    ValueRow(
      "characters: { position: end, forbidden: [\".\", white-space] }", good: [".a", " a", "a.b", " ", "\u{3000}"],
      bad: [("a.", "a[.]"), ("a. \u{3000}", "a[. \u{3000}]")]),
    ValueRow(
      "characters: { position: edges, forbidden: [white-space, \".\"] }", good: ["a b", "", "   "],
      bad: [(" a ", "[ ]a[ ]"), ("\u{A0}.a", "[\u{A0}.]a"), ("..", "[..]"), ("a\n", "a[\n]")]),
    ValueRow(
      "characters: { part: local-part, position: edges, forbidden: [\".\"] }", good: ["a.b@.c.", "a@."],
      bad: [(".a@b", "[.]a@b"), ("a..@b", "a[..]@b"), (".a.", "[.]a[.]")]),
    ValueRow(
      "characters: { forbidden: [zero-width, bidi, control, no-break-space] }", good: ["ä", "a b", "漢", "e\u{301}"],
      bad: [
        ("a\u{200B}b", "a[\u{200B}]b"), ("\u{202E}a", "[\u{202E}]a"), ("a\u{7F}", "a[\u{7F}]"),
        ("\u{85}", "[\u{85}]"), ("a\u{202F}", "a[\u{202F}]"), ("\u{0}", "[\u{0}]"), ("a\u{FE0F}", "a[\u{FE0F}]"),
      ]),
    ValueRow(
      "characters: { forbidden: [diacritic, line-break] }", good: ["ss", "Σ", "e\u{301}"],
      bad: [("Zoë", "Zo[ë]"), ("a\r\nb", "a[\r][\n]b"), ("\u{2028}", "[\u{2028}]")]),
    ValueRow("characters: { forbidden: [U+00A1-U+00FF] }", good: ["\u{A0}\u{100}"], bad: [("¡ÿ", "[¡][ÿ]")]),
    ValueRow("characters: { forbidden: [U+1F600] }", good: ["😁"], bad: [("a😀", "a[😀]")]),
  ]

  @Test(arguments: charactersRows) func marksCharacters(_ row: ValueRow) throws { try verify(row) }

  @Test func bytesThatAreNotTextAreNotASCII() throws {
    let nonASCII = try SampleRule("characters: { forbidden: [non-ascii] }").load()
    #expect(try marks(of: [0x61, 0xFF, 0x62], nonASCII) == ["a[?]b"])
    let invalid = try SampleRule("characters: { forbidden: [invalid-utf-8] }").load()
    #expect(try marks(of: [0x61, 0xC3, 0xA4], invalid) == [])
    #expect(try marks(of: [0x61, 0xED, 0xA0, 0x80], invalid) == ["a[?][?][?]"])
    #expect(try marks(of: [0xF4, 0x90, 0x80, 0x80, 0xC0, 0x80, 0xE2, 0x82], invalid) == ["[?][?][?][?][?][?][?][?]"])
    let allowed = try SampleRule("characters: { allowed: [letter-ascii] }").load()
    #expect(try marks(of: [0x61, 0x80], allowed) == ["a[?]"])
    let spaces = try SampleRule("characters: { forbidden: [white-space] }").load()
    #expect(try marks(of: [0x80, 0xA0], spaces) == [])
  }

  static let textsRows: [ValueRow] = [
    ValueRow(
      "sequence: { forbidden: [\"..\", \".@\"] }", good: ["", "a.b@c", ". ."],
      bad: [("a..b", "a[..]b"), ("a...b", "a[..].b"), ("....", "[..][..]"), ("a.@b..", "a[.@]b[..]")]),
    ValueRow(
      "sequence: { forbidden: [\"ß\", ÄB] }", good: ["ss", "ab"], bad: [("xßy", "x[ß]y"), ("ÄB äb", "[ÄB] [äb]")]),
    ValueRow("sequence: { forbidden: [admin] }", good: ["adm in"], bad: [("xADMINadmin", "x[ADMIN][admin]")]),
    ValueRow(
      "sequence: { forbidden: [Admin, Ä], case-sensitive: true }", good: ["admin ADMIN ä"],
      bad: [("xAdmin", "x[Admin]"), ("Ä", "[Ä]")]),
    ValueRow(
      "sequence: { part: domain, forbidden: [\"..\"] }", good: ["a..b@c", "a..b"], bad: [("a@b..c", "a@b[..]c")]),
    ValueRow("sequence: { part: prefix, forbidden: [x5] }", good: ["a:x5", "x5"], bad: [("AX500:x5", "A[X5]00:x5")]),
    ValueRow(
      "occurrences: { of: \"@\", min: 1, max: 1 }", good: ["a@b", "@"],
      bad: [("", "<>"), ("ab", "<ab>"), ("a@b@c@", "a@b[@]c[@]")]),
    ValueRow(
      "occurrences: { of: \"@\", max: 0, part: after-prefix }", good: ["a@b:c", "x:"], bad: [("a:@", "a:[@]")]),
    ValueRow("occurrences: { of: ab, max: 1 }", good: ["ab", "AB ab", "aab"], bad: [("ababab", "ab[ab][ab]")]),
    ValueRow("occurrences: { part: domain, of: \".\", min: 1 }", good: ["a", "a@b.c"], bad: [("a.b@c", "<a.b@c>")]),
    ValueRow("occurrences: { part: local-part, of: \":\", max: 0 }", good: ["a@b:c"], bad: [("s:a@b", "s[:]a@b")]),
    ValueRow(
      "length: { max: 4 }", good: ["", "abcd", "äöüß", "😀😀"],
      bad: [("abcdef", "abcd[ef]"), ("äöüßx", "äöüß[x]"), ("a😀😀", "a😀[😀]")]),
    ValueRow("length: { min: 2 }", good: ["ab", "😀"], bad: [("", "<>"), ("a", "<a>"), ("ä", "<ä>")]),
    ValueRow("length: { min: 1 }", good: ["a", " "], bad: [("", "<>")]),
    ValueRow("length: { unit: bytes, max: 4 }", good: ["abcd", "äö"], bad: [("abcde", "abcd[e]"), ("äöü", "äö[ü]")]),
    ValueRow("length: { unit: bytes, min: 3 }", good: ["aä"], bad: [("ä", "<ä>")]),
    ValueRow(
      "length: { part: local-part, max: 3 }", good: ["abc@abcdef"], bad: [("abcd@x", "abc[d]@x"), ("abcd", "abc[d]")]),
    ValueRow(
      "length: { part: domain, min: 1, max: 5 }", good: ["abcdefgh", "a@b.com"],
      bad: [("a@b.co.uk", "a@b.co.[uk]")]),
    ValueRow("length: { part: domain, min: 1 }", good: ["a", "a@b"], bad: [("a@", "<a@>"), ("jo doe@", "<jo doe@>")]),
    ValueRow("length: { part: after-prefix, min: 1 }", good: ["a", "a:b"], bad: [("smtp:", "<smtp:>"), ("", "<>")]),
    ValueRow("length: { part: prefix, min: 1 }", good: ["a", "a:b"], bad: [(":b", "<:b>"), (":", "<:>")]),
    ValueRow("length: { part: local-part, min: 1 }", good: ["a", "a@b"], bad: [("@contoso.com", "<@contoso.com>")]),
    ValueRow(
      "length: { part: local-part, max: 2 }", when: "value-prefix: [smtp]", good: ["smtp:ab@c", "smtpx:abc"],
      bad: [("SMTP:abc@d", "SMTP:ab[c]@d")]),
    ValueRow(
      "not-blank: true", good: ["a", " a", "\u{200B}", "\u{1}"],
      bad: [("", "<>"), (" ", "< >"), ("\u{A0}\t", "<\u{A0}\t>")]),
  ]

  @Test(arguments: textsRows) func marksTexts(_ row: ValueRow) throws { try verify(row) }

  static let structuresRows: [ValueRow] = [
    ValueRow(
      "pattern: { matches: '[a-z]+(\\.[a-z]+)*' }", good: ["a", "A.b"],
      bad: [("", "[]"), ("a.", "a.[]"), ("a..b", "a.[.]b"), ("a b", "a[ ]b"), ("ä", "[ä]"), ("aö", "a[ö]")]),
    ValueRow(
      "pattern: { matches: '[ä-ö]+' }", good: ["ä", "Ö", "é"],
      bad: [("äÿ", "ä[ÿ]"), ("aä", "[a]ä"), ("漢", "[漢]"), ("ä😀", "ä[😀]")]),
    ValueRow(
      "pattern: { matches: 'ab', case-sensitive: true }", good: ["ab"], bad: [("aB", "a[B]"), ("abc", "ab[c]")]),
    ValueRow("pattern: { forbidden: '.*admin.*' }", good: ["", "a"], bad: [("xAdminx", "<xAdminx>")]),
    ValueRow(
      "pattern: { part: domain, matches: '[a-z]+\\.com' }", good: ["a", "x@a.com"],
      bad: [("x@a.org", "x@a.[o]rg"), ("a@b@", "a@b@[]")]),
    ValueRow(
      "pattern: { part: local-part, matches: '[a-z]+' }", when: "value-prefix: [smtp]", good: ["smtp:ab@1", "sip:1@2"],
      bad: [("smtp:a1@b", "smtp:a[1]@b")]),
    ValueRow(
      "pattern: { part: prefix, matches: 'smtp|sip' }", good: ["x", "SIP:a"],
      bad: [("sit:a", "si[t]:a"), (":a", "[]:a")]),
    ValueRow("pattern: { part: after-prefix, forbidden: '' }", good: ["a:b", "x"], bad: [("a:", "<a:>"), ("", "<>")]),
    ValueRow(
      "address-type: { required: true }", good: ["a:b", "a b:"], bad: [("ab", "<ab>"), (":ab", "<:ab>"), ("", "<>")]),
    ValueRow(
      "address-type: { known: [smtp, X500] }", good: ["SMTP:a", "x500:", "a"],
      bad: [("ms:a", "[ms]:a"), ("smtp :a", "[smtp ]:a")]),
    ValueRow("address-type: { refused: [notes] }", good: ["smtp:a", "a", ":a"], bad: [("Notes:a", "[Notes]:a")]),
    ValueRow(
      "domain: { routable: true }",
      good: ["a@contoso.com", "a@x.COM", "a", "a@", "a@b..c", "a@-b.c", "a@[1.2.3.4]", "a@x.xn--p1ai", "a@x.рф"],
      bad: [("a@contoso.local", "a@[contoso.local]"), ("a@contoso", "a@[contoso]"), ("a@b@x.lan", "a@b@[x.lan]")]),
    ValueRow(
      "domain: { routable: true, except: [corp.local] }", good: ["a@x.corp.local", "a@Corp.Local"],
      bad: [("a@xcorp.local", "a@[xcorp.local]"), ("a@local", "a@[local]")]),
    ValueRow(
      "domain: { verified: true }", requires: "verified-domains",
      good: ["a@Contoso.com", "a@bücher.de", "a@xn--bcher-kva.de", "a"],
      bad: [("a@sub.contoso.com", "a@[sub.contoso.com]"), ("a@fabrikam.com", "a@[fabrikam.com]")]),
    ValueRow(
      "domain: { refused: [onmicrosoft.com] }", good: ["a@contoso.com", "a@xonmicrosoft.com"],
      bad: [("a@c.OnMicrosoft.com", "a@[c.OnMicrosoft.com]"), ("a@onmicrosoft.com", "a@[onmicrosoft.com]")]),
    ValueRow("domain: { part: whole, refused: [local] }", good: ["a@b.local"], bad: [("b.local", "[b.local]")]),
    ValueRow(
      "domain: { part: after-prefix, refused: [local] }", good: ["b:c.lan"], bad: [("b:c.local", "b:[c.local]")]),
    ValueRow(
      "one-of: { values: [DE, Ärmel] }", good: ["de", "DE", "ÄRMEL"], bad: [("d", "<d>"), ("", "<>"), ("de ", "<de >")]),
    ValueRow(
      "one-of: { values: [\"0\", De], case-sensitive: true }", good: ["De", "0"], bad: [("DE", "<DE>"), ("00", "<00>")]),
    ValueRow(
      "number: { min: -5, max: 10 }", good: ["-5", "0", "10", "007", "-0"],
      bad: [
        ("11", "<11>"), ("-6", "<-6>"), ("", "<>"), ("1a", "<1a>"), ("+1", "<+1>"), ("-", "<->"), (" 1", "< 1>"),
        ("99999999999999999999", "<99999999999999999999>"),
      ]),
    ValueRow("number: { all-of-bits: 6 }", good: ["6", "7", "-2"], bad: [("4", "<4>"), ("0", "<0>")]),
    ValueRow(
      "number: { none-of-bits: 2147483648 }", good: ["1", "4294967296"],
      bad: [("-1", "<-1>"), ("2147483648", "<2147483648>")]),
    ValueRow(
      "number: { min: -9223372036854775808, max: 9223372036854775807 }",
      good: ["-9223372036854775808", "9223372036854775807"],
      bad: [("9223372036854775808", "<9223372036854775808>"), ("-9223372036854775809", "<-9223372036854775809>")]),
  ]

  @Test(arguments: structuresRows) func marksStructures(_ row: ValueRow) throws { try verify(row) }

  static let conditionsRows: [ValueRow] = [
    ValueRow(
      "length: { max: 1 }", when: "value-prefix: [smtp, \"x500\"]", good: ["ab", "sip:a", ":ab"],
      bad: [("sMtP:a", "s[MtP:a]"), ("X500:", "X[500:]")]),
    ValueRow(
      "length: { max: 1 }", when: "value-prefix-not: [smtp]", good: ["SMTP:a"],
      bad: [("sip:a", "s[ip:a]"), ("ab", "a[b]"), (":a", ":[a]")]),
    ValueRow(
      "length: { max: 1 }", when: "value-prefix-exact: [SMTP]", good: ["smtp:a", "Smtp:a", "SMTP"],
      bad: [("SMTP:a", "S[MTP:a]")]),
    ValueRow(
      "domain: { routable: true }", when: "value-prefix-exact: [SMTP]", good: ["smtp:a@b.local"],
      bad: [("SMTP:a@b.local", "SMTP:a@[b.local]")]),
  ]

  @Test(arguments: conditionsRows) func minds(_ row: ValueRow) throws { try verify(row) }

  @Test(arguments: [
    ("compare: text", ["JO@contoso.com"], "jo@Contoso.com", true), ("compare: exact", ["JO@c"], "jo@c", false),
    ("compare: exact", ["jo@c", "x"], "x", true), ("compare: text", [], "x", false),
    ("compare: address", ["smtp:Jo@c"], "SMTP:jo@C", true), ("compare: address", ["SMTP:jo@c"], "jo@c", true),
    ("compare: address", ["sip:jo@c"], "jo@c", false), ("compare: address", [], "sip:jo@c", true),
    ("compare: address, prefix-exact: SMTP", ["smtp:jo@c"], "jo@c", false),
    ("compare: address, prefix-exact: SMTP", ["smtp:x", "SMTP:jo@c"], "jo@c", true),
    ("compare: text", ["ÄRMEL"], "ärmel", true),
  ])
  func containedIn(_ options: String, _ others: [String], _ value: String, _ passes: Bool) throws {
    let rule = try SampleRule("contained-in: { attribute: proxyAddresses, \(options) }").load()
    let values = others.map { ("ProxyAddresses", Array($0.utf8)) } + [("mail", Array(value.utf8))]
    let run = try SampleRun(SampleObject(values).ldif, [rule])
    #expect(run.findings.map(\.marked) == (passes ? [] : ["<\(value)>"]))
  }

  /// A check runs on each of a rule's attributes, whatever their spelling, and on values with options.
  @Test func severalAttributes() throws {
    let rule = SampleRule("length: { max: 1 }", on: "mail, userCertificate")
    let object = SampleObject([
      "MAIL": "ab", "cn": "abc", "usercertificate;binary": "xyz", "mail;lang-de": "cd", "mail": "e",
    ])
    let run = try SampleRun(object.ldif, [rule])
    #expect(Set(run.lines) == ["sample mail a[b]", "sample mail c[d]", "sample userCertificate x[yz]"])
    #expect(run.findings.filter { $0.attribute == "mail" }.map(\.valueIndex) == [0, 1])
  }

  @Test func placeholders() throws {
    func message(_ check: String, _ text: String, _ value: String) throws -> [String] {
      try SampleRun(SampleObject(["mail": value]).ldif, [SampleRule(check, message: text)]).findings.map(\.message)
    }
    #expect(
      try message("length: { max: 2 }", "{value}: {length} of {max} in {attribute} {{}}", "a😀") == [
        "a😀: 3 of 2 in mail {}"
      ])
    #expect(try message("occurrences: { of: \"@\", max: 1 }", "{count}", "a@b@c@") == ["3"])
    let space = try message("characters: { forbidden: [\" \", U+00A0] }", "{characters}", " a \u{A0}")
    #expect(space == ["U+0020 SPACE, U+00A0 NO-BREAK SPACE"])
    #expect(try message("address-type: { known: [smtp] }", "{type}", "ms:x") == ["ms"])
    #expect(try message("domain: { routable: true }", "{domain}", "a@x.local") == ["x.local"])
    #expect(try message("contained-in: { attribute: proxyAddresses }", "{other}", "a") == ["proxyAddresses"])
  }
}

/// What holds for every kind of check.
@Suite struct CheckVocabularyTests {
  /// One check of each kind, as rule files write it.
  private static let checks = [
    "characters: { forbidden: [a] }", "sequence: { forbidden: [a] }", "occurrences: { of: a, max: 1 }",
    "length: { max: 1 }", "not-blank: true", "pattern: { matches: a }", "address-type: { required: true }",
    "domain: { routable: true }", "one-of: { values: [a] }", "number: { min: 1 }", "contained-in: { attribute: cn }",
    "present: true", "absent: true", "count: { max: 1 }", "unique: true",
  ]

  /// A kind that is known to rule files and not to the compiler would never find anything.
  @Test func everyKindIsCompiled() throws {
    let rules = try Self.checks.map { try SampleRule($0).load() }
    #expect(
      rules.map { type(of: $0.check).name }
        == CheckVocabulary.engine.kinds.filter { $0.subject == .entries }.map { $0.name })
    for rule in rules {
      let program = try RuleProgram(
        rules: [.init(rule: rule, severity: .error)], scope: nil, options: try SampleRun.options())
      let compiled = program.compiled
      #expect(
        compiled.checks.count + compiled.entryChecks.count + compiled.uniqueTests.count == 1,
        "\(type(of: rule.check).name)")
    }
  }

  /// Compiled checks are copied for every value they judge.
  @Test func compiledChecksAreSmall() {
    #expect(MemoryLayout<ValueTest>.size <= 24)
    #expect(MemoryLayout<ValueCheck>.size <= 72)
  }
}
