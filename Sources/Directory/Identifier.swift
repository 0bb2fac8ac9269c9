import Bytes

/// Text that names a directory object, in any form that administrators, event logs and tools use, and what it says.
///
/// Reading never fails: a text that has no special form is a name. What a form cannot tell (whether a GUID is an
/// objectGUID or a cloud id) stays open; `nature` says only what is certain.
public struct Identifier: Hashable, Sendable {
  /// The form of the text.
  public enum Form: String, Sendable, CaseIterable {
    /// `3f2504e0-4f89-41d3-9a0c-0305e82c3301`, with or without braces
    case guid
    /// 32 hexadecimal digits
    case guidHex = "guid-hex"
    /// 16 times `\xx`
    case guidFilter = "guid-filter"
    /// Base64 of a source anchor (immutable id)
    case sourceAnchor = "source-anchor"
    /// `CN={hex}` of the connector space of the cloud: a source anchor in hexadecimal
    case connectorSpaceDN = "connector-space-dn"
    /// `CN=<guid>`, as DirSync wrote it
    case guidDN = "guid-dn"
    /// `User_<guid>`: an object of the cloud
    case cloudAnchor = "cloud-anchor"
    /// `CN={hex}` of the connector space: a cloud anchor in hexadecimal
    case cloudAnchorDN = "cloud-anchor-dn"
    /// Base64 of the anchor of a connector-space object: a length and UTF-16 text
    case anchorValue = "anchor-value"
    /// `S-1-5-21-…`
    case sid
    /// Base64, hexadecimal or filter form of a SID
    case sidBytes = "sid-bytes"
    /// A distinguished name of a directory
    case distinguishedName = "dn"
    /// A DN whose object lost a naming conflict (`\0ACNF:<guid>`)
    case conflictDN = "conflict-dn"
    /// A DN of a deleted object (`\0ADEL:<guid>`)
    case deletedDN = "deleted-dn"
    /// `<GUID=…>;<SID=…>;DN`
    case extendedDN = "extended-dn"
    /// `CN=Jo Doe`, one RDN
    case relativeName = "rdn"
    /// `DOMAIN\user`
    case accountName = "account-name"
    /// A user principal name or an address, with or without a type (`SMTP:`)
    case address
    /// Anything else: an account, a common or a display name, a custom source anchor
    case name
  }

  /// Whose identifier it is, where the form tells.
  public enum Nature: Hashable, Sendable {
    /// It can be an identifier of an on-premises object.
    case directory
    /// A GUID of which only a look-up can tell whose it is.
    case open
    /// An object of the cloud; no on-premises directory has it.
    case cloud
    /// An id of the synchronization engine, perhaps with the time and machine that it was made at; no directory has it.
    case engine(SequentialGUID?)
    /// The constant id of the Entra connector, which names no object.
    case entraConnector
  }

  /// The text as given, without white space around it.
  public var text: String
  /// The form of the text.
  public var form: Form
  /// The GUID that the text says.
  public var guid: GUID?
  /// The bytes of a source anchor; not 16 of them for a custom anchor.
  public var sourceAnchor: [UInt8]?
  /// The source anchor as the cloud has it: base64, or a text of its own for a custom anchor.
  public var sourceAnchorText: String?
  /// The anchor of a cloud object.
  public var cloudAnchor: CloudAnchor?
  /// The security identifier.
  public var sid: SecurityIdentifier?
  /// The distinguished name, without the GUID and SID of an extended DN.
  public var distinguishedName: [UInt8]?
  /// The mark of a conflict or deletion in the name.
  public var mangledName: MangledName?
  /// Domain and account of `DOMAIN\user`.
  public var account: Account?
  /// Type (`smtp`, in lower case; empty without one) and address.
  public var address: Address?
  /// Whose identifier it is by what stands beside it, where that tells more than the form.
  public var statedNature: Nature?
  /// What is odd about the text and what was made of it, one sentence each without a full stop.
  public var notes: [String] = []
  /// What is wrong with the text, when it cannot be read as it stands: the rest is then that of its only reading, if it has
  /// just one.
  public var damage: IdentifierDamage?

  /// `DOMAIN\user`.
  public struct Account: Hashable, Sendable {
    /// NetBIOS name of the domain.
    public var domain: String
    /// sAMAccountName.
    public var name: String
  }

  /// An address.
  public struct Address: Hashable, Sendable {
    /// `smtp`, `sip`, `x500` …, in lower case; empty without one.
    public var type: String
    /// The address without its type.
    public var value: String

    /// An address; see the properties.
    public init(type: String, value: String) {
      self.type = type
      self.value = value
    }
  }

  init(text: String, form: Form) {
    self.text = text
    self.form = form
  }

