import GRDB

/// The two halves of a fingerprint as SQLite keeps them.
struct FingerprintNumbers: Comparable, Hashable {
  var high: Int64
  var low: Int64

  /// The numbers of 32 hexadecimal digits; nil for any other text.
  init?(_ text: String) {
    var words: (UInt64, UInt64) = (0, 0)
    var count = 0
    for byte in text.utf8 {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      if count < 16 { words.0 = words.0 &<< 4 | UInt64(digit) } else { words.1 = words.1 &<< 4 | UInt64(digit) }
      count += 1
    }
    guard count == 32 else { return nil }
    high = Int64(bitPattern: words.0)
    low = Int64(bitPattern: words.1)
  }

  init(high: Int64, low: Int64) {
    self.high = high
    self.low = low
  }

  /// The 32 hexadecimal digits.
  var text: String {
    [high, low].map { word in
      let digits = String(UInt64(bitPattern: word), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  static func < (left: FingerprintNumbers, right: FingerprintNumbers) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }
}

/// The findings that the last run had, found by fingerprint: what a run compares its own with.
///
/// Read from one index in its order, so that the list is sorted as it comes and a search needs no other table.
struct OpenFindings {
  struct Row {
    var fingerprint: FingerprintNumbers
    var id: Int64
    var rule: Int64
    var firstSeen: Int
    var detailHash: Int64
  }

  private(set) var rows: [Row] = []
  /// Whether the run that is being recorded has it, by position in `rows`.
  var isSeen: [Bool]

  init(_ db: Database) throws {
    let count = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM finding WHERE untilRun IS NULL") ?? 0
    rows.reserveCapacity(count)
    let cursor = try Row.Cursor(db)
    while let row = try cursor.next() { rows.append(row) }
    isSeen = Array(repeating: false, count: rows.count)
  }

  /// Position of a fingerprint; nil when the last run had no such finding.
  func position(of fingerprint: FingerprintNumbers) -> Int? {
    var low = 0
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].fingerprint < fingerprint { low = middle + 1 } else { high = middle }
    }
    return low < rows.count && rows[low].fingerprint == fingerprint ? low : nil
  }

  mutating func setDetailHash(_ hash: Int64, at position: Int) { rows[position].detailHash = hash }
}

extension OpenFindings.Row {
  /// Reads rows in the order of their fingerprints.
  struct Cursor {
    private let rows: GRDB.RowCursor

    init(_ db: Database) throws {
      rows = try GRDB.Row.fetchCursor(
        db,
        sql: """
          SELECT fingerprintHigh, fingerprintLow, id, rule, firstSeen, detailHash FROM finding
          WHERE untilRun IS NULL ORDER BY fingerprintHigh, fingerprintLow
          """)
    }

    func next() throws -> OpenFindings.Row? {
      guard let row = try rows.next() else { return nil }
      return OpenFindings.Row(
        fingerprint: FingerprintNumbers(high: row[0], low: row[1]), id: row[2], rule: row[3], firstSeen: row[4],
        detailHash: row[5])
    }
  }
}

/// A hash of a finding's JSON, by which a change of it is noticed.
///
/// Only compared with what the same store holds; a program that hashes otherwise writes each finding once more.
enum DetailHash {
  static func of(_ bytes: [UInt8]) -> Int64 {
    let span = bytes.span
    var hash: UInt64 = 0x9e37_79b9_7f4a_7c15 ^ UInt64(span.count)
    var index = 0
    while index + 8 <= span.count {
      var word: UInt64 = 0
      for offset in 0..<8 { word |= UInt64(span[index + offset]) &<< UInt64(8 * offset) }
      hash = mix(hash ^ word)
      index += 8
    }
    var word: UInt64 = 0
    while index < span.count {
      word = word &<< 8 | UInt64(span[index])
      index += 1
    }
    return Int64(bitPattern: mix(mix(hash ^ word)))
  }

  /// The full product folded, as in wyhash.
  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: 0xe703_7ed1_a0b4_28db)
    return product.high ^ product.low
  }
}
