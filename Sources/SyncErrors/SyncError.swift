import Directory

/// One error of synchronization, as some log, mail, table or export tells it.
///
/// What the readers of all formats make of their input. It holds what was said, decoded but not judged: no identifier in
/// it has been looked up.
public struct SyncError: Sendable, Hashable {
  /// The id of the definition in the catalogue (`Rules/sync-errors`); `unknown` when none is meant.
  public var id: String
  /// The name that the synchronization engine or the service gives the error: `AttributeValueMustBeUnique`, `8344`.
  public var type: String?
  /// The code that tells apart the causes of an error of its kind: `1722`, `0x80230619`; nil when there is none.
  public var code: String?
  /// The name by which alone the error is known, when the text has no sentence that says so: less certain.
  public var bareName: String?
  /// Whether its object stands in the material beside it: in a record or a paragraph of its own.
  public var isObjectBeside = false
  /// Whether it is known by what many errors have in common, so that any other reading of the text that knows it better counts.
  var isGeneral = false
  /// Who reported it: the provider of an event, or the kind of file (`connector-space-export`).
  public var source: String?
  /// The id of the event, without its qualifiers.
  public var eventID: Int?
  /// The text as decoded, line breaks included.
  public var message: String
  /// The id by which Microsoft's support finds the request.
  public var trackingID: String?
  /// When it happened first: ISO 8601 (`2021-10-20T23:51:28Z`) where the input says which day and zone are meant, otherwise
  /// as written.
  public var first: String?
  /// When it happened last, in the form of `first`.
  public var last: String?
  /// How often it happened, at least 1.
  public var count: Int
  /// The attributes that the error names, as written, without duplicates.
  public var attributes: [String]
  /// The identifiers of objects in it, in the order in which they stand there, without duplicates.
  public var identifiers: [MentionedIdentifier]
  /// Values that another object has too, as the error names them.
  public var conflicts: [Conflict]
  /// The connector (management agent) whose run had the error.
  public var connector: String?
  /// The run profile.
  public var runProfile: String?
  /// Everything else that the input says, by the name of the field in kebab-case: `error-code`, `retry-count`.
  public var fields: [String: String]
  /// Where it stands in the input.
  public var location: SourceLocation

  /// An attribute and the value of it that is taken.
  public struct Conflict: Sendable, Hashable {
    /// The attribute as the error names it: `ProxyAddresses`, `SipProxyAddress`. Not always the name of one in the directory.
    public var attribute: String
    /// The value.
    public var value: String
    /// The value as it stands in the material, where that was read in another way: with markup around it, or with characters
    /// that are not seen.
    public var written: String?

    /// A conflict; see the properties.
    public init(attribute: String, value: String, written: String? = nil) {
      self.attribute = attribute
      self.value = value
      self.written = written
    }
  }

  /// The id of errors that the catalogue does not know.
  public static let unknownID = "unknown"

  /// Whether it is nothing but an identifier: no error, but a question.
  public var isQuestion: Bool { id == Self.unknownID && identifiers.count == 1 && identifiers[0].text == message }

  /// An error of which nothing but the text is known.
  public init(message: String, location: SourceLocation) {
    id = Self.unknownID
    self.message = message
    self.location = location
    count = 1
    attributes = []
    identifiers = []
    conflicts = []
    fields = [:]
  }
}

/// An identifier as it stands in error material: the text exactly as written, and what it seems to be.
public struct MentionedIdentifier: Sendable, Hashable {
  /// What an identifier seems to be, by its shape and by where it stands.
  public enum Kind: String, Sendable, CaseIterable {
    /// A distinguished name of Active Directory.
    case distinguishedName = "dn"
    /// A distinguished name in the connector space of the cloud: `CN={3441…}`, and `CN=<guid>` of old versions.
    case connectorSpaceDN = "connector-space-dn"
    /// A GUID of which nothing says whose it is.
    case guid
    /// A source anchor (immutable id), mostly 16 bytes in base64.
    case sourceAnchor = "source-anchor"
    /// The id of an object in the connector space (`cs-guid`).
    case connectorSpaceID = "connector-space-id"
    /// The id of an object in the metaverse.
    case metaverseID = "metaverse-id"
    /// The id of an object in the cloud directory.
    case cloudObjectID = "cloud-object-id"
    /// `User_<guid>` and the like: the id of an object in the cloud directory, with its type.
    case cloudAnchor = "cloud-anchor"
    /// A user principal name, or an address of which nothing says what it is used for.
    case userPrincipalName = "user-principal-name"
    /// An address: `SMTP:jo@contoso.com`, `sip:jo@contoso.com`, `X500:/o=…`, or a plain mail address.
    case address
    /// A security identifier, `S-1-5-21-…`.
    case sid
    /// The GUID of a mailbox (`msExchMailboxGuid`).
    case mailboxGUID = "mailbox-guid"
    /// The GUID of an archive mailbox (`msExchArchiveGUID`).
    case archiveGUID = "archive-guid"
    /// `DOMAIN\account`.
    case accountName = "account-name"
    /// A `sAMAccountName` without its domain.
    case samAccountName = "sam-account-name"
    /// A mail nickname (alias).
    case alias
    /// A display name.
    case displayName = "display-name"

    /// Whether it names something in the cloud or in the synchronization engine only, so that it must not be looked up in
    /// the directory.
    public var isForeign: Bool {
      switch self {
      case .connectorSpaceID, .metaverseID, .cloudObjectID, .cloudAnchor: true
      default: false
      }
    }
  }

  /// Which object is meant.
  public enum Role: String, Sendable {
    /// The object that has the error.
    case object
    /// Another object, that has the value already.
    case conflicting
    /// An object that is mentioned; nothing says which.
    case mentioned
  }

  /// The text exactly as written; line breaks of wrapped text within it are taken out.
  public var text: String
  /// What it seems to be.
  public var kind: Kind
  /// Which object is meant.
  public var role: Role
  /// Where it was read: the name of the field, column or element; nil in running text.
  public var field: String?
  /// The text as it stands in the material, where that was read in another way; see `SyncError.Conflict.written`.
  public var written: String?

  /// A mentioned identifier; see the properties.
  public init(_ text: String, _ kind: Kind, role: Role = .object, field: String? = nil) {
    self.text = text
    self.kind = kind
    self.role = role
    self.field = field
  }
}

/// Something in error material that could not be read.
public struct SyncErrorProblem: Error, Sendable, Hashable {
  /// Where.
  public var location: SourceLocation
  /// What is wrong, in one sentence without a full stop.
  public var message: String

  /// A problem; see the properties.
  public init(location: SourceLocation, message: String) {
    self.location = location
    self.message = message
  }
}

extension SyncErrorProblem: CustomStringConvertible {
  /// `path:line:column: error: message`.
  public var description: String { "\(location): error: \(message)" }
}
