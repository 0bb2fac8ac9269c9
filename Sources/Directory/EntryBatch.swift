/// A batch of records read from one source, in one contiguous buffer.
///
/// Values are slices into `bytes`; there is no object per entry, per attribute or per value. A source fills a batch and
/// clears it for the next one (`removeAll` keeps the capacity), so a run allocates once.
///
/// The buffer holds the text as it was read and, behind it, the values that had to be decoded (folded or base64).
public struct EntryBatch: Sendable {
  /// The text of the records, followed by decoded values and by bytes without meaning. At most 4 GiB: offsets are 32 bits wide.
  public var bytes: [UInt8] = []
  /// Content records (and `changetype: add`), in input order.
  public var entries: [EntryRecord] = []
  /// The values of all entries, in input order; an entry's values are adjacent.
  public var values: [ValueRecord] = []
  /// Change records other than `add`, each with its place among the entries.
  public var changes: [PlacedChange] = []
  /// Controls of `changetype: add` records, by the index of the entry. Rare.
  public var controls: [Int: [ChangeControl]] = [:]
  /// Attributes of entries of which the source gave only a part: values with a `range` option, but not the last ones
  /// (`range=1500-*`). In input order. Rare.
  public var incompleteRanges: [EntryAttribute] = []
  /// Attributes of entries of which the source has told that their values were lost on the way out of the directory, so that
  /// their lack says nothing. In input order. Rare.
  public var lostAttributes: [EntryAttribute] = []
  /// Bad input text, each with its place among the entries.
  public var problems: [PlacedProblem] = []
  /// Names of the attributes that `ValueRecord.attribute` numbers.
  public var attributes: AttributeTable
  /// The name of the source in messages. `removeAll` leaves it.
  public var source = ""
  /// Whether lines are places that a user can look up. `removeAll` leaves it.
  public var hasLines = true
  /// Number of lines of the source before this batch; `line` fields count from here.
  public var lineBase: Int = 0
  /// Number of lines in this batch.
  public var lineCount: Int = 0
  /// The line that the text ends within, or begins the value that it ends within; nil for a text that ends with a line. What
  /// stands there may be only a part of what the directory has.
  public var unfinishedLine: Int?
  /// Offset in the (decompressed, UTF-8) text of the source at which this batch starts, in bytes.
  public var textOffset: UInt64 = 0

  /// An empty batch whose attributes are numbered by `attributes`.
  public init(attributes: AttributeTable) {
    self.attributes = attributes
  }

  /// Empties the batch, keeping its memory and its attribute table.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    changes.removeAll(keepingCapacity: true)
    controls.removeAll(keepingCapacity: true)
    incompleteRanges.removeAll(keepingCapacity: true)
    lostAttributes.removeAll(keepingCapacity: true)
    problems.removeAll(keepingCapacity: true)
    lineBase = 0
    lineCount = 0
    unfinishedLine = nil
    textOffset = 0
  }
}

/// One entry of a batch: where its DN is and which values are its own.
public struct EntryRecord: BitwiseCopyable, Sendable {
  /// Offset of the DN in the batch's bytes.
  public var dnOffset: UInt32
  /// Length of the DN in bytes.
  public var dnLength: UInt32
  /// Index of the first value in the batch's `values`.
  public var firstValue: UInt32
  /// Number of values.
  public var valueCount: UInt32
  /// Line of the `dn:` line, counted from 0 at the start of the batch.
  public var line: UInt32
  /// Offset of the record's text in the batch's text, in bytes, so that it can be read again.
  public var textOffset: UInt32
  /// Length of the record's text in bytes, up to and without the blank line that ends it.
  public var textLength: UInt32

  /// An entry record; see the properties.
  public init(
    dnOffset: UInt32, dnLength: UInt32, firstValue: UInt32, valueCount: UInt32, line: UInt32, textOffset: UInt32,
    textLength: UInt32
  ) {
    self.dnOffset = dnOffset
    self.dnLength = dnLength
    self.firstValue = firstValue
    self.valueCount = valueCount
    self.line = line
    self.textOffset = textOffset
    self.textLength = textLength
  }

  /// The DN's bytes in the batch.
  public var dn: Range<Int> { Int(dnOffset)..<Int(dnOffset) + Int(dnLength) }
  /// The entry's values in the batch.
  public var values: Range<Int> { Int(firstValue)..<Int(firstValue) + Int(valueCount) }
}

/// One attribute value of a batch.
public struct ValueRecord: BitwiseCopyable, Sendable {
  /// The attribute description, as numbered by the batch's `AttributeTable`.
  public var attribute: AttributeID
  /// Offset of the value in the batch's bytes.
  public var offset: UInt32
  /// Length of the value in bytes.
  public var length: UInt32
  /// Line of the attribute description, counted from 0 at the start of the batch.
  public var line: UInt32
  /// Column at which the value's text begins, counted from 1; 65535 stands for everything beyond.
  public var column: UInt16

  /// A value record; see the properties.
  public init(attribute: AttributeID, offset: UInt32, length: UInt32, line: UInt32, column: UInt16) {
    self.attribute = attribute
    self.offset = offset
    self.length = length
    self.line = line
    self.column = column
  }

  /// The value's bytes in the batch.
  public var range: Range<Int> { Int(offset)..<Int(offset) + Int(length) }
}

/// An attribute of an entry of a batch.
public struct EntryAttribute: Hashable, Sendable {
  /// Index of the entry in its batch.
  public var entry: Int
  /// The attribute description without its `range` option.
  public var attribute: AttributeID

  /// An attribute of an entry; see the properties.
  public init(entry: Int, attribute: AttributeID) {
    self.entry = entry
    self.attribute = attribute
  }
}

/// A change record that is not an entry, and the number of entries of its batch that came before it.
public struct PlacedChange: Sendable, Equatable {
  /// Number of entries of the batch before this record.
  public var position: Int
  /// The change record.
  public var record: ChangeRecord
  /// Line of the `dn:` line, counted from 0 at the start of the batch.
  public var line: Int

  /// A change record at a place; see the properties.
  public init(position: Int, record: ChangeRecord, line: Int) {
    self.position = position
    self.record = record
    self.line = line
  }
}

/// A problem with the text of a source, and the number of entries of its batch that came before it.
public struct PlacedProblem: Sendable, Equatable {
  /// Number of entries of the batch before this problem.
  public var position: Int
  /// Line of the fault, counted from 0 at the start of the batch.
  public var line: Int
  /// Column of the fault in characters (Unicode scalar values), counted from 1.
  public var column: Int
  /// What is wrong and what would be right, in one sentence without a full stop.
  public var message: String
  /// Whether a record was lost by it (it always is, but for remarks on the file as a whole).
  public var losesRecord: Bool

  /// A problem at a place; see the properties.
  public init(position: Int, line: Int, column: Int, message: String, losesRecord: Bool = true) {
    self.position = position
    self.line = line
    self.column = column
    self.message = message
    self.losesRecord = losesRecord
  }
}
