/// Why nothing was written.
struct EmbeddingFailure: Error, CustomStringConvertible {
  var description: String

  init(_ message: String) { description = "embed: error: \(message)" }

  /// A mistake in a file, in the form that build tools take for a place in a source.
  init(file: String, line: Int, column: Int = 1, _ message: String) {
    description = "\(file):\(line):\(column): error: \(message)"
  }
}

/// Writes texts as string literals.
enum Literal {
  /// The literal of a text in Swift, in ASCII: no character that a compiler may refuse or an editor may not show.
  static func swift(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": literal += "\\\""
      case "\\": literal += "\\\\"
      case "\n": literal += "\\n"
      case _ where scalar.value < 0x20 || scalar.value > 0x7E: literal += "\\u{\(String(scalar.value, radix: 16))}"
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }
}
