import Bytes
import Directory

/// By what an entry was found: a claim, so it names the reading of the identifier that hit.
public enum MatchedBy: String, Sendable, CaseIterable {
  case objectGUID
  case objectGUIDByteSwapped = "objectGUID-byte-swapped"
  case consistencyGuid = "mS-DS-ConsistencyGuid"
  case consistencyGuidByteSwapped = "mS-DS-ConsistencyGuid-byte-swapped"
  case mailboxGuid = "msExchMailboxGuid"
  case archiveGuid = "msExchArchiveGUID"
  case sid
  case sidHistory
  case distinguishedName = "dn"
  case relativeName = "rdn"
  case userPrincipalName
  case address
  case samAccountName = "sAMAccountName"
  case alias = "mailNickname"
  case name
  case displayName
  case sourceAnchor
  /// By way of a connector-space export.
  case connectorSpace = "connector-space"
  /// By the value of another attribute.
  case attribute

  /// How much it says: a certain identifier hides weaker ones of the same error.
  public var isCertain: Bool {
    switch self {
    case .userPrincipalName, .address, .samAccountName, .alias, .name, .displayName, .relativeName, .attribute: false
    default: true
    }
  }
}

/// What is looked for: an identifier in all its readings, or a value.
public struct LookupQuery: Sendable {
  /// One way to take an identifier.
  package struct Reading: Sendable {
    package var kind: KeyKind
    /// As the comparison has it: bytes, text in lower case (ASCII), or the key of a DN.
    package var key: [UInt8]
    /// Where the key may stand.
    package var attributes: AttributeSet
    /// What a hit means; nil goes by the attribute.
    package var matchedBy: MatchedBy?
    /// Only addresses of this type (`smtp`, in lower case); nil for any.
    package var addressType: String?
    /// Whether letters must be of the same case, too (base64).
    package var exact: [UInt8]?

    /// A reading; see the properties.
    package init(
      kind: KeyKind, key: [UInt8], attributes: AttributeSet, matchedBy: MatchedBy? = nil, addressType: String? = nil,
      exact: [UInt8]? = nil
    ) {
      self.kind = kind
      self.key = key
      self.attributes = attributes
      self.matchedBy = matchedBy
      self.addressType = addressType
      self.exact = exact
    }
  }

  package var readings: [Reading]

  /// A query of no readings, which finds nothing.
  package init(_ readings: [Reading] = []) { self.readings = readings }

  /// The query that finds what either finds.
  package func adding(_ other: LookupQuery) -> LookupQuery { LookupQuery(readings + other.readings) }

  /// Whether nothing can be found by it.
  public var isEmpty: Bool { readings.isEmpty }

  /// Every way to take an identifier, strongest first.
  ///
  /// - Parameter isInConnectorSpace: whether identifiers of the synchronization engine and of the cloud can be found, too.
  public init(_ identifier: Identifier, inConnectorSpace isInConnectorSpace: Bool = false) {
    var readings: [Reading] = []
    if isInConnectorSpace { readings += Self.connectorSpaceReadings(identifier) }
    switch identifier.nature {
    case .cloud, .entraConnector: break
    // A damaged text is looked up by what it may have been only.
    case _ where identifier.damage != nil && identifier.damage?.readings.count != 1: break
    // An id of the engine is in no directory; a look-up costs nothing and is better than trust in the look of an id.
    case .directory, .open, .engine:
      if let guid = identifier.guid {
        if readings.isEmpty { readings = Self.readings(of: guid) } else { readings += Self.readings(of: guid) }
      }
      if identifier.guid == nil, let anchor = identifier.sourceAnchorText {
        readings += Self.customAnchor(anchor, identifier.sourceAnchor)
      }
      if let sid = identifier.sid { readings += Self.readings(of: sid) }
      if let dn = identifier.distinguishedName, identifier.form != .guidDN, identifier.form != .connectorSpaceDN {
        readings += Self.readings(ofDN: dn, isRelative: identifier.form == .relativeName)
      }
      if let account = identifier.account { readings += Self.text(account.name, AttributeSet(.samAccountName)) }
      if let address = identifier.address { readings += Self.readings(of: address) }
      if identifier.form == .name { readings += Self.names(identifier.text) }
    }
    // A damaged text with one reading is that reading already.
    if let damage = identifier.damage, damage.readings.count > 1 {
      readings += damage.readings.flatMap { LookupQuery(Identifier($0)).readings }
    }
    self.init(readings)
  }

  // MARK: - Identifiers

  package static func readings(of guid: GUID) -> [Reading] {
    let bytes = guid.bytes
    var readings: [Reading] = []
    readings.reserveCapacity(5)
    readings.append(
      Reading(kind: .bytes, key: bytes, attributes: AttributeSet(.objectGUID), matchedBy: .objectGUID))
    readings.append(
      Reading(kind: .bytes, key: bytes, attributes: AttributeSet(.consistencyGuid), matchedBy: .consistencyGuid))
    readings.append(Reading(kind: .bytes, key: bytes, attributes: AttributeSet(.mailboxGuid, .archiveGuid)))
    let swapped = guid.byteSwapped
    if swapped != guid {
      let bytes = swapped.bytes
      readings.append(
        Reading(kind: .bytes, key: bytes, attributes: AttributeSet(.objectGUID), matchedBy: .objectGUIDByteSwapped))
      readings.append(
        Reading(
          kind: .bytes, key: bytes, attributes: AttributeSet(.consistencyGuid),
          matchedBy: .consistencyGuidByteSwapped))
    }
    return readings
  }

  package static func readings(of sid: SecurityIdentifier) -> [Reading] {
    [Reading(kind: .bytes, key: sid.bytes, attributes: AttributeSet(.objectSid, .sidHistory))]
  }

