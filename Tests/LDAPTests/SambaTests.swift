import Foundation
import Testing
import TestServers

@testable import LDAP

/// What only Active Directory has, on a Samba domain controller. (Binds by Kerberos are in `LDAPCommandTests`, since
/// they depend on the environment of the process.)
@Suite(.enabled(if: TestServers.canRunSamba, TestServers.sambaHint)) struct SambaTests {
  private let base = "DC=ad,DC=contoso,DC=test"

  /// Runs `ldapmodify` as Administrator.
  private func modify(_ ldif: String) throws {
    let variables = try TestServers.samba()
    try TestServers.command(
      "ldapmodify",
      [
        "-x", "-H", "ldaps://\(try #require(variables["SAMBA_IP"]))", "-D", try #require(variables["SAMBA_USER"]), "-w",
        try #require(variables["SAMBA_PASSWORD"]),
      ], environment: ["LDAPTLS_CACERT": try #require(variables["SAMBA_CA"])], input: ldif)
  }

  @Test func rootDSE() throws {
    let session = try LDAPSession.open(TestConnections.samba())
    let root = session.rootDSE
    #expect(root.isActiveDirectory)
    #expect(root.defaultNamingContext == base)
    #expect(root.configurationNamingContext == "CN=Configuration,\(base)")
    #expect(root.rootDomainNamingContext == base)
    #expect(root.domainFunctionality == 4)
    #expect((root.highestCommittedUSN ?? 0) > 1_000)
    #expect(root.supports(control: LDAPControl.OID.dirSync))
    #expect(root.saslMechanisms.contains("GSSAPI"))
    #expect(try session.namingContexts().filter(\.isDomain).map(\.dn) == [base])
  }

  @Test(
    arguments: [
      ("disabled", nil, "disabled"), ("expired", nil, "has expired"), ("mustchange", nil, "must be changed"),
      ("reader", "wrong", "password"), ("nobody", nil, "wrong"),
    ] as [(String, String?, String)])
  func refusedAccounts(_ name: String, _ password: String?, _ part: String) throws {
    let settings = try TestConnections.samba(as: "\(name)@ad.contoso.test", password: password)
    let failure = try #require(TestConnections.failure { _ = try LDAPSession.open(settings) })
    #expect(failure.kind == .credentials && failure.resultCode == 49)
    #expect(failure.message.contains(part) && failure.message.contains(name))
    #expect(!failure.message.contains("Passw0rd") && !failure.diagnostic.contains("Passw0rd"))
  }

  @Test(arguments: ["CONTOSO\\reader", "CN=reader,OU=Accounts,DC=ad,DC=contoso,DC=test"])
  func namesOfAccounts(_ name: String) throws {
    let session = try LDAPSession.open(TestConnections.samba(as: name))
    #expect(session.identity == name)
  }

  @Test func signingIsRequired() throws {
    var settings = try TestConnections.samba()
    settings.servers[0].scheme = .ldap
    settings.allowsPlaintext = true
    let failure = try #require(TestConnections.failure { _ = try LDAPSession.open(settings) })
    #expect(failure.kind == .bindRefused && failure.message.contains("-ZZ"))
    settings.startsTLS = true
    #expect(try LDAPSession.open(settings).isEncrypted)
  }

  @Test func nobodyMaySearch() throws {
    var settings = try TestConnections.samba()
    settings.credentials = .anonymous
    let session = try LDAPSession.open(settings)
    #expect(session.rootDSE.defaultNamingContext == base)
    let failure = TestConnections.failure { _ = try session.objects(LDAPSearch(base: base)) }
    #expect(failure?.kind == .permission && failure?.message.contains("-D") == true)
  }

  @Test func morePagesThanTheServerGrants() throws {
    let proxy = try LDAPProxy(TestConnections.toSamba() + ["--max-page-size", "300", "--max-val-range", "500"])
    let settings = TestConnections.through(proxy, try TestConnections.samba())
    let search = LDAPSearch(base: "OU=Many,\(base)", attributes: ["cn", "member"])
    let found = try LDAPSession.open(settings).objects(search)
    #expect(found.count == 1_602)
    #expect(Set(found.map(\.dn)).count == 1_602)
    let everybody = try #require(found.first { $0.text("cn") == "Everybody" })
    #expect(everybody["member"].count == 1_600 && Set(everybody["member"]).count == 1_600)
    var count = 0
    let unpaged = TestConnections.failure {
      var search = search
      search.pageSize = 0
      _ = try LDAPSession.open(settings).search(search) { (_) throws(LDAPFailure) in count += 1 }
    }
    #expect(unpaged?.kind == .limit && count == 300)
  }

  @Test func recordsArePagedAndRanged() throws {
    let proxy = try LDAPProxy(TestConnections.toSamba() + ["--max-page-size", "300", "--max-val-range", "500"])
    var directory = LDAPDirectory(name: "x", settings: TestConnections.through(proxy, try TestConnections.samba()))
    directory.bases = ["OU=Many,\(base)", "CN=Everybody,OU=Many,\(base)"]
    let read = try ReadRecords(directory)
    #expect(read.gaps == [])
    // The second base lies in the first: its entry comes once.
    #expect(read.dns.count == 1_602 && Set(read.dns).count == 1_602)
    #expect(Set(read.values(of: "CN=Everybody,OU=Many,\(base)", "member")).count == 1_600)
  }

  @Test func everySpecialName() throws {
    let session = try LDAPSession.open(TestConnections.samba())
    let found = try session.objects(LDAPSearch(base: "OU=Special,\(base)", scope: .one))
    #expect(found.count == 6)
    for object in found {
      let guid = object["objectGUID"][0]
      #expect(try session.object(object.dnText)?["objectGUID"] == [guid])
      #expect(try session.objects(LDAPSearch(base: base, filter: .equal("objectGUID", guid))).map(\.dn) == [object.dn])
      let proxy = object["proxyAddresses"][0]
      #expect(
        try session.objects(LDAPSearch(base: base, filter: .equal("proxyAddresses", proxy))).map(\.dn) == [object.dn])
    }
  }

  @Test func objectsByGUID() throws {
    let session = try LDAPSession.open(TestConnections.samba())
    let reader = try #require(try session.object("CN=reader,OU=Accounts,\(base)"))
    let guid = reader["objectGUID"][0]
    let digits = guid.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    #expect(try session.object("<GUID=\(digits)>", attributes: ["cn"])?.dn == reader.dn)
    let extended = try session.object(reader.dnText, attributes: ["cn"], controls: [.extendedDN()])
    #expect(extended?.dnText.hasPrefix("<GUID=") == true)
    let descriptor = try session.object(
      reader.dnText, attributes: ["nTSecurityDescriptor"], controls: [.securityDescriptorFlags(7)])
    #expect((descriptor?["nTSecurityDescriptor"].first?.count ?? 0) > 100)
  }

  @Test func changesSinceACookie() throws {
    let unit = "OU=Sync\(UUID().uuidString.prefix(8)),\(base)"
    try modify("dn: \(unit)\nchangetype: add\nobjectClass: organizationalUnit\n")
    let session = try LDAPSession.open(TestConnections.samba())
    func changes(_ cookie: [UInt8]) throws -> (found: [LDAPObject], cookie: [UInt8]) {
      var found: [LDAPObject] = []
      var cookie = cookie
      var hasMore = true
      while hasMore {
        let search = LDAPSearch(
          base: base, attributes: ["name", "mail", "isDeleted"], controls: [.dirSync(cookie: cookie)], pageSize: 0)
        let end = try session.search(search) { (object) throws(LDAPFailure) in found.append(object) }
        let response = try #require(DirSyncResponse(end.controls))
        cookie = response.cookie
        hasMore = response.hasMore
      }
      return (found.filter { $0.dnText.contains(unit) || $0.dnText.contains("Deleted Objects") }, cookie)
    }
    var cookie = try changes([]).cookie
    #expect(!cookie.isEmpty)
    for step in [
      "dn: CN=a,\(unit)\nchangetype: add\nobjectClass: contact\nmail: a@contoso.com\n",
      "dn: CN=a,\(unit)\nchangetype: modify\nreplace: mail\nmail: b@contoso.com\n",
      "dn: CN=a,\(unit)\nchangetype: modrdn\nnewrdn: CN=b\ndeleteoldrdn: 1\n",
    ] {
      try modify(step)
      let (found, next) = try changes(cookie)
      cookie = next
      #expect(found.count == 1)
      #expect(found.first?["objectGUID"].count == 1)
    }
    try modify("dn: CN=b,\(unit)\nchangetype: delete\n")
    let deleted = try changes(cookie).found
    #expect(deleted.contains { $0.dnText.contains("DEL:") && $0.flag("isDeleted") == true })
    #expect(
      try session.objects(LDAPSearch(base: "CN=Deleted Objects,\(base)", scope: .one, controls: [.showDeleted])).count
        > 0)
    try modify("dn: \(unit)\nchangetype: delete\n")
  }

  @Test func aGlobalCatalogNamesWhatItLacks() throws {
    var directory = LDAPDirectory(name: "x", settings: try TestConnections.samba(port: 3_269))
    let attributes = ["cn", "mail", "mailNickname", "msExchMailboxGuid"]
    let rules = ["msexchmailboxguid": ["rule-one", "rule-two"]]
    let read = try ReadRecords(directory, attributes: attributes, rules: rules)
    #expect(read.dns.count > 2_000)
    #expect(read.gaps.count == 1)
    let gap = try #require(read.gaps.first)
    #expect(
      gap.contains("global catalog") && gap.contains("attribute msExchMailboxGuid")
        && gap.contains("rule-one, rule-two"))
    directory.settings = try TestConnections.samba()
    #expect(try ReadRecords(directory, attributes: attributes, rules: rules).gaps == [])
  }

  @Test func attributesThatTheSchemaLacksAreNamed() throws {
    let directory = LDAPDirectory(name: "x", settings: try TestConnections.samba())
    let read = try ReadRecords(directory, attributes: ["cn", "msExchNowhere"], rules: ["msexchnowhere": ["some-rule"]])
    // A rule about what no entry can have misses nothing.
    #expect(read.gaps == [])
    #expect(read.inapplicable == ["msexchnowhere"])
  }

  /// Without the schema, entries themselves tell what they may have.
  @Test func aSchemaThatCannotBeReadIsNoExcuse() throws {
    let proxy = try LDAPProxy(TestConnections.toSamba() + ["--hide", "lDAPDisplayName"])
    let directory = LDAPDirectory(name: "x", settings: TestConnections.through(proxy, try TestConnections.samba()))
    let read = try ReadRecords(directory, attributes: ["cn", "mail", "msExchNowhere"])
    #expect(read.gaps == [])
    #expect(read.inapplicable == ["msexchnowhere"])
    #expect(try proxy.requests.contains { $0.attributes == ["allowedAttributes"] })
    let blind = try LDAPProxy(TestConnections.toSamba() + ["--hide", "lDAPDisplayName", "--hide", "allowedAttributes"])
    let nothing = LDAPDirectory(name: "x", settings: TestConnections.through(blind, try TestConnections.samba()))
    let gaps = try ReadRecords(nothing, attributes: ["cn"]).gaps
    #expect(gaps.count == 1 && gaps.first?.contains("could not be seen") == true)
  }

  @Test func whatTheAccountMayNotRead() throws {
    var directory = LDAPDirectory(name: "x", settings: try TestConnections.samba(as: "reader@ad.contoso.test"))
    directory.bases = ["OU=Hidden,\(base)"]
    let read = try ReadRecords(directory)
    #expect(read.gaps.contains { $0.contains("1 entry came without objectClass") && $0.contains("CN=Nothing") })
    #expect(read.gaps.contains { $0.contains("1 user came without userAccountControl") && $0.contains("CN=Something") })
    #expect(read.gaps.count == 2)
    directory.bases = ["CN=System,\(base)"]
    let system = try ReadRecords(directory)
    #expect(system.gaps == [])
    #expect(system.remarks.count == 2 && system.remarks[0].hasSuffix("was read as reader@ad.contoso.test"))
    directory.settings = try TestConnections.samba()
    directory.bases = ["OU=Hidden,\(base)"]
    #expect(try ReadRecords(directory).gaps == [])
  }

  @Test func referencesToOtherDomainsAreGaps() throws {
    let child = "ldaps://child.ad.contoso.test/DC=child,\(base)"
    let proxy = try LDAPProxy(TestConnections.toSamba() + ["--reference", child])
    let directory = LDAPDirectory(name: "x", settings: TestConnections.through(proxy, try TestConnections.samba()))
    let read = try ReadRecords(directory, attributes: ["cn"])
    #expect(read.gaps.count == 1)
    #expect(read.gaps.first?.contains("'DC=child,\(base)', which is on child.ad.contoso.test, was not read") == true)
  }

  @Test func basesThatAreNotThere() throws {
    var directory = LDAPDirectory(name: "x", settings: try TestConnections.samba())
    directory.bases = ["OU=Nowhere,\(base)", "OU=Special,\(base)"]
    let read = try ReadRecords(directory)
    #expect(read.dns.count == 7)
    #expect(read.gaps.count == 1 && read.gaps[0].contains("OU=Nowhere"))
  }
}
