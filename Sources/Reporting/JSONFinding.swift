import Bytes
import Directory
import Findings

/// Writes findings as JSON objects of the shape in `Docs/findings.schema.json`.
///
/// Absent parts are left out; `spans` and `related` are always there. Holds the names of characters once looked up.
public struct JSONFindingWriter {
  private var spanTails: [UInt32: [UInt8]] = [:]
  /// By number of the rule in the run: places in `common` of the beginning of its objects, which is empty before the first,
  /// and of what they say of labels, where that is not the finding's own.
  private var heads: [(head: Range<Int>, labels: Range<Int>?)] = []
  private var common: [UInt8] = []
  /// The beginning of a location in the source of the last one.
  private var locationHead: [UInt8] = []
  private var source: String?
  private let writesPlaces: Bool

  /// A writer.
  ///
  /// - Parameter writesPlaces: whether findings tell where they were read; if not, their locations are empty.
  public init(writesPlaces: Bool = true) { self.writesPlaces = writesPlaces }

  /// Appends one finding as a JSON object without a line break.
  public mutating func append(_ finding: Finding, to bytes: inout [UInt8]) { write(finding, to: &bytes) }

  /// The same for any output.
  mutating func write<Output: ByteAppending & ~Copyable>(_ finding: Finding, to bytes: inout Output) {
    appendMembers(of: finding, to: &bytes)
    bytes.append(literal: #","fingerprint":""#)
    let fingerprint = finding.fingerprint.text
    bytes.append(bytes: fingerprint.span)
    bytes.append(UInt8(ascii: "\""))
    if finding.state != nil { Self.appendMemory(of: finding, to: &bytes) }
    bytes.append(UInt8(ascii: "}"))
  }

  /// Appends all members up to the fingerprint.
  private mutating func appendMembers<Output: ByteAppending & ~Copyable>(
    of finding: Finding, to bytes: inout Output
  ) {
    let texts = finding.bytes.span
    let layout = finding.layout
    let (head, labels) = learn(finding)
    bytes.append(bytes: common.span.extracting(head))
    JSONText.append(value: texts.extracting(layout.own.dn.range), to: &bytes)
    Self.append(guid: layout.own.objectGUID, objectClass: texts.extracting(layout.own.objectClass.range), to: &bytes)
    bytes.append(literal: #","attribute":"#)
    JSONText.append(string: finding.attribute(of: layout.own), to: &bytes)
    if layout.own.value.isThere {
      bytes.append(literal: #","value":"#)
      JSONText.append(value: texts.extracting(layout.own.value.range), to: &bytes)
    }
    if layout.own.valueIndex >= 0 {
      bytes.append(literal: #","valueIndex":"#)
      bytes.append(decimal: Int(layout.own.valueIndex))
    }
    appendSpans(of: finding, to: &bytes)
    bytes.append(literal: #","message":"#)
    JSONText.append(text: texts.extracting(layout.message.range), to: &bytes)
    if let action = layout.suggestion {
      bytes.append(literal: #","suggestion":{"action":""#)
      bytes.append(literal: action.literal)
      bytes.append(UInt8(ascii: "\""))
      if layout.suggestedValue.isThere {
        bytes.append(literal: #","value":"#)
        JSONText.append(value: texts.extracting(layout.suggestedValue.range), to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
    appendLocation(of: layout.own, finding, to: &bytes)
    appendRelated(of: finding, to: &bytes)
    if let labels {
      bytes.append(bytes: common.span.extracting(labels))
    } else {
      bytes.append(bytes: Self.labels(of: finding).span)
    }
  }

  /// The places in `common` of what the finding has in common with all of its rule; outside of a run that is made anew.
  private mutating func learn(_ finding: Finding) -> (head: Range<Int>, labels: Range<Int>?) {
    let number = finding.ruleNumber
    guard number >= 0 else {
      heads.removeAll()
      common = Self.head(of: finding)
      return (0..<common.count, nil)
    }
    while heads.count <= number { heads.append((0..<0, nil)) }
    if heads[number].head.isEmpty {
      heads[number].head = keep(Self.head(of: finding))
      if !finding.hasOwnAnnotations { heads[number].labels = keep(Self.labels(of: finding)) }
    }
    return heads[number]
  }

  private mutating func keep(_ text: [UInt8]) -> Range<Int> {
    common += text
    return common.count - text.count..<common.count
  }

  private static func labels(of finding: Finding) -> [UInt8] {
    let labels = finding.annotation(Annotation.labels)
    guard !labels.isEmpty else { return [] }
    var bytes: [UInt8] = []
    bytes.append(literal: #","labels":"#)
    JSONText.append(strings: labels, to: &bytes)
    return bytes
  }

  private static func head(of finding: Finding) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(literal: #"{"rule":"#)
    JSONText.append(string: finding.rule, to: &bytes)
    bytes.append(literal: #","severity":""#)
    bytes.append(literal: finding.severity.literal)
    bytes.append(literal: #"","effect":""#)
    bytes.append(literal: finding.effect.literal)
    bytes.append(literal: #"","certainty":""#)
    bytes.append(literal: finding.certainty.literal)
    bytes.append(literal: #"","dn":"#)
    return bytes
  }

  /// What the finding is compared with earlier runs, and why it is accepted.
  private static func appendMemory<Output: ByteAppending & ~Copyable>(
    of finding: Finding, to bytes: inout Output
  ) {
    if let state = finding.state {
      bytes.append(literal: #","state":""#)
      bytes.append(literal: state.literal)
      bytes.append(UInt8(ascii: "\""))
    }
    if let firstSeen = finding.firstSeen {
      bytes.append(literal: #","firstSeen":"#)
      JSONText.append(string: firstSeen, to: &bytes)
    }
    guard let suppression = finding.suppression else { return }
    bytes.append(literal: #","suppression":{"reason":"#)
    JSONText.append(string: suppression.reason, to: &bytes)
    bytes.append(literal: #","owner":"#)
    JSONText.append(string: suppression.owner, to: &bytes)
    if let ticket = suppression.ticket {
      bytes.append(literal: #","ticket":"#)
      JSONText.append(string: ticket, to: &bytes)
    }
    if let expires = suppression.expires {
      bytes.append(literal: #","expires":"#)
      JSONText.append(string: expires.description, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func appendSpans<Output: ByteAppending & ~Copyable>(of finding: Finding, to bytes: inout Output) {
    bytes.append(literal: #","spans":["#)
    for number in 0..<finding.spanCount {
      let span = finding.span(number)
      bytes.append(literal: number == 0 ? #"{"offset":"# : #",{"offset":"#)
      bytes.append(decimal: span.offset)
      bytes.append(literal: #","length":"#)
      bytes.append(decimal: span.length)
      if let codePoint = span.codePoint {
        bytes.append(bytes: tail(for: codePoint).span)
      } else {
        bytes.append(UInt8(ascii: "}"))
      }
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// The end of a span object that names a character; looked up once, as names are slow to find.
  private mutating func tail(for codePoint: UInt32) -> [UInt8] {
    if let known = spanTails[codePoint] { return known }
    var tail: [UInt8] = []
    tail.append(literal: #","codePoint":"#)
    JSONText.append(string: CharacterName.notation(of: codePoint), to: &tail)
    tail.append(literal: #","name":"#)
    JSONText.append(string: CharacterName.name(of: codePoint), to: &tail)
    tail.append(UInt8(ascii: "}"))
    if spanTails.count < 4096 { spanTails[codePoint] = tail }
    return tail
  }

  private static func append<Output: ByteAppending & ~Copyable>(
    guid: GUID?, objectClass: Span<UInt8>, to bytes: inout Output
  ) {
    if let guid {
      bytes.append(literal: #","objectGUID":"#)
      JSONText.append(guid: guid, to: &bytes)
    }
    if !objectClass.isEmpty {
      bytes.append(literal: #","objectClass":"#)
      JSONText.append(text: objectClass, to: &bytes)
    }
  }

  private mutating func appendLocation<Output: ByteAppending & ~Copyable>(
    of holder: FindingLayout.Holder, _ finding: Finding, to bytes: inout Output
  ) {
    guard writesPlaces else {
      bytes.append(literal: #","location":{"source":""}"#)
      return
    }
    if source != finding.source(of: holder) {
      let name = finding.source(of: holder)
      source = name
      locationHead.removeAll()
      locationHead.append(literal: #","location":{"source":"#)
      JSONText.append(string: name, to: &locationHead)
    }
    bytes.append(bytes: locationHead.span)
    let line = finding.line(of: holder)
    if line > 0 {
      bytes.append(literal: #","line":"#)
      bytes.append(decimal: line)
    }
    if holder.column > 0 {
      bytes.append(literal: #","column":"#)
      bytes.append(decimal: Int(holder.column))
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func appendRelated<Output: ByteAppending & ~Copyable>(
    of finding: Finding, to bytes: inout Output
  ) {
    bytes.append(literal: #","related":["#)
    let texts = finding.bytes.span
    for number in 1..<finding.holderCount {
      let holder = finding.holder(number)
      bytes.append(literal: number == 1 ? #"{"dn":"# : #",{"dn":"#)
      JSONText.append(value: texts.extracting(holder.dn.range), to: &bytes)
      Self.append(guid: holder.objectGUID, objectClass: texts.extracting(holder.objectClass.range), to: &bytes)
      bytes.append(literal: #","attribute":"#)
      JSONText.append(string: finding.attribute(of: holder), to: &bytes)
      if holder.value.isThere {
        bytes.append(literal: #","value":"#)
        JSONText.append(value: texts.extracting(holder.value.range), to: &bytes)
      }
      appendLocation(of: holder, finding, to: &bytes)
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(UInt8(ascii: "]"))
  }
}

extension Severity {
  /// The raw value for writing without a detour over `String`.
  var literal: StaticString {
    switch self {
    case .info: "info"
    case .warning: "warning"
    case .error: "error"
    }
  }
}

extension Effect {
  /// The raw value for writing without a detour over `String`.
  var literal: StaticString {
    switch self {
    case .blocked: "blocked"
    case .dropped: "dropped"
    case .altered: "altered"
    case .quarantined: "quarantined"
    case .degraded: "degraded"
    case .advice: "advice"
    }
  }
}

extension Certainty {
  /// The raw value for writing without a detour over `String`.
  var literal: StaticString {
    switch self {
    case .documented: "documented"
    case .observed: "observed"
    case .inferred: "inferred"
    }
  }
}

extension FindingState {
  /// The raw value for writing without a detour over `String`.
  var literal: StaticString {
    switch self {
    case .new: "new"
    case .known: "known"
    case .returned: "returned"
    case .gone: "gone"
    case .suppressed: "suppressed"
    case .expiredSuppression: "expired-suppression"
    }
  }
}

extension Suggestion.Action {
  /// The raw value for writing without a detour over `String`.
  var literal: StaticString {
    switch self {
    case .replace: "replace"
    case .remove: "remove"
    case .add: "add"
    }
  }
}
