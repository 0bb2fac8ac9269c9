import Bytes
import Directory
import Findings

/// The `text` format, for people: findings grouped by entry, bad characters marked and named, then a summary, what was
/// read, by which rules, and a verdict. Nothing of the directory reaches the terminal unescaped.
public struct TextReport: FindingSink {
  private let output: ReportOutput
  private let detail: TextDetail
  private let width: Int
  private let style: TextStyle
  private var selection: TextSelection
  private var run = RunDescription(version: "", ruleSet: "", sources: [])
  /// The entry under whose heading findings are, when there is a heading yet.
  private var entry: (dn: [UInt8], source: String) = ([], "")
  private var hasHeading = false
  private var kinds: [String: TextSummary.Kind] = [:]
  /// By number of a rule in the run: what is shown of it; empty before its first finding.
  private var knownRules: [[UInt8]] = []
  private var knownNames: [UInt32: String] = [:]
  /// The source of the last finding, and what is shown of it.
  private var knownSource: (name: String, shown: [UInt8]) = ("", [])
  private var hasGone = false
  /// The first holders of the last duplicate: those of one value mostly hold others together, too.
  private var knownHolders = Array(repeating: KnownHolder(), count: 4)

  /// A report to an output.
  /// - Parameters:
  ///   - usesColour: whether to use colours; the caller knows about terminals and `NO_COLOR`.
  ///   - detail: how much is told.
  ///   - width: columns of the terminal; values are shortened to it.
  public init(
    output: ReportOutput, usesColour: Bool = false, detail: TextDetail = TextDetail(), width: Int = 100
  ) {
    self.output = output
    self.detail = detail
    selection = TextSelection(detail)
    self.width = max(40, width)
    self.style = TextStyle(isColoured: usesColour)
  }

  /// Writes what many findings have in common, before the first finding. Throws `ReportError`.
  public mutating func begin(_ run: RunDescription) throws {
    self.run = run
    guard !run.causes.isEmpty else { return }
    try output.compose { bytes in
      style.append(.heading, to: &bytes) { $0.append(literal: "Causes") }
      bytes.append(literal: "\n")
      for cause in run.causes {
        bytes.append(literal: "  ")
        TerminalText.append(CauseText.line(for: cause), to: &bytes)
        bytes.append(literal: "\n")
      }
      bytes.append(literal: "\n")
    }
  }

  /// Writes one finding, under the heading of its entry, if it is to be shown. Throws `ReportError`.
  public mutating func receive(_ finding: Finding) throws {
    learnKind(of: finding)
    guard selection.shows(finding) else { return }
    // A few holders at a time, so that the output is written while a hundred thousand of them are made.
    let count = finding.holderCount - 1
    var end = min(Self.holdersAtOnce, count)
    try output.compose { bytes in append(finding, holders: 0..<end, to: &bytes) }
    while end < count {
      let start = end
      end = min(start + Self.holdersAtOnce, count)
      try output.compose { bytes in append(finding, holders: start..<end, to: &bytes) }
    }
  }

  private static let holdersAtOnce = 64

  /// Writes summary, coverage and verdict. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    try output.compose { bytes in
      if hasHeading { bytes.append(UInt8(ascii: "\n")) }
      TextSummary(style: style).append(counts, kinds: kinds, to: &bytes)
      appendList("Not shown: ", selection.remarks, to: &bytes)
      appendList("Coverage: ", CoverageText.lines(for: coverage, isVerbose: detail.isVerbose), to: &bytes)
      appendList("Rules: ", [RunText.rules(of: run, coverage)], to: &bytes)
      appendList("Reports: ", detail.files.map(TerminalText.escape), to: &bytes)
      if let sentence = Headline.text(run, counts) { bytes.append("\(sentence)\n") }
      let role: TextStyle.Role = !coverage.isComplete ? .warning : counts.total == 0 ? .suggestion : .heading
      style.append(role, CoverageText.verdict(for: coverage, findings: counts.total), to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
    try output.flush()
  }

