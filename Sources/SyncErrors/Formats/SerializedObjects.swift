import Bytes

/// Reads objects that PowerShell has written with `Export-Clixml`.
///
/// Types are not looked at, and nothing is ever deserialised (`<BA>` may hold .NET objects): members become the members of
/// a record, as if the object had been written as JSON.
enum SerializedObjects {
  private static let collections: Set<String> = ["LST", "IE", "STK", "QUE"]

  static func value(_ node: XMLNode) -> JSONValue {
    switch node.name {
    case "Obj": return object(node)
    case "Nil", "BA", "Ref", "TNRef", "TN": return .null
    case "B": return .boolean(node.text == "true")
    case "DCT": return dictionary(node)
    case _ where collections.contains(node.name): return .array(node.children.map(value))
    default: return .string(PowerShellEscapes.decode(node.text))
    }
  }

  private static func object(_ node: XMLNode) -> JSONValue {
    var members: [JSONValue.Member] = []
    for part in node.children {
      switch part.name {
      case "Props", "MS":
        for member in part.children {
          guard let name = member.attribute("N") else { continue }
          members.append(.init(name: PowerShellEscapes.decode(name), value: value(member)))
        }
      case "DCT": members += dictionary(part).members
      case _ where collections.contains(part.name) && members.isEmpty: return .array(part.children.map(value))
      default: break
      }
    }
    if members.isEmpty {
      // An enumeration, or something flattened because the export was not deep enough.
      if let text = node.child("ToString") { return .string(PowerShellEscapes.decode(text.text)) }
      if let text = node.children.first(where: { $0.name == "S" }) {
        return .string(PowerShellEscapes.decode(text.text))
      }
    }
    return .object(members)
  }

  private static func dictionary(_ node: XMLNode) -> JSONValue {
    .object(
      node.children.compactMap { entry in
        guard let key = entry.children.first(where: { $0.attribute("N") == "Key" }),
          let value = entry.children.first(where: { $0.attribute("N") == "Value" })
        else { return nil }
        return .init(name: PowerShellEscapes.decode(key.text), value: self.value(value))
      })
  }
}
