import Bytes

extension ObjectValue {
  /// What CLIXML has.
  init(_ value: SerializedValue) {
    switch value {
    case .null: self = .absent
    case .boolean(let flag): self = .boolean(flag)
    case .number(let text): self = .number(Array(text.utf8))
    case .time(let text): self = AttributeText.iso(text).map { .time($0) } ?? .text(Array(text.utf8))
    case .octets(let bytes): self = .octets(bytes)
    case .text(let text): self = .text(Array(text.utf8))
    case .object(let object): self = Self.value(of: object)
    case .unreadable: self = .lost(.unreadable)
    case .unresolved: self = .lost(.typeName)
    }
  }

  private static func value(of object: SerializedObject) -> ObjectValue {
    if let list = object.list { return .list(list.map { ObjectValue($0) }) }
    let text = object.text.map { ObjectValue.text(Array($0.utf8)) }
    if let base = object.base {
      // An enumeration has a number, and its name as text.
      if case .number = base, let text { return text }
      return ObjectValue(base)
    }
    if object.members.isEmpty, let text { return text }
    let value = ObjectValue.members(object.properties).unwrapped
    if case .lost = value, let text { return text }
    return value
  }
}

extension SerializedObject {
  /// Its members: first those that were added by hand, which say better what is meant.
  var properties: [(name: String, value: ObjectValue)] {
    (members.filter(\.isAdded) + members.filter { !$0.isAdded }).map { ($0.name, ObjectValue($0.value)) }
  }
}
