import Foundation
import Testing
import TestServers

@testable import LDAP

/// Servers that do what no directory does. Each search ends, with a reason, within bounds that have nothing to do with what
/// the server would like.
@Suite struct HostileServerTests {
  private func settings(_ server: LDAPProxy, _ scheme: LDAPServer.Scheme = .ldap) -> LDAPSettings {
    var settings = LDAPSettings(servers: [LDAPServer(scheme: scheme, host: "127.0.0.1", port: server.port)])
    settings.operationTimeout = .seconds(5)
    settings.idleTimeout = .seconds(3)
    settings.connectTimeout = .seconds(5)
    settings.pageSize = 500
    return settings
  }

  @Test(arguments: [
    ("endless-entries", "sent over 1500 entries"), ("same-page", "the same page again and again"),
    ("same-cookie", "the same page again and again"), ("empty-pages", "empty pages again and again"),
    ("huge-entry", "more than 64 MiB"), ("odd-control", "may be incomplete"),
  ])
  func aSearchHasBounds(_ hostile: String, _ reason: String) throws {
    let server = try LDAPProxy([hostile], script: "hostile_server.py")
    let session = try LDAPSession.open(settings(server))
    var count = 0
    let failure = TestConnections.failure {
      _ = try session.search(LDAPSearch(base: "DC=hostile,DC=contoso,DC=test")) { _ in count += 1 }
    }
    #expect(failure?.message.contains(reason) == true, "\(failure?.message ?? "no failure")")
    #expect(count <= 1_500)
  }

  @Test func aSearchOfOneEntryTakesOne() throws {
    let server = try LDAPProxy(["endless-base"], script: "hostile_server.py")
    let session = try LDAPSession.open(settings(server))
    let failure = TestConnections.failure { _ = try session.object("CN=user,DC=hostile,DC=contoso,DC=test") }
    #expect(failure?.message.contains("one entry with several") == true)
  }

  @Test func anEndlessAnswerIsInterrupted() throws {
    let server = try LDAPProxy(["endless-base"], script: "hostile_server.py")
    let stop = Flag()
    let session = try LDAPSession.open(settings(server), shouldStop: { stop.isSet })
    let failure = TestConnections.failure {
      _ = try session.search(LDAPSearch(base: "DC=hostile,DC=contoso,DC=test", pageSize: 0)) { _ in stop.set() }
    }
    #expect(failure?.kind == .interrupted)
  }

  @Test func aCalmServerIsReadInFull() throws {
    let server = try LDAPProxy(["calm"], script: "hostile_server.py")
    let session = try LDAPSession.open(settings(server))
    #expect(try session.objects(LDAPSearch(base: "DC=hostile,DC=contoso,DC=test")).count == 1)
  }

  /// RFC 8996: TLS 1.0 and 1.1 are no protection.
  @Test(arguments: ["1.0", "1.1"], [true, false])
  func overOldTLSNothingIsSaid(_ version: String, _ startsTLS: Bool) throws {
    let server = try oldTLS(version, startsTLS)
    var settings = settings(server, startsTLS ? .ldap : .ldaps)
    settings.startsTLS = startsTLS
    settings.credentials = .simple(name: "cn=admin", password: LDAPPassword(Array("secret".utf8)))
    for verifies in [true, false] {
      settings.verifiesCertificate = verifies
      let failure = TestConnections.failure { _ = try LDAPSession.open(settings) }
      #expect(failure?.kind == .tls || failure?.kind == .certificate)
    }
    #expect(try server.requests.allSatisfy { $0.op == "extended" })
  }

  @Test(arguments: [true, false]) func tls12IsEnough(_ startsTLS: Bool) throws {
    let server = try oldTLS("1.2", startsTLS)
    var settings = settings(server, startsTLS ? .ldap : .ldaps)
    settings.startsTLS = startsTLS
    settings.verifiesCertificate = false
    settings.credentials = .simple(name: "cn=admin", password: LDAPPassword(Array("secret".utf8)))
    _ = try LDAPSession.open(settings)
    #expect(try server.requests.contains { $0.op == "bind" })
  }

  private func oldTLS(_ version: String, _ startsTLS: Bool) throws -> LDAPProxy {
    let authority = try #require(try TestServers.slapd()["SLAPD_CA"])
    let folder = URL(fileURLWithPath: authority).deletingLastPathComponent()
    let files = ["good.crt", "good.key"].map { folder.appendingPathComponent($0).path }
    return try LDAPProxy([startsTLS ? "calm" : "tls-calm", "--tls"] + files + [version], script: "hostile_server.py")
  }

  private final class Flag: @unchecked Sendable {
    private let lock = NSLock()
    private var value = false
    var isSet: Bool { lock.withLock { value } }
    func set() { lock.withLock { value = true } }
  }
}
