import Directory
import RuleSet
import Testing

@testable import SyncErrors

@Suite struct IdentifierScannerTests {
  private func found(_ text: String) -> [String] {
    IdentifierScanner.identifiers(in: MessageText(text)).map { "\($0.kind.rawValue) \($0.text)" }
  }

  @Test func everyShape() {
    #expect(found("DN CN={3441} x") == ["connector-space-dn CN={3441}"])
    #expect(
      found("DN CN=3f2504e0-4f89-41d3-9a0c-0305e82c3301 failed") == [
        "connector-space-dn CN=3f2504e0-4f89-41d3-9a0c-0305e82c3301"
      ])
    #expect(
      found("CN=3f2504e0-4f89-41d3-9a0c-0305e82c3301,OU=x,DC=y") == [
        "dn CN=3f2504e0-4f89-41d3-9a0c-0305e82c3301,OU=x,DC=y"
      ])
    #expect(
      found("<GUID=3f2504e0-4f89-41d3-9a0c-0305e82c3301>;<SID=S-1-5-21-1-2-3-4>;CN=a,DC=b") == [
        "guid 3f2504e0-4f89-41d3-9a0c-0305e82c3301", "sid S-1-5-21-1-2-3-4", "dn CN=a,DC=b",
      ])
    #expect(
      found("user 'SIP:bob@contoso.com'; X500:/o=A/ou=B/cn=C.") == [
        "address SIP:bob@contoso.com", "address X500:/o=A/ou=B/cn=C",
      ])
    #expect(found("for bob@contoso.com.") == ["user-principal-name bob@contoso.com"])
    #expect(found("from x@microsoft.com and y@mail.microsoftonline.com") == [])
    #expect(found("http://a.b/c and a@b and @ and a.b@") == [])
  }

  @Test func whoseAGUIDIsIsToldByTheWordBefore() {
    let guid = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
    #expect(found("Tracking Id: \(guid)") == [])
    #expect(found("Session Id : \(guid) MachineId \(guid) <connector-id>\(guid)</connector-id>") == [])
    #expect(found("ObjectIdInConflict: \(guid)") == ["cloud-object-id \(guid)"])
    #expect(found("CsObjectIdentifier {\(guid)}") == ["connector-space-id {\(guid)}"])
    #expect(found("mailbox 'Primary (\(guid))'") == ["mailbox-guid \(guid)"])
    #expect(found("'Archive (\(guid))'") == ["archive-guid \(guid)"])
    #expect(found("User_\(guid)") == ["cloud-anchor User_\(guid)"])
    #expect(found("something \(guid)") == ["guid \(guid)"])
  }

  @Test func namesEndWhereTheyEnd() {
    #expect(
      found("DN = CN=Eli McLean,OU=Cloud Objects,DC=contoso,DC=local is bad") == [
        "dn CN=Eli McLean,OU=Cloud Objects,DC=contoso,DC=local"
      ])
    #expect(
      found("Dn: CN=Smith\\, Bob,OU=A=B,DC=contoso,DC=com, Result: Failed.") == [
        "dn CN=Smith\\, Bob,OU=A=B,DC=contoso,DC=com"
      ])
    #expect(
      found("CN=Bob\\0ACNF:3f2504e0-4f89-41d3-9a0c-0305e82c3301,OU=x,DC=com") == [
        "dn CN=Bob\\0ACNF:3f2504e0-4f89-41d3-9a0c-0305e82c3301,OU=x,DC=com"
      ])
    #expect(found("CN=a,DC=x\nCN=b,DC=y") == ["dn CN=a,DC=x", "dn CN=b,DC=y"])
    #expect(found("CN=only") == [])
    #expect(found("CN=a,OU=b") == [])
  }

  @Test func wrappedValuesAreWholeAgain() {
    #expect(found("DN: CN={344151\n   6C50346C}") == ["connector-space-dn CN={3441516C50346C}"])
    #expect(found("anchor 4AQlP4lP00Ga\nDAMF6CwzAQ== x") == ["source-anchor 4AQlP4lP00GaDAMF6CwzAQ=="])
    #expect(found("x 3f2504e0-4f89-\n41d3-9a0c-0305e82c3301 y") == ["guid 3f2504e0-4f89-41d3-9a0c-0305e82c3301"])
    #expect(
      found("CN=Viola Hanson,OU=Cloud\n  Objects,DC=contoso,DC=local") == [
        "dn CN=Viola Hanson,OU=Cloud Objects,DC=contoso,DC=local"
      ])
    #expect(found("CN=Viola,\nOU=Cloud,DC=con\ntoso,DC=local.") == ["dn CN=Viola,OU=Cloud,DC=con toso,DC=local"])
  }

  @Test func invalidOnesDoNoHarm() {
    #expect(found("Anchor: H552hI9GwEykZwosf74JeOQ==") == ["source-anchor H552hI9GwEykZwosf74JeOQ=="])
    #expect(found("CN={zz} CN={} CN={34 S-1- S-1-5-18 {3f2504e0-4f89} <GUID= smtp:") == [])
    #expect(found(String(repeating: "CN=a,", count: 10_000)) == [])
    #expect(
      found("AD2AADProvisioning.30b500eaf9c643b2b78804e80c1421fe.5c291d3c-d29f-4570-9d6b-f0c2fa3d5926").isEmpty == false
    )
  }
}

@Suite struct MessageTests {
  private func completed(_ text: String) throws -> SyncError {
    let reader = SyncErrorReader(try SyncErrorCatalogue.load())
    return try #require(reader.error(in: text, location: .init(source: "test")))
  }

