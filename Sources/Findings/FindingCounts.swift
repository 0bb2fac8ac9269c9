/// Counts of findings as people are shown them, for summaries and the exit status; `FindingTally` makes them.
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
  public private(set) var openBySeverity: [Severity: Int] = [:]
  /// What synchronization would do; nil where only numbers of findings are known, as of earlier runs.
  public var harm: Harm?

  /// No findings.
  public init() {}

  /// The numbers as a report has them; see the properties.
  public init(
    total: Int, bySeverity: [Severity: Int], byEffect: [Effect: Int], byRule: [String: Int],
    byState: [FindingState: Int], openBySeverity: [Severity: Int], harm: Harm?
  ) {
    self.total = total
    self.bySeverity = bySeverity
    self.byEffect = byEffect
    self.byRule = byRule
    self.byState = byState
    self.openBySeverity = openBySeverity
    self.harm = harm
  }

  /// Counts a number of findings of one kind.
  public mutating func count(_ kind: FindingTally.Kind, number: Int) {
    if let state = kind.state { byState[state, default: 0] += number }
    guard kind.state != .gone else { return }
    total += number
    bySeverity[kind.severity, default: 0] += number
    byEffect[kind.effect, default: 0] += number
    byRule[kind.rule, default: 0] += number
    if kind.state != .suppressed { openBySeverity[kind.severity, default: 0] += number }
  }

  /// Number of findings at or above a severity that nobody accepted.
  public func open(atOrAbove severity: Severity) -> Int {
    openBySeverity.reduce(0) { $1.key >= severity ? $0 + $1.value : $0 }
  }

  /// Whether there is a finding at or above a severity that nobody accepted.
  public func hasAny(atOrAbove severity: Severity) -> Bool {
    open(atOrAbove: severity) > 0
  }

  /// Whether there is a finding that asks for attention: new, returned, or accepted until a day that has passed.
  public var hasNews: Bool { [.new, .returned, .expiredSuppression].contains { (byState[$0] ?? 0) > 0 } }
}
