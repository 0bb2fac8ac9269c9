import Testing

@testable import IdFix

/// The files that look like LDIF, byte for byte as IdFix writes them.
@Suite struct RecordTests {
  private func read(_ text: String) throws -> IdFixFile { try IdFixFile.read(Array(text.utf8), path: "x.ldf") }
  private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

  @Test(arguments: ["\n", "\r\n"]) func updateFiles(lineBreak: String) throws {
    let file = try read(
      """
      distinguishedName: CN=Ann: A,DC=contoso,DC=com
      objectClass: user
      attribute: mailnickname
      error: Character
      value: user?^|000001
      update: user000001
      action: Edit
      -

      distinguishedName: CN=Bob,DC=contoso,DC=com
      objectClass: contact
      attribute: proxyAddresses
      error: Duplicate, Character
      value:  smtp:x
      second: line
      update: 
      action: Remove
      -

      """.replacing("\n", with: lineBreak))
    #expect(file.kind == .update && file.problems.isEmpty && file.rows.count == 2)
    let (first, second) = (file.rows[0], file.rows[1])
    #expect(text(first.dn) == "CN=Ann: A,DC=contoso,DC=com" && first.attribute == "mailNickname")
    #expect(text(first.value) == "user?^|000001" && text(first.update) == "user000001" && first.action == .edit)
    #expect(text(second.value) == " smtp:x\nsecond: line" && second.update == nil && second.action == .remove)
    #expect(second.errors == ["Duplicate", "Character"] && second.line == 10)
  }

  @Test func exportsWithAndWithoutCommonName() throws {
    let file = try read(
      """
      dn: CN=Ann Lee,DC=contoso,DC=com
      cn: Ann Lee
      changetype: modify
      replace: userPrincipalName
      userPrincipalName: annlee@contoso.com
      -

      dn: CN=Bob,DC=contoso,DC=com
      changetype: modify
      delete: proxyAddresses
      proxyAddresses: smtp:b ob@contoso.com
      -

      dn: CN=Bob,DC=contoso,DC=com
      changetype: modify
      add: proxyAddresses
      proxyAddresses: smtp:bob@contoso.com
      -

      """)
    #expect(file.kind == .export && file.problems.isEmpty && file.rows.count == 2)
    #expect(text(file.rows[0].update) == "annlee@contoso.com" && file.rows[0].value == nil)
    #expect(text(file.rows[0].commonName) == "Ann Lee" && file.rows[1].commonName == nil)
    #expect(text(file.rows[1].value) == "smtp:b ob@contoso.com" && text(file.rows[1].update) == "smtp:bob@contoso.com")
  }

  @Test func badRecordsAreReportedWithTheirPlaceAndReadingGoesOn() throws {
    let file = try read(
      """
      distinguishedName: CN=A,DC=c
      attribute: department
      -
      nonsense
      distinguishedName: no name
      attribute: mail
      -
      distinguishedName: CN=B,DC=c
      attribute: mail
      value: b
      """)
    #expect(file.problems.map(\.location.line) == [4, 1, 5])
    #expect(file.rows.map { text($0.dn) } == ["CN=B,DC=c"])
  }

  /// What a stranger made of a record without an end is one problem, and what follows is read (F17).
  @Test func aRecordWithoutAnEndIsLeftOut() {
    let lines = String(repeating: "value: a\n", count: 5_000)
    let file = IdFixRecordReader.readUpdates(
      Array(("distinguishedName: CN=A\n" + lines + "distinguishedName: CN=B\nattribute: mail\nvalue: b\n").utf8),
      path: "x")
    #expect(file.problems.map(\.location.line) == [1] && file.rows.map(\.line) == [5_002])
  }
}
