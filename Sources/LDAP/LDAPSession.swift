import Glibc

/// A connection to one of several servers of a directory, logged on.
///
/// Read-only by construction: nothing here or below can send anything but binds and searches. Used by one thread at a time.
///
/// The process must ignore SIGPIPE: libldap writes to sockets that the other side may have closed.
public final class LDAPSession {
  /// The server that answered.
  public let server: LDAPServer
  /// What the server says of itself; with hardly anything in it where the server tells nobody.
  public private(set) var rootDSE: RootDSE
  /// Who asks, in words: `anonymous`, the name of a simple bind or of a Kerberos ticket.
  public private(set) var identity = "anonymous"
  /// The settings that the session was opened with.
  public let settings: LDAPSettings

  let handle: LDAPHandle
  private let shouldStop: @Sendable () -> Bool

  /// Connects to the first server that can be used, and logs on.
  ///
  /// A refused name or password ends the attempts: trying it on every server would lock the account.
  ///
  /// - Parameters:
  ///   - shouldStop: asked while waiting: whether the user wants the run to end.
  ///   - note: told of servers that could not be used when another one could.
  /// - Throws: `LDAPFailure` when no server can be used.
  public static func open(
    _ settings: LDAPSettings, shouldStop: @escaping @Sendable () -> Bool = { false },
    note: (LDAPFailure) -> Void = { _ in }
  ) throws(LDAPFailure) -> LDAPSession {
    var failures: [LDAPFailure] = []
    for server in settings.servers {
      do throws(LDAPFailure) {
        let session = try LDAPSession(server, settings, shouldStop: shouldStop)
        for failure in failures { note(failure) }
        return session
      } catch {
        guard error.isOfServer else { throw error }
        failures.append(error)
      }
    }
    guard var failure = failures.first else {
      throw LDAPFailure(.request, server: "ldap:", message: "no server was named; name one with -H or as a URL")
    }
    if failures.count > 1 {
      failure.message =
        "none of the servers could be used: "
        + failures.map { "\($0.server): \($0.message)" }.joined(separator: "; ")
    }
    throw failure
  }

  private init(
    _ server: LDAPServer, _ settings: LDAPSettings, shouldStop: @escaping @Sendable () -> Bool
  ) throws(LDAPFailure) {
    self.server = server
    self.settings = settings
    self.shouldStop = shouldStop
    rootDSE = RootDSE(object: LDAPObject(dn: [], attributes: []))
    try Self.refusePlaintext(server, settings)
    handle = try LDAPHandle(server, settings, verifiesCertificate: settings.verifiesCertificate)
    let code = handle.connect(settings)
    guard code == ResultCode.success else {
      throw ConnectDiagnosis.failure(code: code, handle: handle, settings)
    }
    try refuseOldTLS()
    try logOn()
  }

  /// A password must not leave this machine in clear text unless the user says so.
  private static func refusePlaintext(_ server: LDAPServer, _ settings: LDAPSettings) throws(LDAPFailure) {
    guard case .simple(let name, let password) = settings.credentials else { return }
    guard !password.isEmpty else {
      // RFC 4513, 5.1.2: a server takes a name without a password for nobody, and says yes.
      throw LDAPFailure(
        .request, server: server.uri,
        message: "the password of '\(name)' is empty; a server would take that for anonymous")
    }
    guard server.scheme == .ldap, !settings.startsTLS, !settings.allowsPlaintext else { return }
    throw LDAPFailure(
      .request, server: server.uri,
      message:
        "a password is not sent without encryption; use ldaps:// or -ZZ (or, if it must be, --insecure-plaintext)")
  }

  /// Nothing is said over a version of TLS that can be broken, whatever the library has agreed to (RFC 8996).
  private func refuseOldTLS() throws(LDAPFailure) {
    guard isEncrypted else { return }
    let version = handle.tlsVersion ?? "none"
    guard !["TLS1.2", "TLSv1.2", "TLS1.3", "TLSv1.3"].contains(version) else { return }
    throw LDAPFailure(
      .tls, server: server.uri, message: "the server agrees to \(version) only; TLS 1.2 is the least that is used")
  }

  /// Whether what is said is encrypted by TLS.
  public var isEncrypted: Bool { server.scheme == .ldaps || settings.startsTLS && server.scheme == .ldap }