  package static func readings(ofDN dn: [UInt8], isRelative: Bool = false) -> [Reading] {
    CaseVariants.of(dn).map { spelling in
      isRelative
        ? Reading(
          kind: .relativeName, key: DistinguishedName.key(of: spelling), attributes: .entryDN, matchedBy: .relativeName)
        : Reading(
          kind: .distinguishedName, key: DistinguishedName.key(of: spelling),
          attributes: [.entryDN, AttributeSet(.distinguishedName)], matchedBy: .distinguishedName)
    }
  }

  package static func readings(of address: Identifier.Address) -> [Reading] {
    var attributes = AttributeSet(.userPrincipalName, .proxyAddresses, .mail, .targetAddress, .sipAddress)
    switch address.type {
    case "": break
    case "smtp": attributes.remove(AttributeSet(.sipAddress))
    case "sip": attributes = AttributeSet(.proxyAddresses, .sipAddress)
    case "x500": attributes = AttributeSet(.proxyAddresses, .legacyExchangeDN)
    default: attributes = AttributeSet(.proxyAddresses)
    }
    return text(address.value, attributes, addressType: address.type.isEmpty ? nil : address.type)
  }

  private static func names(_ name: String) -> [Reading] {
    text(
      name,
      AttributeSet(.samAccountName, .cn, .name, .displayName, .mailNickname, .employeeID, .employeeNumber))
  }

  private static func customAnchor(_ anchor: String, _ bytes: [UInt8]?) -> [Reading] {
    var readings = text(anchor, AttributeSet(.sourceAnchor, .employeeID, .employeeNumber))
    if let bytes, let inner = String(validating: bytes, as: UTF8.self), inner != anchor {
      readings += text(inner, AttributeSet(.employeeID, .employeeNumber, .samAccountName, .userPrincipalName))
    }
    if let bytes { readings.append(Reading(kind: .bytes, key: bytes, attributes: AttributeSet(.consistencyGuid))) }
    return readings
  }

  /// A text in some attributes, in every case of its letters.
  package static func text(_ text: String, _ attributes: AttributeSet, addressType: String? = nil) -> [Reading] {
    CaseVariants.of(trimmed(Array(text.utf8))).map { spelling in
      Reading(kind: .text, key: folded(spelling), attributes: attributes, matchedBy: nil, addressType: addressType)
    }
    .filter { !$0.key.isEmpty }
  }

  // MARK: - Connector space

  package static func connectorSpaceReadings(_ identifier: Identifier) -> [Reading] {
    var readings: [Reading] = []
    func exactText(_ text: String, _ attributes: AttributeSet) -> Reading {
      let bytes = Array(text.utf8)
      return Reading(
        kind: .text, key: folded(bytes), attributes: attributes, matchedBy: .connectorSpace, exact: bytes)
    }
    if let guid = identifier.guid ?? identifier.cloudAnchor?.objectID {
      readings += text(guid.description, AttributeSet(.csObjectID, .csMetaverseID)).map { reading in
        var reading = reading
        reading.matchedBy = .connectorSpace
        return reading
      }
      for type in ["User", "Group", "Contact", "Device"] where identifier.sourceAnchor == nil {
        let anchor = CloudAnchor(type: type, objectID: guid)
        readings.append(
          Reading(
            kind: .bytes, key: anchor.anchorBytes, attributes: AttributeSet(.csAnchor), matchedBy: .connectorSpace))
      }
    }
    if let guid = identifier.guid {
      readings.append(exactText(Base64Text.encode(guid.bytes), AttributeSet(.sourceAnchor)))
      for key in [guid.bytes, [16, 0, 0, 0] + guid.bytes] {
        readings.append(
          Reading(kind: .bytes, key: key, attributes: AttributeSet(.csAnchor), matchedBy: .connectorSpace))
      }
    }
    if let cloud = identifier.cloudAnchor {
      readings.append(
        Reading(
          kind: .bytes, key: cloud.anchorBytes, attributes: AttributeSet(.csAnchor), matchedBy: .connectorSpace))
      readings.append(csDN(ConnectorSpaceDN.of(sourceAnchor: cloud.text)))
    }
    if let anchor = identifier.sourceAnchorText {
      readings.append(exactText(anchor, AttributeSet(.sourceAnchor)))
      readings.append(csDN(ConnectorSpaceDN.of(sourceAnchor: anchor)))
    }
    if let dn = identifier.distinguishedName { readings.append(csDN(String(decoding: dn, as: UTF8.self))) }
    if let guid = identifier.guid, identifier.form == .guid || identifier.form == .guidDN {
      readings.append(csDN("CN=\(guid)"))
      readings.append(csDN("CN=\(guid.braced)"))
    }
    return readings
  }

  private static func csDN(_ dn: String) -> Reading {
    Reading(
      kind: .distinguishedName, key: DistinguishedName.key(of: Array(dn.utf8)),
      attributes: AttributeSet(.csDistinguishedName), matchedBy: .connectorSpace)
  }

  /// The id of a metaverse object, in exports that are to be joined by it.
  package static func metaverse(_ id: String) -> LookupQuery {
    LookupQuery(
      text(id, AttributeSet(.csMetaverseID)).map { reading in
        var reading = reading
        reading.matchedBy = .connectorSpace
        return reading
      })
  }

  // MARK: - Text

  package static func folded(_ bytes: [UInt8]) -> [UInt8] { bytes.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 } }

  package static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    var slice = bytes[...]
    while slice.first == 32 { slice = slice.dropFirst() }
    while slice.last == 32 { slice = slice.dropLast() }
    return Array(slice)
  }
}
