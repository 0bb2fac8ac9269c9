import Findings
import Testing

@testable import RuleEngine

/// A text that nobody's marks tell of and that ends within a line: what it ends with may be only a part.
@Suite struct UnfinishedValueTests {
  private static let record = """
    dn: CN=Ann,DC=contoso,DC=com
    objectClass: user
    cn: Ann
    sAMAccountName: ann
    mail: bad mail@contoso.com
    displayName: Ann
    mailNickname: ann
    proxyAddresses: SMTP:ann@contoso.com
    proxyAddresses: smtp:
     ann@fabrikam.com
    userPrincipalName: ann@contoso.com

    """

  /// Whatever the place of the cut, no finding is about what was cut or may have followed; what is wrong before it is told.
  @Test func noFindingIsAboutTheCut() throws {
    let program = try program()
    let other =
      "dn: CN=Bob,DC=contoso,DC=com\nobjectClass: user\ncn: Bob\nuserPrincipalName: ann@contoso.co\n"
      + "proxyAddresses: SMTP:ann@contoso.c\nproxyAddresses: smtp:ann@fabrikam.c\n\n"
    let whole = try findings(other + Self.record, program: program).filter { $0.dn.text?.hasPrefix("CN=Ann") == true }
    #expect(Set(whole.map(\.rule)).isSuperset(of: ["masked-mail-malformed"]))
    // Until addresses hide it, mail is judged as what it is.
    let bytes = Array(Self.record.utf8)
    for cut in stride(from: 60, to: bytes.count, by: 5) where bytes[cut - 1] != 10 {
      let part = String(decoding: bytes[..<cut], as: UTF8.self)
      let found = try findings(other + part, program: program).filter { $0.dn.text?.hasPrefix("CN=Ann") == true }
      #expect(Set(found.map(\.rule)).isSubset(of: whole.map(\.rule) + ["mail-inner-space"]), "\(part.suffix(30))")
    }
  }

  /// Only the record that the text ends with is concerned.
  @Test func recordsBeforeItAreJudged() throws {
    let text =
      "dn: CN=A,DC=c\nobjectClass: user\nuserPrincipalName: a b@contoso.com\n\n"
      + "dn: CN=B,DC=c\nobjectClass: user\n"
    for end in ["userPrincipalName: b b@contoso.com", "userPrincipalName:: !", "changetype: delete"] {
      let rules = try findings(text + end, program: try program()).map(\.rule)
      #expect(rules == ["upn-white-space"], "\(end)")
    }
    #expect(try findings(text + "userPrincipalName: b b@contoso.com\n", program: try program()).count == 2)
  }
}
