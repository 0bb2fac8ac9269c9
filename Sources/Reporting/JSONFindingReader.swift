import Directory
import Findings
import Bytes

/// Why a JSON object is no finding.
public struct JSONFindingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in one sentence without a full stop.
  public var description: String
}

/// Reads findings that `JSONFindingWriter` has written, or another program in the shape of `Docs/findings.schema.json`.
///
/// Members that are not known are left aside, because newer versions add some; those that are known must be right.
public enum JSONFindingReader {
  /// The finding that a text holds.
  ///
  /// - Throws: `JSONFindingError`.
  public static func finding(_ text: [UInt8]) throws(JSONFindingError) -> Finding {
    do throws(JSONFailure) {
      return try finding(try JSONValue(parsing: text))
    } catch {
      throw JSONFindingError(description: error.message)
    }
  }

  private static func finding(_ value: JSONValue) throws(JSONFailure) -> Finding {
    do throws(JSONFindingError) {
      return try finding(of: value)
    } catch {
      throw JSONFailure(line: 1, column: 1, message: error.description)
    }
  }

  /// The finding that an object describes.
  ///
  /// - Throws: `JSONFindingError`.
  public static func finding(of object: JSONValue) throws(JSONFindingError) -> Finding {
    let reader = ObjectReader(object)
    var finding = Finding(
      rule: try reader.string("rule"), severity: try reader.word("severity"), effect: try reader.word("effect"),
      certainty: try reader.word("certainty"), dn: try reader.value("dn"), objectGUID: try reader.guid(),
      objectClass: try reader.optionalString("objectClass") ?? "", attribute: try reader.string("attribute"),
      value: try reader.optionalValue("value"), valueIndex: try reader.optionalInteger("valueIndex"),
      spans: try spans(reader), message: try reader.string("message"), suggestion: try suggestion(reader),
      location: try location(reader), related: try related(reader), fingerprint: try fingerprint(reader))
    finding.annotations = try annotations(reader)
    finding.state = try reader.optionalWord("state")
    finding.firstSeen = try reader.optionalString("firstSeen")
    finding.suppression = try suppression(reader)
    return finding
  }

  private static func annotations(_ reader: ObjectReader) throws(JSONFindingError) -> [Annotation] {
    guard let list = try reader.optionalList("labels") else { return [] }
    var labels: [String] = []
    for label in list {
      guard case .string(let text) = label else { throw reader.mistake("labels", "is a list of strings") }
      labels.append(text)
    }
    return [Annotation(name: Annotation.labels, values: labels)]
  }

  private static func fingerprint(_ reader: ObjectReader) throws(JSONFindingError) -> Fingerprint {
    let text = try reader.string("fingerprint")
    guard let fingerprint = Fingerprint(hexadecimal: text) else {
      throw reader.mistake("fingerprint", "is 32 hexadecimal digits")
    }
    return fingerprint
  }

  private static func spans(_ reader: ObjectReader) throws(JSONFindingError) -> [FlaggedSpan] {
    var spans: [FlaggedSpan] = []
    for object in try reader.optionalList("spans") ?? [] {
      let span = ObjectReader(object)
      guard let offset = try span.optionalInteger("offset"), let length = try span.optionalInteger("length") else {
        throw reader.mistake("spans", "has objects with offset and length")
      }
      var codePoint: UInt32?
      if let text = try span.optionalString("codePoint") {
        codePoint = text.hasPrefix("U+") ? UInt32(text.dropFirst(2), radix: 16) : nil
        guard codePoint != nil else { throw span.mistake("codePoint", "looks like U+00A0") }
      }
      spans.append(FlaggedSpan(offset: offset, length: length, codePoint: codePoint))
    }
    return spans
  }

  private static func suggestion(_ reader: ObjectReader) throws(JSONFindingError) -> Suggestion? {
    guard let object = reader["suggestion"] else { return nil }
    let suggestion = ObjectReader(object)
    guard let action = Suggestion.Action(rawValue: try suggestion.string("action")) else {
      throw suggestion.mistake("action", "is replace, remove or add")
    }
    return Suggestion(action: action, value: try suggestion.optionalValue("value"))
  }

