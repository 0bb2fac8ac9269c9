import Foundation
import Testing
import TestServers

@testable import LDAP

/// Connections that end, stall or break in the middle of a search.
@Suite struct LostConnectionTests {
  private let base = "dc=slapd,dc=contoso,dc=test"

  private func directory(_ proxy: LDAPProxy, _ variables: [String: String]) throws -> LDAPDirectory {
    var settings = TestConnections.through(proxy, try TestConnections.slapd(variables))
    settings.idleTimeout = .seconds(1)
    settings.pageSize = 100
    return LDAPDirectory(name: "test", settings: settings)
  }

  private func complete() throws -> ReadRecords {
    try ReadRecords(LDAPDirectory(name: "test", settings: try TestConnections.slapd()))
  }

  @Test(arguments: ["close@150", "reset@150", "cut@250", "stall@101", "half@180", "busy@100", "code:52@1"])
  func aSearchIsRunAgainOnce(_ fault: String) throws {
    let variables = try TestServers.slapd()
    let proxy = try LDAPProxy(["--to", TestConnections.address(variables), "--fault", fault, "--times", "1"])
    let read = try ReadRecords(try directory(proxy, variables), blockSize: 5_000)
    #expect(read.gaps == [])
    let isWhole = read.dns == (try complete()).dns
    #expect(isWhole)
  }

  @Test(arguments: ["close@150", "stall@101"]) func aSecondLossMakesTheRunPartial(_ fault: String) throws {
    let variables = try TestServers.slapd()
    let proxy = try LDAPProxy(["--to", TestConnections.address(variables), "--fault", fault])
    let read = try ReadRecords(try directory(proxy, variables))
    let all = try complete().dns
    #expect(read.gaps.count == 1 && read.gaps[0].contains("read only in part"))
    #expect(read.dns == Array(all.prefix(read.dns.count)))
    #expect(read.dns.count >= 100 && read.dns.count < all.count)
  }

  @Test(arguments: [3, 4, 11]) func aLimitIsNotTriedAgain(_ code: Int) throws {
    let variables = try TestServers.slapd()
    let proxy = try LDAPProxy(["--to", TestConnections.address(variables), "--fault", "code:\(code)@120"])
    let read = try ReadRecords(try directory(proxy, variables))
    #expect(read.dns.count == 119)
    #expect(read.gaps.count == 1 && read.gaps[0].contains("limit"))
  }

  @Test func theOtherServerGoesOn() throws {
    let variables = try TestServers.slapd()
    let first = try LDAPProxy(["--to", TestConnections.address(variables), "--fault", "close@60"])
    let second = try LDAPProxy(["--to", TestConnections.address(variables)])
    var directory = try directory(first, variables)
    directory.settings.servers.append(LDAPServer(scheme: .ldap, host: "127.0.0.1", port: second.port))
    let read = try ReadRecords(directory)
    #expect(read.gaps == [])
    let isWhole = read.dns == (try complete()).dns
    #expect(isWhole)
    #expect(try second.requests.contains { ($0.page ?? 0) > 0 })
  }

  @Test func aKilledServerIsPartial() throws {
    let own = try OwnSlapd(entries: Self.many(3_000))
    var directory = LDAPDirectory(name: "test", settings: try TestConnections.slapd(own.variables))
    directory.settings.pageSize = 100
    let read = try ReadRecords(directory, blockSize: 20_000) { block in
      if block == 1 { try own.signal(SIGKILL) }
    }
    #expect(read.dns.count > 50 && read.dns.count < 3_000)
    #expect(read.gaps.count == 1 && read.gaps[0].contains("was lost"))
    #expect(Set(read.dns).count == read.dns.count)
  }

  @Test func aStoppedServerIsPartialAndOneThatGoesOnIsComplete() throws {
    let own = try OwnSlapd(entries: Self.many(3_000))
    var directory = LDAPDirectory(name: "test", settings: try TestConnections.slapd(own.variables))
    directory.settings.pageSize = 100
    directory.settings.idleTimeout = .seconds(1)
    directory.settings.connectTimeout = .seconds(1)
    directory.settings.operationTimeout = .seconds(1)
    let stopped = try ReadRecords(directory, blockSize: 20_000) { block in
      if block == 1 { try own.signal(SIGSTOP) }
    }
    try own.signal(SIGCONT)
    #expect(stopped.dns.count < 3_000)
    #expect(stopped.gaps.count == 1 && stopped.gaps[0].contains("did not answer"))
    directory.settings.idleTimeout = .seconds(30)
    directory.settings.operationTimeout = .seconds(30)
    let slow = try ReadRecords(directory, blockSize: 20_000) { block in
      guard block == 1 else { return }
      try own.signal(SIGSTOP)
      DispatchQueue.global().asyncAfter(deadline: .now() + 1.5) { try? own.signal(SIGCONT) }
    }
    #expect(slow.gaps == [])
    #expect(slow.dns.count == 3_002)
  }

  private static func many(_ count: Int) -> String {
    (0..<count).map { number in
      "dn: CN=c\(number),DC=contoso,DC=com\nobjectClass: contact\ncn: c\(number)\nmail: c\(number)@partner.example\n\n"
    }.joined()
  }
}
