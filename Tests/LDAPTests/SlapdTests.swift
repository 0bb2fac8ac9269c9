import Foundation
import Testing
import TestServers

@testable import LDAP

/// Connections to a slapd: TLS, binds, fail-over, time-outs.
@Suite struct SlapdTests {
  @Test(arguments: ["SLAPD_LDAPS", "SLAPD_LDAP"]) func simpleBindInTLS(_ address: String) throws {
    var settings = try TestConnections.slapd(nil, address)
    settings.startsTLS = address == "SLAPD_LDAP"
    let session = try LDAPSession.open(settings)
    #expect(session.isEncrypted)
    #expect(session.rootDSE.namingContexts == ["dc=slapd,dc=contoso,dc=test"])
    #expect(!session.rootDSE.isActiveDirectory)
    #expect(session.rootDSE.supports(control: LDAPControl.OID.pagedResults))
    #expect(session.identity == "cn=admin,dc=slapd,dc=contoso,dc=test")
  }

  @Test func externalBindOverASocket() throws {
    let variables = try TestServers.slapd()
    var settings = LDAPSettings(servers: [try TestConnections.server(variables["SLAPD_LDAPI"] ?? "")])
    settings.credentials = .sasl(mechanism: "EXTERNAL")
    let session = try LDAPSession.open(settings)
    let base = try #require(variables["SLAPD_BASE"])
    #expect(try session.object("cn=reader,\(base)")?.text("cn") == "reader")
  }

  @Test func anonymousSendsNoBind() throws {
    let variables = try TestServers.slapd()
    let proxy = try LDAPProxy(["--to", TestConnections.address(variables)])
    let settings = TestConnections.through(proxy, LDAPSettings(servers: []))
    let session = try LDAPSession.open(settings)
    #expect(session.identity == "anonymous")
    #expect(try proxy.requests.map(\.op) == ["search"])
  }

  @Test func aPasswordIsNotSentInClear() throws {
    let variables = try TestServers.slapd()
    let proxy = try LDAPProxy(["--to", TestConnections.address(variables)])
    var settings = TestConnections.through(proxy, try TestConnections.slapd())
    settings.allowsPlaintext = false
    let failure = TestConnections.failure { _ = try LDAPSession.open(settings) }
    #expect(failure?.kind == .request)
    #expect(failure?.message.contains("--insecure-plaintext") == true)
    #expect(try proxy.requests.isEmpty)
    settings.allowsPlaintext = true
    _ = try LDAPSession.open(settings)
    #expect(try proxy.requests.map(\.op).first == "bind")
  }

  @Test func anEmptyPasswordIsRefusedHere() throws {
    var settings = try TestConnections.slapd()
    settings.credentials = .simple(name: "cn=admin", password: LDAPPassword([]))
    #expect(TestConnections.failure { _ = try LDAPSession.open(settings) }?.kind == .request)
  }

