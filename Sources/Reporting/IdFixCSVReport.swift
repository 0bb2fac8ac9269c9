import Directory
import Findings

/// The `idfix-csv` format: the nine columns of IdFix 2.6, one row for each entry, attribute and value.
///
/// - Findings about the same value of the same attribute of the same entry share a row: `ERROR` lists their labels in the
///   order found, `UPDATE` and `PROPOSEDACTION` come from the last one that proposes something. Every holder of a
///   duplicate has its own row.
/// - `ERROR` holds the labels of a finding; the rule id for rules that IdFix has no name for.
/// - `COMMONNAME` is the value of the first RDN, or what an annotation says.
/// - `PROPOSEDACTION` is what the parity rules set, else `Edit` for a new value, `Remove` for a removal and `None` without
///   a suggestion. `UPDATE` is the new value, empty for a removal, and the value itself when there is nothing better:
///   applying such a row changes nothing. `ACTION` is for the user and always empty.
/// - `ATTRIBUTE` is spelled as IdFix does, `mailnickname` in lower case.
/// - Rows are sorted by DN without regard to ASCII case, then as found; they are kept until the end for that.
/// - Quoting is RFC 4180 and lines end in CRLF, which IdFix's reader takes as well as its own sloppier form. Text that a
///   spreadsheet would take for a formula gets an apostrophe in front unless switched off; values that are not valid
///   UTF-8 appear as `base64:…`.
public struct IdFixCSVReport: FindingSink {
  private let output: ReportOutput
  private let guardsFormulas: Bool
  private let hasByteOrderMark: Bool
  private var rows = IdFixRows()

  /// A report to an output.
  /// - Parameters:
  ///   - guardsFormulas: whether cells that start like a formula get an apostrophe in front.
  ///   - hasByteOrderMark: whether the file starts with a byte order mark, as Excel wants it and IdFix does not write it.
  public init(output: ReportOutput, guardsFormulas: Bool = true, hasByteOrderMark: Bool = false) {
    self.output = output
    self.guardsFormulas = guardsFormulas
    self.hasByteOrderMark = hasByteOrderMark
  }

  /// Writes the header. Throws `ReportError`.
  public mutating func begin(_ run: RunDescription) throws {
    var bytes: [UInt8] = hasByteOrderMark ? [0xEF, 0xBB, 0xBF] : []
    bytes.append(
      literal: "DISTINGUISHEDNAME,COMMONNAME,OBJECTCLASS,ATTRIBUTE,ERROR,VALUE,UPDATE,PROPOSEDACTION,ACTION\r\n")
    try output.write(bytes)
  }

  /// Keeps the rows of one finding.
  public mutating func receive(_ finding: Finding) throws {
    rows.add(
      IdFixRow(
        dn: finding.dn, commonName: finding.commonName, objectClass: finding.objectClass,
        attribute: finding.attribute, value: finding.value, labels: Self.labels(of: finding),
        proposal: Self.proposal(of: finding)))
    for place in finding.related {
      rows.add(
        IdFixRow(
          dn: place.dn, commonName: nil, objectClass: place.objectClass, attribute: place.attribute,
          value: place.value, labels: Self.labels(of: finding), proposal: nil))
    }
  }

  /// Writes all rows in order. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    var cells = CSVCells(guardsFormulas: guardsFormulas, escapesForTerminal: output.isTerminal)
    try rows.forEachMerged { (row) throws(ReportError) in
      Self.append(row, to: &cells)
      try output.write(cells.bytes)
      cells.bytes.removeAll(keepingCapacity: true)
    }
    try output.flush()
  }

  private static func labels(of finding: Finding) -> [String] {
    let labels = finding.annotation(Annotation.labels)
    return labels.isEmpty ? [finding.rule] : labels
  }

  private static func proposal(of finding: Finding) -> IdFixRow.Proposal? {
    let proposed = finding.annotation(Annotation.proposedAction).first
    guard finding.suggestion != nil || proposed != nil else { return nil }
    let action: String
    switch finding.suggestion?.action {
    case .replace, .add: action = "Edit"
    case .remove: action = "Remove"
    case nil: action = "None"
    }
    let isRemoval = finding.suggestion?.action == .remove
    let update = isRemoval ? AttributeValue([]) : finding.suggestion?.value ?? finding.value
    return IdFixRow.Proposal(action: proposed ?? action, update: update)
  }

  private static func append(_ row: IdFixRow, to cells: inout CSVCells) {
    cells.add(row.dn)
    cells.add(row.commonName ?? DistinguishedName.firstValue(of: row.dn))
    cells.add(row.objectClass)
    cells.add(spelling(of: row.attribute))
    cells.add(row.labels.joined(separator: ", "))
    cells.add(row.value)
    cells.add(row.proposal == nil ? row.value : row.proposal?.update)
    cells.add(row.proposal?.action ?? "None")
    cells.add(literal: "")
    cells.endRow()
  }

  private static func spelling(of attribute: String) -> String {
    let known = [
      "displayName", "givenName", "mail", "mailnickname", "proxyAddresses", "sAMAccountName", "targetAddress",
      "userPrincipalName",
    ]
    let lowercased = attribute.lowercased()
    return known.first { $0.lowercased() == lowercased } ?? attribute
  }
}
