import Bytes
import Directory

/// The words of IdFix's files.
enum IdFixWords {
  /// Attribute names in the spelling of the schema, by their lower case.
  static let attributes = Dictionary(
    uniqueKeysWithValues: AttributeSchema.shipped.attributes.filter(\.isOfIdFix).map { ($0.name.lowercased(), $0.name) }
  )

  /// Error names in the spelling of IdFix 2, by their lower case; the last three were dropped with 2.2.0.0.
  static let errors = [
    "format": "Format", "blank": "Blank", "duplicate": "Duplicate", "character": "Character",
    "topleveldomain": "TopLevelDomain", "domainpart": "DomainPart", "localpart": "LocalPart", "length": "Length",
    "userlength": "UserLength", "domainlength": "DomainLength", "mailmatch": "MailMatch",
  ]

  /// A text in lower case without spaces around it, for comparing with the words: header names are upper-cased in the
  /// culture of the user, so that `İ` (and `ı`) stand for `I` in Turkish.
  static func lowercased(_ text: [UInt8]) -> String {
    var result = ""
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x130, 0x131: result += "i"
      case 0x307: continue
      case 0x20, 0x09, 0x0D, 0xA0, 0xFEFF: if !result.isEmpty { result += " " }
      default: result += scalar.properties.lowercaseMapping
      }
    }
    while result.last == " " { result.removeLast() }
    return result
  }

  /// Error names of a cell, whatever their case and the spaces after commas; unknown ones as they are.
  static func errors(in text: [UInt8]) -> (names: [String], unknown: [String]) {
    var names: [String] = []
    var unknown: [String] = []
    for part in text.split(separator: UInt8(ascii: ",")) {
      let word = lowercased(Array(part))
      if word.isEmpty { continue }
      let name = errors[word] ?? String(decoding: part, as: UTF8.self).filter { $0 != " " }
      if errors[word] == nil { unknown.append(name) }
      if !names.contains(name) { names.append(name) }
    }
    return (names, unknown)
  }

  /// A text as UTF-8: UTF-16 by its mark, bytes that are not UTF-8 as windows-1252, as spreadsheets save them.
  static func decoded(_ bytes: [UInt8]) -> [UInt8] {
    var decoder = TextDecoder(repairs: true)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    decoder.decode(bytes[...], into: &text)
    decoder.finish(into: &text)
    return text
  }

  /// Whether a text begins like a DN, as each row and record does.
  static func beginsLikeDN(_ text: ArraySlice<UInt8>) -> Bool {
    let name = text.first == UInt8(ascii: "\"") ? text.dropFirst() : text
    let type = name.prefix { ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == UInt8(ascii: ".") }
    return !type.isEmpty && type.count < 32 && type.endIndex < name.endIndex
      && name[type.endIndex] == UInt8(ascii: "=")
  }
}
