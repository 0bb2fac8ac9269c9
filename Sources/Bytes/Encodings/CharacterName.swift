/// Names of characters for people.
public enum CharacterName {
  /// The Unicode name of a character, `NO-BREAK SPACE`; for control characters the usual alias (ISO/IEC 6429), and for
  /// characters without any name a label such as `<unassigned>`.
  public static func name(of scalar: Unicode.Scalar) -> String {
    if let alias = scalar.properties.nameAlias { return alias }
    if let name = scalar.properties.name { return name }
    if let control = controlName(of: scalar) { return control }
    switch scalar.properties.generalCategory {
    case .control: return "<control>"
    case .privateUse: return "<private use>"
    default: return scalar.properties.isNoncharacterCodePoint ? "<noncharacter>" : "<unassigned>"
    }
  }

  /// The name for a number that is not a character (a surrogate) as well.
  public static func name(of codePoint: UInt32) -> String {
    guard let scalar = Unicode.Scalar(codePoint) else { return codePoint < 0x11_0000 ? "<surrogate>" : "<none>" }
    return name(of: scalar)
  }

  /// The notation `U+00A0`.
  public static func notation(of codePoint: UInt32) -> String {
    let digits = String(codePoint, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Notation and name, `U+00A0 NO-BREAK SPACE`.
  public static func description(of codePoint: UInt32) -> String {
    "\(notation(of: codePoint)) \(name(of: codePoint))"
  }

  private static func controlName(of scalar: Unicode.Scalar) -> String? {
    switch scalar.value {
    case 0...0x1F: c0Names[Int(scalar.value)]
    case 0x7F: "DELETE"
    case 0x80...0x9F: c1Names[Int(scalar.value) - 0x80]
    default: nil
    }
  }

  private static let c0Names = [
    "NULL", "START OF HEADING", "START OF TEXT", "END OF TEXT", "END OF TRANSMISSION", "ENQUIRY", "ACKNOWLEDGE",
    "ALERT", "BACKSPACE", "CHARACTER TABULATION", "LINE FEED", "LINE TABULATION", "FORM FEED", "CARRIAGE RETURN",
    "SHIFT OUT", "SHIFT IN", "DATA LINK ESCAPE", "DEVICE CONTROL ONE", "DEVICE CONTROL TWO", "DEVICE CONTROL THREE",
    "DEVICE CONTROL FOUR", "NEGATIVE ACKNOWLEDGE", "SYNCHRONOUS IDLE", "END OF TRANSMISSION BLOCK", "CANCEL",
    "END OF MEDIUM", "SUBSTITUTE", "ESCAPE", "INFORMATION SEPARATOR FOUR", "INFORMATION SEPARATOR THREE",
    "INFORMATION SEPARATOR TWO", "INFORMATION SEPARATOR ONE",
  ]

  private static let c1Names = [
    "PADDING CHARACTER", "HIGH OCTET PRESET", "BREAK PERMITTED HERE", "NO BREAK HERE", "INDEX", "NEXT LINE",
    "START OF SELECTED AREA", "END OF SELECTED AREA", "CHARACTER TABULATION SET",
    "CHARACTER TABULATION WITH JUSTIFICATION", "LINE TABULATION SET", "PARTIAL LINE FORWARD", "PARTIAL LINE BACKWARD",
    "REVERSE LINE FEED", "SINGLE SHIFT TWO", "SINGLE SHIFT THREE", "DEVICE CONTROL STRING", "PRIVATE USE ONE",
    "PRIVATE USE TWO", "SET TRANSMIT STATE", "CANCEL CHARACTER", "MESSAGE WAITING", "START OF GUARDED AREA",
    "END OF GUARDED AREA", "START OF STRING", "SINGLE GRAPHIC CHARACTER INTRODUCER", "SINGLE CHARACTER INTRODUCER",
    "CONTROL SEQUENCE INTRODUCER", "STRING TERMINATOR", "OPERATING SYSTEM COMMAND", "PRIVACY MESSAGE",
    "APPLICATION PROGRAM COMMAND",
  ]
}
