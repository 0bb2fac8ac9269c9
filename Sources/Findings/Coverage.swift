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
  /// Whether the run was interrupted before the end of its sources.
  public var isInterrupted = false

  /// Coverage of nothing.
  public init() {}

  /// Whether everything was read: only then may a directory be called clean.
  public var isComplete: Bool { recordsLost == 0 && gaps.isEmpty && !isInterrupted }

  /// A number of entries and why.
  public struct ReasonCount: Sendable, Equatable {
    /// Why, as a few words.
    public var reason: String
    /// How many entries.
    public var count: Int
    /// A count for a reason.
    public init(reason: String, count: Int) {
      self.reason = reason
      self.count = count
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

/// A problem with the text of a source, ready to be shown as `path:line:column: error: message`.
public struct Problem: Sendable, Equatable {
  /// Where the fault is.
  public var location: SourceLocation
  /// What is wrong, without a full stop; may contain parts of the input as they are.
  public var message: String
  /// A problem at a location.
  public init(location: SourceLocation, message: String) {
    self.location = location
    self.message = message
  }
}

/// Counts of findings, for summaries and the exit status.
public struct FindingCounts: Sendable, Equatable {
  /// All findings of the run; those that are gone are none.
  public private(set) var total = 0
  /// Findings by severity; severities without any are absent.
  public private(set) var bySeverity: [Severity: Int] = [:]
  /// Findings by effect; effects without any are absent.
  public private(set) var byEffect: [Effect: Int] = [:]
  /// Findings by id of the rule.
  public private(set) var byRule: [String: Int] = [:]
  /// Findings by what they are compared with earlier runs, those that are gone as well; empty in a run without memory.
  public private(set) var byState: [FindingState: Int] = [:]
  /// Findings that nobody accepted, by severity.
  private var openBySeverity: [Severity: Int] = [:]

  /// No findings.
  public init() {}

  /// Counts one finding.
  public mutating func count(_ finding: Finding) {
    count(
      rule: finding.rule, severity: finding.severity, effect: finding.effect, state: finding.state, number: 1)
  }

  /// Counts a number of findings of one kind.
  public mutating func count(rule: String, severity: Severity, effect: Effect, state: FindingState?, number: Int) {
    if let state { byState[state, default: 0] += number }
    guard state != .gone else { return }
    total += number
    bySeverity[severity, default: 0] += number
    byEffect[effect, default: 0] += number
    byRule[rule, default: 0] += number
    if state != .suppressed { openBySeverity[severity, default: 0] += number }
  }

  /// Whether there is a finding at or above a severity that nobody accepted.
  public func hasAny(atOrAbove severity: Severity) -> Bool {
    openBySeverity.contains { $0.key >= severity && $0.value > 0 }
  }

  /// Whether there is a finding that asks for attention: new, returned, or accepted until a day that has passed.
  public var hasNews: Bool { [.new, .returned, .expiredSuppression].contains { (byState[$0] ?? 0) > 0 } }
}

/// A consumer of findings: a report, a store, a plan.
///
/// Calls come in this order: `begin` once, `receive` for each finding in input order of the entries (an entry's findings
/// are adjacent; a duplicate stands with its first holder), `finish` once, also after an interruption.
public protocol FindingSink {
  /// Starts a report.
  mutating func begin(_ run: RunDescription) throws
  /// Takes one finding.
  mutating func receive(_ finding: Finding) throws
  /// Takes one finding as a run without memory hands it on: the same as the finding that it stands for, which is what sinks
  /// get that write no bytes of their own.
  mutating func receive(packed finding: PackedFinding) throws
  /// Ends the report with what was read and what was found.
  mutating func finish(coverage: Coverage, counts: FindingCounts) throws
}

extension FindingSink {
  /// Takes the finding that the packed one stands for.
  public mutating func receive(packed finding: PackedFinding) throws { try receive(finding.unpacked) }
}
