import Findings

/// The first sheet of a workbook: what people repeat, what was read, and numbers by rule.
struct XLSXSummary {
  private let rows: WorkbookSheet

  init(rows: WorkbookSheet) { self.rows = rows }

  /// Adds what is known of a run, up to the head of the numbers by rule.
  ///
  /// - Parameter remarks: what the workbook itself has to say.
  mutating func add(_ run: RunDescription, _ coverage: Coverage, _ counts: FindingCounts, remarks: [String]) {
    rows.add(head: run.title ?? "Directory findings")
    rows.endRow()
    if let sentence = Headline.text(run, counts) { line(sentence) }
    line(CoverageText.verdict(for: coverage, findings: counts.total))
    rows.endRow()
    for tile in SummaryTile.all(run, coverage, counts) {
      rows.add(tile.label)
      rows.add(tile.hint)
      number(of: tile, coverage, counts)
      rows.endRow()
    }
    rows.endRow()
    for source in run.sources { line("Source", source) }
    if let written = run.sourcesWrittenAt { line("Sources written", written) }
    if !run.startedAt.isEmpty { line("Looked at", run.startedAt) }
    line("Rule set", run.ruleSet)
    line("Program", "dirsync-lint \(run.version)")
    if let day = coverage.topLevelDomains { line("Top-level domains of", day) }
    rows.endRow()
    for text in CoverageText.lines(for: coverage) { line("Coverage", text) }
    for remark in remarks { line("Workbook", remark) }
    rows.endRow()
    for head in ["Rule", "Title", "Findings", "Severity", "Effect"] { rows.add(head: head) }
    rows.endRow()
  }

  /// Adds the numbers of a rule.
  mutating func add(rule: String, title: String, severity: String, effect: String, count: Int) {
    rows.add(rule)
    rows.add(title)
    rows.add(count)
    rows.add(severity)
    rows.add(effect)
    rows.endRow()
  }

  private func line(_ texts: String...) {
    for text in texts { rows.add(text) }
    rows.endRow()
  }

  /// Numbers are numbers; only a share is a text.
  private func number(of tile: SummaryTile, _ coverage: Coverage, _ counts: FindingCounts) {
    switch tile.kind {
    case .clean: rows.add(tile.count)
    case .findings(let severity): rows.add(counts.openBySeverity[severity] ?? 0)
    case .objects: rows.add(coverage.entriesJudged)
    }
  }
}
