import Bytes
import Directory

/// Values as programs print them, as the directory writes them.
enum AttributeText {
  /// `TRUE` or `FALSE` for a word of PowerShell, or of a spreadsheet in one of the usual languages; nil for another text.
  static func boolean(_ text: [UInt8]) -> [UInt8]? {
    switch String(decoding: text, as: UTF8.self).lowercased() {
    case "true", "wahr", "vrai", "verdadero", "vero", "waar": Array("TRUE".utf8)
    case "false", "falsch", "faux", "falso", "onwaar": Array("FALSE".utf8)
    default: nil
    }
  }

  /// The number that stands for never in times of 64 bits.
  static let never = Array(String(Int64.max).utf8)

  /// A time as a number of 64 bits (MS-DTYP 2.3.3): 100 nanoseconds since 1601. The last year that a calendar of Windows has
  /// stands for never.
  static func fileTime(_ seconds: Int) -> [UInt8] {
    let year9999 = 253_370_764_800
    return seconds >= year9999 ? never : Array(String((seconds + 11_644_473_600) * 10_000_000).utf8)
  }

  /// The number for a text that shows the greatest number of 64 bits in another way: rounded by a spreadsheet (`9.22E+18`), or as
  /// a day of the year 9999; or a time with its zone. nil for another text.
  static func number(_ text: [UInt8]) -> [UInt8]? {
    let string = String(decoding: text, as: UTF8.self)
    if text.count <= 16, string.hasSuffix("E+18") {
      let mantissa = Double(string.dropLast(4).replacing(",", with: "."))
      return mantissa.map { (9.2...9.3).contains($0) } == true ? never : nil
    }
    if let seconds = milliseconds(string) ?? iso(string) { return fileTime(seconds) }
    let groups = text.split { $0 &- 48 >= 10 }
    return groups.count >= 3 && groups.contains { $0.elementsEqual("9999".utf8) } ? never : nil
  }

  /// Attributes of 32 bits with a sign, which some programs write without it.
  private static let flags: Set<String> = [
    "grouptype", "msexchrecipientdisplaytype", "samaccounttype", "useraccountcontrol", "systemflags", "instancetype",
  ]

  /// Whether a program may have written the number of an attribute without its sign.
  static func mayHaveLostSign(_ key: String) -> Bool { flags.contains(key) }

  /// A number with the sign that the directory gives it.
  static func signed(_ text: [UInt8], _ key: String) -> [UInt8] {
    guard flags.contains(key), let number = UInt32(String(decoding: text, as: UTF8.self)), number > Int32.max else {
      return text
    }
    return Array(String(Int32(truncatingIfNeeded: number)).utf8)
  }

  /// The bytes of a GUID, a security identifier, base64, hexadecimal digits, or decimal numbers with blanks between them; nil for
  /// another text.
  static func octets(_ text: [UInt8]) -> [UInt8]? {
    let string = String(decoding: text, as: UTF8.self)
    if let guid = GUID(text: string) { return guid.bytes }
    if let sid = SecurityIdentifier(text: string) { return sid.bytes }
    if let bytes = decimalOctets(text) { return bytes }
    if string.utf8.count == 32, let bytes = HexText.decode(string) { return bytes }
    return try? Base64Text.decode(string)
  }

  private static func decimalOctets(_ text: [UInt8]) -> [UInt8]? {
    let parts = text.split(separator: 32)
    guard parts.count > 1 else { return nil }
    var bytes: [UInt8] = []
    for part in parts {
      guard part.count <= 3, let byte = UInt8(String(decoding: part, as: UTF8.self)) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  /// A point in time as the directory writes it: `20261124020000.0Z`.
  static func generalizedTime(_ seconds: Int) -> [UInt8] {
    Timestamp.text(epochSeconds: seconds).utf8.filter { $0 &- 48 < 10 } + Array(".0Z".utf8)
  }

  /// The same for a text that says in which zone it is: ISO 8601, `/Date(1605771872777)/`, or what the directory itself writes;
  /// nil for another one.
  static func time(_ text: [UInt8]) -> [UInt8]? {
    let string = String(decoding: text, as: UTF8.self)
    if text.count >= 15, text.last == UInt8(ascii: "Z"), text.prefix(14).allSatisfy({ $0 &- 48 < 10 }) { return text }
    return (milliseconds(string) ?? iso(string)).map(generalizedTime)
  }

  /// Seconds since 1970 of `/Date(1605771872777)/`, which JSON of Windows PowerShell has.
  private static func milliseconds(_ text: String) -> Int? {
    guard text.hasPrefix("/Date("), text.hasSuffix(")/") else { return nil }
    let digits = text.dropFirst(6).dropLast(2).prefix { $0 == "-" || $0.isNumber }
    guard let number = Int(digits), abs(number) < 1 << 52 else { return nil }
    return number / 1_000 - (number % 1_000 < 0 ? 1 : 0)
  }

  /// Seconds since 1970 of `2019-11-07T09:59:56.5265735-08:00`; nil for a text without a zone.
  static func iso(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T"), let day = CalendarDate(String(text.prefix(10))),
      let time = clock(bytes[11..<19])
    else { return nil }
    let rest = bytes[19...].drop { $0 == UInt8(ascii: ".") || $0 &- 48 < 10 }
    guard let offset = zone(rest) else { return nil }
    return day.daysSinceEpoch * 86_400 + time - offset
  }

  /// Seconds of `09:59:56`.
  private static func clock(_ text: ArraySlice<UInt8>) -> Int? {
    let parts = text.split(separator: UInt8(ascii: ":")).map { Int(String(decoding: $0, as: UTF8.self)) ?? -1 }
    guard parts.count == 3, (0..<24).contains(parts[0]), (0..<60).contains(parts[1]), (0...60).contains(parts[2]) else {
      return nil
    }
    return parts[0] * 3_600 + parts[1] * 60 + parts[2]
  }

  /// Seconds that a zone is ahead of UTC: `Z`, `-08:00`.
  private static func zone(_ text: ArraySlice<UInt8>) -> Int? {
    if text.elementsEqual("Z".utf8) { return 0 }
    guard text.count == 6, let sign = text.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      let time = clock(text.dropFirst() + Array(":00".utf8))
    else { return nil }
    return sign == UInt8(ascii: "-") ? -time : time
  }
}
