import Bytes
import IdFix
import Findings
import RuleSet
import Testing

@testable import RuleEngine

/// What a check of a rule says of a value, by plain reading of `Docs/rule-format.md` over lists of scalars.
struct PlainCheck {
  let rule: Rule
  private let pattern: PlainPattern?

  init(rule: Rule) {
    self.rule = rule
    pattern = (rule.check as? PatternCheck).flatMap { check in
      try? PlainPattern(check.pattern, isCaseSensitive: check.isCaseSensitive)
    }
  }

  /// Whether the rule's kind of check is written down here.
  var isKnown: Bool {
    switch rule.check {
    case is CharactersCheck, is SequenceCheck, is OccurrencesCheck, is LengthCheck, is NotBlankCheck, is PatternCheck,
      is AddressTypeCheck, is OneOfCheck:
      true
    default: false
    }
  }

  /// Whether the rule flags the value.
  func flags(_ value: [UInt8]) -> Bool {
    let colon = value.firstIndex(of: UInt8(ascii: ":"))
    let type = colon.map { String(decoding: value[..<$0], as: UTF8.self) }
    let when = rule.when
    if !when.prefixes.isEmpty, !when.prefixes.contains(type?.lowercased() ?? "-") { return false }
    if let type, when.excludedPrefixes.contains(type.lowercased()) { return false }
    if !when.exactPrefixes.isEmpty, !when.exactPrefixes.contains(type ?? "-") { return false }
    let isTyped = !when.prefixes.isEmpty || !when.exactPrefixes.isEmpty
    func part(_ part: Part) -> [UInt8]? {
      let rest = colon.map { Array(value[($0 + 1)...]) } ?? value
      let address = isTyped ? rest : value
      let at = address.lastIndex(of: UInt8(ascii: "@"))
      switch part {
      case .whole: return value
      case .prefix: return colon.map { Array(value[..<$0]) }
      case .afterPrefix: return rest
      case .localPart: return at.map { Array(address[..<$0]) } ?? address
      case .domain: return at.map { Array(address[($0 + 1)...]) }
      }
    }
    switch rule.check {
    case let check as CharactersCheck:
      return part(check.part).map { Self.flags($0, check.position, check.set) } ?? false
    case let check as SequenceCheck:
      return part(check.part).map { text in
        check.forbidden.contains { Self.occurrences($0, text, check.isCaseSensitive) > 0 }
      } ?? false
    case let check as OccurrencesCheck:
      guard let part = part(check.part) else { return false }
      let count = Self.occurrences(check.text, part, true)
      return count < check.min ?? 0 || count > check.max ?? .max
    case let check as LengthCheck:
      guard let part = part(check.part) else { return false }
      let length =
        check.unit == .bytes
        ? part.count : Self.scalars(part).reduce(0) { $0 + ($1 != ScalarReader.invalid && $1 > 0xFFFF ? 2 : 1) }
      return length < check.min ?? 0 || length > check.max ?? .max
    case is NotBlankCheck: return Self.scalars(value).allSatisfy(Self.isSpace)
    case let check as PatternCheck:
      guard let part = part(check.part), let pattern else { return false }
      return pattern.matches(part) != check.mustMatch
    case let check as AddressTypeCheck:
      guard let type, !type.isEmpty else { return check.isRequired }
      let isKnown = check.known.map { $0.contains { $0.lowercased() == type.lowercased() } } ?? true
      return !isKnown || check.refused.contains { $0.lowercased() == type.lowercased() }
    case let check as OneOfCheck:
      let text = String(decoding: value, as: UTF8.self)
      return !check.values.contains {
        check.isCaseSensitive ? Array($0.utf8) == value : $0.lowercased() == text.lowercased()
      }
    default: return false
    }
  }

  private static func flags(_ part: [UInt8], _ position: CharacterRule.Position, _ set: CharacterRule) -> Bool {
    let scalars = scalars(part)
    guard let first = scalars.first, let last = scalars.last else { return false }
    func isFlagged(_ scalar: UInt32) -> Bool {
      let isMember =
        scalar == ScalarReader.invalid ? set.containsInvalidUTF8 : set.scalars.contains(scalar)
      return isMember == set.isForbidden
    }
    if position == .anywhere { return scalars.contains(where: isFlagged) }
    if scalars.allSatisfy(isSpace) { return false }
    return position != .end && isFlagged(first) || position != .start && isFlagged(last)
  }

