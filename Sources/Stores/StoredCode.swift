import Findings

/// Numbers that stand for words in a store; they never change.
enum StoredCode {
  static func of(_ severity: Severity) -> Int {
    switch severity {
    case .info: 0
    case .warning: 1
    case .error: 2
    }
  }

  static func of(_ effect: Effect) -> Int {
    switch effect {
    case .blocked: 0
    case .dropped: 1
    case .altered: 2
    case .quarantined: 3
    case .degraded: 4
    case .advice: 5
    }
  }

  static func of(_ state: FindingState) -> Int {
    switch state {
    case .new: 0
    case .known: 1
    case .returned: 2
    case .gone: 3
    case .suppressed: 4
    case .expiredSuppression: 5
    }
  }

  static func severity(_ code: Int) -> Severity? { Severity.allCases.first { of($0) == code } }
  static func effect(_ code: Int) -> Effect? { Effect.allCases.first { of($0) == code } }
  static func state(_ code: Int) -> FindingState? { FindingState.allCases.first { of($0) == code } }
}
