/// What a run was: the head of every report.
public struct RunDescription: Sendable, Equatable {
  /// Version of the program.
  public var version: String
  /// Name of the rule set.
  public var ruleSet: String
  /// The sources as named on the command line.
  public var sources: [String]
  /// When the run began, ISO 8601 in UTC (`2026-11-24T02:00:00Z`); empty where a report must not depend on the time.
  public var startedAt: String
  /// The rules of the run, for reports that explain their findings.
  public var rules: [RuleSummary]
  /// Earlier runs over the same directory, oldest first; empty without a store.
  public var trend: [TrendPoint]
  /// Whether findings are compared with earlier runs or suppressions, so that they have a state.
  public var hasStates = false

  /// A run; see the properties.
  public init(
    version: String, ruleSet: String, sources: [String], startedAt: String = "", rules: [RuleSummary] = [],
    trend: [TrendPoint] = []
  ) {
    self.version = version
    self.ruleSet = ruleSet
    self.sources = sources
    self.startedAt = startedAt
    self.rules = rules
    self.trend = trend
  }
}

/// What a reader of a report may want to know of a rule.
public struct RuleSummary: Sendable, Equatable {
  /// Id of the rule.
  public var id: String
  /// What is wrong, as a title.
  public var title: String
  /// How loud it is in this run.
  public var severity: Severity
  /// What happens in synchronization.
  public var effect: Effect
  /// How well that is known.
  public var certainty: Certainty
  /// Names of the attributes it judges.
  public var attributes: [String]
  /// What happens and what to do, for people.
  public var explanation: String
  /// Addresses of pages that say so.
  public var references: [String]
  /// How its messages are made; empty when that is not known.
  public var message: [MessagePiece]

  /// A summary; see the properties.
  public init(
    id: String, title: String, severity: Severity, effect: Effect, certainty: Certainty, attributes: [String],
    explanation: String, references: [String], message: [MessagePiece] = []
  ) {
    self.id = id
    self.title = title
    self.severity = severity
    self.effect = effect
    self.certainty = certainty
    self.attributes = attributes
    self.explanation = explanation
    self.references = references
    self.message = message
  }
}

/// A piece of the messages of a rule.
public enum MessagePiece: Sendable, Equatable {
  /// WideBytes that are the same in every message.
  case text(String)
  /// The name of what stands here in a message, as in rule files: `value`, `characters`, `count` …
  case placeholder(String)
}

/// What an earlier run came to.
public struct TrendPoint: Sendable, Equatable {
  /// Number of the run in its store.
  public var run: Int
  /// When it ended, ISO 8601 in UTC.
  public var finishedAt: String
  /// Whether everything was read.
  public var isComplete: Bool
  /// How many findings there were.
  public var counts: FindingCounts

  /// A point; see the properties.
  public init(run: Int, finishedAt: String, isComplete: Bool, counts: FindingCounts) {
    self.run = run
    self.finishedAt = finishedAt
    self.isComplete = isComplete
    self.counts = counts
  }
}
