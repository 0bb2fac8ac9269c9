import Bytes
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

  /// Whether an error of the catalogue is called so.
  func knows(type: String) -> Bool { recogniser.knows(type: type) }

  /// The errors in a text that may hold several, each with the text that it refers to.
  func split(_ message: String) -> [MessagePart] {
    let searched = SearchedText(message)
    let starts = recogniser.starts(in: searched)
    guard starts.count > 1 else { return [MessagePart(text: message, searched: searched)] }
    // What stands before the first belongs to it.
    let text = searched.text
    var cuts = starts.dropFirst().filter { !Self.isInner(text.folded, $0) }.map {
      WrappedText.lineStart(text.bytes, before: $0)
    }
    cuts = Array(Set(cuts.map { NamedBefore.start(of: $0, after: starts[0], in: text.bytes) })).sorted()
    let bounds = [0] + cuts + [text.bytes.count]
    return zip(bounds, bounds.dropFirst()).map { MessagePart(text: text.string($0..<$1)) }
  }

  /// Whether an error at a place is what the one before it was made of: `…Exception: …`, `---> …`, `Details: …`.
  private static func isInner(_ text: [UInt8], _ place: Int) -> Bool {
    var end = place
    while end > 0, text[end - 1] == 32 || text[end - 1] == 10 { end -= 1 }
    return innerMarks.contains { ByteSearch.ends(text, at: end, with: $0) }
  }

  private static let innerMarks = ["exception:", "-->", "details:"].map { Array($0.utf8) }

  /// Reads what the message of an error says.
  ///
  /// - Parameter searched: the message as it was searched before, if it was.
  func complete(_ error: inout SyncError, searched known: SearchedText? = nil) {
    let searched = known ?? SearchedText(error.message)
    let text = searched.text
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
      type: error.type, source: error.source, eventID: error.eventID, text: searched)
    if let recognition, error.id == SyncError.unknownID {
      error.id = recognition.id
      error.bareName = recognition.bareName
      error.isGeneral = recogniser.definition(recognition.id)?.isFallback ?? false
    }
    if let match = recognition?.match {
      MatchedFields(text).apply(match, to: &error)
      // Values that only the cloud has name no object of the directory.
      excluded += match.holes.filter { $0.name == "cloud-value" }.map(\.range)
    }
    if let result = EngineResult.find(in: text) {
      error.set("hresult", result.code)
      error.set("hresult-text", result.text)
    }
    addCode(to: &error, searched)
    let subject = recogniser.definition(error.id)?.subject ?? .object
    if subject == .organization { error.identifiers = [] }
    let identifiers =
      subject == .object ? IdentifierScanner.identifiers(in: text, excluding: excluded) : []
    if !identifiers.isEmpty {
      let taken = Set(error.conflicts.map { $0.value.lowercased() })
      for identifier in identifiers where taken.isEmpty || !taken.contains(identifier.text.lowercased()) {
        if identifier.kind == .guid, identifier.text == error.trackingID { continue }
        error.add(identifier)
      }
    }
    if subject == .object {
      for named in LabelledObject.find(in: text, besides: error.identifiers) { error.add(named) }
    }
    for conflict in error.conflicts { error.add(attribute: conflict.attribute) }
  }

  /// Adds the code that tells the causes of the error apart: from its text, else from a field of that meaning.
  private func addCode(to error: inout SyncError, _ searched: SearchedText) {
    guard let definition = recogniser.definition(error.id), !definition.causes.isEmpty else { return }
    if let found = recogniser.code(of: error.id, in: searched) {
      error.set(found.field, found.code)
      error.code = found.code
    } else {
      error.code = error.fields["error-code"] ?? error.fields["hresult"]
      if error.code == nil, let event = error.eventID.map(String.init), definition.cause(of: event) != nil {
        error.code = event
      }
    }
  }
}

/// Records of which each begins with lines that name its object, above the sentence of its error.
private enum NamedBefore {
  /// Where the record begins whose error begins at a place: above the lines that name its object, where the first error of the
  /// text has such lines above it, too.
  static func start(of place: Int, after first: Int, in text: [UInt8]) -> Int {
    guard above(WrappedText.lineStart(text, before: first), in: text) < WrappedText.lineStart(text, before: first)
    else { return place }
    return above(place, in: text)
  }

  /// The start of the naming lines right above the line that starts at a place.
  private static func above(_ place: Int, in text: [UInt8]) -> Int {
    var start = place
    while start > 0 {
      let before = WrappedText.lineStart(text, before: start - 1)
      guard LabelledObject.isNaming(text[before..<(start - 1)]) else { break }
      start = before
    }
    return start
  }
}

/// A part of a text that tells of one error.
struct MessagePart {
  var text: String
  /// What has been found in it already.
  var searched: SearchedText?
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
    guard !identifiers.isEmpty else {
      let isBare = identifier.text.utf8.allSatisfy { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") || $0 == 32 }
      if !isBare { identifiers.append(identifier) }
      return
    }
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
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      if byte >= 0x80 { return text.lowercased().filter { $0 != "{" && $0 != "}" && $0 != " " } }
      if byte != UInt8(ascii: "{"), byte != UInt8(ascii: "}"), byte != 32 { bytes.append(MessageText.folded(byte)) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Adds an attribute that is not there yet. `FederatedUser.UserPrincipalName` is the attribute UserPrincipalName.
  mutating func add(attribute: String) {
    let hasClass = attribute.utf8.contains(UInt8(ascii: "."))
    let name = hasClass ? attribute.split(separator: ".").last.map(String.init) ?? attribute : attribute
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
    if let range = text.utf8.withContiguousStorageIfAvailable({ asciiRange($0, characters) }), let range {
      // What need not be trimmed need not be copied.
      if range.count == text.utf8.count { return String(text) }
      let start = text.utf8.index(text.utf8.startIndex, offsetBy: range.lowerBound)
      return String(text[start..<text.utf8.index(start, offsetBy: range.count)])
    }
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

  /// Whether a text is white space only.
  static func isBlank(_ text: String) -> Bool {
    for byte in text.utf8 {
      if byte >= 0x80 { return self.text(text).isEmpty }
      if !drops(byte) { return false }
    }
    return true
  }

  /// The part of a text that is left, where its ends are ASCII; nil for others.
  private static func asciiRange(_ text: UnsafeBufferPointer<UInt8>, _ characters: String) -> Range<Int>? {
    let range = range(text, characters)
    if let first = range.first, text[first] >= 0x80 || text[range.upperBound - 1] >= 0x80 { return nil }
    return range
  }

  /// The part of a text that is left when ASCII white space (and characters) at its ends go.
  static func range(_ text: UnsafeBufferPointer<UInt8>, _ characters: String = "") -> Range<Int> {
    var start = 0
    var end = text.count
    while start < end, drops(text[start]) || characters.utf8.contains(text[start]) && text[start] < 0x80 { start += 1 }
    while start < end, drops(text[end - 1]) || characters.utf8.contains(text[end - 1]) && text[end - 1] < 0x80 {
      end -= 1
    }
    return start..<end
  }

  @inline(__always)
  private static func drops(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }

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
