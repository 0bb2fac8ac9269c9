import JSONStream
import RuleSet

/// Reads what a message says: conflicts, attributes, identifiers, and which known error it is.
///
/// What the format of the input has said already stays as it is.
struct ErrorInterpreter: Sendable {
  private let recogniser: ErrorRecogniser

  private let information: Set<String>

  init(_ catalogue: SyncErrorCatalogue) {
    recogniser = ErrorRecogniser(catalogue)
    information = Set(catalogue.definitions.filter { $0.severity == .info }.map(\.id))
  }

  /// Whether the definition with an id says that all is well.
  func isInformation(_ id: String) -> Bool { information.contains(id) }

  /// The places at which errors begin in a text that may hold several, and the text that they refer to.
  func split(_ message: String) -> [String] {
    let text = MessageText(message)
    let starts = recogniser.starts(in: text)
    guard starts.count > 1 else { return [message] }
    // What stands before the first belongs to it.
    var cuts = starts.dropFirst().map { WrappedText.lineStart(text.bytes, before: $0) }
    cuts = Array(Set(cuts)).sorted()
    let bounds = [0] + cuts + [text.bytes.count]
    return zip(bounds, bounds.dropFirst()).map { text.string($0..<$1) }
  }

  func complete(_ error: inout SyncError) {
    let text = MessageText(error.message)
    if error.type == nil { error.type = LabelledValue.find("error name:", in: text) }
    if error.trackingID == nil { error.trackingID = TrackingID.find(in: text) }
    var excluded: [Range<Int>] = []
    for (range, conflicts) in ConflictText.find(in: text) {
      excluded.append(range)
      error.add(conflicts: conflicts)
    }
    if let details = ExtraErrorDetails.find(in: text) {
      excluded.append(details.range)
      error.add(details.details)
    }
    // Some tables give nothing but the name.
    if error.type == nil, recogniser.knows(type: error.message) { error.type = error.message }
    let recognition = recogniser.recognise(
      type: error.type, source: error.source, eventID: error.eventID, text: text)
    if let recognition, error.id == SyncError.unknownID { error.id = recognition.id }
    if let match = recognition?.match { MatchedFields(text).apply(match, to: &error) }
    if let result = EngineResult.find(in: text) {
      error.set("hresult", result.code)
      error.set("hresult-text", result.text)
    }
    let taken = Set(error.conflicts.map { $0.value.lowercased() })
    for identifier in IdentifierScanner.identifiers(in: text, excluding: excluded)
    where !taken.contains(identifier.text.lowercased()) {
      error.add(identifier)
    }
    for conflict in error.conflicts { error.add(attribute: conflict.attribute) }
  }
}

extension WrappedText {
  /// The start of the line on which a place is.
  static func lineStart(_ text: [UInt8], before place: Int) -> Int {
    (text[..<place].lastIndex(of: 10) ?? -1) + 1
  }
}

extension SyncError {
  /// Adds an identifier that is not there yet. A kind that says more takes the place of one that says less.
  mutating func add(_ identifier: MentionedIdentifier) {
    let bare = Self.bare(identifier.text)
    guard !bare.isEmpty else { return }
    if let index = identifiers.firstIndex(where: { Self.bare($0.text) == bare }) {
      let known = identifiers[index].kind
      let saysLittle: [MentionedIdentifier.Kind] = [.guid, .userPrincipalName]
      if saysLittle.contains(known), !saysLittle.contains(identifier.kind) {
        identifiers[index].kind = identifier.kind
        identifiers[index].role = identifier.role
      }
      return
    }
    identifiers.append(identifier)
  }

  private static func bare(_ text: String) -> String {
    text.lowercased().filter { $0 != "{" && $0 != "}" && $0 != " " }
  }

  /// Adds an attribute that is not there yet. `FederatedUser.UserPrincipalName` is the attribute UserPrincipalName.
  mutating func add(attribute: String) {
    let name = attribute.split(separator: ".").last.map(String.init) ?? attribute
    let trimmed = Trimmed.text(name, also: "[],'\"`")
    guard !trimmed.isEmpty, !attributes.contains(where: { $0.lowercased() == trimmed.lowercased() }) else { return }
    attributes.append(trimmed)
  }

  mutating func add(conflicts: [Conflict]) {
    for conflict in conflicts where !self.conflicts.contains(conflict) { self.conflicts.append(conflict) }
  }

