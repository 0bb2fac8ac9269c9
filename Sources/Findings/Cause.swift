import Directory

/// What many findings have in common, so that one step mends them all.
public struct Cause: Sendable, Equatable {
  /// What it is that they have in common.
  public enum Kind: String, Sendable, CaseIterable {
    /// The domain of their values.
    case domain
    /// The container of their entries.
    case container
    /// Their rule, which finds something in a large share of the directory.
    case rule
  }

  /// What it is that the findings have in common.
  public var kind: Kind
  /// The domain, the DN of the container, or the id of the rule.
  public var name: AttributeValue
  /// The class of the objects, when it is the same for all.
  public var objectClass: String?
  /// Number of objects with such findings.
  public var objects: Int
  /// Number of the findings.
  public var findings: Int
  /// Ids of their rules, sorted.
  public var rules: [String]
  /// What to do, or what is wrong, in a few words.
  public var remedy: String

  /// A cause; see the properties.
  public init(
    kind: Kind, name: AttributeValue, objectClass: String? = nil, objects: Int, findings: Int, rules: [String],
    remedy: String
  ) {
    self.kind = kind
    self.name = name
    self.objectClass = objectClass
    self.objects = objects
    self.findings = findings
    self.rules = rules
    self.remedy = remedy
  }
}
