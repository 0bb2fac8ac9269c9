import Bytes
import Directory
import Findings

/// The `markdown` format (GitHub Flavored Markdown), for pull requests, wikis and job summaries: verdict, what was read,
/// the rules that found something, then a table of the findings, errors first.
///
/// The table holds at most `limit` findings, as readers of Markdown refuse long texts; the counts are of all.
public struct MarkdownReport: FindingSink {
  /// The most findings in the table.
  public static let limit = 1000

  private let output: ReportOutput
  private let limit: Int
  private var run = RunDescription(version: "", ruleSet: "", sources: [])
  private var titles: [String: String] = [:]
  private var kinds: [String: (severity: Severity, effect: Effect)] = [:]
  private var kept: [Severity: [Finding]] = [:]
  private var hasStates = false
  private static let mostHolders = 10

  /// A report to an output.
  public init(output: ReportOutput, limit: Int = MarkdownReport.limit) {
    self.output = output
    self.limit = limit
  }

  /// Writes nothing: the summary comes first, and is not known yet.
  public mutating func begin(_ run: RunDescription) throws {
    self.run = run
    titles = Dictionary(run.rules.map { ($0.id, $0.title) }) { first, _ in first }
  }

  /// Keeps the finding when there is room in the table.
  public mutating func receive(_ finding: Finding) throws {
    if finding.state != nil { hasStates = true }
    kinds[finding.rule] = (finding.severity, finding.effect)
    if kept[finding.severity, default: []].count < limit { kept[finding.severity, default: []].append(finding) }
  }

