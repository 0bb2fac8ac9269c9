import Directory
import Findings
import RuleSet
import Testing

@testable import Joins
@testable import RuleEngine

/// Values that several entries hold.
@Suite struct DuplicateTests {
  private static let addresses = SampleRule(
    "unique: { compare: address }", id: "addresses", on: "mail, proxyAddresses, userPrincipalName",
    message: "{holders} of {value}")

  private static func entry(_ name: String, _ values: [String], _ objectClass: String = "user") -> String {
    (["dn: CN=\(name),DC=contoso,DC=com", "objectClass: \(objectClass)"] + values).joined(separator: "\n") + "\n"
  }

  /// `rule: first attribute value | related …`, with the letter of each entry.
  private static func lines(_ run: SampleRun) -> [String] {
    func letter(_ dn: AttributeValue) -> String { String(dn.text?.dropFirst(3).prefix { $0 != "," } ?? "") }
    return run.findings.map { finding in
      let related = finding.related.map { "\(letter($0.dn)) \($0.attribute) \($0.value?.text ?? "-")" }
      return (["\(letter(finding.dn)) \(finding.attribute) \(finding.value?.text ?? "-")"] + related).joined(
        separator: " | ")
    }
  }

  private static func lines(_ entries: [String], _ rule: SampleRule = addresses) throws -> [String] {
    lines(try SampleRun(entries.joined(separator: "\n"), [rule]))
  }

