import Bytes
import Directory

/// A finding that somebody accepted: what, why, who, and until when.
///
/// A class, because a suppression is shared by all findings it accepts and a finding should stay small.
public final class Suppression: Sendable, Hashable {
  /// Which findings a suppression accepts: all parts that are given must fit.
  public struct Pattern: Hashable, Sendable {
    /// Id of the rule; nil only with a fingerprint.
    public var rule: String?
    /// An objectGUID or a DN: the entry, or any holder of a duplicate.
    public var object: String?
    /// Name of the attribute, whatever its case.
    public var attribute: String?
    /// The value, whatever its case.
    public var value: String?
    /// Fingerprint of one finding.
    public var fingerprint: String?

    /// A pattern; see the properties.
    public init(
      rule: String? = nil, object: String? = nil, attribute: String? = nil, value: String? = nil,
      fingerprint: String? = nil
    ) {
      self.rule = rule
      self.object = object
      self.attribute = attribute
      self.value = value
      self.fingerprint = fingerprint
    }
  }

  /// Which findings are accepted.
  public let pattern: Pattern
  /// Why they are.
  public let reason: String
  /// Who answers for it.
  public let owner: String
  /// Where it was decided, such as the number of a change request.
  public let ticket: String?
  /// The last day (UTC) on which it holds; nil: it has no end.
  public let expires: CalendarDate?
  /// Where it is written.
  public let location: SourceLocation

  /// A suppression; see the properties.
  public init(
    pattern: Pattern, reason: String, owner: String, ticket: String? = nil, expires: CalendarDate? = nil,
    location: SourceLocation = SourceLocation(source: "")
  ) {
    self.pattern = pattern
    self.reason = reason
    self.owner = owner
    self.ticket = ticket
    self.expires = expires
    self.location = location
  }

  /// Whether its last day has passed.
  public func isExpired(on today: CalendarDate) -> Bool { expires.map { $0 < today } ?? false }

  /// Whether two say the same, wherever they are written.
  public static func == (left: Suppression, right: Suppression) -> Bool {
    left.pattern == right.pattern && left.reason == right.reason && left.owner == right.owner
      && left.ticket == right.ticket && left.expires == right.expires
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(pattern)
    hasher.combine(reason)
    hasher.combine(owner)
    hasher.combine(ticket)
    hasher.combine(expires)
  }
}
