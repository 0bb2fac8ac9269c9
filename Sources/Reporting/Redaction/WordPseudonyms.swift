import Findings

/// Pseudonyms of words: everything that is no letter and no digit stays where it is.
///
/// Letters of the Latin script with diacritics stay as well where they are few among plain letters: they are what rules
/// flag (`müller` becomes `xükwpz`), and a word cannot be read from them. A word that has many, or is of another script,
/// is replaced as a whole by letters of its script.
struct WordPseudonyms {
  private let cipher: DigitCipher
  private var alphabet = Alphabet()
  private var known: [[UInt32]: [UInt32]] = [:]
  private static let mostKnown = 200_000

  init(key: RedactionKey) { cipher = DigitCipher(key: key) }

  /// The pseudonym of a stretch of characters; numbers that are no scalar values stand for bytes and stay.
  mutating func pseudonym(of characters: ArraySlice<UInt32>) -> [UInt32] {
    let unit = Array(characters)
    if let found = known[unit] { return found }
    let kept = Self.keptDiacritics(in: unit)
    var places: [(index: Int, place: Alphabet.Place)] = []
    for (index, character) in unit.enumerated() where !kept.contains(index) {
      if let scalar = Unicode.Scalar(character), let place = alphabet.place(of: scalar) {
        places.append((index, place))
      }
    }
    var digits = places.map(\.place.digit)
    cipher.encipher(&digits)
    var result = unit
    for (digit, (index, place)) in zip(digits, places) {
      var place = place
      place.digit = digit
      result[index] = alphabet.scalar(at: place).value
    }
    if known.count >= Self.mostKnown { known.removeAll(keepingCapacity: true) }
    known[unit] = result
    return result
  }

  /// Whether a character is a letter of the Latin script beyond ASCII.
  static func isAccentedLatin(_ character: UInt32) -> Bool {
    guard (0xC0...0x24F).contains(character) || (0x1E00...0x1EFF).contains(character) else { return false }
    return Unicode.Scalar(character)?.properties.isAlphabetic ?? false
  }

  /// Indexes of accented letters that stay: those of words in which plain letters are at least twice as many.
  private static func keptDiacritics(in unit: [UInt32]) -> Set<Int> {
    var kept: Set<Int> = []
    var accented: [Int] = []
    var plain = 0
    for (index, character) in (unit + [0]).enumerated() {
      if (character | 0x20) &- 0x61 < 26 {
        plain += 1
      } else if isAccentedLatin(character) {
        accented.append(index)
      } else {
        if plain >= 2 * accented.count { kept.formUnion(accented) }
        accented.removeAll()
        plain = 0
      }
    }
    return kept
  }
}
