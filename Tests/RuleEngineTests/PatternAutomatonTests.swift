import Bytes
import RuleSet
import Testing

@testable import RuleEngine

/// Plain matching of a pattern: every way is tried.
struct PlainPattern {
  let syntax: PatternSyntax

  init(_ pattern: String, isCaseSensitive: Bool) throws {
    syntax = try PatternSyntax(parsing: pattern, ignoringCase: !isCaseSensitive)
  }

  /// Whether the whole text matches; nil text stands for bytes that are no text.
  func matches(_ text: [UInt8]) -> Bool {
    guard let text = String(validating: text, as: UTF8.self) else { return false }
    let scalars = text.unicodeScalars.map(\.value)
    return Self.ends(syntax, scalars, 0).contains(scalars.count)
  }

  /// Whether some longer text that begins with `text` could match, tried on a few continuations.
  private static func ends(_ syntax: PatternSyntax, _ text: [UInt32], _ start: Int) -> Set<Int> {
    switch syntax {
    case .empty: return [start]
    case .character(let set): return start < text.count && set.contains(text[start]) ? [start + 1] : []
    case .sequence(let parts):
      return parts.reduce([start]) { ends, part in Set(ends.flatMap { Self.ends(part, text, $0) }) }
    case .alternatives(let parts): return Set(parts.flatMap { ends($0, text, start) })
    case .repetition(let part, let min, let max):
      var reached: Set<Int> = [start]
      var result: Set<Int> = min == 0 ? [start] : []
      for round in 1...Swift.max(1, Swift.max(min, Swift.min(max ?? .max, min + text.count + 1))) {
        if let max, round > max { break }
        reached = Set(reached.flatMap { ends(part, text, $0) })
        if round >= min { result.formUnion(reached) }
      }
      return result
    }
  }
}

@Suite struct PatternAutomatonTests {
  static let patterns = [
    "", "a", ".", ".*", "a|b|", "(a|ab)(c|bcd)?", "a{2}", "a{2,}", "a{0,2}b", "(ab?){1,3}", "(?:a|b)*abb", "[a-c]+",
    "[^a]", "[^ä-ö]*", "ä+", "[ä漢😀]{1,2}", "\\d+", "\\w*\\s?", "\\S+", ".{3}", ".?.?a", "(a*)*", "(a*|b)+", "a{0}",
    "[\\x00-\\x1f]".replacing("\\x00-\\x1f", with: " -,"), "\\.\\*", "[^\\d]b", "(.a)+", "é|è|ê", "[\u{800}-\u{FFFF}]a",
    "[\u{7F}-\u{10000}]", "((a|b){2}|c)+", "k", "[A-Z]+", "ſ|ß",
  ]

  private static let letters: [[UInt8]] =
    [
      "a", "b", "c", "d", "A", "B", "K", "k", "\u{212A}", "ä", "ö", "Ä", "é", "漢", "😀", "1", " ", "_", ".", "*", "s",
      "\n",
      "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}", "\u{D7FF}", "\u{E000}", "ß", "ſ",
    ].map { Array($0.utf8) }

  @Test(arguments: patterns, [true, false]) func agreesWithPlainMatching(_ pattern: String, _ isExact: Bool) throws {
    let automaton = try PatternAutomaton(pattern, isCaseSensitive: isExact)
    let plain = try PlainPattern(pattern, isCaseSensitive: isExact)
    var random = SampleRandom(UInt64(pattern.utf8.count))
    let few = Self.letters.prefix(4) + [Self.letters[9]]
    for round in 0..<600 {
      var text = random.text(of: round % 2 == 0 ? Array(few) : Self.letters, upTo: 6)
      if round % 11 == 0, !text.isEmpty { text[random.below(text.count)] = UInt8(random.below(256)) }
      #expect(automaton.matches(text) == plain.matches(text), "\(pattern) on \(text)")
    }
    for text in [""] + Self.letters.map({ String(decoding: $0, as: UTF8.self) }) {
      let bytes = Array(text.utf8)
      #expect(automaton.matches(bytes) == plain.matches(bytes), "\(pattern) on \(text)")
    }
  }