  /// Sets a field that has no value yet.
  mutating func set(_ field: String, _ value: String?) {
    guard let value, !value.isEmpty, fields[field] == nil else { return }
    fields[field] = value
  }

  mutating func add(_ details: ExtraErrorDetails) {
    if let id = details.objectID { add(MentionedIdentifier(id, .cloudObjectID, field: "ObjectId")) }
    for id in details.conflictingIDs {
      add(MentionedIdentifier(id, .cloudObjectID, role: .conflicting, field: "ObjectIdInConflict"))
    }
    add(conflicts: details.conflicts)
    for attribute in details.attributes { add(attribute: attribute) }
    for (name, value) in details.others { set(name, value) }
  }
}

/// Text without white space at its ends.
enum Trimmed {
  static func text(_ text: some StringProtocol, also characters: String = "") -> String {
    let scalars = text.unicodeScalars
    var start = scalars.startIndex
    var end = scalars.endIndex
    while start < end, drops(scalars[start], characters) { scalars.formIndex(after: &start) }
    while start < end {
      let last = scalars.index(before: end)
      guard drops(scalars[last], characters) else { break }
      end = last
    }
    return String(text[start..<end])
  }

  private static func drops(_ scalar: Unicode.Scalar, _ characters: String) -> Bool {
    if scalar.value < 0x80 {
      if scalar.value == 0x20 || (0x09...0x0D).contains(scalar.value) { return true }
    } else if scalar.properties.isWhitespace {
      return true
    }
    return characters.unicodeScalars.contains(scalar)
  }
}

/// A value behind its label on a line of its own.
enum LabelledValue {
  /// - Parameter label: In lower case.
  static func find(_ label: String, in text: MessageText) -> String? {
    let wanted = Array(label.utf8)
    var index = 0
    while let start = text.folded[index...].firstIndex(of: wanted[0]) {
      index = start + 1
      guard text.folded[start...].starts(with: wanted) else { continue }
      guard start == 0 || text.folded[start - 1] == 10 || text.folded[start - 1] == 32 else { continue }
      let line = text.bytes[(start + wanted.count)...].prefix { $0 != 10 }
      let value = Trimmed.text(String(decoding: line, as: UTF8.self))
      if !value.isEmpty { return value }
    }
    return nil
  }
}

/// The id by which Microsoft's support finds a request.
enum TrackingID {
  static func find(in text: MessageText) -> String? {
    let word = Array("tracking".utf8)
    var index = 0
    while let start = text.folded[index...].firstIndex(of: word[0]) {
      index = start + 1
      guard text.folded[start...].starts(with: word) else { continue }
      let rest = text.folded[(start + word.count)...].prefix(60).drop { $0 == 32 || $0 == 10 }
      guard rest.starts(with: Array("id".utf8)) else { continue }
      let value = rest.dropFirst(2).drop {
        [32, 10, UInt8(ascii: ":"), UInt8(ascii: "{"), UInt8(ascii: "=")].contains($0)
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
    // The bracket closes after a semicolon; a value may have brackets itself.
    var ends = text.bytes.indices.filter { text.bytes[$0] == UInt8(ascii: "]") && isAfterSemicolon(text.bytes, $0) }[
      ...]
    var index = 0
    while let start = text.bytes[index...].firstIndex(of: UInt8(ascii: "[")) {
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
    let before = text[..<place].reversed().prefix(64).first { $0 != 32 && $0 != 10 }
    return before == UInt8(ascii: ";")
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
        conflicts.append(.init(attribute: String(decoding: name, as: UTF8.self), value: value))
      } else if let last = conflicts.indices.last, !part.isEmpty {
        conflicts[last].value += ";" + String(decoding: part, as: UTF8.self)
      } else if !part.isEmpty {
        return []
      }
    }
    return conflicts
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
    while let start = text.bytes[index...].firstIndex(of: UInt8(ascii: "[")) {
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
    let marks = ["bail:", "err_:", "mms("].map { Array($0.utf8) }
    var index = 0
    while let start = text.folded[index...].firstIndex(where: {
      $0 == UInt8(ascii: "b") || $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "m")
    }) {
      index = start + 1
      guard marks.contains(where: text.folded[start...].starts(with:)) else { continue }
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
}
