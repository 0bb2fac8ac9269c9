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
public struct FlaggedSpan: Hashable, Sendable, BitwiseCopyable {
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
  public enum Action: String, Sendable, BitwiseCopyable {
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

/// An entry among those of a run.
public struct EntryReference: Hashable, Sendable {
  /// The source, as named on the command line.
  public var source: String
  /// Its number in input order over all sources, counted from 0; nil where it is not known.
  public var ordinal: Int?
  /// The line on which it begins, counted from 1; nil where there are no lines.
  public var line: Int?

  /// A reference; see the properties.
  public init(source: String, ordinal: Int?, line: Int?) {
    self.source = source
    self.ordinal = ordinal
    self.line = line
  }
}

/// What else is to be told of a finding, for those who know its name; reports that do not leave it aside.
public struct Annotation: Hashable, Sendable {
  /// What it is: one of `labels`, `proposedAction` and `commonName`, or any other name.
  public var name: String
  /// What it says.
  public var values: [String]

  /// An annotation; see the properties.
  public init(name: String, values: [String]) {
    self.name = name
    self.values = values
  }

  /// Names that another tool gives to the finding's error.
  public static let labels = "labels"
  /// What another tool would do.
  public static let proposedAction = "proposed-action"
  /// The entry's common name where it is not the value of its first RDN.
  public static let commonName = "common-name"
}

extension [Annotation] {
  /// What the annotation of a name says; empty where there is none.
  public func values(of name: String) -> [String] { first { $0.name == name }?.values ?? [] }
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
