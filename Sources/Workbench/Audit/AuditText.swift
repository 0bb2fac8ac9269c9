import Bytes
import Stores
import Findings
import Reporting

/// Runs and lives of findings in words and as JSON (`Docs/audit.schema.json`).
enum AuditText {
  // MARK: - Runs

  /// A table of runs.
  static func list(_ runs: [StoredRun]) -> String {
    guard !runs.isEmpty else { return "The store has no run yet." }
    let states: [FindingState] = [.new, .returned, .expiredSuppression, .known, .suppressed, .gone]
    let head = ["run", "begun", "status", "rule set", "entries", "findings", "new", "returned", "expired", "known"]
    var rows = [head + ["suppressed", "gone"]]
    for run in runs {
      let counts = states.map { run.status == .refused ? "-" : String(run.counts.byState[$0] ?? 0) }
      rows.append(
        [
          String(run.number), Timestamp.text(epochSeconds: run.head.startedAt), run.status.name, run.head.ruleSet,
          String(run.coverage.entriesRead), run.status == .refused ? "-" : String(run.counts.total),
        ] + counts)
    }
    var lines = TextTable.lines(rows, leftAligned: [1, 2, 3])
    for run in runs where run.status != .complete {
      lines += run.coverage.gaps.map { "run \(run.number): \(TerminalText.escape($0))" }
    }
    return lines.joined(separator: "\n")
  }

  static func json(_ runs: [StoredRun]) -> String { text(runs) { append($0, to: &$1) } }

  static func append(_ run: StoredRun, to bytes: inout [UInt8]) {
    bytes.appendObject {
      $0.appendMember("number", run.number)
      $0.appendMember("startedAt", Timestamp.text(epochSeconds: run.head.startedAt))
      $0.appendMember("finishedAt", Timestamp.text(epochSeconds: run.finishedAt))
      $0.appendMember("status", run.status.name)
      $0.appendMember("version", run.head.version)
      $0.appendMember("ruleSet", run.head.ruleSet)
      $0.appendMember("sources", run.head.sources)
      $0.appendMember("coverage") { JSONReport.append(run.coverage, to: &$0) }
      $0.appendMember("counts") { JSONReport.append(run.counts, to: &$0) }
    }
  }

