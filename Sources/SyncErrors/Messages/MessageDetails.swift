import Bytes

/// A value behind its label on a line of its own.
enum LabelledValue {
  /// - Parameter label: In lower case.
  static func find(_ label: StaticString, in text: MessageText) -> String? {
    var index = 0
    while let start = ByteSearch.first(label, in: text.folded, from: index) {
      index = start + 1
      guard start == 0 || text.folded[start - 1] == 10 || text.folded[start - 1] == 32 else { continue }
      let line = text.bytes[(start + label.utf8CodeUnitCount)...].prefix { $0 != 10 }
      let value = Trimmed.text(String(decoding: line, as: UTF8.self))
      if !value.isEmpty { return value }
    }
    return nil
  }
}

/// The id by which Microsoft's support finds a request.
enum TrackingID {
  static func find(in text: MessageText) -> String? {
    var index = 0
    while let start = ByteSearch.first("tracking", in: text.folded, from: index) {
      index = start + 1
      let rest = text.folded[(start + 8)...].prefix(60).drop { $0 == 32 || $0 == 10 }
      guard rest.starts(with: [UInt8(ascii: "i"), UInt8(ascii: "d")]) else { continue }
      let value = rest.dropFirst(2).drop {
        $0 == 32 || $0 == 10 || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "=")
      }
      let end = value.startIndex + 36
      if end <= text.bytes.count, GUIDText.isGUID(text.bytes[value.startIndex..<end]) {
        return text.string(value.startIndex..<end)
      }
    }
    return nil
  }
}

/// `[ProxyAddresses SMTP:john@contoso.com;Mail john@contoso.com;]`: values that another object has.
enum ConflictText {
  static func find(in text: MessageText) -> [(range: Range<Int>, conflicts: [SyncError.Conflict])] {
    var found: [(range: Range<Int>, conflicts: [SyncError.Conflict])] = []
    guard ByteSearch.first(UInt8(ascii: "["), in: text.bytes) != nil else { return [] }
    // The bracket closes after a semicolon; a value may have brackets itself.
    var ends = text.bytes.indices.filter { text.bytes[$0] == UInt8(ascii: "]") && isAfterSemicolon(text.bytes, $0) }[
      ...]
    var index = 0
    while let start = ByteSearch.first(UInt8(ascii: "["), in: text.bytes, from: index) {
      index = start + 1
      ends = ends.drop { $0 <= index }
      guard let end = ends.first else { break }
      guard end - start <= maximumLength else { continue }
      let conflicts = parse(text.bytes[(start + 1)..<end])
      if conflicts.isEmpty { continue }
      found.append((start..<end + 1, conflicts))
      index = end + 1
    }
    return found
  }

  private static let maximumLength = 16 << 10

  private static func isAfterSemicolon(_ text: [UInt8], _ place: Int) -> Bool {
    var before = place - 1
    let limit = max(0, place - 64)
    while before >= limit, text[before] == 32 || text[before] == 10 { before -= 1 }
    return before >= limit && text[before] == UInt8(ascii: ";")
  }

  /// `Name value;` any number of times. A part that does not begin with a name belongs to the value before it.
  private static func parse(_ text: ArraySlice<UInt8>) -> [SyncError.Conflict] {
    let head = text.prefix(100).drop { $0 == 32 || $0 == 10 }.drop { $0 != 32 && $0 != 10 && $0 != UInt8(ascii: "[") }
    guard head.first == 32 || head.first == 10 else { return [] }
    var conflicts: [SyncError.Conflict] = []
    for part in text.split(separator: UInt8(ascii: ";")) {
      let part = part.drop { $0 == 32 || $0 == 10 }
      let name = part.prefix { MessageText.isWordByte($0) || $0 == UInt8(ascii: ".") || $0 == 0x2D }
      let rest = part[name.endIndex...]
      let value = WrappedName.text(rest.drop { $0 == 32 || $0 == 10 })
      if let first = rest.first, first == 32 || first == 10, !name.isEmpty,
        name.first.map({ $0 &- 0x30 >= 10 }) == true,
        !value.isEmpty
      {
        conflicts += values(value, of: String(decoding: name, as: UTF8.self))
      } else if let last = conflicts.indices.last, !part.isEmpty {
        conflicts[last].value += ";" + String(decoding: part, as: UTF8.self)
      } else if !part.isEmpty {
        return []
      }
    }
    return conflicts
  }
}

