import ArgumentParser
import Glibc
import LDAP
import RuleEngine
import RuleSet

/// Options about servers, named as those of `ldapsearch`.
struct LDAPOptions: ParsableArguments {
  @Option(
    name: [.customShort("H"), .customLong("server")],
    help: "LDAP server as a URI; several (repeated, or separated by spaces) are tried in turn. Environment: LDAPURI.")
  var servers: [String] = []

  @Option(
    name: [.customShort("b"), .customLong("search-base")],
    help: "Where the search begins; repeatable. The server's own domain without it. Environment: LDAPBASE.")
  var searchBases: [String] = []

  @Flag(help: "Read every domain of the forest, on the servers that were named or that the DNS names.")
  var forest = false

  @Option(
    name: [.customShort("D"), .customLong("bind-dn")],
    help: "Who logs on with a password: user@domain, DOMAIN\\user or a distinguished name.")
  var bindName: String?

  @Option(
    name: [.customShort("y"), .customLong("password-file")],
    help: ArgumentHelp(
      "File with the password; one line break at its end is left out. Environment: DIRSYNC_LINT_PASSWORD_FILE.",
      valueName: "file"))
  var passwordFile: String?

  @Flag(name: [.customShort("W"), .customLong("ask-password")], help: "Ask for the password on the terminal.")
  var asksPassword = false

  @Option(
    name: [.customShort("Y"), .customLong("mechanism")],
    help: "Log on by SASL: GSSAPI or GSS-SPNEGO (Kerberos ticket, KRB5CCNAME), EXTERNAL.")
  var mechanism: String?

  @Flag(name: [.customShort("x"), .customLong("simple")], help: "No SASL: without -D, log on as nobody.")
  var isSimple = false

  @Flag(
    name: [.customShort("Z"), .customLong("start-tls")],
    help: "Turn an ldap:// connection into TLS before anything is said (also -ZZ).")
  var startTLS: Int

  @Option(
    help: ArgumentHelp(
      "File of trusted certificates (PEM) for this run. Environment: LDAPTLS_CACERT.", valueName: "file"))
  var caFile: String?

  @Flag(help: "Let the password go over a connection without encryption.")
  var insecurePlaintext = false

  @Flag(help: "Do not verify the server's certificate: anybody in between can read and change everything.")
  var insecureSkipVerify = false

  @Option(help: "Seconds for a connection to stand, TLS included.")
  var connectTimeout = 10.0

  @Option(help: "Seconds to wait for the whole answer to one request: a bind, one page of a search.")
  var operationTimeout = 120.0

  @Option(help: "Seconds in which nothing at all comes from the server while an answer is awaited.")
  var idleTimeout = 60.0

  @Option(help: "Entries for which one page of a search asks.")
  var pageSize = 1_000

  @Option(help: "Most entries read from a server in a second.")
  var maxRate: Int?

  func validate() throws {
    for (name, value) in [
      ("--connect-timeout", connectTimeout), ("--operation-timeout", operationTimeout), ("--idle-timeout", idleTimeout),
    ] where !(0.001...86_400).contains(value) {
      throw ValidationError("\(name) is a number of seconds from 0.001 to 86400")
    }
    guard (1...1_000_000).contains(pageSize) else { throw ValidationError("--page-size is a number from 1 to 1000000") }
    guard maxRate.map({ (1...10_000_000).contains($0) }) ?? true else {
      throw ValidationError("--max-rate is a number of entries in a second, at least 1")
    }
    if let mechanism {
      guard ["GSSAPI", "GSS-SPNEGO", "EXTERNAL"].contains(mechanism.uppercased()) else {
        throw ValidationError("-Y is GSSAPI, GSS-SPNEGO or EXTERNAL, not '\(mechanism)'")
      }
      guard bindName == nil, !isSimple else {
        throw ValidationError("-Y logs on by SASL; it goes with neither -D nor -x")
      }
    }
    guard bindName != nil || passwordFile == nil && !asksPassword else {
      throw ValidationError("-D says whose password -y or -W is")
    }
    guard !forest || searchBases.isEmpty else {
      throw ValidationError("--forest reads whole domains; it does not go with -b")
    }
    guard passwordFile == nil || !asksPassword else { throw ValidationError("-y and -W exclude each other") }
  }

