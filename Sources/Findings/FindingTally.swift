/// How many findings a run had of each kind: what `FindingCounts`, which people are shown, is made of.
///
/// Counting a finding of a run's rule costs one look into a list.
public struct FindingTally: Sendable {
  /// What is counted apart.
  public struct Kind: Hashable, Sendable {
    /// Id of the rule.
    public var rule: String
    /// How loud the findings are.
    public var severity: Severity
    /// What happens in synchronization.
    public var effect: Effect
    /// What they are compared with earlier runs; nil in a run without memory.
    public var state: FindingState?

    /// A kind; see the properties.
    public init(rule: String, severity: Severity, effect: Effect, state: FindingState?) {
      self.rule = rule
      self.severity = severity
      self.effect = effect
      self.state = state
    }
  }

  /// Rules of the run by their numbers, with the counts of each state; the last is that of no state.
  private var byNumber: [(kind: Kind?, counts: [Int])] = []
  /// Findings that do not know the number of their rule.
  private var others: [Kind: Int] = [:]

  /// No findings.
  public init() {}

  /// Counts one finding.
  public mutating func count(_ finding: PackedFinding) {
    let number = finding.ruleNumber
    guard number >= 0 else {
      others[Self.kind(of: finding), default: 0] += 1
      return
    }
    while byNumber.count <= number {
      byNumber.append((nil, Array(repeating: 0, count: FindingState.allCases.count + 1)))
    }
    if byNumber[number].kind == nil { byNumber[number].kind = Self.kind(of: finding) }
    byNumber[number].counts[Self.place(of: finding.state)] += 1
  }

  private static func kind(of finding: PackedFinding) -> Kind {
    Kind(rule: finding.rule, severity: finding.severity, effect: finding.effect, state: finding.state)
  }

  /// The place of a state in `counts`, in memory only: the numbers that a store keeps are fixed and its own.
  private static func place(of state: FindingState?) -> Int {
    switch state {
    case .new: 0
    case .known: 1
    case .returned: 2
    case .gone: 3
    case .suppressed: 4
    case .expiredSuppression: 5
    case nil: 6
    }
  }

  /// The number of findings of each kind of which there are any.
  public var numbers: [Kind: Int] {
    var numbers = others
    for case (kind: var kind?, counts: let counts) in byNumber {
      for state in FindingState.allCases as [FindingState?] + [nil] {
        kind.state = state
        let number = counts[Self.place(of: state)]
        if number > 0 { numbers[kind, default: 0] += number }
      }
    }
    return numbers
  }

  /// The counts that people are shown.
  public var counts: FindingCounts {
    var counts = FindingCounts()
    for (kind, number) in numbers {
      counts.count(rule: kind.rule, severity: kind.severity, effect: kind.effect, state: kind.state, number: number)
    }
    return counts
  }
}
