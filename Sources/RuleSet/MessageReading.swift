/// A mistake in a message.
struct MessageError: Error, Hashable {
  /// Column in characters, counted from 1.
  var column: Int
  var message: String
}

extension MessageTemplate {
  /// Splits a message at its placeholders; `{{` and `}}` are literal braces.
  init(parsing text: String) throws(MessageError) {
    var pieces: [Piece] = []
    var literal = String.UnicodeScalarView()
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      let isDoubled = index + 1 < scalars.count && scalars[index + 1] == scalar
      switch scalar {
      case "{" where isDoubled, "}" where isDoubled:
        literal.append(scalar)
        index += 2
      case "}":
        throw MessageError(column: index + 1, message: "`}` without its `{`; a literal brace is doubled: `}}`")
      case "{":
        guard let end = scalars[index...].firstIndex(of: "}") else {
          throw MessageError(column: index + 1, message: "`{` without its `}`; a literal brace is doubled: `{{`")
        }
        let name = String(String.UnicodeScalarView(scalars[(index + 1)..<end]))
        if !literal.isEmpty { pieces.append(.text(String(literal))) }
        literal = String.UnicodeScalarView()
        pieces.append(.placeholder(try Self.placeholder(name, column: index + 1)))
        index = end + 1
      default:
        literal.append(scalar)
        index += 1
      }
    }
    if !literal.isEmpty { pieces.append(.text(String(literal))) }
    self.init(pieces: pieces)
  }

  private static func placeholder(_ name: String, column: Int) throws(MessageError) -> Placeholder {
    if let placeholder = Placeholder(rawValue: name) { return placeholder }
    let names = Placeholder.allCases.map(\.rawValue)
    let hint = NearestName.find(name, in: names).map { "did you mean {\($0)}?" }
    let list = "there are \(names.map { "{\($0)}" }.joined(separator: ", "))"
    throw MessageError(column: column, message: "unknown placeholder {\(name)}; \(hint ?? list)")
  }
}

extension Check {
  /// What a placeholder needs that this check does not have; nil when the placeholder has a meaning.
  func mistake(in placeholder: MessageTemplate.Placeholder) -> String? {
    if case .steps = self { return nil }
    switch placeholder {
    case .characters:
      if case .characters = self { return nil }
      if case .sequence = self { return nil }
      return "the check `characters` or `sequence`"
    case .holders:
      if case .unique = self { return nil }
      return "the check `unique`"
    case .other:
      if case .containedIn = self { return nil }
      return "the check `contained-in`"
    case .errors: return "the check `steps`"
    case .max: return hasBounds.max ? nil : "a check with `max`"
    case .min: return hasBounds.min ? nil : "a check with `min`"
    default: return nil
    }
  }

  private var hasBounds: (min: Bool, max: Bool) {
    switch self {
    case .occurrences(_, _, let min, let max), .length(_, _, let min, let max), .count(_, let min, let max):
      (min != nil, max != nil)
    case .number(let min, let max, _, _): (min != nil, max != nil)
    default: (false, false)
    }
  }
}
