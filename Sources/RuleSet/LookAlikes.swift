import ShippedRules

/// Characters that look like ASCII ones or are another form of them, from `Rules/data/look-alikes.txt`.
public struct LookAlikes: Sendable {
  /// The shipped table.
  public static let shipped = LookAlikes()

  private let forms: [UInt32: UInt32]
  private let letters: [UInt32: UInt32]

  private init() {
    let sections = Transliteration.parse(ShippedRules.text(of: "data/look-alikes.txt"))
    func table(_ name: String) -> [UInt32: UInt32] {
      // A hyphen stands for no text in files of this format, which here is the hyphen itself.
      (sections[name] ?? [:]).mapValues { $0.unicodeScalars.first?.value ?? 0x2D }
    }
    forms = table("forms")
    letters = table("letters")
  }

  /// The ASCII character of which a character is another form: full-width letters, typographic apostrophes, dashes.
  public func form(of scalar: UInt32) -> UInt32? { scalar < 0x80 ? nil : forms[scalar] }

  /// The ASCII letter that a letter of another script looks like.
  public func letter(of scalar: UInt32) -> UInt32? { scalar < 0x80 ? nil : forms[scalar] ?? letters[scalar] }

  /// A name in which letters of another script that stand between ASCII ones are replaced by those that they look like.
  /// A name that is written in another script altogether, or has letters that look like none, stays as it is.
  public func withoutStrangers(_ name: [UInt32]) -> [UInt32] {
    guard name.contains(where: { $0 < 0x80 && ($0 | 0x20) &- 97 < 26 }) else { return name }
    guard name.allSatisfy({ $0 < 0x250 || letter(of: $0) != nil }) else { return name }
    return name.map { letter(of: $0) ?? $0 }
  }
}
