import Bytes
import Directory

/// A property or column of an export: which attribute it shows and how, and how often it did.
struct ExportedProperty {
  /// How a value is written.
  enum Form {
    case text, integer, name, octets, boolean, time
    /// A part of a number, told by words.
    case words([String: Int64])

    /// Whether a text is a value as it stands.
    var isText: Bool {
      switch self {
      case .text, .name: true
      default: false
      }
    }
  }

  /// The name in the export.
  let name: String
  /// The attribute by the schema's spelling, with a `range` option where the export has one; empty for what is no attribute.
  let attribute: String
  /// How a value is written.
  let form: Form
  /// Whether the schema allows several values.
  let isMultivalued: Bool
  /// Whether each value begins with an address type and a colon.
  let isTyped: Bool
  /// Whether the attribute has another name, so that a property by the name of the attribute says it better.
  let isRenamed: Bool
  /// Whether Exchange has this property, or an attribute that it could show.
  let isKnown: Bool

  /// The attribute without options, in lower case.
  let key: String

  /// Whether an option is one that attributes have: `range=0-1499`, `binary`, `lang-de`.
  private static func isOption(_ option: String) -> Bool {
    if ConnectorSpaceRecord.isDescription(option), !option.contains("_") { return true }
    guard option.hasPrefix("range="), option.utf8.count < 40 else { return false }
    let bounds = option.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    func isNumber(_ text: Substring) -> Bool { !text.isEmpty && text.utf8.allSatisfy { $0 &- 48 < 10 } }
    return bounds.count == 2 && isNumber(bounds[0]) && (isNumber(bounds[1]) || bounds[1] == "*")
  }

  /// Words that LDIF gives another meaning right behind the name of an entry.
  private static let directives = ["dn", "changetype", "control"]

  /// What a name stands for.
  ///
  /// - Parameters:
  ///   - hasProperties: whether names may be those of PowerShell, not of the directory.
  ///   - isOfExchange: whether the object is one of Exchange.
  init(_ name: String, hasProperties: Bool, isOfExchange: Bool) {
    self.name = name
    let row = hasProperties ? ExportProperties.facts(of: name) : nil
    let facts = row.flatMap { $0.isOfExchange && !isOfExchange ? nil : $0 }
    let parts = name.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let plain = facts.map { $0.attribute ?? "" } ?? parts.first ?? ""
    let schema = AttributeSchema.shipped[plain]
    let spelled = schema?.name ?? plain
    let option = parts.count == 2 && facts == nil ? parts[1].lowercased() : nil
    let isUsable =
      ConnectorSpaceRecord.isDescription(spelled) && !Self.directives.contains(spelled.lowercased())
      && option.map(Self.isOption) ?? true
    attribute = isUsable ? spelled + (option.map { ";" + $0 } ?? "") : ""
    key = attribute.prefix { $0 != ";" }.lowercased()
    isMultivalued = schema?.isMultivalued ?? false
    isTyped = schema?.isTyped ?? false
    isRenamed = facts.map { $0.attribute?.lowercased() != name.lowercased() } ?? false
    isKnown = facts != nil || schema != nil
    let words = (facts?.numbers ?? []).map { ($0.word.lowercased(), $0.number) }
    form =
      switch (facts?.form, schema?.syntax) {
      case _ where !words.isEmpty: .words(Dictionary(words, uniquingKeysWith: { first, _ in first }))
      case (.boolean, _): .boolean
      case (.time, _): .time
      case (_, .integer): .integer
      case (_, .dn): .name
      case (_, .bytes): .octets
      default: .text
      }
  }
}
