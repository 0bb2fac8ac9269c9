import Bytes
import Directory

/// Values in PowerShell commands. Nothing in a value ends its quotation or reaches a terminal as a control character.
enum PowerShellText {
  /// Characters that PowerShell takes for the end of a text in single quotes: the apostrophe and its typographic
  /// relatives (about_Quoting_Rules).
  private static let quotes: Set<Unicode.Scalar> = ["'", "\u{2018}", "\u{2019}", "\u{201A}", "\u{201B}"]

  /// The value as an expression: a text in single quotes; with `[char]0x…` for what must not stand in one; from base64
  /// when the bytes are no UTF-8.
  static func expression(_ value: AttributeValue) -> String {
    guard let text = value.text else {
      return "([Convert]::FromBase64String('\(Base64Text.encode(value.bytes))'))"
    }
    return expression(text)
  }

  /// The text as an expression.
  static func expression(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "'") }) { return "'\(text)'" }
    var parts: [String] = []
    var plain = ""
    for scalar in text.unicodeScalars {
      if isShown(scalar) {
        plain.unicodeScalars.append(scalar)
        if quotes.contains(scalar) { plain.unicodeScalars.append(scalar) }
        continue
      }
      if !plain.isEmpty || parts.isEmpty { parts.append("'\(plain)'") }
      plain = ""
      for unit in scalar.utf16 { parts.append("[char]0x\(String(unit, radix: 16, uppercase: true))") }
    }
    if !plain.isEmpty || parts.isEmpty { parts.append("'\(plain)'") }
    return parts.count == 1 ? parts[0] : "(\(parts.joined(separator: " + ")))"
  }

  /// Whether a character is safe and visible in a text.
  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7f { return scalar.value >= 0x20 }
    if scalar.properties.isDefaultIgnorableCodePoint { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return false
    case .spaceSeparator: return false
    case .nonspacingMark, .enclosingMark, .spacingMark: return false
    default: return true
    }
  }

  /// A name of an attribute in a hash table: quoted when it is no plain word.
  static func key(_ name: String) -> String {
    name.utf8.allSatisfy { $0 | 0x20 >= 97 && $0 | 0x20 <= 122 || $0 &- 48 < 10 } ? name : expression(name)
  }
}
