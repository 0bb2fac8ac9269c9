import Bytes
import Directory
import Findings

/// What is put aside of an entry that holds values which other entries hold, too, between reading it again and reporting it.
///
/// Only what differs between holders is kept; what a finding repeats of its rule is added when it is made. A record is the
/// GUID, the lines before the batch (64 bits) and numbers of 32 bits: source, what is there (GUID, lines, joints), lengths of DN
/// and class, the entry's line within the batch, number of values; fingerprints of what joins the entry to others; for each value
/// check and slot in one number, ordinal, column, kinds of holders, line within the batch, length, and length of what is compared
/// where that is another text; then the texts.
struct SpooledHolder {
  /// What a record says of the entry. Ranges are places in the bytes that the record was read from.
  struct Head {
    let source: Int
    let objectGUID: GUID?
    let dn: Range<Int>
    let objectClass: Range<Int>
    /// What joins the entry to others: how many fingerprints, where they are, and of which joints' classes it is.
    let jointCount: Int
    let joints: Int
    let jointClasses: UInt32
    fileprivate let lineBase: Int
    fileprivate let hasLines: Bool
    /// The line on which the entry begins within the lines of the batch.
    fileprivate let entryLine: Int
    /// The line on which the entry begins, counted from 1; 0 stands for a source without lines.
    var line: Int { hasLines ? lineBase + entryLine + 1 : 0 }
    /// Where what is said of values begins, and their texts.
    fileprivate let values: Int
    fileprivate let texts: Int
  }

  /// One value of a record.
  struct SharedValue {
    let check: Int
    let slot: Int
    let ordinal: Int
    /// 0 stands for a source without lines.
    let line: Int
    let column: Int
    /// What the holder is, one bit for each kind of the check.
    let roles: UInt32
    let value: Range<Int>
    /// What is compared, where that is not the value.
    let standIn: Range<Int>?
  }

  private struct Value {
    var check: Int
    var slot: Int
    var ordinal: Int
    var value: Int32
    var roles: UInt32 = 0
    var standIn: [UInt8] = []
  }

  private var source = 0
  private var entry: EntryRecord?
  private var places = EntryIdentity()
  private var values: [Value] = []
  private var joints: [UInt64] = []
  private var jointClasses: UInt32 = 0

  private static let headSize = 48
  private static let valueSize = 28

  /// Begins the record of an entry, without values.
  mutating func begin(_ evaluator: borrowing EntryEvaluator, _ entry: EntryRecord, _ batch: EntryBatch, source: Int) {
    self.source = source
    self.entry = entry
    places = EntryIdentity(evaluator, batch)
    values.removeAll(keepingCapacity: true)
    joints.removeAll(keepingCapacity: true)
    jointClasses = 0
    let (bytes, all) = (batch.bytes.span, batch.values.span)
    for (number, joint) in evaluator.program.compiled.joints.enumerated() {
      if joint.objectClasses >> UInt64(evaluator.objectClass) & 1 != 0 { jointClasses |= 1 << UInt32(number) }
      let isOther = joint.insteadSlot >= 0 && evaluator.matches(joint.insteadFilter, entry, all, bytes)
      let value = evaluator.index.first(isOther ? joint.insteadSlot : joint.slot)
      var key: UInt64 = 0
      if value >= 0 {
        let text = bytes.extracting(all[Int(value)].range)
        let part = joint.isExact ? text : text.extracting(TextFold.trimmed(text))
        // Of 64 bits: that two values have one fingerprint by chance is not to be feared.
        if !part.isEmpty { key = evaluator.hash.of(part, index: .max - UInt64(number), foldsCase: !joint.isExact) | 1 }
      }
      joints.append(key)
    }
  }

  /// Adds a value, held as told by the unique check of a number.
  ///
  /// - Returns: its number in the record.
  mutating func add(_ value: Int32, slot: Int, check: Int, ordinal: Int, standIn: [UInt8] = []) -> Int {
    values.append(Value(check: check, slot: slot, ordinal: ordinal, value: value, standIn: standIn))
    return values.count - 1
  }

  /// Sets what the holder of a value is.
  mutating func set(roles: UInt32, of value: Int) { values[value].roles = roles }

  /// Appends the record.
  func write(to bytes: inout [UInt8], _ batch: EntryBatch) {
    guard let entry else { return }
    let (source, places, held, joints, jointClasses) = (source, places, values, joints, jointClasses)
    let (all, values) = (batch.bytes.span, batch.values.span)
    let (lineBase, hasLines) = (batch.lineBase, batch.hasLines)
    var size = Self.headSize + held.count * Self.valueSize + entry.dn.count + places.objectClass.count
    size += joints.count * 8
    for value in held { size += Int(values[Int(value.value)].length) + value.standIn.count }
    bytes.append(addingCapacity: size) { (output) in
      for place in 0..<16 { output.append(places.objectGUID?[place] ?? 0) }
      output.append(number: lineBase)
      output.append(number: lineBase >> 32)
      output.append(number: source)
      output.append(
        number: (places.objectGUID == nil ? 0 : 1) | (hasLines ? 2 : 0) | joints.count << 8 | Int(jointClasses) << 16)
      output.append(number: entry.dn.count)
      output.append(number: places.objectClass.count)
      output.append(number: Int(entry.line))
      output.append(number: held.count)
      for joint in joints {
        output.append(number: Int(truncatingIfNeeded: joint))
        output.append(number: Int(truncatingIfNeeded: joint >> 32))
      }
      for value in held {
        let record = values[Int(value.value)]
        output.append(number: value.check << 16 | value.slot)
        output.append(number: value.ordinal)
        output.append(number: Int(record.column))
        output.append(number: Int(value.roles))
        output.append(number: Int(record.line))
        output.append(number: Int(record.length))
        output.append(number: value.standIn.count)
      }
      output.append(bytes: all.extracting(entry.dn))
      output.append(bytes: all.extracting(places.objectClass))
      for value in held {
        output.append(bytes: all.extracting(values[Int(value.value)].range))
        output.append(bytes: value.standIn.span)
      }
    }
  }

