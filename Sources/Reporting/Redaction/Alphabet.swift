/// The characters that may stand for a character: those of its script, kind and case.
struct Alphabet {
  /// A character as a number in an alphabet.
  struct Place {
    var digit: DigitCipher.Digit
    fileprivate var alphabet: Kind
    fileprivate var isUppercase = false
  }

  fileprivate enum Kind {
    /// Characters that follow each other, from this one.
    case range(UInt32)
    /// Letters among 128 neighbours, by the first of these and their category.
    case window(Window)
  }

  fileprivate struct Window: Hashable {
    var first: UInt32
    var category: Unicode.GeneralCategory

    func contains(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.generalCategory == category && Alphabet.isReplaced(scalar.properties)
    }
  }

  private var windows: [Window: [UInt32]] = [:]

  /// The place of a letter or digit in its alphabet; nil for every other character, which pseudonyms keep.
  mutating func place(of scalar: Unicode.Scalar) -> Place? {
    switch scalar.value {
    case 0x30...0x39: return range(scalar.value, from: 0x30, count: 10)
    case 0x41...0x5A: return range(scalar.value | 0x20, from: 0x61, count: 26, isUppercase: true)
    case 0x61...0x7A: return range(scalar.value, from: 0x61, count: 26)
    case 0..<0x80: return nil
    case 0x4E00...0x9FFF: return range(scalar.value, from: 0x4E00, count: 0x5200)
    case 0xAC00...0xD7A3: return range(scalar.value, from: 0xAC00, count: 0x2BA4)
    // Invisible letters and digits of tags, which can spell a name.
    case 0xE0030...0xE0039: return range(scalar.value, from: 0xE0030, count: 10)
    case 0xE0041...0xE005A: return range(scalar.value, from: 0xE0041, count: 26)
    case 0xE0061...0xE007A: return range(scalar.value, from: 0xE0061, count: 26)
    default: break
    }
    guard Self.isReplaced(scalar.properties) else { return nil }
    let lower = Self.single(scalar.properties.lowercaseMapping) ?? scalar
    // Upper case is remembered and not part of the number, where both cases belong together.
    let isUppercase = lower != scalar && Self.single(lower.properties.uppercaseMapping) == scalar
    let folded = isUppercase ? lower : scalar
    let window = Window(first: folded.value & ~0x7F, category: folded.properties.generalCategory)
    let members = members(of: window)
    guard let index = members.firstIndex(of: folded.value) else { return nil }
    let digit = DigitCipher.Digit(value: UInt32(index), radix: UInt32(members.count))
    return Place(digit: digit, alphabet: .window(window), isUppercase: isUppercase)
  }

  /// The character at a place.
  mutating func scalar(at place: Place) -> Unicode.Scalar {
    let value: UInt32
    switch place.alphabet {
    case .range(let first): value = first + place.digit.value
    case .window(let window): value = members(of: window)[Int(place.digit.value)]
    }
    let scalar = Unicode.Scalar(value) ?? "?"
    guard place.isUppercase else { return scalar }
    return Self.single(scalar.properties.uppercaseMapping) ?? scalar
  }

  private func range(_ value: UInt32, from first: UInt32, count: UInt32, isUppercase: Bool = false) -> Place {
    Place(
      digit: DigitCipher.Digit(value: value - first, radix: count), alphabet: .range(first), isUppercase: isUppercase)
  }

  private mutating func members(of window: Window) -> [UInt32] {
    if let known = windows[window] { return known }
    let members = (window.first..<window.first + 0x80).filter { value in
      Unicode.Scalar(value).map(window.contains) ?? false
    }
    windows[window] = members
    return members
  }

  private static func isReplaced(_ properties: Unicode.Scalar.Properties) -> Bool {
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber:
      true
    // Letters in circles and squares.
    case .otherSymbol: properties.isAlphabetic
    default: false
    }
  }

  private static func single(_ text: String) -> Unicode.Scalar? {
    let scalars = text.unicodeScalars
    return scalars.count == 1 ? scalars.first : nil
  }
}
