import Bytes
import Directory
import Findings

/// What the HTML page says without scripts: verdict and sentence, numbers, bars, causes, what was read, the gravest findings.
///
/// Mail programs, chats and build servers show pages without running them. The script takes over tiles and bars where it runs,
/// and puts its table in the place of the gravest findings.
struct HTMLSummary {
  /// The gravest findings that a reader sees, and those that printers get.
  static let (mostShown, mostPrinted) = (20, 50)
  private static let mostRules = 7

  var run = RunDescription(version: "", ruleSet: "", sources: [])
  var coverage = Coverage()
  var counts = FindingCounts()
  /// Findings in the data of the page, and those that have no place there.
  var held = 0
  var omitted = 0
  private var gravest = Gravest(limit: mostPrinted)
  private var severities: [String: Severity] = [:]

  /// Takes a finding.
  mutating func add(_ finding: Finding) {
    gravest.add(finding)
    severities[finding.rule] = finding.severity
  }

  /// What the page is called.
  var title: String { run.title ?? "Directory findings" }

  /// What the window is called.
  var documentTitle: String {
    run.title ?? "\(counted(counts.total, "finding", "findings")) – \(run.sources.prefix(3).joined(separator: ", "))"
  }

  /// Appends a page with its places filled in: `{{title}}` and so on.
  func appendBody(_ page: String, to bytes: inout [UInt8]) {
    for (number, part) in page.split(separator: "{{", omittingEmptySubsequences: false).enumerated() {
      guard number > 0, let end = part.firstRange(of: "}}") else {
        bytes.append(String(part))
        continue
      }
      append(place: String(part[..<end.lowerBound]), to: &bytes)
      bytes.append(String(part[end.upperBound...]))
    }
  }

  private func append(place: String, to bytes: inout [UInt8]) {
    switch place {
    case "title": HTMLText.append(title, to: &bytes)
    case "facts": appendFacts(to: &bytes)
    case "summary": appendSummary(to: &bytes)
    case "tiles": appendTiles(to: &bytes)
    case "coverage": appendCoverage(to: &bytes)
    case "causes": appendCauses(to: &bytes)
    case "charts": appendCharts(to: &bytes)
    case "gravest": appendGravest(to: &bytes)
    default: break
    }
  }

  private func appendFacts(to bytes: inout [UInt8]) {
    bytes.append(literal: "<span class=\"sources\">")
    HTMLText.append(RunText.sources(of: run), to: &bytes)
    bytes.append(literal: "</span>")
    for fact in RunText.facts(of: run, coverage) {
      bytes.append(literal: " <span>")
      HTMLText.append(fact, to: &bytes)
      bytes.append(literal: "</span>")
    }
  }

  // MARK: - Verdict

  /// The class of the box: no colour of success over errors.
  private var mood: String {
    if counts.open(atOrAbove: .error) > 0 { return "error" }
    if !coverage.isComplete { return "partial" }
    if counts.open(atOrAbove: .warning) > 0 { return "warning" }
    return coverage.entriesJudged > 0 && counts.total == 0 ? "clean" : "info"
  }

  private func appendSummary(to bytes: inout [UInt8]) {
    bytes.append("<section id=\"summary\" class=\"summary \(mood)\" aria-labelledby=\"verdict\">\n")
    let verdict = CoverageText.verdict(for: coverage, findings: counts.total)
    if let sentence = Headline.text(run, counts) {
      bytes.append(literal: "<p class=\"headline\" id=\"headline\">")
      HTMLText.append(sentence, to: &bytes)
      bytes.append(literal: "</p>\n<h2 id=\"verdict\">")
    } else {
      bytes.append(literal: "<h2 id=\"verdict\" class=\"headline\">")
    }
    HTMLText.append(verdict, to: &bytes)
    bytes.append(literal: "</h2>\n")
    if omitted > 0 {
      bytes.append(
        "<p class=\"omitted\">This page holds the first \(grouped(held)) findings; \(grouped(omitted)) more are in its"
          + " numbers only. The other formats have all of them.</p>\n")
    }
    bytes.append(literal: "</section>")
  }

