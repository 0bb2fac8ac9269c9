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

  /// The shipped table of a language.
  public static func language(_ language: Language) -> Transliteration {
    switch language {
    case .latin: latin
    case .german: german
    }
  }

  /// The ASCII text for a letter; empty for a combining mark, which goes away; nil for anything else.
  public subscript(scalar: UInt32) -> String? { texts[scalar] }

  /// The letters of the table (without combining marks): the members of the class `diacritic`.
  static let letters = ScalarSet(latin.texts.lazy.filter { !$0.value.isEmpty }.map { $0.key...$0.key })

  private static let sections = parse(ShippedRules.text(of: "data/transliteration.txt"))
  private static let latin = Transliteration(texts: sections["latin"] ?? [:])
  private static let german = Transliteration(
    texts: (sections["latin"] ?? [:]).merging(sections["german"] ?? [:]) { $1 })

  /// Sections by name. Lines that are not `U+XXXX TEXT …` are passed over: the file is written by a program and tested.
  private static func parse(_ text: String) -> [String: [UInt32: String]] {
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
}
