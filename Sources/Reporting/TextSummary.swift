import Bytes
import Findings

/// The end of the text report: how many findings of which rule, severity and effect.
struct TextSummary {
  /// Severity and effect that the findings of a rule had.
  struct Kind {
    var severity: Severity
    var effect: Effect
  }

  let style: TextStyle

  /// Appends the table and the totals; nothing without findings.
  func append<Output: ByteAppending & ~Copyable>(
    _ counts: FindingCounts, kinds: [String: Kind], to bytes: inout Output
  ) {
    guard counts.total > 0 || !counts.byState.isEmpty else { return }
    style.append(.heading, "Summary", to: &bytes)
    bytes.append(literal: "\n")
    if counts.total > 0 { appendTable(counts, kinds: kinds, to: &bytes) }
    if !counts.byState.isEmpty {
      bytes.append("  By state: \(totals(FindingState.allCases.map { ($0.rawValue, counts.byState[$0]) }))\n")
    }
    bytes.append(literal: "\n")
  }

  private func appendTable<Output: ByteAppending & ~Copyable>(
    _ counts: FindingCounts, kinds: [String: Kind], to bytes: inout Output
  ) {
    let rules = counts.byRule.keys.sorted { isBefore($0, $1, counts: counts, kinds: kinds) }
    let numberWidth = max(5, rules.reduce(0) { max($0, grouped(counts.byRule[$1] ?? 0).count) })
    let effectWidth = kinds.values.reduce(6) { max($0, $1.effect.rawValue.count) }
    let head = "  \(leftPadded("count", numberWidth))  severity  \(rightPadded("effect", effectWidth))  rule"
    style.append(.minor, head, to: &bytes)
    bytes.append(literal: "\n")
    for rule in rules {
      let kind = kinds[rule]
      bytes.append("  \(leftPadded(grouped(counts.byRule[rule] ?? 0), numberWidth))  ")
      let severity = rightPadded(kind?.severity.rawValue ?? "", 8)
      if let role = kind?.severity.role { style.append(role, severity, to: &bytes) } else { bytes.append(severity) }
      bytes.append("  \(rightPadded(kind?.effect.rawValue ?? "", effectWidth))  ")
      TerminalText.append(rule, to: &bytes)
      bytes.append(literal: "\n")
    }
    bytes.append(
      "  By severity: \(totals(Severity.allCases.reversed().map { ($0.rawValue, counts.bySeverity[$0]) }))\n")
    bytes.append("  By effect: \(totals(Effect.allCases.map { ($0.rawValue, counts.byEffect[$0]) }))\n")
  }

  private func isBefore(_ left: String, _ right: String, counts: FindingCounts, kinds: [String: Kind]) -> Bool {
    if let first = kinds[left]?.severity, let second = kinds[right]?.severity, first != second { return first > second }
    let first = counts.byRule[left] ?? 0
    let second = counts.byRule[right] ?? 0
    return first == second ? left < right : first > second
  }

  private func totals(_ counts: [(String, Int?)]) -> String {
    let present = counts.compactMap { (name, count) in count.map { "\(name) \(grouped($0))" } }
    return present.joined(separator: ", ")
  }

  private func leftPadded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func rightPadded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
