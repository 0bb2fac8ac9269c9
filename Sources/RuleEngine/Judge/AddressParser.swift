import Bytes
import RuleSet

/// Finds the address that a value is meant to be among what people put around one: quotes, angle brackets and a name in front,
/// an address type that is quoted, misplaced or written in look-alikes, separators at the ends.
///
/// Characters that are syntax are read and never just deleted: `Ann <ann@contoso.com>` without its brackets would be an address
/// of somebody else. What cannot be read without guessing gives nothing.
struct AddressParser {
  /// Address types before which an address of the form `name@domain` stands.
  private static let types = ["smtp", "sip", "mailto"]
  /// What opens and closes what stands around an address.
  private static let pairs: [(open: UInt32, close: UInt32)] = [
    (0x22, 0x22), (0x27, 0x27), (0x3C, 0x3E), (0x28, 0x29), (0x5B, 0x5D), (0x7B, 0x7D),
  ]

  /// Characters that are syntax around an address and can be no part of one.
  static func isSyntax(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x22, 0x28, 0x29, 0x2C, 0x3A, 0x3B, 0x3C, 0x3E, 0x40, 0x5B, 0x5C, 0x5D: true
    default: false
    }
  }

  /// Whether an address type begins a value, with another separator than the colon.
  static func beginsWithType(_ value: [UInt8]) -> Bool { AddressParser(value)?.bareTypeEnd != nil }

  /// Whether a value is the name of an object of X.400 or X.500 (`/o=Contoso/cn=ann`), of which no address can be made.
  static func isObjectName(_ value: [UInt8]) -> Bool {
    guard value.first == UInt8(ascii: "/"), let equals = value.firstIndex(of: UInt8(ascii: "=")) else { return false }
    return equals > 1 && value[1..<equals].allSatisfy { isLetter(UInt32($0)) }
  }

  private var text: [UInt32]

  private init?(_ value: [UInt8]) {
    text = []
    var index = 0
    while index < value.count {
      let (scalar, length) = ScalarReader.scalar(at: index, of: value.span)
      guard scalar != ScalarReader.invalid else { return nil }
      index += length
      if TextFold.isWhiteSpace(scalar) || CharacterClass.noBreakSpace.contains(scalar) {
        text.append(0x20)
      } else if !CharacterClass.zeroWidth.contains(scalar), !CharacterClass.bidi.contains(scalar),
        !CharacterClass.control.contains(scalar)
      {
        text.append(LookAlikes.shipped.form(of: scalar) ?? scalar)
      }
    }
  }

  /// The address that a value is meant to be.
  ///
  /// - Parameters:
  ///   - type: the address type for a value without one; nil where the attribute holds bare addresses.
  ///   - keepsCapitals: whether a type in capitals stays so.
  /// - Returns: nil when the value cannot be read without guessing.
  static func repaired(_ value: [UInt8], type: String?, keepsCapitals: Bool = true) -> [UInt8]? {
    guard var parser = AddressParser(value) else { return nil }
    parser.unwrap()
    var found = parser.takeTypes()
    parser.unwrap()
    guard parser.takeBracketed() else { return nil }
    if let inner = parser.takeTypes() { found = inner }
    parser.unwrap()
    guard let address = parser.address else { return nil }
    guard let type else { return address }
    let known = found.map { $0.lowercased() == "mailto" ? "smtp" : $0 } ?? type
    return Array((keepsCapitals ? known : known.lowercased()).utf8) + [UInt8(ascii: ":")] + address
  }

  // MARK: - Around the address

  /// Takes away spaces and separators at the ends, and pairs of quotes and brackets around everything.
  private mutating func unwrap() {
    var changes = true
    while changes {
      let count = text.count
      while let last = text.last, [0x20, 0x2C, 0x3B].contains(last) { text.removeLast() }
      while let first = text.first, [0x20, 0x2C, 0x3B].contains(first) { text.removeFirst() }
      if text.count > 1, let first = text.first, let last = text.last,
        Self.pairs.contains(where: { $0.open == first && $0.close == last })
      {
        text = Array(text.dropFirst().dropLast())
      }
      changes = text.count != count
    }
  }

  /// Takes address types away, the one repeated before the other.
  ///
  /// - Returns: the last one, in capitals where it is so throughout.
  private mutating func takeTypes() -> String? {
    var found: String?
    while true {
      while found != nil || text.first == 0x3A, let first = text.first, first == 0x3A || first == 0x20 {
        text.removeFirst()
      }
      guard let end = bareTypeEnd ?? text.firstIndex(where: { $0 == 0x3A || $0 == 0x3B }) else { return found }
      // Another separator in place of the colon is believed only behind the bare type.
      let prefix = text[..<end]
      guard let word = Self.type(in: prefix), text[end] == 0x3A || prefix.count == word.count else { return found }
      found = word == word.uppercased() ? word : word.lowercased()
      text.removeFirst(end + 1)
    }
  }

  /// The place of a separator that stands where the colon behind a type should.
  private var bareTypeEnd: Int? {
    guard let end = text.firstIndex(where: { !Self.isLetter($0) }), [0x3B, 0x3D, 0x2F].contains(text[end]),
      let word = Self.type(in: text[..<end]), word.count == end
    else { return nil }
    return end
  }

  /// The address type that stands among other characters: with its look-alikes read as the letters they resemble, or, where
  /// one is too many for that, without what is no letter of ASCII. No type that stands before an address has a digit.
  private static func type(in prefix: ArraySlice<UInt32>) -> String? {
    let readings = [prefix.map { LookAlikes.shipped.letter(of: $0) ?? $0 }, Array(prefix)]
    return readings.lazy.map { scalars in
      String(String.UnicodeScalarView(scalars.filter(isLetter).compactMap(Unicode.Scalar.init)))
    }.first { types.contains($0.lowercased()) }
  }

  /// Where angle brackets follow a name, takes what is within them.
  ///
  /// - Returns: whether the brackets, if there are any, can be understood.
  private mutating func takeBracketed() -> Bool {
    guard let open = text.firstIndex(of: 0x3C) else { return true }
    guard let close = text.lastIndex(of: 0x3E) else {
      // One that was never closed, right before the address.
      if open == 0 { text.removeFirst() }
      return open == 0
    }
    guard close == text.count - 1, close > open, text[(open + 1)..<close].allSatisfy({ $0 != 0x3C && $0 != 0x3E }),
      !text[..<open].contains(0x40)
    else { return false }
    text = Array(text[(open + 1)..<close])
    return true
  }

  private static func isLetter(_ scalar: UInt32) -> Bool {
    scalar < 0x80 && (scalar | 0x20) &- 97 < 26
  }

  private static func isAlphanumeric(_ scalar: UInt32) -> Bool {
    isLetter(scalar) || scalar &- 48 < 10
  }

  // MARK: - The address

  /// What is left, if it is an address but for letters that are not ASCII, which are for other rules.
  private var address: [UInt8]? {
    var text = text
    // A domain ends in a letter or digit; what follows closes something that was never opened.
    while let last = text.last, [0x22, 0x27, 0x3E, 0x29, 0x5D, 0x7D].contains(last) { text.removeLast() }
    while let first = text.first, [0x22, 0x28, 0x5B].contains(first) { text.removeFirst() }
    guard let at = text.firstIndex(of: 0x40), at > 0, at < text.count - 1, text.lastIndex(of: 0x40) == at else {
      return nil
    }
    let name = LookAlikes.shipped.withoutStrangers(Array(text[..<at]))
    let domain = text[(at + 1)...]
    guard name.allSatisfy(Self.isAtomText), Self.hasGoodDots(name[...]), Self.hasGoodDots(domain),
      domain.allSatisfy({ Self.isAlphanumeric($0) || [0x2D, 0x2E, 0x5F].contains($0) || $0 >= 0x80 })
    else { return nil }
    var bytes: [UInt8] = []
    for scalar in name + [0x40] + domain {
      guard let scalar = Unicode.Scalar(scalar) else { return nil }
      bytes += Array(String(scalar).utf8)
    }
    return bytes
  }

  private static func isAtomText(_ scalar: UInt32) -> Bool {
    scalar > 0x20 && scalar != 0x7F && !isSyntax(scalar)
  }

  private static func hasGoodDots(_ text: ArraySlice<UInt32>) -> Bool {
    text.first != 0x2E && text.last != 0x2E && !zip(text, text.dropFirst()).contains { $0 == (0x2E, 0x2E) }
  }
}
