import CLDAP
import Glibc

/// Room: one libldap handle, from its making to its end, and all calls that need no message.
///
/// Unsafe, since libldap is C. Sound because the handle is freed only when the last owner lets go of this object
/// (messages keep it), and because one thread at a time uses it.
final class LDAPHandle {
  let server: LDAPServer
  let ld: OpaquePointer
  let watchdog = SocketWatchdog()
  /// Longest time that a read may hang in the middle of something, in milliseconds.
  let idleLimit: Int
  /// Longest message that is taken from a server, in bytes. The largest that Active Directory sends is one entry of a page,
  /// whose values it hands out 1,500 at a time; libldap would make room for as many gigabytes as a server announces.
  static let largestMessage = 64 << 20
  private let callback: UnsafeMutablePointer<ldap_conncb>

  /// A handle with its options set; nothing is sent yet.
  init(_ server: LDAPServer, _ settings: LDAPSettings, verifiesCertificate: Bool) throws(LDAPFailure) {
    self.server = server
    idleLimit = settings.idleTimeout.milliseconds
    var made: OpaquePointer?
    let status = ldap_initialize(&made, server.uri)
    callback = .allocate(capacity: 1)
    guard status == LDAP_SUCCESS, let made else {
      callback.deallocate()
      watchdog.stop()
      throw LDAPFailure(
        .request, server: server.uri, resultCode: status, message: "the URL cannot be used: \(Self.name(of: status))")
    }
    ld = made
    callback.initialize(to: Self.callback(watchdog))
    let fault = setOptions(settings, verifiesCertificate: verifiesCertificate)
    if let fault { throw fault }
  }

  deinit {
    // Ends the connection, too; its callbacks are told.
    ldap_unbind_ext(ld, nil, nil)
    watchdog.stop()
    callback.deinitialize(count: 1)
    callback.deallocate()
  }

