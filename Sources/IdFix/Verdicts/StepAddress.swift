import RuleSet

/// IdFix's test of an e-mail address and its repair.
///
/// The address is what stands behind the first colon if the value contains `smtp:` anywhere, else the whole value. The
/// order of the tests and what each looks at are IdFix's: the text behind the last dot is tested as found, the domain as
/// found, the local part with the domain repaired, the form with both repaired.
struct StepAddress: Sendable {
  private let topLevelDomains: TopLevelDomains

  init(topLevelDomains: TopLevelDomains) { self.topLevelDomains = topLevelDomains }

  /// Whether the value has any error.
  func fails(_ value: Span<UInt8>) -> Bool { fails(value, from: Self.addressStart(value)) }

  /// Whether the address that begins at `start` has any error.
  func fails(_ value: Span<UInt8>, from start: Int) -> Bool {
    let address = value.extracting(start..<value.count)
    // The form implies a valid local part, a valid domain and a single @.
    return !Self.hasForm(address) || !hasTopLevelDomain(address)
  }

  /// The errors and the repaired value; no errors when the value passes.
  func repair(_ value: [UInt8]) -> (errors: StepErrors, value: [UInt8]) {
    let start = Self.addressStart(value.span)
    var address = Array(value[start...])
    var errors: StepErrors = []
    if !hasTopLevelDomain(address.span) { errors.insert(.topLevelDomain) }
    if !Self.hasDomain(address.span) {
      errors.insert(.domainPart)
      Self.repairDomain(&address)
    }
    if !Self.hasLocalPart(address.span) || address.count(where: { $0 == Self.at }) > 1 {
      errors.insert(.localPart)
      Self.repairLocalPart(&address)
    }
    if !Self.hasForm(address.span) { errors.insert(.format) }
    return errors.isEmpty ? ([], value) : (errors, Self.trimmedPrefix(value[..<start]) + address)
  }

  private static let at = UInt8(ascii: "@")
  private static let dot = UInt8(ascii: ".")
  static let smtp = Array("smtp:".utf8)

  private static func addressStart(_ value: Span<UInt8>) -> Int {
    guard StepBytes.contains(smtp, in: value), let colon = StepBytes.first(UInt8(ascii: ":"), in: value) else {
      return 0
    }
    return colon + 1
  }

  /// The address type with its colon, without white space before it.
  private static func trimmedPrefix(_ prefix: ArraySlice<UInt8>) -> [UInt8] {
    let bytes = Array(prefix)
    var index = 0
    while index < bytes.count {
      let (scalar, length) = StepBytes.scalar(bytes.span, at: index)
      guard let scalar, CharacterClass.whiteSpace.contains(scalar) else { break }
      index += length
    }
    return Array(bytes[index...])
  }

  /// Whether the text behind the last dot is a top-level domain, if there is a dot with a text behind it.
  private func hasTopLevelDomain(_ address: Span<UInt8>) -> Bool {
    guard let last = Self.last(Self.dot, in: address), last + 1 < address.count else { return true }
    return topLevelDomains.contains(label: address.extracting(last + 1..<address.count))
  }

  private static func last(_ byte: UInt8, in text: Span<UInt8>) -> Int? {
    var index = text.count
    while index > 0 {
      index -= 1
      if text[index] == byte { return index }
    }
    return nil
  }

  /// Whether the address is `local@domain` as a whole.
  private static func hasForm(_ address: Span<UInt8>) -> Bool {
    guard let first = StepBytes.first(at, in: address), isLocalPart(address.extracting(0..<first)) else { return false }
    return isDomain(address.extracting(first + 1..<address.count))
  }

  /// Whether a valid domain stands behind the last `@`.
  private static func hasDomain(_ address: Span<UInt8>) -> Bool {
    guard let last = last(at, in: address) else { return false }
    return isDomain(address.extracting(last + 1..<address.count))
  }

  /// Whether a valid local part stands before the first `@`.
  private static func hasLocalPart(_ address: Span<UInt8>) -> Bool {
    guard let first = StepBytes.first(at, in: address) else { return false }
    return isLocalPart(address.extracting(0..<first))
  }

  /// Runs of local-part characters with single dots between them.
  private static func isLocalPart(_ text: Span<UInt8>) -> Bool {
    var runLength = 0
    for index in text.indices {
      let byte = text[index]
      if byte == dot {
        if runLength == 0 { return false }
        runLength = 0
      } else if isLocalCharacter(byte) {
        runLength += 1
      } else {
        return false
      }
    }
    return runLength > 0
  }

  /// Labels of letters, digits and inner hyphens, each followed by a dot, and 2 to 17 letters.
  ///
  /// A single line feed behind them is passed over, as the expressions of .NET do.
  private static func isDomain(_ text: Span<UInt8>) -> Bool {
    let end = text.count > 0 && text[text.count - 1] == 0x0A ? text.count - 1 : text.count
    var labels = 0
    var start = 0
    var letters = 0
    for index in 0..<end {
      let byte = text[index]
      if byte == dot {
        guard index > start, text[start] != UInt8(ascii: "-"), text[index - 1] != UInt8(ascii: "-") else {
          return false
        }
        labels += 1
        start = index + 1
        letters = 0
      } else if isLetter(byte) {
        letters += 1
      } else if !isDigit(byte) && byte != UInt8(ascii: "-") {
        return false
      }
    }
    return labels > 0 && letters == end - start && letters >= 2 && letters <= 17
  }

  /// Takes what cannot be in a domain out of the text behind the last `@`.
  private static func repairDomain(_ address: inout [UInt8]) {
    guard let last = address.lastIndex(of: at) else { return }
    let domain = address[(last + 1)...].filter {
      isLetter($0) || isDigit($0) || $0 == dot || $0 == UInt8(ascii: "-")
    }
    address = address[...last] + domain
  }

  /// Takes what cannot be in a local part out of the text before the last `@`, and a dot right before an `@`.
  private static func repairLocalPart(_ address: inout [UInt8]) {
    guard let last = address.lastIndex(of: at) else { return }
    var local = address[..<last].filter { isLocalCharacter($0) || $0 == dot }
    if local.last == dot { local.removeLast() }
    address = local + address[last...]
  }

  @inline(__always)
  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }
  @inline(__always)
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

  /// Letters, digits and ``!#$%&'*+/=?^_`{|}~-``, as bits.
  @inline(__always)
  private static func isLocalCharacter(_ byte: UInt8) -> Bool {
    if byte < 64 { return lowLocalCharacters >> UInt64(byte) & 1 != 0 }
    return byte < 128 && highLocalCharacters >> UInt64(byte - 64) & 1 != 0
  }

  private static let lowLocalCharacters: UInt64 = 0xA3FF_ACFA_0000_0000
  private static let highLocalCharacters: UInt64 = 0x7FFF_FFFF_C7FF_FFFE
}
