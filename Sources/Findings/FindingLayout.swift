import Directory

/// Where the parts of a finding are in its bytes: a record of fixed size, which precedes the bytes in a spool.
package struct FindingLayout: BitwiseCopyable, Sendable {
  /// A part of the bytes, or none.
  package struct Part: BitwiseCopyable, Sendable {
    /// Where it begins; -1 for none.
    var start = -1
    var end = -1

    /// Not there.
    package init() {}

    /// At a place.
    package init(_ range: Range<Int>) { (start, end) = (range.lowerBound, range.upperBound) }

    /// Whether it is there.
    package var isThere: Bool { start >= 0 }
    /// Its place; an empty one where it is not there.
    package var range: Range<Int> { start >= 0 ? start..<end : 0..<0 }
  }

  /// An entry that holds the value: the finding's own, or one of those that share it.
  package struct Holder: BitwiseCopyable, Sendable {
    /// DN of the entry.
    package var dn = Part()
    /// Most specific object class of the entry; empty when it was not read.
    package var objectClass = Part()
    /// The value, which may be spelled differently.
    package var value = Part()
    /// objectGUID of the entry, when it was read.
    package var objectGUID: GUID?
    /// The line, counted from 1; 0 where it is not known, else from `lineBase` on.
    package var line = 0
    /// The column, counted from 1; 0 where it is not known.
    package var column: Int32 = 0
    /// Number of the attribute among the finding's names.
    package var attribute: Int32 = 0
    /// Number of the source among the finding's names.
    package var source: Int32 = 0
    /// Index of the value among the values of its attribute, counted from 0; -1 where none is meant.
    package var valueIndex: Int32 = -1

    /// Nothing yet.
    package init() {}
  }

  /// What identifies the finding across runs.
  package enum Identity: BitwiseCopyable, Sendable {
    /// Its fingerprint.
    case fingerprint(Fingerprint)
    /// The value that several entries hold, of which the fingerprint is made when somebody asks for it; one that is not exact
    /// is still to be brought to lower case.
    case sharedKey(Part, isExact: Bool)
  }

  /// Number of the bytes that the layout is of.
  package var byteCount = 0
  /// The entry and the value that the finding is about.
  package var own = Holder()
  /// One sentence for people, in UTF-8.
  package var message = Part()
  /// The value of the suggestion.
  package var suggestedValue = Part()
  /// The flagged spans, one behind the other.
  package var spans = Part()
  /// The other holders, one behind the other.
  package var related = Part()
  /// Annotations of the finding's own.
  package var annotations = Part()
  /// What identifies the finding across runs.
  package var identity = Identity.fingerprint(Fingerprint(low: 0, high: 0))
  /// Number of lines of the source before those that `own.line` and the like count from.
  package var lineBase = 0
  /// Number of the entry in input order over all sources, counted from 0; -1 where it is not known.
  package var entry = -1
  /// The line on which the entry begins, counted like `own.line`.
  package var entryLine = 0
  /// Number of the rule in the run, -1 outside of one.
  package var rule: Int32 = -1
  /// What to do with the value, when there is a good change.
  package var suggestion: Suggestion.Action?

  /// Nothing yet.
  package init() {}
}

/// What findings have in common and refer to by number.
public final class FindingNames: Sendable {
  /// Names of attributes.
  package let attributes: [String]
  /// Names of sources.
  package let sources: [String]

  /// Names; see the properties.
  package init(attributes: [String] = [], sources: [String] = []) {
    self.attributes = attributes
    self.sources = sources
  }

  /// No names.
  package static let none = FindingNames()
}
