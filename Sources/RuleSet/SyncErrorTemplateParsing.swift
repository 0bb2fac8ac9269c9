import Bytes

/// A mistake in a template.
struct TemplateError: Error, Hashable {
  /// Column in characters, counted from 1.
  var column: Int
  var message: String
}

extension SyncErrorTemplate {
  /// The most pieces of one template, those in choices included: what bounds the time of a comparison.
  static let maximumPieces = 200
  /// The most characters of one template.
  static let maximumLength = 2_000
  /// The most holes of one template.
  static let maximumHoles = 12

  /// Reads a template: `{name}` and `{name:kind}` are holes, `<one|other>` is a choice, white space stands for any white
  /// space, and a backslash takes the meaning from the character after it.
  init(parsing text: String) throws(TemplateError) {
    var parser = TemplateParser(text)
    pieces = try parser.parse()
    self.text = text
  }
}

/// The parser of templates.
private struct TemplateParser {
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var count = 0
  private var holes: Set<String> = []

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  mutating func parse() throws(TemplateError) -> [SyncErrorTemplate.Piece] {
    guard scalars.count <= SyncErrorTemplate.maximumLength else {
      throw mistake("a template has at most \(SyncErrorTemplate.maximumLength) characters")
    }
    let pieces = try sequence(depth: 0)
    guard index == scalars.count else {
      throw mistake("`\(scalars[index])` without its `<`; a literal one is written `\\\(scalars[index])`")
    }
    guard case .text? = pieces.first(where: { if case .text = $0 { true } else { false } }) else {
      throw TemplateError(column: 1, message: "a template needs words; this one would match nearly everything")
    }
    for (piece, next) in zip(pieces, pieces.dropFirst()) {
      if case .hole(let name, _) = piece, case .hole(let other, _) = next {
        throw TemplateError(
          column: 1,
          message: "{\(name)} and {\(other)} stand side by side; put the text between them that ends the first")
      }
    }
    return pieces
  }

  private func mistake(_ message: String, at place: Int? = nil) -> TemplateError {
    TemplateError(column: (place ?? index) + 1, message: message)
  }

  private mutating func sequence(depth: Int) throws(TemplateError) -> [SyncErrorTemplate.Piece] {
    var pieces: [SyncErrorTemplate.Piece] = []
    var text = String.UnicodeScalarView()
    func flushed(_ text: inout String.UnicodeScalarView) -> [SyncErrorTemplate.Piece] {
      defer { text = String.UnicodeScalarView() }
      return text.isEmpty ? [] : [.text(String(text))]
    }
    while index < scalars.count {
      let scalar = scalars[index]
      switch scalar {
      case "|" where depth > 0, ">": return try counted(pieces + flushed(&text))
      case "{":
        pieces += flushed(&text)
        pieces.append(try hole())
      case "}": throw mistake("`}` without its `{`; a literal one is written `\\}`")
      case "<":
        pieces += flushed(&text)
        pieces.append(try choice(depth: depth))
      case _ where scalar.properties.isWhitespace:
        pieces += flushed(&text)
        if pieces.last != .space { pieces.append(.space) }
        index += 1
      case "\\":
        guard index + 1 < scalars.count else {
          throw mistake("a backslash at the end; a literal one is written `\\\\`")
        }
        text.append(scalars[index + 1])
        index += 2
      default:
        text.append(scalar)
        index += 1
      }
    }
    return try counted(pieces + flushed(&text))
  }

  private mutating func counted(
    _ pieces: [SyncErrorTemplate.Piece]
  ) throws(TemplateError) -> [SyncErrorTemplate.Piece] {
    count += pieces.count
    guard count <= SyncErrorTemplate.maximumPieces else {
      throw mistake("a template has at most \(SyncErrorTemplate.maximumPieces) parts; make two of it")
    }
    return pieces
  }

  private mutating func hole() throws(TemplateError) -> SyncErrorTemplate.Piece {
    let start = index
    guard let end = scalars[index...].firstIndex(of: "}") else {
      throw mistake("`{` without its `}`; a literal one is written `\\{`")
    }
    let inner = String(String.UnicodeScalarView(scalars[(index + 1)..<end]))
    index = end + 1
    let parts = inner.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = parts[0]
    let isName = !name.isEmpty && name.utf8.allSatisfy { $0 &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2D }
    guard isName else {
      throw mistake("`\(name)` is no name of a hole; write lower-case letters, digits and hyphens", at: start)
    }
    guard holes.insert(name).inserted || name.hasPrefix("any") else {
      throw mistake("{\(name)} is there twice; name the second otherwise", at: start)
    }
    guard holes.count <= SyncErrorTemplate.maximumHoles else {
      throw mistake("a template has at most \(SyncErrorTemplate.maximumHoles) holes", at: start)
    }
    guard parts.count == 2 else { return .hole(name: name, kind: .text) }
    guard let kind = SyncErrorTemplate.HoleKind(rawValue: parts[1]) else {
      let kinds = SyncErrorTemplate.HoleKind.allCases.map(\.rawValue)
      throw mistake(
        "`\(parts[1])` is not one of \(RuleNode.list(kinds))\(NearestName.hint(parts[1], in: kinds))", at: start)
    }
    return .hole(name: name, kind: kind)
  }

  private mutating func choice(depth: Int) throws(TemplateError) -> SyncErrorTemplate.Piece {
    let start = index
    guard depth < 4 else { throw mistake("choices are nested more than 4 deep") }
    index += 1
    var choices: [[SyncErrorTemplate.Piece]] = []
    while true {
      choices.append(try sequence(depth: depth + 1))
      guard index < scalars.count else {
        throw mistake("`<` without its `>`; a literal one is written `\\<`", at: start)
      }
      let isEnd = scalars[index] == ">"
      index += 1
      if isEnd { break }
    }
    guard choices.count > 1 else {
      throw mistake("a choice has at least two parts, as in <one|other>; a literal `<` is written `\\<`", at: start)
    }
    return .choice(choices)
  }
}
