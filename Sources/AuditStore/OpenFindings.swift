import DirectoryModel
import Findings
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

/// A hash of all that a store keeps of a finding, by which a change of it is noticed without writing it out.
///
/// Only compared with what the same store holds; a program that hashes otherwise writes each finding once more.
struct FindingDigest {
  private var hash: UInt64 = 0x9e37_79b9_7f4a_7c15

  static func of(_ finding: Finding) -> Int64 {
    var digest = FindingDigest()
    digest.add(finding.dn.bytes.span)
    digest.add(finding.value?.bytes.span)
    digest.add(finding.message.utf8Span.span)
    digest.add(finding.objectClass.utf8Span.span)
    digest.add(finding.attribute.utf8Span.span)
    digest.add(finding.severity.rawValue.utf8Span.span)
    digest.add(finding.effect.rawValue.utf8Span.span)
    digest.add(finding.suggestion?.value?.bytes.span)
    digest.add(number: UInt64(finding.spans.count))
    for place in finding.related {
      digest.add(place.dn.bytes.span)
      if let guid = place.objectGUID {
        let bytes = guid.bytes
        digest.add(bytes.span)
      } else {
        digest.add(nil)
      }
      digest.add(place.attribute.utf8Span.span)
      digest.add(place.value?.bytes.span)
    }
    return Int64(bitPattern: digest.hash)
  }

  private mutating func add(_ bytes: Span<UInt8>?) {
    guard let bytes else {
      add(number: .max)
      return
    }
    add(number: UInt64(bytes.count))
    var index = 0
    while index + 8 <= bytes.count {
      var word: UInt64 = 0
      for offset in 0..<8 { word |= UInt64(bytes[index + offset]) &<< UInt64(8 * offset) }
      add(number: word)
      index += 8
    }
    var word: UInt64 = 0
    while index < bytes.count {
      word = word &<< 8 | UInt64(bytes[index])
      index += 1
    }
    add(number: word)
  }

  /// The full product folded, as in wyhash.
  @inline(__always)
  private mutating func add(number: UInt64) {
    let product = (hash ^ number ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: 0xe703_7ed1_a0b4_28db)
    hash = product.high ^ product.low
  }
}
