import Bytes
import Directory
import Findings

/// Resolved errors for people: the object, the bad value and why it is bad, who else holds a value, what to do. Nothing of
/// the material or the directory reaches the terminal unescaped.
public struct ResolutionText {
  /// The text so far; the caller writes it out and empties it.
  public var bytes: [UInt8] = []
  private let width: Int
  private let isVerbose: Bool
  private let style: TextStyle
  private var count = 0
  /// Ids of errors that were explained, and the number of the answer where that was.
  private var explained: [String: Int] = [:]

  /// A writer.
  ///
  /// - Parameters:
  ///   - usesColour: whether to use colours; the caller knows about terminals and `NO_COLOR`.
  ///   - isVerbose: whether to show more than a few values of an attribute and references.
  ///   - width: columns of the terminal.
  public init(usesColour: Bool = false, isVerbose: Bool = false, width: Int = 100) {
    self.width = max(40, width)
    self.isVerbose = isVerbose
    style = TextStyle(isColoured: usesColour)
  }

  /// Appends an answer.
  public mutating func append(_ answer: ResolvedError) {
    count += 1
    if count > 1 { bytes.append(literal: "\n") }
    appendHead(answer)
    for identifier in answer.identifiers { append(identifier) }
    switch answer.status {
    case .resolved: break
    case .ambiguous: line("  ", "Ambiguous: \(answer.reason).", .warning)
    case .unresolved: line("  ", "Not resolved: \(answer.reason).", .warning)
    }
    for object in answer.objects { append(object) }
    for conflict in answer.conflicts { append(conflict) }
    for remark in answer.remarks { wrapped("  ", "Note: \(remark)") }
    if let explanation = answer.explanation { append(explanation, of: answer.error) }
    for object in answer.objects { append(object.steps) }
    for conflict in answer.conflicts { append(conflict.steps) }
  }

  /// Appends the sum of all.
  public mutating func finish(_ summary: ResolutionSummary) {
    if count > 0 { bytes.append(literal: "\n") }
    let errors = summary.resolved + summary.ambiguous + summary.unresolved
    var parts = ["\(grouped(summary.resolved)) resolved"]
    if summary.ambiguous > 0 { parts.append("\(grouped(summary.ambiguous)) ambiguous") }
    if summary.unresolved > 0 { parts.append("\(grouped(summary.unresolved)) not resolved") }
    line("", "\(counted(errors, "distinct error", "distinct errors")): \(parts.joined(separator: ", "))", .heading)
    line("", "\(counted(summary.entriesRead, "entry", "entries")) read", nil)
    if summary.recordsLost > 0 {
      line("  ", "\(counted(summary.recordsLost, "record", "records")) could not be read", .warning)
    }
    for gap in summary.gaps { line("  ", "not read in full: \(gap)", .warning) }
    if summary.isInterrupted { line("  ", "interrupted before the end of the sources", .warning) }
  }

  // MARK: - The error

  private mutating func appendHead(_ answer: ResolvedError) {
    let error = answer.error
    var title = error.title.isEmpty ? error.id : error.title
    var facts: [String] = []
    if let type = error.type, !type.isEmpty { facts.append(type) }
    if let id = error.eventID { facts.append("event \(id)") }
    facts.append(error.id)
    title = "Error \(count): \(title)"
    style.append(.heading, to: &bytes) { TerminalText.append(title, to: &$0) }
    bytes.append(literal: "  ")
    var seen: Set<String> = []
    let shown = facts.filter { seen.insert($0.lowercased()).inserted && title != "Error \(count): \($0)" }
    if !shown.isEmpty {
      style.append(.minor, to: &bytes) { TerminalText.append("[\(shown.joined(separator: ", "))]", to: &$0) }
    }
    bytes.append(literal: "\n")
    let text = error.message.split { $0.isNewline || $0 == "\t" || $0 == " " }.joined(separator: " ")
    let limit = isVerbose ? 4000 : width * 6
    let excerpt = ValueExcerpt(Array(text.utf8), spans: [], width: limit).text
    wrapped("  ", excerpt, isSafe: true)
    line("  ", occurrences(error), .minor)
  }

  private func occurrences(_ error: ErrorDescription) -> String {
    var text = counted(error.count, "time", "times")
    if let first = error.first, let last = error.last, first != last {
      text += ", first \(first), last \(last)"
    } else if let time = error.last ?? error.first {
      text += ", \(time)"
    }
    if let id = error.trackingID { text += ", tracking id \(id)" }
    return "\(text), \(error.location)"
  }