  /// Reads what the record at `start` says of its entry.
  static func head(_ bytes: [UInt8], at start: Int) -> Head {
    var reader = NumberReader(position: start)
    let guid = reader.take(16)
    let lineBase = Int(truncatingIfNeeded: reader.word(bytes))
    let source = reader.number(bytes)
    let presence = reader.number(bytes)
    let (dnLength, classLength, line) = (reader.number(bytes), reader.number(bytes), reader.number(bytes))
    let count = reader.number(bytes)
    let joints = presence >> 8 & 0xFF
    let values = start + headSize + joints * 8
    var texts = NumberReader(position: values + count * valueSize)
    let (dn, objectClass) = (texts.take(dnLength), texts.take(classLength))
    return Head(
      source: source, objectGUID: presence & 1 != 0 ? GUID(bytes.span.extracting(guid)) : nil, dn: dn,
      objectClass: objectClass, jointCount: joints, joints: start + headSize,
      jointClasses: UInt32(truncatingIfNeeded: presence >> 16), lineBase: lineBase, hasLines: presence & 2 != 0,
      entryLine: line, values: values, texts: texts.position)
  }

  /// Reads the value of a number of a record.
  static func value(_ number: Int, of head: Head, _ bytes: [UInt8]) -> SharedValue {
    var texts = NumberReader(position: head.texts)
    for other in 0..<number {
      let end = head.values + (other + 1) * valueSize
      _ = texts.take(bytes.number(at: end - 8) + bytes.number(at: end - 4))
    }
    var place = NumberReader(position: head.values + number * valueSize)
    let (check, ordinal, column) = (place.number(bytes), place.number(bytes), place.number(bytes))
    let roles = place.number(bytes)
    let (line, length, standInLength) = (place.number(bytes), place.number(bytes), place.number(bytes))
    let (value, standIn) = (texts.take(length), texts.take(standInLength))
    return SharedValue(
      check: check >> 16, slot: check & 0xFFFF, ordinal: ordinal, line: head.hasLines ? head.lineBase + line + 1 : 0,
      column: head.hasLines ? column : 0, roles: UInt32(truncatingIfNeeded: roles), value: value,
      standIn: standInLength > 0 ? standIn : nil)
  }

  /// Fingerprints of what joins the entry of a record to others, by joint.
  static func joints(of head: Head, _ bytes: [UInt8]) -> [UInt64] {
    var reader = NumberReader(position: head.joints)
    return (0..<head.jointCount).map { _ in reader.word(bytes) }
  }
}

extension OutputSpan<UInt8> {
  /// Appends the low 32 bits of a number.
  @inline(__always)
  fileprivate mutating func append(number: Int) {
    withUnsafeMutableBufferPointer { buffer, count in
      precondition(buffer.count - count >= 4)
      UnsafeMutableRawBufferPointer(buffer).storeBytes(
        of: UInt32(truncatingIfNeeded: number).littleEndian, toByteOffset: count, as: UInt32.self)
      count += 4
    }
  }

  /// Appends bytes.
  @inline(__always)
  fileprivate mutating func append(bytes: Span<UInt8>) {
    withUnsafeMutableBufferPointer { buffer, count in
      precondition(buffer.count - count >= bytes.count)
      let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
      bytes.withUnsafeBytes { rest.copyMemory(from: $0) }
      count += bytes.count
    }
  }
}

/// Reads pieces of a spool: what is in memory from there, what is in its file through a few windows, because pieces that are
/// asked for one after the other are mostly close together.
struct SpoolWindows {
  private let spool: Spool
  /// By window: the number of the part of the spool that it shows; -1 for none.
  private var parts: [Int] = []
  /// The windows, one behind the other.
  private var memory: [UInt8] = []
  private static let size = 1 << 14
  private static let most = 64

  init(_ spool: Spool) { self.spool = spool }

  /// Appends a piece.
  ///
  /// - Throws: `SpoolFailure` when it cannot be read.
  mutating func append(_ offset: Int, _ length: Int, to bytes: inout [UInt8]) throws(SpoolFailure) {
    var offset = offset
    let end = offset + length
    while offset < end {
      if spool.append(offset..<end, to: &bytes) { return }
      let part = offset / Self.size
      let next = min(end, (part + 1) * Self.size)
      if (part + 1) * Self.size <= spool.fileCount {
        let place = try window(part) + offset - part * Self.size
        memory.withUnsafeBufferPointer { bytes.append(contentsOf: $0[place..<place + next - offset]) }
      } else {
        // The file will grow here, so the part is not one to keep.
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: next - offset))
        try spool.read(offset..<next, into: &bytes, at: start)
      }
      offset = next
    }
  }

  /// Where the window begins in `memory` that shows a part of the file.
  private mutating func window(_ part: Int) throws(SpoolFailure) -> Int {
    if memory.isEmpty {
      parts = Array(repeating: -1, count: min(Self.most, spool.count / Self.size + 1))
      memory = Array(repeating: 0, count: parts.count * Self.size)
    }
    let window = part % parts.count
    if parts[window] != part {
      parts[window] = -1
      try spool.read(part * Self.size..<(part + 1) * Self.size, into: &memory, at: window * Self.size)
      parts[window] = part
    }
    return window * Self.size
  }
}