  /// An array with each element on a line of its own.
  private static func text<Element>(_ list: [Element], _ append: (Element, inout [UInt8]) -> Void) -> String {
    var bytes: [UInt8] = []
    bytes.append(literal: "[")
    for (index, element) in list.enumerated() {
      if index > 0 { bytes.append(literal: ",\n") }
      append(element, &bytes)
    }
    bytes.append(literal: "]")
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: - Lives

  /// The lives of findings, each with its finding.
  static func history(_ lives: [FindingLife], _ times: [Int: Int], subject: String) throws -> String {
    guard !lives.isEmpty else { return "The store has no finding on \(TerminalText.escape(subject))." }
    var lines: [String] = []
    for life in lives {
      let finding = try Finding(life.finding)
      if !lines.isEmpty { lines.append("") }
      let value = finding.value.map { "  \(TerminalText.escape($0.text ?? "bytes that are not UTF-8"))" } ?? ""
      lines.append("\(TerminalText.escape(finding.rule))  \(TerminalText.escape(finding.attribute))\(value)")
      lines.append("  \(TerminalText.escape(finding.message))")
      lines.append("  \(TerminalText.escape(finding.dn.text ?? "an entry whose name is not UTF-8"))")
      for place in finding.related {
        lines.append("  \(TerminalText.escape(place.dn.text ?? "an entry whose name is not UTF-8"))")
      }
      lines.append("  fingerprint \(finding.fingerprint)")
      for (index, interval) in life.intervals.enumerated() {
        lines.append("  \(words(interval, index, times, firstSeen: life.finding.firstSeen))")
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func words(
    _ interval: FindingLife.Interval, _ index: Int, _ times: [Int: Int], firstSeen: Int
  ) -> String {
    func time(_ run: Int) -> String {
      times[run].map { "\(Timestamp.text(epochSeconds: $0)) (run \(run))" } ?? "run \(run), which is not kept"
    }
    var text = index == 0 ? "first seen " : "returned "
    if index == 0, times[interval.from] == nil {
      text += Timestamp.text(epochSeconds: firstSeen)
    } else {
      text += time(interval.from)
    }
    guard let until = interval.until else { return text + ", still there" }
    return text + (interval.endedUnjudged ? ", not looked for since " : ", gone ") + time(until)
  }

  static func json(_ lives: [FindingLife], _ times: [Int: Int]) -> String {
    text(lives) { append($0, times, to: &$1) }
  }

  static func append(_ life: FindingLife, _ times: [Int: Int], to bytes: inout [UInt8]) {
    func append(_ run: Int, to bytes: inout [UInt8]) {
      bytes.appendObject {
        $0.appendMember("run", run)
        $0.appendMember("startedAt", ifThere: times[run].map { Timestamp.text(epochSeconds: $0) })
      }
    }
    bytes.appendObject {
      $0.appendMember("finding") { $0 += life.finding.json }
      $0.appendMember("firstSeen", Timestamp.text(epochSeconds: life.finding.firstSeen))
      $0.appendMember("present", life.intervals.last?.until == nil)
      $0.appendMember("intervals") {
        $0.appendArray(of: life.intervals) { bytes, interval in
          bytes.appendObject {
            $0.appendMember("from") { append(interval.from, to: &$0) }
            if let until = interval.until {
              $0.appendMember(interval.endedUnjudged ? "notJudged" : "gone") { append(until, to: &$0) }
            }
          }
        }
      }
    }
  }
}

/// Rows of cells in columns of equal width.
enum TextTable {
  /// - Parameter leftAligned: numbers of columns that begin, rather than end, at the same place.
  static func lines(_ rows: [[String]], leftAligned: Set<Int>) -> [String] {
    let cells = rows.map { $0.map(TerminalText.escape) }
    let count = cells.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in cells.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return cells.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += (column == 0 ? "" : "  ") + (leftAligned.contains(column) ? cell + space : space + cell)
      }
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}

/// What findings are counted by.
public enum TrendKind: String, CaseIterable, Sendable {
  case rule, effect, severity, state
}

/// How numbers of findings went over runs.
struct AuditTrend {
  private var names: [String] = []
  private var columns: [[String: Int]] = []
  private let runs: [StoredRun]

  init(_ runs: [StoredRun], by kind: TrendKind) {
    self.runs = runs.filter { $0.status != .refused }
    columns = self.runs.map { run in
      switch kind {
      case .effect: Dictionary(uniqueKeysWithValues: run.counts.byEffect.map { ($0.key.rawValue, $0.value) })
      case .severity: Dictionary(uniqueKeysWithValues: run.counts.bySeverity.map { ($0.key.rawValue, $0.value) })
      case .state: Dictionary(uniqueKeysWithValues: run.counts.byState.map { ($0.key.rawValue, $0.value) })
      case .rule: run.counts.byRule
      }
    }
    let found = Set(columns.flatMap(\.keys))
    switch kind {
    case .effect: names = Effect.allCases.map(\.rawValue).filter(found.contains)
    case .severity: names = Severity.allCases.reversed().map(\.rawValue).filter(found.contains)
    case .state: names = FindingState.allCases.map(\.rawValue).filter(found.contains)
    case .rule: names = found.sorted()
    }
  }

  /// A table with a column for each run, oldest first.
  func text(isCSV: Bool) -> String {
    var rows = [[""] + runs.map { "run \($0.number)" }]
    rows.append(
      ["begun"] + runs.map { String(Timestamp.text(epochSeconds: $0.head.startedAt).prefix(isCSV ? 20 : 10)) })
    for name in names { rows.append([name] + columns.map { String($0[name] ?? 0) }) }
    rows.append(["all"] + runs.map { String($0.counts.total) })
    if isCSV { return rows.map { $0.joined(separator: ",") }.joined(separator: "\r\n") }
    return TextTable.lines(rows, leftAligned: [0]).joined(separator: "\n")
  }
}
