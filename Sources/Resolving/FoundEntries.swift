import Directory
import Findings
import Joins

/// An entry that was found: what identifies it, and where its text was put aside.
struct FoundEntry: Sendable {
  var dn: AttributeValue
  var objectGUID: GUID?
  var objectClass = ""
  /// Value of `mS-DS-ConsistencyGuid`.
  var consistencyGuid: [UInt8]?
  /// Value of `sourceAnchor`, in connector-space exports.
  var sourceAnchor: String?
  var isEnabled: Bool?
  var isDeleted = false
  var lastKnownParent: AttributeValue?
  var sid: [UInt8]?
  /// What only a connector space knows.
  var csDN: String?
  var csID: String?
  var metaverseID: String?
  var connector: String?
  var location: SourceLocation
  /// The values of attributes that errors name.
  var values: [Named] = []

  /// An attribute by its name in lower case, and its values, ignoring options.
  struct Named: Sendable {
    var key: String
    var values: [AttributeValue]
  }

  /// The values of attributes that were kept, under the names asked for.
  func values(of names: [String]) -> [NamedValues] {
    names.map { name in
      let key = name.lowercased()
      return NamedValues(name: name, values: values.first { $0.key == key }?.values ?? [])
    }
  }
}

/// The entries that a run found, each once.
struct FoundEntries: Sendable {
  private(set) var entries: [FoundEntry] = []
  private let attributes: EntryAttributes

  init(_ attributes: EntryAttributes) { self.attributes = attributes }

  /// Adds an entry.
  ///
  /// - Parameters:
  ///   - entry: a whole entry, its attributes numbered as in `EntryAttributes`.
  ///   - keeping: names of the attributes whose values will be looked at, in lower case.
  /// - Returns: the number of the entry.
  mutating func add(_ entry: EntryView, keeping names: some Sequence<String>) -> Int {
    var found = FoundEntry(dn: AttributeValue(Array(entry.dn)), location: entry.place)
    for value in entry.values {
      if let attribute = attributes.identity(of: value.attribute) { found.take(value.bytes, attribute) }
    }
    for name in names {
      found.values.append(.init(key: name, values: entry[name].map { AttributeValue(Array($0.bytes)) }))
    }
    entries.append(found)
    return entries.count - 1
  }
}

/// The attributes of entries that are read whole: first those that rules judge, with the numbers by which the rules know
/// them, then those that identify an entry.
struct EntryAttributes: Sendable {
  /// All names, in the order of their numbers.
  let names: [String]
  private let identities: [IdentityAttribute?]

  init(judged: [String] = []) {
    var names = judged
    var identities: [IdentityAttribute?] = judged.map { _ in nil }
    for attribute in IdentityAttribute.allCases {
      let name = attribute.rawValue
      if let number = names.firstIndex(where: { $0.lowercased() == name.lowercased() }) {
        identities[number] = attribute
      } else {
        names.append(name)
        identities.append(attribute)
      }
    }
    self.names = names
    self.identities = identities
  }

  fileprivate func identity(of attribute: AttributeID) -> IdentityAttribute? {
    Int(attribute) < identities.count ? identities[Int(attribute)] : nil
  }
}

/// An attribute that identifies an entry or tells what it is, by its name.
private enum IdentityAttribute: String, CaseIterable {
  case objectGUID, objectClass, userAccountControl, accountEnabled, isDeleted, lastKnownParent, objectSid
  case consistencyGuid = "mS-DS-ConsistencyGuid"
  case sourceAnchor, csDistinguishedName, csConnectorName
  case csObjectID = "csObjectId"
  case csMetaverseID = "csMetaverseId"
}

extension FoundEntry {
  /// Takes a value of an attribute that tells something of the entry.
  fileprivate mutating func take(_ bytes: ArraySlice<UInt8>, _ attribute: IdentityAttribute) {
    var text: String { String(decoding: bytes, as: UTF8.self) }
    switch attribute {
    case .objectGUID: objectGUID = GUID(bytes)
    case .objectClass: objectClass = text
    case .consistencyGuid: consistencyGuid = Array(bytes)
    // ADS_UF_ACCOUNTDISABLE (MS-ADTS 2.2.16).
    case .userAccountControl: isEnabled = Int(text).map { $0 & 2 == 0 }
    case .accountEnabled: isEnabled = text.uppercased() == "TRUE"
    case .isDeleted: isDeleted = text.uppercased() == "TRUE"
    case .lastKnownParent: lastKnownParent = AttributeValue(Array(bytes))
    case .objectSid: sid = Array(bytes)
    case .sourceAnchor: sourceAnchor = text
    case .csDistinguishedName: csDN = text
    case .csObjectID: csID = text
    case .csMetaverseID: metaverseID = text
    case .csConnectorName: connector = text
    }
  }
}
