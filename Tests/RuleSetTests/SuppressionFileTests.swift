import Bytes
import Directory
import Findings
import Testing

@testable import RuleSet

@Suite struct SuppressionFileTests {
  private func read(_ text: String) throws(RuleProblems) -> [Suppression] {
    try SuppressionFile.read(Array(text.utf8), path: "accepted.yaml")
  }

  private func problems(_ text: String) -> [String] {
    do {
      _ = try read(text)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  private func appended(_ new: [Suppression], to text: String) throws -> String {
    String(decoding: try SuppressionFile.appending(new, to: Array(text.utf8), path: "accepted.yaml"), as: UTF8.self)
  }

  private let whole = """
    suppressions:
      - rule: proxy-address-not-verified
        object: 3f2504e0-4f89-41d3-9a0c-0305e82c3301
        attribute: proxyAddresses
        value: "smtp:jo@contoso.local"
        reason: leaves with the merger
        owner: jo.doe@contoso.com
        ticket: CHG-1234
        expires: 2027-03-31
      - fingerprint: 0123456789ABCDEF0123456789abcdef
        reason: known
        owner: Jo

    """

  @Test func readsAllParts() throws {
    let read = try read(whole)
    #expect(
      read == [
        Suppression(
          pattern: .init(
            rule: "proxy-address-not-verified", object: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            attribute: "proxyAddresses", value: "smtp:jo@contoso.local"),
          reason: "leaves with the merger", owner: "jo.doe@contoso.com", ticket: "CHG-1234",
          expires: CalendarDate("2027-03-31")),
        Suppression(
          pattern: .init(fingerprint: "0123456789abcdef0123456789abcdef"), reason: "known", owner: "Jo"),
      ])
    #expect(read[1].location == SourceLocation(source: "accepted.yaml", line: 10, column: 5))
    #expect(try self.read("suppressions:\n").isEmpty)
    #expect(try self.read("suppressions: []\n").isEmpty)
  }

  @Test func tellsEveryMistakeAtItsPlace() {
    #expect(
      problems("supressions: []\n") == [
        "accepted.yaml:1:1: error: unknown key `supressions`; did you mean `suppressions`?",
        "accepted.yaml:1:1: error: `suppressions` is missing; write `suppressions: […]`",
      ])
    let text = """
      suppressions:
        - rule: some-rule
          reason: because
          owner: Jo
        - rule: some-rule
          attribute: mail
          reson: because
          owner: Jo
          expires: 31.03.2027
        - attribute: mail
          reason: because
          owner: Jo
        - fingerprint: 12
          reason: because
          owner: Jo
      """
    #expect(
      problems(text).map { String($0.dropFirst("accepted.yaml:".count).prefix(24)) } == [
        "2:5: error: this would a", "5:5: error: `reason` is ", "7:5: error: unknown key ", "9:14: error: `31.03.2027",
        "10:5: error: `rule` is m", "13:18: error: `12` is no",
      ])
    #expect(problems("- rule: x\n").count == 1)
  }

  @Test func addsToAnyFileThatItCanRead() throws {
    let new = Suppression(pattern: .init(rule: "some-rule", attribute: "mail"), reason: "known", owner: "Jo")
    #expect(
      try appended([new], to: "") == """
        suppressions:
          - rule: some-rule
            attribute: mail
            reason: known
            owner: Jo

        """)
    let added = "  - rule: some-rule\n    attribute: mail\n    reason: known\n    owner: Jo\n"
    #expect(try appended([new], to: whole + "# kept") == whole + "# kept\n" + added)
    #expect(try appended([new], to: "suppressions: []\n") == "suppressions: \n" + added)
    #expect(try appended([new], to: "# Ours\nsuppressions:") == "# Ours\nsuppressions:\n" + added)
    let flush = "suppressions:\n- rule: a-rule\n  value: x\n  reason: y\n  owner: z\n"
    #expect(
      try appended([new], to: flush)
        == flush + "- rule: some-rule\n  attribute: mail\n  reason: known\n  owner: Jo\n")
  }

  @Test func refusesFilesToWhichNothingCanBeAdded() {
    let new = Suppression(pattern: .init(rule: "some-rule", attribute: "mail"), reason: "known", owner: "Jo")
    // Yams drops a byte order mark at the start of a text: better no entry than another one.
    let mark = Suppression(pattern: .init(rule: "some-rule", value: "\u{FEFF}x"), reason: "known", owner: "Jo")
    #expect(throws: RuleProblems.self) { try appended([mark], to: "") }
    for text in ["suppressions: [{rule: a-rule, value: x, reason: y, owner: z}]\n", "suppressions:\n...\n"] {
      #expect(throws: RuleProblems.self) { try appended([new], to: text) }
    }
  }

  @Test(arguments: [
    "plain", "two words", "a: b", "- x", "#no", "yes", "null", "~", "012", "1:30", "\"quoted\"", "it's", "back\\slash",
    " outer ", "tab\there", "new\nline", "{a: b}", "[x]", "&anchor *alias", "!tag", "% @ `", "|", ">", "\u{0}",
    "\u{7F}",
    "\u{85}", "\u{A0}", "\u{2028}", "\u{202E}evil", "é", "e\u{301}", "日本", "🙂", "\u{E000}", "\u{10FFFF}",
    "",
    "? key", "x: &a 1\ny: *a", "a\r\nb", "---", "...",
  ])
  func everyValueComesBackAsItWas(value: String) throws {
    let new = Suppression(
      pattern: .init(rule: "some-rule", object: "CN=\"x\",DC=#: y", value: value), reason: "a: \"b\" # c", owner: "& *")
    let text = try appended([new], to: whole)
    #expect(try read(text).last == new)
    #expect(
      text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.properties.generalCategory != .format || $0 == "\n" })
  }
}
