import Bytes

extension JSONValue {
  /// What PowerShell has written with `Export-Clixml`, as if it had been written as JSON.
  init(_ value: SerializedValue) {
    switch value {
    case .null, .octets, .unreadable, .unresolved: self = .null
    case .boolean(let flag): self = .boolean(flag)
    case .number(let text), .time(let text), .text(let text): self = .string(text)
    case .object(let object): self = Self.value(of: object)
    }
  }

  private static func value(of object: SerializedObject) -> JSONValue {
    if let list = object.list { return .array(list.map { JSONValue($0) }) }
    let members = object.members.filter { !$0.name.isEmpty }
    if members.isEmpty {
      // An enumeration, or something flattened because the export was not deep enough.
      if let text = object.text { return .string(text) }
      if case .text(let text)? = object.base { return .string(text) }
    }
    return .object(members.map { .init(name: $0.name, value: JSONValue($0.value)) })
  }
}
