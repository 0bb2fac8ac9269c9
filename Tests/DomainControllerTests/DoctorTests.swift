import Directory
import Foundation
import LDAP
import TestServers
import Testing

@testable import Doctor

extension DomainControllerTests {
  /// What `doctor` says of a domain controller, against what the server itself decides.
  @Suite struct DoctorTests {
    /// The server tells which attributes an account may write (`allowedAttributesEffective`): an oracle for our own check.
    @Test func rightsAreThoseThatTheServerGrants() throws {
      let domain = try TestDomain.start()
      try domain.prepare("Rights")
      try domain.addUser("rights", below: "OU=Rights")
      let session = try LDAPSession.open(try domain.settings())
      let token = try Self.token(of: "CN=rights,OU=Rights,\(domain.base)", session, domain)
      let sid = try #require(token.identifiers.first { $0.subauthorities.count == 5 && $0.subauthorities[4] > 1_000 })
      let schema = try Self.schema(session)
      func guid(_ name: String) throws -> String { try #require(schema[name.lowercased()]).own.description }
      // Personal Information as a set, with one of its attributes refused, another attribute alone, and a class of its own.
      try domain.grant(
        "(OD;CI;WP;\(try guid("telephoneNumber"));;\(sid))(OA;CI;WP;77b5b886-944a-11d1-aebd-0000f80367c1;;\(sid))"
          + "(OA;CI;RPWP;\(try guid("proxyAddresses"));;\(sid))(OA;CIIO;WP;\(try guid("mail"));bf967aba-0de6-11d0-a285-00aa003049e2;\(sid))"
          + "(OA;CIIO;WP;\(try guid("description"));bf967a9c-0de6-11d0-a285-00aa003049e2;\(sid))",
        on: "OU=Rights,\(domain.base)")
      let own = try LDAPSession.open(try domain.settings(user: domain.upn("rights")))
      var granted = 0
      for dn in ["CN=jo,OU=Inner,OU=Rights", "CN=team,OU=Rights", "OU=Inner,OU=Rights"].map({ "\($0),\(domain.base)" })
      {
        let bytes = try #require(
          try session.object(dn, attributes: ["nTSecurityDescriptor"], controls: [.securityDescriptorFlags(7)])?[
            "nTSecurityDescriptor"
          ].first)
        let descriptor = try #require(SecurityDescriptor(bytes))
        let object = try #require(
          try own.object(dn, attributes: ["allowedAttributes", "allowedAttributesEffective"]))
        let effective = Set(object.texts("allowedAttributesEffective").map { $0.lowercased() })
        for name in object.texts("allowedAttributes").map({ $0.lowercased() }) {
          guard let known = schema[name], !known.isSystemOnly else { continue }
          let target = AccessTarget(types: [known.own] + (known.propertySet.map { [$0] } ?? []))
          let decision = descriptor.decide(.writeProperty, on: target, for: token)
          #expect((decision == .granted) == effective.contains(name), "\(name) of \(dn)")
          if decision == .granted { granted += 1 }
        }
      }
      #expect(granted > 10)
    }

