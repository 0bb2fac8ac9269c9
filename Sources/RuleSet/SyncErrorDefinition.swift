import Directory
import Findings

/// A known error of synchronization: how it is recognised, what it means and what to do.
public struct SyncErrorDefinition: Sendable {
  /// An event of the Windows event log by which an error is known.
  public struct Event: Sendable, Hashable {
    /// The provider; nil for any.
    public var source: String?
    /// The id without its qualifiers.
    public var id: Int
  }

  /// An example: error text, and what is to be read from it.
  public struct Example: Sendable {
    /// The text, as pasted.
    public var text: String
    /// Fields by name with the values that they must have.
    public var fields: [(name: String, value: String)]
    /// Where the example stands.
    public var location: SourceLocation
  }

  /// The id, which is also the name of the file; it never changes.
  public var id: String
  /// What it is, in one line.
  public var title: String
  /// How bad it is: `info` says that all is well, and is only of interest to those who ask.
  public var severity: Severity
  /// How sure it is that the texts are the ones that are written.
  public var certainty: Certainty
  /// Names by which the engine or the service calls the error, in any case: `AttributeValueMustBeUnique`, `8344`.
  public var types: [String]
  /// Events that have no other meaning.
  public var events: [Event]
  /// The texts of the error.
  public var templates: [SyncErrorTemplate]
  /// Whether it is meant only when no other definition is: its texts stand around those of others.
  public var isFallback: Bool
  /// What the error says, for an administrator.
  public var meaning: String
  /// How it comes about.
  public var cause: String
  /// What to do.
  public var remedy: String
  /// What else it can mean, when the object looks right.
  public var alternatives: [String]
  /// Sources.
  public var references: [String]
  /// The tests of the definition.
  public var examples: [Example]
  /// Where it is defined.
  public var location: SourceLocation
}
