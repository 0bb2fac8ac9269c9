import Entries
import Directory

/// The attributes by which an entry can be found, as a set.
package struct AttributeSet: OptionSet, Hashable, Sendable {
  package var rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  package init(number: Int) { self.init(rawValue: 1 << UInt64(number)) }

  package init(_ attributes: LookupAttribute...) {
    self.init(rawValue: attributes.reduce(0) { $0 | 1 << UInt64($1.rawValue) })
  }

  /// One attribute.
  @inline(__always)
  package init(_ attribute: LookupAttribute) { self.init(number: attribute.rawValue) }

  /// The entry's own DN, which is no attribute.
  package static let entryDN = AttributeSet(number: 63)
  /// At most this many attributes have a place in a set.
  package static let capacity = 63
}

/// An attribute by which entries are found; its raw value is its number in the attribute tables of a look-up.
package enum LookupAttribute: Int, CaseIterable {
  case objectGUID, consistencyGuid, mailboxGuid, archiveGuid, objectSid, sidHistory, distinguishedName, samAccountName
  case userPrincipalName, proxyAddresses, mail, targetAddress, sipAddress, legacyExchangeDN, mailNickname, cn, name
  case displayName, employeeID, employeeNumber, sourceAnchor
  case csObjectID, csMetaverseID, csDistinguishedName, csAnchor

  /// The name in the directory.
  package var attributeName: String {
    switch self {
    case .objectGUID: "objectGUID"
    case .consistencyGuid: "mS-DS-ConsistencyGuid"
    case .mailboxGuid: "msExchMailboxGuid"
    case .archiveGuid: "msExchArchiveGUID"
    case .objectSid: "objectSid"
    case .sidHistory: "sIDHistory"
    case .distinguishedName: "distinguishedName"
    case .samAccountName: "sAMAccountName"
    case .userPrincipalName: "userPrincipalName"
    case .proxyAddresses: "proxyAddresses"
    case .mail: "mail"
    case .targetAddress: "targetAddress"
    case .sipAddress: "msRTCSIP-PrimaryUserAddress"
    case .legacyExchangeDN: "legacyExchangeDN"
    case .mailNickname: "mailNickname"
    case .cn: "cn"
    case .name: "name"
    case .displayName: "displayName"
    case .employeeID: "employeeID"
    case .employeeNumber: "employeeNumber"
    case .sourceAnchor: "sourceAnchor"
    case .csObjectID: ConnectorSpaceRecord.Name.id
    case .csMetaverseID: ConnectorSpaceRecord.Name.metaverseID
    case .csDistinguishedName: ConnectorSpaceRecord.Name.dn
    case .csAnchor: ConnectorSpaceRecord.Name.anchor
    }
  }

  /// How its values are compared.
  var comparison: Comparison {
    switch self {
    // Attributes of records that connector-space exports are read into; no schema knows them.
    case .csAnchor: return .bytes
    case .csDistinguishedName: return .distinguishedName
    default: break
    }
    guard let facts = AttributeSchema.shipped[attributeName] else { return .text }
    switch facts.syntax {
    case .bytes: return .bytes
    case .dn: return .distinguishedName
    case .text, .integer: return facts.isTyped ? .typedAddress : .text
    }
  }
}

/// How values are compared.
enum Comparison: UInt8, Sendable {
  /// Byte by byte.
  case bytes
  /// Ignoring the case of ASCII letters and spaces around the value.
  case text
  /// As text, without the type before the first colon.
  case typedAddress
  /// As distinguished names.
  case distinguishedName
}

/// What a key is a key of: keys of different kinds never meet.
package enum KeyKind: Sendable {
  case bytes, text, distinguishedName, relativeName
}
