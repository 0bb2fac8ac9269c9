import Directory
import RuleSet
import SyncErrors
import Testing

/// Which error a text tells of, and with which code: layouts, codes and words that the examples of the catalogue lack.
@Suite struct RecognitionTests {
  private static let catalogue = Result { try SyncErrorCatalogue.load() }

  private func errors(in text: String) throws -> [SyncError] {
    var found: [SyncError] = []
    _ = try SyncErrorReader(Self.catalogue.get()).read(.bytes(Array(text.utf8), name: "t")) { item in
      if case .error(let error) = item { found.append(error) }
    }
    return found
  }

  /// The code decides the cause within a family; what is not listed gets nobody's remedy.
  @Test(arguments: [
    ("Password hash synchronization failed for domain: contoso.com. Details: RPC Error 1722 : The RPC server", "1722"),
    ("Password synchronization failed for domain: contoso.com. Details: RPC Error 8453: Replication access", "8453"),
    (
      "Password hash synchronization failed for domain: contoso.com, domain controller hostname: dc1.contoso.com, "
        + "domain controller IP address: 10.0.0.1. Details: DrsException: RPC Error 8451 : a database error", "8451"
    ),
    ("Synchronization Engine returned an error hr=80230818, message=No controller.", "80230818"),
    ("Synchronization Engine returned an error hr = 800700CE, message = Too long.", "800700CE"),
    ("[MSAL] AcquireTokenWithCertificate: AADSTS7000222: The certificate is expired.", "7000222"),
    ("The connection to the server 'mail.contoso.com' could not be completed. The answer: (502) Bad Gateway.", "502"),
    ("Autodiscover failed for email address jo@contoso.com with error: HTTP status code 404 Not Found.", "404"),
  ])
  func codesAreRead(_ text: String, _ code: String) throws {
    let error = try #require(try errors(in: text).first)
    #expect(error.code == code)
    let definition = try #require(try Self.catalogue.get().definition(error.id))
    #expect(definition.cause(of: code) != nil)
  }

  @Test func aNeighboursRemedyIsNotGiven() throws {
    let text = "Password hash synchronization failed for domain: contoso.com. Details: RPC Error 9999 : Something new."
    let error = try #require(try errors(in: text).first)
    #expect(error.code == "9999")
    let definition = try #require(try Self.catalogue.get().definition(error.id))
    #expect(definition.cause(of: "9999") == nil)
    // What is said of any code speaks of no single one's remedy.
    #expect(!definition.remedy.contains("Replicating Directory Changes"))
    #expect(!(definition.cause(of: "1722")?.remedy.contains("Replicating Directory Changes") ?? true))
    #expect(definition.cause(of: "0x2105")?.remedy.contains("Replicating Directory Changes") == true)
  }

  /// A text decides over the number of an event.
  @Test(arguments: [
    ("[MSAL] AcquireTokenWithCertificate: AADSTS700027: not registered.", "application-certificate"),
    (
      "GetSecurityToken: unable to retrieve a security token for the provisioning web service (AWS). x",
      "cloud-token-failed"
    ),
  ])
  func textsDecideOverEvents(_ text: String, _ id: String) throws {
    let event =
      "Source:        Directory Synchronization\nEvent ID:      906\nLevel:         Error\nDescription:\n\(text)"
    #expect(try errors(in: event).map(\.id) == [id])
  }

  /// A known name classifies wherever it stands, in any language; common words do not.
  @Test(arguments: [
    ("Beim Export meldet der Agent InvalidSoftMatch für zwei Konten.", "invalid-soft-match"),
    ("同期でDeletingCloudOnlyObjectNotAllowedが発生しました", "invalid-operation"),
    ("Export|completed-export-errors|33|2020-01-01", "run-ended-with-errors"),
    ("Fehler: permission-issue", "permission-issue"),
    ("Erreur : cd-error", "cd-error"),
    ("Error: Data Mismatch", "object-type-mismatch"),
    ("Error code: HybridSynchronizationActiveDirectoryInvalidGroupType", "cloud-sync-invalid-group-type"),
  ])
  func namesClassify(_ text: String, _ id: String) throws {
    let found = try errors(in: text)
    #expect(found.map(\.id) == [id])
    #expect(found.first?.bareName != nil)
  }

  @Test(arguments: [
    "The job was aborted after a timeout: the server-down flag was set.", "timeout: 30", "A cd-error may come of that.",
    "See docs/invalidsoftmatch.md for more.", "The large object was moved.",
  ])
  func otherWordsDoNot(_ text: String) throws {
    #expect(try errors(in: text).allSatisfy { $0.id == SyncError.unknownID })
  }

