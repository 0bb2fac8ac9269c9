import Bytes

/// What is wrong with an identifier that cannot be read, and what it may have been.
///
/// Scanners take a zero for the letter O and a one for the letter l, consoles and mails cut the end of long names. None of
/// this makes an identifier that could be looked up; each reading that would is tried and named as such.
public struct IdentifierDamage: Hashable, Sendable {
  /// What is wrong, without a full stop: `letter O at place 17, 48 digits expected`.
  public var description: String
  /// What the text may have been, complete.
  public var readings: [String]
  /// The hexadecimal digits that are left of a name whose end is missing, in upper case.
  public var beginning: String?

  /// So many readings are tried.
  private static let maximumReadings = 64
  /// Digits of the connector-space DN of a source anchor that is a GUID: 24 characters of base64.
  private static let usualDigits = 48

  /// nil for texts that can be read, and for such that are no identifier of a form that can be told.
  public init?(_ text: String) {
    guard let damage = Self.connectorSpaceDN(text) ?? Self.ofGUID(text) ?? Self.guidDN(text) else { return nil }
    self = damage
  }

  private init(_ description: String, _ readings: [String], beginning: String? = nil) {
    self.description = description
    self.readings = Array(readings.prefix(Self.maximumReadings))
    self.beginning = beginning
  }

  // MARK: connector space

  private static func connectorSpaceDN(_ text: String) -> IdentifierDamage? {
    let bytes = Array(text.utf8)
    guard bytes.count > 8, text.prefix(4).lowercased() == "cn={" else { return nil }
    let close = bytes.firstIndex(of: UInt8(ascii: "}"))
    if let close, close < bytes.count - 1 { return nil }
    let rest = bytes[4..<(close ?? bytes.count)]
    let isCut = rest.last == UInt8(ascii: ".")
    let inside = rest.filter { $0 != UInt8(ascii: ".") }
    guard GUID(text: String(decoding: inside, as: UTF8.self)) == nil else { return nil }
    var faults = letterFaults(inside)
    let digits = inside.map { digit(for: $0) ?? $0 }
    guard digits.allSatisfy({ HexText.value(of: $0) != nil }) else {
      guard inside.count >= 12, !faults.isEmpty else { return nil }
      return IdentifierDamage(describe(faults), [])
    }
    let isShort = digits.count < usualDigits && close == nil
    if close == nil { faults.append("the closing brace is missing") }
    if isCut || isShort || digits.count != usualDigits && !isComplete(digits) {
      faults.append("\(digits.count) of \(usualDigits) digits")
    } else if !letterFaults(inside).isEmpty {
      faults.append("\(usualDigits) digits expected")
    }
    if faults.isEmpty { return nil }
    let readings = completions(digits, mayBeWhole: !isCut).map { "CN={\($0)}" }
    let beginning =
      isShort && digits.count < usualDigits - 6 ? String(decoding: digits, as: UTF8.self).uppercased() : nil
    return IdentifierDamage(describe(faults), readings, beginning: beginning)
  }

  private static func describe(_ faults: [String]) -> String { faults.joined(separator: ", ") }

  /// `letter O at place 17`, for each that is no digit.
  private static func letterFaults(_ text: [UInt8]) -> [String] {
    text.enumerated().filter { HexText.value(of: $0.element) == nil && $0.element != UInt8(ascii: "-") }.prefix(4).map {
      "letter \(String(decoding: [$0.element], as: UTF8.self)) at place \($0.offset + 1)"
    }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "|")
  }

  /// The digit that scanners take for a letter.
  private static func digit(for letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "O"), UInt8(ascii: "o"), UInt8(ascii: "Q"): UInt8(ascii: "0")
    case UInt8(ascii: "l"), UInt8(ascii: "L"), UInt8(ascii: "I"), UInt8(ascii: "i"), UInt8(ascii: "|"):
      UInt8(ascii: "1")
    case UInt8(ascii: "S"), UInt8(ascii: "s"): UInt8(ascii: "5")
    case UInt8(ascii: "Z"), UInt8(ascii: "z"): UInt8(ascii: "2")
    default: nil
    }
  }

  /// Whether the digits are those of a text that is an anchor of any kind.
  private static func isComplete(_ digits: [UInt8]) -> Bool {
    guard let bytes = HexText.decode(String(decoding: digits, as: UTF8.self)), bytes.count >= 2,
      bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
    else { return false }
    let text = String(decoding: bytes, as: UTF8.self)
    // Padding stands at the end of whole groups only.
    return !text.hasSuffix("=") || bytes.count % 4 == 0
  }

  /// The whole digits of which these are the beginning, where so little is missing that all can be tried: the last of the
  /// 22 characters of a GUID has two bits, and padding follows.
  private static func completions(_ digits: [UInt8], mayBeWhole: Bool) -> [String] {
    let text = String(decoding: digits, as: UTF8.self)
    if digits.count == usualDigits { return [text] }
    guard digits.count < usualDigits, digits.count >= usualDigits - 6 else {
      return mayBeWhole && isComplete(digits) ? [text] : []
    }
    let last: [Character] = ["A", "Q", "g", "w"]
    let ends = last.map { HexText.encode("\($0)==".utf8, upperCase: true) }
    var seen: Set<String> = []
    return ends.compactMap { end in
      // The end counts from the back: what the text has of it must be the same.
      let missing = end.suffix(usualDigits - digits.count)
      let whole = text.uppercased() + missing
      guard whole.hasSuffix(end), seen.insert(whole).inserted else { return nil }
      return whole
    }
  }

  // MARK: GUIDs

  private static func ofGUID(_ text: String) -> IdentifierDamage? { guid(text) ?? partOfGUID(text) }

  /// `CN=` and a GUID, as DirSync wrote it.
  private static func guidDN(_ text: String) -> IdentifierDamage? {
    guard text.prefix(3).lowercased() == "cn=", let damage = ofGUID(String(text.dropFirst(3))) else { return nil }
    return IdentifierDamage(damage.description, damage.readings.map { "CN=\($0)" })
  }

  private static func guid(_ text: String) -> IdentifierDamage? {
    let bare = text.filter { $0 != "{" && $0 != "}" }
    let bytes = Array(bare.utf8)
    guard bytes.count == 36, GUID(text: bare) == nil,
      [8, 13, 18, 23].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }),
      bytes.count(where: { $0 == UInt8(ascii: "-") }) == 4
    else { return nil }
    let faults = letterFaults(bytes)
    guard !faults.isEmpty, bytes.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }) else { return nil }
    let reading = String(
      decoding: bytes.map { HexText.value(of: $0) == nil ? digit(for: $0) ?? $0 : $0 }, as: UTF8.self)
    return IdentifierDamage(
      describe(faults + ["32 hexadecimal digits expected"]), GUID(text: reading) == nil ? [] : [reading])
  }

  /// A GUID with too few or too many digits: with a digit lost, or cut.
  private static func partOfGUID(_ text: String) -> IdentifierDamage? {
    let bare = text.filter { $0 != "{" && $0 != "}" && $0 != "." && $0 != "…" }
    let groups = bare.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard (3...5).contains(groups.count), groups.prefix(2).map(\.count) == [8, 4],
      groups.joined().allSatisfy({ HexText.value(of: $0) != nil })
    else { return nil }
    let digits = groups.reduce(0) { $0 + $1.count }
    return digits == 32 ? nil : IdentifierDamage("\(digits) of 32 hexadecimal digits", [])
  }
}
