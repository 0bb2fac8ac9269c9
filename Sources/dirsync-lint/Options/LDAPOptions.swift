import ArgumentParser
import Bytes
import Reporting
import Workbench

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

  func validate() throws { try checked { try choice.validate() } }

  /// What was typed, and what the environment says.
  var choice: ServerOptions {
    var options = ServerOptions()
    options.servers = servers
    options.searchBases = searchBases
    options.spansForest = forest
    options.bindName = bindName
    options.passwordFile = passwordFile
    options.asksPassword = asksPassword
    options.mechanism = mechanism
    options.isSimple = isSimple
    options.startsTLS = startTLS > 0
    options.caFile = caFile
    options.allowsPlaintext = insecurePlaintext
    options.verifiesCertificate = !insecureSkipVerify
    options.connectTimeout = connectTimeout
    options.operationTimeout = operationTimeout
    options.idleTimeout = idleTimeout
    options.pageSize = pageSize
    options.maximumRate = maxRate
    options.defaultServers = Environment["LDAPURI"]
    options.defaultBase = Environment["LDAPBASE"]
    options.defaultPasswordFile = Environment["DIRSYNC_LINT_PASSWORD_FILE"]
    options.askPassword = PasswordPrompt.read
    options.warn = { try? FileDescriptor.standardError.write(Array("dirsync-lint: \(TerminalText.escape($0))\n".utf8)) }
    return options
  }
}
