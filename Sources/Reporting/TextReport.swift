import DirectoryModel
import Findings

/// The `text` format, for people: findings grouped by entry, bad characters marked and named, then a summary, what was
/// read and a verdict. Nothing of the directory reaches the terminal unescaped.
public struct TextReport: FindingSink {
  private let output: ReportOutput
  private let isVerbose: Bool
  private let width: Int
  private let style: TextStyle
  private var bytes: [UInt8] = []
  private var entry: (dn: AttributeValue, source: String)?
  private var kinds: [String: TextSummary.Kind] = [:]

  /// A report to an output.
  /// - Parameters:
  ///   - usesColour: whether to use colours; the caller knows about terminals and `NO_COLOR`.
  ///   - isVerbose: whether to tell certainty, objectGUID and fingerprint of each finding and to shorten less.
  ///   - width: columns of the terminal; values are shortened to it.
  public init(output: ReportOutput, usesColour: Bool = false, isVerbose: Bool = false, width: Int = 100) {
    self.output = output
    self.isVerbose = isVerbose
    self.width = max(40, width)
    self.style = TextStyle(isColoured: usesColour)
  }

  /// Writes nothing: the report starts with the first finding.
  public mutating func begin(_ run: RunDescription) throws {}

  /// Writes one finding, under the heading of its entry. Throws `ReportError`.
  public mutating func receive(_ finding: Finding) throws {
    if kinds[finding.rule] == nil { kinds[finding.rule] = .init(severity: finding.severity, effect: finding.effect) }
    if entry?.dn != finding.dn || entry?.source != finding.location.source { appendHeading(of: finding) }
    appendTitle(of: finding)
    if finding.value != nil || !finding.spans.isEmpty { appendValue(of: finding) }
    if !finding.related.isEmpty { try writeHolders(of: finding) }
    if let suggestion = finding.suggestion { append(suggestion, of: finding) }
    if isVerbose { appendDetails(of: finding) }
    try writeBytes()
  }

