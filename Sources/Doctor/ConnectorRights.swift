import Directory
import RuleSet

/// A feature of synchronization that needs rights of its own.
public enum ConnectorFeature: String, CaseIterable, Sendable {
  /// Reading what is synchronized: needed always.
  case basicRead = "basic-read"
  /// The source anchor in mS-DS-ConsistencyGuid.
  case consistencyGuid = "consistency-guid"
  /// Password hashes.
  case passwordHashSync = "password-hash-sync"
  /// Write-back of Exchange attributes.
  case exchangeHybrid = "exchange-hybrid"
  /// Mail-enabled public folders.
  case publicFolders = "public-folders"
  /// Write-back of passwords.
  case passwordWriteback = "password-writeback"
  /// Write-back of groups.
  case groupWriteback = "group-writeback"
  /// Keys of Windows Hello for Business.
  case keyCredentials = "key-credentials"

  /// The feature in words.
  public var title: String {
    switch self {
    case .basicRead: "reading what is synchronized"
    case .consistencyGuid: "mS-DS-ConsistencyGuid as source anchor"
    case .passwordHashSync: "password hash synchronization"
    case .exchangeHybrid: "Exchange hybrid write-back"
    case .publicFolders: "mail-enabled public folders"
    case .passwordWriteback: "password write-back"
    case .groupWriteback: "group write-back"
    case .keyCredentials: "Windows Hello for Business key write-back"
    }
  }

  /// What is wrong when its rights are missing.
  var fault: DoctorFault {
    switch self {
    case .basicRead: .rightsBasicRead
    case .consistencyGuid: .rightsConsistencyGuid
    case .passwordHashSync: .rightsPasswordHashSync
    case .exchangeHybrid: .rightsExchangeHybrid
    case .publicFolders: .rightsPublicFolders
    case .passwordWriteback: .rightsPasswordWriteback
    case .groupWriteback: .rightsGroupWriteback
    case .keyCredentials: .rightsKeyCredentials
    }
  }
}

/// A right that a feature needs on some objects.
public struct NeededRight: Hashable, Sendable {
  /// What the right is on.
  public enum Subject: Hashable, Sendable {
    /// An attribute by its name.
    case attribute(String)
    /// An extended right by its name and GUID.
    case extended(name: String, guid: GUID)
    /// Objects of a class, below the object.
    case children(String)
    /// The object itself.
    case object
  }

  /// The feature that needs it.
  public var feature: ConnectorFeature
  /// The right.
  public var right: AccessRight
  /// What the right is on.
  public var subject: Subject

  /// The right in words: `write proxyAddresses`, `Reset Password`.
  public var words: String {
    switch subject {
    case .attribute(let name): (right == .readProperty ? "read " : "write ") + name
    case .extended(let name, _): name
    case .children(let name): (right == .createChild ? "create " : "delete ") + "objects of class \(name)"
    case .object: "delete the object with all below it"
    }
  }
}

/// Which rights features need: attribute-rules of Entra Connect's documentation (configure the AD DS Connector account).
public enum ConnectorRights {
  /// Classes whose objects are looked at one by one.
  public static let classes = ["user", "inetOrgPerson", "group", "contact", "publicFolder", "organizationalUnit"]

  /// The rights that are needed on the root of the domain.
  public static let onDomain: [NeededRight] = [
    extended(.basicRead, "Replicating Directory Changes", "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2"),
    extended(.passwordHashSync, "Replicating Directory Changes", "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2"),
    extended(.passwordHashSync, "Replicating Directory Changes All", "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2"),
    extended(.passwordWriteback, "Unexpire Password", "ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501"),
  ].compactMap { $0 }

  /// The rights that are needed on an object of a class; classes that nothing is needed on have none.
  public static func onObjects(ofClass name: String) -> [NeededRight] {
    let read = (readAttributes[name] ?? []).map { attribute(.basicRead, .readProperty, $0) }
    switch name {
    case "user", "inetOrgPerson":
      return read
        + readWrite(.consistencyGuid, ["mS-DS-ConsistencyGuid"]) + readWrite(.exchangeHybrid, hybridAttributes)
        + [extended(.passwordWriteback, "Reset Password", "00299570-246d-11d0-a768-00aa006e0529")].compactMap { $0 }
        + ["lockoutTime", "pwdLastSet"].map { attribute(.passwordWriteback, .writeProperty, $0) }
        + [attribute(.keyCredentials, .writeProperty, "msDS-KeyCredentialLink")]
    case "group":
      return read + readWrite(.consistencyGuid, ["mS-DS-ConsistencyGuid"])
        + readWrite(.exchangeHybrid, ["proxyAddresses"])
    case "contact":
      return read + readWrite(.exchangeHybrid, ["proxyAddresses"])
    case "publicFolder":
      return ["displayName", "mail", "proxyAddresses"].map { attribute(.publicFolders, .readProperty, $0) }
    default:
      return read
    }
  }

