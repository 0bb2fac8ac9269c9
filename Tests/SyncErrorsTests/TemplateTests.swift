import RuleSet
import Testing

@testable import SyncErrors

/// The catalogue with one definition that has these templates.
func catalogue(templates: [String]) throws -> SyncErrorCatalogue {
  let list = templates.map {
    "  - '" + $0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'\n"
  }
  let text = """
    sync-error: test
    title: test
    severity: error
    certainty: documented
    templates:
    \(list.joined())meaning: m
    cause: c
    remedy: r
    references: ['https://example.com/']
    examples: [{ text: t }]

    """
  return try SyncErrorCatalogue.load(embedded: [], files: [.init(path: "test.yaml", bytes: Array(text.utf8))])
}

func program(_ template: String) throws -> TemplateProgram {
  TemplateProgram(try #require(try catalogue(templates: [template]).definitions.first?.templates.first))
}

/// What a template takes from a text: the whole match and the holes by name; nil when it does not match.
func match(_ template: String, _ text: String) throws -> [String: String]? {
  let message = MessageText(text)
  guard let match = try program(template).match(message) else { return nil }
  var found = ["": message.string(match.range)]
  for hole in match.holes { found[hole.name] = message.string(hole.range) }
  return found
}

@Suite struct TemplateTests {
  @Test func literalTextIsFoundAnywhereInAnyCase() throws {
    #expect(try match("is NOT valid", "this Is not VALID at all") == ["": "Is not VALID"])
    #expect(try match("is not valid", "is no valid") == nil)
    #expect(try match("größe", "die Größe") == ["": "Größe"])
  }

  @Test func whiteSpaceIsAnyWhiteSpace() throws {
    #expect(try match("has stopped. Object", "has\tstopped.  \r\n   Object") == ["": "has stopped.\nObject"])
    #expect(try match("has stopped", "hasstopped") == nil)
  }

  @Test func consolesCutWords() throws {
    #expect(
      try match("local directory services", "your loca\n       l directory services")?[""]
        == "loca\nl directory services")
    #expect(try match("directory", "\ndirectory")?[""] == "directory")
  }

  @Test func holesTakeAsLittleAsTheRestAllows() throws {
    #expect(try match("DN {dn} failed", "DN a failed b failed")?["dn"] == "a")
    #expect(try match("The {c} Connector", "The old The new Connector")?["c"] == "old The new")
    #expect(try match("The {c:word} Connector", "The old The new Connector")?["c"] == "new")
    #expect(try match("Code: {n:number}", "Code: 123x")?["n"] == "123")
    #expect(try match("Server: {s:word}.", "Server: A.B. next")?["s"] == "A.B")
    #expect(try match("Reason: {r:line}", "Reason: one two\nthree")?["r"] == "one two")
    #expect(try match("Reason: {r}", "Reason: one two\nthree")?["r"] == "one two\nthree")
    #expect(try match("id {g:guid},", "id {3F25-04}, x")?["g"] == "{3F25-04}")
  }

  @Test func choicesAndOptions() throws {
    let template = "of <one|<two|three> four|>five {n:number}<!|>"
    #expect(try match(template, "of onefive 1!") == ["": "of onefive 1!", "n": "1"])
    #expect(try match(template, "of two fourfive 2") == ["": "of two fourfive 2", "n": "2"])
    #expect(try match(template, "of five 3") == ["": "of five 3", "n": "3"])
    #expect(try match(template, "of three five 3") == nil)
    #expect(try match("a< {x:number}|> b", "a 1 b")?["x"] == "1")
    #expect(try match("a< {x:number}|> b", "a b")?["x"] == nil)
    #expect(try match("\\<a\\> \\{b\\} \\\\ [c](d)|e", "<a> {b} \\ [c](d)|e") != nil)
  }

  @Test func anEvilTextTakesNoLongerThanItsLength() throws {
    let evil = try program("a {b} a {c} a {d} a {e} a {f} x")
    let text = MessageText(String(repeating: "a ", count: 50_000))
    #expect(evil.match(text) == nil)
  }

  /// All ways to read short templates, tried one after the other: slow, plain, and sharing nothing with the machine.
  @Test func agreesWithTryingEverything() throws {
    var random = SystemRandomNumberGenerator()
    let parts = ["a", "b", "ab", " ", "{h}", "{w:word}", "<a|b>", "<ab|>", "{n:number}", "1"]
    for _ in 0..<400 {
      var template = ["a", "b", "1"].randomElement(using: &random) ?? "a"
      var holes = 0
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        var part = parts.randomElement(using: &random) ?? "a"
        if part.hasPrefix("{") {
          if template.hasSuffix("}") {
            part = "a"
          } else {
            holes += 1
            part = "{" + "h\(holes)" + part.dropFirst(2)
          }
        }
        template += part
      }
      guard let pieces = try? SyncErrorTemplateProbe.pieces(template) else { continue }
      let compiled = try program(template)
      for _ in 0..<20 {
        let text = String(
          (0..<Int.random(in: 0...8, using: &random)).map { _ in "ab1 ".randomElement(using: &random) ?? "a" })
        let message = MessageText(text)
        let expected = Exhaustive(message.folded).matches(pieces)
        #expect((compiled.match(message) != nil) == expected, "\(template) on '\(text)'")
      }
    }
  }
}

/// The pieces of a template.
enum SyncErrorTemplateProbe {
  static func pieces(_ template: String) throws -> [SyncErrorTemplate.Piece] {
    try #require(try catalogue(templates: [template]).definitions.first?.templates.first).pieces
  }
}

/// Matches by trying every way.
private struct Exhaustive {
  let text: [UInt8]
  init(_ text: [UInt8]) { self.text = text }

  func matches(_ pieces: [SyncErrorTemplate.Piece]) -> Bool {
    (0...text.count).contains { ends(pieces[...], from: $0) { _ in true } }
  }

  private func ends(_ pieces: ArraySlice<SyncErrorTemplate.Piece>, from place: Int, _ next: (Int) -> Bool) -> Bool {
    guard let first = pieces.first else { return next(place) }
    let rest = pieces.dropFirst()
    switch first {
    case .text(let literal):
      let bytes = Array(literal.utf8)
      return text[place...].starts(with: bytes) && ends(rest, from: place + bytes.count, next)
    case .space: return run(place, { $0 == 32 }) { ends(rest, from: $0, next) }
    case .hole(_, .word): return run(place, { $0 != 32 }) { ends(rest, from: $0, next) }
    case .hole(_, .number): return run(place, { $0 &- 0x30 < 10 }) { ends(rest, from: $0, next) }
    case .hole: return run(place, { _ in true }) { ends(rest, from: $0, next) }
    case .choice(let choices):
      return choices.contains { choice in ends(choice[...], from: place) { ends(rest, from: $0, next) } }
    }
  }

  private func run(_ start: Int, _ takes: (UInt8) -> Bool, _ next: (Int) -> Bool) -> Bool {
    var end = start
    while end < text.count, takes(text[end]) {
      end += 1
      if next(end) { return true }
    }
    return false
  }
}
