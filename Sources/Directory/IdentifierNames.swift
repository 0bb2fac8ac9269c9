import Bytes

extension IdentifierReader {
  // MARK: - Names

  /// `<GUID=…>;<SID=…>;DN` of the extended-DN control, or the base `<GUID=…>`.
  func extendedDN() -> Identifier? {
    guard text.hasPrefix("<") else { return nil }
    var rest = text[...]
    var identifier = Identifier(text: text, form: .extendedDN)
    while rest.hasPrefix("<") {
      guard let end = rest.firstIndex(of: ">"), let equals = rest.firstIndex(of: "="), equals < end else { return nil }
      let value = String(rest[rest.index(after: equals)..<end])
      switch rest[rest.index(after: rest.startIndex)..<equals].uppercased() {
      case "GUID": identifier.guid = GUID(text: value) ?? HexText.decode(value).flatMap { GUID($0) }
      case "SID":
        identifier.sid = SecurityIdentifier(text: value) ?? HexText.decode(value).flatMap { SecurityIdentifier($0) }
      default: break
      }
      rest = rest[rest.index(after: end)...]
      if rest.hasPrefix(";") { rest = rest.dropFirst() }
    }
    if !rest.isEmpty, DistinguishedName.components(of: Array(rest.utf8)) != nil {
      identifier.distinguishedName = Array(rest.utf8)
      identifier.mangledName = MangledName(dn: Array(rest.utf8))
    }
    guard identifier.guid != nil || identifier.sid != nil || identifier.distinguishedName != nil else { return nil }
    return identifier
  }

  /// A DN, an account, an address, or whatever else the text is.
  func name() -> Identifier {
    distinguishedName() ?? accountName() ?? address() ?? Identifier(text: text, form: .name)
  }

  private func distinguishedName() -> Identifier? {
    let bytes = Array(text.utf8)
    guard let components = DistinguishedName.components(of: bytes) else { return nil }
    let isSingle = !components.dropFirst().contains { !$0.continuesRDN }
    let types: Set<String> = ["cn", "ou", "dc", "o", "uid", "c", "l", "st", "e"]
    // `a=b` alone may be anything.
    guard !isSingle || types.contains(components[0].type.lowercased()) else { return nil }
    var identifier = Identifier(text: text, form: isSingle ? .relativeName : .distinguishedName)
    if isSingle, components[0].type.lowercased() == "dc" { identifier.form = .distinguishedName }
    identifier.distinguishedName = bytes
    if let mangled = MangledName(value: components[0].value) {
      identifier.mangledName = mangled
      identifier.guid = mangled.objectGUID
      identifier.form = mangled.reason == .deleted ? .deletedDN : .conflictDN
    }
    return identifier
  }

  private func accountName() -> Identifier? {
    let parts = text.split(separator: "\\", omittingEmptySubsequences: false)
    let forbidden: Set<Character> = ["\"", "/", ":", ";", "|", "=", ",", "+", "*", "?", "<", ">"]
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty,
      !text.contains(where: { forbidden.contains($0) || $0.isNewline })
    else { return nil }
    var identifier = Identifier(text: text, form: .accountName)
    identifier.account = .init(domain: String(parts[0]), name: String(parts[1]))
    return identifier
  }

  private func address() -> Identifier? {
    var type = ""
    var value = text[...]
    if let colon = text.firstIndex(of: ":"), colon != text.startIndex,
      text.distance(from: text.startIndex, to: colon) <= 16,
      text[..<colon].utf8.allSatisfy({ $0 &- 48 < 10 || $0 | 0x20 >= 97 && $0 | 0x20 <= 122 })
    {
      type = text[..<colon].lowercased()
      value = text[text.index(after: colon)...]
    }
    let known: Set<String> = ["smtp", "sip", "x500", "x400", "eum", "spo", "notes", "ms", "ccmail", "gwise", "eas"]
    guard !value.isEmpty, known.contains(type) || value.contains("@") && !value.hasPrefix("@") else { return nil }
    guard !value.contains(where: { $0.isNewline }) else { return nil }
    var identifier = Identifier(text: text, form: .address)
    identifier.address = .init(type: type, value: String(value))
    return identifier
  }
}
