import Directory
import Entries

/// Reads the LDIF text of entries that are cached.
struct CachedText {
  /// An entry of a text.
  struct Entry {
    /// `objectGUID`; empty where the entry came without it.
    var guid: [UInt8] = []
    /// `whenCreated`; empty where the entry came without it.
    var created = ""
    var dn: [UInt8] = []
    /// The record, with the blank line that ends it.
    var text: [UInt8] = []
  }

  private var parser: LDIFParser
  private var batch: EntryBatch

  /// Attributes that must be asked for besides those that are needed.
  static let attributes = ["objectGUID", "whenCreated"]

  /// - Parameter names: attributes whose values are distinguished names, in lower case.
  init(names: Set<String> = []) {
    let table = AttributeTable(Self.attributes + names.sorted())
    parser = LDIFParser(attributes: table)
    batch = EntryBatch(attributes: table)
    count = UInt32(Self.attributes.count + names.count)
  }

  /// Number of attributes that are looked at: those with the numbers below it.
  private let count: UInt32

  /// The entries of a text.
  mutating func entries(of text: [UInt8]) -> [Entry] {
    var block = LDIFBlock(text: text)
    return entries(of: &block)
  }

  /// The entries of a block, which is used up by it.
  mutating func entries(of block: inout LDIFBlock) -> [Entry] {
    parser.parse(&block, into: &batch)
    return batch.entries.map { record in
      var entry = Entry()
      entry.dn = Array(batch.bytes[record.dn])
      let start = Int(record.textOffset)
      entry.text = Array(batch.bytes[start..<start + Int(record.textLength)]) + [10]
      if entry.text.count > 1, entry.text[entry.text.count - 2] != 10 { entry.text.append(10) }
      for value in batch.values[record.values] {
        switch value.attribute {
        case 0 where value.length == 16: entry.guid = Array(batch.bytes[value.range])
        case 1: entry.created = String(decoding: batch.bytes[value.range], as: UTF8.self)
        default: continue
        }
      }
      return entry
    }
  }

  /// Whether an entry is at or below one of some distinguished names, or has one of them or one below it as a value.
  ///
  /// - Parameter places: `DNHash` of each; two names of one hash only make an entry be read again that need not.
  mutating func names(any places: Set<UInt64>, in text: [UInt8]) -> Bool {
    var block = LDIFBlock(text: text)
    parser.parse(&block, into: &batch)
    let bytes = batch.bytes.span
    for record in batch.entries {
      if DNHash.isAtOrBelow(bytes.extracting(record.dn), any: places) { return true }
      for value in batch.values[record.values] where value.attribute >= 2 && value.attribute < count {
        let whole = bytes.extracting(value.range)
        let name = whole.extracting(Self.dnStart(in: whole)..<whole.count)
        if DNHash.isAtOrBelow(name, any: places) { return true }
      }
    }
    return false
  }

  /// Where the distinguished name begins in a value, which may be `B:8:01020304:CN=…` or `S:4:text:CN=…` (MS-ADTS 3.1.1.2.2.2).
  private static func dnStart(in value: Span<UInt8>) -> Int {
    guard value.count > 4, value[1] == UInt8(ascii: ":"),
      value[0] == UInt8(ascii: "B") || value[0] == UInt8(ascii: "S")
    else { return 0 }
    var length = 0
    var index = 2
    while index < value.count, value[index] &- 48 < 10, length < 1 << 24 {
      length = length * 10 + Int(value[index] &- 48)
      index += 1
    }
    let start = index + 1 + length + 1
    guard index < value.count, value[index] == UInt8(ascii: ":"), start <= value.count else { return 0 }
    return start
  }
}

/// 64-bit hashes of distinguished names, made from the end, so that one pass over a name has those of all above it.
enum DNHash {
  /// The hash of a name.
  static func of(_ dn: [UInt8]) -> UInt64 {
    DistinguishedName.normalized(dn.span).reversed().reduce(seed, add)
  }

  /// Whether a name is one of some names or below one.
  static func isAtOrBelow(_ dn: Span<UInt8>, any places: Set<UInt64>) -> Bool {
    let normalized = DistinguishedName.normalized(dn)
    var hash = seed
    var index = normalized.count
    while index > 0 {
      index -= 1
      if normalized[index] == UInt8(ascii: ","), !isEscaped(normalized, index), places.contains(hash) { return true }
      hash = add(hash, normalized[index])
    }
    return places.contains(hash)
  }

  /// Whether a comma belongs to a value: an odd number of backslashes stands before it.
  private static func isEscaped(_ bytes: [UInt8], _ index: Int) -> Bool {
    var count = 0
    while index - 1 - count >= 0, bytes[index - 1 - count] == UInt8(ascii: "\\") { count += 1 }
    return count % 2 == 1
  }

  private static let seed: UInt64 = 0xcbf2_9ce4_8422_2325

  private static func add(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
}
