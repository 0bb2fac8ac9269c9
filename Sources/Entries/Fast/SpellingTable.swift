import Directory

/// What an attribute description means for the reader of records.
enum SpellingKind: UInt8 {
  /// An attribute like any other.
  case ordinary
  /// `dn`, which starts a record.
  case dn
  /// `changetype` or `control`, which mean something right behind the DN.
  case directive
  /// An attribute with a `range` option.
  case ranged
  /// An attribute that nobody wants to read.
  case unread
}

/// One way in which an attribute description is written in the source, colon included, ready to be compared.
struct Spelling: BitwiseCopyable {
  /// The first 32 bytes, zero-padded, as four words.
  var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  /// Ones where `words` has bytes of the spelling.
  var masks: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  /// Number of bytes, with the colon.
  var length: Int32 = 0
  /// Where the bytes are in the table's `text`.
  var textStart: Int32 = 0
  /// The number of the attribute description without its `range` option.
  var attribute: UInt32 = 0
  /// The spelling, other than this one, that stood on the next line when this one was last seen.
  var next: UInt32 = 0
  /// What it means.
  var kind: SpellingKind = .ordinary
  /// For a ranged attribute, whether this is its last part.
  var isLastRange = false
}

/// Room: telling which attribute a line is about without looking at its name byte by byte.
///
/// In an export the same names follow each other again and again, so a line is first compared with the spelling that came
/// next the last time, then with the one just seen (further values), and only then looked up by a hash. The comparison is
/// four masked words; that is exact, not a guess, for names of up to 31 bytes, and the bytes beyond are compared one by
/// one. A spelling ends with its colon and has neither colon nor line end before it, so a match can never run over the
/// end of a line; it can run over the end of the text, which the caller has to test. Reading 32 bytes at the end of the
/// text is allowed by `LDIFBlock.slack`. Spellings come from lines that the careful reader has checked, so that a match
/// proves the description well-formed. At most `capacity` spellings are kept: what does not fit is read carefully each time.
struct SpellingTable: Sendable {
  static let capacity = 16_384
  /// The number of the spelling `dn:`.
  static let dn = 0

  var spellings: [Spelling] = []
  /// Open addressing over `spellings`; 0 is free, else the number plus one. A power of two in size.
  private(set) var slots = [UInt32](repeating: 0, count: 1024)
  /// The bytes of all spellings.
  private(set) var text: [UInt8] = []

  /// Values of attribute types numbered below this are read; the scanner passes over others.
  let readCount: AttributeID

  init(readCount: AttributeID) {
    self.readCount = readCount
    add(Array("dn:".utf8), attribute: 0, kind: .dn, isLastRange: false)
  }

  /// Remembers a spelling that is not yet known.
  ///
  /// - Parameter bytes: The description as written, with its colon.
  mutating func add(_ bytes: [UInt8], attribute: UInt32, kind: SpellingKind, isLastRange: Bool) {
    guard !isFull, bytes.count < 1 << 16 else { return }
    var padded = [UInt8](repeating: 0, count: 32)
    var mask = padded
    for (index, byte) in bytes.prefix(32).enumerated() {
      padded[index] = byte
      mask[index] = 0xff
    }
    var spelling = Spelling()
    spelling.words = Self.words(padded)
    spelling.masks = Self.words(mask)
    spelling.length = Int32(bytes.count)
    spelling.textStart = Int32(text.count)
    spelling.attribute = attribute
    spelling.kind = kind
    spelling.isLastRange = isLastRange
    text.append(contentsOf: bytes)
    spellings.append(spelling)
    if spellings.count * 2 > slots.count {
      slots = [UInt32](repeating: 0, count: slots.count * 2)
      for number in spellings.indices { place(number) }
    } else {
      place(spellings.count - 1)
    }
  }

  /// Whether there is no room for another spelling.
  var isFull: Bool { spellings.count >= Self.capacity }

  /// The number of a spelling, when it is known.
  func number(of bytes: [UInt8]) -> Int? {
    var line = bytes
    line.append(contentsOf: repeatElement(0, count: LDIFBlock.slack))
    return line.withUnsafeBufferPointer { line in
      spellings.withUnsafeBufferPointer { spellings in
        text.withUnsafeBufferPointer { text in
          slots.withUnsafeBufferPointer { slots in
            guard let line = line.baseAddress, let spellings = spellings.baseAddress, let text = text.baseAddress,
              let first = slots.baseAddress
            else { return nil }
            return Self.find(line, spellings, text, first, slotMask: slots.count - 1)
          }
        }
      }
    }
  }

