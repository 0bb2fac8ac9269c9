import Foundation
import Testing
import TestServers

/// Whole command lines on servers.
struct ServerCommand {
  let directory: URL
  let variables: [String: String]
  /// Arguments that reach the server over TLS as its administrator.
  let arguments: [String]
  let uri: String
  let authority: String

  static func samba(as name: String? = nil) throws -> ServerCommand {
    let variables = try TestServers.samba()
    let ip = try #require(variables["SAMBA_IP"])
    return try ServerCommand(
      variables, "ldaps://\(ip)", name ?? variables["SAMBA_USER"] ?? "", variables["SAMBA_PASSWORD"] ?? "",
      variables["SAMBA_CA"] ?? "")
  }

  static func slapd(_ own: [String: String]? = nil) throws -> ServerCommand {
    let variables = try own ?? TestServers.slapd()
    return try ServerCommand(
      variables, variables["SLAPD_LDAPS"] ?? "", variables["SLAPD_ADMIN"] ?? "", "secret", variables["SLAPD_CA"] ?? "")
  }

  private init(
    _ variables: [String: String], _ uri: String, _ name: String, _ password: String, _ authority: String
  ) throws {
    directory = try Program.makeDirectory()
    for (name, text) in [("password", password + "\n"), ("wrong", "wrong")] {
      let file = directory.appendingPathComponent(name)
      try Data(text.utf8).write(to: file)
      // Of a file that others may read, the program says so.
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }
    self.variables = variables
    self.uri = uri
    self.authority = authority
    arguments = ["-D", name, "-y", "password", "--ca-file", authority]
  }

  func remove() { try? FileManager.default.removeItem(at: directory) }

  /// Runs the program; without `plain` with the arguments that log on.
  func run(
    _ command: [String], plain: Bool = false, environment: [String: String] = [:]
  ) async throws -> Program.Result {
    try await Program.run(command + (plain ? [] : arguments), in: directory, environment: environment)
  }

  /// Findings as lines, without the places that a server does not have.
  func findings(_ sources: [String], plain: Bool = false) async throws -> [String] {
    let result = try await run(["lint", "--format", "ndjson"] + sources, plain: plain)
    #expect([0, 1].contains(result.status), "\(result.stderrText.prefix(500))")
    return Comparison.lines(result.stdoutText).map {
      $0.replacingOccurrences(of: #""location":\{[^}]*\}"#, with: "", options: .regularExpression)
    }
  }

  /// A command that fails, and its message.
  func failure(
    _ command: [String], environment: [String: String] = [:]
  ) async throws -> (status: Int32, message: String) {
    let result = try await run(command, plain: true, environment: environment)
    #expect(result.stdoutText.isEmpty || command.contains("lint"))
    return (result.status, result.stderrText)
  }
}

@Suite struct SlapdCommandTests {
  @Test func anExportHasTheFindingsOfTheServer() async throws {
    let command = try ServerCommand.slapd()
    defer { command.remove() }
    let live = try await command.findings([command.uri])
    #expect(live.count > 100)
    let export = try await command.run(["entries", "--format", "ldif", command.uri])
    #expect(export.stderrText == "")
    #expect(export.status == 0)
    try export.stdout.write(to: command.directory.appendingPathComponent("export.ldif"))
    let file = try await command.findings(["export.ldif"], plain: true)
    for (one, other) in zip(live, file) where one != other { Issue.record("\(one)\n\(other)") }
    #expect(live.count == file.count)
    // Threads change nothing, and -H says what a URL says.
    #expect(try await command.findings(["--threads", "4", "-H", command.uri]) == live)
  }

  @Test func entriesOfAServerHaveNoLines() async throws {
    let command = try ServerCommand.slapd()
    defer { command.remove() }
    let base = try #require(command.variables["SLAPD_BASE"])
    let result = try await command.run(["entries", "\(command.uri)/cn=reader,\(base)?cn,objectClass?base"])
    #expect(
      result.stdoutText == #"{"dn":"cn=reader,\#(base)","attributes":{"objectClass":["user"],"cn":["reader"]}}"# + "\n")
  }

  @Test func filterAndScopeOfAURL() async throws {
    let command = try ServerCommand.slapd()
    defer { command.remove() }
    let base = try #require(command.variables["SLAPD_BASE"])
    let one = try await command.run(["entries", "\(command.uri)/\(base)?cn?one?(cn=reader)"])
    #expect(Comparison.lines(one.stdoutText).count == 1)
    let hostile = try await command.run(["entries", "\(command.uri)/\(base)?cn?sub?(cn=rea"])
    #expect(hostile.status == 2 && hostile.stderrText.contains("filter"))
  }

