import Bytes
import Directory
import Findings

/// Stable pseudonyms of everything that names somebody or something in a directory.
///
/// Kept are: whatever is no letter and no digit, and so the bad characters and their places; address types; the public end
/// of a domain (`com`, `co.uk`, `local`, `onmicrosoft.com`); types in DNs; numbers that are flags or enumerations. Two
/// values are equal, or equal but for case, exactly when their pseudonyms are. The letters of `Jo Doe`, `jo.doe` and
/// `JoDoe` get the same pseudonym, and a domain gets the same one in addresses and in DNs.
struct Pseudonyms {
  private let key: RedactionKey
  private let isPublicSuffix: (String) -> Bool
  private var words: WordPseudonyms

  /// Pseudonyms that depend on a key.
  /// - Parameter isPublicSuffix: whether a label in lower case is a top-level domain of the Internet.
  init(key: RedactionKey, isPublicSuffix: @escaping (String) -> Bool) {
    self.key = key
    self.isPublicSuffix = isPublicSuffix
    words = WordPseudonyms(key: key)
  }

  // MARK: - Values

  /// The pseudonym of a value, character by character; nil when the value is no text but bytes.
  mutating func characters(of value: [UInt8], attribute: String) -> [UInt32]? {
    let characters = ValueText.characters(of: value)
    let odd = characters.count { $0 >= ValueText.byteBase || $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    if odd * 4 > characters.count { return nil }
    if Self.isEnumeration(attribute), Self.isNumber(value) { return characters }
    return text(characters)
  }

  /// The pseudonym of a value.
  mutating func value(_ value: [UInt8], attribute: String) -> [UInt8] {
    if Self.holdsNames(attribute), DNText.parse(value) != nil { return dn(value) }
    guard let characters = characters(of: value, attribute: attribute) else { return binary(value) }
    return ValueText.bytes(of: characters)
  }

  /// The pseudonym of text: an address type, words, and a domain behind the last @.
  mutating func text(_ characters: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(characters.count)
    var start = 0
    if let colon = characters.firstIndex(of: 0x3A), AddressType.isKept(characters[..<colon]) {
      result += characters[...colon]
      start = colon + 1
    }
    guard let at = characters[start...].lastIndex(of: 0x40) else {
      append(words: characters[start...], to: &result)
      return result
    }
    append(words: characters[start..<at], to: &result)
    result.append(0x40)
    append(domain: characters[(at + 1)...], to: &result)
    return result
  }

  /// Appends the pseudonyms of words between characters that separate names.
  private mutating func append(words characters: ArraySlice<UInt32>, to result: inout [UInt32]) {
    var from = characters.startIndex
    func isSeparator(_ character: UInt32) -> Bool {
      character < 0x80 && "@/\\=,;:+<>\"#*|?&%!()[]{}".utf8.contains(UInt8(character))
    }
    while from < characters.endIndex {
      let end = characters[from...].firstIndex(where: isSeparator) ?? characters.endIndex
      let isType =
        end < characters.endIndex && characters[end] == 0x3D && DNText.isKnownType(characters[from..<end])
      result += isType ? Array(characters[from..<end]) : words.pseudonym(of: characters[from..<end])
      guard end < characters.endIndex else { return }
      result.append(characters[end])
      from = end + 1
    }
  }

  /// Appends the pseudonym of a domain, whose public end stays.
  private mutating func append(domain characters: ArraySlice<UInt32>, to result: inout [UInt32]) {
    let labels = characters.split(separator: 0x2E, omittingEmptySubsequences: false)
    let kept = keptLabels(labels.map(Self.letters))
    for (index, label) in labels.enumerated() {
      if index > 0 { result.append(0x2E) }
      if labels.count - index <= kept { result += label } else { append(label: label, to: &result) }
    }
  }

  private mutating func append(label: ArraySlice<UInt32>, to result: inout [UInt32]) {
    let isEncoded =
      Self.letters(label.prefix(2)) == "xn" && label.count > 4 && label.prefix(4).suffix(2) == [0x2D, 0x2D]
    if isEncoded { result += label.prefix(4) }
    append(words: isEncoded ? label.dropFirst(4) : label, to: &result)
  }

  /// How many labels at the end of a domain are public.
  private func keptLabels(_ labels: [String]) -> Int {
    guard labels.count >= 2, let last = labels.last else { return 0 }
    let second = labels[labels.count - 2]
    guard isPublicSuffix(last) || Self.localSuffixes.contains(last) else { return 0 }
    if last == "com", second == "onmicrosoft" || second == "microsoftonline", labels.count >= 3 {
      return labels.count >= 4 && labels[labels.count - 3] == "mail" ? 3 : 2
    }
    return last.utf8.count == 2 && labels.count >= 3 && Self.registryLabels.contains(second) ? 2 : 1
  }

  private static func letters(_ characters: ArraySlice<UInt32>) -> String {
    var text = String.UnicodeScalarView()
    for character in characters {
      if let scalar = Unicode.Scalar(character), scalar.properties.isAlphabetic || scalar.value &- 0x30 < 10 {
        text.append(scalar)
      }
    }
    return String(text).lowercased()
  }

  /// The pseudonym of a text of the user, such as the owner of a suppression.
  mutating func plainText(_ text: String) -> String {
    String(decoding: value(Array(text.utf8), attribute: ""), as: UTF8.self)
  }

  // MARK: - Names and numbers

  /// The pseudonym of a DN; types and separators stay, `DC` parts are a domain.
  mutating func dn(_ dn: [UInt8]) -> [UInt8] {
    guard var parts = DNText.parse(dn) else { return value(dn, attribute: "") }
    let domainParts = parts.indices.filter { parts[$0].isDomainComponent }
    let kept = keptLabels(domainParts.map { Self.letters(ValueText.characters(of: parts[$0].value)[...]) })
    for index in parts.indices where !domainParts.suffix(kept).contains(index) {
      let characters = ValueText.characters(of: parts[index].value)
      parts[index].value = ValueText.bytes(
        of: parts[index].isDomainComponent ? label(characters) : text(characters))
      if !DNText.isKnownType(parts[index].type) {
        parts[index].type = ValueText.bytes(of: words.pseudonym(of: ValueText.characters(of: parts[index].type)[...]))
      }
    }
    return DNText.join(parts)
  }

  private mutating func label(_ characters: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    append(label: characters[...], to: &result)
    return result
  }

  /// The pseudonym of an object class that is not one of Active Directory's own.
  mutating func objectClass(_ name: String) -> String {
    if name.isEmpty || ObjectClassSchema.names.contains(name.lowercased()) { return name }
    return plainText(name)
  }

  /// An error name of IdFix; a pseudonym of anything else that stands in its place in a file that was converted.
  mutating func label(_ name: String) -> String { Self.errorNames.contains(name) ? name : plainText(name) }

  /// The pseudonym of a GUID.
  func guid(_ guid: GUID) -> GUID { GUID(stream("guid", guid.bytes, count: 16)) ?? guid }

  /// The pseudonym of bytes that are no text: as many others.
  func binary(_ bytes: [UInt8]) -> [UInt8] { stream("binary", bytes, count: bytes.count) }

  /// What stands for a fingerprint: without this everybody could test guesses of a value against it.
  func fingerprint(_ fingerprint: Fingerprint) -> Fingerprint {
    Fingerprint(hexadecimal: digits(for: fingerprint.hexadecimal)) ?? fingerprint
  }

  /// 32 hexadecimal digits that stand for a text.
  private func digits(for original: String) -> String {
    var text: [UInt8] = []
    for byte in stream("fingerprint", Array(original.utf8), count: 16) {
      for digit in [byte >> 4, byte & 15] { text.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// What stands for the name of a source: its kind and eight digits.
  func source(_ source: String) -> String {
    if source == "<stdin>" || source == "-" || source.isEmpty { return source }
    let digits = digits(for: "source " + source).prefix(8)
    for scheme in ["ldap://", "ldaps://", "ldapi://"] where source.lowercased().hasPrefix(scheme) {
      return "\(scheme)server-\(digits)"
    }
    let extensions = source.split(separator: "/").last?.split(separator: ".").dropFirst().map { $0.lowercased() } ?? []
    let kept = extensions.suffix(2).filter { ["ldif", "ldf", "gz", "zst", "xml", "csv", "txt"].contains($0) }
    return (["source-\(digits)"] + kept).joined(separator: ".")
  }

  private func stream(_ purpose: String, _ bytes: [UInt8], count: Int) -> [UInt8] {
    var hash = SipHash128(key0: key.word0, key1: key.word1)
    for byte in purpose.utf8 { hash.combine(byte) }
    hash.combine(0)
    for byte in bytes { hash.combine(byte) }
    let (seed0, seed1) = hash.finalize()
    var result: [UInt8] = []
    result.reserveCapacity(count + 16)
    var counter: UInt64 = 0
    while result.count < count {
      var block = SipHash128(key0: seed0, key1: seed1)
      block.combine(word: counter)
      let (low, high) = block.finalize()
      for word in [low, high] {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { result.append(UInt8(truncatingIfNeeded: word >> shift)) }
      }
      counter += 1
    }
    return Array(result.prefix(count))
  }

  // MARK: - What is known

  /// Ends of domains that are used inside of networks (RFC 2606, RFC 6762, RFC 8375 and custom).
  private static let localSuffixes: Set<String> = [
    "local", "localdomain", "lan", "internal", "intranet", "corp", "home", "private", "test", "example", "invalid",
    "arpa",
  ]

  /// Second labels under country codes below which registries give names.
  private static let registryLabels: Set<String> = [
    "ac", "co", "com", "edu", "gob", "gov", "govt", "net", "ne", "nom", "or", "org", "sch",
  ]

  private static let errorNames: Set<String> = [
    "Format", "Blank", "Duplicate", "Character", "TopLevelDomain", "DomainPart", "LocalPart", "Length", "UserLength",
    "DomainLength", "MailMatch",
  ]

  /// Whether numbers of an attribute have a public meaning.
  private static func isEnumeration(_ attribute: String) -> Bool {
    AttributeSchema.shipped[attribute]?.isPersonal == false
  }

  private static func isNumber(_ value: [UInt8]) -> Bool {
    value.count <= 20 && !value.isEmpty
      && value.enumerated().allSatisfy { $1 &- 0x30 < 10 || $0 == 0 && $1 == UInt8(ascii: "-") }
  }

  private static func holdsNames(_ attribute: String) -> Bool { AttributeSchema.shipped[attribute]?.syntax == .dn }
}
