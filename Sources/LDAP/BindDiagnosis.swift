/// What a refused bind means, and the way out.
///
/// Sources: MS-ERREF for the numbers that Active Directory puts behind `data`, Microsoft's "2020 LDAP channel binding and
/// LDAP signing requirements" (KB4520412) for `80090346` and for refused binds, the sources of MIT Kerberos for its texts.
enum BindDiagnosis {
  static func failure(
    code: Int32, diagnostic: String, server: LDAPServer, credentials: LDAPCredentials, isEncrypted: Bool
  ) -> LDAPFailure {
    let (kind, message) = verdict(code, diagnostic, server, credentials, isEncrypted)
    return LDAPFailure(kind, server: server.uri, resultCode: code, diagnostic: diagnostic, message: message)
  }

  private static func verdict(
    _ code: Int32, _ diagnostic: String, _ server: LDAPServer, _ credentials: LDAPCredentials, _ isEncrypted: Bool
  ) -> (LDAPFailure.Kind, String) {
    switch code {
    case ResultCode.invalidCredentials, ResultCode.inappropriateAuthentication:
      if diagnostic.contains("80090346") { return (.bindRefused, channelBinding) }
      return (.credentials, refusedAccount(data(in: diagnostic), credentials))
    case ResultCode.strongerAuthRequired, ResultCode.confidentialityRequired:
      return (.bindRefused, signing(isEncrypted, credentials))
    case ResultCode.unwillingToPerform where diagnostic.contains("Sign or Seal"):
      return (
        .bindRefused, "the server takes no signed Kerberos bind inside TLS; use ldap:// without -ZZ for -Y GSSAPI"
      )
    case ResultCode.authMethodNotSupported:
      return (
        .bindRefused,
        "the server does not offer this way to log on (\(clean(diagnostic))); choose another with -Y or -D"
      )
    case ResultCode.localError, -6, -12, 82, 86:
      return (.credentials, kerberos(diagnostic, server))
    default:
      return (.server, "the bind failed: \(ServerDiagnosis.text(code, diagnostic))")
    }
  }

  /// The hexadecimal number behind `data` in a diagnostic of Active Directory:
  /// `80090308: LdapErr: DSID-0C09041C, comment: AcceptSecurityContext error, data 52e, v4563`.
  static func data(in diagnostic: String) -> UInt32? {
    let words = diagnostic.split { $0 == " " || $0 == "," || $0 == "\0" }
    guard let place = words.lastIndex(of: "data"), words.index(after: place) < words.endIndex else { return nil }
    return UInt32(words[words.index(after: place)], radix: 16)
  }

  private static func refusedAccount(_ data: UInt32?, _ credentials: LDAPCredentials) -> String {
    let name = if case .simple(let name, _) = credentials { "'\(name)'" } else { "the account" }
    switch data {
    case 0x525: return "there is no account \(name); name it as user@domain, DOMAIN\\user or by its distinguished name"
    case 0x52e:
      return "name or password of \(name) are wrong; name it as user@domain, DOMAIN\\user or by its distinguished name,"
        + " and, where the password comes from a file, see that it holds nothing else (further attempts may lock the account)"
    case 0x52f: return "\(name) is kept from logging on by a restriction of the account; use another account"
    case 0x530: return "\(name) may not log on at this time of day; change its logon hours or wait"
    case 0x531: return "\(name) may not log on from this machine; add it to the account's workstations"
    case 0x532: return "the password of \(name) has expired; set a new one"
    case 0x533: return "\(name) is disabled; enable it or use another account"
    case 0x568: return "\(name) is in too many groups to log on (more than 1,015); use another account"
    case 0x701: return "\(name) has expired; extend its date of expiry or use another account"
    case 0x773: return "the password of \(name) must be changed before the first logon; set a new one"
    case 0x775: return "\(name) is locked after too many wrong passwords; unlock it, or wait for the lockout to end"
    case .some(let number): return "\(name) was refused (error 0x\(String(number, radix: 16)) of the server)"
    case nil: return "name or password of \(name) are wrong"
    }
  }

  private static let channelBinding =
    "the server requires channel binding (LdapEnforceChannelBinding), which this bind does not carry (80090346); use"
    + " -Y GSSAPI with ldap:// and without -ZZ, where signing and sealing protect the connection, or a simple bind over ldaps://"

  private static func signing(_ isEncrypted: Bool, _ credentials: LDAPCredentials) -> String {
    if case .sasl = credentials, isEncrypted {
      return "the server requires signing or channel binding that this bind does not carry; use -Y GSSAPI with ldap://"
        + " and without -ZZ, or -D with -y over ldaps://"
    }
    return isEncrypted
      ? "the server requires a stronger bind; use -Y GSSAPI with ldap:// and without -ZZ"
      : "the server requires signing or encryption (LDAPServerIntegrity); use ldaps://, or ldap:// with -ZZ, or -Y GSSAPI"
  }

