import Bytes
import Directory

/// An object of a connector space as an entry of a directory.
public struct ConnectorSpaceRecord: Sendable, Equatable {
  /// Names under which a record has what only a connector space knows. Valid attribute descriptions that no directory uses.
  public enum Name {
    /// The object's id in the connector space.
    public static let id = "csObjectId"
    /// The object's DN in the connector space.
    public static let dn = "csDistinguishedName"
    /// The object's anchor, as bytes.
    public static let anchor = "csAnchor"
    /// The id of the metaverse object.
    public static let metaverseID = "csMetaverseId"
    /// The name of the connector.
    public static let connector = "csConnectorName"
    /// What waits to be exported: `add`, `update`, `delete` …
    public static let pendingExport = "csPendingExport"
    /// The error of the last export.
    public static let exportError = "csExportError"
  }

  /// The DN: that of Active Directory where the object tells it, else that of the connector space.
  public var dn: [UInt8]
  /// Attributes with the names of Active Directory, in the order of the export.
  public var attributes: [(description: String, value: [UInt8])]
  /// Names of attributes that are no attribute descriptions and were left out.
  public var unusableNames: [String] = []

  /// Bytes of its values and of their names.
  var size: Int { attributes.reduce(dn.count) { $0 + $1.description.utf8.count + $1.value.count } }

  /// Whether DN and attributes are the same, in the same order.
  public static func == (left: ConnectorSpaceRecord, right: ConnectorSpaceRecord) -> Bool {
    left.dn == right.dn && left.unusableNames == right.unusableNames
      && left.attributes.elementsEqual(right.attributes) { $0.description == $1.description && $0.value == $1.value }
  }

  /// The entry that an object will be after its pending export; of an object that is to be deleted or of which the export
  /// has no state, what identifies it.
  public init(_ object: ConnectorSpaceObject) {
    let state = object.afterExport ?? object.synchronized ?? .init()
    let isOfCloud = object.isOfCloud
    let onPremises = isOfCloud ? state.values(of: "onPremisesDistinguishedName").first : nil
    dn = onPremises.flatMap { $0.isEmpty ? nil : $0 } ?? Array((state.dn.isEmpty ? object.dn : state.dn).utf8)
    attributes = []
    if object.afterExport != nil {
      for name in Self.objectClasses(of: state, object, isOfCloud: isOfCloud) { add("objectClass", name) }
    }
    for attribute in state.attributes {
      let name = isOfCloud ? AttributeSchema.shipped.directoryName(ofCloud: attribute.name) : attribute.name
      guard Self.isDescription(attribute.name) else {
        unusableNames.append(attribute.name)
        continue
      }
      let isAnchor = isOfCloud && attribute.name.lowercased() == "sourceanchor"
      for value in attribute.values {
        if isAnchor {
          addAnchor(value.bytes)
        } else {
          attributes.append((name, value.bytes))
        }
      }
    }
    if !isOfCloud, let anchor = object.anchor { addObjectGUID(anchor) }
    addIdentity(of: object)
  }

  private mutating func add(_ name: String, _ value: String) { attributes.append((name, Array(value.utf8))) }

  /// The source anchor, also as the bytes that `mS-DS-ConsistencyGuid` would have.
  private mutating func addAnchor(_ value: [UInt8]) {
    attributes.append(("sourceAnchor", value))
    let text = String(decoding: value, as: UTF8.self)
    if let bytes = try? Base64Text.decode(text), bytes.count == 16 {
      attributes.append(("mS-DS-ConsistencyGuid", bytes))
    }
  }

  /// The anchor of the connector of Active Directory is the objectGUID: 16 bytes, or 20 with their number before them.
  private mutating func addObjectGUID(_ anchor: [UInt8]) {
    guard !attributes.contains(where: { $0.description.lowercased() == "objectguid" }) else { return }
    if anchor.count == 16 { attributes.append(("objectGUID", anchor)) }
    if anchor.count == 20, anchor.starts(with: [16, 0, 0, 0]) {
      attributes.append(("objectGUID", Array(anchor[4...])))
    }
  }

  private mutating func addIdentity(of object: ConnectorSpaceObject) {
    add(Name.dn, object.dn)
    if let id = object.id { add(Name.id, id.description) }
    if let anchor = object.anchor { attributes.append((Name.anchor, anchor)) }
    if let id = object.metaverseID { add(Name.metaverseID, id.description) }
    if !object.connectorName.isEmpty { add(Name.connector, object.connectorName) }
    if let pending = object.pendingExport { add(Name.pendingExport, pending) }
    if let error = object.exportError, !error.isEmpty { add(Name.exportError, error) }
  }

  /// The object classes of a user of Active Directory for what the cloud calls a user, and so on: rules go by them.
  private static func objectClasses(
    of state: ConnectorSpaceObject.State, _ object: ConnectorSpaceObject, isOfCloud: Bool
  ) -> [String] {
    if !isOfCloud, !state.objectClasses.isEmpty { return state.objectClasses }
    let primary = state.primaryObjectClass.isEmpty ? object.objectType : state.primaryObjectClass
    return primary.isEmpty ? [] : ObjectClassSchema.chain(of: primary)
  }

  /// Whether a name may stand in LDIF as an attribute description (RFC 4512, 2.5; `_` as in `extension_…`).
  static func isDescription(_ name: String) -> Bool {
    guard let first = name.utf8.first, first | 0x20 >= 97, first | 0x20 <= 122 else { return false }
    return name.utf8.allSatisfy {
      $0 &- 48 < 10 || $0 | 0x20 >= 97 && $0 | 0x20 <= 122 || $0 == 45 || $0 == 95
    }
  }
}
