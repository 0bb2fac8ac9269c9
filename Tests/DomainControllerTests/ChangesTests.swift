import Foundation
import Directory
import LDAP
import TestServers
import Testing

@testable import Incremental

extension DomainControllerTests {
  /// What a domain controller's directory looks like after changes, read in full and read by its changes.
  @Suite struct ChangesTests {
    /// What rules need and more: attributes of one and of many values, links, times.
    static let attributes = [
      "objectClass", "cn", "displayName", "mail", "proxyAddresses", "member", "manager", "homeMDB", "publicDelegates",
      "userPrincipalName", "sAMAccountName", "description",
    ]

    /// Each step is read by its changes and in full, and both must be the same to the byte.
    @Test func everyKindOfChangeGivesWhatAFullReadingGives() throws {
      let domain = try TestDomain.start()
      let scratch = try Scratch()
      try domain.prepare("Changes")
      let directory = try domain.directory("OU=Changes")
      let first = try CachedReading(directory, cache: scratch.file("cookie"), attributes: Self.attributes)
      #expect(first.reading == .full)
      #expect(first.notes == [])
      #expect(first.text.contains("CN=jo"))
      let steps: [(String, String)] = [
        ("nothing", ""),
        (
          "add",
          """
          dn: CN=new,OU=Changes,BASE
          changetype: add
          objectClass: user
          sAMAccountName: changes-new
          mail: jo@contoso.com
          """
        ),
        (
          "change, with a value that is gone and one that is no text",
          """
          dn: CN=new,OU=Changes,BASE
          changetype: modify
          delete: mail
          -
          replace: displayName
          displayName:: w7xiZXIgCiBu
          -
          add: proxyAddresses
          proxyAddresses: SMTP:new@contoso.com
          proxyAddresses: smtp: spaced@contoso.com
          """
        ),
        (
          "members",
          """
          dn: CN=team,OU=Changes,BASE
          changetype: modify
          add: member
          member: CN=new,OU=Changes,BASE
          -
          delete: member
          member: CN=jo,OU=Inner,OU=Changes,BASE
          """
        ),
        (
          "rename of one that others name",
          """
          dn: CN=sam,OU=Inner,OU=Changes,BASE
          changetype: modrdn
          newrdn: CN=sam\\, the other
          deleteoldrdn: 1
          """
        ),
        (
          "rename of a container",
          """
          dn: OU=Inner,OU=Changes,BASE
          changetype: modrdn
          newrdn: OU=Within
          deleteoldrdn: 1
          """
        ),
        (
          "move",
          """
          dn: CN=jo,OU=Within,OU=Changes,BASE
          changetype: modrdn
          newrdn: CN=jo
          deleteoldrdn: 1
          newsuperior: OU=Changes,BASE
          """
        ),
        (
          "deletion of one that others name",
          """
          dn: CN=sam\\, the other,OU=Within,OU=Changes,BASE
          changetype: delete
          """
        ),
      ]
      for (name, change) in steps {
        if !change.isEmpty { try domain.change(change) }
        try Self.compare(directory, scratch, name)
      }
    }

    /// Reads by changes and in full, and compares.
    static func compare(_ directory: LDAPDirectory, _ scratch: Scratch, _ step: String) throws {
      let changes = try CachedReading(directory, cache: scratch.file("cookie"), attributes: attributes)
      let fresh = scratch.file(UUID().uuidString)
      let full = try CachedReading(directory, cache: fresh, attributes: attributes)
      #expect(changes.notes == [], "\(step)")
      #expect(full.reading == .full)
      if case .full = changes.reading { Issue.record("\(step): everything was read") }
      if changes.text != full.text {
        let (have, want) = (changes.text.components(separatedBy: "\n\n"), full.text.components(separatedBy: "\n\n"))
        let extra = have.filter { !want.contains($0) }
        let missing = want.filter { !have.contains($0) }
        Issue.record(
          "\(step): by changes only:\n\(extra.joined(separator: "\n\n"))\nin full only:\n\(missing.joined(separator: "\n\n"))"
        )
      }
      #expect(changes.gaps == full.gaps, "\(step)")
    }

