import Findings

/// How much the text report tells.
public struct TextDetail: Sendable, Equatable {
  /// Whether to tell certainty, objectGUID and fingerprint of each finding, to shorten less, and to show what was accepted.
  public var isVerbose = false
  /// Whether no finding is shown: verdict, counts, causes and coverage only.
  public var isSummary = false
  /// How loud a finding must be to be shown.
  public var minimum = Severity.info
  /// The most findings of one rule that are shown; nil: all.
  public var limit: Int?
  /// Whether what the last run knew is counted only.
  public var leavesOutKnown = false
  /// Reports that were written beside it: format and file.
  public var files: [String] = []

  /// Everything.
  public init() {}
}

/// Chooses what the text report shows, and knows what it does not.
struct TextSelection {
  private let detail: TextDetail
  private var shown: [String: Int] = [:]
  private var quiet: [Severity: Int] = [:]
  private var known = 0
  private var beyondLimit = 0

  init(_ detail: TextDetail) { self.detail = detail }

  /// Whether a finding is shown.
  mutating func shows(_ finding: Finding) -> Bool {
    // What somebody accepted is counted at the end.
    if detail.isSummary || finding.state == .suppressed && !detail.isVerbose { return false }
    if finding.severity < detail.minimum {
      quiet[finding.severity, default: 0] += 1
      return false
    }
    if finding.state == .known, detail.leavesOutKnown {
      known += 1
      return false
    }
    guard let limit = detail.limit else { return true }
    shown[finding.rule, default: 0] += 1
    if shown[finding.rule, default: 0] <= limit { return true }
    beyondLimit += 1
    return false
  }

  /// What is not shown, and how to see it; empty when all is.
  var remarks: [String] {
    var remarks: [String] = []
    if known > 0 {
      remarks.append("\(counted(known, "known finding", "known findings")) (--states new,known shows them)")
    }
    for (severity, count) in quiet.sorted(by: { $0.key > $1.key }) {
      let what =
        severity == .info
        ? counted(count, "finding that is information", "findings that are information")
        : "\(grouped(count)) of severity \(severity.rawValue)"
      remarks.append("\(what) (\(severity == .info ? "-v or " : "")--min-severity \(severity.rawValue) shows them)")
    }
    if beyondLimit > 0, let limit = detail.limit {
      remarks.append("\(grouped(beyondLimit)) beyond the first \(grouped(limit)) of a rule (--limit)")
    }
    return remarks
  }
}
