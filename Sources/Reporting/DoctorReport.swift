import Bytes
import Findings

/// The `text` format of `doctor`: a line for each thing that was looked at, and under those that are not well what is behind
/// them. Nothing of the directory reaches the terminal unescaped.
public struct DoctorReport: FindingSink {
  private let output: ReportOutput
  private let width: Int
  private let style: TextStyle
  private var rules: [String: RuleSummary] = [:]
  /// By source and rule.
  private var findings: [Key: Finding] = [:]
  /// Those of earlier runs.
  private var gone: [Finding] = []

  private struct Key: Hashable {
    var source: String
    var rule: String
  }

  /// What a line of the table begins with.
  private enum Word: String, CaseIterable {
    case ok, advice, problem, accepted
    case couldNotLook = "could not look"

    var role: TextStyle.Role {
      switch self {
      case .ok: .suggestion
      case .advice, .accepted: .minor
      case .problem: .error
      case .couldNotLook: .warning
      }
    }

    init(_ finding: Finding) {
      if finding.state == .suppressed {
        self = .accepted
      } else {
        self = finding.severity == .info ? .advice : .problem
      }
    }
  }

  /// Columns in front of what is said.
  private static let indent = 18

  /// A report to an output.
  /// - Parameter width: columns of the terminal.
  public init(output: ReportOutput, usesColour: Bool, width: Int) {
    self.output = output
    self.width = max(60, width)
    style = TextStyle(isColoured: usesColour)
  }

  /// Learns what rules say.
  public mutating func begin(_ run: RunDescription) {
    rules = Dictionary(run.rules.map { ($0.id, $0) }) { first, _ in first }
  }

  /// Keeps a finding for its line.
  public mutating func receive(_ finding: Finding) {
    if finding.state == .gone { return gone.append(finding) }
    findings[Key(source: finding.location.source, rule: finding.rule)] = finding
  }

  /// Writes the table. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    var bytes: [UInt8] = []
    var words: [Word: Int] = [:]
    var source: String?
    for result in coverage.checks {
      guard let (word, finding) = line(of: result) else { continue }
      if result.source != source {
        if source != nil { bytes.append(literal: "\n") }
        appendHeading(result.source, to: &bytes)
      }
      source = result.source
      words[word, default: 0] += 1
      append(word, result, finding, to: &bytes)
    }
    for finding in gone {
      appendFirst("gone", .minor, "\(finding.message) (\(finding.rule))", to: &bytes)
    }
    if !coverage.checks.isEmpty { appendSum(words, to: &bytes) }
    for remark in coverage.remarks {
      TerminalText.append(remark, to: &bytes)
      bytes.append(literal: "\n")
    }
    if coverage.isInterrupted { bytes.append(literal: "interrupted before the end\n") }
    try output.write(bytes)
    try output.flush()
  }

  /// How a line begins and the finding that it shows; nil for a finding that is not to be shown.
  private func line(of result: CheckResult) -> (Word, Finding?)? {
    switch result.status {
    case .ok: return (.ok, nil)
    case .couldNotLook: return (.couldNotLook, nil)
    case .found:
      let finding = findings[Key(source: result.source, rule: result.rule ?? "")]
      return finding.map { (Word($0), $0) }
    }
  }

  private func appendHeading(_ source: String, to bytes: inout [UInt8]) {
    style.append(.heading, to: &bytes) { TerminalText.append(source, to: &$0) }
    bytes.append(literal: "\n")
  }

  private func append(_ word: Word, _ result: CheckResult, _ finding: Finding?, to bytes: inout [UInt8]) {
    appendFirst(word.rawValue, word.role, "\(result.title): \(finding?.message ?? result.summary)", to: &bytes)
    guard let finding else {
      append("do:  ", result.remedy, to: &bytes)
      return append(result.objects, of: result.objectCount, to: &bytes)
    }
    append("rule: ", finding.rule + (finding.state.map { ", \($0.rawValue)" } ?? ""), to: &bytes)
    if let suppression = finding.suppression {
      append("accepted: ", "\(suppression.reason) (\(suppression.owner))", to: &bytes)
    }
    let rule = rules[finding.rule]
    // Why that matters; what to do follows after a blank line.
    let paragraphs = rule?.explanation.split(separator: "\n", maxSplits: 1).map(String.init) ?? []
    for (label, text) in zip(["why: ", "do:  "], paragraphs) { append(label, text, to: &bytes) }
    let objects = finding.related.map { String(decoding: ($0.value ?? $0.dn).bytes, as: UTF8.self) }
    append(objects, of: result.objectCount, to: &bytes)
    for reference in rule?.references ?? [] {
      appendIndent(to: &bytes)
      style.append(.minor, to: &bytes) { $0.append("see: \(reference)") }
      bytes.append(literal: "\n")
    }
  }

  private func appendFirst(_ word: String, _ role: TextStyle.Role, _ text: String, to bytes: inout [UInt8]) {
    bytes.append(literal: "  ")
    style.append(role, to: &bytes) { $0.append(word) }
    bytes.append(contentsOf: repeatElement(32, count: max(1, Self.indent - 2 - word.utf8.count)))
    append(text, indent: Self.indent, to: &bytes)
  }

  private func append(_ label: String, _ text: String, to bytes: inout [UInt8]) {
    guard !text.isEmpty else { return }
    appendIndent(to: &bytes)
    style.append(.minor, to: &bytes) { $0.append(label) }
    append(text, indent: Self.indent + label.utf8.count, to: &bytes)
  }

  private func append(_ objects: [String], of count: Int, to bytes: inout [UInt8]) {
    for object in objects {
      appendIndent(to: &bytes)
      bytes.append(literal: "- ")
      TerminalText.append(object, to: &bytes)
      bytes.append(literal: "\n")
    }
    guard count > objects.count, !objects.isEmpty else { return }
    appendIndent(to: &bytes)
    bytes.append(literal: "- and ")
    bytes.append(decimal: count - objects.count)
    bytes.append(literal: " more\n")
  }

  private func appendIndent(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: repeatElement(32, count: Self.indent))
  }

  private func appendSum(_ words: [Word: Int], to bytes: inout [UInt8]) {
    bytes.append(literal: "\n")
    bytes.append(decimal: words.values.reduce(0, +))
    bytes.append(literal: " checks")
    var separator = ": "
    for word in Word.allCases where word != .accepted || words[word] != nil {
      bytes.append(separator)
      bytes.append(decimal: words[word] ?? 0)
      bytes.append(" " + word.rawValue)
      separator = ", "
    }
    bytes.append(literal: "\n")
  }

  /// Appends a text, escaped and broken at spaces; the first line goes on where the caller has stopped.
  private func append(_ text: String, indent: Int, to bytes: inout [UInt8]) {
    var column = indent
    for (index, word) in TerminalText.escape(text).split(separator: " ").enumerated() {
      let length = word.unicodeScalars.reduce(0) { $0 + DisplayWidth.of($1) }
      if index > 0 {
        if column + 1 + length > width {
          bytes.append(literal: "\n")
          bytes.append(contentsOf: repeatElement(32, count: indent))
          column = indent
        } else {
          bytes.append(32)
          column += 1
        }
      }
      bytes.append(String(word))
      column += length
    }
    bytes.append(literal: "\n")
  }
}
