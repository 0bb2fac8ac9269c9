import Directory

/// Something a rule has to say about an entry: the narrow waist of the program.
///
/// Everything before it produces findings; everything after it (reports, stores, fix plans) consumes them. It is one type from
/// the thread that makes it to the last report: bytes, and a layout of fixed size that tells where its parts are among them. In
/// a spool it is the same bytes behind the same layout. Whoever writes bytes takes them from `bytes` by the places of `layout`
/// and `holder(_:)`, and allocates nothing; the other properties make copies each time they are asked for.
public struct Finding: Sendable {
  /// What the finding repeats of its rule.
  public var head: RuleSummary
  /// What it refers to by number.
  package var names: FindingNames
  /// All its texts and values.
  package var bytes: [UInt8] = []
  /// Where they are.
  package var layout = FindingLayout()
  /// What it is compared with earlier runs; nil in a run without memory. Given by the memory of a run, never spooled.
  public var state: FindingState?
  /// When the run began that found it first, ISO 8601 in UTC; nil where no store remembers it.
  public var firstSeen: String?
  /// Why it is accepted, or was until a day that has passed.
  public var suppression: Suppression?

  /// A finding without parts.
  package init(_ head: RuleSummary = .none, names: FindingNames = .none) {
    self.head = head
    self.names = names
  }

  /// A finding; see the properties.
  public init(
    _ head: RuleSummary, dn: AttributeValue, objectGUID: GUID?, objectClass: String, attribute: String,
    value: AttributeValue?, valueIndex: Int?, spans: [FlaggedSpan], message: String, suggestion: Suggestion?,
    location: SourceLocation, related: [RelatedValue] = [], fingerprint: Fingerprint, annotations: [Annotation] = []
  ) {
    self.init(head)
    self.dn = dn
    self.objectGUID = objectGUID
    self.objectClass = objectClass
    self.attribute = attribute
    self.value = value
    self.valueIndex = valueIndex
    self.spans = spans
    self.message = message
    self.suggestion = suggestion
    self.location = location
    self.related = related
    self.annotations = annotations
    layout.identity = .fingerprint(fingerprint)
  }

  /// A finding of a rule of which nothing else is known; see the properties.
  public init(
    rule: String, severity: Severity, effect: Effect, certainty: Certainty, dn: AttributeValue, objectGUID: GUID?,
    objectClass: String, attribute: String, value: AttributeValue?, valueIndex: Int?, spans: [FlaggedSpan],
    message: String, suggestion: Suggestion?, location: SourceLocation, related: [RelatedValue] = [],
    fingerprint: Fingerprint, annotations: [Annotation] = []
  ) {
    self.init(
      RuleSummary(id: rule, severity: severity, effect: effect, certainty: certainty), dn: dn, objectGUID: objectGUID,
      objectClass: objectClass, attribute: attribute, value: value, valueIndex: valueIndex, spans: spans,
      message: message, suggestion: suggestion, location: location, related: related, fingerprint: fingerprint,
      annotations: annotations)
  }

  // MARK: - What its rule says

  /// Number of the rule in the run, -1 outside of one. Findings of one number have the same head, and all have annotations of
  /// their own or none has.
  public var ruleNumber: Int { Int(layout.rule) }
  /// Id of the rule.
  public var rule: String { head.id }
  /// How loud it is.
  public var severity: Severity { head.severity }
  /// What happens in synchronization.
  public var effect: Effect { head.effect }
  /// How well that is known.
  public var certainty: Certainty { head.certainty }

  /// 128 bits that identify the finding across runs: rule, source anchor, attribute and normalised value. Of a shared value
  /// they are made each time.
  public var fingerprint: Fingerprint {
    get {
      switch layout.identity {
      case .fingerprint(let fingerprint): fingerprint
      case .sharedKey(let key, isExact: true):
        Fingerprint(head.fingerprint, sharedKey: bytes.span.extracting(key.range))
      case .sharedKey(let key, isExact: false):
        Fingerprint(head.fingerprint, sharedKeyLowercasing: bytes.span.extracting(key.range))
      }
    }
    set { layout.identity = .fingerprint(newValue) }
  }

  // MARK: - Places

  /// Number of entries that the finding is about, its own and those of `related`.
  package var holderCount: Int { 1 + layout.related.range.count / FindingLayout.holderSize }

  /// The entry with a number: 0 is the finding's own, the others are those of `related`.
  @inline(__always)
  package func holder(_ number: Int) -> FindingLayout.Holder {
    number == 0
      ? layout.own : bytes.value(at: layout.related.range.lowerBound + (number - 1) * FindingLayout.holderSize)
  }

  /// The attribute of a holder.
  package func attribute(of holder: FindingLayout.Holder) -> String { names.attributes[Int(holder.attribute)] }

  /// The source of a holder.
  package func source(of holder: FindingLayout.Holder) -> String { names.sources[Int(holder.source)] }

  /// The line of a holder, counted from 1; 0 where it is not known.
  @inline(__always)
  package func line(of holder: FindingLayout.Holder) -> Int { holder.line > 0 ? layout.lineBase + holder.line : 0 }

  /// Where a holder was read.
  package func location(of holder: FindingLayout.Holder) -> SourceLocation {
    let line = line(of: holder)
    return SourceLocation(
      source: source(of: holder), line: line > 0 ? line : nil, column: holder.column > 0 ? Int(holder.column) : nil)
  }

  /// Number of flagged spans.
  package var spanCount: Int { layout.spans.range.count / MemoryLayout<FlaggedSpan>.stride }

  /// The flagged span with a number.
  package func span(_ number: Int) -> FlaggedSpan {
    bytes.value(at: layout.spans.range.lowerBound + number * MemoryLayout<FlaggedSpan>.stride)
  }

  /// Whether the finding has annotations besides those of its rule.
  package var hasOwnAnnotations: Bool { layout.annotations.isThere }
}
