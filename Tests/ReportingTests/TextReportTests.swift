import Directory
import Findings
import TestFindings
import Testing

@testable import Reporting

@Suite struct TextReportTests {
  @Test func golden() throws {
    let findings = [
      finding(
        spans: [FlaggedSpan(offset: 7, length: 1, codePoint: 0x20)],
        suggestion: Suggestion(action: .replace, value: AttributeValue("smtp:jodoe@contoso.com"))),
      finding(
        rule: "address-duplicate", severity: .warning, effect: .quarantined, attribute: "mail",
        value: AttributeValue("jo@contoso.com"), message: "held by 3 entries", line: 131,
        related: [
          holder("CN=Sales,DC=contoso,DC=com"),
          holder("CN=Jo2,DC=contoso,DC=com", attribute: "proxyAddresses", value: "SMTP:jo@contoso.com", line: 400),
        ]),
      finding(
        rule: "display-name-missing", severity: .info, effect: .advice, dn: "CN=X,DC=contoso,DC=com",
        attribute: "displayName", value: nil, message: "there is no displayName",
        suggestion: Suggestion(action: .add, value: AttributeValue("X")), line: nil),
      finding(
        dn: "CN=X,DC=contoso,DC=com", value: AttributeValue("x500:/o= "), message: "legacy",
        suggestion: Suggestion(action: .remove, value: nil), line: nil),
    ]
    var coverage = Coverage()
    coverage.entriesRead = 41230
    coverage.outOfScope = [
      .init(reason: "critical system object", count: 300), .init(reason: "conflict object", count: 12),
    ]
    coverage.attributesNeverSeen = [.init(attribute: "mailNickname", rules: ["a", "b", "c", "d"])]
    #expect(
      try textReport(findings, coverage: coverage) == #"""
        CN=Jo Doe,OU=Staff,DC=contoso,DC=com  (user, export.ldif:120)
          120:17  error  the value contains U+0020 SPACE  [proxy-address-illegal-character, dropped]
            proxyAddresses: smtp:jo␣doe@contoso.com
                                   ^  U+0020 SPACE
            → smtp:jodoe@contoso.com
          131:17  warning  held by 3 entries  [address-duplicate, quarantined]
            mail: jo@contoso.com
            3 holders:
              CN=Jo Doe,OU=Staff,DC=contoso,DC=com (user)  mail  export.ldif:131:17
              CN=Sales,DC=contoso,DC=com (group)  mail  export.ldif:200:7
              CN=Jo2,DC=contoso,DC=com (group)  proxyAddresses: SMTP:jo@contoso.com  export.ldif:400:7

        CN=X,DC=contoso,DC=com  (user, export.ldif)
          info  there is no displayName  [display-name-missing, advice]
            → add displayName: X
          error  legacy  [proxy-address-illegal-character, dropped]
            proxyAddresses: x500:/o=␣
            → remove this value

        Summary
          count  severity  effect       rule
              2  error     dropped      proxy-address-illegal-character
              1  warning   quarantined  address-duplicate
              1  info      advice       display-name-missing
          By severity: error 2, warning 1, info 1
          By effect: dropped 2, quarantined 1, advice 1

        Coverage: 41,230 of 41,230 entries read, 40,918 judged, 312 out of scope (critical system object: 300, conflict object: 12)
          4 rules could not judge: no entry has mailNickname
        Rules: entra, dirsync-lint 1.0
        2 addresses are lost, 1 conflict
        4 findings; everything was read

        """#)
  }

  /// A source anchor is shown as LDIF and Entra ID have it; text in a code page stays readable.
  @Test func valuesThatAreNoTextAreBase64() throws {
    let guid = AttributeValue([
      0xCE, 0xCF, 0x66, 0x37, 0x03, 0xF8, 0x21, 0xE2, 0x13, 0x7E, 0xFA, 0x74, 0x9C, 0x6B, 0xE5, 0x15,
    ])
    let name = AttributeValue(Array("M".utf8) + [0xFC] + Array("ller".utf8))
    let text = try textReport([
      finding(attribute: "mS-DS-ConsistencyGuid", value: guid), finding(attribute: "displayName", value: name),
    ])
    #expect(text.contains("    mS-DS-ConsistencyGuid:: zs9mNwP4IeITfvp0nGvlFQ==\n"))
    #expect(text.contains(#"    displayName: M\xFCller"# + "\n"))
  }

  @Test func cleanIsSaidOnlyWhenEverythingWasReadAndSomethingJudged() throws {
    #expect(
      try textReport([])
        == "Coverage: 10 of 10 entries read\nRules: entra, dirsync-lint 1.0\nClean: everything was read and nothing was found\n"
    )
    let spoilers: [(inout Coverage) -> Void] = [
      { $0.recordsLost = 1 }, { $0.gaps = ["size limit"] }, { $0.isInterrupted = true },
    ]
    for spoil in spoilers {
      var coverage = Coverage.whole
      spoil(&coverage)
      let text = try textReport([], coverage: coverage)
      #expect(text.hasSuffix("No findings, but not everything was read\n"))
      #expect(!text.lowercased().contains("clean"))
      #expect(try textReport([finding()], coverage: coverage).hasSuffix("1 finding, and not everything was read\n"))
    }
    #expect(try textReport([], coverage: Coverage()).hasSuffix("Nothing was judged: no entry was read\n"))
    var outside = Coverage.whole
    outside.outOfScope = [.init(reason: "x", count: 10)]
    #expect(try textReport([], coverage: outside).hasSuffix("Nothing was judged: no entry is in scope\n"))
  }

  @Test func coverageTellsEverythingThatIsMissing() {
    var coverage = Coverage.whole
    coverage.recordsLost = 1
    coverage.changeRecords = 2
    coverage.gaps = ["member of CN=\u{1B}x has ranges"]
    coverage.isInterrupted = true
    coverage.attributesNeverSeen = [.init(attribute: "mail", rules: ["a"])]
    #expect(
      CoverageText.lines(for: coverage, isVerbose: true) == [
        "10 of 11 entries read", "no entry has mail: 1 rule could not judge (a)",
        "2 change records not linted", "1 record could not be read",
        #"not read in full: member of CN=\u{001B}x has ranges"#, "interrupted before the end",
      ])
  }

  @Test func nothingHostileReachesTheTerminal() throws {
    var random = TestRandom(seed: 60)
    let findings = (0..<300).map { _ in random.finding() }
    for text in [try textReport(findings), try textReport(findings, isVerbose: true, width: 40)] {
      let raw = text.unicodeScalars.filter { $0 != "\n" && TerminalText.isEscaped($0) }
      #expect(raw.isEmpty)
    }
  }

  @Test func coloursAreTheOnlyEscapeSequencesAndOnlyWhenAskedFor() throws {
    let hostile = finding(dn: "CN=\u{1B}[2J", spans: [FlaggedSpan(offset: 7, length: 1, codePoint: 0x20)])
    let coloured = try textReport([hostile], usesColour: true)
    #expect(coloured.contains("\u{1B}[1;31merror\u{1B}[0m"))
    #expect(!coloured.contains("\u{1B}[2J"))
    var plain = ""
    for (index, piece) in coloured.split(separator: "\u{1B}[", omittingEmptySubsequences: false).enumerated() {
      guard index > 0 else { plain += piece; continue }
      let end = try #require(piece.firstIndex(of: "m"))
      #expect(piece[..<end].allSatisfy { $0.isNumber || $0 == ";" })
      plain += piece[piece.index(after: end)...]
    }
    #expect(plain == (try textReport([hostile])))
  }

  @Test func findingsOfOneEntryStandUnderOneHeading() throws {
    let text = try textReport([finding(), finding(line: 121), finding(dn: "CN=B"), finding()])
    let headings = text.split(separator: "\n").filter { $0.contains("(user, export.ldif") }
    #expect(headings.count == 3)
  }

  @Test func manyNamesGoOnALineOfTheirOwn() throws {
    let spans = (0..<12).map { FlaggedSpan(offset: $0, length: 1, codePoint: 0x41 + UInt32($0 % 10)) }
    let text = try textReport([finding(value: AttributeValue("ABCDEFGHIJAB"), spans: spans)])
    #expect(text.contains("\n                    ^^^^^^^^^^^^\n      U+0041 LATIN CAPITAL LETTER A (2 times), "))
    #expect(text.contains(", 2 other characters\n"))
  }

  @Test func verboseTellsMore() throws {
    var detailed = finding()
    detailed.objectGUID = GUID(Array(0..<16 as Range<UInt8>))
    let text = try textReport([detailed], isVerbose: true)
    #expect(
      text.contains(
        "    documented, objectGUID 03020100-0504-0706-0809-0a0b0c0d0e0f, "
          + "fingerprint 0123456789abcdef0123456789abcdef\n"))
    #expect(!(try textReport([detailed])).contains("fingerprint"))
  }

  @Test func bigValuesAreShortenedAndBigGroupsWhole() throws {
    let big = String(repeating: "a", count: 1 << 20)
    let text = try textReport([
      finding(
        value: AttributeValue(big), message: big, suggestion: Suggestion(action: .replace, value: AttributeValue(big))),
      finding(related: (0..<100_000).map { holder("CN=holder\($0)") }),
    ])
    let lines = text.split(separator: "\n")
    #expect(lines.count { $0.contains("CN=holder") } == 100_000)
    #expect(text.contains("100,001 holders:"))
    #expect(text.contains("(1,048,576 bytes)"))
    #expect(lines.allSatisfy { $0.utf8.count < 500 })
  }
}
