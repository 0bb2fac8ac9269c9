import Bytes

/// Room: the forms that error material has by the thousand, read without looking for all others.
///
/// Each is recognised by every one of its bytes, so that no other form can be meant; whatever is unusual about a text is left
/// to `IdentifierReader`, which makes the same of these forms (the tests compare them). Pointers never leave the closures.
enum UsualIdentifier {
  /// The identifier of a text of a usual form; nil for all others.
  static func read(_ text: some StringProtocol) -> Identifier? {
    text.utf8.withContiguousStorageIfAvailable { read($0) } ?? nil
  }

  private static func read(_ text: UnsafeBufferPointer<UInt8>) -> Identifier? {
    // A full stop at the end is that of a sentence, which the reader of all forms takes off.
    guard text.count > 4, text.count < 256, text[text.count - 1] != UInt8(ascii: ".") else { return nil }
    guard text[2] == UInt8(ascii: "="), text[0] | 0x20 == UInt8(ascii: "c"), text[1] | 0x20 == UInt8(ascii: "n") else {
      return address(text)
    }
    return text[3] == UInt8(ascii: "{") ? connectorSpaceDN(text) : guidDN(text)
  }

  /// `CN=3f2504e0-4f89-41d3-9a0c-0305e82c3301`
  private static func guidDN(_ text: UnsafeBufferPointer<UInt8>) -> Identifier? {
    guard text.count == 39, let guid = GUID(ascii: UnsafeBufferPointer(rebasing: text[3...])) else { return nil }
    var identifier = Identifier(text: String(decoding: text, as: UTF8.self), form: .guidDN)
    identifier.guid = guid
    identifier.distinguishedName = Array(text)
    identifier.noteByteOrder()
    return identifier
  }

  /// `CN={3441516C50346C503030476144414D463643777A41513D3D}`: the base64 of a GUID in hexadecimal.
  private static func connectorSpaceDN(_ text: UnsafeBufferPointer<UInt8>) -> Identifier? {
    guard text.count == 53, text[52] == UInt8(ascii: "}") else { return nil }
    var anchor: [UInt8] = []
    anchor.reserveCapacity(24)
    for place in stride(from: 4, to: 52, by: 2) {
      guard let high = HexText.value(of: text[place]), let low = HexText.value(of: text[place + 1]) else { return nil }
      anchor.append(high << 4 | low)
    }
    guard let bytes = guidBytes(anchor), let guid = GUID(bytes) else { return nil }
    var identifier = Identifier(text: String(decoding: text, as: UTF8.self), form: .connectorSpaceDN)
    identifier.distinguishedName = Array(text)
    identifier.sourceAnchorText = String(decoding: anchor, as: UTF8.self)
    identifier.sourceAnchor = bytes
    identifier.guid = guid
    identifier.noteByteOrder()
    return identifier
  }

  /// The 16 bytes of 22 characters of base64 and `==`.
  private static func guidBytes(_ anchor: [UInt8]) -> [UInt8]? {
    guard anchor[22] == UInt8(ascii: "="), anchor[23] == UInt8(ascii: "=") else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16)
    var group: UInt32 = 0
    for index in 0..<22 {
      guard let value = Base64Text.value(of: anchor[index]) else { return nil }
      group = group << 6 | UInt32(value)
      if index % 4 == 3 {
        bytes.append(UInt8(truncatingIfNeeded: group >> 16))
        bytes.append(UInt8(truncatingIfNeeded: group >> 8))
        bytes.append(UInt8(truncatingIfNeeded: group))
        group = 0
      }
    }
    guard group & 15 == 0 else { return nil }
    bytes.append(UInt8(truncatingIfNeeded: group >> 4))
    return bytes
  }

  /// `SMTP:jo.doe@contoso.com`, `jo.doe@contoso.com`: letters, digits and a few marks around one `@`.
  private static func address(_ text: UnsafeBufferPointer<UInt8>) -> Identifier? {
    let start = typeLength(text)
    var at: Int?
    for place in start..<text.count {
      let byte = text[place]
      switch byte {
      case UInt8(ascii: "@"):
        guard at == nil, place > start else { return nil }
        at = place
      case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): break
      default: guard byte &- 48 < 10 || (byte | 0x20) &- 97 < 26 else { return nil }
      }
    }
    guard at != nil else { return nil }
    let type = start == 0 ? "" : String(decoding: text[..<(start - 1)].map { $0 | 0x20 }, as: UTF8.self)
    var identifier = Identifier(text: String(decoding: text, as: UTF8.self), form: .address)
    identifier.address = .init(type: type, value: String(decoding: text[start...], as: UTF8.self))
    return identifier
  }

  /// Number of bytes of `smtp:` or `sip:` at the beginning.
  private static func typeLength(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    func begins(_ type: StaticString) -> Bool {
      let count = type.utf8CodeUnitCount
      guard text.count > count, text[count] == UInt8(ascii: ":") else { return false }
      // Both letters only: no other byte becomes one by this bit.
      for place in 0..<count where text[place] | 0x20 != type.utf8Start[place] { return false }
      return true
    }
    return begins("smtp") ? 5 : begins("sip") ? 4 : 0
  }
}
