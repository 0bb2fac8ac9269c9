import Bytes

/// One way to write an identifier.
public struct IdentifierForm: Hashable, Sendable {
  /// A stable key, for programs: `guid`, `sourceAnchor`, `objectGUIDFilter` …
  public var key: String
  /// What it is, for people.
  public var label: String
  /// The text.
  public var value: String
}

extension Identifier {
  /// Every form that follows from the identifier, each once.
  public var forms: [IdentifierForm] {
    var forms: [IdentifierForm] = []
    if let cloudAnchor { forms += cloudAnchor.forms }
    if let guid, nature != .entraConnector {
      if case .engine = nature { forms += Self.engineForms(guid) } else { forms += guid.forms }
    } else if let guid {
      forms += Self.engineForms(guid)
    }
    if guid == nil, let anchor = sourceAnchorText { forms += Self.customAnchorForms(anchor, bytes: sourceAnchor) }
    if let sid { forms += sid.forms }
    if let distinguishedName, [.distinguishedName, .conflictDN, .deletedDN, .extendedDN, .relativeName].contains(form) {
      forms += Self.forms(ofDN: distinguishedName, isRelative: form == .relativeName)
    }
    if let mangledName {
      forms.append(
        .init(key: "nameBefore", label: "name before", value: String(decoding: mangledName.name, as: UTF8.self)))
    }
    if let account {
      forms.append(.init(key: "sAMAccountName", label: "sAMAccountName", value: account.name))
      forms.append(.init(key: "domain", label: "NetBIOS domain", value: account.domain))
      forms.append(
        .init(
          key: "filter", label: "LDAP filter", value: "(sAMAccountName=\(FilterValue.escape(account.name)))"))
    }
    if let address { forms += address.forms }
    if form == .name, !text.isEmpty {
      forms.append(
        .init(
          key: "filter", label: "LDAP filter",
          value: "(|(sAMAccountName=\(FilterValue.escape(text)))(cn=\(FilterValue.escape(text))))"))
    }
    var seen: Set<String> = []
    return forms.filter { seen.insert($0.key).inserted }
  }

  private static func engineForms(_ guid: GUID) -> [IdentifierForm] {
    [
      .init(key: "guid", label: "GUID", value: guid.description),
      .init(key: "guidBraced", label: "in braces", value: guid.braced),
    ]
  }

  private static func customAnchorForms(_ text: String, bytes: [UInt8]?) -> [IdentifierForm] {
    var forms = [IdentifierForm(key: "sourceAnchor", label: "source anchor", value: text)]
    if let bytes {
      forms.append(.init(key: "bytes", label: "bytes", value: HexText.encode(bytes)))
      if let inner = String(validating: bytes, as: UTF8.self), inner.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) {
        forms.append(.init(key: "anchorText", label: "text of the anchor", value: inner))
      }
    }
    forms.append(
      .init(key: "connectorSpaceDN", label: "connector-space DN", value: ConnectorSpaceDN.of(sourceAnchor: text)))
    return forms
  }

  private static func forms(ofDN dn: [UInt8], isRelative: Bool) -> [IdentifierForm] {
    guard let components = DistinguishedName.components(of: dn) else { return [] }
    let normal = components.enumerated().map { index, component in
      (index == 0 ? "" : component.continuesRDN ? "+" : ",")
        + "\(component.type)=\(DistinguishedName.escaped(component.value))"
    }.joined()
    var forms = [
      IdentifierForm(key: isRelative ? "rdn" : "dn", label: isRelative ? "RDN" : "DN (RFC 4514)", value: normal)
    ]
    if !isRelative {
      forms.append(
        .init(key: "filter", label: "LDAP filter", value: "(distinguishedName=\(FilterValue.escape(normal)))"))
    } else if let first = components.first {
      let value = String(decoding: first.value, as: UTF8.self)
      forms.append(.init(key: "filter", label: "LDAP filter", value: "(\(first.type)=\(FilterValue.escape(value)))"))
    }
    return forms
  }
}

