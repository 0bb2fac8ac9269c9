import DirectoryModel
import Findings
import LDIF

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
  /// The record's text in the spool; nil for entries that only hold a value.
  var text: Range<Int>?
  /// Number of lines of the text.
  var lineCount = 0
}

/// The entries that a run found, with their texts, each entry once.
struct FoundEntries: Sendable {
  private(set) var entries: [FoundEntry] = []
  private let spool = Spool(memoryLimit: 64 << 20)

  /// Adds an entry of a batch.
  ///
  /// - Parameters:
  ///   - batch: a batch of whole entries, its attributes numbered as in `FoundEntry.attributes`.
  ///   - keepsText: whether the whole entry will be looked at again.
  /// - Throws: `SpoolFailure` when the text cannot be put aside.
  mutating func add(_ index: Int, of batch: EntryBatch, _ source: String, keepsText: Bool) throws(SpoolFailure) -> Int {
    let record = batch.entries[index]
    var found = FoundEntry(
      dn: AttributeValue(Array(batch.bytes[record.dn])),
      location: SourceLocation(
        source: source, line: batch.hasLines ? batch.lineBase + Int(record.line) + 1 : nil))
    for value in batch.values[record.values] { found.take(value, of: batch) }
    if keepsText { try keep(record, of: batch, &found) }
    entries.append(found)
    return entries.count - 1
  }

  private func keep(_ record: EntryRecord, of batch: EntryBatch, _ found: inout FoundEntry) throws(SpoolFailure) {
    let text = Int(record.textOffset)..<Int(record.textOffset) + Int(record.textLength)
    let start = try spool.append(batch.bytes.span.extracting(text))
    found.text = start..<start + text.count
    found.lineCount = batch.bytes[text].count { $0 == 10 }
  }

  /// The text of an entry, ending with an empty line.
  ///
  /// - Throws: `SpoolFailure` when it cannot be read again.
  func text(of entry: Int) throws(SpoolFailure) -> [UInt8] {
    guard let range = entries[entry].text else { return [] }
    var text: [UInt8] = []
    try spool.read(range, into: &text)
    while text.last == 10 || text.last == 13 { text.removeLast() }
    return text + [10, 10]
  }
}

/// An attribute that identifies an entry or tells what it is; its raw value is its number in `FoundEntry.attributes`.
private enum IdentityAttribute: Int, CaseIterable {
  case objectGUID, objectClass, consistencyGuid, userAccountControl, accountEnabled, isDeleted, lastKnownParent,
    objectSid
  case sourceAnchor, csDistinguishedName, csObjectID, csMetaverseID, csConnectorName

  var attributeName: String {
    switch self {
    case .objectGUID: "objectGUID"
    case .objectClass: "objectClass"
    case .consistencyGuid: "mS-DS-ConsistencyGuid"
    case .userAccountControl: "userAccountControl"
    case .accountEnabled: "accountEnabled"
    case .isDeleted: "isDeleted"
    case .lastKnownParent: "lastKnownParent"
    case .objectSid: "objectSid"
    case .sourceAnchor: "sourceAnchor"
    case .csDistinguishedName: "csDistinguishedName"
    case .csObjectID: "csObjectId"
    case .csMetaverseID: "csMetaverseId"
    case .csConnectorName: "csConnectorName"
    }
  }
}

extension FoundEntry {
  /// The numbers of attributes in batches of whole entries: with them what identifies an entry is told without names.
  static let attributes = AttributeTable(IdentityAttribute.allCases.map(\.attributeName))

  /// Takes a value, if it tells something of the entry.
  fileprivate mutating func take(_ value: ValueRecord, of batch: EntryBatch) {
    guard let attribute = IdentityAttribute(rawValue: Int(value.attribute)) else { return }
    let bytes = batch.bytes[value.range]
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
