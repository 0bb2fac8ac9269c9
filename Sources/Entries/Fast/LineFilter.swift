import Directory

/// Room: telling by its first three bytes that a line is none that anybody asked for.
///
/// Of an export that is read again only a few attributes are wanted, and most lines are neither theirs nor anything that
/// tells records apart. A line that passes may still be another one; a line that does not is none of them, or continues one
/// that did not pass. Case is ignored. The plain version, the scanner without a filter, is in the tests.
struct LineFilter: Sendable {
  /// How many bytes of a line are looked at.
  static let length = 3
  /// One bit for each number of twelve bits.
  private(set) var table = [UInt64](repeating: 0, count: 64)

  /// A filter for attribute types; nil when one of them has a name of one byte, which tells too little.
  init?(_ names: some Sequence<String>) {
    // Lines that say what a record is, whatever attributes are wanted.
    for name in Array(names) + ["dn", "changetype", "control"] {
      let start = Array(name.utf8.prefix(Self.length))
      switch start.count {
      case Self.length: add(start)
      case 2: for end in [UInt8(ascii: ":"), UInt8(ascii: ";")] { add(start + [end]) }
      default: return nil
      }
    }
  }

  private mutating func add(_ start: [UInt8]) {
    let number = Self.number(UInt32(start[0]) | UInt32(start[1]) << 8 | UInt32(start[2]) << 16)
    table[number / 64] |= 1 << UInt64(number % 64)
  }

  /// Whether a line has to be looked at: one that is not continued from another, and may be wanted. (A name may be folded
  /// within its first bytes, so a short line tells nothing.)
  ///
  /// - Parameter line: its start; four bytes are read, however long it is.
  @inline(__always)
  static func passes(_ line: UnsafePointer<UInt8>, count: Int, _ table: UnsafePointer<UInt64>) -> Bool {
    let word = UInt32(littleEndian: UnsafeRawPointer(line).loadUnaligned(as: UInt32.self))
    let number = number(word)
    let isSet = table[number &>> 6] &>> UInt64(truncatingIfNeeded: number & 63) & 1 != 0
    return (isSet || count < length) && line[0] != UInt8(ascii: " ")
  }

  @inline(__always)
  private static func number(_ word: UInt32) -> Int {
    Int(truncatingIfNeeded: ((word & 0xFF_FFFF | 0x20_2020) &* 0x9E37_79B1) &>> 20)
  }
}
