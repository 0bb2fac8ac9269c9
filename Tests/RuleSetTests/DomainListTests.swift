import Directory
import Testing
import ShippedRules
@testable import RuleSet

@Suite struct DomainListTests {
  @Test(arguments: ["com", "COM", "de", "museum", "xn--p1ai", "XN--P1AI", "рф", "РФ", "jp", "ck", "мкд"])
  func knowsTopLevelDomains(_ label: String) {
    #expect(TopLevelDomains.shipped.contains(label: Array(label.utf8)))
  }

  @Test(arguments: ["local", "lan", "internal", "corp", "arpa", "onion", "", "co.uk", "comm", "xn--zzz", "ñ"])
  func knowsWhatIsNone(_ label: String) {
    #expect(!TopLevelDomains.shipped.contains(label: Array(label.utf8)))
  }

  @Test func saysWhereItIsFrom() {
    #expect(TopLevelDomains.shipped.source.hasPrefix("\(TopLevelDomains.shipped.date), Public Suffix List"))
    #expect(TopLevelDomains.shipped.date.hasPrefix("2026-"))
    #expect(TopLevelDomains.shipped.count > 1_600)
  }

  /// Added and withdrawn since the list of 2023.
  @Test func isOfTheseDays() {
    for label in ["hotel", "merck", "web", "wed"] {
      #expect(TopLevelDomains.shipped.contains(label: Array(label.utf8)))
    }
    for label in ["abarth", "xfinity"] { #expect(!TopLevelDomains.shipped.contains(label: Array(label.utf8))) }
  }

  @Test func invalidUTF8IsNoDomain() {
    #expect(!TopLevelDomains.shipped.contains(label: [0x63, 0xFF, 0x6D]))
  }

  @Test func readsAUsersList() throws {
    let text = "# Version 2026112200, Last Updated\r\nCOM\r\nXN--P1AI\n\n .corp # ours\nmünchen"
    let list = try TopLevelDomains(list: Array(text.utf8), path: "tlds.txt")
    for label in ["com", "corp", "xn--p1ai", "рф", "münchen", "MÜNCHEN", "xn--mnchen-3ya"] {
      #expect(list.contains(label: Array(label.utf8)), "\(label)")
    }
    #expect(!list.contains(label: Array("de".utf8)))
    #expect(list.source == "tlds.txt")
    #expect(list.date == "2026-11-22")
    for (head, date) in [("# Date: 2025-01-31\n", "2025-01-31"), ("# Version 20269999\n", ""), ("", "")] {
      #expect(try TopLevelDomains(list: Array((head + "com\n").utf8), path: "x").date == date)
    }
  }

  @Test func reportsAllMistakesOfAList() {
    let text = Array("com\n  co.uk\na b\n".utf8) + [0xFF, 0x0A]
    do throws(RuleProblems) {
      _ = try TopLevelDomains(list: text, path: "tlds.txt")
      Issue.record("no error")
    } catch {
      #expect(
        error.problems.map(\.description) == [
          "tlds.txt:2:3: error: `co.uk` is no top-level domain; write one label a line, such as com or xn--p1ai",
          "tlds.txt:3:1: error: `a b` is no top-level domain; write one label a line, such as com or xn--p1ai",
          "tlds.txt:4:1: error: the line is not UTF-8; write names in UTF-8 or as xn-- labels",
        ])
    }
    #expect(throws: RuleProblems.self) { try TopLevelDomains(list: Array("# nothing\n".utf8), path: "x") }
  }

  @Test func readsVerifiedDomains() throws {
    var domains = VerifiedDomains()
    #expect(domains.isEmpty)
    try domains.add("Contoso.com")
    try domains.add(list: Array("\u{FEFF}fabrikam.com\n# more\nbücher.example\n".utf8), path: "domains.txt")
    #expect(domains.domains == ["Contoso.com", "fabrikam.com", "bücher.example"])
    for name in ["contoso.com", "CONTOSO.COM", "fabrikam.com", "BÜCHER.example", "xn--bcher-kva.example"] {
      #expect(domains.contains(domain: Array(name.utf8)), "\(name)")
    }
    #expect(!domains.contains(domain: Array("sub.contoso.com".utf8)))
    #expect(
      throws: RuleProblem(
        location: SourceLocation(source: "--verified-domain"),
        message: "`contoso` is no domain; write one such as contoso.com")
    ) { try domains.add("contoso") }
    #expect(throws: RuleProblems.self) { try domains.add(list: Array("a@b.c\n".utf8), path: "domains.txt") }
  }

  // Sample strings of RFC 3492, 7.1, in lower case, and of IDN top-level domains.
  static let labels: [(String, String)] = [
    ("münchen", "xn--mnchen-3ya"), ("рф", "xn--p1ai"), ("中国", "xn--fiqs8s"), ("ελ", "xn--qxam"),
    ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
    ("почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"),
    ("3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"),
  ]

  @Test(arguments: labels)
  func convertsLabels(_ unicode: String, _ ascii: String) {
    #expect(Punycode.toASCII(unicode) == ascii)
    #expect(Punycode.toUnicode(ascii) == unicode)
  }

  @Test(arguments: ["xn--", "xn--a-", "xn--99999999", "xn--\u{e9}", "xn--zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "plain"])
  func leavesBrokenLabels(_ label: String) {
    #expect(!Punycode.toUnicode(label).isEmpty)
    #expect(Punycode.toASCII(Punycode.toUnicode("plain")) == "plain")
  }

  @Test func shippedListHasBothForms() {
    for line in ShippedRules.text(of: "data/top-level-domains.txt").split(separator: "\n") where !line.hasPrefix("#") {
      let label = String(line)
      #expect(TopLevelDomains.shipped.contains(label: Array(Punycode.toASCII(label).utf8)), "\(label)")
      #expect(TopLevelDomains.shipped.contains(label: Array(Punycode.toUnicode(label).utf8)), "\(label)")
    }
  }
}
