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
  private var table = FindingTable(hasStates: false)

  /// A report to an output; a byte order mark makes Excel read the file as UTF-8.
  public init(output: ReportOutput, hasByteOrderMark: Bool = false) {
    self.output = output
    self.hasByteOrderMark = hasByteOrderMark
    self.cells = CSVCells(guardsFormulas: true, escapesForTerminal: output.isTerminal)
  }

  /// Writes the header. Throws `ReportError`.
  public mutating func begin(_ run: RunDescription) throws {
    if hasByteOrderMark { try output.write([0xEF, 0xBB, 0xBF]) }
    table = FindingTable(hasStates: run.hasStates)
    for column in table.columns { cells.add(literal: column) }
    cells.endRow()
    try writeRows()
  }

  /// Writes the rows of one finding. Throws `ReportError`.
  public mutating func receive(_ finding: Finding) throws {
    let message = finding.message
    for number in 0..<finding.holderCount {
      table.add(number, of: finding, message: message, to: &cells)
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
}
