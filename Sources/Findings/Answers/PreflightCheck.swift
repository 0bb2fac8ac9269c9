/// What became of a check.
public enum CheckStatus: String, Sendable, CaseIterable {
  /// Looked at, and as it should be.
  case ok
  /// Looked at; nothing is broken, but there is something to know.
  case advice
  /// Looked at, and synchronization will meet a problem.
  case problem
  /// Could not be looked at.
  case couldNotLook = "could-not-look"

  /// The status as the table shows it.
  public var words: String { self == .couldNotLook ? "could not look" : rawValue }
}

/// One line of the table.
public struct PreflightCheck: Sendable, Equatable {
  /// Name of the check; never changes.
  public var id: String
  /// What is looked at.
  public var title: String
  /// What became of it.
  public var status: CheckStatus
  /// What was found, in one sentence without a full stop; may contain values of the directory.
  public var summary: String
  /// Why that matters; empty where all is well.
  public var reason = ""
  /// What to do; empty where there is nothing to do.
  public var remedy = ""
  /// Addresses of pages that say so.
  public var references: [String] = []
  /// Distinguished names or other names that the check is about; the first of them where there are many.
  public var objects: [String] = []
  /// How many there are, of which `objects` are the first.
  public var objectCount = 0

  /// Most objects that are named.
  public static let namedObjects = 20

  /// A check; see the properties.
  public init(_ id: String, _ title: String, _ status: CheckStatus, _ summary: String) {
    self.id = id
    self.title = title
    self.status = status
    self.summary = summary
  }
}

/// The checks of one directory.
public struct PreflightTable: Sendable, Equatable {
  /// The directory as it was named.
  public var source: String
  /// The checks, in the order of the table.
  public var checks: [PreflightCheck]

  /// A table; see the properties.
  public init(source: String, checks: [PreflightCheck]) {
    self.source = source
    self.checks = checks
  }
}
