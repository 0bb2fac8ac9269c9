/// Something that was looked at as a whole, such as the rights of an account, and what came of it.
public struct CheckResult: Sendable, Equatable {
  /// What came of it.
  public enum Status: String, Sendable, CaseIterable {
    /// Looked at, and as it should be.
    case ok
    /// Looked at, and a rule found something: that is a finding of the same source.
    case found
    /// Could not be looked at.
    case couldNotLook = "could-not-look"
  }

  /// Where it was looked at, as named on the command line.
  public var source: String
  /// Name of what is looked at; never changes.
  public var check: String
  /// What is looked at, as a title.
  public var title: String
  /// What came of it.
  public var status: Status
  /// Id of the rule that found something.
  public var rule: String?
  /// What was seen where all is well, or why it could not be looked at: one sentence without a full stop, which may contain
  /// values of the directory.
  public var summary: String
  /// What to do so that it can be looked at; empty where nobody knows.
  public var remedy: String
  /// What it is about, the first few.
  public var objects: [String]
  /// How many there are, of which `objects` are the first.
  public var objectCount: Int

  /// A result; see the properties.
  public init(
    source: String, check: String, title: String, status: Status, rule: String? = nil, summary: String = "",
    remedy: String = "", objects: [String] = [], objectCount: Int = 0
  ) {
    self.source = source
    self.check = check
    self.title = title
    self.status = status
    self.rule = rule
    self.summary = summary
    self.remedy = remedy
    self.objects = objects
    self.objectCount = objectCount
  }
}