  private mutating func append(_ identifier: Identifier) {
    bytes.append(literal: "  ")
    TerminalText.append(identifier.text, to: &bytes)
    bytes.append(literal: "\n")
    var facts = [identifier.form.label]
    switch identifier.nature {
    case .cloud where identifier.cloudAnchor == nil: facts.append("id of an object in the cloud")
    case .engine: facts.append("id of the synchronization engine")
    default: break
    }
    if let guid = identifier.guid, identifier.form != .guid { facts.append("GUID \(guid)") }
    if let anchor = identifier.sourceAnchorText, identifier.form != .sourceAnchor {
      facts.append("immutable id \(anchor)")
    }
    if let cloud = identifier.cloudAnchor { facts.append("cloud object id \(cloud.objectID)") }
    line("    ", facts.joined(separator: ", "), .minor)
  }

  // MARK: - Objects

  private mutating func append(_ object: ResolvedObject) {
    bytes.append(literal: "\n  ")
    style.append(.heading, to: &bytes) { TerminalText.append(object.dn.bytes, to: &$0) }
    bytes.append(literal: "\n")
    var facts: [String] = []
    if !object.objectClass.isEmpty { facts.append(object.objectClass) }
    if object.state != .present { facts.append(object.state.rawValue) }
    if let isEnabled = object.isEnabled { facts.append(isEnabled ? "enabled" : "disabled") }
    facts.append(object.location.description)
    line("    ", facts.joined(separator: ", "), .minor)
    let isOfAttribute = [object.matchedBy.lowercased(), "dn"].contains(object.matchedAttribute.lowercased())
    let place = isOfAttribute || !object.path.isEmpty ? "" : " in \(object.matchedAttribute)"
    line("    ", "found by \(object.matchedBy): \(object.matchedText)\(place)", nil)
    for step in object.path { line("      ", "by way of \(step)", .minor) }
    if let guid = object.objectGUID { line("    ", "objectGUID          \(guid)", nil) }
    if let id = object.immutableID {
      line("    ", "immutable id        \(id)  (\(object.immutableIDAttribute))", nil)
    }
    if let dn = object.connectorSpaceDN { line("    ", "connector-space DN  \(dn)", nil) }
    for attribute in object.attributes { append(attribute, of: object) }
    appendOtherFindings(object)
    for remark in object.remarks { wrapped("    ", "Note: \(remark)") }
  }

  private mutating func append(_ attribute: NamedValues, of object: ResolvedObject) {
    bytes.append(literal: "    ")
    style.append(.heading, to: &bytes) { TerminalText.append(attribute.name, to: &$0) }
    bytes.append(": \(counted(attribute.values.count, "value", "values"))\n")
    let own = object.findings.filter { $0.attribute.lowercased() == attribute.name.lowercased() }
    let limit = isVerbose ? Int.max : 20
    var hidden = 0
    for (index, value) in attribute.values.enumerated() {
      let findings = own.filter { $0.valueIndex == index || $0.valueIndex == nil && $0.value == value }
      guard index < limit || !findings.isEmpty else {
        hidden += 1
        continue
      }
      append(value, findings)
    }
    if hidden > 0 {
      line("      ", "… \(counted(hidden, "more value", "more values")) without a finding (--verbose)", .minor)
    }
    for finding in own where finding.value == nil { append(finding, indent: "      ") }
  }

  private mutating func append(_ value: AttributeValue, _ findings: [Finding]) {
    let excerpt = ValueExcerpt(value.bytes, spans: findings.flatMap(\.spans), width: max(24, width - 6))
    bytes.append(literal: "      ")
    for cell in excerpt.cells {
      let text = excerpt.shown[cell.range]
      if cell.isFlagged, style.isColoured {
        style.append(.mark, to: &bytes) { $0.append(contentsOf: text) }
      } else {
        bytes.append(contentsOf: text)
      }
    }
    bytes.append(literal: "\n")
    let carets = excerpt.carets
    if !carets.isEmpty {
      bytes.append(literal: "      ")
      style.append(.mark, to: &bytes) { $0.append(contentsOf: carets) }
      let names = Self.names(findings.flatMap(\.spans))
      if !names.isEmpty {
        bytes.append(literal: "  ")
        bytes.append(names)
      }
      bytes.append(literal: "\n")
    }
    for finding in findings { append(finding, indent: "        ") }
  }

  private mutating func append(_ finding: Finding, indent: String) {
    bytes.append(indent)
    style.append(finding.severity.role, to: &bytes) { $0.append(literal: finding.severity.literal) }
    bytes.append(literal: "  ")
    bytes.append(ValueExcerpt(Array(finding.message.utf8), spans: [], width: isVerbose ? 4000 : width * 3).text)
    style.append(.minor, "  [\(TerminalText.escape(finding.rule)), \(finding.effect.rawValue)]", to: &bytes)
    bytes.append(literal: "\n")
    guard let suggestion = finding.suggestion else { return }
    bytes.append(indent)
    let value = ValueExcerpt(suggestion.value?.bytes ?? [], spans: [], width: isVerbose ? 4000 : width * 3).text
    let text =
      switch suggestion.action {
      case .replace: "→ \(value)"
      case .remove: "→ remove this value"
      case .add: "→ add \(TerminalText.escape(finding.attribute)): \(value)"
      }
    style.append(.suggestion, text, to: &bytes)
    bytes.append(literal: "\n")
  }