  private static func location(_ reader: ObjectReader) throws(JSONFindingError) -> SourceLocation {
    guard let object = reader["location"] else { return SourceLocation(source: "") }
    let location = ObjectReader(object)
    return SourceLocation(
      source: try location.optionalString("source") ?? "", line: try location.optionalInteger("line"),
      column: try location.optionalInteger("column"))
  }

  private static func related(_ reader: ObjectReader) throws(JSONFindingError) -> [RelatedValue] {
    var related: [RelatedValue] = []
    for object in try reader.optionalList("related") ?? [] {
      let place = ObjectReader(object)
      related.append(
        RelatedValue(
          dn: try place.value("dn"), objectGUID: try place.guid(),
          objectClass: try place.optionalString("objectClass") ?? "", attribute: try place.string("attribute"),
          value: try place.optionalValue("value"), location: try location(place)))
    }
    return related
  }

  private static func suppression(_ reader: ObjectReader) throws(JSONFindingError) -> Suppression? {
    guard let object = reader["suppression"] else { return nil }
    let suppression = ObjectReader(object)
    return Suppression(
      pattern: Suppression.Pattern(), reason: try suppression.string("reason"), owner: try suppression.string("owner"),
      ticket: try suppression.optionalString("ticket"),
      expires: try suppression.optionalString("expires").flatMap { CalendarDate($0) })
  }
}

/// Typed access to the members of a JSON object.
private struct ObjectReader {
  private let members: [String: JSONValue]

  init(_ value: JSONValue) {
    guard case .object(let list) = value else {
      members = [:]
      return
    }
    members = Dictionary(list.map { ($0.name, $0.value) }) { first, _ in first }
  }

  subscript(name: String) -> JSONValue? { members[name] }

  func mistake(_ name: String, _ expectation: String) -> JSONFindingError {
    JSONFindingError(description: "`\(name)` \(members[name] == nil ? "is missing: it " : "")\(expectation)")
  }

  func string(_ name: String) throws(JSONFindingError) -> String {
    guard let text = try optionalString(name) else { throw mistake(name, "is a string") }
    return text
  }

  func optionalString(_ name: String) throws(JSONFindingError) -> String? {
    guard let value = members[name] else { return nil }
    guard case .string(let text) = value else { throw mistake(name, "is a string") }
    return text
  }

  func optionalInteger(_ name: String) throws(JSONFindingError) -> Int? {
    guard let value = members[name] else { return nil }
    guard case .number(let text) = value, let number = Int(text), number >= 0 else {
      throw mistake(name, "is a whole number")
    }
    return number
  }

  func optionalList(_ name: String) throws(JSONFindingError) -> [JSONValue]? {
    guard let value = members[name] else { return nil }
    guard case .array(let elements) = value else { throw mistake(name, "is a list") }
    return elements
  }

  func word<Word: RawRepresentable & CaseIterable>(_ name: String) throws(JSONFindingError) -> Word
  where Word.RawValue == String {
    guard let word: Word = try optionalWord(name) else {
      throw mistake(name, "is one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return word
  }

  func optionalWord<Word: RawRepresentable & CaseIterable>(_ name: String) throws(JSONFindingError) -> Word?
  where Word.RawValue == String {
    guard let text = try optionalString(name) else { return nil }
    guard let word = Word(rawValue: text) else {
      throw mistake(name, "is one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return word
  }

  /// A directory value: a string, or an object with `b64`.
  func optionalValue(_ name: String) throws(JSONFindingError) -> AttributeValue? {
    switch members[name] {
    case nil: return nil
    case .string(let text): return AttributeValue(text)
    case .object(let list):
      if case .string(let text)? = list.first(where: { $0.name == "b64" })?.value,
        let bytes = try? Base64Text.decode(text)
      {
        return AttributeValue(bytes)
      }
      throw mistake(name, "is a string or {\"b64\":\"…\"}")
    default: throw mistake(name, "is a string or {\"b64\":\"…\"}")
    }
  }

  func value(_ name: String) throws(JSONFindingError) -> AttributeValue {
    guard let value = try optionalValue(name) else { throw mistake(name, "is a string or {\"b64\":\"…\"}") }
    return value
  }

  func guid() throws(JSONFindingError) -> GUID? {
    guard let text = try optionalString("objectGUID") else { return nil }
    guard let guid = GUID(text: text) else {
      throw mistake("objectGUID", "looks like 3f2504e0-4f89-41d3-9a0c-0305e82c3301")
    }
    return guid
  }
}
