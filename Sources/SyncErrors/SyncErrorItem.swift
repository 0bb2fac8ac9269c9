import Directory

/// What a reader of error material hands on.
public enum SyncErrorItem: Sendable {
  /// An error.
  case error(SyncError)
  /// Something that could not be read; reading goes on after it.
  case problem(SyncErrorProblem)
}

/// What was read of an input, in numbers.
public struct SyncErrorSummary: Sendable, Hashable {
  /// Errors handed on.
  public var errors = 0
  /// Problems handed on.
  public var problems = 0
  /// Records that are about synchronization and say that all is well, left out.
  public var information = 0
  /// Records that are not about synchronization, left out.
  public var unrelated = 0
  /// What was read as something and told of no error, the first of it.
  public var setAside: [SetAside] = []
  /// Parts that were read as something first, and told of their errors only when they were read as text.
  var rereads = 0
  /// Lines that do nothing but name an object, the first of them.
  var names: [NamedObject] = []

  /// A part of the material that tells of no error.
  public struct SetAside: Sendable, Hashable {
    /// Where it begins.
    public var location: SourceLocation
    /// What it is, as a noun: `a list of properties`.
    public var what: String
  }

  /// Nothing yet.
  public init() {}

  /// Adds the numbers of another input.
  public mutating func add(_ other: SyncErrorSummary) {
    errors += other.errors
    problems += other.problems
    information += other.information
    unrelated += other.unrelated
    rereads += other.rereads
    names += other.names.prefix(max(0, Self.maximumNames - names.count))
    setAside += other.setAside.prefix(max(0, Self.maximumSetAside - setAside.count))
  }

  /// So many parts that were set aside are kept.
  static let maximumSetAside = 8
  /// So many lines that name an object are kept; of more nobody could say whose they are.
  static let maximumNames = 64
}

/// An object that the material names by itself, beside an error.
struct NamedObject: Sendable, Hashable {
  /// The line on which it stands.
  var line: Int
  /// What it is named by.
  var identifiers: [MentionedIdentifier]
}
