import Findings

/// The statement of what was read and judged, in words, for every report meant for people.
public enum CoverageText {
  /// The statement in lines, the first about the entries, each of the others about something that is missing.
  ///
  /// The lines are safe for a terminal. With `isVerbose` the rules that could not judge are named.
  public static func lines(for coverage: Coverage, isVerbose: Bool = false) -> [String] {
    var lines = [entriesLine(for: coverage)]
    lines += unseenLines(coverage.attributesNeverSeen, isVerbose: isVerbose)
    if coverage.changeRecords > 0 {
      lines.append("\(counted(coverage.changeRecords, "change record", "change records")) not linted")
    }
    if coverage.recordsLost > 0 {
      lines.append("\(counted(coverage.recordsLost, "record", "records")) could not be read")
    }
    for gap in coverage.gaps { lines.append("not read in full: \(TerminalText.escape(gap))") }
    lines += coverage.remarks.map(TerminalText.escape)
    if coverage.isInterrupted { lines.append("interrupted before the end") }
    return lines
  }

  /// The last word on a run. "Clean" is said only when everything was read, something was judged and nothing was found.
  public static func verdict(for coverage: Coverage, findings: Int) -> String {
    switch (findings, coverage.isComplete) {
    case (0, false): return "No findings, but not everything was read"
    case (0, true):
      if coverage.entriesRead == 0 { return "Nothing was judged: no entry was read" }
      if coverage.entriesJudged == 0 { return "Nothing was judged: no entry is in scope" }
      return "Clean: everything was read and nothing was found"
    case (_, false): return "\(counted(findings, "finding", "findings")), and not everything was read"
    case (_, true): return "\(counted(findings, "finding", "findings")); everything was read"
    }
  }

  /// One line for each attribute with its rules, or one line for all.
  private static func unseenLines(_ unseen: [Coverage.UnseenAttribute], isVerbose: Bool) -> [String] {
    func line(_ attributes: [Coverage.UnseenAttribute]) -> String {
      let names = attributes.map { TerminalText.escape($0.attribute) }.joined(separator: ", ")
      let rules = Set(attributes.flatMap(\.rules)).count
      return "\(attributes.count == 1 ? "attribute" : "attributes") \(names) seen in no entry: "
        + "\(counted(rules, "rule", "rules")) could not judge"
    }
    guard isVerbose else { return unseen.isEmpty ? [] : [line(unseen)] }
    return unseen.map { line([$0]) + " (\($0.rules.map(TerminalText.escape).joined(separator: ", ")))" }
  }

  private static func entriesLine(for coverage: Coverage) -> String {
    var line = "\(grouped(coverage.entriesRead)) of \(counted(coverage.entriesInSource, "entry", "entries")) read"
    let outOfScope = coverage.outOfScope.reduce(0) { $0 + $1.count }
    if outOfScope > 0 {
      let reasons = coverage.outOfScope.map { "\(TerminalText.escape($0.reason)): \(grouped($0.count))" }
      line += ", \(grouped(coverage.entriesJudged)) judged, \(grouped(outOfScope)) out of scope"
      line += " (\(reasons.joined(separator: ", ")))"
    }
    return line
  }
}
