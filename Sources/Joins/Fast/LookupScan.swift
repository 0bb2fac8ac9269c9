import Directory
import Entries

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
/// The loops read tables and bytes only: one table look-up for each value, a hash and two bits for each value of an attribute
/// that some query asks for. Whatever passes is a candidate, which plain code looks at again. Bytes are read through an
/// unsafe pointer into the batch's buffer, whose bounds the parser has proved for every DN and value it lists.
struct LookupScan: Sendable {
  private let table: LookupTable
  /// By number of the description in the batch's table: how to compare its values; 255 for attributes nobody asks for.
  private var comparisons: [UInt8] = []
  /// By number of the description: the number of the attribute; -1 for attributes nobody asks for.
  private var slots: [Int] = []
  /// By number of the description: whether some entry has a value of it.
  private var isSeen: [Bool] = []
  /// Indices of values that passed the filter.
  private var candidates: [Int32] = []
  /// By number of the description: whether its values are kept for later questions.
  private var isKept: [Bool] = []
  /// What was kept of the entries read; nil when nobody will ask.
  private(set) var held: HeldTexts?
  private static let ignored: UInt8 = 255

  init(_ table: LookupTable, held: HeldTexts? = nil) {
    self.table = table
    self.held = held
  }

  /// Names of attributes that were compared.
  var attributesSeen: Set<String> {
    Set(slots.indices.filter { isSeen[$0] }.map { table.attributes[slots[$0]] })
  }

  /// The hits of a batch, in input order.
  mutating func hits(in batch: EntryBatch) -> [RawHit] {
    refreshSlots(batch.attributes)
    var hits: [RawHit] = []
    if table.looksAtDN { findNames(in: batch, &hits) }
    let named = hits.count
    findValues(in: batch)
    keepTexts(of: batch)
    guard !candidates.isEmpty else { return hits }
    var entry = 0
    for index in candidates {
      let value = Int(index)
      while batch.entries[entry].values.upperBound <= value { entry += 1 }
      addHits(value, entry, batch, &hits)
    }
    // Both parts are in input order; a stable sort merges them.
    if named > 0, hits.count > named { hits = Self.merged(hits[..<named], hits[named...]) }
    return hits
  }

  /// The batches' own numbers begin with those of `readAttributes`; descriptions with options (`proxyAddresses;x`) are
  /// numbered as they come.
  private mutating func refreshSlots(_ attributes: AttributeTable) {
    while slots.count < attributes.count {
      let type = Int(attributes.type(of: AttributeID(slots.count)))
      let slot = type < table.readAttributes.count ? table.readAttributes[type] : -1
      slots.append(slot)
      isSeen.append(false)
      isKept.append(held != nil && slot >= 0 && HeldTexts.attributes.contains(AttributeSet(number: slot)))
      comparisons.append(slot < 0 ? Self.ignored : table.comparisons[slot]?.rawValue ?? Self.ignored)
    }
  }

  /// What the scan looks at: all else is checked and passed over.
  var attributes: AttributeSelection { .only(table.readAttributes.map { table.attributes[$0] }) }

  private func findNames(in batch: EntryBatch, _ hits: inout [RawHit]) {
    var found: [Int] = []
    let hash = table.hash
    table.names.words.withUnsafeBufferPointer { words in
      batch.bytes.withUnsafeBufferPointer { bytes in
        guard let base = bytes.baseAddress else { return }
        for (number, entry) in batch.entries.enumerated() {
          let key = hash.firstRDN(base + Int(entry.dnOffset), count: Int(entry.dnLength))
          if HashFilter.mayHave(words, key) { found.append(number) }
        }
      }
    }
    for number in found {
      let dn = batch.bytes[batch.entries[number].dn]
      for target in table.targets(.distinguishedName, attribute: .entryDN, dn) {
        hits.append(RawHit(entry: number, value: nil, attribute: nil, target: target))
      }
    }
  }