  private func logOn() throws(LDAPFailure) {
    var credentials = settings.credentials
    if case .ticketOrAnonymous = credentials {
      // Who nobody is may be asked before anybody is somebody.
      rootDSE = try readRootDSE()
      let isOffered = rootDSE.saslMechanisms.contains("GSSAPI")
      if isOffered, try bind(.sasl(mechanism: "GSSAPI"), orAnonymous: true) { credentials = .anonymous }
    } else {
      _ = try bind(credentials, orAnonymous: false)
    }
    rootDSE = try readRootDSE()
  }

  private func bind(_ credentials: LDAPCredentials, orAnonymous: Bool) throws(LDAPFailure) -> Bool {
    let code = handle.bind(credentials, settings, isEncrypted: isEncrypted)
    guard code == ResultCode.success else {
      let diagnostic = handle.diagnostic
      if handle.watchdog.hasFired || [ResultCode.serverDown, ResultCode.timeout].contains(code) {
        throw ConnectDiagnosis.lostInBind(code: code, handle: handle, settings)
      }
      // Without a ticket nothing was sent, so the connection is as good as new.
      if orAnonymous, code == ResultCode.localError { return false }
      throw BindDiagnosis.failure(
        code: code, diagnostic: diagnostic, server: server, credentials: credentials, isEncrypted: isEncrypted)
    }
    switch credentials {
    case .anonymous, .ticketOrAnonymous: identity = "anonymous"
    case .simple(let name, _): identity = name
    case .sasl(let mechanism): identity = handle.saslName ?? (mechanism == "EXTERNAL" ? mechanism : "Kerberos ticket")
    }
    return true
  }

  private func readRootDSE() throws(LDAPFailure) -> RootDSE {
    let search = LDAPSearch(base: "", scope: .base, attributes: RootDSE.attributes)
    do throws(LDAPFailure) {
      var found: LDAPObject?
      _ = try self.search(search) { (object) throws(LDAPFailure) in found = object }
      return RootDSE(object: found ?? LDAPObject(dn: [], attributes: []))
    } catch {
      switch error.kind {
      case .noSuchObject, .permission: return RootDSE(object: LDAPObject(dn: [], attributes: []))
      case .connectionLost: throw ConnectDiagnosis.lostInBind(code: ResultCode.serverDown, handle: handle, settings)
      default: throw error
      }
    }
  }

  /// Searches, and hands each entry over as it arrives.
  ///
  /// - Throws: `LDAPFailure` when the search did not come to its proper end (what was handed over before stays valid), or
  ///   what `receive` throws.
  public func search(
    _ search: LDAPSearch, _ receive: (LDAPObject) throws(LDAPFailure) -> Void
  ) throws(LDAPFailure) -> LDAPSearchEnd {
    let cursor = try cursor(search)
    while true {
      switch try cursor.next() {
      case .entry(let message):
        // A server that never ends its answer never lets this loop idle.
        try throwIfStopped()
        if let object = message.object() { try receive(object) }
      case .idle:
        try throwIfStopped()
      case .end(let end):
        return end
      }
    }
  }

  /// All entries that a search finds, ranged attributes completed; for small answers.
  public func objects(_ search: LDAPSearch) throws(LDAPFailure) -> [LDAPObject] {
    var found: [LDAPObject] = []
    _ = try self.search(search) { (object) throws(LDAPFailure) in found.append(object) }
    for index in found.indices { try complete(&found[index]) }
    return found
  }

  /// One entry by its distinguished name or `<GUID=…>`, ranged attributes completed; nil where there is none.
  public func object(
    _ base: String, attributes: [String] = [], controls: [LDAPControl] = []
  ) throws(LDAPFailure) -> LDAPObject? {
    do throws(LDAPFailure) {
      return try objects(LDAPSearch(base: base, scope: .base, attributes: attributes, controls: controls)).first
    } catch {
      guard error.kind == .noSuchObject else { throw error }
      return nil
    }
  }

  func cursor(_ search: LDAPSearch) throws(LDAPFailure) -> SearchCursor {
    try throwIfStopped()
    return try SearchCursor(handle, search, settings)
  }

  func throwIfStopped() throws(LDAPFailure) {
    guard shouldStop() else { return }
    throw LDAPFailure(.interrupted, server: server.uri, message: "interrupted")
  }
}

func sleepMilliseconds(_ milliseconds: Int) { usleep(UInt32(clamping: milliseconds * 1_000)) }
