import Directory
import RuleSet

/// Tests the definitions of a catalogue with their own examples.
public struct SyncErrorExamples {
  /// An example that does not hold.
  public struct Failure: Sendable, Hashable {
    /// Where the example stands.
    public var location: SourceLocation
    /// What is wrong, in one sentence without a full stop.
    public var message: String
  }

  private let reader: SyncErrorReader

  /// Tests with all definitions of the catalogue, so that an example also shows that no other definition takes it.
  public init(_ catalogue: SyncErrorCatalogue) { reader = SyncErrorReader(catalogue) }

  /// What does not hold of a definition's examples.
  public func failures(of definition: SyncErrorDefinition) -> [Failure] {
    definition.examples.flatMap { example -> [Failure] in
      guard let error = reader.error(in: example.text, location: example.location) else {
        return [Failure(location: example.location, message: "no error is read from the example")]
      }
      if error.id != definition.id {
        return [Failure(location: example.location, message: "the example is read as `\(error.id)`")]
      }
      return example.fields.compactMap { name, expected in
        let found = Self.values(of: name, in: error)
        if found.contains(expected) { return nil }
        let shown = found.isEmpty ? "nothing" : found.map { "`\($0)`" }.joined(separator: ", ")
        return Failure(location: example.location, message: "`\(name)` is \(shown), not `\(expected)`")
      }
    }
  }

  /// The values of a field by its name in examples: a property of the error, a kind of identifier, or a field of its own.
  static func values(of name: String, in error: SyncError) -> [String] {
    let own: [String?]? =
      switch name {
      case "type": [error.type]
      case "source": [error.source]
      case "event": [error.eventID.map(String.init)]
      case "tracking-id": [error.trackingID]
      case "first": [error.first]
      case "last": [error.last]
      case "count": [String(error.count)]
      case "connector": [error.connector]
      case "run-profile": [error.runProfile]
      case "attributes": [error.attributes.joined(separator: ", ")]
      case "conflict": error.conflicts.map { "\($0.attribute) \($0.value)" }
      case "message": [error.message]
      default: nil
      }
    if let own { return own.compactMap { $0 } }
    if let kind = MentionedIdentifier.Kind(rawValue: name) {
      return error.identifiers.filter { $0.kind == kind }.map(\.text)
    }
    return error.fields[name].map { [$0] } ?? []
  }
}
