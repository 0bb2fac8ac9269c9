import Bytes

extension IdentifierReader {
  // MARK: - What stands around

  /// Takes off what the service, a URL or a sentence put around the identifier.
  mutating func peel() {
    if let inside = Self.inside(text, "<pii>", "</pii>") { text = Self.trim(inside) }
    if text.utf8.contains(UInt8(ascii: "%")), let decoded = Self.percentDecoded(text) {
      text = decoded
      notes.append("the percent signs of a URL were undone")
    }
    if text.hasSuffix("."), !text.hasSuffix(".."), text.utf8.count > 8 {
      text.removeLast()
      notes.append("the full stop at the end was left out")
    }
  }

  private static func inside(_ text: String, _ open: String, _ close: String) -> Substring? {
    guard text.lowercased().hasPrefix(open), text.lowercased().hasSuffix(close), text.count >= open.count + close.count
    else { return nil }
    return text.dropFirst(open.count).dropLast(close.count)
  }

  /// nil when there is nothing to decode, or what it decodes to is no text of ASCII.
  private static func percentDecoded(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    var place = 0
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "%") {
        guard place + 2 < bytes.count, let high = HexText.value(of: bytes[place + 1]),
          let low = HexText.value(of: bytes[place + 2])
        else { return nil }
        decoded.append(high << 4 | low)
        place += 3
      } else {
        decoded.append(bytes[place])
        place += 1
      }
    }
    guard decoded.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return nil }
    return String(decoding: decoded, as: UTF8.self)
  }

  // MARK: - Forms of tools

  /// `MVID=67d2da90-…`: an object of the metaverse, as some connectors name their objects.
  func metaverseID() -> Identifier? {
    guard text.lowercased().hasPrefix("mvid="), let guid = GUID(text: Self.trim(text.dropFirst(5))) else { return nil }
    var identifier = Identifier(text: text, form: .guid)
    identifier.guid = guid
    identifier.statedNature = .engine(guid.sequential)
    identifier.notes.append("MVID is the id of a metaverse object")
    return identifier
  }

  /// `0xC7 0x85 …` of ADSI Edit, `{199, 133, …}` of PowerShell.
  func byteList() -> Identifier? {
    var inner = text[...]
    let hasBraces = inner.hasPrefix("{") && inner.hasSuffix("}")
    if hasBraces { inner = inner.dropFirst().dropLast() }
    let isCut = inner.hasSuffix("...") || inner.hasSuffix("\u{2026}")
    if isCut { inner = inner.hasSuffix("...") ? inner.dropLast(3) : inner.dropLast() }
    let words = inner.split { $0 == " " || $0 == "," || $0 == ";" || $0.isNewline || $0 == "\t" }
    guard words.count >= (isCut ? 2 : 8) else { return nil }
    let bytes = words.compactMap(Self.byte)
    guard bytes.count == words.count else { return nil }
    if isCut {
      var identifier = Identifier(text: text, form: .name)
      identifier.notes.append(
        "the console shows the first \(bytes.count) bytes only; show all with ([guid]$object.'mS-DS-ConsistencyGuid').Guid"
      )
      return identifier
    }
    return identifier(ofBytes: bytes, guidForm: .guidHex)
  }

  private static func byte(_ word: Substring) -> UInt8? {
    if word.lowercased().hasPrefix("0x") { return word.utf8.count <= 4 ? UInt8(word.dropFirst(2), radix: 16) : nil }
    return UInt8(word)
  }
}
