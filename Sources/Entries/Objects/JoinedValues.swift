/// Several values that were joined to one text, by whatever means.
///
/// There is no form that says where a value ends, so a text is divided only where the next part shows that it is one: at an address
/// type, at the start of a DN, or where no value can go on.
enum JoinedValues {
  private static let lineFeed = UInt8(ascii: "\n")
  private static let blank = UInt8(ascii: " ")

  /// The values of a list as PowerShell shows it to people: `{SMTP:jo@contoso.com, smtp:j@contoso.com…}`; nil for another text.
  ///
  /// It shows four values unless it is told to show more, and then `...` or `…`.
  static func shown(_ text: [UInt8], _ property: ExportedProperty) -> (parts: [[UInt8]], isCut: Bool)? {
    guard text.first == UInt8(ascii: "{"), text.last == UInt8(ascii: "}"), text.count > 1 else { return nil }
    var inner = text[1..<text.count - 1]
    let cuts = ["...", "\u{2026}"].map { Array($0.utf8) }
    let cut = cuts.first { inner.reversed().starts(with: $0.reversed()) }
    inner = inner.dropLast(cut?.count ?? 0)
    while let last = inner.last, last == blank || last == UInt8(ascii: ",") { inner = inner.dropLast() }
    let parts = property.isTyped ? parts(of: Array(inner), property, wasMade: true) : split(inner)
    return (parts.filter { !$0.isEmpty }, cut != nil)
  }

  /// Parts between `, `.
  private static func split(_ text: ArraySlice<UInt8>) -> [[UInt8]] {
    String(decoding: text, as: UTF8.self).split(separator: ", ").map { Array($0.utf8) }
  }

