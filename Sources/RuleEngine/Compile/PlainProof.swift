import RuleSet

/// Proves at compile time that a check passes every value of a plain shape.
struct PlainProof {
  let tables: CheckTables
  /// The address type before the value, in lower case, when one is known; nil for none.
  let type: [UInt8]?
  /// Whether the value has a type that is not known by name.
  let hasOtherType: Bool

  /// Whether `check` passes every value of the shape (behind the type and a colon, if there is a type).
  func passes(_ check: ValueCheck, _ shape: PlainShape) -> Bool {
    if passesTypePattern(check) { return true }
    return switch shape {
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

  /// States of an automaton behind the type, in any spelling of its letters.
  private func statesBehindType(_ automaton: PatternAutomaton, _ type: [UInt8]) -> Set<Int> {
    var states: Set<Int> = [automaton.start]
    for byte in type {
      let upper = byte &- 97 < 26 ? byte & 0xDF : byte
      states = Set(states.flatMap { [automaton.next($0, byte), automaton.next($0, upper)] })
    }
    return states
  }

  /// Whether the part before the colon, which a type of a name is known to be, passes a `pattern` check.
  func passesTypePattern(_ check: ValueCheck) -> Bool {
    guard check.kind == .pattern, check.part == .prefix, !hasOtherType else { return false }
    let automaton = tables.automata[check.table]
    return type.map { type in
      statesBehindType(automaton, type).allSatisfy { automaton.isAccepting($0) == check.flag }
    } ?? true
  }

  /// Visits every pair of a state of the pattern and a state of the shape that a value can lead to.
  private func passesPattern(_ check: ValueCheck, _ shape: PlainShape) -> Bool {
    guard !hasOtherType else { return false }
    let automaton = tables.automata[check.table]
    var starts: Set<Int> = [automaton.start]
    var first = 0
    var ends: Set<Int> = shape == .address ? [7] : [1]
    let hidesType = check.part == .afterPrefix || check.part != .whole && check.addressFollowsType
    if check.part == .prefix { return passesTypePattern(check) }
    if let type, !hidesType {
      guard check.part == .whole else { return false }
      starts = statesBehindType(automaton, type + [UInt8(ascii: ":")])
    }
    switch check.part {
    case .localPart: ends = [1]
    case .domain:
      guard shape == .address else { return true }
      first = 3
    case .whole, .afterPrefix, .prefix: break
    }
    let known = alphanumerics + Array("-_.@".utf8)
    var seen = Array(repeating: false, count: automaton.stateCount * PlainShape.stateCount)
    var pending = starts.map { ($0, first) }
    while let (state, plain) = pending.popLast() {
      guard plain != PlainShape.dead, !seen[state * PlainShape.stateCount + plain] else { continue }
      seen[state * PlainShape.stateCount + plain] = true
      if ends.contains(plain), automaton.isAccepting(state) != check.flag { return false }
      for byte in known {
        pending.append((automaton.next(state, byte), Int(PlainShape.next[plain * 256 + Int(byte)])))
      }
    }
    return true
  }
}