extension ConflictText {
  /// `a@b,c@d,Mail e@f`: the values of one attribute, and those of others that begin with its name.
  ///
  /// A comma separates only where an address, or a name with an address, follows: values have commas, too.
  fileprivate static func values(_ text: String, of attribute: String) -> [SyncError.Conflict] {
    guard text.utf8.contains(UInt8(ascii: ",")) else { return [.init(attribute: attribute, value: text)] }
    var conflicts: [SyncError.Conflict] = []
    var name = attribute
    var value = ""
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let trimmed = Trimmed.text(part)
      let words = trimmed.split(separator: " ", maxSplits: 1)
      if conflicts.isEmpty, value.isEmpty {
        value = String(part)
      } else if isAddress(trimmed) {
        conflicts.append(.init(attribute: name, value: Trimmed.text(value)))
        value = trimmed
      } else if words.count == 2, isName(words[0]), isAddress(words[1]) || isConflictAttribute(words[0]) {
        conflicts.append(.init(attribute: name, value: Trimmed.text(value)))
        name = String(words[0])
        value = Trimmed.text(words[1])
      } else {
        value += "," + part
      }
    }
    return conflicts + [.init(attribute: name, value: Trimmed.text(value))]
  }

  private static let types: Set<String> = ["smtp", "sip", "x500", "x400", "eum", "sia", "notes"]

  private static func isAddress(_ text: some StringProtocol) -> Bool {
    if let colon = text.firstIndex(of: ":"), types.contains(text[..<colon].lowercased()) { return true }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && !text.contains(" ")
  }

  private static func isName(_ text: some StringProtocol) -> Bool {
    text.first?.isLetter == true && text.utf8.allSatisfy { MessageText.isWordByte($0) || $0 == UInt8(ascii: ".") }
  }

  private static let conflictAttributes: Set<String> = [
    "userprincipalname", "proxyaddresses", "mail", "sipproxyaddress", "mailnickname", "immutableid", "sourceanchor",
    "onpremisesecurityidentifier", "onpremisessecurityidentifier", "onpremisessamaccountname", "samaccountname",
  ]

  private static func isConflictAttribute(_ text: some StringProtocol) -> Bool {
    conflictAttributes.contains(text.split(separator: ".").last?.lowercased() ?? "")
  }
}

/// The extra details of an error: a JSON list of keys and lists of values.
///
/// `[{"Key":"ObjectIdInConflict","Value":["7505…"]},{"Key":"AttributeConflictName","Value":["SipProxyAddress"]},…]`
struct ExtraErrorDetails {
  var objectID: String?
  var conflictingIDs: [String] = []
  var conflicts: [SyncError.Conflict] = []
  var attributes: [String] = []
  var others: [(name: String, value: String)] = []

  init?(_ value: JSONValue) {
    var values: [String] = []
    for item in value.elements {
      guard let key = item["Key"]?.text else { continue }
      let texts = item["Value"]?.elements.compactMap(\.text) ?? []
      switch key.lowercased() {
      case "objectid": objectID = texts.first
      case "objectidinconflict": conflictingIDs += texts
      case "attributeconflictname": attributes += texts
      case "attributeconflictvalues": values += texts
      default: others.append((FieldName.kebab(key), texts.joined(separator: ", ")))
      }
    }
    if let attribute = attributes.first { conflicts = values.map { .init(attribute: attribute, value: $0) } }
    if objectID == nil, conflictingIDs.isEmpty, attributes.isEmpty, others.isEmpty { return nil }
  }

  init?(parsing text: String) {
    guard let value = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
    self.init(value)
  }

  /// Such a list within a text.
  static func find(in text: MessageText) -> (range: Range<Int>, details: ExtraErrorDetails)? {
    var index = 0
    while let start = ByteSearch.first(UInt8(ascii: "["), in: text.bytes, from: index) {
      index = start + 1
      let next = text.bytes[index...].prefix(16).drop { $0 == 32 || $0 == 10 }
      guard next.first == UInt8(ascii: "{") else { continue }
      let builder = JSONValueBuilder()
      var reader = JSONStreamReader(handler: builder)
      guard let count = try? reader.feed(text.bytes[start...]), let value = builder.value,
        let details = ExtraErrorDetails(value)
      else { continue }
      return (start..<start + count, details)
    }
    return nil
  }
}

/// Names of fields.
enum FieldName {
  /// `ServerErrorDetail` and `Server Error Detail` as `server-error-detail`.
  static func kebab(_ name: String) -> String {
    var result = ""
    var wasLower = false
    for character in name {
      if character.isLetter || character.isNumber {
        if character.isUppercase, wasLower { result += "-" }
        wasLower = character.isLowercase || character.isNumber
        result += character.lowercased()
      } else {
        if !result.isEmpty, !result.hasSuffix("-") { result += "-" }
        wasLower = false
      }
    }
    return result.hasSuffix("-") ? String(result.dropLast()) : result
  }
}

/// `BAIL: MMS(644): eafam.cpp(1298): 0x80230304 (The image or dimage already has an attribute with that name.)`: where the
/// synchronization engine gave up.
enum EngineResult {
  static func find(in text: MessageText) -> (code: String, text: String?)? {
    var index = 0
    while let start = mark(in: text, from: index) {
      index = start + 1
      let line = text.folded[start...].prefix(400)
      let prefix = Array("0x8".utf8)
      guard let place = line.indices.first(where: { line[$0...].starts(with: prefix) }), place + 10 <= text.bytes.count
      else { continue }
      let code = text.string(place..<place + 10)
      let rest = text.bytes[(place + 10)...].drop { $0 == 32 || $0 == UInt8(ascii: ":") }
      let marksAround: [UInt8: UInt8] = [UInt8(ascii: "("): UInt8(ascii: ")"), UInt8(ascii: "\""): UInt8(ascii: "\"")]
      guard let first = rest.first, let close = marksAround[first],
        let end = rest.dropFirst().prefix(400).firstIndex(of: close)
      else { return (code, nil) }
      return (code, Trimmed.text(WrappedName.text(rest[(rest.startIndex + 1)..<end])))
    }
    return nil
  }

  private static func mark(in text: MessageText, from start: Int) -> Int? {
    let marks: [StaticString] = ["bail:", "err_:", "mms("]
    return marks.compactMap { ByteSearch.first($0, in: text.folded, from: start) }.min()
  }
}
