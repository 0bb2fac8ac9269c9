import Bytes
import Directory

/// Typed access to the members of a JSON object.
struct ObjectReader {
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
    guard let member = members[name] else { return nil }
    return try value(member, name)
  }

  /// A list of directory values; none where it is not there.
  func values(_ name: String) throws(JSONFindingError) -> [AttributeValue] {
    var values: [AttributeValue] = []
    for element in try optionalList(name) ?? [] { values.append(try value(element, name)) }
    return values
  }

  private func value(_ value: JSONValue, _ name: String) throws(JSONFindingError) -> AttributeValue {
    switch value {
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

  /// A list of strings; none where it is not there.
  func strings(_ name: String) throws(JSONFindingError) -> [String] {
    var texts: [String] = []
    for element in try optionalList(name) ?? [] {
      guard case .string(let text) = element else { throw mistake(name, "is a list of strings") }
      texts.append(text)
    }
    return texts
  }

  func boolean(_ name: String) throws(JSONFindingError) -> Bool {
    switch members[name] {
    case nil: return false
    case .boolean(let value): return value
    default: throw mistake(name, "is true or false")
    }
  }

  /// The members of an object, each a whole number; none where it is not there.
  func numbers(_ name: String) throws(JSONFindingError) -> [String: Int] {
    guard let object = members[name] else { return [:] }
    let reader = ObjectReader(object)
    var numbers: [String: Int] = [:]
    for name in reader.members.keys { numbers[name] = try reader.optionalInteger(name) }
    return numbers
  }
}