  private func appendTiles(to bytes: inout [UInt8]) {
    for tile in SummaryTile.all(run, coverage, counts) {
      let kind: String
      var place = ""
      switch tile.kind {
      case .clean: kind = "share"
      case .findings(let severity):
        kind = severity.rawValue
        place = Severity.allCases.firstIndex(of: severity).map { " data-severity=\"\($0)\"" } ?? ""
      case .objects: kind = "read"
      }
      bytes.append("\n<div class=\"tile \(kind)\"\(place)>")
      bytes.append("<span class=\"tile-count\">\(tile.count)</span><span class=\"tile-label\">\(tile.label)</span>")
      bytes.append(literal: "<span class=\"tile-hint\">")
      HTMLText.append(tile.hint, to: &bytes)
      bytes.append(literal: "</span></div>")
    }
  }

  private func appendCoverage(to bytes: inout [UInt8]) {
    let lines = CoverageText.lines(for: coverage, namesLists: true)
    bytes.append("<section id=\"coverage\" class=\"coverage \(coverage.isComplete ? "complete" : "partial")\">")
    bytes.append("<details\(coverage.isComplete ? "" : " open")><summary>")
    HTMLText.append(lines[0], to: &bytes)
    bytes.append(literal: "</summary>\n<ul>")
    for line in lines.dropFirst() {
      bytes.append(literal: "<li>")
      HTMLText.append(line, to: &bytes)
      bytes.append(literal: "</li>")
    }
    bytes.append(literal: "</ul></details></section>")
  }

  private func appendCauses(to bytes: inout [UInt8]) {
    guard !run.causes.isEmpty else { return }
    bytes.append(literal: "<section class=\"coverage causes\" aria-labelledby=\"causes-title\">")
    bytes.append(literal: "<h2 id=\"causes-title\">Causes</h2>\n<ul id=\"cause-lines\">")
    for cause in run.causes {
      bytes.append(literal: "<li>")
      HTMLText.append(prose: CauseText.line(for: cause), to: &bytes)
      bytes.append(literal: "</li>")
    }
    bytes.append(literal: "</ul></section>")
  }

  // MARK: - Bars

  private func appendCharts(to bytes: inout [UInt8]) {
    let hidden = counts.total == 0 ? " hidden" : ""
    bytes.append("\n<div id=\"effects-box\" class=\"card\"\(hidden)><h2>What happens in synchronization</h2>")
    bytes.append(literal: "<div id=\"chart-effects\">")
    let effects = Effect.allCases.compactMap { effect in
      counts.byEffect[effect].map { ("\(effect.rawValue): \(effect.meaning)", $0, "effect-\(effect.rawValue)") }
    }
    appendBars(effects, to: &bytes)
    let rules = counts.byRule.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let titles = Dictionary(run.rules.map { ($0.id, $0.title) }) { first, _ in first }
    bytes.append("</div></div>\n<div id=\"rules-box\" class=\"card\"\(hidden)><h2 id=\"chart-rules-title\">")
    bytes.append(rules.count > Self.mostRules ? "Most frequent of \(rules.count) rules" : "By rule")
    bytes.append(literal: "</h2><div id=\"chart-rules\">")
    let shown = rules.prefix(Self.mostRules).map { rule, count in
      (titles[rule] ?? rule, count, severities[rule]?.rawValue ?? "info")
    }
    appendBars(shown, to: &bytes)
    bytes.append(literal: "</div></div>")
  }