  /// Servers of `-H`, or of LDAPURI.
  func namedServers() throws -> [LDAPServer] {
    let texts = servers.isEmpty ? Self.environment("LDAPURI").map { [$0] } ?? [] : servers
    return try texts.flatMap { $0.split { $0 == " " || $0 == "," || $0 == "\n" || $0 == "\t" } }.map { text in
      let url = try Self.url(String(text))
      guard let server = url.server, url.base == nil, url.filter == nil else {
        throw ValidationError("-H names a server and nothing more, as in ldaps://dc1.contoso.com, not '\(text)'")
      }
      return server
    }
  }

  /// Bases of `-b`, or of LDAPBASE.
  var namedBases: [String] {
    searchBases.isEmpty ? Self.environment("LDAPBASE").map { [$0] } ?? [] : searchBases
  }

  static func url(_ text: String) throws -> LDAPURL {
    do {
      return try LDAPURL(parsing: text)
    } catch {
      throw ValidationError(error.message)
    }
  }

  /// The settings for servers.
  ///
  /// - Parameter credentials: who logs on; made once for all servers, since a password is asked for once.
  func settings(for servers: [LDAPServer], _ credentials: LDAPCredentials) -> LDAPSettings {
    var settings = LDAPSettings(servers: servers)
    settings.startsTLS = startTLS > 0
    settings.caFile = caFile
    settings.verifiesCertificate = !insecureSkipVerify
    settings.allowsPlaintext = insecurePlaintext
    settings.credentials = credentials
    settings.connectTimeout = .seconds(connectTimeout)
    settings.operationTimeout = .seconds(operationTimeout)
    settings.idleTimeout = .seconds(idleTimeout)
    settings.pageSize = pageSize
    settings.maximumRate = maxRate
    return settings
  }

  /// Who logs on. Asks for the password where that was wanted.
  ///
  /// - Throws: `ValidationError` or `ProgramFailure` when there is no password.
  func credentials() throws -> LDAPCredentials {
    if let mechanism { return .sasl(mechanism: mechanism.uppercased()) }
    guard let bindName else { return isSimple ? .anonymous : .ticketOrAnonymous }
    return .simple(
      name: bindName, password: try Self.password(inFile: passwordFile, ofName: bindName, asks: asksPassword))
  }

  /// The password of a name: from the terminal, from its file, or from the one that the environment names.
  private static func password(inFile path: String?, ofName name: String, asks: Bool) throws -> LDAPPassword {
    if path == nil, asks {
      var bytes = try PasswordPrompt.read("Password of \(name): ")
      return LDAPPassword(clearing: &bytes)
    }
    guard let path = path ?? environment("DIRSYNC_LINT_PASSWORD_FILE") else {
      throw ValidationError(
        "'\(name)' needs a password: -y FILE, -W, or a file named by the environment variable DIRSYNC_LINT_PASSWORD_FILE"
      )
    }
    if let others = readers(of: path) {
      StandardError.write("dirsync-lint: the password file \(path) can be read by \(others); chmod 600 \(path)")
    }
    var bytes = try TextFile.read(path)
    if bytes.last == 10 { bytes.removeLast() }
    if bytes.last == 13 { bytes.removeLast() }
    return LDAPPassword(clearing: &bytes)
  }

  /// Who besides the owner may read a file, in words; nil when nobody may.
  private static func readers(of path: String) -> String? {
    var state = stat()
    guard stat(path, &state) == 0 else { return nil }
    if state.st_mode & S_IROTH != 0 { return "everybody on this machine" }
    return state.st_mode & S_IRGRP != 0 ? "its group" : nil
  }

  static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// The URLs in an argument: servers of one directory. A space is a part of a URL (it should be %20) unless another URL
  /// follows it.
  static func texts(ofURLs argument: String) -> [String] {
    var texts: [String] = []
    for part in argument.split(separator: " ", omittingEmptySubsequences: false).map(String.init) {
      if texts.isEmpty || LDAPURL.isURL(part) {
        texts.append(part)
      } else {
        texts[texts.count - 1] += " " + part
      }
    }
    return texts.map { without($0, trailing: " ") }
  }

