import Bytes
import Directory
import Findings

/// What takes the cells of a table, row by row.
protocol TableRows {
  /// Adds a cell of text.
  mutating func add(_ text: String)
  /// Adds a cell of text known at compile time.
  mutating func add(literal text: StaticString)
  /// Adds a cell with a directory value; an empty one for nil.
  mutating func add(_ value: AttributeValue?)
  /// Adds a cell with a number; an empty one for nil.
  mutating func add(_ number: Int?)
  /// Ends the row.
  mutating func endRow()
}

/// Findings as a table, one row for each holder: the columns that spreadsheets have.
struct FindingTable {
  /// Whether findings are compared with earlier runs, so that there are columns for it.
  let hasStates: Bool
  private var names: [UInt32: String] = [:]

  init(hasStates: Bool) { self.hasStates = hasStates }

  /// The names of the columns.
  var columns: [StaticString] {
    let columns: [StaticString] = [
      "rule", "severity", "effect", "dn", "objectGUID", "objectClass", "attribute", "value", "valueIndex",
      "characters", "message", "suggestion", "suggestedValue", "source", "line", "column", "holder", "holders",
      "fingerprint",
    ]
    guard hasStates else { return columns }
    return columns + [
      "state", "firstSeen", "suppressionReason", "suppressionOwner", "suppressionTicket", "suppressionExpires",
    ]
  }

  /// Adds the row of a holder; what belongs to the finding's own value stands in the first one only.
  mutating func add(
    _ number: Int, of finding: Finding, message: String, to rows: inout some TableRows
  ) {
    let holder = finding.holder(number)
    let isOwn = number == 0
    rows.add(finding.rule)
    rows.add(literal: finding.severity.literal)
    rows.add(literal: finding.effect.literal)
    rows.add(AttributeValue(finding.bytes.span.extracting(holder.dn.range)))
    rows.add(holder.objectGUID?.description ?? "")
    rows.add(String(decoding: finding.bytes[holder.objectClass.range], as: UTF8.self))
    rows.add(finding.attribute(of: holder))
    rows.add(holder.value.isThere ? AttributeValue(finding.bytes.span.extracting(holder.value.range)) : nil)
    rows.add(isOwn ? finding.valueIndex : nil)
    rows.add(isOwn ? characters(in: finding.spans) : "")
    rows.add(message)
    rows.add(literal: isOwn ? finding.layout.suggestion?.literal ?? "" : "")
    rows.add(isOwn ? finding.suggestion?.value : nil)
    addEnd(number, finding.location(of: holder), of: finding, to: &rows)
  }

  private func addEnd(
    _ number: Int, _ location: SourceLocation, of finding: Finding, to rows: inout some TableRows
  ) {
    rows.add(location.source)
    rows.add(location.line)
    rows.add(location.column)
    rows.add(number + 1)
    rows.add(finding.holderCount)
    rows.add(finding.fingerprint.hexadecimal)
    if hasStates {
      rows.add(literal: finding.state?.literal ?? "")
      rows.add(finding.firstSeen ?? "")
      rows.add(finding.suppression?.reason ?? "")
      rows.add(finding.suppression?.owner ?? "")
      rows.add(finding.suppression?.ticket ?? "")
      rows.add(finding.suppression?.expires?.description ?? "")
    }
    rows.endRow()
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