  @Test func acrossAttributesClassesAndCase() throws {
    let found = try Self.lines([
      Self.entry("A", ["userPrincipalName: Jo@contoso.com"]), Self.entry("B", ["mail: x@contoso.com"], "group"),
      Self.entry("C", ["proxyAddresses: SMTP:other@contoso.com", "proxyAddresses: smtp:JO@contoso.com"], "contact"),
      Self.entry("D", ["mail: jo@CONTOSO.com"], "group"), Self.entry("E", ["proxyAddresses: sip:jo@contoso.com"]),
      Self.entry("F", ["proxyAddresses: X500:/o=jo@contoso.com"]),
      Self.entry("G", ["mail: jo@contoso.com"], "computer"),
    ])
    #expect(
      found == [
        "A userPrincipalName Jo@contoso.com | C proxyAddresses smtp:JO@contoso.com | D mail jo@CONTOSO.com"
      ])
  }

  /// What is no address is dropped before it could collide: dots in wrong places, characters that stand for something else.
  @Test(arguments: [
    "x..y@c", ".x@c", "x.@c", "x y@c", "x\"@c", "x,y@c", "(1)x@c", "é@c", "x@", "@c", "x@c@d", "x@.c", "x@c.",
  ])
  func whatIsNoAddressIsHeldByNobody(_ value: String) throws {
    for text in ["mail: \(value)", "proxyAddresses: smtp:\(value)"] {
      #expect(try Self.lines([Self.entry("A", [text]), Self.entry("B", [text])]) == [])
    }
  }

  @Test func oneObjectIsNoConflict() throws {
    let own = Self.entry("A", ["mail: jo@c", "proxyAddresses: SMTP:Jo@c", "userPrincipalName: JO@c", "mail: jo@c"])
    #expect(try Self.lines([own]) == [])
    // With another holder, the attribute that the rule names first stands for the object.
    #expect(
      try Self.lines([own, Self.entry("B", ["userPrincipalName: jo@c"])]) == ["A mail jo@c | B userPrincipalName jo@c"])
  }

  @Test(arguments: [2, 3, 50]) func nHoldersAreOneFinding(_ count: Int) throws {
    let text = (0..<count).map { Self.entry("E\($0)", ["mail: jo@c"]) }.joined(separator: "\n")
    let run = try SampleRun(text, [Self.addresses.load()], recordsPerBatch: 4)
    #expect(run.findings.count == 1)
    let finding = try #require(run.findings.first)
    #expect(finding.dn.text == "CN=E0,DC=contoso,DC=com")
    #expect(finding.related.map(\.dn.text) == (1..<count).map { "CN=E\($0),DC=contoso,DC=com" })
    #expect(finding.message == "\(count) of jo@c")
    #expect(finding.location.line == 3)
    #expect(finding.related.map(\.location.line) == (1..<count).map { 4 * $0 + 3 })
  }

  @Test(
    arguments: [
      ("", "jo", "JO", true), ("compare: exact", "jo", "JO", false), ("compare: exact", "jo", "jo", true),
      ("", "jo", "jo ", false), ("trim: true", "jo", "jo ", true),
      ("trim: true, compare: address", "smtp: jo@c", "jo@c", true),
      ("", "Ärmel", "ÄRMEL", true), ("", "straße", "STRASSE", false), ("", "smtp:jo@c", "jo@c", false),
      ("compare: address", "smtp:jo@c", "SMTP:JO@C", true), ("compare: address", "smtp:", "smtp:", false),
      ("compare: address", "jo", "JO", false), ("compare: address", "@c", "@c", false),
      ("compare: address", "jo@", "jo@", false), ("compare: address", "j@@c", "j@@c", false),
      ("compare: address", "smtpx:jo", "jo", false),
      ("compare: address", "a:b@c", "a:b@c", false), ("compare: address", "a@b:c", "a@b:c", false),
    ])
  func comparisons(_ options: String, _ left: String, _ right: String, _ areEqual: Bool) throws {
    let objects = [left, right].enumerated().map { number, value in
      var object = SampleObject(["mail": value])
      object.dn = "CN=E\(number),DC=c"
      return object.ldif
    }
    let run = try SampleRun(objects.joined(separator: "\n"), [SampleRule("unique: { \(options) }")])
    #expect(run.findings.count == (areEqual ? 1 : 0))
  }

  @Test func blankValuesAreNoDuplicates() throws {
    let empty = SampleObject(["mail": ""]).ldif
    #expect(try SampleRun(empty + "\n" + empty, [SampleRule("unique: {}")]).findings.isEmpty)
    let blank = SampleObject(["mail": " "]).ldif
    #expect(try SampleRun(blank + "\n" + blank, [SampleRule("unique: { trim: true }")]).findings.isEmpty)
  }

  @Test func conditionsAndFiltersCount() throws {
    var rule = Self.addresses
    rule.appliesTo = "object-class: [user], filter: \"(!(cn=hidden))\""
    rule.when = "value-prefix-exact: [SMTP]"
    let holders = [
      Self.entry("A", ["proxyAddresses: SMTP:jo@c"]), Self.entry("B", ["proxyAddresses: smtp:jo@c"]),
      Self.entry("C", ["proxyAddresses: SMTP:jo@c", "cn: hidden"]),
      Self.entry("D", ["proxyAddresses: SMTP:jo@c"], "group"),
      Self.entry("E", ["proxyAddresses: SMTP:Jo@c"]),
    ]
    #expect(try Self.lines(holders, rule) == ["A proxyAddresses SMTP:jo@c | E proxyAddresses SMTP:Jo@c"])
  }

  /// Two rules over the same attributes keep their own values apart.
  @Test func rulesDoNotMix() throws {
    let rules = [
      SampleRule("unique: {}", id: "mails", on: "mail"), SampleRule("unique: {}", id: "names", on: "cn"),
    ]
    let text = [Self.entry("A", ["mail: jo", "cn: x"]), Self.entry("B", ["cn: jo", "mail: x"])].joined(separator: "\n")
    #expect(try SampleRun(text, rules).findings.isEmpty)
  }

  /// Values that only share a fingerprint come apart when the real values are read.
  @Test func sharedFingerprintsComeApart() throws {
    let rule = try SampleRule("unique: {}").load()
    let active = [RuleSelection.ActiveRule(rule: rule, severity: .error)]
    let program = try RuleProgram(rules: active, scope: nil, options: SampleRun.options())
    let text = ["a", "b", "A", "c", "B"].enumerated().map { Self.entry("E\($0)", ["mail: \($1)"]) }
    let directory = SampleDirectory(text.joined(separator: "\n"), attributes: program.attributes)
    // All are put into one group, as if the fingerprints were equal; each is taken up by its own real key.
    let hash = KeyHash(seed: 1)
    let hits = ["a", "b", "a", "c", "b"].enumerated().map { number, key in
      UniquenessIndex.Hit(
        entry: UInt32(number), group: 0,
        key: hash.of(Array(key.utf8), index: 1, foldsCase: true) & ~UniquenessIndex.repeatBit)
    }
    var groups = DuplicateGroups(program, hash: hash, hits: hits, groupCount: 1)
    try groups.collect(from: directory) { _ in }
    var found: [Finding] = []
    #expect(groups.due() == 0)
    try groups.takeDue { found.append($0) }
    #expect(groups.due() == nil)
    #expect(found.map { $0.value?.text } == ["a", "b"])
    #expect(found.map { $0.related.map { $0.value?.text } } == [["A"], ["B"]])
  }

  // MARK: - Determinism

  private static func crowded(_ seed: UInt64) -> String {
    var random = SampleRandom(seed)
    return (0..<60).map { number in
      let values = (0..<8).map { _ in
        let name = ["mail", "proxyAddresses", "userPrincipalName", "cn"][random.below(4)]
        return
          "\(name): \(["smtp:", "SMTP:", ""][random.below(3)])u\(random.below(20))\(["", " ", "ä"][random.below(3)])x@c"
      }
      return entry("E\(number)", values, ["user", "group", "contact"][random.below(3)])
    }.joined(separator: "\n")
  }

  /// The same bytes whatever the seed and the size of batches.
  @Test(arguments: 0..<3) func sameFindingsInEveryRun(_ number: UInt64) throws {
    let rules = try [
      Self.addresses, SampleRule("unique: {}", id: "texts", on: "cn, mail"),
      SampleRule("unique: { compare: exact, trim: true }", id: "exact", on: "cn, proxyAddresses"),
      SampleRule(
        "characters: { forbidden: [\" \", non-ascii] }", id: "letters", on: "mail, proxyAddresses, cn",
        suggestion: "remove-characters: true"),
    ].map { try $0.load() }
    let text = Self.crowded(number)
    let plain = try SampleRun(text, rules)
    #expect(plain.findings.contains { $0.suggestion != nil })
    #expect(plain.findings.filter { !$0.related.isEmpty }.count > 20)
    for (seed, recordsPerBatch) in [(UInt64(0), 60), (1, 1), (.max, 7), (0x1234_5678_9ABC_DEF0, 13), (99, 30)] {
      let other = try SampleRun(text, rules, seed: seed, recordsPerBatch: recordsPerBatch)
      #expect(other.findings == plain.findings, "seed \(seed), \(recordsPerBatch) records a batch")
      #expect(other.coverage == plain.coverage)
    }
  }

  /// Where the other value of an entry stands does not depend on the batches.
  @Test func placesOfRepeatsInOneEntry() throws {
    let rule = try SampleRule("unique: { within: entry }", on: "mail").load()
    let text = ["A", "B"].map { Self.entry($0, ["mail: jo", "mail: JO"]) }.joined(separator: "\n")
    #expect(try SampleRun(text, [rule]).findings.map { $0.related.map(\.location.line) } == [[3], [8]])
    let run = try SampleRun(text, [rule], recordsPerBatch: 1)
    #expect(run.findings.map { $0.related.map(\.location.line) } == [[3], [8]])
  }

  /// Groups against a dictionary of lower-case addresses.
  @Test(arguments: 10..<13) func findsWhatADictionaryFinds(_ number: UInt64) throws {
    let text = Self.crowded(number)
    let run = try SampleRun(text, [Self.addresses])
    var holders: [String: [String]] = [:]
    var dn = ""
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1).map { String($0).trimmed }
      if parts[0] == "dn" { dn = parts[1] }
      guard ["mail", "proxyAddresses", "userPrincipalName"].contains(parts[0]) else { continue }
      let value = parts[1].lowercased()
      let key = value.hasPrefix("smtp:") ? String(value.dropFirst(5)) : value
      // What is no address is held by nobody.
      guard key.allSatisfy({ $0.isASCII && $0 != " " }) else { continue }
      if holders[key]?.last != dn { holders[key, default: []].append(dn) }
    }
    let expected = Set(holders.values.filter { $0.count > 1 }.map { $0.joined(separator: "|") })
    let found = run.findings.map { ([$0.dn] + $0.related.map(\.dn)).map { $0.text ?? "" }.joined(separator: "|") }
    #expect(Set(found) == expected)
    #expect(found.count == holders.values.count { $0.count > 1 })
    // Findings come as soon as all their holders were read, yet in the order of the first ones.
    let firsts = run.findings.map { Int($0.dn.text?.drop { !$0.isNumber }.prefix { $0.isNumber } ?? "") ?? -1 }
    #expect(firsts == firsts.sorted())
  }
}
