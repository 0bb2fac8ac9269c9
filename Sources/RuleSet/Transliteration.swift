import Directory
import ShippedRules

/// ASCII text for Latin letters with diacritics and for ligatures, from `Rules/data/transliteration.txt`.
public struct Transliteration: Sendable {
  /// Whose habits are followed.
  public enum Language: String, Sendable, CaseIterable {
    /// The base letter: ü → u.
    case latin
    /// As in German names: ü → ue.
    case german
  }

  private let texts: [UInt32: String]
  /// The composed letter of a letter and a combining mark (NFC), by both: the letter in the upper half of the key.
  private static let compositions = parseCompositions(ShippedRules.text(of: "data/transliteration.txt"))

  /// The shipped table of a language.
  public static func language(_ language: Language) -> Transliteration {
    switch language {
    case .latin: latin
    case .german: german
    }
  }

  /// The ASCII text for a letter; empty for a combining mark, which goes away; nil for anything else.
  public subscript(scalar: UInt32) -> String? { texts[scalar] }

  /// The letter that a letter and a combining mark behind it make (NFC); nil when they make none.
  public static func composed(_ letter: UInt32, _ mark: UInt32) -> UInt32? {
    compositions[UInt64(letter) << 32 | UInt64(mark)]
  }

  /// The letters of the table (without combining marks): the members of the class `diacritic`.
  static let letters = ScalarSet(latin.texts.lazy.filter { !$0.value.isEmpty }.map { $0.key...$0.key })

  private static let sections = parse(ShippedRules.text(of: "data/transliteration.txt"))
  private static let latin = Transliteration(texts: sections["latin"] ?? [:])
  private static let german = Transliteration(
    texts: (sections["latin"] ?? [:]).merging(sections["german"] ?? [:]) { $1 })

  /// Sections by name. Lines that are not `U+XXXX TEXT …` are passed over: the file is written by a program and tested.
  static func parse(_ text: String) -> [String: [UInt32: String]] {
    var sections: [String: [UInt32: String]] = [:]
    var section = ""
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
      if line.first == UInt8(ascii: "[") {
        section = String(decoding: line.dropFirst().dropLast(), as: UTF8.self)
        continue
      }
      let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
      guard fields.count >= 2, let scalar = UInt32(String(decoding: fields[0].dropFirst(2), as: UTF8.self), radix: 16)
      else { continue }
      let text = String(decoding: fields[1], as: UTF8.self)
      sections[section, default: [:]][scalar] = text == "-" ? "" : text
    }
    return sections
  }

  /// The lines `U+LETTER U+MARK U+COMPOSED` of the section composition.
  private static func parseCompositions(_ text: String) -> [UInt64: UInt32] {
    var compositions: [UInt64: UInt32] = [:]
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.first == UInt8(ascii: "U") {
      let numbers = line.split(separator: UInt8(ascii: " ")).compactMap { field in
        field.starts(with: "U+".utf8) ? UInt32(String(decoding: field.dropFirst(2), as: UTF8.self), radix: 16) : nil
      }
      if numbers.count == 3 { compositions[UInt64(numbers[0]) << 32 | UInt64(numbers[1])] = numbers[2] }
    }
    return compositions
  }
}
