import Bytes
import Directory
import Entries

/// An entry, and the forms in which programs of Windows export it: written as they do, without the program's own writers.
public struct WrittenEntry: Sendable {
  /// The name.
  public var dn: [UInt8]
  /// Values by attribute, in the order of their first values.
  public var attributes: [(name: String, values: [[UInt8]])] = []

  /// An entry with a name and attributes.
  public init(dn: [UInt8], _ attributes: [(name: String, values: [[UInt8]])]) {
    self.dn = dn
    self.attributes = attributes
  }

  /// An entry that was read.
  public init(_ entry: EntryView) {
    dn = Array(entry.dn)
    for value in entry.batch.values[entry.record.values] {
      let name = entry.batch.attributes[value.attribute].name
      let bytes = Array(entry.batch.bytes[value.range])
      if bytes.isEmpty { continue }
      if let place = attributes.firstIndex(where: { $0.name.lowercased() == name.lowercased() }) {
        attributes[place].values.append(bytes)
      } else {
        attributes.append((name, [bytes]))
      }
    }
  }

  /// Everything that an entry says, in an order that does not depend on the export.
  public var facts: [String] {
    let values = attributes.flatMap { attribute in
      attribute.values.map { "\(attribute.name.lowercased()): \(HexText.encode($0))" }
    }
    return [HexText.encode(dn)] + values.sorted()
  }

  /// Whether an attribute holds bytes that are no text.
  public static func isOctets(_ name: String) -> Bool {
    AttributeSchema.shipped[name].map { $0.syntax == .bytes } ?? false
  }
  /// Whether a value is text.
  public static func isText(_ name: String, _ value: [UInt8]) -> Bool {
    !isOctets(name) && String(validating: value, as: UTF8.self) != nil
  }
}

/// Writers of exports.
public enum ExportWriting {
  /// As csvde writes.
  public static func csvde(_ entries: [WrittenEntry]) -> [UInt8] {
    let names = columns(entries)
    var text = Array(("DN," + names.joined(separator: ",") + "\r\n").utf8)
    for entry in entries {
      text += csv(csvde(entry.dn, isOctets: false))
      for name in names {
        text.append(UInt8(ascii: ","))
        let values = entry.attributes.first { $0.name.lowercased() == name.lowercased() }?.values ?? []
        let parts = values.map { csvde($0, isOctets: WrittenEntry.isOctets(name)) }
        text += csv(Array(parts.joined(separator: [UInt8(ascii: ";")])))
      }
      text += [13, 10]
    }
    return text
  }

  private static func columns(_ entries: [WrittenEntry]) -> [String] {
    var seen: Set<String> = []
    return entries.flatMap { $0.attributes.map(\.name) }.filter { seen.insert($0.lowercased()).inserted }
  }

