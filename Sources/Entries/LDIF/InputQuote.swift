import Bytes

/// Pieces of the input as messages show them: printable ASCII and Latin letters as they are, all else by name.
enum InputQuote {
  /// The name of the first character of UTF-8 text that is not empty: `'x'`, or `U+00A0 NO-BREAK SPACE`, or `byte 0xFF`.
  static func character(_ bytes: ArraySlice<UInt8>) -> String {
    guard let first = bytes.first else { return "end" }
    if first > 32 && first < 127 { return "'\(Character(Unicode.Scalar(first)))'" }
    if first == 32 { return "' ' (space)" }
    let (scalar, _) = ScalarReader.scalar(at: 0, of: Array(bytes.prefix(4)).span)
    if scalar != ScalarReader.invalid { return CharacterName.description(of: scalar) }
    let digits = String(first, radix: 16, uppercase: true)
    return "byte 0x" + (digits.utf8.count == 1 ? "0" : "") + digits
  }

  /// A piece of input for a message, `'<U+00A0 NO-BREAK SPACE>add'`: at most 40 bytes of it.
  static func text(_ bytes: ArraySlice<UInt8>) -> String {
    var text = ""
    var rest = bytes.prefix(40)
    while !rest.isEmpty {
      let (scalar, length) = ScalarReader.scalar(at: 0, of: Array(rest.prefix(4)).span)
      if scalar == ScalarReader.invalid, bytes.count > 40, rest.count < 4 { break }
      if let letter = plain(scalar) { text.append(letter) } else { text += "<\(character(rest))>" }
      rest = rest.dropFirst(length)
    }
    return "'\(text)\(bytes.count > 40 ? "…" : "")'"
  }

  /// A character that can be shown as it is; nil for one that cannot be seen, or could be taken for another.
  private static func plain(_ scalar: UInt32) -> Character? {
    guard let scalar = Unicode.Scalar(scalar) else { return nil }
    let isLatin = 0xC0...0x17F ~= scalar.value && scalar.properties.isAlphabetic
    return 0x20..<0x7F ~= scalar.value || isLatin ? Character(scalar) : nil
  }
}