  @Test func environmentNamesServerBaseAndPassword() async throws {
    let command = try ServerCommand.slapd()
    defer { command.remove() }
    let environment = [
      "LDAPURI": command.uri, "LDAPBASE": "cn=reader,\(try #require(command.variables["SLAPD_BASE"]))",
      "LDAPTLS_CACERT": command.authority, "DIRSYNC_LINT_PASSWORD_FILE": "password",
    ]
    let name = try #require(command.variables["SLAPD_ADMIN"])
    let result = try await command.run(["entries", "-D", name], plain: true, environment: environment)
    #expect(result.status == 0 && Comparison.lines(result.stdoutText).count == 1)
  }

  /// Several directories, each with an account of its own; and a setting of the machine does not turn verification off.
  @Test func accountsInURLs() async throws {
    let command = try ServerCommand.slapd()
    defer { command.remove() }
    let base = try #require(command.variables["SLAPD_BASE"])
    let url = "\(command.uri)/cn=reader,\(base)?cn?base?"
    func account(_ name: String, _ file: String) -> String {
      "\(url)?bindname=cn=\(name)%2C\(base.replacingOccurrences(of: ",", with: "%2C")),x-password-file=\(file)"
    }
    let authority = ["--ca-file", command.authority]
    let both = try await command.run(
      ["entries", account("admin", "password"), account("reader", "password")] + authority, plain: true)
    #expect(both.status == 0 && Comparison.lines(both.stdoutText).count == 2)
    let one = try await command.run(
      ["entries", account("admin", "password"), account("reader", "wrong")] + authority, plain: true)
    #expect(one.status == 3 && one.stderrText.contains("'cn=reader,\(base)' are wrong"))
    #expect(!one.stderrText.contains("x-password-file"))
    let unverified = try await command.run(
      ["entries", account("admin", "password")], plain: true,
      environment: ["LDAPTLS_REQCERT": "never", "LDAPTLS_CACERT": "/etc/ssl/certs/ca-certificates.crt"])
    #expect(unverified.status == 4)
  }

  @Test func mistakesOfTheCommandLine() async throws {
    let command = try ServerCommand.slapd()
    defer { command.remove() }
    for (arguments, part) in [
      (["lint", "ldap://user:secret@dc1"], "no user or password"), (["lint", "ldap://dc1", "-D", "jo"], "-y FILE"),
      (["lint", "ldap://dc1", "-y", "password"], "-D"), (["lint", "ldap://dc1", "-Y", "PLAIN"], "GSSAPI"),
      (["lint", "ldap:///dc=x"], "names no server"), (["lint", "http://dc1"], "LDAP URLs"),
      (["lint", "ldap://dc1", "-D", "jo", "-y", "missing"], "missing"),
      (["lint", "--page-size", "0", "ldap://dc1"], "--page-size"),
      (["lint", "-H", "ldap://dc1/dc=x"], "-H names a server"),
      (["lint", "ldap://dc1", "--forest", "-b", "dc=x"], "--forest"),
      (["lint", "ldap://dc1", "-W", "-D", "jo"], "terminal"),
    ] {
      let (status, message) = try await command.failure(arguments)
      #expect(status == 2, "\(arguments)")
      #expect(message.contains(part) && !message.contains("secret"), "\(message)")
    }
  }

  @Test func aMissingServerIsStatus4() async throws {
    let command = try ServerCommand.slapd()
    defer { command.remove() }
    for (uri, part) in [
      ("ldap://127.0.0.1:1", "nothing listens on port 1"),
      ("ldap://no-such-host.invalid", "'no-such-host.invalid' is not known"),
      ("ldapi://%2Fnonexistent", "/nonexistent"),
    ] {
      let (status, message) = try await command.failure(["lint", "-x", uri])
      #expect(status == 4)
      #expect(message.contains(part), "\(message)")
    }
    // One of two sources is no reason to be silent about the other.
    let name = command.variables["SLAPD_ADMIN"] ?? ""
    let both = try await command.run(
      [
        "lint", "--format", "ndjson", "ldap://127.0.0.1:1", command.uri, "--insecure-plaintext", "-D", name, "-y",
        "password", "--ca-file", command.authority,
      ], plain: true)
    #expect(both.status == 3)
    #expect(Comparison.lines(both.stdoutText).count > 100)
  }

