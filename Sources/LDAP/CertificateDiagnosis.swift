/// What is wrong with a certificate that libldap refused without a word.
///
/// libldap (with GnuTLS) says "unknown error code" whatever is wrong. So a second connection is made that takes any
/// certificate and sends nothing, no bind and no password; its certificate is looked at and the connection closed.
enum CertificateDiagnosis {
  /// What is wrong, and the way out; nil when no handshake succeeds at all.
  static func message(_ server: LDAPServer, _ settings: LDAPSettings) -> String? {
    guard let handle = try? LDAPHandle(server, settings, verifiesCertificate: false),
      handle.connect(settings) == ResultCode.success, let bytes = handle.peerCertificate
    else { return nil }
    guard let certificate = Certificate(der: bytes) else {
      return "the server's certificate cannot be read"
    }
    return verdict(certificate, host: server.bareHost, now: Certificate.now(), settings)
  }

  static func verdict(_ certificate: Certificate, host: String, now: Int, _ settings: LDAPSettings) -> String {
    if now > certificate.notAfter {
      return "the server's certificate expired on \(Certificate.date(certificate.notAfter)); renew it on the server"
    }
    if now < certificate.notBefore {
      return "the server's certificate is not valid before \(Certificate.date(certificate.notBefore));"
        + " see the clocks of both machines"
    }
    if !certificate.names(host) {
      return "the server's certificate is for \(certificate.namesText), not for '\(host)'; name the server as the"
        + " certificate does"
    }
    if let weakness = certificate.weakness {
      return
        "the server's certificate has \(weakness), which is refused as too weak; renew it on the server, with a key of 2048"
        + " bits or more and SHA-256"
    }
    let file = settings.caFile.map { "the certificates in \($0)" } ?? "the certificates that are trusted here"
    let issuer = certificate.isSelfSigned ? "by itself" : "by '\(certificate.issuer)'"
    return "the server's certificate was issued \(issuer), which is not among \(file); give the certificate of that"
      + " authority with --ca-file (or LDAPTLS_CACERT)"
  }
}
