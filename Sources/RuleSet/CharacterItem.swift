import Bytes

/// Reads items of `forbidden` and `allowed` lists of characters.
enum CharacterItem {
  struct Mistake: Error {
    var message: String
  }

  /// The item that a text stands for.
  static func item(_ text: String) throws(Mistake) -> CharacterRule.Item {
    let scalars = text.unicodeScalars
    if scalars.count == 1, let scalar = scalars.first { return .range(scalar.value, scalar.value) }
    if let named = CharacterClass(rawValue: text) { return .named(named) }
    if text.hasPrefix("U+") { return try codePoints(text) }
    if text.isEmpty { throw Mistake(message: "the text is empty; write one character, a code point or a class") }
    let classes = CharacterClass.allCases.map(\.rawValue)
    let hint = NearestName.find(text, in: classes).map { "did you mean `\($0)`?" }
    let forms = "write one character, a code point (U+00A0), a range (U+00A1-U+00FF) or a class"
    throw Mistake(message: "`\(text)` is no character; \(hint ?? "\(forms): \(RuleNode.list(classes))")")
  }

  private static func codePoints(_ text: String) throws(Mistake) -> CharacterRule.Item {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count <= 2, let first = ends.first.flatMap(codePoint), let last = ends.last.flatMap(codePoint) else {
      throw Mistake(
        message:
          "`\(text)` is no code point; write U+ and four to six hexadecimal digits, as in U+00A0 or U+00A1-U+00FF")
    }
    guard first <= last else {
      throw Mistake(message: "the ends of `\(text)` are in the wrong order; write the lower code point first")
    }
    return .range(first, last)
  }

  private static func codePoint(_ text: Substring) -> UInt32? {
    guard text.hasPrefix("U+"), (6...8).contains(text.utf8.count), text.dropFirst(2).allSatisfy(\.isHexDigit),
      let value = UInt32(text.dropFirst(2), radix: 16), Unicode.Scalar(value) != nil
    else { return nil }
    return value
  }
}
