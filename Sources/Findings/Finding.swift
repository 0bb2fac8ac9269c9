import Directory

/// How loud a finding is.
public enum Severity: String, Sendable, CaseIterable, Comparable {
  case info, warning, error

  /// Orders `info` before `warning` before `error`.
  public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .info: 0
    case .warning: 1
    case .error: 2
    }
  }
}

/// What happens in synchronization to a value or an object that a rule finds.
public enum Effect: String, Sendable, CaseIterable {
  /// The object is not synchronized, or its export fails.
  case blocked
  /// The value is left out without an error.
  case dropped
  /// The value arrives changed.
  case altered
  /// The value is kept back until a conflict is resolved (duplicate attribute resiliency).
  case quarantined
  /// The object arrives, but something does not work as expected.
  case degraded
  /// Nothing breaks; good practice.
  case advice
}

/// How well the claim of a rule is known.
public enum Certainty: String, Sendable, CaseIterable {
  /// A current page of the vendor says so.
  case documented
  /// It was seen in rules or code of the product.
  case observed
  /// It follows from the others.
  case inferred
}

/// A part of a value that a finding marks.
public struct FlaggedSpan: Hashable, Sendable {
  /// Offset of the first flagged character in the value, in characters (Unicode scalar values).
  public var offset: Int
  /// Number of flagged characters; 0 marks a place where something is missing.
  public var length: Int
  /// The character, when the span is one character that is bad in itself: its scalar value.
  public var codePoint: UInt32?

  /// A span; see the properties.
  public init(offset: Int, length: Int, codePoint: UInt32? = nil) {
    self.offset = offset
    self.length = length
    self.codePoint = codePoint
  }
}

/// A change that would remove a finding without creating another one.
public struct Suggestion: Hashable, Sendable {
  /// What to do with the value.
  public enum Action: String, Sendable {
    /// Put `value` in the place of the found value.
    case replace
    /// Take the found value away.
    case remove
    /// Add `value`; the attribute lacks it.
    case add
  }
  /// What to do.
  public var action: Action
  /// The new value; nil for `remove`.
  public var value: AttributeValue?

  /// A suggestion; see the properties.
  public init(action: Action, value: AttributeValue?) {
    self.action = action
    self.value = value
  }
}

/// Another place that a finding is about, such as another holder of a duplicate value.
public struct RelatedValue: Hashable, Sendable {
  /// DN of the entry.
  public var dn: AttributeValue
  /// objectGUID of the entry, when it was read.
  public var objectGUID: GUID?
  /// Most specific object class of the entry; empty when it was not read.
  public var objectClass: String
  /// The attribute.
  public var attribute: String
  /// The value, which may be spelled differently.
  public var value: AttributeValue?
  /// Where the value was read.
  public var location: SourceLocation

  /// A related value; see `Finding` for the properties of the same names.
  public init(
    dn: AttributeValue, objectGUID: GUID?, objectClass: String, attribute: String, value: AttributeValue?,
    location: SourceLocation
  ) {
    self.dn = dn
    self.objectGUID = objectGUID
    self.objectClass = objectClass
    self.attribute = attribute
    self.value = value
    self.location = location
  }
}

/// What a finding is compared with earlier runs.
public enum FindingState: String, Sendable, CaseIterable {
  /// No earlier run had it.
  case new
  /// The last run had it, too.
  case known
  /// An earlier run had it, the last one had not.
  case returned
  /// The last run had it, this one has not.
  case gone
  /// Somebody accepted it, with a reason.
  case suppressed
  /// Somebody accepted it until a day that has passed.
  case expiredSuppression = "expired-suppression"
}

/// Something a rule has to say about an entry: the narrow waist of the program.
///
/// Everything before it produces findings; everything after it (reports, stores, fix plans) consumes them.
public struct Finding: Hashable, Sendable {
  /// Id of the rule.
  public var rule: String
  /// How loud it is.
  public var severity: Severity
  /// What happens in synchronization.
  public var effect: Effect
  /// How well that is known.
  public var certainty: Certainty
  /// DN of the entry.
  public var dn: AttributeValue
  /// objectGUID of the entry, when it was read.
  public var objectGUID: GUID?
  /// Most specific object class of the entry; empty when it was not read.
  public var objectClass: String
  /// Attribute the finding is about, as spelled in the rule.
  public var attribute: String
  /// The value the finding is about; nil when the attribute is absent or the entry as a whole is meant.
  public var value: AttributeValue?
  /// Index of the value among the values of its attribute, counted from 0.
  public var valueIndex: Int?
  /// What is flagged in the value; empty when the whole value is meant.
  public var spans: [FlaggedSpan]
  /// One sentence for people, without a full stop; contains values as they are: escape it for the place it goes to.
  public var message: String
  /// A change that would remove the finding, when there is a good one.
  public var suggestion: Suggestion?
  /// Where the value was read.
  public var location: SourceLocation
  /// The other holders of a duplicate value, in input order.
  public var related: [RelatedValue]
  /// 32 hexadecimal digits that identify the finding across runs: rule, source anchor, attribute and normalised value.
  public var fingerprint: String
  /// Error names of IdFix that stand for this finding, for `idfix-csv`.
  public var labels: [String]
  /// Action that IdFix would propose (`Edit`, `Complete`, `Remove`), set by the parity rule sets only.
  public var idfixAction: String?
  /// The entry's common name, for reports that show it.
  public var commonName: AttributeValue?
  /// What it is compared with earlier runs; nil in a run without memory. Part of the output only, never spooled.
  public var state: FindingState?
  /// When the run began that found it first, ISO 8601 in UTC; nil where no store remembers it.
  public var firstSeen: String?
  /// Why it is accepted, or was until a day that has passed.
  public var suppression: Suppression?

  /// A finding; see the properties.
  public init(
    rule: String, severity: Severity, effect: Effect, certainty: Certainty, dn: AttributeValue, objectGUID: GUID?,
    objectClass: String, attribute: String, value: AttributeValue?, valueIndex: Int?, spans: [FlaggedSpan],
    message: String, suggestion: Suggestion?, location: SourceLocation, related: [RelatedValue] = [],
    fingerprint: String, labels: [String] = [], idfixAction: String? = nil, commonName: AttributeValue? = nil
  ) {
    self.rule = rule
    self.severity = severity
    self.effect = effect
    self.certainty = certainty
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
    self.fingerprint = fingerprint
    self.labels = labels
    self.idfixAction = idfixAction
    self.commonName = commonName
  }
}
