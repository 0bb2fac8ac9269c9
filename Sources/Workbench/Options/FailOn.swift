import Findings

/// What makes the exit status 1.
public enum FailOn: Sendable, Equatable {
  /// Findings that nobody accepted, at or above a severity.
  case severity(Severity)
  /// Findings that the last run had not, or that were accepted until a day that has passed.
  case news

  /// What a word of `--fail-on` means.
  ///
  /// - Throws: `UsageError` when it means nothing.
  public init(named name: String) throws(UsageError) {
    if name == "new" {
      self = .news
    } else if let severity = Severity(rawValue: name) {
      self = .severity(severity)
    } else {
      throw UsageError("--fail-on is one of error, warning, info, new, not '\(name)'")
    }
  }

  func isMet(by counts: FindingCounts) -> Bool {
    switch self {
    case .severity(let severity): counts.hasAny(atOrAbove: severity)
    case .news: counts.hasNews
    }
  }

  func isMet(by finding: Finding) -> Bool {
    var tally = FindingTally()
    tally.count(finding)
    return isMet(by: tally.counts)
  }
}