  @Test func conflictsWithBracketsAndSemicolonsInValues() throws {
    let error = try completed(
      "already be associated with another object: [ProxyAddresses X400:C=us;A= ;P=x;Mail a[b]@contoso.com;].")
    #expect(
      error.conflicts.map { "\($0.attribute)|\($0.value)" } == [
        "ProxyAddresses|X400:C=us;A= ;P=x", "Mail|a[b]@contoso.com",
      ])
  }

  @Test func extraDetailsWithinAMessage() throws {
    let error = try completed(
      "Error Name: AttributeValueMustBeUnique\nErrorExtraDetails: [{\"Key\":\"ObjectIdInConflict\",\"Value\":[\"7505ed65-e7f5-4dca-9f78-2617a247f047\"]}]"
    )
    #expect(
      error.identifiers == [
        MentionedIdentifier(
          "7505ed65-e7f5-4dca-9f78-2617a247f047", .cloudObjectID, role: .conflicting, field: "ObjectIdInConflict")
      ])
  }

  @Test func timesThatAreSureAreISO() {
    #expect(EventTime.iso("2021-10-20 23:51:28.120", isUTC: true) == "2021-10-20T23:51:28.12Z")
    #expect(EventTime.iso("2021-10-20T23:51:29.000000000Z") == "2021-10-20T23:51:29Z")
    #expect(EventTime.iso("2013-12-20T09:00:00-05:00") == "2013-12-20T09:00:00-05:00")
    #expect(EventTime.iso("'2021-10-20 23:51:28'") == "2021-10-20T23:51:28")
    #expect(EventTime.iso("20.10.2021 23:51:29", isUTC: true) == "20.10.2021 23:51:29")
  }
}

@Suite struct HostileInputTests {
  private func read(_ text: String) throws -> (errors: [SyncError], problems: [SyncErrorProblem]) {
    var errors: [SyncError] = []
    var problems: [SyncErrorProblem] = []
    _ = try SyncErrorReader(try SyncErrorCatalogue.load()).read(.bytes(Array(text.utf8), name: "x")) { item in
      switch item {
      case .error(let error): errors.append(error)
      case .problem(let problem): problems.append(problem)
      }
    }
    return (errors, problems)
  }

  @Test func entitiesAndDepthInXML() throws {
    let bomb = "<Event><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><Data>&x;</Data></Event>"
    #expect(try read(bomb).problems.count == 1)
    let before =
      "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><cs-objects><cs-object id='&x;'></cs-object></cs-objects>"
    let result = try read(before)
    #expect(result.errors.isEmpty && result.problems.count == 1)
    let deep = "<Event>" + String(repeating: "<a>", count: 5000) + "</Event>"
    #expect(try read(deep).problems.count == 1)
  }

  @Test func aRecordThatIsTooLargeIsLeftOut() throws {
    let value = "<Data>" + String(repeating: "x", count: 1 << 20) + "</Data>"
    let large = "<Event>" + String(repeating: value, count: 33) + "</Event>\nError Name: LargeObject\n"
    let result = try read(large)
    #expect(result.errors.map(\.id) == ["large-object"])
    #expect(result.problems.map(\.message) == ["a record is larger than 32 MiB; it is left out"])
  }

  @Test func nestingOfFormatsIsLimited() throws {
    var text = "{\"SerializedXml\":\"<Event/>\"}"
    for _ in 0..<6 {
      let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      text = "{\"AXml\":\"< \\n\(escaped)\"}"
    }
    #expect(try read(text).problems.contains { $0.message.contains("nested more than") })
  }

  @Test func whatFollowsDamageIsRead() throws {
    let result = try read(
      "{\"a\": nonsense\nError Name: LargeObject\n<cs-object id='1'><a></cs-object>\nError 016: This company has exceeded the number of objects that can be synchronized."
    )
    #expect(result.errors.map(\.id) == ["large-object", "object-quota-exceeded"])
    #expect(result.problems.map { $0.location.line } == [1, 3])
  }

  @Test func aProcessThatDiesOverAnEventLogIsAProblemOfTheLog() throws {
    var reader = SyncErrorReader(try SyncErrorCatalogue.load())
    let record = EventLogLines.line(
      EventLogRecord(
        provider: "ADSync", id: 6941, level: 2, time: nil, computer: nil, strings: ["LargeObject"], index: 0,
        isRecovered: false))
    reader.eventLogProgram = .init(path: "/bin/sh", arguments: ["-c", "echo '\(record)'; kill -SEGV $$", "sh"])
    var ids: [String] = []
    do {
      _ = try reader.read(.bytes(Array("ElfFile\0".utf8), name: "a.evtx")) { item in
        if case .error(let error) = item { ids.append(error.id) }
      }
      Issue.record("no failure")
    } catch {
      #expect(error.message == "the event log is damaged: reading it broke off after 1 records")
      #expect(error.kind == .readError)
    }
    #expect(ids == ["large-object"])
    reader.eventLogProgram = .init(path: "/nowhere/at/all", arguments: [])
    #expect(throws: SourceFailure.self) { try reader.read(.bytes(Array("ElfFile\0".utf8), name: "a.evtx")) { _ in } }
  }

  @Test func binaryInputIsRefusedWithWhatItIs() throws {
    let reader = SyncErrorReader(try SyncErrorCatalogue.load())
    do {
      _ = try reader.read(.bytes([0x50, 0x4B, 3, 4, 0, 0], name: "a.xlsx")) { _ in }
      Issue.record("no failure")
    } catch {
      #expect(error.message.contains("ZIP archive"))
      #expect(error.isUnavailable)
    }
    #expect(throws: (any Error).self) { try reader.read(.file("/nowhere/at/all")) { _ in } }
  }
}
