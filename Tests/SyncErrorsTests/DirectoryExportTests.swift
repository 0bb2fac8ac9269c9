import Directory
import RuleSet
import SyncErrors
import Testing

/// Exports of a directory that were given as error material are told for what they are.
@Suite struct DirectoryExportTests {
  private func read(_ text: String) throws -> [SyncError] {
    var errors: [SyncError] = []
    _ = try SyncErrorReader(try SyncErrorCatalogue.load()).read(.bytes(Array(text.utf8), name: "x")) { item in
      if case .error(let error) = item { errors.append(error) }
    }
    return errors
  }

  @Test(arguments: [
    "dn: CN=Jo,DC=contoso,DC=com\nobjectClass: user\nmail: jo@contoso.com\n",
    "DN,objectClass,mail\r\n\"CN=Jo,DC=contoso,DC=com\",user,jo@contoso.com\r\n",
    "#TYPE Microsoft.ActiveDirectory.Management.ADUser\r\n\"DistinguishedName\",\"ObjectClass\",\"mail\"\r\n"
      + "\"CN=Jo,DC=contoso,DC=com\",\"user\",\"jo@contoso.com\"\r\n",
    "[{\"DistinguishedName\":\"CN=Jo,DC=contoso,DC=com\",\"ObjectClass\":\"user\",\"proxyAddresses\":[\"SMTP:jo@contoso.com\"],"
      + "\"MemberOf\":[\"CN=G,DC=contoso,DC=com\"]}]",
    "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><Obj RefId=\"0\"><MS>"
      + "<S N=\"DistinguishedName\">CN=Jo,DC=contoso,DC=com</S><S N=\"ObjectClass\">user</S></MS></Obj></Objs>",
  ])
  func exportsAreNoErrorMaterial(text: String) {
    do {
      let errors = try read(text)
      Issue.record("\(errors.map(\.message))")
    } catch {
      #expect((error as? SourceFailure)?.kind == .wrongFormat)
    }
  }

  /// Objects that come with an error are looked through for it.
  @Test func objectsWithErrorsAreRead() throws {
    let errors = try read(
      "[{\"DistinguishedName\":\"CN=Jo,DC=contoso,DC=com\",\"ObjectClass\":\"user\",\"ErrorType\":\"InvalidSoftMatch\"}]"
    )
    #expect(errors.map(\.id) == ["invalid-soft-match"])
  }
}