    @Test func whatIsBroughtBackComesBackWithItsLinks() throws {
      let domain = try TestDomain.start()
      let scratch = try Scratch()
      try domain.prepare("Back")
      let directory = try domain.directory()
      _ = try CachedReading(directory, cache: scratch.file("cookie"), attributes: Self.attributes)
      let session = try LDAPSession.open(try domain.settings())
      let guid = try #require(
        try session.object("CN=sam,OU=Inner,OU=Back,\(domain.base)", attributes: ["objectGUID"])?["objectGUID"].first)
      try domain.change("dn: CN=sam,OU=Inner,OU=Back,BASE\nchangetype: delete\n")
      try Self.compare(directory, scratch, "deletion")
      let deleted = try #require(
        try session.objects(
          LDAPSearch(
            base: domain.base, filter: .equal("objectGUID", guid), attributes: ["objectGUID"], controls: [.showDeleted])
        ).first)
      try domain.change(
        """
        dn:: \(Data(deleted.dn).base64EncodedString())
        changetype: modify
        delete: isDeleted
        -
        replace: distinguishedName
        distinguishedName: CN=sam,OU=Inner,OU=Back,BASE
        """, controls: ["-e", "!1.2.840.113556.1.4.417"])
      try Self.compare(directory, scratch, "return")
      #expect(
        try CachedReading(directory, cache: scratch.file("cookie"), attributes: Self.attributes).text.contains(
          "CN=sam,OU=Inner"))
    }

    /// Without the right to replicate, changes are told by their sequence numbers and a list of names.
    @Test func withoutTheRightChangesAreToldByNumbers() throws {
      let domain = try TestDomain.start()
      let scratch = try Scratch()
      try domain.prepare("Plain")
      try domain.addUser("plain", below: "OU=Plain")
      let user = domain.upn("plain")
      let directory = try domain.directory("OU=Plain", user: user)
      let first = try CachedReading(directory, cache: scratch.file("cookie"), attributes: Self.attributes)
      #expect(first.reading == .full)
      try Self.compare(directory, scratch, "nothing")
      for change in [
        "dn: OU=Inner,OU=Plain,BASE\nchangetype: modrdn\nnewrdn: OU=Within\ndeleteoldrdn: 1\n",
        "dn: CN=jo,OU=Within,OU=Plain,BASE\nchangetype: modify\nreplace: mail\nmail: a@contoso.com\n",
        "dn: CN=sam,OU=Within,OU=Plain,BASE\nchangetype: delete\n",
        // Out of the base, which is a deletion for this reading.
        "dn: CN=jo,OU=Within,OU=Plain,BASE\nchangetype: modrdn\nnewrdn: CN=jo plain\ndeleteoldrdn: 1\nnewsuperior: CN=Users,BASE\n",
        "dn: CN=jo plain,CN=Users,BASE\nchangetype: modrdn\nnewrdn: CN=jo\ndeleteoldrdn: 1\nnewsuperior: OU=Plain,BASE\n",
      ] {
        try domain.change(change)
        try Self.compare(directory, scratch, change)
      }
    }

    /// Killed at any moment, a run leaves a file that the next one can use.
    @Test func killedRunsLeaveAUsableState() async throws {
      let domain = try TestDomain.start()
      let scratch = try Scratch()
      try domain.prepare("Killed")
      #expect(
        FileManager.default.createFile(
          atPath: scratch.file("password"), contents: Data((domain.password + "\n").utf8),
          attributes: [.posixPermissions: 0o600]))
      func lint(_ cookie: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try TestProgram.path())
        process.arguments = [
          "lint", "ldaps://\(domain.ip)", "-D", domain.user, "-y", scratch.file("password"), "--ca-file", domain.ca,
          "--format", "json", "--allow-partial", "--since", cookie,
        ]
        _ = FileManager.default.createFile(atPath: scratch.file("out"), contents: nil)
        _ = FileManager.default.createFile(atPath: scratch.file("err"), contents: nil)
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.file("out")))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.file("err")))
        try process.run()
        return process
      }
      for round in 0..<12 {
        if round % 3 == 2 {
          try domain.change(
            "dn: CN=jo,OU=Inner,OU=Killed,BASE\nchangetype: modify\nreplace: mail\nmail: bad address \(round)@contoso.com\n"
          )
        }
        let victim = try lint(scratch.file("cookie"))
        try await Task.sleep(for: .milliseconds(Int.random(in: 20...400)))
        kill(victim.processIdentifier, SIGKILL)
        victim.waitUntilExit()
      }
      func finish(_ cookie: String) throws -> (Int32, String, String) {
        let process = try lint(cookie)
        process.waitUntilExit()
        return (
          process.terminationStatus, try String(contentsOfFile: scratch.file("out"), encoding: .utf8),
          try String(contentsOfFile: scratch.file("err"), encoding: .utf8)
        )
      }
      let (status, output, errors) = try finish(scratch.file("cookie"))
      let (freshStatus, freshOutput, _) = try finish(scratch.file("fresh"))
      #expect(errors == "")
      #expect(status == freshStatus)
      #expect(status == 1)
      // What stands before the findings has the time and the command line of the run.
      func result(_ report: String) -> Substring {
        report.range(of: "\"findings\":").map { report[$0.lowerBound...] } ?? report[...]
      }
      #expect(result(output) == result(freshOutput))
      #expect(output.contains("bad address 11@contoso.com"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).filter { $0.hasSuffix(".new") } == [])
    }

    @Test func twoRunsDoNotShareAFile() throws {
      let domain = try TestDomain.start()
      let scratch = try Scratch()
      let directory = try domain.directory("CN=Users")
      let records = try CachedRecords(directory, cache: scratch.file("cookie"), attributes: ["cn"])
      let failure = #expect(throws: SourceFailure.self) {
        try CachedRecords(directory, cache: scratch.file("cookie"), attributes: ["cn"])
      }
      #expect(failure?.message.contains("in use by another run") == true)
      withExtendedLifetime(records) {}
    }

    @Test func aBaseBelowTheDomainTakesWhatComesAndGoes() throws {
      let domain = try TestDomain.start()
      let scratch = try Scratch()
      try domain.prepare("Below")
      let directory = try domain.directory("OU=Inner,OU=Below")
      let first = try CachedReading(directory, cache: scratch.file("cookie"), attributes: Self.attributes)
      #expect(!first.text.contains("CN=team"))
      try domain.change(
        "dn: CN=jo,OU=Inner,OU=Below,BASE\nchangetype: modrdn\nnewrdn: CN=jo\ndeleteoldrdn: 1\nnewsuperior: OU=Below,BASE\n"
      )
      try Self.compare(directory, scratch, "out")
      try domain.change(
        "dn: CN=team,OU=Below,BASE\nchangetype: modrdn\nnewrdn: CN=team\ndeleteoldrdn: 1\nnewsuperior: OU=Inner,OU=Below,BASE\n"
      )
      try Self.compare(directory, scratch, "in")
    }

    @Test func whatAStateCannotBeUsedForIsReadInFull() throws {
      let domain = try TestDomain.start()
      let scratch = try Scratch()
      try domain.prepare("Full")
      let directory = try domain.directory("OU=Full")
      let cookie = scratch.file("cookie")
      let first = try CachedReading(directory, cache: cookie, attributes: ["objectClass", "cn"])
      // More attributes are needed.
      let more = try CachedReading(directory, cache: cookie, attributes: ["objectClass", "cn", "mail"])
      #expect(more.reading == .full)
      #expect(more.notes.count == 1)
      #expect(more.notes.first?.contains("more attributes are needed now (mail)") == true)
      // Fewer are a part of them.
      #expect(
        try CachedReading(directory, cache: cookie, attributes: ["objectClass", "cn"]).reading
          == .changes(read: 0, removed: 0))
      // Another base.
      let other = try CachedReading(
        try domain.directory("OU=Inner,OU=Full"), cache: cookie, attributes: ["objectClass", "cn"])
      #expect(other.notes.first?.contains("another base, scope or filter") == true)
      // Bytes that a disk lost: the text of an entry, then the file as a whole.
      _ = try CachedReading(directory, cache: cookie, attributes: ["objectClass", "cn"])
      var bytes = try Data(contentsOf: URL(fileURLWithPath: cookie))
      let place = try #require(bytes.range(of: Data("OU=Inner,OU=Full".utf8)))
      bytes[place.lowerBound] ^= 1
      try bytes.write(to: URL(fileURLWithPath: cookie))
      let damaged = try CachedReading(directory, cache: cookie, attributes: ["objectClass", "cn"])
      #expect(damaged.reading == .full)
      #expect(damaged.notes.first?.contains("damaged") == true)
      #expect(damaged.text == first.text)
      bytes = try Data(contentsOf: URL(fileURLWithPath: cookie))
      for index in 4_096..<bytes.count { bytes[index] = 0x5A }
      try bytes.write(to: URL(fileURLWithPath: cookie))
      let broken = try CachedReading(directory, cache: cookie, attributes: ["objectClass", "cn"])
      #expect(broken.reading == .full)
      #expect(broken.notes.first?.contains("damaged") == true)
      #expect(broken.text == first.text)
      // A file that is something else is left alone.
      try Data("not a cookie".utf8).write(to: URL(fileURLWithPath: scratch.file("letter")))
      #expect(throws: (any Error).self) {
        try CachedReading(directory, cache: scratch.file("letter"), attributes: ["cn"])
      }
      #expect(try String(contentsOfFile: scratch.file("letter"), encoding: .utf8) == "not a cookie")
      let mode = try FileManager.default.attributesOfItem(atPath: cookie)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }
}

