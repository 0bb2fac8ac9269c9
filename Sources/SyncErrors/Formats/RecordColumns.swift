/// What the columns of tables and the members of objects mean, by their names.
///
/// Names are compared without case, spaces and marks, because every tool spells them its own way.
enum RecordColumn {
  case type, message, detail, extraDetails
  case name, sourceAnchor, cloudObjectID, conflictingCloudObjectID, connectorSpaceID, metaverseID
  case userPrincipalName, address, samAccountName, sid, displayName, alias, identifier, mailboxGUID, archiveGUID
  case attribute, conflictValue
  case provisionedIdentity, targetIdentity, status
  case time, firstTime, lastTime, connector, runProfile, retryCount, trackingID, machine

  private static let names: [String: RecordColumn] = {
    let table: [(RecordColumn, [String])] = [
      (
        .type,
        [
          "errortype", "errorname", "errorcategory", "category", "failuretype", "error", "errorcode",
          "provisioningstep",
          "exporterror", "synchronizationerror", "statusdetail", "fehlertyp", "fehlerkategorie",
        ]
      ),
      (
        .message,
        [
          "message", "errordescription", "errorliteral", "errormessage", "errorsummary", "statusreason", "reason",
          "description",
          "errordetail",
          "errordetails", "fehlerbeschreibung", "fehlermeldung", "meldung", "beschreibung", "messaged'erreur",
        ]
      ),
      (.detail, ["servererrordetail", "serverdetails", "additionaldetails", "recommendedaction"]),
      (.extraDetails, ["extraerrordetails", "errorextradetails", "extradetails"]),
      (
        .name,
        [
          "dn", "csdn", "distinguishedname", "azuredn", "connectorspacedn", "onpremisesdistinguishedname", "objectdn",
          "aaddn",
        ]
      ),
      (
        .sourceAnchor,
        ["sourceanchor", "immutableid", "onpremisesimmutableid", "anchor", "quellanker", "sourceanchorvalue"]
      ),
      (
        .cloudObjectID,
        ["objectid", "azureobjectid", "cloudobjectid", "entraobjectid", "aadobjectid", "azureadobjectid", "objektid"]
      ),
      (
        .conflictingCloudObjectID,
        [
          "azureobjectidinconflict", "objectidinconflict", "conflictingobjectid", "cloudconflictobjectid",
          "existingobjectid",
        ]
      ),
      (
        .connectorSpaceID,
        [
          "csobjectidentifier", "connectorspaceguid", "csguid", "csobjectid", "connectorspaceid",
          "connectorspaceobjectid",
        ]
      ),
      (.metaverseID, ["connectedmvobjectid", "mvguid", "mvobjectid", "metaverseobjectid", "metaverseid"]),
      (.userPrincipalName, ["userprincipalname", "upn", "benutzerprinzipalname", "signinname", "username"]),
      (.address, ["mail", "primarysmtp", "primarysmtpaddress", "email", "emailaddress", "windowsemailaddress"]),
      (.samAccountName, ["onpremisessamaccountname", "samaccountname"]),
      (
        .sid, ["onpremisessecurityidentifier", "sid", "objectsid", "securityidentifier", "onpremisesecurityidentifier"]
      ),
      (.displayName, ["displayname", "anzeigename", "name"]),
      (.alias, ["alias", "mailnickname"]),
      (
        .identifier,
        ["identity", "sourceid", "onpremidentifier", "onpremisesidentifier", "identität", "onpremisesobjectid"]
      ),
      (.provisionedIdentity, ["identitysource", "sourceidentity"]), (.targetIdentity, ["identitytarget"]),
      (.status, ["status", "provisioningstatus", "result"]),
      (.mailboxGUID, ["exchangeguid", "mailboxguid"]),
      (.archiveGUID, ["archiveguid"]),
      (
        .attribute,
        [
          "attribute", "attributename", "attributeinerror", "propertycausingerror", "propertyname",
          "attributeconflictname",
          "attributes", "attribut", "property", "conflictingproperty", "conflictingattribute",
        ]
      ),
      (
        .conflictValue,
        [
          "attributevalueinconflict", "conflictvalue", "attributeconflictvalues", "propertyvalue", "conflictingvalue",
          "attributevalue", "value",
        ]
      ),
      (
        .time,
        [
          "timeoccurred", "timeoccurredutc", "occurreddatetime", "whenstarted", "timecreated", "timestamp", "time",
          "createddatetime", "lastdirsynctime", "date", "activitydatetime", "detected", "startdate",
        ]
      ),
      (.firstTime, ["firstoccurred"]), (.lastTime, ["dateoccurred", "lastoccurred"]),
      (.connector, ["connectorname", "connector", "maname"]), (.runProfile, ["runprofilename", "runprofile"]),
      (.retryCount, ["retrycount"]), (.trackingID, ["trackingid"]),
      (.machine, ["machineid", "machinename", "server", "computer"]),
    ]
    var names: [String: RecordColumn] = [:]
    for (column, words) in table { for word in words { names[word] = column } }
    return names
  }()

  /// Whether its values name the object of a record.
  var namesObject: Bool {
    switch self {
    case .name, .sourceAnchor, .userPrincipalName, .address, .samAccountName, .sid, .displayName, .alias, .identifier,
      .mailboxGUID, .archiveGUID:
      true
    default: false
    }
  }

  /// The name as it is compared.
  static func folded(_ name: String) -> String {
    String(name.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "'" })
  }

  /// What a name means; nil when nobody knows.
  init?(_ name: String) {
    guard let column = Self.names[Self.folded(name)] else { return nil }
    self = column
  }
}
