import Bytes
import Entries
import LDAP
import RuleEngine
import RuleSet

/// What is known about servers: how they are reached, who logs on, how they are read.
public struct ServerOptions {
  /// Servers as URIs; several are tried in turn.
  public var servers: [String] = []
  /// Where searches begin; the server's own domain when empty.
  public var searchBases: [String] = []
  /// Whether every domain of the forest is read.
  public var spansForest = false
  /// Who logs on with a password.
  public var bindName: String?
  /// File with the password.
  public var passwordFile: String?
  /// Whether the password is asked for.
  public var asksPassword = false
  /// SASL mechanism to log on by.
  public var mechanism: String?
  /// Whether SASL is not used where nobody is named.
  public var isSimple = false
  /// Whether plain connections are turned into TLS first.
  public var startsTLS = false
  /// File of trusted certificates (PEM).
  public var caFile: String?
  /// Whether a password may go over a connection without encryption.
  public var allowsPlaintext = false
  /// Whether the server's certificate is verified.
  public var verifiesCertificate = true
  /// Seconds for a connection to stand.
  public var connectTimeout = 10.0
  /// Seconds to wait for the whole answer to one request.
  public var operationTimeout = 120.0
  /// Seconds in which nothing at all comes from the server.
  public var idleTimeout = 60.0
  /// Entries for which one page of a search asks.
  public var pageSize = 1_000
  /// Most entries read in a second; nil: as many as come.
  public var maximumRate: Int?
  /// What the environment says: servers for those who name none, base, file with the password.
  public var defaultServers: String?
  /// See `defaultServers`.
  public var defaultBase: String?
  /// See `defaultServers`.
  public var defaultPasswordFile: String?
  /// Asks somebody for a password, with a prompt.
  public var askPassword: ((String) throws -> [UInt8])?
  /// Told of what is not safe, in one sentence.
  public var warn: ((String) -> Void)?

  /// No server.
  public init() {}

  /// Looks at the options without doing anything.
  ///
  /// - Throws: `UsageError` when they do not go together.
  public func validate() throws {
    for (name, value) in [
      ("--connect-timeout", connectTimeout), ("--operation-timeout", operationTimeout), ("--idle-timeout", idleTimeout),
    ] where !(0.001...86_400).contains(value) {
      throw UsageError("\(name) is a number of seconds from 0.001 to 86400")
    }
    guard (1...1_000_000).contains(pageSize) else { throw UsageError("--page-size is a number from 1 to 1000000") }
    guard maximumRate.map({ (1...10_000_000).contains($0) }) ?? true else {
      throw UsageError("--max-rate is a number of entries in a second, at least 1")
    }
    if let mechanism {
      guard ["GSSAPI", "GSS-SPNEGO", "EXTERNAL"].contains(mechanism.uppercased()) else {
        throw UsageError("-Y is GSSAPI, GSS-SPNEGO or EXTERNAL, not '\(mechanism)'")
      }
      guard bindName == nil, !isSimple else {
        throw UsageError("-Y logs on by SASL; it goes with neither -D nor -x")
      }
    }
    guard bindName != nil || passwordFile == nil && !asksPassword else {
      throw UsageError("-D says whose password -y or -W is")
    }
    guard !spansForest || searchBases.isEmpty else {
      throw UsageError("--forest reads whole domains; it does not go with -b")
    }
    guard passwordFile == nil || !asksPassword else { throw UsageError("-y and -W exclude each other") }
  }

  /// Servers of `-H`, or of LDAPURI.
  func namedServers() throws -> [LDAPServer] {
    let texts = servers.isEmpty ? defaultServers.map { [$0] } ?? [] : servers
    return try texts.flatMap { $0.split { $0 == " " || $0 == "," || $0 == "\n" || $0 == "\t" } }.map { text in
      let url = try Self.url(String(text))
      guard let server = url.server, url.base == nil, url.filter == nil else {
        throw UsageError("-H names a server and nothing more, as in ldaps://dc1.contoso.com, not '\(text)'")
      }
      return server
    }
  }

  /// Bases of `-b`, or of LDAPBASE.
  var namedBases: [String] {
    searchBases.isEmpty ? defaultBase.map { [$0] } ?? [] : searchBases
  }

  static func url(_ text: String) throws -> LDAPURL {
    do {
      return try LDAPURL(parsing: text)
    } catch {
      throw UsageError(error.message)
    }
  }

