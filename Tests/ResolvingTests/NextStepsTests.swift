import Directory
import Findings
import Entries
import TestSources
import Testing

@testable import Resolving

/// Commands with hostile values.
@Suite struct NextStepsTests {
  @Test(arguments: [
    ("plain", "'plain'"), ("O'Neil", "'O''Neil'"), ("a\u{2019}; rm", "'a\u{2019}\u{2019}; rm'"), ("", "''"),
    ("a\nb", "('a' + [char]0xA + 'b')"), ("\u{1B}[31m", "('' + [char]0x1B + '[31m')"),
    ("x\u{202E}", "('x' + [char]0x202E)"), ("$(rm)`", "'$(rm)`'"), ("a\u{A0}b", "('a' + [char]0xA0 + 'b')"),
    ("\u{E0041}", "('' + [char]0xDB40 + [char]0xDC41)"), ("日本", "'日本'"), ("'", "''''"),
  ])
  func powerShell(_ text: String, _ expression: String) {
    #expect(PowerShellText.expression(text) == expression)
  }

  /// Reads an expression as PowerShell does: what comes out is what was put in, and nothing is left outside quotes.
  private func evaluate(_ expression: String) -> String? {
    var result: [UInt16] = []
    var rest = Substring(expression)
    if rest.hasPrefix("("), rest.hasSuffix(")") { rest = rest.dropFirst().dropLast() }
    let quotes: Set<Character> = ["'", "\u{2018}", "\u{2019}", "\u{201A}", "\u{201B}"]
    while true {
      if rest.hasPrefix("[char]0x") {
        rest = rest.dropFirst(8)
        let digits = rest.prefix { $0.isHexDigit }
        rest = rest.dropFirst(digits.count)
        guard let unit = UInt16(digits, radix: 16) else { return nil }
        result.append(unit)
      } else {
        guard rest.first == "'" else { return nil }
        var scalars = rest.unicodeScalars.dropFirst()
        while let scalar = scalars.first {
          scalars = scalars.dropFirst()
          if quotes.contains(Character(scalar)) {
            // Two of them stand for the first.
            guard let next = scalars.first, quotes.contains(Character(next)) else { break }
            scalars = scalars.dropFirst()
          }
          result += Array(String(scalar).utf16)
        }
        rest = Substring(scalars)
      }
      if rest.isEmpty { return String(decoding: result, as: UTF16.self) }
      guard rest.hasPrefix(" + ") else { return nil }
      rest = rest.dropFirst(3)
    }
  }

  @Test func anyTextComesBack() {
    var numbers = SeededNumbers(seed: 3)
    let pieces = [
      "'", "\u{2019}", "\u{201B}", "a", " ", "\n", "$", "\"", "`", ";", "\u{0}", "\u{202E}", "é", "😀", "漢", ")", "(",
      "+", "@{", "}",
    ]
    for _ in 0..<5_000 {
      var text = ""
      for _ in 0..<6 {
        text += pieces[numbers.below(pieces.count)]
      }
      let expression = PowerShellText.expression(text)
      #expect(evaluate(expression) == text, "\(expression)")
      #expect(!expression.unicodeScalars.contains { $0.value < 0x20 })
    }
    #expect(PowerShellText.expression(AttributeValue([0xff, 0x41])) == "([Convert]::FromBase64String('/0E='))")
  }

  private func object(_ attribute: String, _ old: String, _ suggestion: Suggestion?) -> ResolvedObject {
    var object = ResolvedObject(
      dn: AttributeValue("CN=O'Neil,DC=c"), objectGUID: GUID(text: "3f2504e0-4f89-41d3-9a0c-0305e82c3301"),
      objectClass: "user", state: .present, matchedBy: "dn", matchedText: "", matchedAttribute: "dn",
      location: SourceLocation(source: "a"))
    object.attributes = [NamedValues(name: attribute, values: [AttributeValue(old)])]
    object.findings = [
      Finding(
        rule: "r", severity: .error, effect: .dropped, certainty: .documented, dn: object.dn, objectGUID: nil,
        objectClass: "user", attribute: attribute, value: AttributeValue(old), valueIndex: 0, spans: [], message: "",
        suggestion: suggestion, location: object.location, fingerprint: Fingerprint(low: 1, high: 2))
    ]
    return object
  }

  @Test func suggestions() {
    let value = AttributeValue("smtp:o'neil@c.com\n")
    let steps = NextSteps.of(object("proxyAddresses", "smtp:o 'neil@c.com", Suggestion(action: .replace, value: value)))
    #expect(
      steps.map(\.text) == [
        "Set-ADObject -Identity '3f2504e0-4f89-41d3-9a0c-0305e82c3301' -Remove @{proxyAddresses='smtp:o ''neil@c.com'} "
          + "-Add @{proxyAddresses=('smtp:o''neil@c.com' + [char]0xA)}",
        "dn: CN=O'Neil,DC=c\nchangetype: modify\ndelete: proxyAddresses\nproxyAddresses: smtp:o 'neil@c.com\n-\n"
          + "add: proxyAddresses\nproxyAddresses:: c210cDpvJ25laWxAYy5jb20K\n-\n\n",
      ])
    #expect(
      NextSteps.of(object("userPrincipalName", "a b@c", Suggestion(action: .replace, value: AttributeValue("ab@c"))))
        .first?.text
        == "Set-ADUser -Identity '3f2504e0-4f89-41d3-9a0c-0305e82c3301' -UserPrincipalName 'ab@c'")
    #expect(
      NextSteps.of(object("msRTCSIP-Line", "x", Suggestion(action: .remove, value: nil))).first?.text
        == "Set-ADObject -Identity '3f2504e0-4f89-41d3-9a0c-0305e82c3301' -Remove @{'msRTCSIP-Line'='x'}")
    #expect(
      NextSteps.of(object("mail", "x", nil)).first?.text
        == "Get-ADObject -Identity '3f2504e0-4f89-41d3-9a0c-0305e82c3301' -Properties 'mail' | Format-List 'mail'")
  }
}