  /// Finds the values whose hash is that of a key.
  private mutating func findValues(in batch: EntryBatch) {
    candidates.removeAll(keepingCapacity: true)
    let hash = table.hash
    let valueWords = table.values.words
    let nameWords = table.names.words
    comparisons.withUnsafeBufferPointer { comparisons in
      isSeen.withUnsafeMutableBufferPointer { isSeen in
        valueWords.withUnsafeBufferPointer { valueWords in
          nameWords.withUnsafeBufferPointer { nameWords in
            batch.values.withUnsafeBufferPointer { values in
              batch.bytes.withUnsafeBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return }
                for index in 0..<values.count {
                  let comparison = comparisons[Int(values[index].attribute)]
                  if comparison == Self.ignored { continue }
                  isSeen[Int(values[index].attribute)] = true
                  let start = base + Int(values[index].offset)
                  let count = Int(values[index].length)
                  let isCandidate =
                    switch comparison {
                    case Comparison.bytes.rawValue: HashFilter.mayHave(valueWords, hash.exact(start, count: count))
                    case Comparison.distinguishedName.rawValue:
                      HashFilter.mayHave(nameWords, hash.firstRDN(start, count: count))
                    default:
                      Self.mayHaveText(start, count, comparison == Comparison.typedAddress.rawValue, hash, valueWords)
                    }
                  if isCandidate { candidates.append(Int32(truncatingIfNeeded: index)) }
                }
              }
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private static func mayHaveText(
    _ start: UnsafePointer<UInt8>, _ count: Int, _ isTyped: Bool, _ hash: LookupHash,
    _ words: UnsafeBufferPointer<UInt64>
  ) -> Bool {
    HashFilter.mayHave(words, textHash(start, count, isTyped, hash))
  }

  /// The hash of a text without the type of an address and the spaces around it.
  @inline(__always)
  static func textHash(_ start: UnsafePointer<UInt8>, _ count: Int, _ isTyped: Bool, _ hash: LookupHash) -> UInt64 {
    var first = isTyped ? typeLength(start, count) : 0
    var end = count
    while first < end, start[first] == 32 { first &+= 1 }
    while end > first, start[end &- 1] == 32 { end &-= 1 }
    return hash.folded(start + first, count: end &- first)
  }

  /// Keeps the texts that later questions are about.
  private mutating func keepTexts(of batch: EntryBatch) {
    guard var held else { return }
    self.held = nil
    let hash = table.hash
    let isTyped = comparisons.map { $0 == Comparison.typedAddress.rawValue }
    isKept.withUnsafeBufferPointer { isKept in
      batch.values.withUnsafeBufferPointer { values in
        batch.bytes.withUnsafeBufferPointer { bytes in
          guard let base = bytes.baseAddress else { return }
          for entry in batch.entries {
            held.beginEntry()
            for index in entry.values {
              let attribute = Int(values[index].attribute)
              guard isKept[attribute] else { continue }
              held.add(
                Self.textHash(
                  base + Int(values[index].offset), Int(values[index].length), isTyped[attribute], hash))
            }
          }
        }
      }
    }
    self.held = held
  }

  /// Number of bytes of the type and its colon: letters and digits before the first colon; 0 without one.
  @inline(__always)
  static func typeLength(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int {
    var index = 0
    let end = min(count, 16)
    // `smtp:`, nearly always.
    if count > 4, start[4] == UInt8(ascii: ":"), (start[0] | 0x20) == UInt8(ascii: "s"),
      (start[1] | 0x20) == UInt8(ascii: "m"), (start[2] | 0x20) == UInt8(ascii: "t"),
      (start[3] | 0x20) == UInt8(ascii: "p")
    {
      return 5
    }
    while index < end {
      let byte = start[index]
      if byte == UInt8(ascii: ":") { return index &+ 1 }
      if !((byte | 0x20) &- 97 < 26 || byte &- 48 < 10) { return 0 }
      index &+= 1
    }
    return 0
  }

  private func addHits(_ value: Int, _ entry: Int, _ batch: EntryBatch, _ hits: inout [RawHit]) {
    let slot = slots[Int(batch.values[value].attribute)]
    guard let comparison = table.comparisons[slot] else { return }
    var bytes = batch.bytes[batch.values[value].range]
    if comparison == .typedAddress || comparison == .text {
      if comparison == .typedAddress { bytes = bytes.dropFirst(Self.typeLength(of: bytes)) }
      while bytes.first == 32 { bytes = bytes.dropFirst() }
      while bytes.last == 32 { bytes = bytes.dropLast() }
    }
    for target in table.targets(comparison, attribute: AttributeSet(number: slot), bytes) {
      hits.append(RawHit(entry: entry, value: value, attribute: slot, target: target))
    }
  }

  /// Number of bytes of the type of an address and its colon.
  static func typeLength(of value: ArraySlice<UInt8>) -> Int {
    value.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { typeLength($0, buffer.count) } ?? 0 }
  }

  private static func merged(_ names: ArraySlice<RawHit>, _ values: ArraySlice<RawHit>) -> [RawHit] {
    var result: [RawHit] = []
    result.reserveCapacity(names.count + values.count)
    var rest = values
    for name in names {
      while let value = rest.first, value.entry < name.entry { result.append(rest.removeFirst()) }
      result.append(name)
    }
    return result + rest
  }
}
