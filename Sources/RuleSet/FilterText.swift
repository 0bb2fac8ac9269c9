extension Filter: CustomStringConvertible {
  /// The filter in its string form (RFC 4515), as `init(parsing:)` reads it.
  public var description: String {
    switch self {
    case .and(let parts): "(&" + parts.map(\.description).joined() + ")"
    case .or(let parts): "(|" + parts.map(\.description).joined() + ")"
    case .not(let part): "(!\(part))"
    case .present(let attribute): "(\(attribute)=*)"
    case .equal(let attribute, let value): "(\(attribute)=\(Self.escaped(value)))"
    case .substrings(let attribute, let initial, let any, let final, let caseSensitive):
      "(\(attribute)\(caseSensitive ? ":caseExactSubstringsMatch:" : "")="
        + ([initial] + any + [final]).map(Self.escaped).joined(separator: "*") + ")"
    case .greaterOrEqual(let attribute, let value): "(\(attribute)>=\(Self.escaped(value)))"
    case .lessOrEqual(let attribute, let value): "(\(attribute)<=\(Self.escaped(value)))"
    case .equalExact(let attribute, let value): "(\(attribute):caseExactMatch:=\(Self.escaped(value)))"
    case .allBits(let attribute, let mask): "(\(attribute):1.2.840.113556.1.4.803:=\(mask))"
    case .anyBit(let attribute, let mask): "(\(attribute):1.2.840.113556.1.4.804:=\(mask))"
    }
  }

  /// A value with everything escaped that has a meaning in a filter, cannot be seen, or is not valid UTF-8.
  private static func escaped(_ value: [UInt8]) -> String {
    guard let text = String(validating: value, as: UTF8.self) else { return value.map(escape).joined() }
    return text.unicodeScalars.map { scalar in
      let isSpecial = "*()\\".unicodeScalars.contains(scalar) || !PrintableText.isVisible(scalar) && scalar != " "
      return isSpecial ? Array(String(scalar).utf8).map(escape).joined() : String(scalar)
    }.joined()
  }

  private static func escape(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return "\\" + (digits.count == 1 ? "0" : "") + digits
  }
}

/// Texts made safe to look at.
enum PrintableText {
  /// Whether a scalar value shows as something of its own: no space, control, format or unassigned character.
  static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .unassigned, .privateUse:
      false
    default: !scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  /// The text with what does not show written as `<U+00A0>`; a plain space between others stays.
  static func visible(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = ""
    for (index, scalar) in scalars.enumerated() {
      let isInnerSpace = scalar == " " && index > 0 && index < scalars.count - 1
      result += isVisible(scalar) || isInnerSpace ? String(scalar) : "<\(codePoint(scalar.value))>"
    }
    return result
  }

  /// `U+00A0`.
  static func codePoint(_ scalar: UInt32) -> String { "U+" + RuleFileText.hexadecimal(scalar) }

  /// `U+00A0 NO-BREAK SPACE`.
  static func named(_ scalar: UInt32) -> String {
    let name = Unicode.Scalar(scalar).flatMap { $0.properties.name ?? $0.properties.nameAlias }
    return codePoint(scalar) + (name.map { " " + $0 } ?? "")
  }
}