  private static func csvde(_ value: [UInt8], isOctets: Bool) -> [UInt8] {
    let looksLikeHex = value.starts(with: Array("X'".utf8)) || value.starts(with: Array("x'".utf8))
    guard !isOctets, !looksLikeHex, value.allSatisfy({ $0 >= 32 && $0 < 127 }) else {
      return Array("X'\(HexText.encode(value))'".utf8)
    }
    return value.flatMap { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: ";") ? [UInt8(ascii: "\\"), $0] : [$0] }
  }

  private static func csv(_ cell: [UInt8]) -> [UInt8] {
    guard cell.contains(UInt8(ascii: ",")) || cell.contains(UInt8(ascii: "\"")) else { return cell }
    let quote = UInt8(ascii: "\"")
    return [quote] + cell.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
  }

  /// As `Export-Csv` of objects whose lists were joined, in columns that were calculated.
  public static func powerShellCSV(_ entries: [WrittenEntry], separator: String = "\n") -> [UInt8] {
    let names = columns(entries).filter { $0.lowercased() != "distinguishedname" }
    func quoted(_ bytes: [UInt8]) -> [UInt8] {
      let quote = UInt8(ascii: "\"")
      return [quote] + bytes.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
    }
    var text = Array("\"DistinguishedName\"".utf8)
    for name in names { text += Array(",\"\(name)\"".utf8) }
    text += [13, 10]
    for entry in entries {
      text += quoted(entry.dn)
      for name in names {
        text.append(UInt8(ascii: ","))
        let values = entry.attributes.first { $0.name.lowercased() == name.lowercased() }?.values ?? []
        let shown = values.map { WrittenEntry.isOctets(name) ? Array(Base64Text.encode($0).utf8) : $0 }
        if !shown.isEmpty { text += quoted(Array(shown.joined(separator: Array(separator.utf8)))) }
      }
      text += [13, 10]
    }
    return text
  }

  /// Every attribute as a list, every value that is no text as a list of numbers.
  public static func json(_ entries: [WrittenEntry]) -> [UInt8] {
    let objects = entries.map { entry in
      let members = entry.attributes.map { attribute in
        let values = attribute.values.map { value in
          WrittenEntry.isText(attribute.name, value)
            ? json(String(decoding: value, as: UTF8.self)) : "[" + value.map { "\($0)" }.joined(separator: ",") + "]"
        }
        return "\(json(attribute.name)):  [\(values.joined(separator: ",\r\n"))]"
      }
      let name = "\"DistinguishedName\":  \(json(String(decoding: entry.dn, as: UTF8.self)))"
      return "{\r\n" + ([name] + members).joined(separator: ",\r\n") + "\r\n}"
    }
    return Array("[\r\n\(objects.joined(separator: ",\r\n"))\r\n]".utf8)
  }

  /// As `ConvertTo-Json` writes objects of the ActiveDirectory module: single values without a list, numbers, GUIDs, security
  /// identifiers and dates as they are shown; Windows PowerShell in UTF-16 and with dates in milliseconds.
  public static func powerShellJSON(_ entries: [WrittenEntry], isWindowsPowerShell: Bool) -> [UInt8] {
    let objects = entries.map { entry in
      let members = entry.attributes.filter { $0.name.lowercased() != "distinguishedname" }.map { attribute in
        // Only the last class is shown.
        let isClass = attribute.name.lowercased() == "objectclass"
        let values = (isClass ? attribute.values.suffix(1) : attribute.values[...]).map {
          shown(attribute.name, $0, isWindowsPowerShell)
        }
        let isList = values.count > 1 || !isClass && AttributeSchema.shipped.isMultivalued(attribute.name)
        return "\(json(attribute.name)):  " + (isList ? "[\(values.joined(separator: ", "))]" : values[0])
      }
      let name = "\"DistinguishedName\":  \(json(String(decoding: entry.dn, as: UTF8.self)))"
      return "{\r\n" + ([name] + members).joined(separator: ",\r\n") + "\r\n}"
    }
    let text = "[\r\n\(objects.joined(separator: ",\r\n"))\r\n]"
    guard isWindowsPowerShell else { return Array(text.utf8) }
    return [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  }

  private static func shown(_ name: String, _ value: [UInt8], _ isWindowsPowerShell: Bool) -> String {
    switch name.lowercased() {
    case "objectguid" where value.count == 16: return json(GUID(value)?.description ?? "")
    case "objectsid":
      guard let sid = SecurityIdentifier(value) else { break }
      return "{\"BinaryLength\":  \(value.count), \"Value\":  \(json(sid.description))}"
    case "whencreated", "whenchanged":
      let digits = String(decoding: value, as: UTF8.self)
      guard digits.hasSuffix(".0Z"), let seconds = seconds(digits) else { break }
      return isWindowsPowerShell ? "\"\\/Date(\(seconds)000)\\/\"" : json(Timestamp.text(epochSeconds: seconds))
    default: break
    }
    guard WrittenEntry.isText(name, value) else { return "[" + value.map { "\($0)" }.joined(separator: ", ") + "]" }
    let text = String(decoding: value, as: UTF8.self)
    return AttributeSchema.shipped[name]?.syntax == .integer && Int(text) != nil ? text : json(text)
  }

  /// Seconds since 1970 of `20261124020000.0Z`.
  private static func seconds(_ digits: String) -> Int? {
    let text = Array(digits)
    func number(_ range: Range<Int>) -> Int { Int(String(text[range])) ?? 0 }
    return CalendarDate("\(String(text[0..<4]))-\(String(text[4..<6]))-\(String(text[6..<8]))").map {
      $0.daysSinceEpoch * 86_400 + number(8..<10) * 3_600 + number(10..<12) * 60 + number(12..<14)
    }
  }

  private static func json(_ text: String) -> String {
    var result = "\""
    for unit in text.utf16 {
      switch unit {
      case 34: result += "\\\""
      case 92: result += "\\\\"
      case 32..<127: result.unicodeScalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: unit)))
      default:
        result += "\\u" + HexText.encode([UInt8(truncatingIfNeeded: unit >> 8), UInt8(truncatingIfNeeded: unit)])
      }
    }
    return result + "\""
  }

  /// As `Export-Clixml` writes lists and bytes.
  public static func clixml(_ entries: [WrittenEntry]) -> [UInt8] {
    var number = 0
    func next() -> Int {
      number += 1
      return number
    }
    var text = "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\r\n"
    for entry in entries {
      text += "<Obj RefId=\"\(next())\"><Props><S N=\"DistinguishedName\">"
      text += "\(xml(String(decoding: entry.dn, as: UTF8.self)))</S>\r\n"
      for attribute in entry.attributes {
        text += "<Obj N=\"\(xml(attribute.name))\" RefId=\"\(next())\"><LST>"
        for value in attribute.values {
          text +=
            WrittenEntry.isText(attribute.name, value)
            ? "<S>\(xml(String(decoding: value, as: UTF8.self)))</S>" : "<BA>\(Base64Text.encode(value))</BA>"
        }
        text += "</LST></Obj>\r\n"
      }
      text += "</Props></Obj>\r\n"
    }
    return Array((text + "</Objs>").utf8)
  }

  /// As `Export-Clixml` escapes, and what XML itself does not take.
  private static func xml(_ text: String) -> String {
    var result = ""
    let units = Array(text.utf16)
    for (index, unit) in units.enumerated() {
      let isEscape = unit == 0x5F && index + 1 < units.count && units[index + 1] | 0x20 == 0x78
      switch unit {
      case 38: result += "&amp;"
      case 60: result += "&lt;"
      case 62: result += "&gt;"
      case _ where unit < 32 || 0x7F...0x9F ~= unit || 0xD800...0xDFFF ~= unit || unit >= 0xFFFE || isEscape:
        let digits = HexText.encode(
          [UInt8(truncatingIfNeeded: unit >> 8), UInt8(truncatingIfNeeded: unit)], upperCase: true)
        result += "_x\(digits)_"
      default: result += String(decoding: [unit], as: UTF16.self)
      }
    }
    return result
  }
}
