import DirectoryModel

/// A value of a batch that is looked for.
struct RawHit {
  /// Index of the entry in its batch.
  var entry: Int
  /// Index of the value in the batch; nil for the entry's DN.
  var value: Int?
  /// The attribute's number; nil for the entry's DN.
  var attribute: Int?
  var target: LookupTable.Target
}

/// Room: visits the values of batches and finds those that are looked for.
///
/// The loop over the values reads tables and bytes only; a `String` or an array is made for hits, and for the one buffer
/// in which the keys of DNs are made. Bytes are read through unsafe pointers into the batch's buffer, whose bounds the
/// parser has proved for every value it lists.
struct LookupScan: Sendable {
  private let table: LookupTable
  /// By number of the description in the batch's table: the number of the attribute type, or -1.
  private var slots: [Int] = []
  private var key: [UInt8] = []

  init(_ table: LookupTable) { self.table = table }

  /// The hits of a batch, in input order.
  mutating func hits(in batch: EntryBatch) -> [RawHit] {
    refreshSlots(batch.attributes)
    var hits: [RawHit] = []
    let needsDN = table.looksAtDN || table.looksAtRDN
    batch.bytes.withUnsafeBytes { bytes in
      for entry in batch.entries.indices {
        let record = batch.entries[entry]
        if needsDN { visitDN(bytes, record, batch, entry, &hits) }
        for value in record.values {
          let slot = slots[Int(batch.values[value].attribute)]
          guard slot >= 0, let comparison = table.comparisons[slot] else { continue }
          visit(bytes, batch.values[value].range, comparison, slot, entry, value, batch, &hits)
        }
      }
    }
    return hits
  }

  /// Descriptions with options (`proxyAddresses;x`) are numbered as they come.
  private mutating func refreshSlots(_ attributes: AttributeTable) {
    while slots.count < attributes.count {
      let type = Int(attributes.type(of: AttributeID(slots.count)))
      slots.append(type < table.attributes.count ? type : -1)
    }
  }

  private mutating func visitDN(
    _ bytes: UnsafeRawBufferPointer, _ record: EntryRecord, _ batch: EntryBatch, _ entry: Int, _ hits: inout [RawHit]
  ) {
    key.removeAll(keepingCapacity: true)
    DistinguishedName.appendKey(of: batch.bytes.span.extracting(record.dn), to: &key)
    if table.looksAtDN {
      let hash = key.withUnsafeBytes { table.hash.exact($0, .distinguishedName) }
      if table.mayHave(hash) { add(hash, .distinguishedName, nil, key[...], entry, nil, &hits) }
    }
    guard table.looksAtRDN else { return }
    let length = DistinguishedName.firstRDNLength(ofKey: key)
    let hash = key.withUnsafeBytes { bytes in
      table.hash.exact(UnsafeRawBufferPointer(rebasing: bytes[..<length]), .relativeName)
    }
    if table.mayHave(hash) { add(hash, .relativeName, nil, key[..<length], entry, nil, &hits) }
  }

  private mutating func visit(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ comparison: Comparison, _ slot: Int, _ entry: Int,
    _ value: Int, _ batch: EntryBatch, _ hits: inout [RawHit]
  ) {
    var range = range
    switch comparison {
    case .bytes:
      let hash = table.hash.exact(UnsafeRawBufferPointer(rebasing: bytes[range]), .bytes)
      if table.mayHave(hash) { add(hash, .bytes, slot, batch.bytes[range], entry, value, &hits) }
    case .distinguishedName:
      key.removeAll(keepingCapacity: true)
      DistinguishedName.appendKey(of: batch.bytes.span.extracting(range), to: &key)
      let hash = key.withUnsafeBytes { table.hash.exact($0, .distinguishedName) }
      if table.mayHave(hash) { add(hash, .distinguishedName, slot, key[...], entry, value, &hits) }
    case .typedAddress, .text:
      if comparison == .typedAddress { range = Self.withoutType(bytes, range) }
      while !range.isEmpty, bytes[range.lowerBound] == 32 { range = range.lowerBound + 1..<range.upperBound }
      while !range.isEmpty, bytes[range.upperBound - 1] == 32 { range = range.lowerBound..<range.upperBound - 1 }
      let hash = table.hash.folded(UnsafeRawBufferPointer(rebasing: bytes[range]), .text)
      if table.mayHave(hash) { add(hash, .text, slot, batch.bytes[range], entry, value, &hits) }
    }
  }

  /// The part behind the type: letters and digits before the first colon.
  @inline(__always)
  static func withoutType(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Range<Int> {
    var index = range.lowerBound
    let end = min(range.upperBound, range.lowerBound + 16)
    while index < end {
      let byte = bytes[index]
      if byte == UInt8(ascii: ":") { return index + 1..<range.upperBound }
      if !(byte | 0x20 &- 97 < 26 || byte &- 48 < 10) { return range }
      index &+= 1
    }
    return range
  }

  private func add(
    _ hash: UInt64, _ kind: KeyKind, _ slot: Int?, _ bytes: ArraySlice<UInt8>, _ entry: Int, _ value: Int?,
    _ hits: inout [RawHit]
  ) {
    let attribute = slot.map { AttributeSet(number: $0) } ?? .entryDN
    for target in table.targets(hash, kind, attribute: attribute, bytes) {
      hits.append(RawHit(entry: entry, value: value, attribute: slot, target: target))
    }
  }
}
