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
    default: return .string(unescaped(node.text))
    }
  }

  private static func object(_ node: XMLNode) -> JSONValue {
    var members: [JSONValue.Member] = []
    for part in node.children {
      switch part.name {
      case "Props", "MS":
        for member in part.children {
          guard let name = member.attribute("N") else { continue }
          members.append(.init(name: unescaped(name), value: value(member)))
        }
      case "DCT": members += dictionary(part).members
      case _ where collections.contains(part.name) && members.isEmpty: return .array(part.children.map(value))
      default: break
      }
    }
    if members.isEmpty {
      // An enumeration, or something flattened because the export was not deep enough.
      if let text = node.child("ToString") { return .string(unescaped(text.text)) }
      if let text = node.children.first(where: { $0.name == "S" }) { return .string(unescaped(text.text)) }
    }
    return .object(members)
  }

  private static func dictionary(_ node: XMLNode) -> JSONValue {
    .object(
      node.children.compactMap { entry in
        guard let key = entry.children.first(where: { $0.attribute("N") == "Key" }),
          let value = entry.children.first(where: { $0.attribute("N") == "Value" })
        else { return nil }
        return .init(name: unescaped(key.text), value: self.value(value))
      })
  }

  /// A text with its `_xHHHH_` escapes undone.
  static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "_")) else { return text }
    var units: [UInt16] = []
    let all = Array(text.utf16)
    var index = 0
    while index < all.count {
      if let unit = escape(all[index...].prefix(7)) {
        units.append(unit)
        index += 7
      } else {
        units.append(all[index])
        index += 1
      }
    }
    return String(decoding: units, as: UTF16.self)
  }

  private static func escape(_ units: ArraySlice<UInt16>) -> UInt16? {
    guard units.count == 7 else { return nil }
    let text = Array(units)
    guard text[0] == 0x5F, text[1] == 0x78 || text[1] == 0x58, text[6] == 0x5F else { return nil }
    var value: UInt16 = 0
    for unit in text[2..<6] {
      guard let scalar = Unicode.Scalar(unit), let digit = Character(scalar).hexDigitValue else { return nil }
      value = value << 4 | UInt16(digit)
    }
    return value
  }
}