  /// Rows that name one error each are one error each, the name before the object or behind it.
  @Test func rowsWithNames() throws {
    let rows = """
      CN=Al,OU=x,DC=contoso,DC=com\tpermission-issue
      CN=Jo,OU=x,DC=contoso,DC=com\tAttributeValueMustBeUnique
      """
    let found = try errors(in: rows)
    #expect(found.map(\.id) == ["permission-issue", "attribute-value-must-be-unique"])
    #expect(
      found.map { $0.identifiers.map(\.text) } == [["CN=Al,OU=x,DC=contoso,DC=com"], ["CN=Jo,OU=x,DC=contoso,DC=com"]])
  }

  /// Products differ in white space, marks and fields; a success is no error in any layout.
  @Test(arguments: [
    "Password Change Result - Anchor: eX5b50Rf+UizRIMe2CA/tg==, Dn: CN=Jo,OU=x,DC=contoso,DC=com, Result: R.",
    "Password Change Result - Anchor : eX5b50Rf+UizRIMe2CA/tg==, Dn : CN=Jo,OU=x,DC=contoso,DC=com, Result : R.",
    "Password Change Result - Anchor : eX5b50Rf+UizRIMe2CA/tg==, Dn : CN=Jo,OU=x,DC=contoso,DC=com, PwdChangeOnLogon=False, Result : R.",
    "Password Change Result – Anchor:eX5b50Rf+UizRIMe2CA/tg==, Dn:CN=Jo,OU=x,DC=contoso,DC=com, New=1, Other = two, Result:R.",
  ])
  func layoutsOfPasswordResults(_ text: String) throws {
    #expect(try errors(in: text.replacing(": R.", with: ": Success.").replacing(":R.", with: ":Success.")).isEmpty)
    let failed = try errors(in: text.replacing(": R.", with: ": Failed.").replacing(":R.", with: ":Failed."))
    #expect(failed.map(\.id) == ["password-change-failed"])
    #expect(failed.first?.identifiers.map(\.text) == ["eX5b50Rf+UizRIMe2CA/tg==", "CN=Jo,OU=x,DC=contoso,DC=com"])
  }

  @Test func aBatchOfPasswordResults() throws {
    let lines = ["Success", "Failed", "Success", "Failed"].enumerated().map { index, result in
      "Password Change Result - Anchor : eX5b50Rf+UizRIMe2CA/tg==, Dn : CN=User\(index),DC=contoso,DC=com, "
        + "PwdChangeOnLogon=False, Result : \(result)."
    }
    let found = try errors(in: lines.joined(separator: "\n"))
    #expect(found.map(\.id) == ["password-change-failed", "password-change-failed"])
    let names = found.map { $0.identifiers.filter { $0.kind == .distinguishedName }.map(\.text) }
    #expect(names == [["CN=User1,DC=contoso,DC=com"], ["CN=User3,DC=contoso,DC=com"]])
  }

  /// Localized messages have marks of direction around what stands in quotes.
  @Test func marksOfDirection() throws {
    let text = "Cannot find a recipient that has mailbox GUID \u{200E}'70ce6b6f-8c28-4ebe-a92e-4f4dc85efa95'\u{200E}."
    let found = try errors(in: text)
    #expect(found.map(\.id) == ["move-mailbox-guid-not-found"])
    #expect(found.first?.identifiers.map(\.kind) == [.mailboxGUID])
  }

  /// Ids of servers and tenants name no object.
  @Test func serversAreNoObjects() throws {
    let host = "3b9c1d52-7e40-4f6a-9d18-5c2e7a90b4f3.resource.mailboxmigration.his.msappproxy.net"
    let text =
      "The call to 'https://\(host)/EWS/mrsproxy.svc' failed. Error details: unexpected response: (413) Request Entity Too Large."
    let found = try errors(in: text)
    #expect(found.map(\.id) == ["move-proxy-request-too-large"])
    #expect(found.first?.identifiers.isEmpty == true)
  }

  @Test func aReplacedNameIsNotLookedUp() throws {
    let text =
      "This User has been synced to your Microsoft Entra ID, but we had to modify the UserPrincipalName property from "
      + "jo@contoso.com to jo1234@contoso.onmicrosoft.com because an existing user, jo@contoso.com, was already created "
      + "with this value."
    let error = try #require(try errors(in: text).first)
    #expect(error.id == "quarantined-attribute")
    #expect(error.conflicts == [.init(attribute: "UserPrincipalName", value: "jo@contoso.com")])
    #expect(error.identifiers.isEmpty)
  }
}
