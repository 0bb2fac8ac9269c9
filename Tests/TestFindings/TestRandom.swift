import Directory
import Findings

/// A small repeatable source of hostile findings (SplitMix64).
public struct TestRandom: RandomNumberGenerator {
  private var state: UInt64

  /// The same sequence for the same seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// A number from 0 to below the limit.
  public mutating func number(below limit: Int) -> Int { Int(next() % UInt64(limit)) }
  /// Any byte.
  public mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }
  /// One bit.
  public mutating func flip() -> Bool { next() & 1 == 0 }

  /// A text with characters that reports have to be careful with.
  public mutating func text() -> String {
    let pieces = [
      "a", "smtp:", "jo@contoso.com", " ", "\u{A0}", "\u{202E}", "\u{200B}", "\0", "\u{1B}[31m", "\"", "'", ",", "\r\n",
      "\n",
      "=1+1", "+", "-", "@", "\t", "漢", "e\u{301}", "😀", "\\", "\\u{41}", "\\x41", "<script>", "\u{9B}", "\u{2028}",
      "\u{E0041}", "ü",
    ]
    return (0..<number(below: 8)).map { _ in pieces[number(below: pieces.count)] }.joined()
  }

  /// A value, valid UTF-8 or not.
  public mutating func value() -> AttributeValue {
    flip() ? AttributeValue(text()) : AttributeValue((0..<number(below: 12)).map { _ in byte() })
  }

  /// A GUID or none.
  public mutating func guid() -> GUID? { flip() ? GUID((0..<16).map { _ in byte() }) : nil }

  /// A place with or without line and column.
  public mutating func location() -> SourceLocation {
    SourceLocation(
      source: text(), line: flip() ? number(below: 1_000_000_000) + 1 : nil,
      column: flip() ? number(below: 300) + 1 : nil)
  }

  /// A suggestion of any kind, or none.
  public mutating func suggestion() -> Suggestion? {
    switch number(below: 4) {
    case 0: Suggestion(action: .replace, value: value())
    case 1: Suggestion(action: .remove, value: nil)
    case 2: Suggestion(action: .add, value: value())
    default: nil
    }
  }

  /// A finding with every part there or not.
  public mutating func finding() -> Finding {
    Finding(
      rule: "rule-\(number(below: 5))", severity: Severity.allCases[number(below: 3)],
      effect: Effect.allCases[number(below: 6)], certainty: Certainty.allCases[number(below: 3)], dn: value(),
      objectGUID: guid(), objectClass: text(), attribute: text(), value: flip() ? value() : nil,
      valueIndex: flip() ? number(below: 1000) : nil,
      spans: (0..<number(below: 4)).map { _ in
        FlaggedSpan(
          offset: number(below: 20), length: number(below: 4),
          codePoint: flip() ? UInt32(number(below: 0x11_0000)) : nil)
      },
      message: text(), suggestion: suggestion(), location: location(),
      related: (0..<number(below: 4)).map { _ in
        RelatedValue(
          dn: value(), objectGUID: guid(), objectClass: text(), attribute: text(), value: flip() ? value() : nil,
          location: location())
      },
      fingerprint: Fingerprint(low: 0xEFCD_AB89_6745_2301, high: 0xEFCD_AB89_6745_2301),
      annotations: (flip() ? [Annotation(name: Annotation.labels, values: [text(), "Character"])] : [])
        + (flip() ? [Annotation(name: Annotation.proposedAction, values: ["Edit"])] : [])
        + (flip() ? [Annotation(name: Annotation.commonName, values: [text()])] : []))
  }
}
