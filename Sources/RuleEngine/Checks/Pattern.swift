import Bytes
import RuleSet

/// `pattern`: a part of the value matches a pattern that it must not match, or does not match one that it must.
struct PatternCheck: CheckKind {
  static let name = "pattern"

  let part: Part
  let pattern: String
  let mustMatch: Bool
  let isCaseSensitive: Bool

  init?(_ node: RuleNode) {
    let known = ["part", "matches", "forbidden", "case-sensitive"]
    guard let options = node.mapping(known, what: "`pattern`") else { return nil }
    let part = options.part()
    let isSensitive = options.caseSensitive()
    guard let (key, pattern) = options.oneOf(["matches", "forbidden"]) else { return nil }
    guard let text = pattern.pattern(), !options.hasMistakes, let part, let isSensitive else { return nil }
    self.part = part
    self.pattern = text
    mustMatch = key == "matches"
    isCaseSensitive = isSensitive
  }

  func words(for rule: Rule) -> String {
    "\(RuleWords.name(part)) \(mustMatch ? "does not match" : "matches") the pattern \(RuleWords.code(pattern))"
      + RuleWords.minding(isCaseSensitive)
  }

  func test(_ draft: inout CheckDraft) throws(PatternFailure) -> PatternTest {
    PatternTest(automaton: try draft.add(pattern: pattern, isCaseSensitive), mustMatch: mustMatch)
  }
}

/// `pattern`, compiled.
struct PatternTest: ValueTesting {
  let automaton: CheckTables.Automaton
  let mustMatch: Bool

  @inline(__always)
  func fails(_ value: Span<UInt8>, _ range: Range<Int>, _ shape: ValueShape, _ tables: CheckTables) -> Bool {
    tables[automaton].matches(value.extracting(range), isPrintable: shape.isPrintable) != mustMatch
  }

  /// The character where it is certain that the pattern cannot match any more.
  func mark(
    _ issue: inout Issue, _ value: Span<UInt8>, _ range: Range<Int>, _ shape: ValueShape, _ tables: CheckTables
  ) {
    guard mustMatch else { return }
    let offset = range.lowerBound + tables[automaton].failureOffset(value.extracting(range))
    let length = offset < value.count ? ScalarReader.scalar(at: offset, of: value).length : 0
    issue.flagged = [offset..<min(range.upperBound, offset + length)]
  }

  func passesAll(_ values: PlainValues, _ part: ValuePart, _ tables: CheckTables) -> Bool {
    if part.part == .prefix { return passesType(values, tables[automaton]) }
    guard values.isPlain, !values.hasOtherType else { return false }
    return passesRest(values, part, tables[automaton])
  }

  /// Whether the part before the colon, which a type of a name is known to be, passes.
  private func passesType(_ values: PlainValues, _ automaton: PatternAutomaton) -> Bool {
    guard !values.hasOtherType else { return false }
    return values.type.map { type in
      Self.states(behind: type, automaton).allSatisfy { automaton.isAccepting($0) == mustMatch }
    } ?? true
  }

  /// States of an automaton behind a type, in any spelling of its letters.
  private static func states(behind type: [UInt8], _ automaton: PatternAutomaton) -> Set<Int> {
    var states: Set<Int> = [automaton.start]
    for byte in type {
      let upper = byte &- 97 < 26 ? byte & 0xDF : byte
      states = Set(states.flatMap { [automaton.next($0, byte), automaton.next($0, upper)] })
    }
    return states
  }

  /// Visits every pair of a state of the pattern and a state of the shape that a value can lead to.
  private func passesRest(_ values: PlainValues, _ part: ValuePart, _ automaton: PatternAutomaton) -> Bool {
    var starts: Set<Int> = [automaton.start]
    var first = 0
    var ends: Set<Int> = values.shape == .address ? [7] : [1]
    let hidesType = part.part == .afterPrefix || part.part != .whole && part.followsType
    if let type = values.type, !hidesType {
      guard part.part == .whole else { return false }
      starts = Self.states(behind: type + [UInt8(ascii: ":")], automaton)
    }
    switch part.part {
    case .localPart: ends = [1]
    case .domain:
      guard values.shape == .address else { return true }
      first = 3
    case .whole, .afterPrefix, .prefix: break
    }
    let known = PlainValues.alphanumerics + Array("-_.@".utf8)
    var seen = Array(repeating: false, count: automaton.stateCount * PlainShape.stateCount)
    var pending = starts.map { ($0, first) }
    while let (state, plain) = pending.popLast() {
      guard plain != PlainShape.dead, !seen[state * PlainShape.stateCount + plain] else { continue }
      seen[state * PlainShape.stateCount + plain] = true
      if ends.contains(plain), automaton.isAccepting(state) != mustMatch { return false }
      for byte in known {
        pending.append((automaton.next(state, byte), Int(PlainShape.next[plain * 256 + Int(byte)])))
      }
    }
    return true
  }

  /// What is too short to match a forbidden pattern passes it.
  func clearLength(_ values: PlainValues, _ part: ValuePart, _ tables: CheckTables) -> Int? {
    guard !mustMatch, tables[automaton].shortest > Self.longLength else { return nil }
    return tables[automaton].shortest - 1
  }

  /// Values are often longer than a pattern that matches fewer bytes.
  private static let longLength = 48
}
