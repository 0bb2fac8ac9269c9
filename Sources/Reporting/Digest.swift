import Findings

/// What is said of a run where there is little room: in a mail, in a chat.
struct Digest {
  /// The most findings that are shown.
  static let mostFindings = 20

  var run = RunDescription(version: "", ruleSet: "", sources: [])
  var coverage = Coverage()
  var counts = FindingCounts()
  private var gravest = Gravest(limit: mostFindings)

  /// Takes a finding.
  mutating func add(_ finding: Finding) { gravest.add(finding) }

  /// What the report is called.
  var title: String { run.title ?? "Directory findings" }

  /// The sentence to repeat; nil where no error and no warning is open.
  var headline: String? { Headline.text(run, counts) }

  /// The last word on the run.
  var verdict: String { CoverageText.verdict(for: coverage, findings: counts.total) }

  /// The numbers.
  var tiles: [SummaryTile] { SummaryTile.all(run, coverage, counts) }

  /// What many findings have in common.
  var causes: [String] { run.causes.map(CauseText.line(for:)) }

  /// The gravest findings.
  var findings: [Finding] { gravest.findings }

  /// What was read; one line where that was everything.
  var coverageLines: [String] {
    let lines = CoverageText.lines(for: coverage)
    return coverage.isComplete ? Array(lines.prefix(1)) : lines
  }

  /// Sources, time and what findings are judged by.
  var facts: [String] { [RunText.sources(of: run)] + RunText.facts(of: run, coverage) }
}

extension Finding {
  /// What to do, in a few words; nil where nobody knows.
  func suggestedChange(limit: Int) -> [UInt8]? {
    switch suggestion?.action {
    case .remove: Array("remove".utf8)
    case .replace, .add: TextCut.cut(suggestion?.value?.bytes ?? [], limit: limit)
    case nil: nil
    }
  }
}
