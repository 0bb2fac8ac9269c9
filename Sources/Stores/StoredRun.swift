import Findings

/// What became of a run.
public enum RunStatus: Int, Sendable, CaseIterable {
  /// Everything was read.
  case complete = 0
  /// Something was not read: findings it did not see are not gone.
  case partial = 1
  /// The export was not to be trusted: nothing was compared.
  case refused = 2

  /// The word for it in reports.
  public var name: String {
    switch self {
    case .complete: "complete"
    case .partial: "partial"
    case .refused: "refused"
    }
  }
}

/// What is known of a run when it begins.
public struct RunHead: Sendable {
  /// When it began, in seconds since 1970.
  public var startedAt: Int
  /// Version of the program.
  public var version: String
  /// Name of the rule set.
  public var ruleSet: String
  /// The sources as named on the command line.
  public var sources: [String]
  /// The options that choose entries, in a form in which equal choices are equal.
  public var selection: String
  /// When the newest of the source files was written, in seconds since 1970; nil where the sources are no files.
  public var sourceTime: Int?

  /// A head; see the properties.
  public init(
    startedAt: Int, version: String, ruleSet: String, sources: [String], selection: String, sourceTime: Int? = nil
  ) {
    self.startedAt = startedAt
    self.version = version
    self.ruleSet = ruleSet
    self.sources = sources
    self.selection = selection
    self.sourceTime = sourceTime
  }
}

/// A run of the store.
public struct StoredRun: Sendable {
  /// Its number: counted from 1, never used again.
  public var number: Int
  /// What was known when it began.
  public var head: RunHead
  /// When it ended, in seconds since 1970.
  public var finishedAt: Int
  /// What became of it.
  public var status: RunStatus
  /// The newest whenChanged in the export, in seconds since 1970, where it has that attribute.
  public var newestChange: Int?
  /// What it read.
  public var coverage: Coverage
  /// What it found; with states.
  public var counts: FindingCounts

  /// A run; see the properties.
  public init(
    number: Int, head: RunHead, finishedAt: Int, status: RunStatus, newestChange: Int?, coverage: Coverage,
    counts: FindingCounts
  ) {
    self.number = number
    self.head = head
    self.finishedAt = finishedAt
    self.status = status
    self.newestChange = newestChange
    self.coverage = coverage
    self.counts = counts
  }
}

/// A finding of the store, as the last run that had it saw it.
public struct StoredFinding: Sendable {
  /// The finding as JSON of the shape in `Docs/findings.schema.json`, without lines and state.
  public var json: [UInt8]
  /// Its fingerprint.
  public var fingerprint: String
  /// What it was in the run that was asked for.
  public var state: FindingState
  /// When the run began that found it first, in seconds since 1970.
  public var firstSeen: Int
}

/// The life of a finding: the runs from which and up to which it was there.
public struct FindingLife: Sendable {
  /// Runs in which a finding was there without a gap.
  public struct Interval: Sendable, Equatable {
    /// The first run that had it.
    public var from: Int
    /// The first run that had it no more; nil: the last complete run had it.
    public var until: Int?
    /// Whether it ended because runs did not judge by its rule any more.
    public var endedUnjudged: Bool

    /// An interval; see the properties.
    public init(from: Int, until: Int?, endedUnjudged: Bool) {
      self.from = from
      self.until = until
      self.endedUnjudged = endedUnjudged
    }
  }

  /// The finding; its state is what it is now.
  public var finding: StoredFinding
  /// The intervals, oldest first; at least one.
  public var intervals: [Interval]
}
