import Directory
import Bytes

/// The header of a mail or of a part of it (RFC 5322, RFC 2045).
struct MIMEHeader {
  /// Fields by their names in lower case; of several with one name the first.
  private var fields: [String: String] = [:]

  /// Fields that only the source of a mail has.
  static let decisive: Set<String> = ["content-type", "content-transfer-encoding", "mime-version"]

  /// A field with parameters.
  struct Value {
    var name: String
    var parameters: [String: String]
  }

  /// Reads a header and tells where the body begins.
  static func read(_ bytes: [UInt8], _ range: Range<Int>) -> (header: MIMEHeader, body: Int) {
    var header = MIMEHeader()
    var place = range.lowerBound
    var name = ""
    while place < range.upperBound {
      let end = min(ByteSearch.first(10, in: bytes, from: place) ?? bytes.count, range.upperBound)
      let line = bytes[place..<end]
      let text = String(decoding: trimmed(line), as: UTF8.self)
      if text.isEmpty { return (header, min(end + 1, range.upperBound)) }
      if let first = line.first, first == 32 || first == 9, !name.isEmpty {
        header.fields[name]? += " " + text
      } else if let field = Self.name(line) {
        name = field
        let value = trimmed(line.dropFirst(field.utf8.count).drop { $0 != UInt8(ascii: ":") }.dropFirst())
        if header.fields[name] == nil { header.fields[name] = String(decoding: value, as: UTF8.self) }
      } else {
        // The header was left out: this is the body already.
        return (header, place)
      }
      place = min(end + 1, range.upperBound)
    }
    return (header, range.upperBound)
  }

  /// The name of a field in lower case; nil for lines that are none.
  static func name(_ line: ArraySlice<UInt8>) -> String? {
    let name = line.prefix(80).prefix { $0 > 32 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
    guard !name.isEmpty, name.endIndex < line.endIndex, line[name.endIndex] == UInt8(ascii: ":"),
      name.allSatisfy({ MessageText.isWordByte($0) || $0 == UInt8(ascii: "-") })
    else { return nil }
    return String(decoding: name.map(MessageText.folded), as: UTF8.self)
  }

  static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line.drop { $0 <= 32 }
    while let last = line.last, last <= 32 { line.removeLast() }
    return line
  }

  var contentType: Value { value("content-type") }

  var transferEncoding: String { value("content-transfer-encoding").name }

  /// Whether a part is text that is worth reading: by its type, or by its name when that is a stream of bytes.
  func isText(_ body: [UInt8]) -> Bool {
    let type = contentType.name
    if type.isEmpty || type.hasPrefix("text/") || type.hasPrefix("message/delivery") { return type != "text/css" }
    if ["application/json", "application/xml", "application/csv"].contains(type) { return true }
    let name = (value("content-disposition").parameters["filename"] ?? contentType.parameters["name"] ?? "")
      .lowercased()
    return [".txt", ".log", ".csv", ".xml", ".json", ".htm", ".html", ".eml"].contains { name.hasSuffix($0) }
  }

  /// The subject with its encoded words decoded.
  var subject: String? { fields["subject"].map(EncodedWord.decode) }

  private func value(_ name: String) -> Value {
    var parts = Self.split(fields[name] ?? "")
    let first = parts.isEmpty ? "" : parts.removeFirst()
    var value = Value(name: first.lowercased(), parameters: [:])
    for part in parts {
      guard let equals = part.firstIndex(of: "=") else { continue }
      let key = Trimmed.text(part[..<equals]).lowercased()
      value.parameters[key] = Trimmed.text(part[part.index(after: equals)...], also: "\"")
    }
    return value
  }

  /// The parts between semicolons that are not within quotation marks.
  private static func split(_ text: String) -> [String] {
    var parts: [String] = [""]
    var isQuoted = false
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if character == ";", !isQuoted { parts.append("") } else { parts[parts.count - 1].append(character) }
    }
    return parts.map { Trimmed.text($0) }
  }
}

/// The transfer encodings of RFC 2045, 6.
enum TransferEncoding {
  /// The bytes; nil for an encoding that does not exist. Damage is passed over, as readers of mail do.
  static func decode(_ body: ArraySlice<UInt8>, _ encoding: String) -> [UInt8]? {
    switch encoding {
    case "", "7bit", "8bit", "binary": Array(body)
    case "quoted-printable": quotedPrintable(body)
    case "base64": Base64Text.decodeMailBody(body)
    default: nil
    }
  }

  static func quotedPrintable(_ body: ArraySlice<UInt8>) -> [UInt8] {
    EncodedTextRepair.decoded(RepairedText(Array(body)))?.bytes ?? Array(body)
  }
}

/// Words of a header in another character set (RFC 2047): `=?utf-8?B?…?=`.
enum EncodedWord {
  static func decode(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    var wasEncoded = false
    while let start = rest.firstRange(of: "=?") {
      let before = rest[..<start.lowerBound]
      // White space between two encoded words is none.
      if !wasEncoded || before.contains(where: { !$0.isWhitespace }) { result += before }
      rest = rest[start.upperBound...]
      let parts = rest.split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
      guard parts.count == 4, parts[3].hasPrefix("="), let word = word(parts[0], parts[1], parts[2]) else {
        result += "=?"
        wasEncoded = false
        continue
      }
      result += word
      rest = parts[3].dropFirst()
      wasEncoded = true
    }
    return result + rest
  }

  private static func word(_ charset: Substring, _ encoding: Substring, _ text: Substring) -> String? {
    let bytes: [UInt8]
    switch encoding.lowercased() {
    case "b": bytes = Base64Text.decodeMailBody(text.utf8)
    case "q": bytes = TransferEncoding.quotedPrintable(Array(text.replacing("_", with: " ").utf8)[...])
    default: return nil
    }
    let name = String(charset.prefix { $0 != "*" })
    return NamedEncoding.decode(bytes, named: name).map { String(decoding: $0, as: UTF8.self) }
  }
}
