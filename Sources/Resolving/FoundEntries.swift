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
  /// - Parameter keepsText: whether the whole entry will be looked at again.
  /// - Throws: `SpoolFailure` when the text cannot be put aside.
  mutating func add(_ index: Int, of batch: EntryBatch, _ source: String, keepsText: Bool) throws(SpoolFailure) -> Int {
    let record = batch.entries[index]
    var found = FoundEntry(
      dn: AttributeValue(Array(batch.bytes[record.dn])),
      location: SourceLocation(
        source: source, line: batch.hasLines ? batch.lineBase + Int(record.line) + 1 : nil))
    let reader = IdentityReader(batch)
    reader.read(record, batch, into: &found)
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

/// Reads what identifies an entry.
private struct IdentityReader {
  private var names: [AttributeID: String] = [:]
  private static let wanted = [
    "objectGUID", "objectClass", "mS-DS-ConsistencyGuid", "userAccountControl", "accountEnabled", "isDeleted",
    "lastKnownParent", "objectSid", "sourceAnchor", "csDistinguishedName", "csObjectId", "csMetaverseId",
    "csConnectorName",
  ]

  init(_ batch: EntryBatch) {
    for name in Self.wanted { if let id = batch.attributes.id(of: name) { names[id] = name } }
  }

  func read(_ record: EntryRecord, _ batch: EntryBatch, into entry: inout FoundEntry) {
    for value in batch.values[record.values] {
      guard let name = names[value.attribute] else { continue }
      let bytes = Array(batch.bytes[value.range])
      var text: String { String(decoding: bytes, as: UTF8.self) }
      switch name {
      case "objectGUID": entry.objectGUID = GUID(bytes)
      case "objectClass": entry.objectClass = text
      case "mS-DS-ConsistencyGuid": entry.consistencyGuid = bytes
      // ADS_UF_ACCOUNTDISABLE (MS-ADTS 2.2.16).
      case "userAccountControl": entry.isEnabled = Int(text).map { $0 & 2 == 0 }
      case "accountEnabled": entry.isEnabled = text.uppercased() == "TRUE"
      case "isDeleted": entry.isDeleted = text.uppercased() == "TRUE"
      case "lastKnownParent": entry.lastKnownParent = AttributeValue(bytes)
      case "objectSid": entry.sid = bytes
      case "sourceAnchor": entry.sourceAnchor = text
      case "csDistinguishedName": entry.csDN = text
      case "csObjectId": entry.csID = text
      case "csMetaverseId": entry.metaverseID = text
      case "csConnectorName": entry.connector = text
      default: break
      }
    }
  }
}
