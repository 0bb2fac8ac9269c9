/// One entry of a batch, for code that looks at few entries; code that visits every value of a directory reads the batch
/// itself.
public struct EntryView: Sendable {
  /// The batch that has the entry.
  public let batch: EntryBatch
  /// The entry's index in the batch.
  public let index: Int

  /// A view of the entry with an index in a batch.
  public init(_ index: Int, of batch: EntryBatch) {
    self.batch = batch
    self.index = index
  }

  /// What the batch's table of entries says of it.
  public var record: EntryRecord { batch.entries[index] }

  /// The bytes of its distinguished name.
  public var dn: ArraySlice<UInt8> { batch.bytes[record.dn] }

  /// Its text as the source gave it, without the blank line that ends it; empty where the batch was built.
  public var text: ArraySlice<UInt8> {
    let start = Int(record.textOffset)
    return batch.bytes[start..<start + Int(record.textLength)]
  }

  /// Names of its attributes of which the source has lost values.
  public var lostAttributes: [String] {
    batch.lostAttributes.filter { $0.entry == index }.map { batch.attributes[$0.attribute].name }
  }

  /// Where it stands in the source.
  public var place: SourceLocation { batch.place(line: Int(record.line)) }

  /// Its values, in the order of the source.
  public var values: some RandomAccessCollection<ValueView> {
    let batch = batch
    return record.values.lazy.map { ValueView($0, of: batch) }
  }

  /// Its values of an attribute type, whatever options they have, in the order of the source.
  public subscript(attribute: AttributeID) -> [ValueView] {
    record.values.filter { batch.attributes.type(of: batch.values[$0].attribute) == attribute }
      .map { ValueView($0, of: batch) }
  }

  /// The same by the name of the attribute type, in any case.
  public subscript(name: String) -> [ValueView] { batch.attributes.id(of: name).map { self[$0] } ?? [] }

  /// Where one of its values stands in the source.
  public func place(of value: ValueView) -> SourceLocation {
    let column = Int(value.record.column)
    return batch.place(line: Int(value.record.line), column: 1..<65_535 ~= column ? column : nil)
  }
}

/// One value of an entry.
public struct ValueView: Sendable {
  /// What the batch's table of values says of it.
  public let record: ValueRecord
  /// Its bytes.
  public let bytes: ArraySlice<UInt8>

  /// A view of the value with an index in a batch.
  public init(_ index: Int, of batch: EntryBatch) {
    record = batch.values[index]
    bytes = batch.bytes[record.range]
  }

  /// The attribute description, as numbered by the batch.
  public var attribute: AttributeID { record.attribute }
}

extension EntryBatch {
  /// Its entries one by one.
  public var views: some RandomAccessCollection<EntryView> {
    let batch = self
    return entries.indices.lazy.map { EntryView($0, of: batch) }
  }

  /// Where something of the batch stands in the source.
  ///
  /// - Parameters:
  ///   - line: counted from 0 at the start of the batch.
  ///   - column: counted from 1.
  public func place(line: Int, column: Int? = nil) -> SourceLocation {
    guard hasLines else { return SourceLocation(source: source) }
    return SourceLocation(source: source, line: lineBase + line + 1, column: column)
  }
}
