import Directory
import Testing

@testable import Entries

/// Each directory server and tool has its own way to write LDIF: each stays read, without a problem.
@Suite struct DialectShapesTests {
  struct Shape: CustomTestStringConvertible, Sendable {
    var name: String
    var text: String
    /// The entries with their number of values.
    var entries: [String: Int]
    /// Number of change records.
    var changes = 0
    /// A value that must be there, as `name=value`.
    var value: String
    var testDescription: String { name }
  }

  static let shapes = [
    Shape(
      name: "Samba: ldbsearch with comments, textual GUID, referrals and a trailer",
      text: """
        # record 1
        dn: CN=Lea Winter,CN=Users,DC=alpine,DC=example
        objectClass: top
        objectClass: user
        objectGUID: 5be0a1d2-77a4-4d1e-9a38-0c6b9f0e2a11
        memberOf: <GUID=0d6d3f5e-96d2-4b4f-8f8c-3c2f3d1f2b10>;<SID=S-1-5-21-1-2-3-513>;CN=
         Staff,DC=alpine,DC=example

        # Referral
        ref: ldap://alpine.example/CN=Configuration,DC=alpine,DC=example

        # record 2
        dn: @BASEINFO
        sequenceNumber: 48

        # returned 2 records
        # 2 entries
        # 1 referrals

        """,
      entries: ["CN=Lea Winter,CN=Users,DC=alpine,DC=example": 4, "@BASEINFO": 1],
      value: "objectGUID=5be0a1d2-77a4-4d1e-9a38-0c6b9f0e2a11"),
    Shape(
      name: "389 Directory Server: ACIs that are folded, operational attributes, entry ids in comments",
      text: """
        version: 1

        # entry-id: 1
        dn: dc=harbour,dc=example
        objectClass: top
        objectClass: domain
        dc: harbour
        nsUniqueId: 8c1f4b01-2a6f11ef-9f0ab2c3-d4e5f607
        aci: (targetattr="*")(version 3.0; acl "People may read"; allow (read,search)
          userdn="ldap:///anyone";)

        # entry-id: 2
        dn: uid=pvoss,ou=People,dc=harbour,dc=example
        objectClass: inetOrgPerson
        uid: pvoss
        cn;lang-de: Peter Vo\u{DF}
        userPassword:: e1BCS0RGMn1BQUFB
        createTimestamp: 20260101120000Z

        """,
      entries: ["dc=harbour,dc=example": 5, "uid=pvoss,ou=People,dc=harbour,dc=example": 5],
      value: "cn;lang-de=Peter Vo\u{DF}"),
    Shape(
      name: "OpenDJ: lower-case and doubled spaces, entryUUID, a modification with an increment",
      text: """
        dn: uid=user.7,ou=People,dc=meadow,dc=example
        objectclass:  inetOrgPerson
        objectClass: extensibleObject 
        entryUUID: 1b0c2d3e-4f50-4a61-8b72-9c83ad94be05
        ds-pwp-account-disabled: true
        description: This is the description for
          Ada Reed.

        dn: uid=user.8,ou=People,dc=meadow,dc=example
        changetype: modify
        increment: employeeNumber
        employeeNumber: 1
        -
        replace: description

        """,
      entries: ["uid=user.7,ou=People,dc=meadow,dc=example": 5], changes: 1,
      value: "description=This is the description for Ada Reed."),
    Shape(
      name: "ApacheDS and its Studio: escaped and multi-valued RDNs, a DN in base64, a move",
      text: #"""
        dn: cn=\"\+\,\;\<\>\\,ou=special,o=reef
        objectClass: person
        cn: "+,;<>\
        sn: Signs

        dn: cn=Kim+sn=Boe,ou=special,o=reef
        objectClass: person
        cn: Kim
        sn: Boe

        dn:: Y249w4Vzc2Usbz1yZWVm
        objectClass: person

        dn: cn=Kim+sn=Boe,ou=special,o=reef
        changetype: moddn
        newrdn: cn=Kim
        deleteoldrdn: 1
        newsuperior: ou=people,o=reef

        """#,
      entries: [
        #"cn=\"\+\,\;\<\>\\,ou=special,o=reef"#: 3, "cn=Kim+sn=Boe,ou=special,o=reef": 3, "cn=\u{C5}sse,o=reef": 1,
      ], changes: 1, value: #"cn="+,;<>\"#),
    Shape(
      name: "FreeIPA: changetype: add on every record, Kerberos and SSH values, a numeric OID as a name",
      text: """
        dn: uid=mira,cn=users,cn=accounts,dc=orchard,dc=example
        changetype: add
        objectClass: ipaobject
        objectClass: krbprincipalaux
        uid: mira
        krbPrincipalName: mira@ORCHARD.EXAMPLE
        ipaUniqueID: autogenerate
        ipaSshPubKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample mira@laptop
        2.16.840.1.113730.3.8.3.1: x

        dn: cn=ipausers,cn=groups,cn=accounts,dc=orchard,dc=example
        changetype: modify
        add: member
        member: uid=mira,cn=users,cn=accounts,dc=orchard,dc=example

        """,
      entries: ["uid=mira,cn=users,cn=accounts,dc=orchard,dc=example": 7], changes: 1,
      value: "krbPrincipalName=mira@ORCHARD.EXAMPLE"),
    Shape(
      name: "Keycloak: blank lines in numbers, two records without a comment, quoted DN of old",
      text: """


        dn: dc=keyring,dc=example
        objectclass: top
        objectclass: domain
        dc: keyring



        dn: uid=jbrand,ou=People,dc=keyring,dc=example
        objectclass: inetOrgPerson
        uid: jbrand
        mail: jbrand@keyring.example
        postalCode: 88441
        userpassword: password


        dn: cn="ldap, admin",ou=RolesRealm,dc=keyring,dc=example
        objectclass: groupOfNames
        member:

        """,
      entries: [
        "dc=keyring,dc=example": 3, "uid=jbrand,ou=People,dc=keyring,dc=example": 5,
        #"cn="ldap, admin",ou=RolesRealm,dc=keyring,dc=example"#: 2,
      ], value: "mail=jbrand@keyring.example"),
    Shape(
      name: "SSSD: ldapsearch of Active Directory with extended LDIF, SIDs in base64, ranges, a result",
      text: """
        # extended LDIF
        #
        # LDAPv3
        # base <dc=quay,dc=example> with scope subtree
        # filter: (objectClass=user)
        # requesting: ALL
        #

        # Omar Idris, Users, quay.example
        dn: CN=Omar Idris,CN=Users,DC=quay,DC=example
        objectClass: user
        objectSid:: AQUAAAAAAAUVAAAAAQAAAAIAAAADAAAAUQQAAA==
        primaryGroupID: 513
        lastLogon: 0

        # search reference
        ref: ldap://ForestDnsZones.quay.example/DC=ForestDnsZones,DC=quay,DC=example

        # search result
        search: 2
        result: 0 Success
        control: 1.2.840.113556.1.4.319 false MAUCAQAEAA==

        # numResponses: 3
        # numEntries: 1
        # numReferences: 1

        """,
      entries: ["CN=Omar Idris,CN=Users,DC=quay,DC=example": 4], value: "primaryGroupID=513"),
  ]

  @Test(arguments: shapes) func isRead(_ shape: Shape) {
    for lineEnd in ["\n", "\r\n"] {
      for blockSize in [32, 1 << 14] {
        let reading = Reading(shape.text.replacing("\n", with: lineEnd), blockSize: blockSize)
        var entries: [String: Int] = [:]
        var changes = 0
        var values: [String] = []
        for item in reading.items {
          switch item {
          case .entry: entries[item.dn] = item.values.count
          case .change: changes += 1
          case .problem(let line, _, let message, _): Issue.record("\(line): \(message)")
          }
          values += item.values
        }
        #expect(reading.failure == nil)
        #expect(entries == shape.entries)
        #expect(changes == shape.changes)
        #expect(values.contains(shape.value), "\(values)")
      }
    }
  }
}