  /// The callback keeps no owner: the handle outlives the connection, and the watchdog the handle's connection.
  private static func callback(_ watchdog: SocketWatchdog) -> ldap_conncb {
    ldap_conncb(
      lc_add: { _, buffer, _, _, context in
        guard let buffer, let argument = context?.pointee.lc_arg else { return 0 }
        var descriptor: Int32 = -1
        ber_sockbuf_ctrl(buffer, LBER_SB_OPT_GET_FD, &descriptor)
        var largest = ber_len_t(LDAPHandle.largestMessage)
        ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &largest)
        Unmanaged<SocketWatchdog>.fromOpaque(argument).takeUnretainedValue().connected(descriptor)
        return 0
      },
      lc_del: { _, _, context in
        guard let argument = context?.pointee.lc_arg else { return }
        Unmanaged<SocketWatchdog>.fromOpaque(argument).takeUnretainedValue().closed()
      },
      lc_arg: Unmanaged.passUnretained(watchdog).toOpaque())
  }

  private func setOptions(_ settings: LDAPSettings, verifiesCertificate: Bool) -> LDAPFailure? {
    var version: Int32 = 3
    ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version)
    // libldap would follow referrals by itself, anonymously, to wherever the server says.
    cldap_set_bool(ld, LDAP_OPT_REFERRALS, 0)
    cldap_set_bool(ld, LDAP_OPT_X_SASL_NOCANON, 1)
    cldap_set_bool(ld, LDAP_OPT_RESTART, 1)
    // Not LDAP_OPT_NETWORK_TIMEOUT: with it libldap turns round at full speed while a TLS handshake gets no answer.
    var unanswered = UInt32(clamping: settings.connectTimeout.milliseconds)
    ldap_set_option(ld, LDAP_OPT_TCP_USER_TIMEOUT, &unanswered)
    for (option, value) in [
      (LDAP_OPT_X_KEEPALIVE_IDLE, 10), (LDAP_OPT_X_KEEPALIVE_PROBES, 3), (LDAP_OPT_X_KEEPALIVE_INTERVAL, 5),
    ] {
      var value = Int32(value)
      ldap_set_option(ld, option, &value)
    }
    var timeout = Self.timeval(settings.operationTimeout.milliseconds)
    ldap_set_option(ld, LDAP_OPT_TIMEOUT, &timeout)
    ldap_set_option(ld, LDAP_OPT_CONNECT_CB, callback)
    return setTLS(settings, verifiesCertificate: verifiesCertificate)
  }

  private func setTLS(_ settings: LDAPSettings, verifiesCertificate: Bool) -> LDAPFailure? {
    var requirement = Int32(verifiesCertificate ? LDAP_OPT_X_TLS_DEMAND : LDAP_OPT_X_TLS_NEVER)
    ldap_set_option(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &requirement)
    var oldest = CLDAP_TLS_1_2
    ldap_set_option(ld, LDAP_OPT_X_TLS_PROTOCOL_MIN, &oldest)
    // GnuTLS knows no such option and takes what its priority string allows (ldap.conf(5), TLS_PROTOCOL_MIN).
    if tlsLibrary == "GnuTLS" {
      ldap_set_option(ld, LDAP_OPT_X_TLS_CIPHER_SUITE, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2")
    }
    setAuthorities(settings)
    guard server.scheme == .ldaps || settings.startsTLS else { return nil }
    var isServer: Int32 = 0
    // Without a look at the result a file that cannot be read would mean the certificates of the whole machine.
    guard ldap_set_option(ld, LDAP_OPT_X_TLS_NEWCTX, &isServer) == LDAP_SUCCESS else {
      let path = settings.caFile ?? "of TLS_CACERT in ldap.conf or of LDAPTLS_CACERT"
      return LDAPFailure(
        .request, server: server.uri,
        message: "the file of trusted certificates (\(path)) cannot be read, or has no certificate in PEM in it")
    }
    return nil
  }

  /// Says whose certificates are trusted. A new handle has forgotten what libldap read from LDAPTLS_CACERT and `ldap.conf`,
  /// so that it is handed on here; without any of them the system's own certificates are taken.
  private func setAuthorities(_ settings: LDAPSettings) {
    if let path = settings.caFile {
      ldap_set_option(ld, LDAP_OPT_X_TLS_CACERTFILE, path)
      return
    }
    var isKnown = false
    for option in [LDAP_OPT_X_TLS_CACERTFILE, LDAP_OPT_X_TLS_CACERTDIR] {
      var path: UnsafeMutablePointer<CChar>?
      guard ldap_get_option(nil, option, &path) == LDAP_SUCCESS, let path else { continue }
      defer { ldap_memfree(path) }
      ldap_set_option(ld, option, path)
      isKnown = true
    }
    guard !isKnown else { return }
    let places = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]
    if let path = places.first(where: { access($0, R_OK) == 0 }) {
      ldap_set_option(ld, LDAP_OPT_X_TLS_CACERTFILE, path)
    }
  }

  static func timeval(_ milliseconds: Int) -> Glibc.timeval {
    Glibc.timeval(tv_sec: milliseconds / 1_000, tv_usec: (milliseconds % 1_000) * 1_000)
  }

  /// Connects, in TLS where that is wanted; returns a code of libldap.
  func connect(_ settings: LDAPSettings) -> Int32 {
    watchdog.guarding(settings.connectTimeout.milliseconds) {
      let code = ldap_connect(ld)
      guard code == LDAP_SUCCESS, settings.startsTLS, server.scheme == .ldap else { return code }
      return ldap_start_tls_s(ld, nil, nil)
    }
  }

  /// Binds; returns a result code.
  func bind(_ credentials: LDAPCredentials, _ settings: LDAPSettings, isEncrypted: Bool) -> Int32 {
    watchdog.guarding(settings.operationTimeout.milliseconds + 2_000) {
      switch credentials {
      case .anonymous, .ticketOrAnonymous: return LDAP_SUCCESS
      case .simple(let name, let password): return bind(name, password)
      case .sasl(let mechanism): return bind(mechanism: mechanism, isEncrypted: isEncrypted)
      }
    }
  }

  private func bind(_ name: String, _ password: LDAPPassword) -> Int32 {
    password.withBytes { bytes in
      var value = berval(
        bv_len: ber_len_t(bytes.count), bv_val: bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
      return ldap_sasl_bind_s(ld, name, nil, &value, nil, nil, nil)
    }
  }

  private func bind(mechanism: String, isEncrypted: Bool) -> Int32 {
    if isEncrypted {
      // Active Directory takes no SASL layer inside TLS; the bind is tied to the channel instead.
      ldap_set_option(ld, LDAP_OPT_X_SASL_SECPROPS, "maxssf=0")
      var binding = Int32(LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT)
      ldap_set_option(ld, LDAP_OPT_X_SASL_CBINDING, &binding)
    } else if mechanism != "EXTERNAL" {
      ldap_set_option(ld, LDAP_OPT_X_SASL_SECPROPS, "minssf=1,noplain,noanonymous")
    }
    return ldap_sasl_interactive_bind_s(
      ld, nil, mechanism, nil, nil, UInt32(LDAP_SASL_QUIET), { _, _, _, _ in LDAP_SUCCESS }, nil)
  }

  /// What the server or the library said with the last result.
  var diagnostic: String { text(of: LDAP_OPT_DIAGNOSTIC_MESSAGE) ?? "" }

  /// The name that a SASL bind came to, as the mechanism has it (`jo@CONTOSO.COM`).
  var saslName: String? { text(of: LDAP_OPT_X_SASL_USERNAME) }

  /// The library that libldap was built with, as it calls itself: `GnuTLS`, `OpenSSL`.
  private var tlsLibrary: String? { text(of: LDAP_OPT_X_TLS_PACKAGE) }

  /// The version of TLS that the connection came to, as the library has it (`TLS1.3`, `TLSv1.2`); nil without TLS.
  var tlsVersion: String? { text(of: LDAP_OPT_X_TLS_VERSION) }

  private func text(of option: Int32) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard ldap_get_option(ld, option, &text) == LDAP_SUCCESS, let text else { return nil }
    defer { ldap_memfree(text) }
    return String(cString: text)
  }

  /// The certificate of the server in DER, where there is one.
  var peerCertificate: [UInt8]? {
    var value = berval()
    guard ldap_get_option(ld, LDAP_OPT_X_TLS_PEERCERT, &value) == LDAP_SUCCESS, let start = value.bv_val else {
      return nil
    }
    defer { ber_memfree(start) }
    return UnsafeBufferPointer(start: start, count: Int(value.bv_len)).map { UInt8(bitPattern: $0) }
  }

  /// The name of a result code.
  static func name(of code: Int32) -> String { String(cString: ldap_err2string(code)) }

  /// Hosts of a domain by its SRV records (RFC 2782), best first; none where the DNS knows none.
  static func hosts(ofDomain domain: String) -> [String] {
    var list: UnsafeMutablePointer<CChar>?
    guard ldap_domain2hostlist(domain, &list) == LDAP_SUCCESS, let list else { return [] }
    defer { ldap_memfree(list) }
    return String(cString: list).split(separator: " ").map(String.init)
  }
}
