import Bytes

/// What an export says of a property of an object, whatever its form.
indirect enum ObjectValue {
  /// The object has no value: null, an empty cell, an empty list.
  case absent
  /// A text; where a form has no lists, perhaps several values that were joined.
  case text([UInt8])
  /// Bytes that are no text.
  case octets([UInt8])
  /// A number, as written.
  case number([UInt8])
  case boolean(Bool)
  /// A point in time, in seconds since 1970.
  case time(Int)
  case list([ObjectValue])
  /// An object within the object: a security identifier, an address, a list in a wrapper.
  case members([(name: String, value: ObjectValue)])
  /// There may have been values, and the export does not have them.
  case lost(Loss)

  /// How values are lost.
  enum Loss: Int {
    /// The name of a type, or nesting that was cut off, stands in their place.
    case typeName
    /// A spreadsheet wrote `####`, `#NAME?` or a rounded number.
    case spreadsheet
    /// A list was shown for people, and cut.
    case shortened
    /// What stands there cannot be read as a value of the attribute.
    case unreadable
  }
}

extension ObjectValue {
  /// The value that a wrapper of PowerShell is about: `{"value": […], "Count": 2}`, a security identifier, an address of Exchange;
  /// `lost` for objects of which nobody here knows what they mean.
  var unwrapped: ObjectValue {
    guard case .members(let members) = self else { return self }
    func value(_ name: String) -> ObjectValue? { members.first { $0.name.lowercased() == name }?.value }
    func text(_ name: String) -> [UInt8]? {
      if case .text(let text)? = value(name) { text } else { nil }
    }
    if let address = text("proxyaddressstring") { return .text(address) }
    if let base64 = text("b64") {
      return (try? Base64Text.decode(String(decoding: base64, as: UTF8.self))).map { .octets($0) } ?? .lost(.unreadable)
    }
    if let prefix = text("prefixstring"), let address = text("addressstring") {
      return .text(prefix + Array(":".utf8) + address)
    }
    if let local = text("local"), let domain = text("domain") { return .text(local + Array("@".utf8) + domain) }
    if let inner = value("value") { return inner.unwrapped }
    if let name = text("distinguishedname") { return .text(name) }
    return members.isEmpty ? .absent : .lost(.typeName)
  }
}