  /// Reads a text.
  public init(_ text: some StringProtocol) {
    self = UsualIdentifier.read(text) ?? IdentifierReader(text).read()
  }

  /// Id of the Entra connector in every installation of Azure AD Connect and Entra Connect Sync.
  public static let entraConnectorID = GUID(text: "b891884f-051e-4a83-95af-2544101c9083")

  /// Whose identifier it is, where the form tells.
  public var nature: Nature {
    if let statedNature { return statedNature }
    if cloudAnchor != nil { return .cloud }
    guard let guid else { return .directory }
    switch form {
    case .guid, .guidHex, .guidFilter, .guidDN:
      if guid == Self.entraConnectorID { return .entraConnector }
      if let sequential = guid.sequential { return .engine(sequential) }
      return .open
    // These forms say that the GUID is one of a directory.
    default: return .directory
    }
  }

  /// Whether only the reading with swapped bytes looks like a GUID of a directory: then the text has the wrong byte order.
  public var looksByteSwapped: Bool {
    guard let guid else { return false }
    return !guid.isRandom && guid.sequential == nil && guid.byteSwapped.isRandom
  }
}

extension Identifier {
  /// Says so where the bytes of the GUID seem to be in the wrong order.
  mutating func noteByteOrder() {
    guard looksByteSwapped else { return }
    notes.append(
      "read as it stands the GUID is of no kind that directories make, with swapped bytes it is: probably the byte order "
        + "was mistaken")
  }
}

/// Tells the form of an identifier.
struct IdentifierReader {
  /// As given.
  let original: String
  /// Without white space around it, quotes, the name of an attribute before it and the parentheses of a filter.
  var text: String
  var notes: [String] = []

  init(_ given: some StringProtocol) {
    original = Self.trim(given)
    text = original
    for (open, close) in [("\"", "\""), ("'", "'"), ("\u{201C}", "\u{201D}"), ("(", ")")]
    where text.count > 2 && text.hasPrefix(open) && text.hasSuffix(close) {
      text = Self.trim(text.dropFirst().dropLast())
    }
    unwrap()
    peel()
    removeAttributeName()
  }

  func read() -> Identifier {
    if let damaged = damaged() { return damaged }
    var found =
      metaverseID() ?? byteList() ?? extendedDN() ?? connectorSpaceDN() ?? guid() ?? sid() ?? cloudAnchor() ?? filter()
      ?? hexadecimal() ?? base64()
      ?? name()
    found.text = original
    found.notes = notes + found.notes
    found.noteByteOrder()
    return found
  }

  /// The only reading of a text that cannot be read, or the text with nothing but what is wrong with it.
  private func damaged() -> Identifier? {
    guard text.utf8.count >= 8, let damage = IdentifierDamage(text) else { return nil }
    var found: Identifier
    if damage.readings.count == 1 {
      found = Identifier(damage.readings[0])
      found.notes = ["\(damage.description); read as \(damage.readings[0])"]
    } else {
      found = Identifier(text: text, form: text.utf8.contains(UInt8(ascii: "{")) ? .connectorSpaceDN : .guid)
      if text.prefix(3).lowercased() == "cn=", found.form == .guid { found.form = .guidDN }
      if text.hasSuffix("==") { found.form = .sourceAnchor }
      found.notes = [damage.description]
      if !damage.readings.isEmpty {
        found.notes[0] += "; it may be \(damage.readings.prefix(4).joined(separator: ", "))"
      }
    }
    found.text = original
    found.notes = notes + found.notes
    found.damage = damage
    return found
  }

  // MARK: - Cleaning

  static func trim(_ text: some StringProtocol) -> String {
    var rest = text[...]
    while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return String(rest)
  }

  /// Takes out the line breaks that a console or a mail puts into hexadecimal digits and base64.
  private mutating func unwrap() {
    guard text.contains(where: { $0.isWhitespace }) else { return }
    let joined = text.filter { !$0.isWhitespace }
    let isWrappedDN = Self.braces(of: joined) != nil || joined.hasPrefix("{") && GUID(text: joined) != nil
    let hasLineBreak = text.contains { $0.isNewline }
    let isWrappedValue =
      hasLineBreak && Base64Text.isAlphabetOnly(joined)
      && (joined.hasSuffix("=") || HexText.decode(joined).map { $0.count >= 16 } ?? false)
    let isSpacedHex = !hasLineBreak && joined.utf8.count == 32 && HexText.decode(joined) != nil
    guard isWrappedDN || isWrappedValue || isSpacedHex else { return }
    text = joined
    notes.append("line breaks and spaces within the identifier were taken out")
  }

