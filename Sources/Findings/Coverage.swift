import Directory

/// What was read and judged, and what was not: part of every result.
public struct Coverage: Sendable, Equatable {
  /// Entries read, whether judged or not.
  public var entriesRead = 0
  /// Entries in the sources as far as known: those read and the records that could not be read.
  public var entriesInSource: Int { entriesRead + recordsLost }
  /// Entries that the rules judged.
  public var entriesJudged: Int { entriesRead - outOfScope.reduce(0) { $0 + $1.count } }
  /// Records that could not be read.
  public var recordsLost = 0
  /// Change records that are not entries, which are not linted.
  public var changeRecords = 0
  /// Entries that synchronization would not take, by reason, most first.
  public var outOfScope: [ReasonCount] = []
  /// Attributes that selected rules need and that no entry has, with the rules that could not judge. A remark, not a gap:
  /// an export cannot tell an attribute that was not asked for from one that nobody has.
  public var attributesNeverSeen: [UnseenAttribute] = []
  /// Attributes that the directory cannot have, since its schema does not know them, with the rules that have nothing to judge
  /// without them.
  public var attributesNotApplicable: [UnseenAttribute] = []
  /// Number of the rules of the run.
  public var rules = 0
  /// Ids of the rules that could not judge, because what they look at was seen in no entry.
  public var rulesWithoutValues: Set<String> { Set((attributesNeverSeen + attributesNotApplicable).flatMap(\.rules)) }
  /// What was looked at as a whole, in order: the table of `doctor`; empty where entries are judged.
  public var checks: [CheckResult] = []
  /// What was read only in part and why, one sentence each; any of these makes a run incomplete.
  public var gaps: [String] = []
  /// What else is worth knowing and makes nothing incomplete, such as suppressions of no use; one sentence each.
  public var remarks: [String] = []
  /// The day of the list of top-level domains that rules judged by, such as `2026-10-23`; nil when none needed it.
  public var topLevelDomains: String?
  /// Number of entries in scope that have an attribute, by its name, of the attributes that rules look at. Not part of
  /// reports: a store compares it with earlier runs.
  public var attributeCounts: [String: Int] = [:]
  /// The newest whenChanged of the entries, in seconds since 1970, where a run looked for it. Not part of reports either.
  public var newestChange: Int?
  /// When the newest of the sources was written, in seconds since 1970, where one is a file. No part of reports, too.
  public var writtenAt: Int?
  /// Whether the run was interrupted before the end of its sources.
  public var isInterrupted = false

  /// Coverage of nothing.
  public init() {}

  /// Whether everything was read: only then may a directory be called clean.
  public var isComplete: Bool { recordsLost == 0 && gaps.isEmpty && !isInterrupted }

  /// Why not everything was read, each in a few words; empty when it was.
  public var reasonsForGaps: [String] {
    let lost = recordsLost == 0 ? [] : ["\(recordsLost) \(recordsLost == 1 ? "record" : "records") could not be read"]
    return lost + gaps
  }

  /// How many entries are named for a reason; the others are counted only.
  public static let namesKept = 1000

  /// A number of entries and why.
  public struct ReasonCount: Sendable, Equatable {
    /// Why, as a few words.
    public var reason: String
    /// How many entries.
    public var count: Int
    /// The distinguished names of these entries where the scope of the rule set leaves them out, in input order: of the
    /// first `namesKept`. Empty for other reasons.
    public var names: [AttributeValue]
    /// A count for a reason.
    public init(reason: String, count: Int, names: [AttributeValue] = []) {
      self.reason = reason
      self.count = count
      self.names = names
    }
  }

  /// An attribute seen in no entry, and the rules that needed it.
  public struct UnseenAttribute: Sendable, Equatable {
    /// Name of the attribute.
    public var attribute: String
    /// Ids of the rules that needed it.
    public var rules: [String]
    /// An attribute and the ids of the rules that needed it.
    public init(attribute: String, rules: [String]) {
      self.attribute = attribute
      self.rules = rules
    }
  }
}
