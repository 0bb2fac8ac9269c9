extension Identifier.Form {
  /// What the form is, as a noun.
  public var label: String {
    switch self {
    case .guid: "GUID"
    case .guidHex: "GUID in hexadecimal"
    case .guidFilter: "GUID of an LDAP filter"
    case .sourceAnchor: "source anchor (immutable id) in base64"
    case .connectorSpaceDN: "connector-space DN of a source anchor"
    case .guidDN: "connector-space DN of a GUID, as DirSync wrote it"
    case .cloudAnchor: "anchor of a cloud object"
    case .cloudAnchorDN: "connector-space DN of a cloud object"
    case .anchorValue: "anchor of a connector-space object"
    case .sid: "SID"
    case .sidBytes: "SID as bytes"
    case .distinguishedName: "DN"
    case .conflictDN: "DN of an object that lost a naming conflict"
    case .deletedDN: "DN of a deleted object"
    case .extendedDN: "extended DN"
    case .relativeName: "RDN"
    case .accountName: "account name"
    case .address: "address or user principal name"
    case .name: "name"
    }
  }
}

extension Identifier {
  /// What is known about whose identifier it is, and what to supply to go on, one sentence each.
  public var remarks: [String] {
    switch nature {
    case .cloud: Self.cloudRemarks
    case .engine(let made): Self.engineRemarks(made)
    case .entraConnector:
      ["This is the id of the Entra connector itself, the same in every installation; it names no object."]
    case .open: openRemarks
    case .directory: directoryRemarks
    }
  }

  private static let cloudRemarks = [
    "The GUID in it is an object id of the cloud; no on-premises directory has it.",
    "To go on, give an export of the Entra connector's connector space (--connector-space), or look up the object's "
      + "immutable id in the cloud: Get-MgUser -UserId GUID -Property OnPremisesImmutableId.",
  ]

  private static func engineRemarks(_ made: SequentialGUID?) -> [String] {
    guard let made else {
      return ["This is an id of the synchronization engine; no directory has it."]
    }
    return [
      "This is an id of the synchronization engine (connector space or metaverse), made at \(made.time) on the machine "
        + "with network card \(made.nodeText); no directory has it.",
      "To go on, give connector-space exports (csexport) with --connector-space.",
    ]
  }

  private var openRemarks: [String] {
    let form =
      form == .guidDN
      ? "DirSync most likely wrote the objectGUID here; it may be another id, so every reading is looked up. " : ""
    return [
      form + (guid?.isRandom == true ? "A random GUID (version 4): " : "")
        + "objectGUID, mS-DS-ConsistencyGuid, a mailbox GUID or an object id of the cloud; only a look-up can tell."
    ]
  }

  private var directoryRemarks: [String] {
    switch form {
    case .sourceAnchor, .connectorSpaceDN:
      guid == nil
        ? ["A custom source anchor: the value of the attribute that was chosen as anchor (employeeID, for example)."]
        : ["The source anchor is the objectGUID or the mS-DS-ConsistencyGuid of the object; both are looked up."]
    case .conflictDN: ["The GUID in the name is the objectGUID of the object that was renamed, not of its rival."]
    case .deletedDN: ["The GUID in the name is the objectGUID of the deleted object."]
    case .accountName: ["The domain is not looked up: sAMAccountName is unique in a domain only."]
    default: []
    }
  }
}