  /// Writes the report. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    var bytes: [UInt8] = []
    appendHead(coverage: coverage, counts: counts, to: &bytes)
    appendCauses(to: &bytes)
    appendRules(counts, to: &bytes)
    try output.write(bytes)
    try writeTable(counts)
    try output.flush()
  }

  private func appendHead(coverage: Coverage, counts: FindingCounts, to bytes: inout [UInt8]) {
    bytes.append(literal: "# ")
    MarkdownText.append(words: run.title ?? "Directory findings", to: &bytes)
    bytes.append(literal: "\n\n")
    bytes.append(coverage.isComplete ? "**" : "⚠️ **")
    MarkdownText.append(words: CoverageText.verdict(for: coverage, findings: counts.total), to: &bytes)
    bytes.append(literal: "**\n\n")
    if let sentence = Headline.text(run, counts) {
      MarkdownText.append(words: sentence, to: &bytes)
      bytes.append(literal: "\n\n")
    }
    for line in CoverageText.lines(for: coverage, namesLists: true) {
      bytes.append(literal: "- ")
      MarkdownText.append(escapedWords: line, to: &bytes)
      bytes.append(literal: "\n")
    }
    bytes.append(literal: "\nSource: ")
    for (index, source) in run.sources.enumerated() {
      if index > 0 { bytes.append(literal: ", ") }
      MarkdownText.append(code: source, to: &bytes)
    }
    bytes.append(literal: " · rule set ")
    MarkdownText.append(code: run.ruleSet, to: &bytes)
    if !run.startedAt.isEmpty { bytes.append(" · \(run.startedAt)") }
    bytes.append(literal: " · dirsync-lint ")
    MarkdownText.append(words: run.version, to: &bytes)
    bytes.append(literal: "\n\n")
  }

  private func appendCauses(to bytes: inout [UInt8]) {
    guard !run.causes.isEmpty else { return }
    bytes.append(literal: "## Causes\n\n")
    for cause in run.causes {
      bytes.append(literal: "- ")
      MarkdownText.append(words: CauseText.line(for: cause), to: &bytes)
      bytes.append(literal: "\n")
    }
    bytes.append(literal: "\n")
  }

  private func appendRules(_ counts: FindingCounts, to bytes: inout [UInt8]) {
    guard counts.total > 0 else { return }
    bytes.append(literal: "| Errors | Warnings | Information |\n|---:|---:|---:|\n| ")
    bytes.append(Severity.allCases.reversed().map { grouped(counts.bySeverity[$0] ?? 0) }.joined(separator: " | "))
    bytes.append(literal: " |\n\n## By rule\n\n| Findings | Severity | Effect | Rule |\n|---:|---|---|---|\n")
    let rules = counts.byRule.sorted { left, right in
      let first = kinds[left.key]?.severity ?? .info
      let second = kinds[right.key]?.severity ?? .info
      return (second, right.value, left.key) < (first, left.value, right.key)
    }
    for (rule, count) in rules {
      bytes.append("| \(grouped(count)) | \(kinds[rule]?.severity.rawValue ?? "")")
      bytes.append(" | \(kinds[rule]?.effect.rawValue ?? "") | ")
      appendRule(rule, to: &bytes)
      bytes.append(literal: " |\n")
    }
    bytes.append(literal: "\n")
  }

  private func writeTable(_ counts: FindingCounts) throws(ReportError) {
    let findings = Array(Severity.allCases.reversed().flatMap { kept[$0] ?? [] }.prefix(limit))
    guard !findings.isEmpty else { return }
    var bytes: [UInt8] = []
    bytes.append(literal: "## Findings\n\n")
    if counts.total > findings.count {
      bytes.append("The \(grouped(findings.count)) gravest of \(grouped(counts.total)).\n\n")
    }
    bytes.append(literal: "| Severity |")
    if hasStates { bytes.append(literal: " State |") }
    bytes.append(literal: " Object | Attribute | Value | Finding | Suggestion | Place |\n|---|")
    if hasStates { bytes.append(literal: "---|") }
    bytes.append(literal: "---|---|---|---|---|---|\n")
    for finding in findings {
      appendRow(finding, to: &bytes)
      if bytes.count > 32 * 1024 {
        try output.write(bytes)
        bytes.removeAll(keepingCapacity: true)
      }
    }
    try output.write(bytes)
  }

  private func appendRow(_ finding: Finding, to bytes: inout [UInt8]) {
    bytes.append("| \(finding.severity.rawValue) |")
    if hasStates { bytes.append(" \(finding.state?.rawValue ?? "") |") }
    bytes.append(literal: " ")
    MarkdownText.append(code: finding.dn.bytes, to: &bytes)
    for place in finding.related.prefix(Self.mostHolders) {
      bytes.append(literal: "<br>")
      MarkdownText.append(code: place.dn.bytes, to: &bytes)
    }
    if finding.related.count > Self.mostHolders {
      bytes.append("<br>and \(grouped(finding.related.count - Self.mostHolders)) more")
    }
    bytes.append(literal: " | ")
    MarkdownText.append(words: finding.attribute, to: &bytes)
    bytes.append(literal: " | ")
    if let value = finding.value { MarkdownText.append(code: value.bytes, to: &bytes) }
    bytes.append(literal: " | ")
    appendRule(finding.rule, to: &bytes)
    let characters = Self.characters(in: finding.spans)
    if !characters.isEmpty {
      bytes.append(literal: "<br>")
      MarkdownText.append(words: characters, to: &bytes)
    }
    bytes.append(literal: " | ")
    switch finding.suggestion?.action {
    case .remove: bytes.append(literal: "remove")
    case .replace, .add: MarkdownText.append(code: finding.suggestion?.value?.bytes ?? [], to: &bytes)
    case nil: break
    }
    bytes.append(literal: " | ")
    MarkdownText.append(code: finding.location.description, to: &bytes)
    bytes.append(literal: " |\n")
  }

  private func appendRule(_ rule: String, to bytes: inout [UInt8]) {
    if let title = titles[rule] {
      MarkdownText.append(words: title, to: &bytes)
      bytes.append(literal: " ")
    }
    MarkdownText.append(code: rule, to: &bytes)
  }

  private static func characters(in spans: [FlaggedSpan]) -> String {
    var seen: [UInt32] = []
    for case let codePoint? in spans.lazy.map(\.codePoint) where seen.count < 8 && !seen.contains(codePoint) {
      seen.append(codePoint)
    }
    return seen.map(CharacterName.description(of:)).joined(separator: ", ")
  }
}
