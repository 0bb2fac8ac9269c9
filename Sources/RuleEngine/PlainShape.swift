import RuleSet

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
    var state = 0
    var at = -1
    let count = value.count
    table.withUnsafeBufferPointer { table in
      value.withUnsafeBufferPointer { value in
        var index = start
        while index < count {
          // States are below `stateCount` and the table has 256 entries for each.
          state = Int(table[unchecked: state &* 256 &+ Int(value[unchecked: index])])
          if state >= 3 {
            if state == 3 { at = index }
            if state == dead { return }
          }
          index &+= 1
        }
      }
    }
    switch state {
    case 7: return (.address, at)
    case 1: return (.word, -1)
    default: return (isText(value) ? .text : .other, -1)
    }
  }

  /// Whether a value is printable ASCII with a visible character at both ends.
  ///
  /// Eight bytes at once: a byte is outside 0x20...0x7E when adding 1 to it or taking 0x20 from it sets its top bit.
  @inline(__always)
  static func isText(_ value: Span<UInt8>) -> Bool {
    let count = value.count
    guard count > 0, value[0] &- 33 < 94, value[count &- 1] &- 33 < 94 else { return false }
    return value.withUnsafeBufferPointer { buffer in
      let raw = UnsafeRawBufferPointer(buffer)
      var bad: UInt64 = 0
      var offset = 0
      while offset &+ 8 <= count {
        bad |= outside(raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        offset &+= 8
      }
      if offset < count {
        if count >= 8 {
          bad |= outside(raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
        } else {
          while offset < count {
            if raw[offset] &- 32 >= 95 { return false }
            offset &+= 1
          }
        }
      }
      return bad == 0
    }
  }

  /// Top bits of the bytes that are below 0x20 or above 0x7E.
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

/// Proves at compile time that a check passes every value of a plain shape.
struct PlainProof {
  let tables: CheckTables
  /// The address type before the value, in lower case, when one is known; nil for none.
  let type: [UInt8]?
  /// Whether the value has a type that is not known by name.
  let hasOtherType: Bool

  /// Whether `check` passes every value of the shape (behind the type and a colon, if there is a type).
  func passes(_ check: ValueCheck, _ shape: PlainShape) -> Bool {
    switch shape {
    case .other: false
    case .text: passesText(check)
    case .word, .address: passesPlain(check, shape)
    }
  }

  /// Whether no value of the shape is too short for a `length` check, so that a short value passes it.
  func isLongEnough(_ check: ValueCheck, _ shape: PlainShape) -> Bool {
    guard shape != .other else { return false }
    if check.minimum <= 0 { return true }
    // Parts of a text, and what stands before a colon, can be empty.
    return check.minimum == 1 && (check.part == .whole || shape != .text && isPlain(check.part, check, shape))
  }

  /// Whether a part lies behind the type, where the shape tells what it is made of; otherwise a type that is not known by
  /// name, of which nothing is known, may be in it.
  private func isPlain(_ part: Part, _ check: ValueCheck, _ shape: PlainShape) -> Bool {
    switch part {
    case .afterPrefix: true
    case .whole, .prefix: !hasOtherType
    case .localPart: !hasOtherType || check.addressFollowsType
    // The last `@` of an address is its own; a word may follow a type that has one.
    case .domain: !hasOtherType || check.addressFollowsType || shape == .address
    }
  }

  private func passesText(_ check: ValueCheck) -> Bool {
    switch check.kind {
    case .notBlank: return true
    case .characters:
      let matcher = tables.matchers[check.table]
      // Only the ends of the whole value are known to be visible.
      let first: UInt32 = check.position != .anywhere && check.part == .whole ? 0x21 : 0x20
      return !(first...0x7E).contains { matcher.flags($0) }
    case .addressType: return passesType(check)
    default: return false
    }
  }

  /// Whether an `address-type` check passes every value of the type at hand.
  private func passesType(_ check: ValueCheck) -> Bool {
    guard !hasOtherType else { return false }
    guard let type else { return !check.flag }
    if check.table >= 0, !tables.texts[check.table].contains(type) { return false }
    return check.secondTable < 0 || !tables.texts[check.secondTable].contains(type)
  }

  private func passesPlain(_ check: ValueCheck, _ shape: PlainShape) -> Bool {
    switch check.kind {
    case .notBlank: return true
    case .characters, .sequence, .occurrences, .pattern:
      return isPlain(check.part, check, shape) && passesPart(check, shape)
    case .addressType: return passesType(check)
    case .length, .domain, .oneOf, .number, .containedIn: return false
    }
  }

  private func passesPart(_ check: ValueCheck, _ shape: PlainShape) -> Bool {
    switch check.kind {
    case .characters:
      let matcher = tables.matchers[check.table]
      let isEdge = check.position != .anywhere
      return !bytes(of: check.part, shape, edgesOnly: isEdge).contains { matcher.flags(UInt32($0)) }
    case .sequence:
      let known = Set(bytes(of: check.part, shape, edgesOnly: false))
      return tables.texts[check.table].allSatisfy { text in
        text.contains { !known.contains($0) } || zip(text, text.dropFirst()).contains(where: Self.cannotMeet)
      }
    case .occurrences: return passesOccurrences(check, shape)
    case .pattern: return passesPattern(check, shape)
    default: return false
    }
  }

  /// Two separators side by side, but for hyphens, which a label may have.
  private static func cannotMeet(_ left: UInt8, _ right: UInt8) -> Bool {
    let separators = Array("-_.".utf8)
    return separators.contains(left) && separators.contains(right) && (left, right) != (separators[0], separators[0])
  }

  private var alphanumerics: [UInt8] { Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8) }

  /// Bytes that a part of a value of the shape can have (at its ends).
  private func bytes(of part: Part, _ shape: PlainShape, edgesOnly: Bool) -> [UInt8] {
    let typed = type != nil || hasOtherType
    var known = alphanumerics
    if !edgesOnly { known += Array("-_.".utf8) }
    if !edgesOnly, shape == .address, part == .whole || part == .afterPrefix { known.append(UInt8(ascii: "@")) }
    if !edgesOnly, typed, part == .whole || part == .prefix { known.append(UInt8(ascii: ":")) }
    // An address that is not set apart from its type begins with it.
    if !edgesOnly, typed, part == .localPart { known.append(UInt8(ascii: ":")) }
    return known
  }

  private func passesOccurrences(_ check: ValueCheck, _ shape: PlainShape) -> Bool {
    let text = tables.texts[check.table][0]
    var count: Int?
    if text == [UInt8(ascii: "@")] {
      count = shape == .address && (check.part == .whole || check.part == .afterPrefix) ? 1 : 0
    } else if text == [UInt8(ascii: ":")], check.part == .afterPrefix || check.part == .domain {
      count = 0
    }
    return count.map { $0 >= check.minimum && $0 <= check.maximum } ?? false
  }

  /// Visits every pair of a state of the pattern and a state of the shape that a value can lead to.
  private func passesPattern(_ check: ValueCheck, _ shape: PlainShape) -> Bool {
    guard !hasOtherType else { return false }
    let automaton = tables.automata[check.table]
    var starts: Set<Int> = [automaton.start]
    var first = 0
    var ends: Set<Int> = shape == .address ? [7] : [1]
    let hidesType = check.part == .afterPrefix || check.part != .whole && check.addressFollowsType
    if let type, !hidesType {
      guard check.part == .whole else { return false }
      for byte in type + [UInt8(ascii: ":")] {
        let upper = byte &- 97 < 26 ? byte & 0xDF : byte
        starts = Set(starts.flatMap { [automaton.next($0, byte), automaton.next($0, upper)] })
      }
    }
    switch check.part {
    case .localPart: ends = [1]
    case .domain:
      guard shape == .address else { return true }
      first = 3
    case .prefix: return type == nil
    case .whole, .afterPrefix: break
    }
    var seen: Set<Int> = []
    var pending = starts.map { ($0, first) }
    while let (state, plain) = pending.popLast() {
      guard plain != PlainShape.dead, seen.insert(state * PlainShape.stateCount + plain).inserted else { continue }
      if ends.contains(plain), automaton.isAccepting(state) != check.flag { return false }
      guard seen.count < 50_000 else { return false }
      for byte in alphanumerics + Array("-_.@".utf8) {
        pending.append((automaton.next(state, byte), Int(PlainShape.next[plain * 256 + Int(byte)])))
      }
    }
    return true
  }
}

extension UnsafeBufferPointer {
  /// The element at an index that is known to be in range.
  @inline(__always)
  fileprivate subscript(unchecked index: Int) -> Element { baseAddress.unsafelyUnwrapped[index] }
}