  private static let attributes = [
    "objectguid", "ms-ds-consistencyguid", "msexchmailboxguid", "msexcharchiveguid", "objectsid", "sourceanchor",
    "immutableid", "onpremisesimmutableid", "dn", "distinguishedname", "userprincipalname", "samaccountname", "anchor",
    "onpremisesecurityidentifier", "proxyaddresses", "mail", "identity",
  ]

  /// `objectGUID:: 4AQl…`, `sourceAnchor: …`, `objectGUID=\e0\04…`
  private mutating func removeAttributeName() {
    guard let end = text.firstIndex(where: { $0 == ":" || $0 == "=" }),
      Self.attributes.contains(text[..<end].filter { $0 != " " }.lowercased())
    else { return }
    var rest = text[text.index(after: end)...]
    if text[end] == ":", rest.hasPrefix(":") { rest = rest.dropFirst() }
    let value = Self.trim(rest)
    if !value.isEmpty { text = value }
  }

  // MARK: - Forms

  /// The inside of `CN={…}`, perhaps with more RDNs behind it, or of `{…}` around more than a GUID.
  static func braces(of text: String) -> Substring? {
    guard let open = text.firstIndex(of: "{"), let close = text.firstIndex(of: "}"), open < close,
      ["cn=", ""].contains(text[..<open].lowercased())
    else { return nil }
    let rest = text[text.index(after: close)...]
    guard rest.isEmpty || rest.hasPrefix(",") else { return nil }
    return text[text.index(after: open)..<close]
  }

  private func connectorSpaceDN() -> Identifier? {
    if let inside = Self.braces(of: text), GUID(text: inside) == nil {
      return hexAnchor(String(inside)) ?? unreadableDN(inside)
    }
    guard text.lowercased().hasPrefix("cn="), let guid = GUID(text: Self.trim(text.dropFirst(3))) else { return nil }
    var identifier = Identifier(text: text, form: .guidDN)
    identifier.guid = guid
    identifier.distinguishedName = Array(text.utf8)
    return identifier
  }

