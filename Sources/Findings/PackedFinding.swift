import Directory

/// A finding whose texts lie in one buffer: the form in which a run hands findings on.
///
/// A report that writes bytes writes it as it is; everything else asks for the `Finding` that it stands for. One packed
/// finding is filled again and again, so that a run that finds a million things allocates for the largest of them. Ranges are
/// places in `bytes`.
public struct PackedFinding: Sendable {
  /// Another place that the finding is about; see `RelatedValue`.
  public struct Related: Sendable {
    /// DN of the entry.
    public var dn = 0..<0
    /// objectGUID of the entry, when it was read.
    public var objectGUID: GUID?
    /// Most specific object class of the entry; empty when it was not read.
    public var objectClass = 0..<0
    /// The attribute.
    public var attribute = ""
    /// The value, which may be spelled differently.
    public var value: Range<Int>?
    /// Where the value was read.
    public var location = Location()

    /// Nothing yet.
    public init() {}
  }

  /// Where something was read; see `SourceLocation`.
  public struct Location: Sendable {
    /// The source, as named on the command line.
    public var source = ""
    /// The line, counted from 1; 0 where it is not known.
    public var line = 0
    /// The column, counted from 1; 0 where it is not known.
    public var column = 0

    /// No place yet.
    public init() {}

    /// A place; 0 stands for a line or a column that is not known.
    public init(source: String, line: Int, column: Int) {
      self.source = source
      self.line = line
      self.column = column
    }
  }

  /// What identifies a finding across runs.
  public enum Identity: Sendable {
    /// Its fingerprint.
    case fingerprint(Fingerprint)
    /// The value that several entries hold, of which the fingerprint is made when somebody asks for it; one that is not exact
    /// is still to be brought to lower case.
    case sharedKey(Range<Int>, isExact: Bool)
  }

  /// What all findings of a rule say.
  public final class Head: Sendable {
    /// Id of the rule.
    public let rule: String
    /// How loud it is.
    public let severity: Severity
    /// What happens in synchronization.
    public let effect: Effect
    /// How well that is known.
    public let certainty: Certainty
    /// Error names of IdFix.
    public let labels: [String]
    /// What the fingerprints of its findings begin with.
    public let fingerprint: Fingerprint.Prefix

    /// What the findings of a rule say.
    public init(rule: String, severity: Severity, effect: Effect, certainty: Certainty, labels: [String]) {
      fingerprint = Fingerprint.Prefix(rule: rule)
      self.rule = rule
      self.severity = severity
      self.effect = effect
      self.certainty = certainty
      self.labels = labels
    }

    /// What is said of no rule.
    public static let none = Head(rule: "", severity: .info, effect: .advice, certainty: .documented, labels: [])
  }

  /// The buffer.
  public var bytes: [UInt8] = []
  /// Number of the rule in the run, -1 outside of one. Findings of one number have the same id, severity, effect and
  /// certainty, and all have an `idfixAction` or have none and the same labels.
  public var ruleNumber = -1
  /// What it has in common with all of its rule.
  public var head = Head.none
  /// Error names of IdFix where they are the finding's own; set by the parity rule sets only.
  public var ownLabels: [String]?
  /// DN of the entry.
  public var dn = 0..<0
  /// objectGUID of the entry, when it was read.
  public var objectGUID: GUID?
  /// Most specific object class of the entry; empty when it was not read.
  public var objectClass = 0..<0
  /// Attribute the finding is about, as spelled in the rule.
  public var attribute = ""
  /// The value the finding is about.
  public var value: Range<Int>?
  /// Index of the value among the values of its attribute, counted from 0.
  public var valueIndex: Int?
  /// What is flagged in the value.
  public var spans: [FlaggedSpan] = []
  /// One sentence for people, in UTF-8.
  public var message = 0..<0
  /// What to do with the value, when there is a good change.
  public var suggestion: Suggestion.Action?
  /// The value of the suggestion.
  public var suggestedValue: Range<Int>?
  /// Where the value was read.
  public var location = Location()
  /// The other holders of a duplicate value, in input order.
  public var related: [Related] = []
  /// What identifies the finding across runs.
  public var identity = Identity.fingerprint(Fingerprint(low: 0, high: 0))
  /// Action that IdFix would propose; set by the parity rule sets only.
  public var idfixAction: String?
  /// The entry's common name.
  public var commonName: Range<Int>?
  /// What it is compared with earlier runs; nil in a run without memory. Given by the memory of a run, never spooled.
  public var state: FindingState?
  /// When the run began that found it first, ISO 8601 in UTC; nil where no store remembers it.
  public var firstSeen: String?
  /// Why it is accepted, or was until a day that has passed.
  public var suppression: Suppression?

