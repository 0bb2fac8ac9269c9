import Directory
import Findings
import TestFindings
import Testing

@testable import Reporting

@Suite struct CSVReportTests {
  private func csv(_ findings: [Finding], asTerminal: Bool = false, hasByteOrderMark: Bool = false) throws -> [UInt8] {
    try report(findings, asTerminal: asTerminal) { CSVReport(output: $0, hasByteOrderMark: hasByteOrderMark) }
  }

  @Test func golden() throws {
    let golden = finding(
      spans: [
        FlaggedSpan(offset: 7, length: 1, codePoint: 0x20), FlaggedSpan(offset: 9, length: 1, codePoint: 0xA0),
        FlaggedSpan(offset: 10, length: 1, codePoint: 0x20),
      ],
      message: "say \"no\"", suggestion: Suggestion(action: .replace, value: AttributeValue("smtp:jodoe@contoso.com")),
      related: [holder("CN=Sales,DC=contoso,DC=com")])
    let expected = [
      "rule,severity,effect,dn,objectGUID,objectClass,attribute,value,valueIndex,characters,message,suggestion,"
        + "suggestedValue,source,line,column,holder,holders,fingerprint",
      "proxy-address-illegal-character,error,dropped,\"CN=Jo Doe,OU=Staff,DC=contoso,DC=com\",,user,proxyAddresses,"
        + "smtp:jo doe@contoso.com,1,\"U+0020 SPACE; U+00A0 NO-BREAK SPACE\",\"say \"\"no\"\"\",replace,"
        + "smtp:jodoe@contoso.com,export.ldif,120,17,1,2,0123456789abcdef0123456789abcdef",
      "proxy-address-illegal-character,error,dropped,\"CN=Sales,DC=contoso,DC=com\",,group,mail,jo@contoso.com,,,"
        + "\"say \"\"no\"\"\",,,export.ldif,200,7,2,2,0123456789abcdef0123456789abcdef", "",
    ]
    #expect(String(decoding: try csv([golden]), as: UTF8.self) == expected.joined(separator: "\r\n"))
  }

  @Test func aByteOrderMarkIsOptional() throws {
    #expect(try csv([], hasByteOrderMark: true).starts(with: [0xEF, 0xBB, 0xBF, UInt8(ascii: "r")]))
    #expect(try csv([]).first == UInt8(ascii: "r"))
  }

