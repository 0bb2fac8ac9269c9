/// Distinguished names (RFC 4514) taken apart and put together.
enum DNText {
  /// One type and value, and what stands before them.
  struct Part {
    /// `,` or `+`, with spaces as they were; empty for the first.
    var separator: [UInt8]
    /// The type as written.
    var type: [UInt8]
    /// The value without escapes.
    var value: [UInt8]

    /// Whether it is a label of a domain.
    var isDomainComponent: Bool { type.map { $0 | 0x20 } == Array("dc".utf8) }
  }

  /// The parts of a DN; nil when it is none.
  static func parse(_ dn: [UInt8]) -> [Part]? {
    var parts: [Part] = []
    var index = 0
    var separator: [UInt8] = []
    while true {
      let typeStart = index
      while index < dn.count, isTypeByte(dn[index]) { index += 1 }
      guard index > typeStart, index < dn.count, dn[index] == UInt8(ascii: "=") else { return nil }
      let type = Array(dn[typeStart..<index])
      index += 1
      guard let value = value(dn, &index) else { return nil }
      parts.append(Part(separator: separator, type: type, value: value))
      guard index < dn.count else { return parts }
      let from = index
      index += 1
      while index < dn.count, dn[index] == UInt8(ascii: " ") { index += 1 }
      separator = Array(dn[from..<index])
    }
  }

  /// The DN of parts, with the escapes that RFC 4514 asks for.
  static func join(_ parts: [Part]) -> [UInt8] {
    var dn: [UInt8] = []
    for part in parts {
      dn += part.separator + part.type + [UInt8(ascii: "=")]
      for (index, byte) in part.value.enumerated() {
        let isEdge = index == 0 || index == part.value.count - 1
        let isSpecial = ",+\"\\<>;".utf8.contains(byte) || byte == UInt8(ascii: " ") && isEdge
        if byte == 0 {
          dn += Array("\\00".utf8)
        } else {
          if isSpecial || byte == UInt8(ascii: "#") && index == 0 { dn.append(UInt8(ascii: "\\")) }
          dn.append(byte)
        }
      }
    }
    return dn
  }

  /// Whether characters are the name of a type that DNs and X.400 and X.500 addresses use.
  static func isKnownType(_ characters: some Sequence<UInt32>) -> Bool {
    isKnownType(characters.map { $0 < 0x80 ? UInt8($0) : 0 })
  }

  /// Whether bytes are the name of such a type.
  static func isKnownType(_ type: [UInt8]) -> Bool {
    knownTypes.contains(String(decoding: type.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self))
  }

  private static let knownTypes: Set<String> = [
    "cn", "ou", "dc", "o", "c", "l", "st", "street", "uid", "sn", "gn", "g", "s", "i", "q", "a", "p", "n-id", "prmd",
    "admd", "x", "ou1", "ou2", "ou3", "ou4", "dda", "email", "e", "t", "serialnumber",
  ]

  /// Reads a value up to the next `,` or `+` that is not escaped.
  private static func value(_ dn: [UInt8], _ index: inout Int) -> [UInt8]? {
    var value: [UInt8] = []
    while index < dn.count, dn[index] != UInt8(ascii: ","), dn[index] != UInt8(ascii: "+") {
      guard dn[index] == UInt8(ascii: "\\") else {
        value.append(dn[index])
        index += 1
        continue
      }
      guard index + 1 < dn.count else { return nil }
      if index + 2 < dn.count, let high = digit(dn[index + 1]), let low = digit(dn[index + 2]) {
        value.append(high << 4 | low)
        index += 3
      } else {
        value.append(dn[index + 1])
        index += 2
      }
    }
    return value
  }

  private static func isTypeByte(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}

/// Address types that pseudonyms keep.
enum AddressType {
  /// Whether what stands before a colon is an address type, or one that is misspelt by a character or two in exchange.
  static func isKept(_ characters: ArraySlice<UInt32>) -> Bool {
    guard characters.count <= 12 else { return false }
    let letters = characters.filter { $0 < 0x80 && (($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10) }
    guard letters.count + 2 >= characters.count else { return false }
    let text = letters.map { UInt8($0) &- 0x41 < 26 ? UInt8($0) | 0x20 : UInt8($0) }
    return known.contains(String(decoding: text, as: UTF8.self))
      || ["smtp", "x500", "x400"].contains { isNear(text, Array($0.utf8)) }
  }

  private static let known: Set<String> = [
    "smtp", "sip", "x500", "x400", "ex", "eum", "spo", "fax", "rfax", "notes", "msmail", "ms", "ccmail", "gwise", "sap",
    "mailto", "tel", "im", "dav", "mob", "air", "proxy", "ipms",
  ]

  /// Whether two words differ by one character left out, added or changed, or two neighbours exchanged.
  private static func isNear(_ word: [UInt8], _ other: [UInt8]) -> Bool {
    guard abs(word.count - other.count) <= 1 else { return false }
    let prefix = zip(word, other).prefix { $0 == $1 }.count
    let suffix = zip(word.dropFirst(prefix).reversed(), other.dropFirst(prefix).reversed()).prefix { $0 == $1 }.count
    let first = word.dropFirst(prefix).dropLast(suffix)
    let second = other.dropFirst(prefix).dropLast(suffix)
    return first.count <= 1 && second.count <= 1 || first.count == 2 && Array(first.reversed()) == Array(second)
  }
}