  private func appendBars(_ bars: [(label: String, count: Int, kind: String)], to bytes: inout [UInt8]) {
    let most = max(1, bars.reduce(0) { max($0, $1.count) })
    bytes.append(literal: "<ul class=\"bars\">")
    for bar in bars {
      let share = max(6, bar.count * 1_000 / most)
      bytes.append(literal: "<li><div class=\"bar-line\"><span class=\"bar-label\">")
      HTMLText.append(prose: bar.label, to: &bytes)
      bytes.append("</span><span class=\"bar-count\">\(grouped(bar.count))</span>")
      bytes.append("<svg class=\"bar \(bar.kind)\" aria-hidden=\"true\">")
      bytes.append(literal: "<rect class=\"bar-track\" width=\"100%\" height=\"100%\" rx=\"3\"/>")
      bytes.append(
        "<rect class=\"bar-fill\" width=\"\(share / 10).\(share % 10)%\" height=\"100%\" rx=\"3\"/></svg></div></li>")
    }
    bytes.append(literal: "</ul>")
  }

  // MARK: - The gravest findings

  private func appendGravest(to bytes: inout [UInt8]) {
    let findings = gravest.findings
    guard !findings.isEmpty else { return }
    let shown = min(findings.count, Self.mostShown)
    bytes.append(
      "<section id=\"gravest\" class=\"card gravest\"><h2>The \(counted(shown, "gravest finding", "gravest findings"))</h2>\n"
    )
    bytes.append(literal: "<table><thead><tr><th scope=\"col\">Severity</th><th scope=\"col\">Object</th>")
    bytes.append(
      literal:
        "<th scope=\"col\">Value</th><th scope=\"col\">Finding</th><th scope=\"col\">Suggestion</th></tr></thead>\n<tbody>"
    )
    for (number, finding) in findings.enumerated() {
      append(row: finding, isPrintedOnly: number >= Self.mostShown, to: &bytes)
    }
    bytes.append(literal: "</tbody></table>\n")
    if counts.total > shown {
      bytes.append(
        "<p>All \(grouped(counts.total)) can be searched and filtered where this page may run its script.</p>")
    }
    bytes.append(literal: "</section>")
  }

  private func append(row finding: Finding, isPrintedOnly: Bool, to bytes: inout [UInt8]) {
    func cell(_ content: (inout [UInt8]) -> Void) {
      bytes.append(literal: "<td>")
      content(&bytes)
      bytes.append(literal: "</td>")
    }
    func value(_ value: AttributeValue?, to bytes: inout [UInt8]) {
      guard let value else { return }
      bytes.append(literal: "<span class=\"mono\">")
      HTMLText.append(TextCut.cut(value.bytes, limit: 200), to: &bytes)
      bytes.append(literal: "</span>")
    }
    bytes.append(isPrintedOnly ? "\n<tr class=\"printed\">" : "\n<tr>")
    let severity = finding.severity
    cell { $0.append("<span class=\"badge \(severity.rawValue)\">\(severity.rawValue)</span>") }
    cell { HTMLText.append(TextCut.cut(finding.dn.bytes, limit: 200), to: &$0) }
    cell {
      $0.append(literal: "<div class=\"attribute\">")
      HTMLText.append(finding.attribute, to: &$0)
      $0.append(literal: "</div>")
      value(finding.value, to: &$0)
    }
    cell { HTMLText.append(TextCut.cut(Array(finding.message.utf8), limit: 400), to: &$0) }
    cell {
      switch finding.suggestion?.action {
      case .remove: $0.append(literal: "remove")
      case .replace, .add: value(finding.suggestion?.value, to: &$0)
      case nil: break
      }
    }
    bytes.append(literal: "</tr>")
  }
}

extension Effect {
  /// What it means, in a few words.
  var meaning: String {
    switch self {
    case .blocked: "the object does not arrive"
    case .dropped: "the value is left out, without an error"
    case .altered: "the value arrives changed"
    case .quarantined: "kept back until a conflict is resolved"
    case .degraded: "arrives, but something does not work"
    case .advice: "nothing breaks"
    }
  }
}
