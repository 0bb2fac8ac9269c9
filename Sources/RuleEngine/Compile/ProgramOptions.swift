import Entries
import RuleSet

/// What the command line adds to the rules.
public struct ProgramOptions: Sendable {
  /// Domains that count as routable.
  public var topLevelDomains: TopLevelDomains
  /// The tenant's domains; nil when they are not known.
  public var verifiedDomains: VerifiedDomains?
  /// How suggestions spell letters with diacritics.
  public var transliteration: Transliteration
  /// Lints entries that the scope leaves out, too.
  public var includesOutOfScope = false
  /// Only entries at or below one of these DNs; empty stands for all.
  public var bases: [[UInt8]] = []
  /// No entries at or below one of these DNs.
  public var excludedBases: [[UInt8]] = []
  /// Only entries that match.
  public var filter: Filter?
  /// Attributes that every source was asked for, as the user says.
  public var exported = ExportedAttributes.unknown
  /// Whether a run in which nothing was read or judged is complete all the same.
  public var allowsEmpty = false
  /// So many findings on one entry are kept; those beyond are left out, which makes a run incomplete. No directory has an
  /// object with so many mistakes; an attacker's file may, and each takes many times the size of its value.
  public var findingsOfEntry = 100_000
  /// The size from which on a record is skipped, in bytes; nil: that of the reader.
  public var recordSize: Int?
  /// Now, in seconds since 1970, by which lists are told that are out of date; nil looks for none.
  public var now: Int?
  /// Looks for the newest `whenChanged`, by which the age of an export is told.
  public var readsChangeTimes = false

  /// Options; see the properties.
  public init(
    topLevelDomains: TopLevelDomains, verifiedDomains: VerifiedDomains?, transliteration: Transliteration
  ) {
    self.topLevelDomains = topLevelDomains
    self.verifiedDomains = verifiedDomains
    self.transliteration = transliteration
  }
}