  @Test func aWrongPasswordIsStatus4AndInNoMessage() async throws {
    let command = try ServerCommand.slapd()
    defer { command.remove() }
    let name = try #require(command.variables["SLAPD_ADMIN"])
    let result = try await command.run(
      ["lint", command.uri, "-D", name, "-y", "wrong", "--ca-file", command.authority], plain: true)
    #expect(result.status == 4)
    #expect(result.stderrText.contains("name or password of '\(name)' are wrong"))
    let clear = try await command.run(
      ["lint", command.variables["SLAPD_LDAP"] ?? "", "-D", name, "-y", "password"], plain: true)
    #expect(clear.status == 4 && clear.stderrText.contains("--insecure-plaintext"))
  }

  @Test func aLostConnectionIsStatus3() async throws {
    let command = try ServerCommand.slapd()
    defer { command.remove() }
    let address = try #require(command.variables["SLAPD_LDAP"]).dropFirst("ldap://".count)
    let proxy = try LDAPProxy(["--to", String(address), "--fault", "close@200"])
    let lint = ["lint", "--insecure-plaintext", "ldap://127.0.0.1:\(proxy.port)", "--format", "json"]
    let lost = try await command.run(lint)
    #expect(lost.status == 3)
    #expect(lost.stdoutText.contains("was read only in part: the connection to the server was lost"))
    let allowed = try await command.run(lint + ["--allow-partial"])
    #expect(allowed.status == 1)
    let entries = try await command.run(["entries", "--insecure-plaintext", "ldap://127.0.0.1:\(proxy.port)"])
    #expect(entries.status == 3 && entries.stderrText.contains("was lost"))
  }