extension GUID {
  /// Every form of a GUID that can name an on-premises object.
  var forms: [IdentifierForm] {
    let anchor = Base64Text.encode(bytes)
    let filter = HexText.filter(bytes)
    return [
      .init(key: "guid", label: "GUID", value: description),
      .init(key: "guidBraced", label: "in braces", value: braced),
      .init(key: "sourceAnchor", label: "immutable id (source anchor)", value: anchor),
      .init(key: "connectorSpaceDN", label: "connector-space DN", value: ConnectorSpaceDN.of(sourceAnchor: anchor)),
      .init(key: "guidHex", label: "bytes as stored", value: HexText.encode(bytes)),
      .init(key: "objectGUIDFilter", label: "LDAP filter", value: "(objectGUID=\(filter))"),
      .init(
        key: "consistencyGuidFilter", label: "LDAP filter (other anchor)", value: "(mS-DS-ConsistencyGuid=\(filter))"),
      .init(key: "ldif", label: "LDIF", value: "objectGUID:: \(anchor)"),
      .init(key: "baseDN", label: "search base", value: "<GUID=\(self)>"),
      .init(key: "guidByteSwapped", label: "with swapped bytes", value: byteSwapped.description),
      .init(key: "sourceAnchorByteSwapped", label: "swapped, base64", value: Base64Text.encode(byteSwapped.bytes)),
    ]
  }
}

extension SecurityIdentifier {
  /// Every form of a SID.
  var forms: [IdentifierForm] {
    [
      .init(key: "sid", label: "SID", value: description),
      .init(key: "sidBase64", label: "base64", value: Base64Text.encode(bytes)),
      .init(key: "sidHex", label: "bytes as stored", value: HexText.encode(bytes)),
      .init(key: "objectSidFilter", label: "LDAP filter", value: "(objectSid=\(HexText.filter(bytes)))"),
      .init(key: "ldif", label: "LDIF", value: "objectSid:: \(Base64Text.encode(bytes))"),
      .init(key: "baseDN", label: "search base", value: "<SID=\(self)>"),
    ]
  }
}

extension CloudAnchor {
  /// Every form of a cloud anchor.
  var forms: [IdentifierForm] {
    [
      .init(key: "cloudAnchor", label: "cloud anchor", value: text),
      .init(key: "cloudObjectID", label: "object id in the cloud", value: objectID.description),
      .init(key: "connectorSpaceDN", label: "connector-space DN", value: ConnectorSpaceDN.of(sourceAnchor: text)),
      .init(key: "anchorValue", label: "anchor in exports", value: Base64Text.encode(anchorBytes)),
    ]
  }
}

extension Identifier.Address {
  /// Forms of an address and filters that find it.
  var forms: [IdentifierForm] {
    var forms = [IdentifierForm(key: "address", label: "address", value: value)]
    let escaped = FilterValue.escape(value)
    guard ["", "smtp"].contains(type) else {
      let attribute = type == "sip" ? "(msRTCSIP-PrimaryUserAddress=sip:\(escaped))" : ""
      let filter = "(proxyAddresses=\(FilterValue.escape(type.uppercased())):\(escaped))"
      forms.append(
        .init(key: "filter", label: "LDAP filter", value: attribute.isEmpty ? filter : "(|\(filter)\(attribute))"))
      return forms
    }
    forms.append(
      .init(
        key: "filter", label: "LDAP filter",
        value: "(|(userPrincipalName=\(escaped))(mail=\(escaped))(proxyAddresses=smtp:\(escaped))"
          + "(targetAddress=smtp:\(escaped))(msRTCSIP-PrimaryUserAddress=sip:\(escaped)))"))
    return forms
  }
}

/// Distinguished names of the cloud's connector space.
public enum ConnectorSpaceDN {
  /// `CN={hex}`, the hexadecimal digits of the text of a source anchor or cloud anchor.
  public static func of(sourceAnchor: String) -> String {
    "CN={\(HexText.encode(sourceAnchor.utf8, upperCase: true))}"
  }
}

/// Values in LDAP filters (RFC 4515).
public enum FilterValue {
  /// The value with everything escaped that has a meaning in a filter, control characters, and bytes that are not UTF-8.
  public static func escape(_ value: [UInt8]) -> String {
    let isText = String(validating: value, as: UTF8.self) != nil
    var text: [UInt8] = []
    for byte in value {
      switch byte {
      case UInt8(ascii: "*"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\\"), 0..<0x20, 0x7f:
        text += Array("\\\(HexText.encode(CollectionOfOne(byte)))".utf8)
      case 0x80... where !isText: text += Array("\\\(HexText.encode(CollectionOfOne(byte)))".utf8)
      default: text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The value with everything escaped that has a meaning in a filter.
  public static func escape(_ value: String) -> String { escape(Array(value.utf8)) }
}
