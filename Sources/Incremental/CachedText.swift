import Bytes
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

    /// - Parameter entry: its first attributes are numbered as in `CachedText.attributes`.
    init(_ entry: EntryView) {
      dn = Array(entry.dn)
      text = Array(entry.text) + [10]
      if text.count > 1, text[text.count - 2] != 10 { text.append(10) }
      for value in entry.values {
        switch value.attribute {
        case 0 where value.bytes.count == 16: guid = Array(value.bytes)
        case 1: created = String(decoding: value.bytes, as: UTF8.self)
        default: continue
        }
      }
    }
  }

  private var reader: BatchReader

  /// Attributes that must be asked for besides those that are needed.
  static let attributes = ["objectGUID", "whenCreated"]

  /// - Parameter names: attributes whose values are distinguished names, in lower case.
  init(names: Set<String> = []) {
    reader = BatchReader(source: "", hasLines: false, .all(numbering: Self.attributes + names.sorted()))
    count = UInt32(Self.attributes.count + names.count)
  }

  /// Number of attributes that are looked at: those with the numbers below it.
  private let count: UInt32

  /// The entries of a text.
  mutating func entries(of text: [UInt8]) -> [Entry] { reader.read(text).views.map(Entry.init) }

  /// Whether an entry is at or below one of some distinguished names, or has one of them or one below it as a value.
  ///
  /// - Parameter places: `DNHash` of each; two names of one hash only make an entry be read again that need not.
  mutating func names(any places: Set<UInt64>, in text: [UInt8]) -> Bool {
    let batch = reader.read(text)
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
    var hash = FNV1a()
    for byte in DistinguishedName.normalized(dn.span).reversed() { hash.combine(byte) }
    return hash.value
  }

  /// Whether a name is one of some names or below one.
  static func isAtOrBelow(_ dn: Span<UInt8>, any places: Set<UInt64>) -> Bool {
    let normalized = DistinguishedName.normalized(dn)
    var hash = FNV1a()
    var index = normalized.count
    while index > 0 {
      index -= 1
      if normalized[index] == UInt8(ascii: ","), !isEscaped(normalized, index), places.contains(hash.value) {
        return true
      }
      hash.combine(normalized[index])
    }
    return places.contains(hash.value)
  }

  /// Whether a comma belongs to a value: an odd number of backslashes stands before it.
  private static func isEscaped(_ bytes: [UInt8], _ index: Int) -> Bool {
    var count = 0
    while index - 1 - count >= 0, bytes[index - 1 - count] == UInt8(ascii: "\\") { count += 1 }
    return count % 2 == 1
  }
}