  /// Nothing yet.
  public init() {}

  /// A finding in one buffer.
  public init(_ finding: Finding) {
    head = Head(
      rule: finding.rule, severity: finding.severity, effect: finding.effect, certainty: finding.certainty,
      labels: finding.labels)
    dn = add(finding.dn.bytes)
    objectGUID = finding.objectGUID
    objectClass = add(finding.objectClass.utf8)
    attribute = finding.attribute
    value = finding.value.map { add($0.bytes) }
    valueIndex = finding.valueIndex
    spans = finding.spans
    message = add(finding.message.utf8)
    suggestion = finding.suggestion?.action
    suggestedValue = finding.suggestion?.value.map { add($0.bytes) }
    location = Location(finding.location)
    for place in finding.related {
      var packed = Related()
      packed.dn = add(place.dn.bytes)
      packed.objectGUID = place.objectGUID
      packed.objectClass = add(place.objectClass.utf8)
      packed.attribute = place.attribute
      packed.value = place.value.map { add($0.bytes) }
      packed.location = Location(place.location)
      related.append(packed)
    }
    if let known = Fingerprint(hexadecimal: finding.fingerprint) { identity = .fingerprint(known) }
    idfixAction = finding.idfixAction
    commonName = finding.commonName.map { add($0.bytes) }
    state = finding.state
    firstSeen = finding.firstSeen
    suppression = finding.suppression
  }

  /// What identifies the finding across runs, in one number; of a shared value it is made each time.
  public var fingerprint: Fingerprint {
    switch identity {
    case .fingerprint(let fingerprint): fingerprint
    case .sharedKey(let key, isExact: true): Fingerprint(head.fingerprint, sharedKey: bytes.span.extracting(key))
    case .sharedKey(let key, isExact: false):
      Fingerprint(head.fingerprint, sharedKeyLowercasing: bytes.span.extracting(key))
    }
  }

  /// Id of the rule.
  public var rule: String { head.rule }
  /// How loud it is.
  public var severity: Severity { head.severity }
  /// What happens in synchronization.
  public var effect: Effect { head.effect }
  /// How well that is known.
  public var certainty: Certainty { head.certainty }
  /// Error names of IdFix.
  public var labels: [String] { ownLabels ?? head.labels }

  private mutating func add(_ text: some Collection<UInt8>) -> Range<Int> {
    let start = bytes.count
    bytes.append(contentsOf: text)
    return start..<bytes.count
  }

  /// The finding with values and texts of its own.
  public var unpacked: Finding {
    var finding = Finding(
      rule: rule, severity: severity, effect: effect, certainty: certainty, dn: attributeValue(dn),
      objectGUID: objectGUID, objectClass: text(objectClass), attribute: attribute, value: value.map(attributeValue),
      valueIndex: valueIndex, spans: spans, message: text(message),
      suggestion: suggestion.map { Suggestion(action: $0, value: suggestedValue.map(attributeValue)) },
      location: SourceLocation(location),
      related: related.map { place in
        RelatedValue(
          dn: attributeValue(place.dn), objectGUID: place.objectGUID, objectClass: text(place.objectClass),
          attribute: place.attribute, value: place.value.map(attributeValue), location: SourceLocation(place.location))
      },
      fingerprint: fingerprint.hexadecimal, labels: labels, idfixAction: idfixAction,
      commonName: commonName.map(attributeValue))
    finding.state = state
    finding.firstSeen = firstSeen
    finding.suppression = suppression
    return finding
  }

  /// A copy of the bytes at a place.
  public subscript(range: Range<Int>) -> [UInt8] { Array(bytes[range]) }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func attributeValue(_ range: Range<Int>) -> AttributeValue { AttributeValue(self[range]) }
}

extension PackedFinding.Location {
  fileprivate init(_ location: SourceLocation) {
    self.init(source: location.source, line: location.line ?? 0, column: location.column ?? 0)
  }
}

extension SourceLocation {
  fileprivate init(_ location: PackedFinding.Location) {
    self.init(
      source: location.source, line: location.line > 0 ? location.line : nil,
      column: location.column > 0 ? location.column : nil)
  }
}