  @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=HYPERLINK(\"x\",\"y\")"])
  func formulasAreGuarded(text: String) throws {
    let rows = csvRows(try csv([finding(value: AttributeValue(text), message: text)]))
    #expect(rows[1][7] == "'" + text)
    #expect(rows[1][10] == "'" + text)
  }

  /// Where a cell starts depends on who opens the file: Excel of a German or French user splits at semicolons.
  @Test(arguments: [
    ("x;=HYPERLINK(\"http://x\")", "x;'=HYPERLINK(\"http://x\")"), ("x\t=1", "x\t'=1"), ("x\n@a", "x\n'@a"),
    (" =1", " '=1"), ("\u{FEFF}=1", "\u{FEFF}'=1"), ("\"\"=1", "\"\"'=1"), ("x; \u{A0}+1", "x; \u{A0}'+1"),
    ("\u{FF1D}1", "'\u{FF1D}1"), ("\u{FF0B}1", "'\u{FF0B}1"), ("\u{FF0D}1", "'\u{FF0D}1"), ("\u{FF20}1", "'\u{FF20}1"),
    ("\u{0}=1", "\\u{0000}'=1"), ("a\u{0}b", "a\\u{0000}b"), ("\n=1", "'\n'=1"),
  ])
  func formulasBehindAnySeparatorAreGuarded(text: String, shown: String) throws {
    let bytes = try csv([finding(value: AttributeValue(text))])
    #expect(csvRows(bytes)[1][7] == shown)
    #expect(!bytes.contains(0))
  }

  /// No cell of any finding begins with a sign, whichever of the separators its reader splits at.
  @Test func noFormulaIsLeftInHostileFindings() throws {
    var random = TestRandom(seed: 16)
    for _ in 0..<300 {
      let text = String(decoding: FormulaGuard.guarded(Array(random.text().utf8)), as: UTF8.self)
      for cell in text.split(whereSeparator: { ";\t\n\r".unicodeScalars.contains($0.unicodeScalars.first ?? " ") }) {
        let start = cell.unicodeScalars.first { !($0.value <= 0x20 || [0xA0, 0xFEFF, 0x22, 0x7F].contains($0.value)) }
        #expect(
          !"=+-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(start ?? " "), "\(text.debugDescription)")
      }
    }
  }

  @Test func otherTextIsLeftAsItIs() throws {
    for text in ["a=1", "'x", "", "smtp:a@b", "\u{1B}[31m", "漢字", "a; b", "x\ny"] {
      #expect(csvRows(try csv([finding(value: AttributeValue(text))]))[1][7] == text)
    }
  }

  @Test func valuesThatAreNotUTF8AreBase64() throws {
    #expect(csvRows(try csv([finding(value: AttributeValue([0xFF, 0x2C]))]))[1][7] == "base64:/yw=")
  }

  @Test func readingTheRowsGivesTheCells() throws {
    var random = TestRandom(seed: 20)
    let findings = (0..<500).map { _ in random.finding() }
    let rows = try #require(parseCSV(try csv(findings)))
    #expect(rows.count == 1 + findings.reduce(0) { $0 + 1 + $1.related.count })
    #expect(rows.allSatisfy { $0.count == 19 })
    var next = 1
    for finding in findings {
      #expect(rows[next][10] == guarded(Array(finding.message.utf8)))
      for (holder, dn) in ([finding.dn] + finding.related.map(\.dn)).enumerated() {
        if dn.text != nil { #expect(rows[next][3] == guarded(dn.bytes)) }
        #expect(rows[next][16] == Array("\(holder + 1)".utf8))
        next += 1
      }
    }
  }

  /// The cell with what guards it; other tests say what that is.
  private func guarded(_ cell: [UInt8]) -> [UInt8] { FormulaGuard.guarded(cell) }

  @Test func onATerminalNothingIsRaw() throws {
    let bytes = try csv([finding(value: AttributeValue("a\u{1B}[31m\u{9B}\u{202E}"), message: "\0")], asTerminal: true)
    #expect(bytes.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x0D || $0 == 0x0A })
    #expect(csvRows(bytes)[1][7] == #"a\u{001B}[31m\u{009B}\u{202E}"#)
  }

  @Test func aBigGroupHasARowForEachHolder() throws {
    let bytes = try csv([finding(related: (0..<100_000).map { holder("CN=\($0)") })])
    #expect(bytes.count { $0 == 0x0A } == 100_002)
    #expect(csvRows(Array(bytes.suffix(400))).last?[16...17] == ["100001", "100001"])
  }
}

@Suite struct IdFixCSVReportTests {
  private let header =
    "DISTINGUISHEDNAME,COMMONNAME,OBJECTCLASS,ATTRIBUTE,ERROR,VALUE,UPDATE,PROPOSEDACTION,ACTION"

  private func rows(_ findings: [Finding], guardsFormulas: Bool = true) throws -> [[String]] {
    Array(
      csvRows(try report(findings) { IdFixCSVReport(output: $0, guardsFormulas: guardsFormulas) }).dropFirst())
  }

