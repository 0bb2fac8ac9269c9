import Bytes
import RuleSet

/// Reads what a message says: conflicts, attributes, identifiers, and which known error it is.
///
/// What the format of the input has said already stays as it is.
struct ErrorInterpreter: Sendable {
  private let recogniser: ErrorRecogniser

  private let information: Set<String>
  /// The words of the catalogue, by which those of a scanned text are known.
  let scannedWords: ScannedWords

  init(_ catalogue: SyncErrorCatalogue) {
    recogniser = ErrorRecogniser(catalogue)
    scannedWords = ScannedWords(catalogue)
    information = Set(catalogue.definitions.filter { $0.severity == .info }.map(\.id))
  }

  /// Whether the definition with an id says that all is well.
  func isInformation(_ id: String) -> Bool { information.contains(id) }

  /// Whether the error with an id is about an object of the directory.
  func isAboutObject(_ id: String) -> Bool { recogniser.definition(id)?.subject == .object }

  /// Whether an error of the catalogue is called so.
  func knows(type: String) -> Bool { recogniser.knows(type: type) }

  /// The errors in a text that may hold several, each with the text that it refers to.
  func split(_ message: String) -> [MessagePart] {
    let searched = SearchedText(message)
    var starts = recogniser.starts(in: searched)
    if !starts.isEmpty, NamedBefore.hasSeveral(searched.text.bytes) {
      starts = NamedBefore.apart(starts, or: recogniser.lineStarts(in: searched), in: searched.text.bytes)
    }
    let listed = CodedLines.starts(in: searched.text.bytes)
    if listed.count > 1 { starts = listed }
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
    let definition = recogniser.definition(error.id)
    if definition?.refusesValue == true { error.takeConflictsAsValues() }
    let subject = definition?.subject ?? .object
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

/// Records of which each has lines that name its object, above or below the sentence of its error.
private enum NamedBefore {
  /// Whether more than one line does nothing but name an object.
  static func hasSeveral(_ text: [UInt8]) -> Bool {
    var count = 0
    for line in text.split(separator: 10, maxSplits: 200) where LabelledObject.isNaming(line) {
      count += 1
      if count > 1 { return true }
    }
    return false
  }

  /// The places at which errors begin, with those of other kinds of error that have a line of their own with a naming line
  /// between them and the error before: two sentences with only one object are of one error.
  static func apart(_ starts: [Int], or others: [Int], in text: [UInt8]) -> [Int] {
    let certain = Set(starts.map { WrappedText.lineStart(text, before: $0) })
    var result = starts
    for line in others where !certain.contains(line) {
      let before = certain.filter { $0 < line }.max()
      let after = certain.filter { $0 > line }.min()
      let isApart =
        (before.map { hasNaming(text[$0..<line]) } ?? true) && (after.map { hasNaming(text[line..<$0]) } ?? true)
      if isApart { result.append(line) }
    }
    return result.sorted()
  }

  private static func hasNaming(_ text: ArraySlice<UInt8>) -> Bool {
    text.split(separator: 10).contains { LabelledObject.isNaming($0) }
  }

  /// Where the record begins whose error begins at a place: above the lines that name its object, where the first error of the
  /// text has such lines above it, too.
  static func start(of place: Int, after first: Int, in text: [UInt8]) -> Int {
    guard above(WrappedText.lineStart(text, before: first), in: text) < WrappedText.lineStart(text, before: first)
    else { return place }
    return above(place, in: text)
  }

  /// The start of the lines above the line that starts at a place which name its object, short fields of the same record
  /// between them.
  private static func above(_ place: Int, in text: [UInt8]) -> Int {
    var start = place
    var line = place
    while line > 0 {
      let before = WrappedText.lineStart(text, before: line - 1)
      let above = text[before..<(line - 1)]
      let names = LabelledObject.isNaming(above)
      guard names || isField(above) else { break }
      line = before
      if names { start = before }
      // Each item of a list is a record.
      if above.starts(with: "- ".utf8) { break }
    }
    return start
  }

  /// Whether a line is a short field: a label of one word and a value.
  private static func isField(_ line: ArraySlice<UInt8>) -> Bool {
    guard line.count <= longestField, let head = LabelHead(String(decoding: line, as: UTF8.self)) else { return false }
    return !head.label.contains(" ")
  }

  private static let longestField = 80
}

/// A part of a text that tells of one error.
struct MessagePart {
  var text: String
  /// What has been found in it already.
  var searched: SearchedText?
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

  /// Takes values that seemed to be another object's as what is wrong with the object's own.
  fileprivate mutating func takeConflictsAsValues() {
    for conflict in conflicts {
      add(attribute: conflict.attribute)
      set("value", conflict.value)
    }
    conflicts = []
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
