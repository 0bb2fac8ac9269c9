import CLDAP
import Glibc

/// Why a connection did not come to be. libldap has one code for most of it, so that this finds out by itself.
enum ConnectDiagnosis {
  /// The failure after `LDAPHandle.connect`.
  static func failure(code: Int32, handle: LDAPHandle, _ settings: LDAPSettings) -> LDAPFailure {
    let server = handle.server
    let said = handle.diagnostic
    func make(_ kind: LDAPFailure.Kind, _ message: String) -> LDAPFailure {
      LDAPFailure(kind, server: server.uri, resultCode: code, diagnostic: said, message: message)
    }
    guard handle.watchdog.wasConnected else { return make(.unreachable, unreachable(server, settings)) }
    if handle.watchdog.hasFired {
      return make(
        .timeout,
        "the server took the connection and then did not answer within \(settings.connectTimeout.words)"
          + " (--connect-timeout)\(server.scheme == .ldap ? "" : "; does port \(server.effectivePort ?? 0) speak TLS?")"
      )
    }
    guard server.scheme == .ldaps || settings.startsTLS else {
      return make(.unreachable, "the connection failed: \(LDAPHandle.name(of: code))")
    }
    if settings.startsTLS, code > 0 {
      return make(
        .tls, "the server does not start TLS on this port (\(ServerDiagnosis.text(code, said))); use ldaps://")
    }
    if settings.verifiesCertificate, let found = CertificateDiagnosis.message(server, settings) {
      return make(.certificate, found)
    }
    let hint =
      server.scheme == .ldaps
      ? "does port \(server.effectivePort ?? 636) speak TLS at once? ldap:// with -ZZ is for port 389"
      : "use ldaps://, or see the server's certificate"
    return make(.tls, "the TLS handshake failed; \(hint)")
  }

  /// The failure after a bind that brought no answer.
  static func lostInBind(code: Int32, handle: LDAPHandle, _ settings: LDAPSettings) -> LDAPFailure {
    let server = handle.server
    if handle.watchdog.hasFired || code == ResultCode.timeout {
      return LDAPFailure(
        .timeout, server: server.uri, resultCode: code, diagnostic: handle.diagnostic,
        message: "the server did not answer the bind within \(settings.operationTimeout.words) (--operation-timeout)")
    }
    let hint =
      server.scheme == .ldap && !settings.startsTLS && [636, 3269].contains(server.effectivePort)
      ? "port \(server.effectivePort ?? 636) speaks TLS: use ldaps://" : "is it an LDAP server?"
    return LDAPFailure(
      .connectionLost, server: server.uri, resultCode: code, diagnostic: handle.diagnostic,
      message: "the server closed the connection at the first request; \(hint)")
  }

  private static func unreachable(_ server: LDAPServer, _ settings: LDAPSettings) -> String {
    if server.scheme == .ldapi {
      return "nothing listens at the socket \(server.host.isEmpty ? "of the system" : server.host)"
        + "; is the server running, and may you open the socket?"
    }
    let port = server.effectivePort ?? 0
    switch resolution(of: server.bareHost) {
    case .unknown: return "the name '\(server.bareHost)' is not known; see its spelling and the DNS"
    case .noAnswer: return "the DNS does not answer for '\(server.bareHost)'; see /etc/resolv.conf"
    case .known: break
    }
    switch connectError(server.bareHost, port, milliseconds: min(1_000, settings.connectTimeout.milliseconds)) {
    case ECONNREFUSED: return "nothing listens on port \(port) there; is the server running, and is the port right?"
    case ENETUNREACH, EHOSTUNREACH:
      return "there is no way to '\(server.bareHost)' from here (network or host unreachable)"
    default:
      return "no answer from port \(port) within \(settings.connectTimeout.words) (--connect-timeout);"
        + " is a firewall between here and there?"
    }
  }

  private enum Resolution { case known, unknown, noAnswer }

  private static func resolution(of host: String) -> Resolution {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, nil, &hints, &list)
    defer { if let list { freeaddrinfo(list) } }
    switch status {
    case 0: return .known
    case EAI_AGAIN: return .noAnswer
    default: return .unknown
    }
  }

  /// Error number of a connection that is tried once more and closed at once; 0 where it stands, ETIMEDOUT without an answer.
  private static func connectError(_ host: String, _ port: Int, milliseconds: Int) -> Int32 {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &list) == 0, let first = list else { return ETIMEDOUT }
    defer { freeaddrinfo(first) }
    let descriptor = socket(first.pointee.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    if Glibc.connect(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0 { return 0 }
    guard errno == EINPROGRESS else { return errno }
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    guard poll(&waiting, 1, Int32(clamping: milliseconds)) > 0 else { return ETIMEDOUT }
    var error: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length)
    return error
  }
}