  /// Writes summary, coverage and verdict. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    if entry != nil { bytes.append(literal: "\n") }
    TextSummary(style: style).append(counts, kinds: kinds, to: &bytes)
    let lines = CoverageText.lines(for: coverage, isVerbose: isVerbose)
    for (index, line) in lines.enumerated() {
      bytes.append(index == 0 ? "Coverage: " : "  ")
      bytes.append(line)
      bytes.append(literal: "\n")
    }
    let role: TextStyle.Role = !coverage.isComplete ? .warning : counts.total == 0 ? .suggestion : .heading
    style.append(role, CoverageText.verdict(for: coverage, findings: counts.total), to: &bytes)
    bytes.append(literal: "\n")
    try writeBytes()
    try output.flush()
  }

  private mutating func writeBytes() throws(ReportError) {
    try output.write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  private mutating func appendHeading(of finding: Finding) {
    if entry != nil { bytes.append(literal: "\n") }
    entry = (finding.dn, finding.location.source)
    style.append(.heading, to: &bytes) { TerminalText.append(finding.dn.bytes, to: &$0) }
    var place = finding.objectClass.isEmpty ? "" : TerminalText.escape(finding.objectClass) + ", "
    place += TerminalText.escape(finding.location.source)
    if let line = finding.location.line { place += ":\(line)" }
    bytes.append(literal: "  ")
    style.append(.minor, "(\(place))", to: &bytes)
    bytes.append(literal: "\n")
  }

  private mutating func appendTitle(of finding: Finding) {
    bytes.append(literal: "  ")
    if let line = finding.location.line {
      let column = finding.location.column.map { ":\($0)" } ?? ""
      style.append(.minor, "\(line)\(column)", to: &bytes)
      bytes.append(literal: "  ")
    }
    style.append(finding.severity.role, finding.severity.rawValue, to: &bytes)
    bytes.append(literal: "  ")
    bytes.append(shown(Array(finding.message.utf8), limit: isVerbose ? 4000 : width * 3))
    bytes.append(literal: "  ")
    style.append(.minor, "[\(TerminalText.escape(finding.rule)), \(finding.effect.rawValue)]", to: &bytes)
    bytes.append(literal: "\n")
  }

  private mutating func appendValue(of finding: Finding) {
    let value = finding.value?.bytes ?? []
    let label = "    \(TerminalText.escape(finding.attribute)): "
    let labelWidth = label.unicodeScalars.count
    let room = isVerbose ? max(400, width - labelWidth) : max(24, width - labelWidth)
    let excerpt = ValueExcerpt(value, spans: finding.spans, width: room)
    bytes.append(label)
    for cell in excerpt.cells {
      if cell.isFlagged && style.isColoured {
        style.append(.mark, to: &bytes) { $0.append(contentsOf: cell.text) }
      } else {
        bytes.append(contentsOf: cell.text)
      }
    }
    while bytes.last == UInt8(ascii: " "), !style.isColoured { bytes.removeLast() }
    if excerpt.isShortened {
      style.append(.minor, "  (\(counted(value.count, "byte", "bytes")))", to: &bytes)
    }
    bytes.append(literal: "\n")
    appendCarets(of: excerpt, names: names(in: finding.spans), indent: labelWidth)
  }

  private mutating func appendCarets(of excerpt: ValueExcerpt, names: String, indent: Int) {
    let carets = excerpt.carets
    guard !carets.isEmpty else { return }
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
    let more = excerpt.hiddenPlaces > 0 ? "and \(counted(excerpt.hiddenPlaces, "place", "places")) more" : ""
    let remarks = [names, more].filter { !$0.isEmpty }.joined(separator: ", ")
    let fits = indent + carets.count + 2 + remarks.count <= width
    style.append(.mark, fits && !remarks.isEmpty ? "\(carets)  \(remarks)" : carets, to: &bytes)
    bytes.append(literal: "\n")
    guard !fits && !remarks.isEmpty else { return }
    bytes.append(literal: "      ")
    style.append(.mark, remarks, to: &bytes)
    bytes.append(literal: "\n")
  }

  /// The names of the flagged characters, each once, `U+0020 SPACE (2 times), U+00A0 NO-BREAK SPACE`.
  private func names(in spans: [FlaggedSpan]) -> String {
    let limit = 8
    var order: [UInt32] = []
    var counts: [UInt32: Int] = [:]
    for case let codePoint? in spans.lazy.map(\.codePoint) {
      counts[codePoint, default: 0] += 1
      if counts[codePoint] == 1 { order.append(codePoint) }
    }
    var names = order.prefix(limit).map { (codePoint) in
      let count = counts[codePoint] ?? 1
      return CharacterName.description(of: codePoint) + (count > 1 ? " (\(grouped(count)) times)" : "")
    }
    if order.count > limit { names.append("\(grouped(order.count - limit)) other characters") }
    return names.joined(separator: ", ")
  }

  private mutating func writeHolders(of finding: Finding) throws(ReportError) {
    bytes.append("    \(counted(finding.related.count + 1, "holder", "holders")):\n")
    appendHolder(
      RelatedValue(
        dn: finding.dn, objectGUID: finding.objectGUID, objectClass: finding.objectClass,
        attribute: finding.attribute, value: finding.value, location: finding.location))
    for place in finding.related {
      appendHolder(place)
      if bytes.count > 32 * 1024 { try writeBytes() }
    }
  }

  private mutating func appendHolder(_ place: RelatedValue) {
    bytes.append(literal: "      ")
    TerminalText.append(place.dn.bytes, to: &bytes)
    if !place.objectClass.isEmpty {
      bytes.append(literal: " (")
      TerminalText.append(place.objectClass, to: &bytes)
      bytes.append(literal: ")")
    }
    bytes.append(literal: "  ")
    TerminalText.append(place.attribute, to: &bytes)
    if let value = place.value {
      bytes.append(literal: ": ")
      bytes.append(shown(value.bytes, limit: width * 2))
    }
    bytes.append(literal: "  ")
    style.append(.minor, TerminalText.escape(place.location.description), to: &bytes)
    bytes.append(literal: "\n")
  }

  private mutating func append(_ suggestion: Suggestion, of finding: Finding) {
    let value = shown(suggestion.value?.bytes ?? [], limit: isVerbose ? 4000 : width * 3)
    let text: String
    switch suggestion.action {
    case .replace: text = "→ \(value)"
    case .remove: text = "→ remove this value"
    case .add: text = "→ add \(TerminalText.escape(finding.attribute)): \(value)"
    }
    bytes.append(literal: "    ")
    style.append(.suggestion, text, to: &bytes)
    bytes.append(literal: "\n")
  }

  private mutating func appendDetails(of finding: Finding) {
    var details = [finding.certainty.rawValue]
    if let guid = finding.objectGUID { details.append("objectGUID \(guid)") }
    details.append("fingerprint \(TerminalText.escape(finding.fingerprint))")
    bytes.append(literal: "    ")
    style.append(.minor, details.joined(separator: ", "), to: &bytes)
    bytes.append(literal: "\n")
  }

  /// A text in its safe form, shortened when it takes more than so many columns.
  private func shown(_ text: [UInt8], limit: Int) -> String {
    if text.count <= limit && isPlain(text.span, except: UInt8(ascii: "\\"), 0) && text.last != UInt8(ascii: " ") {
      return String(decoding: text, as: UTF8.self)
    }
    return ValueExcerpt(text, spans: [], width: limit).text
  }
}
