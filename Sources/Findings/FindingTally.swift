/// How many findings a run had of each kind; `counts` is what people are shown of it.
///
/// Counting a finding of a run's rule costs one look into a list, and for errors and warnings the number of its object.
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

    fileprivate init(_ head: RuleSummary, _ state: FindingState?) {
      self.init(rule: head.id, severity: head.severity, effect: head.effect, state: state)
    }
  }

  private static let states: [FindingState?] = FindingState.allCases + [nil]

  /// Rules of the run by their numbers; nil before the first finding.
  private var heads: [RuleSummary?] = []
  /// By number of the rule and, within it, by state.
  private var numbersByRule: [Int] = []
  /// Findings that do not know the number of their rule.
  private var others: [Kind: Int] = [:]
  private var harm = HarmTally()

  /// No findings.
  public init() {}

  /// Counts one finding.
  public mutating func count(_ finding: Finding) {
    harm.count(finding)
    let number = finding.ruleNumber
    guard number >= 0 else {
      others[Kind(finding.head, finding.state), default: 0] += 1
      return
    }
    while heads.count <= number {
      heads.append(nil)
      numbersByRule.append(contentsOf: repeatElement(0, count: Self.states.count))
    }
    if heads[number] == nil { heads[number] = finding.head }
    let place = finding.state?.place ?? Self.states.count - 1
    numbersByRule[number * Self.states.count + place] += 1
  }

  /// The number of findings of each kind of which there are any.
  public var numbers: [Kind: Int] {
    var numbers = others
    for (number, head) in heads.enumerated() {
      guard let head else { continue }
      for (place, state) in Self.states.enumerated() {
        let count = numbersByRule[number * Self.states.count + place]
        if count > 0 { numbers[Kind(head, state), default: 0] += count }
      }
    }
    return numbers
  }

  /// The counts that people are shown.
  public var counts: FindingCounts {
    var counts = FindingCounts()
    for (kind, number) in numbers { counts.count(kind, number: number) }
    counts.harm = harm.result
    return counts
  }
}

extension FindingState {
  /// Its place in `allCases`; not a number that is kept anywhere.
  package var place: Int {
    switch self {
    case .new: 0
    case .known: 1
    case .returned: 2
    case .gone: 3
    case .suppressed: 4
    case .expiredSuppression: 5
    }
  }
}
