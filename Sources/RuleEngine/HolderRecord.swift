import DirectoryModel
import Findings

/// What is put aside of an entry that holds values which other entries hold, too, between reading it again and reporting it.
///
/// Only what differs between holders is kept; what a finding repeats of its rule is added when it is made. Numbers are 32
/// bits wide: source, presence of GUID and common name, GUID, lengths of DN, class and common name; for each value: check,
/// slot, ordinal, column, line (64 bits), place in the record and length; then the texts.
struct HolderRecord {
  /// One value of a record, with its entry. Ranges are places in the bytes that the record was read from.
  struct Held {
    var source: Int
    var objectGUID: GUID?
    var dn: Range<Int>
    var objectClass: Range<Int>
    var commonName: Range<Int>?
    var check: Int
    var slot: Int
    var ordinal: Int
    /// 0 stands for a source without lines.
    var line: Int
    var column: Int
    var value: Range<Int>
  }

  private struct Value {
    var check: Int
    var slot: Int
    var ordinal: Int
    var value: Int32
  }

  private var source = 0
  private var entry: EntryRecord?
  private var places = EntryPlaces()
  private var values: [Value] = []
  /// The numbers of the record.
  private var numbers: [UInt32] = []

  private static let headSize = 40
  private static let valueSize = 32

  /// Begins the record of an entry, without values.
  mutating func begin(_ evaluator: borrowing EntryEvaluator, _ entry: EntryRecord, _ batch: EntryBatch, source: Int) {
    self.source = source
    self.entry = entry
    places = EntryPlaces(evaluator, entry, batch)
    values.removeAll(keepingCapacity: true)
  }

  /// Adds a value, held as told by the unique check of a number.
  ///
  /// - Returns: its number in the record.
  mutating func add(
    _ value: Int32, slot: Int, check: Int, _ evaluator: borrowing EntryEvaluator, _ batch: EntryBatch
  ) -> Int {
    values.append(Value(check: check, slot: slot, ordinal: evaluator.index.ordinal(of: value), value: value))
    return values.count - 1
  }

  /// Appends the record.
  mutating func write(to bytes: inout [UInt8], _ batch: EntryBatch) {
    guard let entry else { return }
    let all = batch.bytes.span
    let name = places.commonName ?? 0..<0
    numbers.removeAll(keepingCapacity: true)
    add(source)
    add((places.objectGUID == nil ? 0 : 1) | (places.commonName == nil ? 0 : 2))
    for word in 0..<4 {
      add((0..<4).reduce(0) { $0 | Int(places.objectGUID?[4 * word + $1] ?? 0) << (8 * $1) })
    }
    add(entry.dn.count)
    add(places.objectClass.count)
    add(name.count)
    add(values.count)
    var offset = Self.headSize + values.count * Self.valueSize + entry.dn.count + places.objectClass.count + name.count
    for value in values {
      let record = batch.values[Int(value.value)]
      add(value.check)
      add(value.slot)
      add(value.ordinal)
      add(Int(record.column))
      let line = batch.hasLines ? batch.lineBase + Int(record.line) + 1 : 0
      add(line)
      add(line >> 32)
      add(offset)
      add(Int(record.length))
      offset += Int(record.length)
    }
    numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
    all.extracting(entry.dn).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    all.extracting(places.objectClass).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    all.extracting(name).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    for value in values {
      all.extracting(batch.values[Int(value.value)].range).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }
  }

  private mutating func add(_ number: Int) { numbers.append(UInt32(truncatingIfNeeded: number).littleEndian) }

  /// Reads the value of a number of the record at `start`.
  static func read(_ bytes: [UInt8], at start: Int, value number: Int) -> Held {
    var reader = RecordReader(position: start)
    let source = reader.number(bytes)
    let presence = reader.number(bytes)
    let guid = reader.take(16)
    let (dnLength, classLength, nameLength) = (reader.number(bytes), reader.number(bytes), reader.number(bytes))
    let count = reader.number(bytes)
    var texts = RecordReader(position: start + headSize + count * valueSize)
    let (dn, objectClass, name) = (texts.take(dnLength), texts.take(classLength), texts.take(nameLength))
    var place = RecordReader(position: start + headSize + number * valueSize)
    let (check, slot, ordinal, column) = (
      place.number(bytes), place.number(bytes), place.number(bytes), place.number(bytes)
    )
    let line = Int(truncatingIfNeeded: place.word(bytes))
    let (offset, length) = (place.number(bytes), place.number(bytes))
    return Held(
      source: source, objectGUID: presence & 1 != 0 ? GUID(bytes.span.extracting(guid)) : nil, dn: dn,
      objectClass: objectClass, commonName: presence & 2 != 0 ? name : nil, check: check, slot: slot,
      ordinal: ordinal, line: line, column: line == 0 ? 0 : column,
      value: start + offset..<start + offset + length)
  }
}

/// Reads pieces of a spool through a few windows: pieces that are asked for one after the other are mostly close together.
struct SpoolWindows {
  private struct Window {
    var start = -1
    var bytes: [UInt8] = []
  }

  private let spool: Spool
  private var windows = Array(repeating: Window(), count: 64)
  private static let size = 1 << 16

  init(_ spool: Spool) { self.spool = spool }

  /// Appends a piece.
  ///
  /// - Throws: `SpoolFailure` when it cannot be read.
  mutating func append(_ offset: Int, _ length: Int, to bytes: inout [UInt8]) throws(SpoolFailure) {
    let start = offset / Self.size * Self.size
    let place = offset / Self.size % windows.count
    let end = offset + length
    if windows[place].start != start || start + windows[place].bytes.count < end {
      windows[place].start = -1
      try spool.read(start..<min(spool.count, max(end, start + Self.size)), into: &windows[place].bytes)
      windows[place].start = start
    }
    bytes.append(contentsOf: windows[place].bytes[offset - start..<end - start])
  }
}
