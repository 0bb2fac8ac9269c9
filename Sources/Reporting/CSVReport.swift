import Bytes
import Directory
import Findings

/// The `csv` format: a header, then one row for each holder of a finding (RFC 4180, UTF-8, CRLF).
///
/// | Column | Holds |
/// |---|---|
/// | `rule`, `severity`, `effect` | as in the other formats |
/// | `dn`, `objectGUID`, `objectClass`, `attribute`, `value`, `valueIndex` | the place; of each holder in turn |
/// | `characters` | names of the flagged characters, each once, separated by `; ` |
/// | `message` | one sentence |
/// | `suggestion`, `suggestedValue` | `replace`, `remove` or `add`, and the new value; in the first holder's row only |
/// | `source`, `line`, `column` | where the value was read |
/// | `holder`, `holders` | this row's number within the finding, counted from 1, and the number of rows |
/// | `fingerprint` | identifies the finding: the rows of a duplicate group have the same one |
/// | `state`, `firstSeen` | only in a run with memory: what it is compared with earlier runs, and since when |
/// | `suppressionReason`, `suppressionOwner`, `suppressionTicket`, `suppressionExpires` | as well: why it is accepted |
///
/// Text that a spreadsheet would take for a formula (it starts with `=`, `+`, `-`, `@`, tab or CR) gets an apostrophe in
/// front; values that are not valid UTF-8 appear as `base64:…`. On a terminal control characters are shown escaped.
public struct CSVReport: FindingSink {
  private let output: ReportOutput
  private let hasByteOrderMark: Bool
  private var cells: CSVCells
  private var names: [UInt32: String] = [:]
  private var hasStates = false

  /// A report to an output; a byte order mark makes Excel read the file as UTF-8.
  public init(output: ReportOutput, hasByteOrderMark: Bool = false) {
    self.output = output
    self.hasByteOrderMark = hasByteOrderMark
    self.cells = CSVCells(guardsFormulas: true, escapesForTerminal: output.isTerminal)
  }

  /// Writes the header. Throws `ReportError`.
  public mutating func begin(_ run: RunDescription) throws {
    if hasByteOrderMark { try output.write([0xEF, 0xBB, 0xBF]) }
    hasStates = run.hasStates
    var columns: [StaticString] = [
      "rule", "severity", "effect", "dn", "objectGUID", "objectClass", "attribute", "value", "valueIndex",
      "characters", "message", "suggestion", "suggestedValue", "source", "line", "column", "holder", "holders",
      "fingerprint",
    ]
    if hasStates {
      columns += [
        "state", "firstSeen", "suppressionReason", "suppressionOwner", "suppressionTicket", "suppressionExpires",
      ]
    }
    for column in columns { cells.add(literal: column) }
    cells.endRow()
    try writeRows()
  }

  /// Writes the rows of one finding. Throws `ReportError`.
  public mutating func receive(_ finding: Finding) throws {
    let message = finding.message
    for number in 0..<finding.holderCount {
      addRow(number, of: finding, message: message)
      if cells.bytes.count > 32 * 1024 { try writeRows() }
    }
    try writeRows()
  }

  /// Writes what is left in the buffer. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws { try output.flush() }

  private mutating func writeRows() throws(ReportError) {
    try output.write(cells.bytes)
    cells.bytes.removeAll(keepingCapacity: true)
  }

  /// Adds the row of a holder; what belongs to the finding's own value stands in the first one only.
  private mutating func addRow(_ number: Int, of finding: Finding, message: String) {
    let holder = finding.holder(number)
    let isOwn = number == 0
    cells.add(finding.rule)
    cells.add(literal: finding.severity.literal)
    cells.add(literal: finding.effect.literal)
    cells.add(AttributeValue(finding.bytes.span.extracting(holder.dn.range)))
    cells.add(holder.objectGUID?.description ?? "")
    cells.add(String(decoding: finding.bytes[holder.objectClass.range], as: UTF8.self))
    cells.add(finding.attribute(of: holder))
    cells.add(holder.value.isThere ? AttributeValue(finding.bytes.span.extracting(holder.value.range)) : nil)
    cells.add(isOwn ? finding.valueIndex : nil)
    cells.add(isOwn ? characters(in: finding.spans) : "")
    cells.add(message)
    cells.add(literal: isOwn ? finding.layout.suggestion?.literal ?? "" : "")
    cells.add(isOwn ? finding.suggestion?.value : nil)
    addEnd(number, finding.location(of: holder), of: finding)
  }

  private mutating func addEnd(_ number: Int, _ location: SourceLocation, of finding: Finding) {
    cells.add(location.source)
    cells.add(location.line)
    cells.add(location.column)
    cells.add(number + 1)
    cells.add(finding.holderCount)
    cells.add(finding.fingerprint.hexadecimal)
    if hasStates {
      cells.add(literal: finding.state?.literal ?? "")
      cells.add(finding.firstSeen ?? "")
      cells.add(finding.suppression?.reason ?? "")
      cells.add(finding.suppression?.owner ?? "")
      cells.add(finding.suppression?.ticket ?? "")
      cells.add(finding.suppression?.expires?.description ?? "")
    }
    cells.endRow()
  }

  private mutating func characters(in spans: [FlaggedSpan]) -> String {
    var seen: [UInt32] = []
    for case let codePoint? in spans.lazy.map(\.codePoint) where seen.count < 32 && !seen.contains(codePoint) {
      seen.append(codePoint)
    }
    return seen.map { name(of: $0) }.joined(separator: "; ")
  }

  private mutating func name(of codePoint: UInt32) -> String {
    if let known = names[codePoint] { return known }
    let name = CharacterName.description(of: codePoint)
    if names.count < 4096 { names[codePoint] = name }
    return name
  }
}