  /// Appends lines, the first behind a title.
  private func appendList(_ title: String, _ lines: [String], to bytes: inout ByteBuffer) {
    for (index, line) in lines.enumerated() {
      bytes.append(index == 0 ? title : "  ")
      bytes.append(line)
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  private mutating func learnKind(of finding: Finding) {
    let number = finding.ruleNumber
    if number >= 0 {
      while knownRules.count <= number { knownRules.append([]) }
      if !knownRules[number].isEmpty { return }
      Self.append(rule: finding, to: &knownRules[number])
    }
    if kinds[finding.rule] == nil { kinds[finding.rule] = .init(severity: finding.severity, effect: finding.effect) }
  }

  private func isUnderHeading(_ finding: Finding) -> Bool {
    hasHeading && entry.source == finding.source(of: finding.layout.own)
      && areEqual(entry.dn.span, finding.bytes.span.extracting(finding.layout.own.dn.range))
  }

  private mutating func appendHeading(of finding: Finding, to bytes: inout ByteBuffer) {
    if hasHeading { bytes.append(literal: "\n") }
    hasHeading = true
    let texts = finding.bytes.span
    let own = finding.layout.own
    let source = finding.source(of: own)
    entry.dn.removeAll(keepingCapacity: true)
    entry.dn.append(bytes: texts.extracting(own.dn.range))
    entry.source = source
    style.append(.heading, to: &bytes) { Self.appendName(texts.extracting(own.dn.range), to: &$0) }
    bytes.append(literal: "  ")
    style.append(.minor, to: &bytes) { (bytes) in
      bytes.append(UInt8(ascii: "("))
      if !own.objectClass.range.isEmpty {
        TerminalText.append(texts.extracting(own.objectClass.range), to: &bytes)
        // What a store remembers has no place.
        if !source.isEmpty { bytes.append(literal: ", ") }
      }
      append(source: source, to: &bytes)
      let line = finding.line(of: own)
      if line > 0 {
        bytes.append(UInt8(ascii: ":"))
        bytes.append(decimal: line)
      }
      bytes.append(UInt8(ascii: ")"))
    }
    bytes.append(literal: "\n")
  }

  /// Appends the beginning of what stands in brackets behind the message.
  private func appendRule(of finding: Finding, to bytes: inout ByteBuffer) {
    if finding.ruleNumber >= 0, finding.ruleNumber < knownRules.count {
      let shown = knownRules[finding.ruleNumber]
      bytes.append(bytes: shown.span)
    } else {
      Self.append(rule: finding, to: &bytes)
    }
  }

  private static func append<Output: ByteAppending & ~Copyable>(rule finding: Finding, to bytes: inout Output) {
    bytes.append(UInt8(ascii: "["))
    TerminalText.append(finding.rule, to: &bytes)
    bytes.append(literal: ", ")
    bytes.append(literal: finding.effect.literal)
  }

  private func appendTitle(of finding: Finding, to bytes: inout ByteBuffer) {
    bytes.append(literal: "  ")
    let line = finding.line(of: finding.layout.own)
    if line > 0 {
      let column = Int(finding.layout.own.column)
      style.append(.minor, to: &bytes) { (bytes) in
        bytes.append(decimal: line)
        guard column > 0 else { return }
        bytes.append(UInt8(ascii: ":"))
        bytes.append(decimal: column)
      }
      bytes.append(literal: "  ")
    }
    style.append(finding.severity.role, to: &bytes) { $0.append(literal: finding.severity.literal) }
    bytes.append(literal: "  ")
    Self.append(
      shown: finding.bytes.span.extracting(finding.layout.message.range), limit: detail.isVerbose ? 4000 : width * 3,
      to: &bytes)
    bytes.append(literal: "  ")
    style.append(.minor, to: &bytes) { (bytes) in
      appendRule(of: finding, to: &bytes)
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

  private mutating func appendValue(of finding: Finding, to bytes: inout ByteBuffer) {
    bytes.append(literal: "    ")
    let own = finding.layout.own
    let labelWidth = 4 + TerminalText.append(finding.attribute(of: own), to: &bytes) + 2
    let room = max(detail.isVerbose ? 400 : 24, width - labelWidth)
    let shown = finding.bytes.span.extracting(own.value.range)
    let hasNoPlaces = finding.spanCount == 0
    if hasNoPlaces, shown.count <= room, Self.isSimple(shown) {
      bytes.append(literal: ": ")
      bytes.append(bytes: shown)
      bytes.append(UInt8(ascii: "\n"))
      return
    }
    if hasNoPlaces, BinaryText.isToBeShown(shown, columns: room - 1) {
      bytes.append(literal: ":: ")
      bytes.append(base64: shown)
      bytes.append(UInt8(ascii: "\n"))
      return
    }
    bytes.append(literal: ": ")
    if hasNoPlaces {
      let isWhole = Self.appendWhole(shown, limit: room, to: &bytes)
      if isWhole || ValueExcerpt.appendShortened(shown, width: room, to: &bytes) {
        if !isWhole { appendLength(of: shown, to: &bytes) }
        bytes.append(UInt8(ascii: "\n"))
        return
      }
    }
    let value = Array(finding.bytes[own.value.range])
    let spans = finding.spans
    let excerpt = ValueExcerpt(value, spans: spans, width: room)
    if style.isColoured {
      for cell in excerpt.cells {
        let text = excerpt.shown[cell.range]
        if cell.isFlagged {
          style.append(.mark, to: &bytes) { $0.append(bytes: text.span) }
        } else {
          bytes.append(bytes: text.span)
        }
      }
    } else {
      bytes.append(bytes: excerpt.shown.span)
    }
    if excerpt.isShortened { appendLength(of: value.span, to: &bytes) }
    bytes.append(literal: "\n")
    appendCarets(of: excerpt, names: names(in: spans), indent: labelWidth, to: &bytes)
  }

  private func appendLength(of value: Span<UInt8>, to bytes: inout ByteBuffer) {
    style.append(.minor, to: &bytes) { bytes in
      bytes.append(literal: "  (")
      bytes.append(grouped: value.count)
      bytes.append(literal: value.count == 1 ? " byte)" : " bytes)")
    }
  }

  private func appendCarets(
    of excerpt: ValueExcerpt, names: String, indent: Int, to bytes: inout ByteBuffer
  ) {
    let carets = excerpt.carets
    guard !carets.isEmpty else { return }
    for _ in 0..<indent { bytes.append(UInt8(ascii: " ")) }
    let more = excerpt.hiddenPlaces > 0 ? "and \(counted(excerpt.hiddenPlaces, "place", "places")) more" : ""
    let remarks = names.isEmpty || more.isEmpty ? names + more : "\(names), \(more)"
    // Names are ASCII, so that bytes are columns.
    let fits = indent + carets.count + 2 + remarks.utf8.count <= width
    style.append(.mark, to: &bytes) { (bytes) in
      bytes.append(bytes: carets.span)
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

  private mutating func learnSource(_ source: String) {
    knownSource = (source, [])
    TerminalText.append(source, to: &knownSource.shown)
  }

  /// Appends a finding as far as it is about the holders of the numbers: its beginning with the first, its end with the last.
  ///
  /// Everything that is appended is appended in here: a closure that did it piece by piece would copy the report for each.
  private mutating func append(_ finding: Finding, holders: Range<Int>, to bytes: inout ByteBuffer) {
    if holders.lowerBound == 0 {
      let own = finding.layout.own
      let source = finding.source(of: own)
      if source != knownSource.name { learnSource(source) }
      if finding.state == .gone, !hasGone { appendGoneHeading(to: &bytes) }
      if !isUnderHeading(finding) { appendHeading(of: finding, to: &bytes) }
      appendTitle(of: finding, to: &bytes)
      if own.value.isThere || finding.spanCount > 0 { appendValue(of: finding, to: &bytes) }
    }
    if !holders.isEmpty { appendHolders(of: finding, holders, to: &bytes) }
    if holders.upperBound == finding.holderCount - 1 { appendRest(of: finding, to: &bytes) }
  }

  /// Appends the holders of a duplicate from those of the numbers, and before the first of them the finding's own.
  private mutating func appendHolders(of finding: Finding, _ numbers: Range<Int>, to bytes: inout ByteBuffer) {
    if numbers.lowerBound == 0 {
      bytes.append(literal: "    ")
      bytes.append(grouped: finding.holderCount)
      bytes.append(literal: " holders:\n")
      appendHolder(0, of: finding, to: &bytes)
    }
    for number in numbers { appendHolder(number + 1, of: finding, to: &bytes) }
  }

  /// Appends a holder; the value only where it is spelled otherwise than above.
  private mutating func appendHolder(_ number: Int, of finding: Finding, to bytes: inout ByteBuffer) {
    let texts = finding.bytes.span
    let holder = finding.holder(number)
    let (dn, objectClass) = (texts.extracting(holder.dn.range), texts.extracting(holder.objectClass.range))
    if number < knownHolders.count {
      knownHolders[number].set(dn, objectClass)
      let shown = knownHolders[number].shown
      bytes.append(bytes: shown.span)
    } else {
      KnownHolder.append(dn, objectClass, to: &bytes)
    }
    TerminalText.append(finding.attribute(of: holder), to: &bytes)
    let value = texts.extracting(holder.value.range)
    if number > 0, holder.value.isThere, !areEqual(value, texts.extracting(finding.layout.own.value.range)) {
      bytes.append(literal: ": ")
      Self.append(shown: value, limit: width * 2, to: &bytes)
    }
    let source = finding.source(of: holder)
    if !source.isEmpty {
      bytes.append(literal: "  ")
      style.append(.minor, to: &bytes) { append(source, finding.line(of: holder), Int(holder.column), to: &$0) }
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Appends what follows value and holders.
  private func appendRest(of finding: Finding, to bytes: inout ByteBuffer) {
    if let action = finding.layout.suggestion { append(action, of: finding, to: &bytes) }
    if let suppression = finding.suppression {
      append(suppression, isExpired: finding.state != .suppressed, to: &bytes)
    }
    if detail.isVerbose { appendDetails(of: finding, to: &bytes) }
  }

  private func append(source: String, to bytes: inout ByteBuffer) {
    if source == knownSource.name {
      bytes.append(bytes: knownSource.shown.span)
    } else {
      TerminalText.append(source, to: &bytes)
    }
  }

  /// `export.ldif:41235:17`, as far as the place is known.
  private func append(_ source: String, _ line: Int, _ column: Int, to bytes: inout ByteBuffer) {
    append(source: source, to: &bytes)
    guard line > 0 else { return }
    bytes.append(UInt8(ascii: ":"))
    bytes.append(decimal: line)
    guard column > 0 else { return }
    bytes.append(UInt8(ascii: ":"))
    bytes.append(decimal: column)
  }

  private func append(
    _ action: Suggestion.Action, of finding: Finding, to bytes: inout ByteBuffer
  ) {
    let value = finding.bytes.span.extracting(finding.layout.suggestedValue.range)
    let limit = detail.isVerbose ? 4000 : width * 3
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

  private mutating func appendGoneHeading(to bytes: inout ByteBuffer) {
    hasGone = true
    if hasHeading { bytes.append(literal: "\n") }
    hasHeading = false
    style.append(.heading, "Gone since the last run", to: &bytes)
    bytes.append(literal: "\n\n")
  }

  /// Who accepted the finding, why and until when.
  private func append(_ suppression: Suppression, isExpired: Bool, to bytes: inout ByteBuffer) {
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

  private func appendDetails(of finding: Finding, to bytes: inout ByteBuffer) {
    var details = [finding.certainty.rawValue]
    if let guid = finding.objectGUID { details.append("objectGUID \(guid)") }
    details.append("fingerprint \(finding.fingerprint)")
    bytes.append(literal: "    ")
    style.append(.minor, details.joined(separator: ", "), to: &bytes)
    bytes.append(literal: "\n")
  }

  /// Appends a text in its safe form, shortened when it takes more than so many columns.
  private static func append(shown text: Span<UInt8>, limit: Int, to bytes: inout ByteBuffer) {
    if appendWhole(text, limit: limit, to: &bytes) { return }
    if ValueExcerpt.appendShortened(text, width: limit, to: &bytes) { return }
    let copy = [UInt8](copying: text)
    bytes.append(bytes: ValueExcerpt(copy, spans: [], width: limit).shown.span)
  }

  /// Whether a text is shown as it is where it fits.
  private static func isSimple(_ text: Span<UInt8>) -> Bool {
    guard isPlain(text, except: UInt8(ascii: "\\"), 0) else { return false }
    return text.isEmpty || text[0] != UInt8(ascii: " ") && text[text.count - 1] != UInt8(ascii: " ")
  }

  /// Appends a text in its safe form if it surely fits into so many columns and has no space at an end, which would have to
  /// be marked; false with nothing appended if not.
  private static func appendWhole(_ text: Span<UInt8>, limit: Int, to bytes: inout ByteBuffer) -> Bool {
    let space = UInt8(ascii: " ")
    guard text.count <= 4 * limit else { return false }
    guard text.isEmpty || text[0] != space && text[text.count - 1] != space else { return false }
    let start = bytes.count
    if TerminalText.append(text, to: &bytes) <= limit { return true }
    bytes.truncate(to: start)
    return false
  }
}

extension TextReport {
  /// Bytes of a DN that are shown; no directory has longer ones.
  private static let longestName = 2_000

  /// Appends a DN, its middle left out where it has no end.
  fileprivate static func appendName<Output: ByteAppending & ~Copyable>(_ name: Span<UInt8>, to bytes: inout Output) {
    guard name.count > longestName else {
      TerminalText.append(name, to: &bytes)
      return
    }
    let excerpt = ValueExcerpt(Array(copying: name.extracting(0..<longestName)), spans: [], width: longestName)
    bytes.append(bytes: excerpt.shown.span)
    bytes.append("… (\(grouped(name.count)) bytes)")
  }
}
