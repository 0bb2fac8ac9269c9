import Foundation
import Testing
import TestServers

@testable import LDAP

@Suite struct BindDiagnosisTests {
  private func failure(
    _ code: Int32, _ diagnostic: String, _ credentials: LDAPCredentials? = nil, isEncrypted: Bool = true
  ) -> LDAPFailure {
    BindDiagnosis.failure(
      code: code, diagnostic: diagnostic, server: LDAPServer(scheme: .ldaps, host: "dc1.contoso.com"),
      credentials: credentials ?? .simple(name: "jo", password: LDAPPassword(Array("secret".utf8))),
      isEncrypted: isEncrypted)
  }

  /// The numbers of MS-ERREF, in a diagnostic as Active Directory writes it.
  @Test(arguments: [
    ("525", "no account"), ("52e", "name or password"), ("52f", "restriction"), ("530", "time of day"),
    ("531", "machine"),
    ("532", "has expired"), ("533", "disabled"), ("568", "too many groups"), ("701", "has expired"),
    ("773", "must be changed"), ("775", "locked"), ("999", "0x999"),
  ])
  func numbersOfActiveDirectory(_ data: String, _ part: String) {
    let said = "80090308: LdapErr: DSID-0C09041C, comment: AcceptSecurityContext error, data \(data), v4563\0"
    let failure = failure(49, said)
    #expect(failure.kind == .credentials)
    #expect(failure.message.contains(part) && failure.message.contains("'jo'"))
  }

  @Test func channelBindingAndSigning() {
    let said = "80090346: LdapErr: DSID-0C090569, comment: AcceptSecurityContext error, data 80090346, v4563"
    #expect(failure(49, said, .sasl(mechanism: "GSSAPI")).kind == .bindRefused)
    #expect(failure(49, said).message.contains("channel binding"))
    #expect(failure(8, "00002028: …", isEncrypted: false).message.contains("LDAPServerIntegrity"))
    #expect(failure(8, "", .sasl(mechanism: "GSSAPI")).message.contains("without -ZZ"))
    #expect(failure(53, "SASL:[GSSAPI]: Sign or Seal are not allowed if TLS is used").kind == .bindRefused)
  }

  @Test(arguments: [
    ("No Kerberos credentials available (default cache: FILE:/tmp/x)", "kinit"), ("Ticket expired", "has expired"),
    ("Clock skew too great", "clock"), ("Server not found in Kerberos database", "ldap/dc1.contoso.com"),
    ("Cannot contact any KDC for realm 'CONTOSO.COM'", "port 88"),
    ("no mechanism available: No worthy mechs found", "libsasl2-modules-gssapi-mit"),
    ("something new", "something new"),
  ])
  func wordsOfKerberos(_ said: String, _ part: String) {
    let failure = failure(
      -2,
      "SASL(-1): generic failure: GSSAPI Error: Unspecified GSS failure.  Minor code may provide more information (\(said))",
      .sasl(mechanism: "GSSAPI"))
    #expect(failure.kind == .credentials && failure.message.contains(part))
  }

  @Test func aDiagnosticIsHarmless() {
    #expect(ServerDiagnosis.clean("a\u{1b}[31mb\r\n.\0") == "a [31mb")
  }
}

@Suite struct CertificateTests {
  private static func certificate(_ name: String) throws -> Certificate {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try TestServers.run("certificates.sh", [folder.path, "dc1.contoso.test", "127.0.0.1"])
    let file = folder.appendingPathComponent("\(name).crt").path
    let text = try TestServers.command("openssl", ["x509", "-in", file, "-outform", "PEM"])
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
    return try #require(Certificate(der: Array(Data(base64Encoded: lines) ?? Data())))
  }

  @Test func partsAreRead() throws {
    let good = try Self.certificate("good")
    #expect(good.issuer == "Test Root CA" && good.subject == "dc1.contoso.test" && !good.isSelfSigned)
    #expect(good.dnsNames == ["dc1.contoso.test", "contoso.test"] && good.addresses == ["127.0.0.1"])
    #expect(good.notBefore <= Certificate.now() && good.notAfter > Certificate.now())
    #expect(good.names("DC1.contoso.test") && good.names("127.0.0.1") && !good.names("dc2.contoso.test"))
    let expired = try Self.certificate("expired")
    #expect(Certificate.date(expired.notAfter) == "2020-02-01" && Certificate.date(expired.notBefore) == "2020-01-01")
    #expect(try Self.certificate("ca").isSelfSigned)
    #expect(good.weakness == nil && (good.keyBits == 0 || good.keyBits >= 2048))
  }

  /// Libraries of today refuse short keys and SHA-1; that the issuer is not trusted would send people the wrong way.
  @Test func weakCertificatesAreCalledSo() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
    _ = try TestServers.command(
      "openssl",
      [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Old Root", "-days", "30", "-keyout",
        path("ca.key"),
        "-out", path("ca.crt"),
      ])
    _ = try TestServers.command(
      "openssl",
      [
        "req", "-newkey", "rsa:1024", "-nodes", "-subj", "/CN=dc1.contoso.test", "-keyout", path("dc.key"), "-out",
        path("dc.csr"),
      ])
    _ = try TestServers.command(
      "openssl",
      [
        "x509", "-req", "-sha1", "-in", path("dc.csr"), "-CA", path("ca.crt"), "-CAkey", path("ca.key"), "-set_serial",
        "2",
        "-days", "30", "-out", path("dc.crt"),
      ])
    let text = try TestServers.command("openssl", ["x509", "-in", path("dc.crt")])
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
    let certificate = try #require(Certificate(der: Array(Data(base64Encoded: lines) ?? Data())))
    #expect(certificate.weakness == "a key of 1024 bits and a signature with SHA-1")
    let said = CertificateDiagnosis.verdict(
      certificate, host: "dc1.contoso.test", now: Certificate.now(),
      LDAPSettings(servers: [LDAPServer(scheme: .ldaps, host: "dc1.contoso.test")]))
    #expect(said.contains("too weak") && !said.contains("issued"))
  }

  @Test func wildcardsStandForOneLabel() {
    var certificate = Certificate()
    certificate.dnsNames = ["*.contoso.com"]
    #expect(
      certificate.names("dc1.contoso.com") && !certificate.names("contoso.com") && !certificate.names("a.b.contoso.com")
    )
  }

  /// The bytes come from a stranger.
  @Test func damagedBytesAreNoCrash() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try TestServers.run("certificates.sh", [folder.path, "dc1.contoso.test", "127.0.0.1"])
    let file = folder.appendingPathComponent("good.crt").path
    let text = try TestServers.command("openssl", ["x509", "-in", file])
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
    let bytes = Array(Data(base64Encoded: lines) ?? Data())
    var random = SystemRandomNumberGenerator()
    for length in 0..<bytes.count { _ = Certificate(der: Array(bytes.prefix(length))) }
    for _ in 0..<2_000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      _ = Certificate(der: damaged).map { $0.names("x") }
    }
  }
}
