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
  /// What was typed to make it; empty where nobody knows.
  public var options: [String] = []
  /// The day of the list of top-level domains that its rules judge by; nil when none needs it.
  public var topLevelDomains: String?
  /// When the newest of its sources was written, ISO 8601 in UTC; nil where none is a file.
  public var sourcesWrittenAt: String?
  /// What its reports are called; nil: as every report.
  public var title: String?
  /// What many findings have in common, the greatest first; empty where that is not known before the findings are.
  public var causes: [Cause] = []

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

/// What an earlier run came to.
public struct TrendPoint: Sendable {
  /// Number of the run in its store.
  public var run: Int
  /// When it ended, ISO 8601 in UTC.
  public var finishedAt: String
  /// Whether everything was read.
  public var isComplete: Bool
  /// How many findings there were.
  public var counts: FindingCounts
  /// How many objects were judged, and how many of them had an error or a warning; nil where that was not recorded.
  public var objects: (judged: Int, harmed: Int)?

  /// A point; see the properties.
  public init(run: Int, finishedAt: String, isComplete: Bool, counts: FindingCounts) {
    self.run = run
    self.finishedAt = finishedAt
    self.isComplete = isComplete
    self.counts = counts
  }
}

extension TrendPoint: Equatable {
  /// Whether two say the same.
  public static func == (left: TrendPoint, right: TrendPoint) -> Bool {
    left.run == right.run && left.finishedAt == right.finishedAt && left.isComplete == right.isComplete
      && left.counts == right.counts && left.objects?.judged == right.objects?.judged
      && left.objects?.harmed == right.objects?.harmed
  }
}