  /// Patterns put together at random.
  @Test(arguments: 0..<40) func randomPatterns(_ seed: UInt64) throws {
    var random = SampleRandom(seed)
    func pattern(_ depth: Int) -> String {
      let atoms = ["a", "b", "ä", ".", "[ab]", "[^a]", "c"]
      switch depth == 0 ? 0 : random.below(6) {
      case 0, 1: return atoms[random.below(atoms.count)]
      case 2: return pattern(depth - 1) + pattern(depth - 1)
      case 3: return "(\(pattern(depth - 1))|\(pattern(depth - 1)))"
      case 4: return "(?:\(pattern(depth - 1)))" + ["*", "+", "?"][random.below(3)]
      default: return "(\(pattern(depth - 1)))" + ["{2}", "{1,3}", "{0,2}", "{2,}"][random.below(4)]
      }
    }
    let made = pattern(4)
    let automaton = try PatternAutomaton(made, isCaseSensitive: true)
    let plain = try PlainPattern(made, isCaseSensitive: true)
    let letters = ["a", "b", "c", "ä"].map { Array($0.utf8) }
    for _ in 0..<200 {
      let text = random.text(of: letters, upTo: 7)
      #expect(
        automaton.matches(text) == plain.matches(text), "\(made) on \(String(decoding: text, as: UTF8.self))")
      // Up to the place of failure a match was possible, and from there on it is not.
      let offset = automaton.failureOffset(text)
      if plain.matches(text) { #expect(offset == text.count) }
      if offset < text.count {
        let next = offset + ScalarReader.scalar(at: offset, of: text).length
        for end in [[], letters[0], letters[3], letters[1] + letters[1]] {
          #expect(!plain.matches(Array(text[..<next]) + end), "\(made)")
        }
      }
    }
  }

  @Test(
    arguments: [
      ("ab", "ac", 1), ("ab", "abc", 2), ("ab", "a", 1), ("ab", "", 0), ("ab|a", "x", 0), ("[ä-ö]", "ÿ", 0),
      ("aä", "aö", 1), ("a😀", "a😁", 1), ("漢", "字", 0), ("a*", "aab", 2), ("(ab)*", "aba", 3), ("a(b|c)d", "axd", 1),
    ])
  func failureStandsAtTheStartOfACharacter(_ pattern: String, _ text: String, _ offset: Int) throws {
    let automaton = try PatternAutomaton(pattern, isCaseSensitive: true)
    #expect(automaton.failureOffset(Array(text.utf8)) == offset)
  }

  @Test func brokenBytesMatchNothing() throws {
    let any = try PatternAutomaton(".*", isCaseSensitive: true)
    for bytes in [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]]
      as [[UInt8]]
    {
      #expect(!any.matches(bytes))
      #expect(any.failureOffset(bytes) == (bytes[0] == 0x61 ? 1 : 0))
    }
  }

  @Test(arguments: ["(a|b)*a(a|b){12}", "(a{1000}){11}", "(a"])
  func tooLargePatternsAreRefused(_ pattern: String) {
    _ = #expect(throws: PatternFailure.self) { try PatternAutomaton(pattern, isCaseSensitive: true) }
  }

  @Test func aLargeOneIsNotRefused() throws {
    let automaton = try PatternAutomaton("[a-z]{1,1000}", isCaseSensitive: true)
    #expect(automaton.matches([UInt8](repeating: 0x61, count: 1_000)))
    #expect(!automaton.matches([UInt8](repeating: 0x61, count: 1_001)))
    #expect(automaton.failureOffset([UInt8](repeating: 0x61, count: 1_001)) == 1_000)
  }
}