  private mutating func appendOtherFindings(_ object: ResolvedObject) {
    let named = Set(object.attributes.map { $0.name.lowercased() })
    let others = object.findings.filter { !named.contains($0.attribute.lowercased()) }
    guard !others.isEmpty else { return }
    line("    ", named.isEmpty ? "findings on this object:" : "other findings on this object:", nil)
    for finding in others {
      if let value = finding.value, !finding.spans.isEmpty {
        bytes.append(literal: "      ")
        TerminalText.append(finding.attribute, to: &bytes)
        bytes.append(literal: ":\n")
        append(value, [finding])
      } else {
        append(finding, indent: "      ")
      }
    }
  }

  /// Names of flagged characters, each once.
  private static func names(_ spans: [FlaggedSpan]) -> String {
    var seen: Set<UInt32> = []
    let points = spans.compactMap(\.codePoint).filter { seen.insert($0).inserted }
    let shown = points.prefix(8).map { CharacterName.description(of: $0) }
    return (shown + (points.count > 8 ? ["…"] : [])).joined(separator: ", ")
  }

  // MARK: - Conflicts, explanation, steps

  private mutating func append(_ conflict: HeldValue) {
    bytes.append(literal: "\n  ")
    // Where nothing was looked at, nothing is said of holders.
    let head =
      conflict.isLookedUp ? counted(conflict.holders.count, "place holds", "places hold") : "Said to be taken:"
    bytes.append("\(head) \(TerminalText.escape(conflict.attribute)) ")
    bytes.append(ValueExcerpt(Array(conflict.value.utf8), spans: [], width: width * 2).text)
    bytes.append(literal: "\n")
    for holder in conflict.holders {
      bytes.append(literal: "    ")
      TerminalText.append(holder.dn.bytes, to: &bytes)
      if !holder.objectClass.isEmpty { TerminalText.append(" (\(holder.objectClass))", to: &bytes) }
      bytes.append(literal: "  ")
      TerminalText.append(holder.attribute, to: &bytes)
      if let value = holder.value {
        bytes.append(literal: ": ")
        bytes.append(ValueExcerpt(value.bytes, spans: [], width: width * 2).text)
      }
      bytes.append(literal: "  ")
      style.append(.minor, TerminalText.escape(holder.location.description), to: &bytes)
      bytes.append(literal: "\n")
    }
  }

  private mutating func append(_ explanation: ErrorExplanation, of error: ErrorDescription) {
    bytes.append(literal: "\n")
    // Other codes have other causes.
    let key = [error.id, error.code].compactMap { $0 }.joined(separator: " ")
    if let first = explained[key] {
      line("  ", "Meaning, cause and what to do: see error \(first).", nil)
      return
    }
    explained[key] = count
    for (label, text) in [
      ("Meaning", explanation.meaning), ("Cause", explanation.cause), ("What to do", explanation.remedy),
    ] where !text.isEmpty { wrapped("  ", "\(label): \(text)") }
    if !explanation.alternatives.isEmpty {
      wrapped("  ", "When the object looks right, it can also mean:")
      for alternative in explanation.alternatives { wrapped("    ", "- \(alternative)") }
    }
    for reference in explanation.references { line("  ", reference, .minor) }
  }

  private mutating func append(_ steps: [NextStep]) {
    for step in steps {
      bytes.append(literal: "\n")
      line("  ", "\(step.title) (\(step.kind == .powershell ? "PowerShell" : "LDIF")):", .suggestion)
      for row in step.text.split(separator: "\n") { line("    ", String(row), nil) }
    }
  }

  // MARK: - Lines

  private mutating func line(_ indent: String, _ text: String, _ role: TextStyle.Role?) {
    bytes.append(indent)
    if let role {
      style.append(role, to: &bytes) { TerminalText.append(text, to: &$0) }
    } else {
      TerminalText.append(text, to: &bytes)
    }
    bytes.append(literal: "\n")
  }

  /// Appends text in lines of at most the width.
  private mutating func wrapped(_ indent: String, _ text: String, isSafe: Bool = false) {
    var column = 0
    for word in text.split(whereSeparator: { $0 == " " || $0.isNewline }) {
      let shown = isSafe ? String(word) : TerminalText.escape(String(word))
      let columns = shown.unicodeScalars.reduce(0) { $0 + DisplayWidth.of($1) }
      if column > 0, column + 1 + columns > width {
        bytes.append(literal: "\n")
        column = 0
      }
      bytes.append(column == 0 ? indent : " ")
      column += (column == 0 ? indent.count : 1) + columns
      bytes.append(shown)
    }
    bytes.append(literal: "\n")
  }
}
