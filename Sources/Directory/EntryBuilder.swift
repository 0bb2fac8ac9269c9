/// Makes entries that no source has given: changed copies, and entries of code that knows their values.
///
/// The entries have no text, so they cannot be read again, and no lines of their own.
public struct EntryBuilder: Sendable {
  /// The entries made so far.
  public private(set) var batch: EntryBatch

  /// What becomes of a value in a copy.
  public enum Edit: Sendable {
    /// It is copied.
    case keep
    /// Another value takes its place.
    case replace([UInt8])
    /// It is left out.
    case omit
  }

  /// A builder of entries whose attributes are numbered by a table.
  ///
  /// - Parameter source: the name of the source in messages.
  public init(attributes: AttributeTable = AttributeTable(), source: String = "") {
    batch = EntryBatch(attributes: attributes)
    batch.hasLines = false
    batch.source = source
  }

  /// Begins an entry without values.
  public mutating func begin(dn: some Collection<UInt8>) {
    let range = append(dn)
    batch.entries.append(
      EntryRecord(
        dnOffset: UInt32(range.lowerBound), dnLength: UInt32(range.count), firstValue: UInt32(batch.values.count),
        valueCount: 0, line: 0, textOffset: 0, textLength: 0))
  }

  /// Begins an entry with the values of another, changed.
  ///
  /// - Parameters:
  ///   - entry: index of the other entry in its batch.
  ///   - other: a batch whose attributes have the same numbers.
  ///   - edit: what becomes of a value, by its index in that batch.
  public mutating func begin(copying entry: Int, of other: EntryBatch, edit: (Int) -> Edit) {
    let record = other.entries[entry]
    begin(dn: other.bytes[record.dn])
    batch.entries[batch.entries.count - 1].line = record.line
    for index in record.values {
      let value = other.values[index]
      switch edit(index) {
      case .keep: add(value.attribute, other.bytes[value.range], line: value.line, column: value.column)
      case .replace(let new): add(value.attribute, new, line: value.line, column: value.column)
      case .omit: continue
      }
    }
  }

  /// Adds a value to the entry that was begun last.
  public mutating func add(_ attribute: AttributeID, _ value: some Collection<UInt8>) {
    add(attribute, value, line: 0, column: 1)
  }

  /// The same with the name of the attribute.
  ///
  /// - Returns: false when there are more attributes than any directory has (`AttributeTable.capacity`).
  @discardableResult
  public mutating func add(_ name: String, _ value: some Collection<UInt8>) -> Bool {
    let bytes = Array(name.utf8)
    guard let attribute = batch.attributes.intern(bytes.span) else { return false }
    add(attribute, value)
    return true
  }

  private mutating func add(_ attribute: AttributeID, _ value: some Collection<UInt8>, line: UInt32, column: UInt16) {
    let range = append(value)
    batch.values.append(
      ValueRecord(
        attribute: attribute, offset: UInt32(range.lowerBound), length: UInt32(range.count), line: line,
        column: column))
    batch.entries[batch.entries.count - 1].valueCount += 1
  }

  private mutating func append(_ bytes: some Collection<UInt8>) -> Range<Int> {
    let start = batch.bytes.count
    batch.bytes.append(contentsOf: bytes)
    return start..<batch.bytes.count
  }
}
