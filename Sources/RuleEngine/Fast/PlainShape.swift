/// Room: telling plain values from all others, in one pass.
///
/// Nearly every value of a directory is plain: an address such as `jo.doe@contoso.com`, a word such as `jodoe`, or printable
/// text. When rules are compiled, each check is tried against all values of a plain shape at once; a check that passes all of
/// them is left out of the shape's list (`RuleProgram.plans`), so a plain value only meets the few checks that look at
/// something else (its length, its domain). The proof is exact for patterns (every reachable pair of states is visited) and
/// conservative for the rest. Values of no plain shape meet every check; the tests compare both ways.
enum PlainShape: Int, CaseIterable {
  /// Letters and digits, single `.`, `-` or `_` between them, one `@`, and two or more labels.
  case address
  /// Letters and digits, and single `.`, `-` or `_` between them.
  case word
  /// Printable ASCII that begins and ends with a visible character.
  case text
  /// Anything else.
  case other

  /// Classes of bytes for the automaton of words and addresses.
  private enum ByteClass: UInt8 {
    case other, alphanumeric, hyphen, underscore, dot, at
  }

  /// States: 0 start, 1 behind a letter or digit, 2 behind a separator, 3 behind `@`, 4 in the first label, 5 behind a hyphen
  /// in it, 6 behind a dot, 7 in a later label, 8 behind a hyphen in it; 9 is dead.
  static let dead = 9
  static let stateCount = 10

  /// Next state by state and byte.
  static let next: [UInt8] = {
    let rows: [[UInt8]] = [
      // other, alphanumeric, hyphen, underscore, dot, at
      [9, 1, 9, 9, 9, 9], [9, 1, 2, 2, 2, 3], [9, 1, 9, 9, 9, 9], [9, 4, 9, 9, 9, 9], [9, 4, 5, 9, 6, 9],
      [9, 4, 5, 9, 9, 9], [9, 7, 9, 9, 9, 9], [9, 7, 8, 9, 6, 9], [9, 7, 8, 9, 9, 9], [9, 9, 9, 9, 9, 9],
    ]
    return rows.flatMap { row in (0..<256).map { row[Int(byteClass(UInt8($0)).rawValue)] } }
  }()

  private static func byteClass(_ byte: UInt8) -> ByteClass {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      .alphanumeric
    case UInt8(ascii: "-"): .hyphen
    case UInt8(ascii: "_"): .underscore
    case UInt8(ascii: "."): .dot
    case UInt8(ascii: "@"): .at
    default: .other
    }
  }

  /// The shape of what begins at `start`; `table` is `next`.
  @inline(__always)
  static func of(_ value: Span<UInt8>, from start: Int, _ table: Span<UInt8>) -> (shape: PlainShape, at: Int) {
    let count = value.count &- start
    if count > 0, count <= 64 {
      let marks = ByteMarks(value, from: start, count)
      if let found = shape(marks, count) { return (found.shape, found.at < 0 ? -1 : found.at &+ start) }
      if marks.hasOthers { return (isText(value) ? .text : .other, -1) }
    }
    return walked(value, from: start, table)
  }

  /// The shape by a look at all separators at once; nil where that does not tell.
  @inline(__always)
  private static func shape(_ marks: ByteMarks, _ count: Int) -> (shape: PlainShape, at: Int)? {
    let separators = marks.separators
    let ends: UInt64 = 1 | 1 &<< UInt64(truncatingIfNeeded: count &- 1)
    // Separators side by side are nearly always wrong; two hyphens in a domain are left to the automaton.
    guard !marks.hasOthers, separators & (separators &<< 1 | ends) == 0 else { return nil }
    guard marks.ats != 0 else { return (.word, -1) }
    let domain = ~(marks.ats ^ (marks.ats &- 1))
    guard marks.ats & (marks.ats &- 1) == 0, marks.underscores & domain == 0, marks.dots & domain != 0 else {
      return nil
    }
    return (.address, marks.ats.trailingZeroBitCount)
  }

  /// The same by the automaton, byte by byte.
  @inline(never)
  static func walked(_ value: Span<UInt8>, from start: Int, _ table: Span<UInt8>) -> (shape: PlainShape, at: Int) {
    var state = 0
    var at = -1
    for index in start..<max(start, value.count) {
      state = Int(table[state &* 256 &+ Int(value[index])])
      if state == 3 { at = index }
      if state == dead { break }
    }
    switch state {
    case 7: return (.address, at)
    case 1: return (.word, -1)
    default: return (isText(value) ? .text : .other, -1)
    }
  }

  /// Whether a value is printable ASCII with a visible character at both ends.
  @inline(__always)
  static func isText(_ value: Span<UInt8>) -> Bool {
    let count = value.count
    guard count > 0, value[0] &- 33 < 94, value[count &- 1] &- 33 < 94 else { return false }
    return value.withUnsafeBufferPointer { buffer in
      let raw = UnsafeRawBufferPointer(buffer)
      guard count >= 16 else {
        if count >= 8 { return (outside(WideBytes.word(raw, 0)) | outside(WideBytes.word(raw, count &- 8))) == 0 }
        for byte in raw where byte &- 32 >= 95 { return false }
        return true
      }
      // Sixteen bytes at once; the last sixteen overlap those before. A byte below 32 wraps around to a large one.
      var isBad = (raw.loadUnaligned(fromByteOffset: count &- 16, as: SIMD16<UInt8>.self) &- splat(32)) .>= splat(95)
      var offset = 0
      while offset &+ 16 < count {
        let bytes = raw.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
        isBad = isBad .| ((bytes &- splat(32)) .>= splat(95))
        offset &+= 16
      }
      let words = unsafeBitCast(isBad, to: SIMD2<UInt64>.self)
      return words[0] | words[1] == 0
    }
  }

  /// Top bits of the bytes that are below 0x20 or above 0x7E.
  ///
  /// A byte is outside 0x20...0x7E when adding 1 to it or taking 0x20 from it sets its top bit.
  @inline(__always)
  private static func outside(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let seven: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    let low = word & seven
    // Per byte, without carries into the next: 0x60 + low has its top bit clear when low < 0x20; low + 1 sets it for 0x7F.
    let belowSpace = ~(low &+ ones &* 0x60)
    let delete = low &+ ones
    return (word | belowSpace | delete) & 0x8080_8080_8080_8080
  }
}
