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
  /// The entry under whose heading findings are; nil before the first.
  private var entry: (dn: [UInt8], source: String)?
  private var kinds: [String: TextSummary.Kind] = [:]
  private var knownNames: [UInt32: String] = [:]
  private var hasGone = false

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
  ///
  /// What somebody accepted is counted at the end; it is shown only in the verbose report.
  public mutating func receive(_ finding: Finding) throws { try receive(packed: PackedFinding(finding)) }

  /// The same for a packed finding. Throws `ReportError`.
  public mutating func receive(packed finding: PackedFinding) throws {
    if kinds[finding.rule] == nil { kinds[finding.rule] = .init(severity: finding.severity, effect: finding.effect) }
    if finding.state == .suppressed, !isVerbose { return }
    if finding.state == .gone, !hasGone { appendGoneHeading() }
    if !isUnderHeading(finding) { appendHeading(of: finding) }
    appendTitle(of: finding)
    if finding.value != nil || !finding.spans.isEmpty { appendValue(of: finding) }
    if !finding.related.isEmpty { try writeHolders(of: finding) }
    if let action = finding.suggestion { append(action, of: finding) }
    if let suppression = finding.suppression { append(suppression, isExpired: finding.state != .suppressed) }
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

  private func isUnderHeading(_ finding: PackedFinding) -> Bool {
    guard let entry, entry.source == finding.location.source, entry.dn.count == finding.dn.count else { return false }
    let (dn, texts) = (entry.dn.span, finding.bytes.span)
    for place in dn.indices where dn[place] != texts[finding.dn.lowerBound + place] { return false }
    return true
  }

  private mutating func appendHeading(of finding: PackedFinding) {
    if entry != nil { bytes.append(literal: "\n") }
    entry = (Array(finding.bytes[finding.dn]), finding.location.source)
    let texts = finding.bytes.span
    style.append(.heading, to: &bytes) { TerminalText.append(texts.extracting(finding.dn), to: &$0) }
    bytes.append(literal: "  ")
    style.append(.minor, to: &bytes) { (bytes) in
      bytes.append(UInt8(ascii: "("))
      if !finding.objectClass.isEmpty {
        TerminalText.append(texts.extracting(finding.objectClass), to: &bytes)
        // What a store remembers has no place.
        if !finding.location.source.isEmpty { bytes.append(literal: ", ") }
      }
      TerminalText.append(finding.location.source, to: &bytes)
      if finding.location.line > 0 {
        bytes.append(UInt8(ascii: ":"))
        bytes.append(decimal: finding.location.line)
      }
      bytes.append(UInt8(ascii: ")"))
    }
    bytes.append(literal: "\n")
  }

  private mutating func appendTitle(of finding: PackedFinding) {
    bytes.append(literal: "  ")
    if finding.location.line > 0 {
      style.append(.minor, to: &bytes) { (bytes) in
        bytes.append(decimal: finding.location.line)
        guard finding.location.column > 0 else { return }
        bytes.append(UInt8(ascii: ":"))
        bytes.append(decimal: finding.location.column)
      }
      bytes.append(literal: "  ")
    }
    style.append(finding.severity.role, to: &bytes) { $0.append(literal: finding.severity.literal) }
    bytes.append(literal: "  ")
    appendShown(finding.bytes.span.extracting(finding.message), limit: isVerbose ? 4000 : width * 3)
    bytes.append(literal: "  ")
    style.append(.minor, to: &bytes) { (bytes) in
      bytes.append(UInt8(ascii: "["))
      TerminalText.append(finding.rule, to: &bytes)
      bytes.append(literal: ", ")
      bytes.append(literal: finding.effect.literal)
      if let state = finding.state {
        bytes.append(literal: ", ")
        bytes.append(literal: state.literal)
      }
      if let firstSeen = finding.firstSeen, finding.state != .new {
        bytes.append(literal: ", first seen ")
        TerminalText.append(String(firstSeen.prefix(10)), to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    }
    bytes.append(literal: "\n")
  }

  private mutating func appendValue(of finding: PackedFinding) {
    let attribute = TerminalText.escape(finding.attribute)
    let labelWidth = 4 + attribute.unicodeScalars.reduce(0) { $0 + DisplayWidth.of($1) } + 2
    let room = isVerbose ? max(400, width - labelWidth) : max(24, width - labelWidth)
    bytes.append(literal: "    ")
    bytes.append(attribute)
    bytes.append(literal: ": ")
    let shown = finding.bytes.span.extracting(finding.value ?? 0..<0)
    if finding.spans.isEmpty, shown.count < room, Self.isSimple(shown) {
      bytes.append(bytes: shown)
      bytes.append(UInt8(ascii: "\n"))
      return
    }
    let value = finding.value.map { Array(finding.bytes[$0]) } ?? []
    let excerpt = ValueExcerpt(value, spans: finding.spans, width: room)
    if style.isColoured {
      for cell in excerpt.cells {
        let text = excerpt.shown[cell.range]
        if cell.isFlagged {
          style.append(.mark, to: &bytes) { $0.append(contentsOf: text) }
        } else {
          bytes.append(contentsOf: text)
        }
      }
    } else {
      bytes.append(contentsOf: excerpt.shown)
    }
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
    let remarks = names.isEmpty || more.isEmpty ? names + more : "\(names), \(more)"
    // Names are ASCII, so that bytes are columns.
    let fits = indent + carets.count + 2 + remarks.utf8.count <= width
    style.append(.mark, to: &bytes) { (bytes) in
      bytes.append(contentsOf: carets)
      if remarks.isEmpty { return }
      bytes.append(literal: fits ? "  " : "\n      ")
      bytes.append(remarks)
    }
    bytes.append(literal: "\n")
  }

  /// The names of the flagged characters, each once, `U+0020 SPACE (2 times), U+00A0 NO-BREAK SPACE`.
  private mutating func names(in spans: [FlaggedSpan]) -> String {
    let limit = 8
    if spans.count == 1 { return spans[0].codePoint.map { name(of: $0) } ?? "" }
    var order: [UInt32] = []
    var counts: [UInt32: Int] = [:]
    for case let codePoint? in spans.lazy.map(\.codePoint) {
      counts[codePoint, default: 0] += 1
      if counts[codePoint] == 1 { order.append(codePoint) }
    }
    var names = order.prefix(limit).map { (codePoint) in
      let count = counts[codePoint] ?? 1
      return name(of: codePoint) + (count > 1 ? " (\(grouped(count)) times)" : "")
    }
    if order.count > limit { names.append("\(grouped(order.count - limit)) other characters") }
    return names.joined(separator: ", ")
  }

  /// Notation and name of a character; looked up once, as names are slow to find.
  private mutating func name(of codePoint: UInt32) -> String {
    if let known = knownNames[codePoint] { return known }
    let name = CharacterName.description(of: codePoint)
    if knownNames.count < 4096 { knownNames[codePoint] = name }
    return name
  }

  private mutating func writeHolders(of finding: PackedFinding) throws(ReportError) {
    bytes.append(literal: "    ")
    bytes.append(counted(finding.related.count + 1, "holder", "holders"))
    bytes.append(literal: ":\n")
    var first = PackedFinding.Related()
    first.dn = finding.dn
    first.objectClass = finding.objectClass
    first.attribute = finding.attribute
    first.value = finding.value
    first.location = finding.location
    appendHolder(first, finding.bytes.span)
    for place in finding.related {
      appendHolder(place, finding.bytes.span)
      if bytes.count > 32 * 1024 { try writeBytes() }
    }
  }

  private mutating func appendHolder(_ place: PackedFinding.Related, _ texts: Span<UInt8>) {
    bytes.append(literal: "      ")
    TerminalText.append(texts.extracting(place.dn), to: &bytes)
    if !place.objectClass.isEmpty {
      bytes.append(literal: " (")
      TerminalText.append(texts.extracting(place.objectClass), to: &bytes)
      bytes.append(literal: ")")
    }
    bytes.append(literal: "  ")
    TerminalText.append(place.attribute, to: &bytes)
    if let value = place.value {
      bytes.append(literal: ": ")
      appendShown(texts.extracting(value), limit: width * 2)
    }
    if !place.location.source.isEmpty {
      bytes.append(literal: "  ")
      style.append(.minor, to: &bytes) { Self.append(place.location, to: &$0) }
    }
    bytes.append(literal: "\n")
  }

  /// `export.ldif:41235:17`, as far as the place is known.
  private static func append(_ location: PackedFinding.Location, to bytes: inout [UInt8]) {
    TerminalText.append(location.source, to: &bytes)
    guard location.line > 0 else { return }
    bytes.append(UInt8(ascii: ":"))
    bytes.append(decimal: location.line)
    guard location.column > 0 else { return }
    bytes.append(UInt8(ascii: ":"))
    bytes.append(decimal: location.column)
  }

  private mutating func append(_ action: Suggestion.Action, of finding: PackedFinding) {
    let value = finding.bytes.span.extracting(finding.suggestedValue ?? 0..<0)
    let limit = isVerbose ? 4000 : width * 3
    bytes.append(literal: "    ")
    style.append(.suggestion, to: &bytes) { (bytes) in
      switch action {
      case .replace:
        bytes.append(literal: "→ ")
        Self.append(shown: value, limit: limit, to: &bytes)
      case .remove:
        bytes.append(literal: "→ remove this value")
      case .add:
        bytes.append(literal: "→ add ")
        TerminalText.append(finding.attribute, to: &bytes)
        bytes.append(literal: ": ")
        Self.append(shown: value, limit: limit, to: &bytes)
      }
    }
    bytes.append(literal: "\n")
  }

  private mutating func appendGoneHeading() {
    hasGone = true
    if entry != nil { bytes.append(literal: "\n") }
    entry = nil
    style.append(.heading, "Gone since the last run", to: &bytes)
    bytes.append(literal: "\n\n")
  }

  /// Who accepted the finding, why and until when.
  private mutating func append(_ suppression: Suppression, isExpired: Bool) {
    var text = isExpired ? "was accepted until " : "accepted until "
    if let expires = suppression.expires {
      text += expires.description
    } else {
      text = "accepted"
    }
    text += " by \(suppression.owner): \(suppression.reason)"
    if let ticket = suppression.ticket { text += " (\(ticket))" }
    bytes.append(literal: "    ")
    style.append(.minor, TerminalText.escape(text), to: &bytes)
    bytes.append(literal: "\n")
  }

  private mutating func appendDetails(of finding: PackedFinding) {
    var details = [finding.certainty.rawValue]
    if let guid = finding.objectGUID { details.append("objectGUID \(guid)") }
    details.append("fingerprint \(finding.fingerprint)")
    bytes.append(literal: "    ")
    style.append(.minor, details.joined(separator: ", "), to: &bytes)
    bytes.append(literal: "\n")
  }

  private mutating func appendShown(_ text: Span<UInt8>, limit: Int) {
    Self.append(shown: text, limit: limit, to: &bytes)
  }

  /// Appends a text in its safe form, shortened when it takes more than so many columns.
  private static func append(shown text: Span<UInt8>, limit: Int, to bytes: inout [UInt8]) {
    if text.count <= limit, isSimple(text) {
      bytes.append(bytes: text)
    } else {
      let copy = text.withUnsafeBufferPointer { Array($0) }
      bytes.append(contentsOf: ValueExcerpt(copy, spans: [], width: limit).shown)
    }
  }

  /// Whether a text is shown as it is where it fits.
  private static func isSimple(_ text: Span<UInt8>) -> Bool {
    guard isPlain(text, except: UInt8(ascii: "\\"), 0) else { return false }
    return text.isEmpty || text[0] != UInt8(ascii: " ") && text[text.count - 1] != UInt8(ascii: " ")
  }
}
