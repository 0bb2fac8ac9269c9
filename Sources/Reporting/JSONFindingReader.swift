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
