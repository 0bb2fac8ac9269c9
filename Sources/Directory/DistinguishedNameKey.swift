import Bytes

extension DistinguishedName {
  /// One attribute of a relative distinguished name.
  public struct Component: Hashable, Sendable {
    /// The attribute type as spelled.
    public var type: String
    /// The value, unescaped.
    public var value: [UInt8]
    /// Whether it belongs to the RDN of the component before it (`CN=a+SN=b`).
    public var continuesRDN: Bool
  }

  /// Appends a key under which all spellings of a DN are equal: escapes (`\,`, `\2C`, quotes as in RFC 2253) are undone,
  /// ASCII letters are in lower case, spaces around separators are gone. Bytes of the values that would be taken for
  /// separators or quotes have a backslash before them.
  ///
  /// Letters beyond ASCII stay as they are; see `CaseVariants`.
  public static func appendKey(of dn: Span<UInt8>, to key: inout [UInt8]) {
    var index = 0
    var pendingSpaces = 0
    var isAtStart = true
    var isQuoted = false
    while index < dn.count {
      var byte = dn[index]
      index += 1
      if !isQuoted {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: ";"):
          pendingSpaces = 0
          key.append(byte == UInt8(ascii: ";") ? UInt8(ascii: ",") : byte)
          isAtStart = true
          continue
        case UInt8(ascii: " "):
          if !isAtStart { pendingSpaces += 1 }
          continue
        case UInt8(ascii: "\"") where isAtStart:
          isQuoted = true
          isAtStart = false
          continue
        default: break
        }
      } else if byte == UInt8(ascii: "\"") {
        isQuoted = false
        continue
      }
      if byte == UInt8(ascii: "\\"), index < dn.count {
        byte = dn[index]
        index += 1
        if let high = HexText.value(of: byte), index < dn.count, let low = HexText.value(of: dn[index]) {
          byte = high << 4 | low
          index += 1
        }
      }
      while pendingSpaces > 0 {
        key.append(UInt8(ascii: " "))
        pendingSpaces -= 1
      }
      isAtStart = false
      append(unescaped: byte, to: &key)
    }
  }

  @inline(__always)
  private static func append(unescaped byte: UInt8, to key: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "\\"), UInt8(ascii: "\""),
      UInt8(ascii: ";"):
      key.append(UInt8(ascii: "\\"))
      key.append(byte)
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): key.append(byte | 0x20)
    default: key.append(byte)
    }
  }

  /// The key of a DN; see `appendKey`.
  public static func key(of dn: [UInt8]) -> [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(dn.count)
    appendKey(of: dn.span, to: &key)
    return key
  }

  /// Number of bytes of the first RDN in a key.
  public static func firstRDNLength(ofKey key: borrowing [UInt8]) -> Int {
    var index = 0
    while index < key.count {
      if key[index] == UInt8(ascii: "\\") {
        index += 2
      } else if key[index] == UInt8(ascii: ",") {
        return index
      } else {
        index += 1
      }
    }
    return min(index, key.count)
  }

  /// The components of a DN; nil when the text is no DN (RFC 4514).
  public static func components(of dn: [UInt8]) -> [Component]? {
    var components: [Component] = []
    var start = 0
    var continuesRDN = false
    while start < dn.count {
      var end = start
      var isQuoted = false
      while end < dn.count {
        if dn[end] == UInt8(ascii: "\\") {
          end += 2
          continue
        }
        if dn[end] == UInt8(ascii: "\"") { isQuoted.toggle() }
        if !isQuoted, [UInt8(ascii: ","), UInt8(ascii: "+"), UInt8(ascii: ";")].contains(dn[end]) { break }
        end += 1
      }
      guard end <= dn.count, !isQuoted, let component = component(dn[start..<end], continuesRDN) else { return nil }
      components.append(component)
      guard end < dn.count else { return components }
      continuesRDN = dn[end] == UInt8(ascii: "+")
      start = end + 1
      // A separator at the end has nothing behind it.
      if start == dn.count { return nil }
    }
    return components.isEmpty ? nil : components
  }

  private static func component(_ text: ArraySlice<UInt8>, _ continuesRDN: Bool) -> Component? {
    guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    let type = String(decoding: text[..<equals], as: UTF8.self).filter { $0 != " " }
    guard let first = type.utf8.first, first &- 48 < 10 || first | 0x20 >= 97 && first | 0x20 <= 122,
      type.utf8.allSatisfy({ $0 &- 48 < 10 || $0 | 0x20 >= 97 && $0 | 0x20 <= 122 || $0 == 45 || $0 == 46 })
    else { return nil }
    var value: [UInt8] = []
    var index = equals + 1
    var pendingSpaces = 0
    while index < text.endIndex {
      var byte = text[index]
      index += 1
      if byte == UInt8(ascii: " ") {
        pendingSpaces += 1
        continue
      }
      if byte == UInt8(ascii: "\"") { continue }
      if byte == UInt8(ascii: "\\"), index < text.endIndex {
        byte = text[index]
        index += 1
        if let high = HexText.value(of: byte), index < text.endIndex, let low = HexText.value(of: text[index]) {
          byte = high << 4 | low
          index += 1
        }
      }
      if !value.isEmpty { value += repeatElement(UInt8(ascii: " "), count: pendingSpaces) }
      pendingSpaces = 0
      value.append(byte)
    }
    return Component(type: type, value: value, continuesRDN: continuesRDN)
  }

  /// A value as it is written in a DN (RFC 4514, 2.4), with `\xx` for control characters.
  public static func escaped(_ value: [UInt8]) -> String {
    var text: [UInt8] = []
    for (index, byte) in value.enumerated() {
      let isEdge = index == 0 || index == value.count - 1
      switch byte {
      case 0..<0x20, 0x7f: text += Array("\\\(HexText.encode(CollectionOfOne(byte), upperCase: true))".utf8)
      case UInt8(ascii: ","), UInt8(ascii: "+"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"),
        UInt8(ascii: ">"), UInt8(ascii: ";"), UInt8(ascii: "="):
        text += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: " ") where isEdge: text += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "#") where index == 0: text += [UInt8(ascii: "\\"), byte]
      default: text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// The mark that a domain controller puts into the name of an object that lost a naming conflict or was deleted
/// (MS-ADTS 3.1.1.1.4, 3.1.1.5.5): a line feed, `CNF:` or `DEL:`, and the object's own objectGUID.
public struct MangledName: Hashable, Sendable {
  /// What became of the object.
  public enum Reason: String, Sendable {
    /// Two domain controllers made objects of one name; this one was renamed.
    case conflict
    /// It was deleted and is a tombstone or in the recycle bin.
    case deleted
  }

  /// What became of the object.
  public var reason: Reason
  /// Its name before.
  public var name: [UInt8]
  /// Its objectGUID.
  public var objectGUID: GUID

  /// The mark in the value of an RDN; nil when there is none.
  public init?(value: [UInt8]) {
    // LF + `CNF:` + 36 characters.
    guard value.count >= 41 else { return nil }
    let start = value.count - 41
    guard value[start] == 10, let guid = GUID(text: String(decoding: value[(start + 5)...], as: UTF8.self)) else {
      return nil
    }
    switch String(decoding: value[start + 1..<start + 5], as: UTF8.self).uppercased() {
    case "CNF:": reason = .conflict
    case "DEL:": reason = .deleted
    default: return nil
    }
    name = Array(value[..<start])
    objectGUID = guid
  }

  /// The mark in the first RDN of a DN; nil when there is none.
  public init?(dn: [UInt8]) {
    // The line feed of the mark is there as such or as an escape.
    guard dn.contains(where: { $0 == UInt8(ascii: "\\") || $0 == 10 }),
      let first = DistinguishedName.components(of: dn)?.first
    else { return nil }
    self.init(value: first.value)
  }
}

/// Spellings of a text in which letters beyond ASCII are in upper or lower case, for look-ups that fold ASCII only.
public enum CaseVariants {
  /// At most this many letters beyond ASCII are varied one by one.
  public static let limit = 6

  /// All spellings of valid UTF-8: each letter beyond ASCII in either case, the text's own spelling first. A text with
  /// more than `limit` such letters gets three: its own, all lower and all upper.
  public static func of(_ text: [UInt8]) -> [[UInt8]] {
    guard text.contains(where: { $0 >= 0x80 }), let string = String(validating: text, as: UTF8.self) else {
      return [text]
    }
    var variants: [String] = [""]
    var letters = 0
    for character in string.unicodeScalars {
      let own = String(character)
      guard character.value >= 0x80 else {
        for index in variants.indices { variants[index] += own }
        continue
      }
      let other =
        character.properties.lowercaseMapping == own
        ? character.properties.uppercaseMapping : character.properties.lowercaseMapping
      guard other != own, other.unicodeScalars.count == 1 else {
        for index in variants.indices { variants[index] += own }
        continue
      }
      letters += 1
      guard letters <= limit else {
        let all = [string, string.lowercased(), string.uppercased()].map { Array($0.utf8) }
        return all.enumerated().filter { all.firstIndex(of: $1) == $0 }.map(\.element)
      }
      let varied = variants.map { $0 + other }
      for index in variants.indices { variants[index] += own }
      variants += varied
    }
    return variants.map { Array($0.utf8) }
  }
}
