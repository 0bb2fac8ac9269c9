import Directory
import Findings
import RuleSet

/// A kind of check that others than the engine bring: what it says of a value is one row, with annotations and a proposed
/// value of its own.
public protocol RowCheckKind: CheckKind {
  /// The check, compiled for the values of an attribute.
  func rowCheck(of attribute: String, topLevelDomains: TopLevelDomains) -> any RowCheck
}

/// What is said of one value, or of an attribute without values.
public struct Row: Sendable, Equatable {
  /// What its finding says besides, the names of errors (`Annotation.labels`) in the order in which they are shown.
  public var annotations: [Annotation]
  /// The proposed value, which may be the value itself; nil when there is nothing to propose.
  public var proposed: [UInt8]?

  /// A row; see the properties.
  public init(annotations: [Annotation], proposed: [UInt8]?) {
    self.annotations = annotations
    self.proposed = proposed
  }
}

/// The rows of a value that an earlier value, of the same or another entry, has the key of, or of that earlier value.
public struct RepeatedRows: Sendable {
  /// What the values have in common.
  public var key: [UInt8]
  /// The row of the value in place of the one that it has alone.
  public var own: Row?
  /// The row that the first holder gets besides the one that it has alone.
  public var first: Row
  /// Whether the first holder gets its row if this value is a later one.
  public var showsFirst: Bool

  /// Rows; see the properties.
  public init(key: [UInt8], own: Row?, first: Row, showsFirst: Bool) {
    self.key = key
    self.own = own
    self.first = first
    self.showsFirst = showsFirst
  }
}

/// A check that says all there is to say of a value in one row.
///
/// It judges one value at a time and knows nothing of other entries: what must be unique is handed out as a key.
public protocol RowCheck: Sendable {
  /// The attribute whose values are judged, then every other attribute that it asks an entry for.
  var attributes: [String] { get }
  /// Whether it can have something to say about an entry without a value.
  var judgesAbsence: Bool { get }
  /// Whether any value has a key.
  var hasKey: Bool { get }
  /// Whether a value gets no row, whatever other entries hold. Allocates nothing when it does not.
  func isClean(_ value: Span<UInt8>, of entry: RowEntry) -> Bool
  /// Whether a clean value must be unique.
  func isKey(_ value: Span<UInt8>, of entry: RowEntry) -> Bool
  /// The row of a value alone, and what must be unique, if uniqueness is asked of the value.
  func evaluate(_ value: [UInt8], of entry: RowEntry) -> (row: Row?, key: [UInt8]?)
  /// The rows of a value that may be held twice; nil when it has no key.
  func repeated(_ value: [UInt8], of entry: RowEntry) -> RepeatedRows?
  /// The row of an entry without a value, or nil when there is nothing to say.
  func evaluateAbsent(of entry: RowEntry) -> Row?
  /// Whether a key is the form in which keys are equal, but for the case of ASCII letters, if it is ASCII.
  func isNormal(_ key: Span<UInt8>) -> Bool
  /// The form in which keys are equal.
  func normal(_ key: Span<UInt8>) -> [UInt8]
}

/// A row check of a rule, compiled into the program.
struct RowTest: Sendable {
  var rule: Int
  var objectClasses: UInt64
  /// Number of the filter in `CheckTables.filters`; -1 for none.
  var filter: Int
  /// Slot of the judged attribute.
  var slot: Int
  var check: any RowCheck
  /// Slots of the check's attributes.
  var slots: [Int]
}

/// An entry of a batch as a row check sees it; attributes are indices into `RowCheck.attributes`.
public struct RowEntry {
  private let batch: EntryBatch
  private let entry: EntryRecord
  /// First value of each of `slots`; -1 where there is none.
  private let first: [Int32]
  /// Which of the attributes is `cn`; -1 for none.
  private let commonName: Int
  /// Last object class value of the entry.
  private let objectClass: Range<Int>

  init(
    _ index: borrowing EntryIndex, _ test: RowTest, _ entry: EntryRecord, _ batch: EntryBatch, objectClassSlot: Int,
    commonNameSlot: Int
  ) {
    self.batch = batch
    self.entry = entry
    first = test.slots.map { index.first($0) }
    commonName = test.slots.firstIndex(of: commonNameSlot) ?? -1
    var last: Int32 = -1
    var value = index.first(objectClassSlot)
    while value >= 0 {
      last = value
      value = index.next(after: value)
    }
    objectClass = last < 0 ? 0..<0 : batch.values[Int(last)].range
  }

  /// Whether the entry's last object class has a name, in ASCII bytes in lower case.
  public func isObjectClass(_ name: [UInt8]) -> Bool {
    TextFold.areEqual(batch.bytes.span.extracting(objectClass), name.span)
  }

  /// Whether the entry has a value of the attribute.
  public func has(_ attribute: Int) -> Bool { first[attribute] >= 0 }

  /// The first value of the attribute, or nil when the entry has none.
  public func firstValue(_ attribute: Int) -> [UInt8]? {
    let value = first[attribute]
    if value >= 0 { return AttributeValue(batch.bytes.span.extracting(batch.values[Int(value)].range)).bytes }
    return attribute == commonName ? commonNameFromDN : nil
  }

  /// The value of the first RDN, for exports without `cn`.
  private var commonNameFromDN: [UInt8]? {
    let dn = batch.bytes[entry.dn]
    guard let equals = dn.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    var name: [UInt8] = []
    var index = equals + 1
    while index < dn.endIndex, dn[index] != UInt8(ascii: ",") {
      if dn[index] == UInt8(ascii: "\\"), index + 1 < dn.endIndex { index += 1 }
      name.append(dn[index])
      index += 1
    }
    return name
  }
}