  /// The values of a text.
  ///
  /// - Parameter wasMade: whether somebody chose a separator; else a program joined with blanks.
  static func parts(of text: [UInt8], _ property: ExportedProperty, wasMade: Bool) -> [[UInt8]] {
    if property.key == "objectclass" {
      return text.split {
        $0 == blank || $0 == lineFeed || $0 == 13 || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ",")
      }
      .map { Array($0) }
    }
    // Who joins with line ends means all of them: no value of these attributes has one.
    let hasLines = wasMade && text.contains(lineFeed)
    switch property.form {
    case .octets: return wasMade ? encodedOctets(of: text) : [text]
    case .name where hasLines: return lines(of: text)
    case .name: return divided(text) { _, separator, rest in startsName(rest) && !isListed(separator, ",") }
    default: break
    }
    if hasLines { return lines(of: text) }
    if property.isTyped {
      return divided(text) { part, separator, rest in
        startsAddress(rest, separator) || wasMade && isBetweenAddresses(part, separator, rest)
      }
    }
    return wasMade ? divided(text) { _, separator, _ in isListed(separator, ";") } : [text]
  }

  /// Base64, GUIDs and security identifiers have none of the separators.
  private static func encodedOctets(of text: [UInt8]) -> [[UInt8]] {
    let separators: [UInt8] = [lineFeed, 13, UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: ",")]
    return text.split { separators.contains($0) }
      .map { part in Array(part.drop { $0 == blank }.reversed().drop { $0 == blank }.reversed()) }
      .filter { !$0.isEmpty }
  }

  private static func lines(of text: [UInt8]) -> [[UInt8]] {
    text.split(separator: lineFeed).map { $0.last == 13 ? Array($0.dropLast()) : Array($0) }.filter { !$0.isEmpty }
  }

  /// Divides a text at separators behind which a value starts.
  ///
  /// A separator is a line end, or one of `;`, `,`, `|` with the blanks around it, or blanks.
  private static func divided(
    _ text: [UInt8],
    isStart: (_ part: ArraySlice<UInt8>, _ separator: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8>) -> Bool
  ) -> [[UInt8]] {
    let separators = separators(in: text, isStart: isStart)
    // Where one separator has no blanks around it, blanks around the others are the values' own.
    let keepsBlanks = separators.contains { range in
      !text[range].contains { $0 == blank } && !isLineEnd(text[range])
    }
    var parts: [[UInt8]] = []
    var start = 0
    for range in separators {
      let separator = keepsBlanks ? withoutBlanks(range, text) : range
      let part = Array(text[start..<separator.lowerBound]) + kept(text[start..<range.lowerBound], text[range])
      if !part.isEmpty { parts.append(part) }
      start = separator.upperBound
    }
    if start < text.count { parts.append(Array(text[start...])) }
    return parts
  }

  private static func separators(
    in text: [UInt8],
    isStart: (_ part: ArraySlice<UInt8>, _ separator: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8>) -> Bool
  ) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var index = 0
    while index < text.count {
      guard let end = separatorEnd(text, index) else {
        index += 1
        continue
      }
      let separator = text[index..<end]
      let part = text[(found.last?.upperBound ?? 0)..<index]
      if end < text.count ? isStart(part, separator, text[end...]) : isLineEnd(separator) { found.append(index..<end) }
      index = end
    }
    return found
  }

  /// A separator without the blanks around it; one of nothing but blanks is as it is.
  private static func withoutBlanks(_ range: Range<Int>, _ text: [UInt8]) -> Range<Int> {
    guard let first = text[range].firstIndex(where: { $0 != blank }),
      let last = text[range].lastIndex(where: { $0 != blank })
    else { return range }
    return first..<last + 1
  }

  /// What of a separator belongs to the value before it: the semicolon that ends an address of X.400.
  private static func kept(_ part: ArraySlice<UInt8>, _ separator: ArraySlice<UInt8>) -> [UInt8] {
    let isX400 = String(decoding: part.prefix(5), as: UTF8.self).lowercased() == "x400:"
    return isX400 && separator.first == UInt8(ascii: ";") && separator.count > 1 ? [UInt8(ascii: ";")] : []
  }

  private static func separatorEnd(_ text: [UInt8], _ index: Int) -> Int? {
    switch text[index] {
    case 13:
      return index + 1 < text.count && text[index + 1] == lineFeed ? index + 2 : nil
    case lineFeed: return index + 1
    case blank, UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "|"), 9:
      var end = index
      while end < text.count, [blank, UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "|"), 9].contains(text[end]) {
        end += 1
      }
      return end
    default: return nil
    }
  }

  private static func isLineEnd(_ separator: ArraySlice<UInt8>) -> Bool { separator.last == lineFeed }

  private static func isListed(_ separator: ArraySlice<UInt8>, _ mark: Unicode.Scalar) -> Bool {
    separator.contains(UInt8(ascii: mark))
  }

  private static let components = ["cn=", "ou=", "dc="].map { Array($0.utf8) }

  private static func startsName(_ rest: ArraySlice<UInt8>) -> Bool {
    let start = rest.prefix(3).map { $0 | 0x20 == $0 || $0 == UInt8(ascii: "=") ? $0 : $0 | 0x20 }
    return components.contains(start)
  }

  /// Types of addresses that are met; others count behind separators that no address has.
  private static let types = [
    "smtp", "sip", "x500", "x400", "eum", "spo", "sia", "notes", "mrs", "cctel", "ms", "ccmail", "fax", "ex",
  ]

  /// Whether `;` or `|` parts two addresses of which the second has no type, or a wrong one: no SMTP address has these characters, those
  /// of X.400 and X.500 may.
  private static func isBetweenAddresses(
    _ part: ArraySlice<UInt8>, _ separator: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8>
  ) -> Bool {
    let marks = [UInt8(ascii: ";"), UInt8(ascii: "|")]
    guard separator.contains(where: marks.contains) else { return false }
    let type = String(decoding: part.prefix(5), as: UTF8.self).lowercased()
    guard type != "x400:", type != "x500:" else { return false }
    let at = UInt8(ascii: "@")
    return part.contains(at) && rest.prefix { !marks.contains($0) }.contains(at)
  }

  private static func startsAddress(_ rest: ArraySlice<UInt8>, _ separator: ArraySlice<UInt8>) -> Bool {
    let type = rest.prefix(17).prefix {
      $0 | 0x20 >= 97 && $0 | 0x20 <= 122 || $0 &- 48 < 10 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
    }
    guard let first = type.first, first | 0x20 >= 97, type.count <= 16, type.endIndex < rest.endIndex,
      rest[type.endIndex] == UInt8(ascii: ":")
    else { return isLineEnd(separator) }
    if isLineEnd(separator) || isListed(separator, ";") || isListed(separator, "|") { return true }
    return types.contains(String(decoding: type, as: UTF8.self).lowercased())
  }
}