  @Test func golden() throws {
    var golden = finding(
      dn: "CN=Ann Lee,OU=Staff,DC=contoso,DC=com", value: AttributeValue("smtp:ann lee@contoso.local"),
      suggestion: Suggestion(action: .replace, value: AttributeValue("smtp:annlee@contoso.local")),
      labels: ["Character"])
    golden.annotations.append(Annotation(name: Annotation.proposedAction, values: ["Edit"]))
    var second = golden
    second.annotations = [Annotation(name: Annotation.labels, values: ["TopLevelDomain"])]
    second.suggestion = nil
    let text = String(decoding: try report([golden, second]) { IdFixCSVReport(output: $0) }, as: UTF8.self)
    #expect(
      text == header + "\r\n\"CN=Ann Lee,OU=Staff,DC=contoso,DC=com\",Ann Lee,user,proxyAddresses,"
        + "\"Character, TopLevelDomain\",smtp:ann lee@contoso.local,smtp:annlee@contoso.local,Edit,\r\n")
  }

  @Test func rowsAreSortedByDNWithoutCaseThenAsFound() throws {
    let found = [
      finding(dn: "cn=b", attribute: "mail"), finding(dn: "CN=C"), finding(dn: "CN=a"),
      finding(dn: "CN=B", attribute: "displayName"),
    ]
    #expect(
      try rows(found).map { "\($0[0]) \($0[3])" } == [
        "CN=a proxyAddresses", "cn=b mail", "CN=B displayName", "CN=C proxyAddresses",
      ])
  }

  @Test func oneRowForEachValueWithAllErrorsAndTheLastProposal() throws {
    func step(_ label: String, _ proposal: String?) -> Finding {
      finding(
        suggestion: proposal.map { Suggestion(action: .replace, value: AttributeValue($0)) }, labels: [label])
    }
    let result = try rows([
      step("Length", "a"), step("Character", "b"), step("Length", nil),
      finding(value: AttributeValue("smtp:other"), labels: ["Format"]),
    ])
    #expect(result.count == 2)
    #expect(result[0][4...7] == ["Length, Character", "smtp:jo doe@contoso.com", "b", "Edit"])
    #expect(result[1][4...7] == ["Format", "smtp:other", "smtp:other", "None"])
  }

  @Test func everyHolderOfADuplicateHasARow() throws {
    var first = finding(
      dn: "CN=1", attribute: "mail", value: AttributeValue("jo@contoso.com"),
      related: [holder("CN=3"), holder("CN=2", value: "JO@contoso.com")], labels: ["Duplicate"])
    first.annotations.append(Annotation(name: Annotation.proposedAction, values: ["Complete"]))
    let result = try rows([first])
    #expect(result.map { $0[0] } == ["CN=1", "CN=2", "CN=3"])
    #expect(result.map { $0[5] } == ["jo@contoso.com", "JO@contoso.com", "jo@contoso.com"])
    #expect(result.map { $0[6] } == ["jo@contoso.com", "JO@contoso.com", "jo@contoso.com"])
    #expect(result.map { $0[7] } == ["Complete", "None", "None"])
    #expect(result.map { $0[2] } == ["user", "group", "group"])
    #expect(result.allSatisfy { $0[4] == "Duplicate" && $0[8].isEmpty })
  }

  @Test func actionsFollowTheSuggestion() throws {
    let result = try rows([
      finding(dn: "CN=1", suggestion: Suggestion(action: .remove, value: nil)),
      finding(dn: "CN=2", value: nil, suggestion: Suggestion(action: .add, value: AttributeValue("x"))),
      finding(dn: "CN=3", value: nil),
    ])
    #expect(
      result.map { Array($0[5...7]) } == [
        ["smtp:jo doe@contoso.com", "", "Remove"], ["", "x", "Edit"], ["", "", "None"],
      ])
    #expect(result.allSatisfy { $0[4] == "proxy-address-illegal-character" })
  }

  @Test(arguments: [
    ("mailNickname", "mailnickname"), ("MAILNICKNAME", "mailnickname"), ("proxyaddresses", "proxyAddresses"),
    ("sAMAccountName", "sAMAccountName"), ("extensionAttribute1", "extensionAttribute1"),
  ])
  func attributesAreSpelledAsIdFixDoes(attribute: String, expected: String) throws {
    #expect(try rows([finding(attribute: attribute)])[0][3] == expected)
  }

  @Test(arguments: [
    ("CN=Jo Doe,OU=x", "Jo Doe"), (#"CN=Doe\, Jo,OU=x"#, "Doe, Jo"), (#"CN=L\C3\BC,OU=x"#, "Lü"),
    (#"CN=a\+b+OU=c,DC=x"#, "a+b"), (#"CN=x\"#, #"x\"#), ("CN=", ""), ("nothing", ""), (#"CN=a\\,DC=b"#, #"a\"#),
  ])
  func theCommonNameFallsBackToTheFirstRDN(dn: String, expected: String) throws {
    #expect(try rows([finding(dn: dn)])[0][1] == expected)
  }

  @Test func formulasAreGuardedUnlessSwitchedOff() throws {
    let formula = finding(attribute: "displayName", value: AttributeValue("@contoso"))
    #expect(try rows([formula])[0][5] == "'@contoso")
    #expect(try rows([formula], guardsFormulas: false)[0][5] == "@contoso")
  }

  @Test func hostileFindingsGiveNineColumns() throws {
    var random = TestRandom(seed: 30)
    let bytes = try report((0..<500).map { _ in random.finding() }) { IdFixCSVReport(output: $0) }
    let rows = try #require(parseCSV(bytes))
    #expect(rows.count > 500)
    #expect(rows.allSatisfy { $0.count == 9 && $0.allSatisfy { String(validating: $0, as: UTF8.self) != nil } })
    #expect(String(decoding: bytes.prefix(header.utf8.count), as: UTF8.self) == header)
  }

  @Test func aBigGroupIsWhole() throws {
    let bytes = try report([finding(related: (0..<100_000).map { holder("CN=\($0)") })]) { IdFixCSVReport(output: $0) }
    #expect(bytes.count { $0 == 0x0A } == 100_002)
  }
}
