/// Base64 (RFC 4648, section 4). Long values of LDIF are decoded in place by `Base64Decoder`.
public enum Base64Text {
  /// Why a text is no base64.
  public enum Fault: Error, Hashable, Sendable {
    /// A character outside the alphabet, or padding in the middle; its offset in bytes.
    case character(offset: Int)
    /// The number of characters, which is no multiple of 4 even without looking at the padding.
    case length(Int)
    /// Bits of the last character that should be zero are not: a character was changed or cut.
    case trailingBits
  }

  static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text of bytes, with padding.
  public static func encode(_ bytes: some Sequence<UInt8>) -> String { encode(Array(bytes)) }

  /// The same for an array.
  public static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.append(base64: bytes.span)
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text.
  ///
  /// - Throws: a `Fault`; a text with missing padding is a fault of the length.
  public static func decode(_ text: some StringProtocol) throws(Fault) -> [UInt8] {
    let characters = Array(text.utf8)
    var significant = characters.count
    while significant > 0, characters.count - significant < 2, characters[significant - 1] == UInt8(ascii: "=") {
      significant -= 1
    }
    var bytes: [UInt8] = []
    var group: UInt32 = 0
    for index in 0..<significant {
      guard let value = value(of: characters[index]) else { throw .character(offset: index) }
      group = group << 6 | UInt32(value)
      if index % 4 == 3 {
        for shift: UInt32 in [16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: group >> shift)) }
        group = 0
      }
    }
    guard characters.count % 4 == 0 else { throw .length(characters.count) }
    switch significant % 4 {
    case 2:
      guard group & 15 == 0 else { throw .trailingBits }
      bytes.append(UInt8(truncatingIfNeeded: group >> 4))
    case 3:
      guard group & 3 == 0 else { throw .trailingBits }
      bytes.append(UInt8(truncatingIfNeeded: group >> 10))
      bytes.append(UInt8(truncatingIfNeeded: group >> 2))
    case 1: throw .length(significant)
    default: break
    }
    return bytes
  }

  /// The bytes of a text in which other characters may stand, such as line breaks, and whose end may be cut (RFC 2045,
  /// section 6.8): they are passed over, and what is left of the last group is taken as far as it makes whole bytes.
  public static func decodeMailBody(_ text: some Sequence<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text {
      if byte == UInt8(ascii: "=") { break }
      guard let value = value(of: byte) else { continue }
      bits = bits << 6 | UInt32(value)
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
    return bytes
  }

  /// Whether every character may stand in base64 (padding at the end included).
  public static func isAlphabetOnly(_ text: some StringProtocol) -> Bool {
    let characters = Array(text.utf8)
    let end = characters.lastIndex { $0 != UInt8(ascii: "=") }.map { $0 + 1 } ?? 0
    return end > 0 && characters.count - end <= 2 && characters[..<end].allSatisfy { value(of: $0) != nil }
  }

  /// The number that a character stands for; nil for one outside the alphabet.
  public static func value(of character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}

extension Base64Text.Fault: CustomStringConvertible {
  /// What is wrong, in a few words.
  public var description: String {
    switch self {
    case .character(let offset): "character \(offset + 1) is not one of base64"
    case .length(let count): "it has \(count) characters, and base64 has a multiple of 4"
    case .trailingBits: "its last character does not go with its length"
    }
  }
}