extension TestDomain {
  /// An organizational unit with a unit, two users, who name each other, and a group of them; made anew.
  func prepare(_ name: String) throws {
    let unit = "OU=\(name),\(base)"
    let session = try LDAPSession.open(try settings())
    if try session.object(unit) != nil {
      try TestServers.command(
        "ldapdelete", ["-x", "-r", "-H", "ldaps://\(ip)", "-D", user, "-w", password, unit],
        environment: ["LDAPTLS_CACERT": ca])
    }
    let prefix = name.lowercased()
    try change(
      """
      dn: \(unit)
      changetype: add
      objectClass: organizationalUnit

      dn: OU=Inner,\(unit)
      changetype: add
      objectClass: organizationalUnit

      dn: CN=jo,OU=Inner,\(unit)
      changetype: add
      objectClass: user
      sAMAccountName: \(prefix)-jo
      mail: jo@contoso.com

      dn: CN=sam,OU=Inner,\(unit)
      changetype: add
      objectClass: user
      sAMAccountName: \(prefix)-sam
      manager: CN=jo,OU=Inner,\(unit)

      dn: CN=jo,OU=Inner,\(unit)
      changetype: modify
      add: manager
      manager: CN=sam,OU=Inner,\(unit)

      dn: CN=team,\(unit)
      changetype: add
      objectClass: group
      sAMAccountName: \(prefix)-team
      member: CN=jo,OU=Inner,\(unit)
      member: CN=sam,OU=Inner,\(unit)
      """)
  }
}
