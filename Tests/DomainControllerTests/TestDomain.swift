import Foundation
import Incremental
import LDAP
import Entries
import TestServers
import Testing

/// A domain controller of the tests' own (Samba), which they may change: `Tests/Servers/servers.sh`.
struct TestDomain {
  let ip: String
  let base: String
  let user: String
  let password: String
  let ca: String
  /// Where the server keeps its database.
  let data: String

  /// The domain, started if need be. It ends with the test process. A machine where it cannot start fails the tests.
  static func start() throws -> TestDomain {
    let owner = String(ProcessInfo.processInfo.processIdentifier)
    let path = try TestServers.run("servers.sh", ["samba", owner, "changing"])
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let settings = try TestServers.variables(in: path)
    func setting(_ name: String) throws -> String {
      try #require(settings[name], "\(path) has no \(name)")
    }
    return TestDomain(
      ip: try setting("SAMBA_IP"), base: try setting("SAMBA_BASE"), user: try setting("SAMBA_USER"),
      password: try setting("SAMBA_PASSWORD"), ca: try setting("SAMBA_CA"),
      data: try setting("SAMBA_DATA"))
  }

  /// Makes changes: LDIF in which `BASE` stands for the domain.
  func change(_ ldif: String, controls: [String] = []) throws {
    try TestServers.command(
      "ldapmodify", ["-x", "-H", "ldaps://\(ip)", "-D", user, "-w", password] + controls,
      environment: ["LDAPTLS_CACERT": ca], input: ldif.replacingOccurrences(of: "BASE", with: base))
  }

  /// A user with a password.
  func addUser(_ name: String, below rdn: String) throws {
    let password = Data("\"\(self.password)\"".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
    try change(
      """
      dn: CN=\(name),\(rdn),BASE
      changetype: add
      objectClass: user
      sAMAccountName: \(name)
      userPrincipalName: \(upn(name))
      userAccountControl: 512
      unicodePwd:: \(password.base64EncodedString())
      """)
  }

  /// The user principal name of an account.
  func upn(_ name: String) -> String {
    "\(name)@\(base.replacingOccurrences(of: ",DC=", with: ".").dropFirst(3))"
  }

  /// Adds entries to the access control list of an object.
  func grant(_ entries: String, on dn: String) throws {
    try TestServers.command(
      "samba-tool",
      [
        "dsacl", "set", "-H", "\(data)/private/sam.ldb", "--configfile=\(data)/../etc/smb.conf",
        "--objectdn=\(dn)", "--sddl=\(entries)",
      ])
  }

  /// Settings for a session as somebody.
  func settings(user: String? = nil, password: String? = nil) throws -> LDAPSettings {
    let url = try LDAPURL(parsing: "ldaps://\(ip)")
    var settings = LDAPSettings(servers: [try #require(url.server)])
    settings.caFile = ca
    settings.credentials = .simple(
      name: user ?? self.user, password: LDAPPassword(Array((password ?? self.password).utf8)))
    return settings
  }

  /// The directory below a base.
  func directory(_ rdns: String = "", user: String? = nil) throws -> LDAPDirectory {
    var directory = LDAPDirectory(name: "ldaps://\(ip)", settings: try settings(user: user))
    directory.bases = [rdns.isEmpty ? base : "\(rdns),\(base)"]
    return directory
  }
}

/// The built program.
enum TestProgram {
  /// Where it is: beside the tests.
  static func path() throws -> String {
    let bundles = [Bundle.main.executableURL, URL(fileURLWithPath: CommandLine.arguments[0])].compactMap { $0 }
    let root = TestServers.folder.deletingLastPathComponent().deletingLastPathComponent()
    let folders =
      bundles.map { $0.resolvingSymlinksInPath().deletingLastPathComponent() }
      + [root.appendingPathComponent(".build/debug")]
    let candidates = folders.map { $0.appendingPathComponent("dirsync-lint").path }
    let path = try #require(
      candidates.first(where: FileManager.default.isExecutableFile), "dirsync-lint was not found among \(candidates)")
    return path
  }
}

/// What a reading with a cache gave.
struct CachedReading: Equatable {
  var text = ""
  var reading = CachedRecords.Reading.full
  var notes: [String] = []
  var gaps: [String] = []

  /// Reads a directory.
  init(_ directory: LDAPDirectory, cache: String, attributes: [String], blockSize: Int = 4_096) throws {
    let notes = Notes()
    let records = try CachedRecords(
      directory, cache: cache, attributes: attributes, blockSize: blockSize, note: { notes.lines.append($0) })
    var block = LDIFBlock()
    var bytes: [UInt8] = []
    while try records.next(into: &block) { bytes += block.bytes[..<block.textLength] }
    text = String(decoding: bytes, as: UTF8.self)
    reading = records.reading
    self.notes = notes.lines
    gaps = records.gaps
  }

  private final class Notes {
    var lines: [String] = []
  }
}

/// A folder that is taken away at the end.
final class Scratch {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dirsync-lint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
}
