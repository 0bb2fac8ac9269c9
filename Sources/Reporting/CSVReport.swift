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
    addRow(of: finding)
    for (index, place) in finding.related.enumerated() {
      addRow(of: place, holder: index + 2, finding: finding)
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

  private mutating func addRow(of finding: Finding) {
    addRule(of: finding)
    cells.add(finding.dn)
    cells.add(finding.objectGUID?.description ?? "")
    cells.add(finding.objectClass)
    cells.add(finding.attribute)
    cells.add(finding.value)
    cells.add(finding.valueIndex)
    cells.add(characters(in: finding.spans))
    cells.add(finding.message)
    cells.add(literal: finding.suggestion?.action.literal ?? "")
    cells.add(finding.suggestion?.value)
    addEnd(location: finding.location, holder: 1, finding: finding)
  }

  private mutating func addRow(of place: RelatedValue, holder: Int, finding: Finding) {
    addRule(of: finding)
    cells.add(place.dn)
    cells.add(place.objectGUID?.description ?? "")
    cells.add(place.objectClass)
    cells.add(place.attribute)
    cells.add(place.value)
    cells.add(nil as Int?)
    cells.add(literal: "")
    cells.add(finding.message)
    cells.add(literal: "")
    cells.add(literal: "")
    addEnd(location: place.location, holder: holder, finding: finding)
  }

  private mutating func addRule(of finding: Finding) {
    cells.add(finding.rule)
    cells.add(literal: finding.severity.literal)
    cells.add(literal: finding.effect.literal)
  }

  private mutating func addEnd(location: SourceLocation, holder: Int, finding: Finding) {
    cells.add(location.source)
    cells.add(location.line)
    cells.add(location.column)
    cells.add(holder)
    cells.add(finding.related.count + 1)
    cells.add(finding.fingerprint)
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
