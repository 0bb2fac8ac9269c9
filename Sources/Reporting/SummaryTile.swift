import Findings

/// One of the numbers that a report for people begins with.
struct SummaryTile {
  /// The number, in words.
  var count: String
  /// What it counts.
  var label: String
  /// What else is to be known about it.
  var hint: String
  /// What it is about.
  var kind: Kind

  /// What a number is about.
  enum Kind: Equatable {
    /// The share of objects without an error or a warning.
    case clean
    /// Findings of a severity that nobody accepted.
    case findings(Severity)
    /// Objects that were judged.
    case objects
  }

  /// The numbers of a run.
  static func all(_ run: RunDescription, _ coverage: Coverage, _ counts: FindingCounts) -> [SummaryTile] {
    var tiles: [SummaryTile] = []
    if let harm = counts.harm, let share = Headline.cleanShare(harm, of: coverage.entriesJudged) {
      tiles.append(SummaryTile(count: share, label: "Clean objects", hint: cleanHint(run), kind: .clean))
    }
    for severity in Severity.allCases.reversed() {
      let open = counts.openBySeverity[severity] ?? 0
      let accepted = (counts.bySeverity[severity] ?? 0) - open
      let hint = accepted > 0 ? "and \(grouped(accepted)) accepted" : severity.meaning
      tiles.append(
        SummaryTile(count: grouped(open), label: severity.label, hint: hint, kind: .findings(severity)))
    }
    let objects = "of \(grouped(coverage.entriesInSource)) in the source"
    tiles.append(
      SummaryTile(count: grouped(coverage.entriesJudged), label: "Objects judged", hint: objects, kind: .objects))
    return tiles
  }

  /// The share of the last run that knew it.
  private static func cleanHint(_ run: RunDescription) -> String {
    for point in run.trend.reversed() where point.isComplete {
      guard let objects = point.objects else { continue }
      var harm = Harm()
      harm.objects = objects.harmed
      if let share = Headline.cleanShare(harm, of: objects.judged) {
        return "\(share) on \(TerminalText.escape(String(point.finishedAt.prefix(10))))"
      }
    }
    return "without an error or a warning"
  }
}

extension Severity {
  /// Its findings as a title.
  fileprivate var label: String {
    switch self {
    case .error: "Errors"
    case .warning: "Warnings"
    case .info: "Information"
    }
  }

  fileprivate var meaning: String {
    switch self {
    case .error: "something breaks or is lost"
    case .warning: "something may go wrong"
    case .info: "worth knowing"
    }
  }
}