  @Test func aWrongPasswordIsTriedOnOneServerOnly() throws {
    let variables = try TestServers.slapd()
    let proxies = try (0..<2).map { _ in try LDAPProxy(["--to", TestConnections.address(variables)]) }
    var settings = TestConnections.through(proxies[0], try TestConnections.slapd())
    settings.servers.append(LDAPServer(scheme: .ldap, host: "127.0.0.1", port: proxies[1].port))
    settings.credentials = .simple(
      name: try #require(variables["SLAPD_ADMIN"]), password: LDAPPassword(Array("wrong".utf8)))
    let failure = TestConnections.failure { _ = try LDAPSession.open(settings) }
    #expect(failure?.kind == .credentials && failure?.resultCode == 49)
    #expect(try proxies[0].requests.filter { $0.op == "bind" }.count == 1)
    #expect(try proxies[1].requests.isEmpty)
  }

  @Test func thePasswordIsInNoDescription() throws {
    let settings = try TestConnections.slapd()
    #expect(!"\(settings)".contains("secret"))
    var dumped = ""
    dump(settings, to: &dumped)
    #expect(!dumped.contains("secret"))
  }

  @Test func theNextServerIsUsed() throws {
    var settings = try TestConnections.slapd()
    settings.servers.insert(LDAPServer(scheme: .ldaps, host: "127.0.0.1", port: 1), at: 0)
    var notes: [LDAPFailure] = []
    let session = try LDAPSession.open(settings, note: { notes.append($0) })
    #expect(session.server == settings.servers[1])
    #expect(notes.map(\.kind) == [.unreachable])
    settings.servers.removeLast()
    settings.servers.append(LDAPServer(scheme: .ldap, host: "no-such-host.invalid"))
    settings.allowsPlaintext = true
    let failure = try #require(TestConnections.failure { _ = try LDAPSession.open(settings) })
    #expect(failure.message.contains("nothing listens on port 1") && failure.message.contains("no-such-host.invalid"))
  }

  @Test(arguments: [
    ("expired", "expired on 2020-02-01"), ("otherhost", "for 'elsewhere.example', not for '127.0.0.1'"),
    ("otherca", "issued by 'Other Root CA'"),
  ])
  func badCertificatesAreToldApart(_ name: String, _ part: String) throws {
    let own = try OwnSlapd(certificate: name)
    for address in ["SLAPD_LDAPS", "SLAPD_LDAP"] {
      var settings = try TestConnections.slapd(own.variables, address)
      settings.startsTLS = address == "SLAPD_LDAP"
      let failure = try #require(TestConnections.failure { _ = try LDAPSession.open(settings) })
      #expect(failure.kind == .certificate)
      #expect(failure.message.contains(part))
      settings.verifiesCertificate = false
      _ = try LDAPSession.open(settings)
    }
  }

  @Test func anUnreadableAuthorityFileIsNoOtherAuthority() throws {
    var settings = try TestConnections.slapd()
    settings.caFile = "/nonexistent"
    let failure = try #require(TestConnections.failure { _ = try LDAPSession.open(settings) })
    #expect(failure.kind == .request && failure.message.contains("/nonexistent"))
  }

  @Test func portsOfTheOtherKindAreTold() throws {
    let variables = try TestServers.slapd()
    var settings = try TestConnections.slapd()
    let plain = try TestConnections.server(variables["SLAPD_LDAP"] ?? "")
    settings.servers = [LDAPServer(scheme: .ldaps, host: plain.host, port: plain.port)]
    #expect(TestConnections.failure { _ = try LDAPSession.open(settings) }?.kind == .tls)
    settings.servers = [LDAPServer(scheme: .ldap, host: plain.host, port: (plain.port ?? 0) + 1)]
    settings.credentials = .anonymous
    settings.operationTimeout = .seconds(5)
    #expect(TestConnections.failure { _ = try LDAPSession.open(settings) }?.kind == .connectionLost)
  }

  @Test(arguments: [LDAPServer.Scheme.ldaps, .ldap]) func aSilentServerEndsTheHandshake(_ scheme: LDAPServer.Scheme)
    throws
  {
    let proxy = try LDAPProxy(["--silent"])
    var settings = try TestConnections.slapd()
    settings.servers = [LDAPServer(scheme: scheme, host: "127.0.0.1", port: proxy.port)]
    settings.startsTLS = scheme == .ldap
    settings.connectTimeout = .milliseconds(300)
    let failure = try #require(TestConnections.failure { _ = try LDAPSession.open(settings) })
    #expect(failure.kind == .timeout && failure.message.contains("0.3 s"))
  }

  @Test func aSilentServerEndsTheBind() throws {
    let proxy = try LDAPProxy(["--silent"])
    var settings = TestConnections.through(proxy, try TestConnections.slapd())
    settings.operationTimeout = .milliseconds(300)
    #expect(TestConnections.failure { _ = try LDAPSession.open(settings) }?.kind == .timeout)
    settings.credentials = .anonymous
    settings.idleTimeout = .milliseconds(200)
    let failure = TestConnections.failure { _ = try LDAPSession.open(settings) }
    #expect(failure?.kind == .timeout && failure?.message.contains("--idle-timeout") == true)
  }

  @Test func packetsThatNobodyAnswers() throws {
    let proxy = try LDAPProxy([], script: "unanswered_port.py")
    var settings = try TestConnections.slapd()
    settings.servers = [LDAPServer(scheme: .ldaps, host: "127.0.0.1", port: proxy.port)]
    settings.connectTimeout = .milliseconds(500)
    let failure = try #require(TestConnections.failure { _ = try LDAPSession.open(settings) })
    #expect(failure.kind == .unreachable && failure.message.contains("--connect-timeout"))
  }

  @Test func theUserCanEndTheWaiting() throws {
    let proxy = try LDAPProxy(["--silent"])
    let settings = TestConnections.through(proxy, LDAPSettings(servers: []))
    #expect(TestConnections.failure { _ = try LDAPSession.open(settings, shouldStop: { true }) }?.kind == .interrupted)
  }
}