  /// Hexadecimal digits whose bytes are the text of a source anchor or a cloud anchor.
  private func hexAnchor(_ digits: String) -> Identifier? {
    guard let bytes = HexText.decode(digits), !bytes.isEmpty, let inner = String(validating: bytes, as: UTF8.self),
      inner.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f })
    else { return nil }
    if let cloud = CloudAnchor(text: inner) {
      var identifier = Identifier(text: text, form: .cloudAnchorDN)
      identifier.cloudAnchor = cloud
      identifier.distinguishedName = Array(text.utf8)
      return identifier
    }
    var identifier = Identifier(text: text, form: .connectorSpaceDN)
    identifier.distinguishedName = Array(text.utf8)
    identifier.sourceAnchorText = inner
    do throws(Base64Text.Fault) {
      let anchor = try Base64Text.decode(inner)
      identifier.sourceAnchor = anchor
      identifier.guid = GUID(anchor)
      if identifier.guid == nil {
        identifier.notes.append("the source anchor is no GUID but a custom one: \(Self.describe(anchor, inner))")
      }
    } catch {
      identifier.notes.append("the source anchor is no base64 (\(error)): a custom anchor, taken as text")
    }
    return identifier
  }

  private static func describe(_ anchor: [UInt8], _ text: String) -> String {
    guard let inner = String(validating: anchor, as: UTF8.self), !inner.isEmpty,
      inner.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value < 0x7f })
    else { return "\(anchor.count) bytes, or the text \(text)" }
    return "\(inner) in base64, or the text \(text)"
  }

  private func unreadableDN(_ inside: Substring) -> Identifier? {
    guard text.lowercased().hasPrefix("cn="), inside.utf8.allSatisfy({ HexText.value(of: $0) != nil }) else {
      return nil
    }
    var identifier = Identifier(text: text, form: .distinguishedName)
    identifier.distinguishedName = Array(text.utf8)
    identifier.notes.append(
      inside.utf8.count % 2 == 1
        ? "the \(inside.utf8.count) hexadecimal digits are an odd number: one was lost in copying"
        : "the hexadecimal digits are not those of a source anchor")
    return identifier
  }

  private func guid() -> Identifier? {
    guard let guid = GUID(text: text) else { return nil }
    var identifier = Identifier(text: text, form: .guid)
    identifier.guid = guid
    return identifier
  }

  private func sid() -> Identifier? {
    guard let sid = SecurityIdentifier(text: text) else { return nil }
    var identifier = Identifier(text: text, form: .sid)
    identifier.sid = sid
    return identifier
  }

  private func cloudAnchor() -> Identifier? {
    guard let cloud = CloudAnchor(text: text) else { return nil }
    var identifier = Identifier(text: text, form: .cloudAnchor)
    identifier.cloudAnchor = cloud
    return identifier
  }

  private func filter() -> Identifier? {
    guard let bytes = HexText.decodeFilter(text) else { return nil }
    return identifier(ofBytes: bytes, guidForm: .guidFilter)
  }

  private func hexadecimal() -> Identifier? {
    let digits = text.lowercased().hasPrefix("0x") ? String(text.dropFirst(2)) : text
    guard let bytes = HexText.decode(digits), bytes.count >= 12 else { return nil }
    return identifier(ofBytes: bytes, guidForm: .guidHex) ?? hexAnchor(digits)
  }

  func identifier(ofBytes bytes: [UInt8], guidForm: Identifier.Form) -> Identifier? {
    if !SecurityIdentifier.isCertain(bytes), let guid = GUID(bytes) {
      var identifier = Identifier(text: text, form: guidForm)
      identifier.guid = guid
      return identifier
    }
    guard let sid = SecurityIdentifier(bytes), !sid.subauthorities.isEmpty else { return nil }
    var identifier = Identifier(text: text, form: .sidBytes)
    identifier.sid = sid
    return identifier
  }

  // MARK: - Base64

  private func base64() -> Identifier? {
    var candidate = text
    var notes: [String] = []
    if candidate.contains(where: { $0 == "-" || $0 == "_" }), candidate.hasSuffix("=") {
      candidate = String(candidate.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
      notes.append("the URL form of base64 was taken for the usual one")
    }
    guard candidate.utf8.count >= 16, Base64Text.isAlphabetOnly(candidate) else { return nil }
    let looksPadded = candidate.hasSuffix("=")
    do throws(Base64Text.Fault) {
      let bytes = try Base64Text.decode(candidate)
      guard var identifier = decoded(bytes, candidate, looksPadded: looksPadded) else { return nil }
      identifier.notes += notes
      return identifier
    } catch {
      return unpadded(candidate) ?? invalid(candidate, error)
    }
  }

  private func decoded(_ bytes: [UInt8], _ candidate: String, looksPadded: Bool) -> Identifier? {
    if let anchor = AnchorText.decode(bytes) { return anchorValue(anchor) }
    if !SecurityIdentifier.isCertain(bytes), let guid = GUID(bytes) {
      var identifier = Identifier(text: text, form: .sourceAnchor)
      identifier.guid = guid
      identifier.sourceAnchor = bytes
      identifier.sourceAnchorText = candidate
      return identifier
    }
    if let sid = SecurityIdentifier(bytes), !sid.subauthorities.isEmpty {
      var identifier = Identifier(text: text, form: .sidBytes)
      identifier.sid = sid
      return identifier
    }
    // A word of letters is base64, too, but hardly an identifier in it.
    guard looksPadded || candidate.contains(where: { $0 == "+" || $0 == "/" }) else { return nil }
    var identifier = Identifier(text: text, form: .sourceAnchor)
    identifier.sourceAnchor = bytes
    identifier.sourceAnchorText = candidate
    identifier.notes.append("it is no GUID but \(bytes.count) bytes: a custom source anchor, if it is one")
    return identifier
  }

  private func anchorValue(_ anchor: String) -> Identifier {
    if let cloud = CloudAnchor(text: anchor) {
      var identifier = Identifier(text: text, form: .anchorValue)
      identifier.cloudAnchor = cloud
      return identifier
    }
    var identifier = Identifier(text: text, form: .anchorValue)
    identifier.notes.append("the anchor is the text \(anchor)")
    identifier.sourceAnchorText = anchor
    return identifier
  }

  /// 22 characters of a GUID whose padding was lost; only where the GUID is of a kind that directories make.
  private func unpadded(_ candidate: String) -> Identifier? {
    guard candidate.utf8.count == 22, let bytes = try? Base64Text.decode(candidate + "=="), let guid = GUID(bytes),
      guid.isRandom
    else { return nil }
    var identifier = Identifier(text: text, form: .sourceAnchor)
    identifier.guid = guid
    identifier.sourceAnchor = bytes
    identifier.sourceAnchorText = candidate + "=="
    identifier.notes.append("the padding == of the base64 text was missing")
    return identifier
  }

  private func invalid(_ candidate: String, _ fault: Base64Text.Fault) -> Identifier? {
    guard candidate.hasSuffix("=") else { return nil }
    var identifier = Identifier(text: text, form: .name)
    let extra = candidate.utf8.count == 25 ? "; a source anchor of a GUID has 24: one character is too many" : ""
    identifier.notes.append(
      "it looks like base64 but is not valid (\(fault)\(extra)), so it is looked up as a text only")
    return identifier
  }
}
