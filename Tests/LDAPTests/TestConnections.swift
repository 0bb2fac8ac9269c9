import Directory
import Foundation
import Entries
import Testing
import TestServers

@testable import LDAP

/// Settings for the servers of the tests.
enum TestConnections {
  static func server(_ text: String) throws -> LDAPServer { try #require(try LDAPURL(parsing: text).server) }

  static func slapd(
    _ variables: [String: String]? = nil, _ address: String = "SLAPD_LDAPS", as name: String = "SLAPD_ADMIN"
  ) throws -> LDAPSettings {
    let variables = try variables ?? TestServers.slapd()
    let address = try #require(variables[address])
    var settings = LDAPSettings(servers: [try server(address)])
    settings.caFile = variables["SLAPD_CA"]
    settings.credentials = .simple(name: try #require(variables[name]), password: LDAPPassword(Array("secret".utf8)))
    return settings
  }

  static func samba(
    port: Int? = nil, as name: String? = nil, password: String? = nil
  ) throws -> LDAPSettings {
    let variables = try TestServers.samba()
    let ip = try #require(variables["SAMBA_IP"])
    var settings = LDAPSettings(servers: [LDAPServer(scheme: .ldaps, host: ip, port: port)])
    settings.caFile = variables["SAMBA_CA"]
    settings.credentials = .simple(
      name: name ?? variables["SAMBA_USER"] ?? "",
      password: LDAPPassword(Array((password ?? variables["SAMBA_PASSWORD"] ?? "").utf8)))
    return settings
  }

  /// The arguments of a proxy before Samba.
  static func toSamba() throws -> [String] {
    let variables = try TestServers.samba()
    return ["--to", "\(try #require(variables["SAMBA_IP"])):636", "--to-tls"]
  }

  /// Settings that reach a server through a proxy: in clear, which stays on this machine.
  static func through(_ proxy: LDAPProxy, _ settings: LDAPSettings) -> LDAPSettings {
    var settings = settings
    settings.servers = [LDAPServer(scheme: .ldap, host: "127.0.0.1", port: proxy.port)]
    settings.allowsPlaintext = true
    return settings
  }

  /// The address of a slapd for a proxy.
  static func address(_ variables: [String: String]) throws -> String {
    String(try #require(variables["SLAPD_LDAP"]).dropFirst("ldap://".count))
  }

  static func failure(_ body: () throws -> Void) -> LDAPFailure? {
    do {
      try body()
      return nil
    } catch {
      return error as? LDAPFailure
    }
  }
}

/// What a source yields, parsed.
struct ReadRecords {
  /// DN and attribute values as text, in order.
  var entries: [(dn: String, values: [String])] = []
  var gaps: [String] = []
  var remarks: [String] = []
  /// Attributes that the schema lacks, in small letters.
  var inapplicable: Set<String> = []
  var blocks = 0

  init(
    _ directory: LDAPDirectory, attributes: [String] = [], rules: [String: [String]] = [:], blockSize: Int = 1 << 16,
    betweenBlocks: (Int) throws -> Void = { _ in }
  ) throws {
    let source = try LDAPRecords(directory, attributes: attributes, rules: rules, blockSize: blockSize)
    var reader = EntryReader(source)
    while let page = try reader.next() {
      blocks += 1
      #expect(page.problems.isEmpty)
      for entry in page.entries {
        func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
        let values = entry.values.map { page.batch.attributes[$0.attribute].name + ":" + text($0.bytes) }
        entries.append((text(entry.dn), values))
      }
      try betweenBlocks(blocks)
    }
    gaps = source.gaps
    remarks = source.remarks
    inapplicable = source.inapplicable
  }

  var dns: [String] { entries.map(\.dn) }

  func values(of dn: String, _ attribute: String) -> [String] {
    let prefix = attribute.lowercased() + ":"
    return entries.first { $0.dn == dn }?.values.filter { $0.lowercased().hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) } ?? []
  }
}