  @Test func anInterruptionEndsTheWaiting() async throws {
    let command = try ServerCommand.slapd()
    defer { command.remove() }
    let address = try #require(command.variables["SLAPD_LDAP"]).dropFirst("ldap://".count)
    let proxy = try LDAPProxy(["--to", String(address), "--fault", "stall@200"])
    let log = proxy.logFile
    let process = Process()
    process.executableURL = try Program.path()
    process.arguments =
      ["lint", "--insecure-plaintext", "ldap://127.0.0.1:\(proxy.port)", "--format", "ndjson"] + command.arguments
      // However busy the machine is, nothing but the interruption is to end the waiting.
      + ["--idle-timeout", "3000", "--operation-timeout", "3000"]
    process.currentDirectoryURL = command.directory
    process.environment = Program.baseEnvironment(command.directory)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let status = try await Program.finish(process) {
      let identifier = process.processIdentifier
      Task {
        // When the search is on its way, it will not end by itself.
        while !((try? LDAPProxy.requests(in: log)) ?? []).contains(where: { ($0.page ?? 0) > 0 }) {
          try await Task.sleep(for: .milliseconds(50))
        }
        try await Task.sleep(for: .milliseconds(300))
        kill(identifier, SIGINT)
      }
    }
    #expect(status == 130)
  }
}

@Suite(.enabled(if: TestServers.canRunSamba, TestServers.sambaHint)) struct SambaCommandTests {
  @Test func anExportHasTheFindingsOfTheServer() async throws {
    let command = try ServerCommand.samba()
    defer { command.remove() }
    let live = try await command.findings([command.uri])
    #expect(live.count > 1_000)
    let export = try await command.run(["entries", "--format", "ldif", command.uri])
    #expect(export.stderrText == "")
    #expect(export.status == 0)
    try export.stdout.write(to: command.directory.appendingPathComponent("export.ldif"))
    let file = try await command.findings(["export.ldif"], plain: true)
    for (one, other) in zip(live, file) where one != other { Issue.record("\(one)\n\(other)") }
    #expect(live.count == file.count)
  }

  /// Kerberos: the ticket cache is the credentials, signed and sealed, or bound to TLS.
  @Test func kerberos() async throws {
    let command = try ServerCommand.samba()
    defer { command.remove() }
    let ip = try #require(command.variables["SAMBA_IP"])
    let cache = "FILE:" + command.directory.appendingPathComponent("tickets").path
    let environment = ["KRB5_CONFIG": try #require(command.variables["KRB5_CONFIG"]), "KRB5CCNAME": cache]
    let base = ["-b", "OU=Special,DC=ad,DC=contoso,DC=test"]
    let without = try await command.run(
      ["entries", "-Y", "GSSAPI", "ldap://\(ip)"] + base, plain: true, environment: environment)
    #expect(without.status == 4 && without.stderrText.contains("kinit"))
    try TestServers.command(
      "kinit", ["reader@AD.CONTOSO.TEST"], environment: environment, input: "Passw0rd.1\n")
    for arguments in [
      ["-Y", "GSSAPI", "ldap://\(ip)"], ["-Y", "GSS-SPNEGO", "ldap://\(ip)"], ["-Y", "GSSAPI", "ldap://\(ip):3268"],
      ["-Y", "GSSAPI", "-ZZ", "ldap://\(ip)", "--ca-file", command.authority],
      ["-Y", "GSSAPI", "ldaps://\(ip)", "--ca-file", command.authority], ["ldap://\(ip)"],
      ["ldaps://\(ip)", "--ca-file", command.authority],
    ] {
      let result = try await command.run(["entries"] + arguments + base, plain: true, environment: environment)
      #expect(result.status == 0, "\(arguments): \(result.stderrText)")
      #expect(Comparison.lines(result.stdoutText).count == 7)
    }
    let nobody = try await command.run(["entries", "-x", "ldap://\(ip)"] + base, plain: true, environment: environment)
    #expect(nobody.status == 4 && nobody.stderrText.contains("without logging on"))
  }

  @Test func theLocalSocketNeedsNoPassword() async throws {
    let command = try ServerCommand.samba()
    defer { command.remove() }
    let uri = try #require(command.variables["SAMBA_LDAPI"])
    let result = try await command.run(
      ["entries", "-x", "\(uri)/OU=Special,DC=ad,DC=contoso,DC=test"], plain: true)
    #expect(result.status == 0 && Comparison.lines(result.stdoutText).count == 7)
  }

  @Test func anAccountThatMayNotReadAllIsStatus3() async throws {
    let command = try ServerCommand.samba(as: "reader@ad.contoso.test")
    defer { command.remove() }
    let base = ["-b", "OU=Hidden,DC=ad,DC=contoso,DC=test", command.uri]
    let partial = try await command.run(["lint"] + base)
    #expect(partial.status == 3)
    #expect(partial.stdoutText.contains("came without objectClass"))
    #expect(try await command.run(["lint", "--allow-partial"] + base).status <= 1)
  }

  @Test func aGlobalCatalogIsStatus3() async throws {
    let command = try ServerCommand.samba()
    defer { command.remove() }
    let result = try await command.run(["lint", "--format", "json", command.uri + ":3269"])
    #expect(result.status == 3)
    #expect(result.stdoutText.contains("a global catalog has no"))
    #expect(result.stdoutText.contains("source-anchor-size"))
  }

  /// A forest of two domains: the second one is told by the configuration and held by another server.
  @Test func aForestHasAllItsDomains() async throws {
    let command = try ServerCommand.samba()
    defer { command.remove() }
    let ip = try #require(command.variables["SAMBA_IP"])
    let alone = try await command.run(["lint", "--forest", "--format", "json", command.uri])
    #expect([0, 1].contains(alone.status))
    let base = "dc=emea,dc=ad,dc=contoso,dc=test"
    let root = try LDAPProxy(["--to", "\(ip):636", "--to-tls", "--add-domain", base])
    let forest = ["lint", "--forest", "--insecure-plaintext", "--format", "json", "-H"]

    // A domain that no server is known of (its name is in no DNS) is a gap.
    let missing = try await command.run(forest + ["ldap://127.0.0.1:\(root.port)"])
    #expect(missing.status == 3)
    #expect(missing.stdoutText.contains("'\(base)' was not read: ldap://emea.invalid"))

    let entries = """
      dn: CN=Twin,DC=contoso,DC=com
      objectClass: user
      cn: Twin
      sAMAccountName: twin
      userPrincipalName: twin@contoso.com
      proxyAddresses: SMTP:contact0001@partner.example

      """
    let own = try OwnSlapd(base: base, entries: entries)
    let address = try #require(own.variables["SLAPD_LDAP"]).dropFirst("ldap://".count)
    let child = try LDAPProxy(["--to", String(address), "--bind-as", "cn=admin,\(base)", "secret"])
    let both = try await command.run(forest + ["ldap://127.0.0.1:\(root.port) ldap://127.0.0.1:\(child.port)"])
    #expect([0, 1].contains(both.status), "\(both.stdoutText.suffix(2_000))")
    #expect(both.stdoutText.contains("cn=Twin,\(base)"))
    // The same address in both domains is one finding with both holders.
    let duplicate = Comparison.lines(both.stdoutText).first {
      $0.contains("not-unique") && $0.contains("cn=Twin,\(base)") && $0.contains("CN=Contact 0001,OU=Many,DC=ad")
    }
    #expect(duplicate != nil)
  }
}
