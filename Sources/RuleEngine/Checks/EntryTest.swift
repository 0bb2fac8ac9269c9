import RuleSet

/// A compiled check of the entry as a whole, of whatever kind.
enum EntryTest: BitwiseCopyable, Sendable {
  case present(PresentTest)
  case absent
  case count(CountTest)

  /// Whether an entry can fail for what it does not have.
  var findsAbsence: Bool {
    switch self {
    case .present: true
    case .absent: false
    case .count(let test): test.limits.minimum > 0
    }
  }

  /// Compiles a check; nil for checks of values and for those that compare.
  static func compile(_ check: any CheckKind, _ draft: inout CheckDraft) -> EntryTest? {
    switch check {
    case is PresentCheck: .present(PresentTest())
    case is AbsentCheck: .absent
    case let check as CountCheck: .count(check.test(&draft))
    default: nil
    }
  }
}
