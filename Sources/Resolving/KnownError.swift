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
  /// Whether the value that it names is refused for what it is, so that the rules can tell what is wrong with it.
  public var refusesValue: Bool
  /// What to look at on the object.
  public var looks: [SyncErrorDefinition.Look]
  /// A number that counts over all errors of the kind.
  public var total: SyncErrorDefinition.Total?
  /// What it means that no source has the object.
  public var ifNoObject: String?

  /// What a definition says of an error.
  public init(_ definition: SyncErrorDefinition, of error: SyncError) {
    title = definition.title
    refusesValue = definition.refusesValue
    looks = definition.looks
    total = definition.total
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

  /// What the sum over all errors of the kind says; nil when it is within its limit.
  func excess(over errors: [SyncError]) -> String? {
    guard let total else { return nil }
    let sum = errors.reduce(0) { sum, error in
      let (product, isTooMuch) = (Int(error.fields[total.field] ?? "") ?? 0).multipliedReportingOverflow(
        by: error.count)
      return isTooMuch ? Int.max : sum.addingReportingOverflow(product).overflow ? Int.max : sum + product
    }
    guard sum > total.limit else { return nil }
    return total.excess.replacing("{total}", with: String(sum)).replacing("{limit}", with: String(total.limit))
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