  private static func isSpace(_ scalar: UInt32) -> Bool {
    Unicode.Scalar(scalar)?.properties.isWhitespace ?? false
  }

  private static func scalars(_ bytes: [UInt8]) -> [UInt32] {
    var result: [UInt32] = []
    var index = 0
    while index < bytes.count {
      let (scalar, length) = ScalarReader.scalar(at: index, of: bytes)
      result.append(scalar)
      index += length
    }
    return result
  }

  private static func occurrences(_ text: String, _ part: [UInt8], _ isExact: Bool) -> Int {
    let wanted = isExact ? Array(text.utf8) : TextFold.fold(Array(text.utf8))
    var count = 0
    var index = 0
    while index + wanted.count <= part.count {
      let here = Array(part[index..<index + wanted.count])
      if (isExact ? here : TextFold.fold(here)) == wanted {
        count += 1
        index += wanted.count
      } else {
        index += 1
      }
    }
    return count
  }
}

/// Plain shapes, and that nothing is missed by leaving checks out for them.
@Suite struct PlainShapeTests {
  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func isWord(_ text: ArraySlice<UInt8>) -> Bool {
    text.split(omittingEmptySubsequences: false) { [0x2D, 0x5F, 0x2E].contains($0) }
      .allSatisfy { !$0.isEmpty && $0.allSatisfy(isAlphanumeric) }
  }