    @Test func aConnectorAccountIsFoundAndJudged() throws {
      let domain = try TestDomain.start()
      try domain.prepare("Doctor")
      try domain.addUser("MSOL_test", below: "OU=Doctor")
      let session = try LDAPSession.open(try domain.settings())
      func seen(_ change: (inout Survey.Request) -> Void = { _ in }) throws -> [Probe: Observation] {
        var request = Survey.Request()
        request.bases = ["OU=Doctor,\(domain.base)"]
        request.connectorAccount = "MSOL_test"
        change(&request)
        let result = try Survey(session, request).run(source: "dc")
        return Dictionary(uniqueKeysWithValues: result.observations.map { ($0.probe, $0) })
      }
      // The sample has one with a usual name, too.
      let several = try seen { $0.connectorAccount = nil }
      #expect(several[.connectorAccount]?.fault?.kind == .connectorAccountNotKnown)
      #expect(
        several[.connectorAccount]?.fault?.objects.first.contains("CN=MSOL_test,OU=Doctor,\(domain.base)") == true)
      #expect(several[.rights(.basicRead)] == nil)
      let before = try seen()
      #expect(before[.connectorAccount]?.outcome == .well)
      #expect(before[.connectorAccount]?.summary.hasPrefix("MSOL_test (S-1-5-21-") == true)
      #expect(
        before[.rights(.basicRead)]?.fault?.detail.contains("Replicating Directory Changes on the domain") == true)
      #expect(before[.rights(.consistencyGuid)]?.fault?.objects.count == 4)
      #expect(before[.rights(.passwordHashSync)]?.fault?.kind == .rightsPasswordHashSync)

      let sid = try #require(
        try session.object("CN=MSOL_test,OU=Doctor,\(domain.base)", attributes: ["objectSid"])?["objectSid"].first
          .flatMap { SecurityIdentifier($0) })
      for name in [
        "MSOL_test", "CONTOSO\\MSOL_test", domain.upn("MSOL_test"), "\(sid)", "CN=MSOL_test,OU=Doctor,\(domain.base)",
      ] {
        #expect(
          try seen { $0.connectorAccount = name }[.connectorAccount]?.summary == "MSOL_test (\(sid))", "\(name)")
      }
      try domain.grant(
        "(OA;;CR;1131f6aa-9c07-11d1-f79f-00c04fc2dcd2;;\(sid))(OA;;CR;1131f6ad-9c07-11d1-f79f-00c04fc2dcd2;;\(sid))",
        on: domain.base)
      try domain.grant(
        "(A;CI;RPWP;;;\(sid))(OA;CI;CR;00299570-246d-11d0-a768-00aa006e0529;;\(sid))", on: "OU=Doctor,\(domain.base)")
      let after = try seen()
      for feature in [
        ConnectorFeature.basicRead, .consistencyGuid, .passwordHashSync, .exchangeHybrid, .passwordWriteback,
      ] {
        #expect(after[.rights(feature)]?.outcome == .well, "\(feature)")
      }
      #expect(after[.rights(.groupWriteback)]?.fault?.kind == .rightsGroupWriteback)
      #expect(after[.inheritance]?.outcome == .well)

      // Inheritance switched off on a user, with what it had inherited thrown away.
      let bytes = try #require(
        try session.object(
          "CN=jo,OU=Inner,OU=Doctor,\(domain.base)", attributes: ["nTSecurityDescriptor"],
          controls: [.securityDescriptorFlags(7)])?["nTSecurityDescriptor"].first)
      var closed = bytes
      closed[3] |= 0x10
      let kept = Self.withoutInheritedEntries(closed)
      try domain.change(
        "dn: CN=jo,OU=Inner,OU=Doctor,BASE\nchangetype: modify\nreplace: nTSecurityDescriptor\n"
          + "nTSecurityDescriptor:: \(Data(kept).base64EncodedString())\n")
      let off = try seen()
      #expect(off[.inheritance]?.fault?.objects.first == ["CN=jo,OU=Inner,OU=Doctor,\(domain.base)"])
      #expect(off[.rights(.consistencyGuid)]?.fault?.objects.first == ["CN=jo,OU=Inner,OU=Doctor,\(domain.base)"])

      try domain.change(
        "dn: CN=MSOL_test,OU=Doctor,BASE\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 514\n")
      #expect(try seen()[.connectorAccount]?.fault?.kind == .connectorAccountDisabled)
    }

    @Test func whatCannotBeLookedAtIsSaid() throws {
      let domain = try TestDomain.start()
      try domain.prepare("Blind")
      let session = try LDAPSession.open(try domain.settings())
      var request = Survey.Request()
      request.bases = ["OU=Blind,\(domain.base)"]
      func outcome(of probe: Probe) throws -> Observation.Outcome? {
        try Survey(session, request).run(source: "dc").observations.first { $0.probe == probe }?.outcome
      }
      request.connectorAccount = "nobody of that name"
      #expect(try outcome(of: .connectorAccount) == .notSeen)
      request.bases = ["OU=Nowhere,\(domain.base)"]
      #expect(try outcome(of: .inheritance) == .notSeen)
      request.connectorAccount = "(*)(objectClass=*"
      #expect(try outcome(of: .connectorAccount) == .notSeen)
    }

    private static func token(of dn: String, _ session: LDAPSession, _ domain: TestDomain) throws -> AccessToken {
      let result = try ConnectorAccounts(session, domain: domain.base).look(named: dn)
      return try #require(result.account).token
    }

    private struct Known {
      var own: GUID
      var propertySet: GUID?
      var isSystemOnly: Bool
    }

    private static func schema(_ session: LDAPSession) throws -> [String: Known] {
      let base = try #require(session.rootDSE.schemaNamingContext)
      let attributes = ["lDAPDisplayName", "schemaIDGUID", "attributeSecurityGUID", "systemOnly", "systemFlags"]
      var known: [String: Known] = [:]
      for object in try session.objects(
        LDAPSearch(base: base, scope: .one, filter: .equal("objectClass", "attributeSchema"), attributes: attributes))
      {
        guard let name = object.text("lDAPDisplayName"), let guid = object["schemaIDGUID"].first.flatMap({ GUID($0) })
        else { continue }
        // What nobody may write is not told by rights.
        let isSystemOnly = object.flag("systemOnly") == true || (object.number("systemFlags") ?? 0) & 4 != 0
        known[name.lowercased()] = Known(
          own: guid, propertySet: object["attributeSecurityGUID"].first.flatMap { GUID($0) }, isSystemOnly: isSystemOnly
        )
      }
      return known
    }

    /// A descriptor without the entries that it has inherited (`INHERITED_ACE`), its list being the last part.
    private static func withoutInheritedEntries(_ bytes: [UInt8]) -> [UInt8] {
      let list = Int(bytes[16]) | Int(bytes[17]) << 8
      var kept: [UInt8] = []
      var count = 0
      var index = list + 8
      let end = list + (Int(bytes[list + 2]) | Int(bytes[list + 3]) << 8)
      while index < end {
        let length = Int(bytes[index + 2]) | Int(bytes[index + 3]) << 8
        if bytes[index + 1] & 0x10 == 0 {
          kept += bytes[index..<index + length]
          count += 1
        }
        index += length
      }
      let size = 8 + kept.count
      let head = [bytes[list], 0, UInt8(size & 255), UInt8(size >> 8), UInt8(count & 255), UInt8(count >> 8), 0, 0]
      return Array(bytes[..<list]) + head + kept + Array(bytes[end...])
    }
  }
}

/// Tests on a domain controller that they change: one after the other.
@Suite(.serialized, .enabled(if: TestServers.canRunSamba, TestServers.sambaHint)) struct DomainControllerTests {}
