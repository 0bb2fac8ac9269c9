import Directory
import Findings
import RuleSet
import SyncErrors

/// What the catalogue says of one error, its code among what it goes by.
public struct KnownError: Sendable {
  /// What it is, in one line.
  public var title: String
  /// What it means and what to do.
  public var explanation: ErrorExplanation
  /// What to look at on the object.
  public var looks: [SyncErrorDefinition.Look]
  /// What it means that no source has the object.
  public var ifNoObject: String?

  /// What a definition says of an error.
  public init(_ definition: SyncErrorDefinition, of error: SyncError) {
    title = definition.title
    looks = definition.looks
    ifNoObject = definition.ifNoObject
    var cause = definition.cause
    var remedy = definition.remedy
    var references = definition.references
    if let code = error.code, !definition.causes.isEmpty {
      if let known = definition.cause(of: code) {
        cause = known.cause
        remedy = known.remedy
        references += known.references.filter { !references.contains($0) }
      } else {
        cause = "The catalogue does not know the code \(code) of this error, so it cannot say the cause.\n\(cause)"
      }
    }
    explanation = ErrorExplanation(
      meaning: definition.meaning, cause: cause, remedy: remedy, alternatives: definition.alternatives,
      references: references)
  }
}

extension KnownError {
  /// What the attributes of an object say about the error, one sentence each.
  func remarks(on entry: FoundEntry, of error: SyncError) -> [String] {
    looks.compactMap { look in
      let values = entry.values(of: [look.attribute]).first?.values ?? []
      let domain = look.domainField.flatMap { error.fields[$0] }
      // Without its domain the look has nothing to compare with.
      if look.domainField != nil, domain == nil { return nil }
      let found = domain.map { domain in values.filter { Self.isAddress($0, in: domain) } } ?? values
      guard let sentence = found.isEmpty ? look.absent : look.present else { return nil }
      return Self.filled(sentence, entry, error, value: found.first)
    }
  }

  /// Names of attributes that sentences need beside those that are looked at.
  static let supplementary = ["mailnickname", "samaccountname"]

  private static func isAddress(_ value: AttributeValue, in domain: String) -> Bool {
    let text = String(decoding: value.bytes, as: UTF8.self).lowercased()
    return text.hasSuffix("@" + domain.lowercased())
  }

  /// A sentence with `{alias}`, `{value}` and the fields of the error in it.
  private static func filled(
    _ sentence: String, _ entry: FoundEntry, _ error: SyncError, value: AttributeValue?
  ) -> String {
    var text = sentence
    if text.contains("{alias}") { text = text.replacing("{alias}", with: alias(of: entry) ?? "ALIAS") }
    if let value { text = text.replacing("{value}", with: String(decoding: value.bytes, as: UTF8.self)) }
    for identifier in error.identifiers where text.contains("{\(identifier.kind.rawValue)}") {
      text = text.replacing("{\(identifier.kind.rawValue)}", with: identifier.text)
    }
    for (name, value) in error.fields where text.contains("{\(name)}") {
      text = text.replacing("{\(name)}", with: value)
    }
    return text
  }

  private static func alias(of entry: FoundEntry) -> String? {
    let values = entry.values(of: supplementary).compactMap(\.values.first)
    return values.first.map { String(decoding: $0.bytes, as: UTF8.self) }
  }
}
