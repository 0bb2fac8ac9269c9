import Directory
import Findings
import RuleEngine
import RuleSet
import SyncErrors
import TestSources
import Testing

@testable import Resolving

/// What an answer comes down to, for comparison: the error, its objects, its attributes, the values that clash and who holds
/// them.
struct Outcome: Hashable, CustomStringConvertible {
  var id: String
  var objects: Set<String>
  var attributes: Set<String>
  var holders: [String: Set<String>]

  init(id: String, objects: Set<String> = [], attributes: Set<String> = [], holders: [String: Set<String>] = [:]) {
    self.id = id
    self.objects = objects
    self.attributes = attributes
    self.holders = holders
  }

  init(_ answer: ResolvedError) {
    id = answer.error.id
    // Without an object of its own an error has all holders for such.
    objects = Set(answer.objects.map { Self.text($0.dn) })
    attributes = Set(answer.error.attributes.map { $0.lowercased() })
    holders = [:]
    for conflict in answer.conflicts {
      holders[conflict.value.lowercased(), default: []].formUnion(conflict.holders.map { Self.text($0.dn) })
    }
  }

  private static func text(_ dn: AttributeValue) -> String { String(decoding: dn.bytes, as: UTF8.self) }

  var description: String {
    "\(id) \(objects.sorted()) \(attributes.sorted()) \(holders.mapValues { $0.sorted() }.sorted { $0.key < $1.key })"
  }
}

/// Reads and resolves texts as the program does.
struct TextResolver {
  private let reader: SyncErrorReader
  private let findings: EntryFindings

  init() throws {
    reader = SyncErrorReader(try SyncErrorCatalogue.load())
    let options = RuleProgram.Options(
      topLevelDomains: .shipped, verifiedDomains: nil, transliteration: .language(.latin))
    findings = try EntryFindings([], options: options)
  }

  func outcomes(_ material: [UInt8], in ldif: String) throws -> Set<Outcome> {
    var resolver = ErrorResolver(findings) { _ in nil }
    _ = try reader.read(.bytes(material, name: "text")) { item in
      if case .error(let error) = item { resolver.add(error) }
    }
    var outcomes: Set<Outcome> = []
    _ = try resolver.run(.init(directory: [TextSource.place(ldif)], connectorSpaces: [])) {
      outcomes.insert(Outcome($0))
    }
    return outcomes
  }
}

/// Texts as people paste them: each form of ten texts is answered like the text itself.
@Suite struct MangledTextTests {
  private static let directory = """
    dn: CN=Jo Doe,OU=People,DC=contoso,DC=com
    objectClass: user
    objectGUID:: 4AQlP4lP00GaDAMF6CwzAQ==
    userPrincipalName: jo.doe@contoso.com
    mail: jo.doe@contoso.com
    proxyAddresses: SMTP:jo.doe@contoso.com
    proxyAddresses: smtp:j.doe@contoso.com

    dn: CN=Info,OU=Shared,DC=contoso,DC=com
    objectClass: user
    objectGUID:: dYp3EtLpPUeUQ2Yzxg0yqA==
    userPrincipalName: info@contoso.com
    proxyAddresses: SMTP:info@contoso.com
    proxyAddresses: smtp:j.doe@contoso.com

    dn: CN=Al Roe,OU=People,DC=contoso,DC=com
    objectClass: user
    objectGUID:: eX5b50Rf+UizRIMe2CA/tg==
    msExchMailboxGuid:: +cmoTHjzgk6NB/mE+ZZBdg==
    userPrincipalName: al..roe@contoso.com

    """

  private static let clash = """
    Unable to update this object because the following attributes associated with this object have values that may already be \
    associated with another object in your local directory services: [ProxyAddresses smtp:j.doe@contoso.com;]. Correct or \
    remove the duplicate values in your local directory.
    """
  private static let notValid = """
    Unable to update this object in Azure Active Directory, because the attribute [FederatedUser.UserPrincipalName], is not \
    valid. Update the value in your local directory services. Tracking Id: 466344fe-a7c5-403e-8b0a-8621752ac178
    """
  private static let jo = "CN={3441516C50346C503030476144414D463643777A41513D3D}"
  private static let al = "CN={65583562353052662B55697A52494D653243412F74673D3D}"

