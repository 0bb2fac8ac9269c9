@testable import RuleSet
import Testing

@Suite struct PatternSyntaxTests {
  static func one(_ characters: Unicode.Scalar...) -> PatternSyntax {
    .character(ScalarSet(characters.map { $0.value...$0.value }))
  }

  static let right: [(String, PatternSyntax)] = [
    ("", .empty),
    ("a", one("a")),
    ("ab", .sequence([one("a"), one("b")])),
    ("a|b|", .alternatives([one("a"), one("b"), .empty])),
    ("a*", .repetition(one("a"), min: 0, max: nil)),
    ("a+", .repetition(one("a"), min: 1, max: nil)),
    ("a?", .repetition(one("a"), min: 0, max: 1)),
    ("a{3}", .repetition(one("a"), min: 3, max: 3)),
    ("a{3,}", .repetition(one("a"), min: 3, max: nil)),
    ("a{3,5}", .repetition(one("a"), min: 3, max: 5)),
    ("(a|b)c", .sequence([.alternatives([one("a"), one("b")]), one("c")])),
    ("(?:a)", one("a")),
    ("()", .empty),
    (".", .character(.all)),
    ("\\.", one(".")),
    ("\\\\", one("\\")),
    ("\\-", one("-")),
    ("[abc]", .character(ScalarSet([0x61...0x63]))),
    ("[a-cx]", .character(ScalarSet([0x61...0x63, 0x78...0x78]))),
    ("[-a]", one("-", "a")),
    ("[a-]", one("-", "a")),
    ("[a\\]]", one("]", "a")),
    ("[[a]", one("[", "a")),
    ("[^a]", .character(ScalarSet([0x61...0x61]).inverted)),
    ("[a^]", one("^", "a")),
    ("[\\d_]", .character(ScalarSet([0x30...0x39, 0x5F...0x5F]))),
    ("\\D", .character(ScalarSet([0x30...0x39]).inverted)),
    ("é", one("é")),
    ("-", one("-")),
  ]

  @Test(arguments: right)
  func reads(_ text: String, _ pattern: PatternSyntax) throws {
    #expect(try PatternSyntax(parsing: text) == pattern)
  }

  static let wrong: [(String, Int, String)] = [
    ("*a", 1, "nothing before `*` to repeat; a literal one is written `\\*`"),
    ("a|+", 3, "nothing before `+` to repeat; a literal one is written `\\+`"),
    ("^a", 1, "`^` is not needed: a pattern always means the whole part; a literal one is written `\\^`"),
    ("a$", 2, "`$` is not needed: a pattern always means the whole part; a literal one is written `\\$`"),
    ("a)", 2, "`)` without its `(`; a literal one is written `\\)`"),
    ("(a", 1, "`(` without its `)`; a literal one is written `\\(`"),
    ("a]", 2, "`]` without its opening bracket; a literal one is written `\\]`"),
    ("a}", 2, "`}` without its opening bracket; a literal one is written `\\}`"),
    ("x[a", 2, "`[` without its `]`; a literal one is written `\\[`"),
    ("[", 1, "`[` without its `]`; a literal one is written `\\[`"),
    ("[]", 2, "a class cannot be empty; a literal `]` in it is written `\\]`"),
    ("[^]", 3, "a class cannot be empty; a literal `]` in it is written `\\]`"),
    ("[z-a]", 2, "the ends of the range are in the wrong order; write the lower code point first, as in `[a-z]`"),
    ("[\\d-z]", 2, "a range goes from one character to another, as in `[a-z]`; a literal `-` is written `\\-`"),
    ("[[:alpha:]]", 2, "named classes such as `[:alpha:]` are not available; write the range, as in `[A-Za-z]`"),
    ("a{", 2, "`{` starts a repetition as in `a{3}`, `a{3,}` or `a{1,3}`; a literal one is written `\\{`"),
    ("a{3", 2, "`{` starts a repetition as in `a{3}`, `a{3,}` or `a{1,3}`; a literal one is written `\\{`"),
    ("a{,3}", 2, "`{` starts a repetition as in `a{3}`, `a{3,}` or `a{1,3}`; a literal one is written `\\{`"),
    ("a{5,3}", 2, "the first number of `{5,3}` is larger than the second"),
    ("a{99999999999999999999}", 3, "a repetition may have at most 1000"),
    (
      "a*?", 3,
      "`?` after a repetition: lazy and possessive repetitions are not available (they make no difference to a whole match); repeat a repetition as in `(?:a+)*`"
    ),
    ("(?=a)", 1, "only `( )` and `(?: )` are available: no look-around, named groups or flags"),
    ("(?i)a", 1, "only `( )` and `(?: )` are available: no look-around, named groups or flags"),
    ("(a)\\1", 4, "back-references are not available"),
    ("\\p{L}", 1, "Unicode properties are not available; write the range of characters"),
    ("\\bx", 1, "`\\b` is not available: a pattern always means the whole part, without anchors"),
    (
      "\\n", 1,
      "`\\n` is not available; escapes are `\\d`, `\\w`, `\\s`, `\\D`, `\\W`, `\\S` and `\\` before a punctuation character"
    ),
    ("a\\", 2, "`\\` at the end; a literal one is written `\\\\`"),
    (
      "(((a{1000}){1000}){1000}){1000}", 1,
      "the pattern is too large: its repetitions written out are more than 10000 characters"
    ),
  ]