  /// Calls `body` with the spellings, their bytes, and the slots.
  @inline(__always)
  mutating func withUnsafePointers<Result>(
    _ body: (UnsafeMutablePointer<Spelling>, UnsafePointer<UInt8>, UnsafePointer<UInt32>) -> Result?
  ) -> Result? {
    spellings.withUnsafeMutableBufferPointer { spellings in
      text.withUnsafeBufferPointer { text in
        slots.withUnsafeBufferPointer { slots in
          guard let spellings = spellings.baseAddress, let text = text.baseAddress, let slots = slots.baseAddress
          else { return nil }
          return body(spellings, text, slots)
        }
      }
    }
  }

  private mutating func place(_ number: Int) {
    let words = spellings[number].words
    var slot = Self.hash(words.0, words.1, words.2, words.3) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = UInt32(number + 1)
  }

  private static func words(_ bytes: [UInt8]) -> (UInt64, UInt64, UInt64, UInt64) {
    func word(_ number: Int) -> UInt64 {
      (0..<8).reduce(0) { $0 | UInt64(bytes[number * 8 + $1]) << UInt64($1 * 8) }
    }
    return (word(0), word(1), word(2), word(3))
  }

  /// Whether the line at `line` begins with a spelling.
  @inline(__always)
  static func matches(
    _ spelling: UnsafePointer<Spelling>, _ line: UnsafePointer<UInt8>, _ text: UnsafePointer<UInt8>
  ) -> Bool {
    let words = spelling.pointee.words
    let masks = spelling.pointee.masks
    let difference =
      (load(line, 0) ^ words.0) & masks.0 | (load(line, 8) ^ words.1) & masks.1
      | (load(line, 16) ^ words.2) & masks.2 | (load(line, 24) ^ words.3) & masks.3
    if difference != 0 { return false }
    let length = Int(spelling.pointee.length)
    return length <= 32 || matchesRest(line, length, text + Int(spelling.pointee.textStart))
  }

  @inline(never)
  private static func matchesRest(_ line: UnsafePointer<UInt8>, _ length: Int, _ text: UnsafePointer<UInt8>) -> Bool {
    var index = 32
    // A line feed in the line differs from the spelling, so this stops at the end of the line at the latest, and at
    // the end of the text by the zero byte there.
    while index < length, line[index] == text[index] { index += 1 }
    return index == length
  }

  /// The number of the spelling with which the line at `line` begins.
  @inline(never)
  static func find(
    _ line: UnsafePointer<UInt8>, _ spellings: UnsafePointer<Spelling>, _ text: UnsafePointer<UInt8>,
    _ slots: UnsafePointer<UInt32>, slotMask: Int
  ) -> Int? {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    words.0 = throughColon(load(line, 0))
    if !hasColon(words.0) {
      words.1 = throughColon(load(line, 8))
      if !hasColon(words.1) {
        words.2 = throughColon(load(line, 16))
        if !hasColon(words.2) { words.3 = throughColon(load(line, 24)) }
      }
    }
    var slot = hash(words.0, words.1, words.2, words.3) & slotMask
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if matches(spellings + number, line, text) { return number }
      slot = (slot + 1) & slotMask
    }
    return nil
  }

  @inline(__always)
  private static func load(_ pointer: UnsafePointer<UInt8>, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(pointer).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// A bit in the highest place of each byte that is a colon, exact up to and with the first one.
  @inline(__always)
  private static func colons(_ word: UInt64) -> UInt64 {
    let zeroed = word ^ 0x3a3a_3a3a_3a3a_3a3a
    return (zeroed &- 0x0101_0101_0101_0101) & ~zeroed & 0x8080_8080_8080_8080
  }

  @inline(__always)
  private static func hasColon(_ word: UInt64) -> Bool { colons(word) != 0 }

  /// The bytes of a word up to and with its first colon; all of them when it has none.
  @inline(__always)
  private static func throughColon(_ word: UInt64) -> UInt64 {
    let colons = colons(word)
    // `colons ^ (colons - 1)` has ones up to and with the lowest set bit, the highest bit of the first colon.
    return colons == 0 ? word : word & (colons ^ (colons &- 1))
  }

  @inline(__always)
  private static func hash(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) -> Int {
    var hash = (first ^ second &* 0x9e37_79b9_7f4a_7c15 ^ third &* 0xc2b2_ae3d_27d4_eb4f) &* 0xff51_afd7_ed55_8ccd
    hash ^= fourth &* 0x1656_67b1_9e37_79f9
    hash ^= hash >> 32
    return Int(truncatingIfNeeded: (hash &* 0xc4ce_b9fe_1a85_ec53) >> 33)
  }
}