  /// The rights that write-back of groups needs on the organizational unit that it writes to.
  public static let onWritebackUnit: [NeededRight] = [
    NeededRight(feature: .groupWriteback, right: .createChild, subject: .children("group")),
    NeededRight(feature: .groupWriteback, right: .deleteChild, subject: .children("group")),
  ]

  /// Attributes of Exchange that are written back to users.
  static let hybridAttributes = [
    "msDS-ExternalDirectoryObjectId", "msExchArchiveStatus", "msExchBlockedSendersHash", "msExchSafeRecipientsHash",
    "msExchSafeSendersHash", "msExchUCVoiceMailSettings", "msExchUserHoldPolicies", "proxyAddresses", "publicDelegates",
  ]

  /// Attributes whose loss hurts most, one of each set of attributes that rights are granted on.
  private static let readAttributes = [
    "user": [
      "sAMAccountName", "userPrincipalName", "displayName", "mail", "proxyAddresses", "userAccountControl", "objectSid",
      "department", "telephoneNumber",
    ],
    "inetOrgPerson": ["sAMAccountName", "userPrincipalName", "displayName", "mail", "proxyAddresses", "objectSid"],
    "group": ["sAMAccountName", "displayName", "mail", "proxyAddresses", "member", "objectSid"],
    "contact": ["displayName", "mail", "proxyAddresses", "targetAddress"],
    "organizationalUnit": ["ou"],
  ]

  private static func attribute(_ feature: ConnectorFeature, _ right: AccessRight, _ name: String) -> NeededRight {
    NeededRight(feature: feature, right: right, subject: .attribute(name))
  }

  private static func readWrite(_ feature: ConnectorFeature, _ names: [String]) -> [NeededRight] {
    names.flatMap { [attribute(feature, .readProperty, $0), attribute(feature, .writeProperty, $0)] }
  }

  private static func extended(_ feature: ConnectorFeature, _ name: String, _ guid: String) -> NeededRight? {
    GUID(text: guid).map {
      NeededRight(feature: feature, right: .controlAccess, subject: .extended(name: name, guid: $0))
    }
  }
}

/// GUIDs of attributes and classes, by which entries of access control lists name them.
public struct SchemaGUIDs: Sendable {
  /// An attribute's own GUID and that of its property set.
  struct Attribute: Sendable {
    var own: GUID
    var propertySet: GUID?
  }

  private var attributes: [String: Attribute] = [:]
  private var classes: [String: GUID] = [:]

  /// No GUIDs.
  public init() {}

  /// Adds an attribute.
  public mutating func add(attribute name: String, own: GUID, propertySet: GUID?) {
    attributes[name.lowercased()] = Attribute(own: own, propertySet: propertySet)
  }

  /// Adds a class.
  public mutating func add(class name: String, _ guid: GUID) { classes[name.lowercased()] = guid }

  /// Whether the schema has an attribute.
  public func has(attribute name: String) -> Bool { attributes[name.lowercased()] != nil }

  /// What an entry may name to grant a right on an object of a class; nil when the schema does not know the attribute or
  /// class, so that no right on it can be missing.
  public func target(of right: NeededRight, onClass name: String) -> AccessTarget? {
    let ofClass = classes[name.lowercased()].map { [$0] } ?? []
    switch right.subject {
    case .attribute(let attribute):
      guard let known = attributes[attribute.lowercased()] else { return nil }
      return AccessTarget(types: [known.own] + (known.propertySet.map { [$0] } ?? []) + ofClass)
    case .extended(_, let guid): return AccessTarget(types: [guid] + ofClass)
    case .children(let child): return classes[child.lowercased()].map { AccessTarget(types: [$0]) }
    case .object: return AccessTarget(types: ofClass)
    }
  }
}
