import Findings
import RuleSet
import Testing

@testable import RuleEngine

/// Checks on the entry as a whole.
@Suite struct EntryCheckTests {
  private func lines(_ object: SampleObject, _ rule: SampleRule) throws -> [String] {
    try SampleRun(object.ldif, [rule]).lines
  }

  @Test(arguments: [[], [""], [" "], ["\u{A0}", "\t"]])
  func presentMissesBlankValues(_ values: [String]) throws {
    let object = SampleObject(values.map { ("mail", Array($0.utf8)) })
    let run = try SampleRun(object.ldif, [SampleRule("present: true")])
    #expect(run.lines == ["sample mail -"])
    #expect(run.findings.map(\.location.line) == [1])
    #expect(run.findings.map(\.valueIndex) == [nil])
  }

  @Test(arguments: [["a"], ["", "a"], ["\u{200B}"]])
  func presentIsContentWithOneValue(_ values: [String]) throws {
    let object = SampleObject(values.map { ("mail", Array($0.utf8)) })
    #expect(try lines(object, SampleRule("present: true")) == [])
  }

  @Test func presentLooksAtEachAttribute() throws {
    let rule = SampleRule("present: true", on: "mail, cn, sn")
    #expect(try lines(SampleObject(["cn": "a"]), rule) == ["sample mail -", "sample sn -"])
  }

  @Test func absent() throws {
    let rule = SampleRule("absent: true")
    #expect(try lines(SampleObject(["cn": "a"]), rule) == [])
    #expect(try lines(SampleObject(["mail": "a", "Mail": "b"]), rule) == ["sample mail <a>"])
    #expect(try lines(SampleObject(["mail": ""]), rule) == ["sample mail <>"])
  }

  @Test(
    arguments: [
      ("max: 2", ["a", "b"], nil), ("max: 2", ["a", "b", "c", "d"], "<c>"), ("max: 0", ["a"], "<a>"),
      ("max: 2", [], nil), ("min: 1", [], "-"), ("min: 2", ["a"], "-"), ("min: 2, max: 2", ["a", "b"], nil),
      ("of: { prefix: [smtp] }, max: 1", ["smtp:a", "sip:b", "c"], nil),
      ("of: { prefix: [smtp] }, max: 1", ["SMTP:a", "x", "smtp:b", "smtp:c"], "<smtp:b>"),
      ("of: { prefix-exact: [SMTP] }, max: 1", ["SMTP:a", "smtp:b"], nil),
      ("of: { prefix-exact: [SMTP] }, max: 1", ["SMTP:a", "smtp:b", "SMTP:c"], "<SMTP:c>"),
      ("of: { prefix-exact: [SMTP] }, min: 1", ["smtp:b"], "-"), ("of: { prefix-exact: [SMTP] }, min: 1", [], "-"),
      ("of: { prefix-exact: [SMTP] }, min: 1, max: 1", ["smtp:a", "SMTP:b"], nil),
    ] as [(String, [String], String?)])
  func count(_ options: String, _ values: [String], _ marked: String?) throws {
    let object = SampleObject(values.map { ("proxyAddresses", Array($0.utf8)) } + [("cn", [0x61])])
    let run = try SampleRun(object.ldif, [SampleRule("count: { \(options) }", on: "proxyAddresses")])
    #expect(run.findings.map(\.marked) == (marked.map { [$0] } ?? []))
  }

  /// The numbers in messages are those of the values that count.
  @Test func countIsTold() throws {
    let rule = SampleRule("count: { of: { prefix: [smtp] }, max: 1 }", on: "mail", message: "{count} of {max}")
    let run = try SampleRun(SampleObject(["mail": "smtp:a", "mail": "x", "mail": "smtp:b"]).ldif, [rule])
    #expect(run.findings.map(\.message) == ["2 of 1"])
  }

  @Test(
    arguments: [
      ("", ["a", "A", "b"], ["<A>"]), ("", ["a", "b"], []), ("compare: exact,", ["a", "A", "a"], ["<a>"]),
      ("compare: address,", ["SMTP:a@c", "smtp:A@C", "a@c", "sip:a@c", "sip:a@c"], ["<smtp:A@C>", "<a@c>"]),
      ("trim: true,", ["a", " a", "\u{A0}A\t"], ["< a>", "<\u{A0}A\t>"]), ("", ["a", " a"], []),
      ("", ["ä@c", "Ä@C"], ["<Ä@C>"]), ("", ["ß", "ẞ"], ["<ẞ>"]), ("", ["", ""], []),
      ("", ["a", "b", "c", "d", "e", "f", "g", "h", "i", "A"], ["<A>"]),
    ])
  func uniqueWithinEntry(_ options: String, _ values: [String], _ marked: [String]) throws {
    let rule = SampleRule("unique: { \(options) within: entry }", on: "proxyAddresses")
    let run = try SampleRun(SampleObject(values.map { ("proxyAddresses", Array($0.utf8)) }).ldif, [rule])
    #expect(run.findings.map(\.marked) == marked)
    for finding in run.findings { #expect(finding.related.map(\.value?.text) == [values[0]]) }
  }

  @Test func ordersByValueThenRule() throws {
    let rules = [
      SampleRule("length: { max: 1 }", id: "b-rule", on: "mail, cn"),
      SampleRule("present: true", id: "c-rule", on: "sn"),
      SampleRule("characters: { forbidden: [x] }", id: "a-rule", on: "mail, cn"),
    ]
    let run = try SampleRun(SampleObject(["mail": "xy", "cn": "ab", "mail": "x"]).ldif, rules)
    #expect(
      run.lines == [
        "c-rule sn -", "b-rule mail x[y]", "a-rule mail [x]y", "b-rule cn a[b]", "a-rule mail [x]",
      ])
    #expect(run.findings.map(\.location.line) == [1, 3, 3, 4, 5])
  }
}