  private static let texts: [(name: String, text: String)] = [
    (
      "event 6941",
      """
      Log Name:      Application
      Source:        ADSync
      Date:          3/14/2024 1:14:22 AM
      Event ID:      6941
      Task Category: Server
      Level:         Error
      Keywords:      Classic
      User:          N/A
      Computer:      aadc01.contoso.com
      Description:
      ECMA2 MA export run caused an error.

      Error Name: AttributeValueMustBeUnique
      Error Detail: \(clash)
      DN: \(jo)
      """
    ),
    ("clash and DN", "Error Name: AttributeValueMustBeUnique\nError Detail: \(clash)\nDN: \(jo)"),
    ("attribute that is not valid", "\(notValid)\nDn \(al)"),
    (
      "password 657",
      "Password Change Result - Anchor: eX5b50Rf+UizRIMe2CA/tg==, Dn: CN=Al Roe,OU=People,DC=contoso,DC=com, Result: Failed."
    ),
    (
      "table of a mail",
      """
      Identity
      Error Description
      Source Anchor

      jo.doe@contoso.com
      \(clash)
      4AQlP4lP00GaDAMF6CwzAQ==

      al..roe@contoso.com
      Unable to update this object in Azure Active Directory, because the attribute [UserPrincipalName], is not valid. Update \
      the value in your local directory services.
      eX5b50Rf+UizRIMe2CA/tg==
      """
    ),
    (
      "permission-issue",
      "Export error: permission-issue\nError code: 8344\nConnected data source error: Insufficient access rights to perform "
        + "the operation.\nDN: CN=Al Roe,OU=People,DC=contoso,DC=com"
    ),
    (
      "DirSync",
      "The TargetWebService Connector export cycle has stopped.  Object with DN CN=3f2504e0-4f89-41d3-9a0c-0305e82c3301 failed "
        + "validation for the following attributes: proxyAddresses. Please refer to documentation for information on object "
        + "attribute validation."
    ),
    (
      "details with labels",
      """
      TimeOccurred (UTC) 3/14/2024 9:12:33 AM
      ErrorType 114
      ErrorLiteral This synchronization operation, Delete, is not valid. Contact Technical Support.
      CsObjectIdentifier {2819A5C8-BE27-EC11-A970-000D3A1B4EEE}
      Dn \(jo)
      """
    ),
    (
      "event 116",
      """
      Log Name:      Application
      Source:        Directory Synchronization
      Date:          3/14/2024 1:14:22 AM
      Event ID:      116
      Task Category: None
      Level:         Error
      Keywords:      Classic
      User:          N/A
      Computer:      aadc01.contoso.com
      Description:
      Prevent Accidental Deletes: The number of deletions for this sync cycle (612 pending deletes) has exceeded the current \
      threshold of 500 objects. Deletions will be suppressed for this sync cycle.
      """
    ),
    (
      "log of a move",
      """
      12/20/2023 9:24:08 AM [DB4PR04MB459] Connected to source mailbox 'Primary (4ca8c9f9-f378-4e82-8d07-f984f9964176)'.
      12/20/2023 9:24:15 AM [DB4PR04MB459] Relinquishing job because the mailbox is locked. The job will attempt to continue again after 12/20/2023 9:29:15 AM.
      12/20/2023 9:29:16 AM [DB4PR04MB459] Transient error CommunicationErrorTransientException has occurred. The system will retry (1/60).
      """
    ),
  ]

  @Test func eachTextIsAnswered() throws {
    let resolver = try TextResolver()
    for (name, text) in Self.texts {
      let outcomes = try resolver.outcomes(Array(text.utf8), in: Self.directory)
      #expect(!outcomes.isEmpty, "\(name)")
      #expect(outcomes.allSatisfy { $0.id != SyncError.unknownID }, "\(name): \(outcomes)")
    }
  }

  @Test(arguments: Mangling.all) func isAnsweredAsUnmangled(_ form: Mangling) throws {
    let resolver = try TextResolver()
    for (name, text) in Self.texts {
      let expected = try resolver.outcomes(Array(text.utf8), in: Self.directory)
      let found = try resolver.outcomes(form.apply(text), in: Self.directory)
      #expect(found == expected, "\(form.name), \(name)")
    }
  }
}