  /// The settings for servers.
  ///
  /// - Parameter credentials: who logs on; made once for all servers, since a password is asked for once.
  func settings(for servers: [LDAPServer], _ credentials: LDAPCredentials) -> LDAPSettings {
    var settings = LDAPSettings(servers: servers)
    settings.startsTLS = startsTLS
    settings.caFile = caFile
    settings.verifiesCertificate = verifiesCertificate
    settings.allowsPlaintext = allowsPlaintext
    settings.credentials = credentials
    settings.connectTimeout = .seconds(connectTimeout)
    settings.operationTimeout = .seconds(operationTimeout)
    settings.idleTimeout = .seconds(idleTimeout)
    settings.pageSize = pageSize
    settings.maximumRate = maximumRate
    return settings
  }

  /// Who logs on. Asks for the password where that was wanted.
  ///
  /// - Throws: `UsageError` or `CommandFailure` when there is no password.
  func credentials() throws -> LDAPCredentials {
    if let mechanism { return .sasl(mechanism: mechanism.uppercased()) }
    guard let bindName else { return isSimple ? .anonymous : .ticketOrAnonymous }
    return .simple(name: bindName, password: try password(inFile: passwordFile, ofName: bindName))
  }

  /// The password of a name: from the terminal, from its file, or from the one that the environment names.
  private func password(inFile path: String?, ofName name: String) throws -> LDAPPassword {
    if path == nil, asksPassword {
      guard let askPassword else {
        throw CommandFailure(message: "-W asks on a terminal and there is none; use -y FILE", status: .usage)
      }
      var bytes = try askPassword("Password of \(name): ")
      return LDAPPassword(clearing: &bytes)
    }
    guard let path = path ?? defaultPasswordFile else {
      throw UsageError(
        "'\(name)' needs a password: -y FILE, -W, or a file named by the environment variable DIRSYNC_LINT_PASSWORD_FILE"
      )
    }
    if let others = FileAccess.readers(of: path) {
      warn?("the password file \(path) can be read by \(others); chmod 600 \(path)")
    }
    var bytes = try TextFile.read(path)
    if bytes.last == 10 { bytes.removeLast() }
    if bytes.last == 13 { bytes.removeLast() }
    return LDAPPassword(clearing: &bytes)
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
    guard let first = urls.first else { throw UsageError("an empty URL names no server") }
    var servers = urls.compactMap(\.server)
    if servers.isEmpty { servers = try namedServers() }
    guard !servers.isEmpty else {
      throw UsageError("'\(argument)' names no server; name one in it, or with -H")
    }
    guard first.passwordFile == nil || first.bindName != nil else {
      throw UsageError("'\(argument)' has x-password-file without bindname, which says whose password it is")
    }
    let own = try first.bindName.map { name in
      LDAPCredentials.simple(
        name: name, password: try password(inFile: first.passwordFile ?? passwordFile, ofName: name))
    }
    // Who logs on is no part of the name of a directory.
    var name = argument
    if own != nil {
      let parts = (texts.first ?? argument).split(separator: "?", omittingEmptySubsequences: false).prefix(4)
      name = Self.without(parts.joined(separator: "?"), trailing: "?")
    }
    var directory = LDAPDirectory(name: name, settings: settings(for: servers, own ?? credentials))
    guard !spansForest || first.base == nil else {
      throw UsageError("'\(argument)' has a base; --forest reads whole domains")
    }
    directory.spansForest = spansForest
    directory.bases = spansForest ? [] : first.base.map { [$0] } ?? namedBases
    if let scope = first.scope { directory.scope = scope }
    if let text = first.filter { directory.filter = try Self.filter(text) }
    directory.attributes = first.attributes
    return directory
  }

  /// The directory of `-H` and `-b`, where no argument names a server.
  func directory(_ servers: [LDAPServer], _ credentials: LDAPCredentials) -> LDAPDirectory {
    var directory = LDAPDirectory(
      name: servers.first?.uri ?? "ldap:", settings: settings(for: servers, credentials))
    directory.spansForest = spansForest
    directory.bases = spansForest ? [] : namedBases
    return directory
  }

  /// A filter for a server. Only its form is looked at: a server may know more matching rules than this program.
  private static func filter(_ text: String) throws -> LDAPFilter {
    do {
      _ = try Filter(parsing: text)
    } catch  where !text.contains(":") {
      throw UsageError("the filter of the URL, column \(error.column): \(error.message)")
    } catch {}
    return LDAPFilter(verbatim: text)
  }
}
