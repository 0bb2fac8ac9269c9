import Bytes
import Findings

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
