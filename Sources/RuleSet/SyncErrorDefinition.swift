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

  /// One of the causes of an error, told apart by a code in its text.
  public struct Cause: Sendable {
    /// The codes that mean it, as texts write them: `1722`, `0x6ba`.
    public var codes: [String]
    /// How it comes about.
    public var cause: String
    /// What to do.
    public var remedy: String
    /// Sources of its own.
    public var references: [String]
  }

  /// An attribute of the object that tells whether an error has its usual cause.
  public struct Look: Sendable {
    /// Its name in the directory.
    public var attribute: String
    /// The field of the error whose value is the domain of the addresses that count; nil for all values.
    public var domainField: String?
    /// What to say when there is such a value.
    public var present: String?
    /// What to say when there is none.
    public var absent: String?
  }

  /// A number that counts over all errors of the kind in the material, such as a limit that several settings share.
  public struct Total: Sendable {
    /// The field with the number.
    public var field: String
    /// The most that the sum may be.
    public var limit: Int
    /// What to say when it is more; `{total}` and `{limit}` stand for the numbers.
    public var excess: String
  }

  /// What an error is about.
  public enum Subject: String, Sendable, CaseIterable {
    /// An object of the directory.
    case object
    /// A server or a connection: what looks like an identifier in running text names no object.
    case server
    /// An organisation: nothing in it names an object.
    case organization
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
  /// Whether the value that it names is refused for what it is, so that no other object need hold it.
  public var refusesValue: Bool
  /// What the error says, for an administrator.
  public var meaning: String
  /// How it comes about.
  public var cause: String
  /// What to do.
  public var remedy: String
  /// Texts in which the code stands that tells the causes apart, each with one hole for the code.
  public var codes: [SyncErrorTemplate]
  /// The causes by their codes.
  public var causes: [Cause]
  /// What the error is about.
  public var subject: Subject
  /// What to look at on the object.
  public var looks: [Look]
  /// A sum over all errors of the kind.
  public var total: Total?
  /// What it means that no source has the object that the error names.
  public var ifNoObject: String?
  /// What else it can mean, when the object looks right.
  public var alternatives: [String]
  /// Sources.
  public var references: [String]
  /// The tests of the definition.
  public var examples: [Example]
  /// Where it is defined.
  public var location: SourceLocation
}

extension SyncErrorDefinition {
  /// The cause that a code means; nil when it is not listed.
  public func cause(of code: String) -> Cause? {
    let wanted = Self.comparable(code)
    return causes.first { $0.codes.contains { Self.comparable($0) == wanted } }
  }

  /// A code without what writers differ in: case, and the `0x` of results of eight digits.
  static func comparable(_ code: String) -> String {
    let folded = code.lowercased()
    return folded.hasPrefix("0x") && folded.utf8.count == 10 ? String(folded.dropFirst(2)) : folded
  }
}