  @Test(arguments: wrong)
  func refuses(_ text: String, _ column: Int, _ message: String) {
    #expect(throws: PatternError(column: column, message: message)) { try PatternSyntax(parsing: text) }
  }

  @Test func limitsNesting() {
    let deep = String(repeating: "(", count: 200_000)
    #expect(throws: PatternError(column: 100, message: "groups may be nested at most 100 deep")) {
      try PatternSyntax(parsing: deep)
    }
  }

  @Test func addsCases() throws {
    func set(_ text: String) throws -> ScalarSet {
      guard case .character(let set) = try PatternSyntax(parsing: text, ignoringCase: true) else { return .none }
      return set
    }
    #expect(try set("a").ranges == [0x41...0x41, 0x61...0x61])
    #expect(try set("[a-z]").ranges == [0x41...0x5A, 0x61...0x7A, 0x17F...0x17F, 0x212A...0x212A])
    #expect(try set("Ö").ranges == [0xD6...0xD6, 0xF6...0xF6])
    #expect(try set("σ").ranges == [0x3A3...0x3A3, 0x3C2...0x3C3])
    #expect(try set("[^k]") == ScalarSet([0x4B...0x4B, 0x6B...0x6B, 0x212A...0x212A]).inverted)
    #expect(try set("[\\W]") == set("\\W"))
    #expect(try set("1").ranges == [0x31...0x31])
  }

  @Test func setsAreNormalized() {
    let set = ScalarSet([5...9, 1...3, 4...4, 20...30, 25...26, 0xD000...0xE010])
    #expect(set.ranges == [1...9, 20...30, 0xD000...0xD7FF, 0xE000...0xE010])
    #expect(set.contains(9))
    #expect(!set.contains(10))
    #expect(!set.contains(0xD800))
    #expect(set.inverted.inverted == set)
    #expect(set.union(set.inverted) == .all)
    #expect(ScalarSet.all.inverted == .none)
  }

  /// The scripts that are searched for letters with case have all there are.
  @Test func noLetterWithCaseIsLeftOut() {
    let leftOut = (UInt32(0x41)...0x10FFFF).filter { value in
      Unicode.Scalar(value)?.properties.changesWhenCaseMapped == true
        && !SimpleCases.scripts.contains { $0.contains(value) }
    }
    #expect(leftOut == [])
  }
}