  private static func isLabel(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first, let last = text.last else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last) && text.allSatisfy { isAlphanumeric($0) || $0 == 0x2D }
  }

  private static func isText(_ value: [UInt8]) -> Bool {
    guard let first = value.first, let last = value.last else { return false }
    return first != 0x20 && last != 0x20 && value.allSatisfy { (0x20...0x7E).contains($0) }
  }

  private static func shape(_ value: [UInt8]) -> PlainShape {
    if isWord(value[...]) { return .word }
    let sides = value.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    if sides.count == 2, isWord(sides[0]) {
      let labels = sides[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      if labels.count > 1, labels.allSatisfy(isLabel) { return .address }
    }
    return isText(value) ? .text : .other
  }

  @Test(arguments: 0..<4) func shapesAreAsDescribed(_ seed: UInt64) {
    var random = SampleRandom(seed)
    let pieces = ["a", "Z", "9", ".", "-", "_", "@", "a.b", "@c.d", " ", ":", "\u{7F}", "ä"].map { Array($0.utf8) }
    for _ in 0..<4_000 {
      let value = random.text(of: pieces, upTo: 9)
      let (shape, at) = PlainShape.of(value)
      guard shape != Self.shape(value) || (shape == .address && at != value.lastIndex(of: UInt8(ascii: "@"))) else {
        continue
      }
      Testing.Issue.record("\(String(decoding: value, as: UTF8.self)) is \(shape)")
    }
  }

  /// Every length, every byte, every place.
  @Test func textIsPrintable() {
    var wrong: [[UInt8]] = []
    for length in 0...40 {
      for place in 0..<max(1, length) {
        for byte in UInt8.min...UInt8.max {
          var value = [UInt8](repeating: UInt8(ascii: "m"), count: length)
          if length > 0 { value[place] = byte }
          if PlainShape.isText(value) != Self.isText(value) { wrong.append(value) }
        }
      }
    }
    #expect(wrong.isEmpty)
  }

  /// Bytes that a carry from their neighbour could hide.
  @Test func neighboursDoNotHideEachOther() {
    let edges: [UInt8] = [0x00, 0x1F, 0x20, 0x21, 0x7E, 0x7F, 0x80, 0xA0, 0xDF, 0xFE, 0xFF]
    var wrong: [[UInt8]] = []
    for left in edges {
      for middle in edges {
        for right in edges {
          for start in 1...9 {
            var value = [UInt8](repeating: UInt8(ascii: "m"), count: 14)
            value.replaceSubrange(start..<start + 3, with: [left, middle, right])
            if PlainShape.isText(value) != Self.isText(value) { wrong.append(value) }
          }
        }
      }
    }
    #expect(wrong.isEmpty)
  }

  // MARK: - Plans

  private static let parts = ["whole", "prefix", "after-prefix", "local-part", "domain"]

  /// Every kind of check on every part, with and without a condition on the type.
  private static func manyRules() throws -> [Rule] {
    var rules: [Rule] = []
    func add(_ check: String) throws {
      for when in [nil, "value-prefix: [smtp, sip]", "value-prefix-not: [x500]", "value-prefix-exact: [SMTP]"] {
        rules.append(try SampleRule(check, id: "rule-\(rules.count)", on: "mail", when: when).load())
      }
    }
    for part in parts {
      try add("characters: { part: \(part), forbidden: [\"<\", \":\", non-ascii, \"@\"] }")
      try add("characters: { part: \(part), position: edges, forbidden: [\".\", white-space, \":\"] }")
      try add("characters: { part: \(part), allowed: [letter-ascii, digit, \".\", \"@\"] }")
      try add("sequence: { part: \(part), forbidden: [\"..\", \"._\", \":b\", \".@\", \"--\"] }")
      try add("occurrences: { part: \(part), of: \"@\", max: 0 }")
      try add("occurrences: { part: \(part), of: \"@\", min: 1, max: 1 }")
      try add("occurrences: { part: \(part), of: \":\", max: 0 }")
      try add("length: { part: \(part), min: 1, max: 6 }")
      try add("pattern: { part: \(part), matches: '[a-z0-9._@:-]+' }")
      try add("pattern: { part: \(part), matches: '[^@]+@[^@.]+([.][^@.]+)+|[a-z]+' }")
      try add("pattern: { part: \(part), forbidden: '.*[.@-]b.*' }")
    }
    try add("not-blank: true")
    try add("address-type: { required: true, known: [smtp, sip, x500] }")
    try add("address-type: { refused: [x500] }")
    return rules
  }

  @Test(arguments: 0..<4) func plansLeaveOutNothing(_ seed: UInt64) throws {
    let pieces =
      [
        "a", "b", "Z9", ".", "-", "_", "@", "a.b", "@c.de", "smtp:", "SMTP:", "sip:", "x500:", "a@b:", ":", " ", "ä",
        "<", "foo:",
      ].map { Array($0.utf8) } + [[0xFF]]
    try compare(try Self.manyRules(), attribute: "mail", pieces, seed, count: 250)
  }

  /// The shipped rules of the attributes with most of them, on values like real ones.
  @Test(arguments: ["proxyAddresses", "userPrincipalName", "mail", "mailNickname", "targetAddress", "sAMAccountName"])
  func plansOfShippedRules(_ attribute: String) throws {
    var rules = try RuleCatalogue.load(.all).rules.filter {
      $0.attributes.contains(attribute) && $0.filter == nil
        && ($0.objectClasses.isEmpty || $0.objectClasses.contains("user"))
    }
    #expect(rules.contains { PlainCheck(rule: $0).isKnown })
    // Each rule is looked at by itself.
    for index in rules.indices { rules[index].unless = [] }
    let pieces = [
      "jo", ".doe", "@contoso.com", "@x", "SMTP:", "smtp:", "sip:", "x500:/o=a", ":", "a@b:", " ", ".", "..", "-", "_",
      "ä", "\u{A0}",
      "'", "\u{200B}", "x400:c=us;", "admin", "/", "longer-text-of-many-letters-that-runs-on-and-on",
    ].map { Array($0.utf8) }
    try compare(rules, attribute: attribute, pieces, 5, count: 200)
  }

  private func compare(_ rules: [Rule], attribute: String, _ pieces: [[UInt8]], _ seed: UInt64, count: Int) throws {
    var random = SampleRandom(seed)
    let plain = rules.map { PlainCheck(rule: $0) }.filter(\.isKnown)
    let values = (0..<count).map { _ in random.text(of: pieces, upTo: 6) }
    let object = SampleObject(values.map { (attribute, $0) })
    let run = try SampleRun(object.ldif, plain.map(\.rule))
    var found: [Int: Set<String>] = [:]
    for finding in run.findings { found[finding.valueIndex ?? -1, default: []].insert(finding.rule) }
    for (index, value) in values.enumerated() {
      let expected = Set(plain.filter { $0.flags(value) }.map(\.rule.id))
      let text = String(decoding: value, as: UTF8.self)
      for id in expected.symmetricDifference(found[index] ?? []) {
        let rule = plain.first { $0.rule.id == id }?.rule
        Testing.Issue.record(
          "\(text): \(expected.contains(id) ? "missed" : "too much") \(id) \(String(describing: rule?.check)) \(String(describing: rule?.when))"
        )
      }
    }
  }
}