  /// What Kerberos says, by parts of its texts.
  private static func kerberos(_ diagnostic: String, _ server: LDAPServer) -> String {
    let said = diagnostic.lowercased()
    let causes: [(String, String)] = [
      ("no kerberos credentials", "there is no Kerberos ticket; get one with kinit, or log on with -D and -y"),
      ("no credentials cache", "there is no Kerberos ticket; get one with kinit, or log on with -D and -y"),
      (
        "credentials cache file",
        "the Kerberos ticket cache cannot be read; get a ticket with kinit (KRB5CCNAME names the cache)"
      ),
      ("ticket expired", "the Kerberos ticket has expired; get a new one with kinit"),
      ("not yet valid", "the Kerberos ticket is not valid yet; set the clock of this machine by that of the domain"),
      ("clock skew", "the clock of this machine and that of the domain differ too much; synchronize it"),
      (
        "server not found in kerberos database",
        "Kerberos knows no service ldap/\(server.bareHost); name the server by its full name, as in ldap://dc1.contoso.com"
      ),
      ("cannot contact any kdc", "no domain controller answers Kerberos requests; see port 88 and krb5.conf"),
      ("cannot find kdc", "Kerberos does not find a domain controller for the realm; see krb5.conf or the DNS"),
      ("preauthentication failed", "the Kerberos password is wrong; get a ticket with kinit again"),
      ("no worthy mechs", "the SASL module for this mechanism is missing here; install libsasl2-modules-gssapi-mit"),
      (
        "unknown authentication method",
        "the SASL module for this mechanism is missing here; install libsasl2-modules-gssapi-mit"
      ),
    ]
    for (part, cause) in causes where said.contains(part) { return cause }
    return "the Kerberos bind failed: \(clean(diagnostic))"
  }

  private static func clean(_ diagnostic: String) -> String { ServerDiagnosis.clean(diagnostic) }
}

/// What an error of a server means, and the way out.
enum ServerDiagnosis {
  /// The failure that a result code of a search stands for.
  static func failure(code: Int32, diagnostic: String, server: LDAPServer, base: String) -> LDAPFailure {
    let (kind, message) = verdict(code, diagnostic, base)
    return LDAPFailure(kind, server: server.uri, resultCode: code, diagnostic: diagnostic, message: message)
  }

  private static func verdict(_ code: Int32, _ diagnostic: String, _ base: String) -> (LDAPFailure.Kind, String) {
    switch code {
    case ResultCode.operationsError where isUnauthenticated(diagnostic):
      return (.permission, "the server lets nobody search without logging on; use -D with -y, or -Y GSSAPI")
    case ResultCode.insufficientAccess:
      return (.permission, "the account may not read '\(base)' (\(text(code, diagnostic)))")
    case ResultCode.noSuchObject:
      return (.noSuchObject, "'\(base)' does not exist on this server, or the account may not see it; see -b")
    case ResultCode.referral:
      return (.noSuchObject, "'\(base)' is on another server; name that one")
    case ResultCode.timeLimitExceeded:
      return (.limit, "the server ended the search at its time limit; read smaller parts with -b")
    case ResultCode.sizeLimitExceeded:
      return (.limit, "the server ended the search at its size limit; use another account or smaller parts (-b)")
    case ResultCode.adminLimitExceeded:
      return (.limit, "the server ended the search at a limit (\(text(code, diagnostic))); try a smaller --page-size")
    case ResultCode.unavailableCriticalExtension:
      return (.server, "the server does not know a control that is needed here (\(text(code, diagnostic)))")
    case ResultCode.busy, ResultCode.unavailable:
      return (.server, "the server was too busy or about to stop (\(text(code, diagnostic))); try again later")
    case ResultCode.filterError:
      return (.request, "the filter cannot be read; see RFC 4515")
    default:
      return (.server, "the server answered with an error: \(text(code, diagnostic))")
    }
  }

  private static func isUnauthenticated(_ diagnostic: String) -> Bool {
    // ERROR_DS_OPERATIONS_ERROR with "a successful bind must be completed" (AD), its Samba counterpart.
    diagnostic.contains("successful bind") || diagnostic.contains("without authentication")
  }

  /// Code, its name and what the server said.
  static func text(_ code: Int32, _ diagnostic: String) -> String {
    let said = clean(diagnostic)
    return "\(LDAPHandle.name(of: code)) (\(code))" + (said.isEmpty ? "" : ", '\(said)'")
  }

  /// A diagnostic without what some servers put at its end: NUL, line breaks, full stops.
  static func clean(_ diagnostic: String) -> String {
    var scalars = Array(diagnostic.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 })
    while let last = scalars.last, last == " " || last == "." { scalars.removeLast() }
    return scalars.prefix(500).reduce(into: "") { $0.unicodeScalars.append($1) }
  }
}
