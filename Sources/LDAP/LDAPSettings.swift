/// How servers are reached and what they may be asked to do.
public struct LDAPSettings: Sendable {
  /// Servers of one directory, tried in this order.
  public var servers: [LDAPServer]
  /// Whether `ldap://` connections are turned into TLS before anything else is said (StartTLS, RFC 4511, 4.14).
  public var startsTLS = false
  /// File of certificates that are trusted (PEM); nil for those of `ldap.conf` and `LDAPTLS_CACERT`.
  public var caFile: String?
  /// Whether the server's certificate is verified. Off only where the user said so.
  public var verifiesCertificate = true
  /// Whether a password may go over a connection without TLS.
  public var allowsPlaintext = false
  /// Who asks.
  public var credentials = LDAPCredentials.anonymous
  /// Longest time for a connection to stand, TLS included.
  public var connectTimeout = Duration.seconds(10)
  /// Longest time spent waiting for the whole answer to one request: a bind, one entry, one page of a search.
  public var operationTimeout = Duration.seconds(120)
  /// Longest time in which nothing at all comes from the server while an answer is awaited.
  public var idleTimeout = Duration.seconds(60)
  /// Entries for which a page of a search asks, at least 1. Active Directory cuts it to its `MaxPageSize` (1,000).
  public var pageSize = 1_000
  /// Most entries read in a second; nil for no limit.
  public var maximumRate: Int?

  /// Settings for servers; see the properties.
  public init(servers: [LDAPServer]) { self.servers = servers }
}

/// Who asks a server.
public enum LDAPCredentials: Sendable {
  /// Nobody: no bind is sent.
  case anonymous
  /// A name (distinguished name, user principal name or `DOMAIN\user`) and its password.
  case simple(name: String, password: LDAPPassword)
  /// A SASL mechanism that takes its credentials from the environment: `GSSAPI` and `GSS-SPNEGO` from the Kerberos
  /// ticket cache, `EXTERNAL` from the connection itself.
  case sasl(mechanism: String)
  /// The Kerberos ticket where there is one and the server takes it, else nobody.
  case ticketOrAnonymous
}

extension Duration {
  /// Milliseconds, at least 1.
  var milliseconds: Int {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
    return overflow ? Int.max : max(1, Int(product) + Int(attoseconds / 1_000_000_000_000_000))
  }
  /// The duration in words: `10 s`, `0.5 s`.
  var words: String {
    let milliseconds = milliseconds
    guard milliseconds % 1_000 != 0 else { return "\(milliseconds / 1_000) s" }
    let thousandths = String(milliseconds % 1_000 + 1_000).dropFirst()
    return "\(milliseconds / 1_000).\(thousandths.prefix(thousandths.hasSuffix("00") ? 1 : 3)) s"
  }
}