  private static func without(_ text: String, trailing character: Character) -> String {
    var text = text
    while text.last == character { text.removeLast() }
    return text
  }

  /// The directory that a URL names.
  func directory(_ argument: String, _ credentials: LDAPCredentials) throws -> LDAPDirectory {
    let texts = Self.texts(ofURLs: argument)
    let urls = try texts.map(Self.url)
    guard let first = urls.first else { throw ValidationError("an empty URL names no server") }
    var servers = urls.compactMap(\.server)
    if servers.isEmpty { servers = try namedServers() }
    guard !servers.isEmpty else {
      throw ValidationError("'\(argument)' names no server; name one in it, or with -H")
    }
    guard first.passwordFile == nil || first.bindName != nil else {
      throw ValidationError("'\(argument)' has x-password-file without bindname, which says whose password it is")
    }
    let own = try first.bindName.map { name in
      LDAPCredentials.simple(
        name: name,
        password: try Self.password(inFile: first.passwordFile ?? passwordFile, ofName: name, asks: asksPassword))
    }
    // Who logs on is no part of the name of a directory.
    var name = argument
    if own != nil {
      let parts = (texts.first ?? argument).split(separator: "?", omittingEmptySubsequences: false).prefix(4)
      name = Self.without(parts.joined(separator: "?"), trailing: "?")
    }
    var directory = LDAPDirectory(name: name, settings: settings(for: servers, own ?? credentials))
    guard !forest || first.base == nil else {
      throw ValidationError("'\(argument)' has a base; --forest reads whole domains")
    }
    directory.spansForest = forest
    directory.bases = forest ? [] : first.base.map { [$0] } ?? namedBases
    if let scope = first.scope { directory.scope = scope }
    if let text = first.filter { directory.filter = try Self.filter(text) }
    directory.attributes = first.attributes
    return directory
  }

  /// The directory of `-H` and `-b`, where no argument names a server.
  func directory(_ servers: [LDAPServer], _ credentials: LDAPCredentials) -> LDAPDirectory {
    var directory = LDAPDirectory(
      name: servers.first?.uri ?? "ldap:", settings: settings(for: servers, credentials))
    directory.spansForest = forest
    directory.bases = forest ? [] : namedBases
    return directory
  }

  /// A filter for a server. Only its form is looked at: a server may know more matching rules than this program.
  private static func filter(_ text: String) throws -> LDAPFilter {
    do {
      _ = try Filter(parsing: text)
    } catch  where !text.contains(":") {
      throw ValidationError("the filter of the URL, column \(error.column): \(error.message)")
    } catch {}
    return LDAPFilter(verbatim: text)
  }
}

/// Asks for a password on the terminal, without showing it.
enum PasswordPrompt {
  static func read(_ prompt: String) throws -> [UInt8] {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0 else {
      throw ProgramFailure(
        message: "-W asks on a terminal and there is none; use -y FILE", status: .usage)
    }
    defer { close(terminal) }
    var old = termios()
    guard tcgetattr(terminal, &old) == 0 else {
      throw ProgramFailure(
        message: "the terminal cannot be kept from showing the password; use -y FILE", status: .usage)
    }
    var silent = old
    // Ctrl-C comes as a character, so that the terminal is left as it was found, and ends the line, so that it comes at once.
    silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
    silent.c_cc.11 = 3  // VEOL
    tcsetattr(terminal, TCSAFLUSH, &silent)
    // Only now: what is typed in answer to the prompt must not be lost, as what was typed before it is.
    write(prompt, terminal)
    defer {
      tcsetattr(terminal, TCSAFLUSH, &old)
      write("\n", terminal)
    }
    var bytes: [UInt8] = []
    // An array that grows leaves its old bytes behind.
    bytes.reserveCapacity(4_096)
    var byte: UInt8 = 0
    while bytes.count < 4_096 {
      let count = Glibc.read(terminal, &byte, 1)
      if count < 0, errno == EINTR { continue }
      if count <= 0 || byte == 10 { break }
      if byte == 3 { throw ProgramFailure(message: "interrupted", status: .interrupted) }
      bytes.append(byte)
    }
    return bytes
  }

  private static func write(_ text: String, _ terminal: Int32) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(terminal, $0.baseAddress, $0.count) }
  }
}
