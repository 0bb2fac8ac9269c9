import Testing

@testable import Incremental

@Suite struct DNHashTests {
  private func isAtOrBelow(_ dn: String, _ places: [String]) -> Bool {
    DNHash.isAtOrBelow(Array(dn.utf8).span, any: Set(places.map { DNHash.of(Array($0.utf8)) }))
  }

  @Test func aNameIsBelowThoseThatItEndsWith() {
    let places = ["OU=Staff,DC=contoso,DC=com", "DC=fabrikam,DC=com"]
    for dn in [
      "OU=Staff,DC=contoso,DC=com", "CN=Jo,OU=Staff,DC=contoso,DC=com", "cn=jo, ou=staff,dc=Contoso,dc=com",
      "CN=a,OU=b,DC=fabrikam,DC=com",
    ] {
      #expect(isAtOrBelow(dn, places), "\(dn)")
    }
    for dn in ["DC=contoso,DC=com", "CN=Jo,OU=Sales,DC=contoso,DC=com", "OU=Other Staff,DC=contoso,DC=com", "CN=Jo", ""] {
      #expect(!isAtOrBelow(dn, places), "\(dn)")
    }
  }

  /// A comma within a value divides nothing, whatever the number of backslashes before it.
  @Test func escapedCommasDivideNothing() {
    #expect(!isAtOrBelow(#"CN=Doe\,OU=Staff"#, ["OU=Staff"]))
    #expect(isAtOrBelow(#"CN=Doe\\,OU=Staff"#, ["OU=Staff"]))
    #expect(isAtOrBelow(#"CN=Doe\, Jo,OU=Staff"#, ["OU=Staff"]))
  }
}
