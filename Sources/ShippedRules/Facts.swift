/// What is known of an attribute (`Rules/data/attributes.yaml` explains the columns).
public struct AttributeFacts: Sendable, Hashable {
  /// How values are written and compared.
  public enum Syntax: String, Sendable, CaseIterable { case text, integer, dn, bytes }

  /// What an entry can be found by, in an attribute that identifies it.
  public enum Identity: String, Sendable, CaseIterable {
    case guid, sid, dn, anchor, mailbox, account, upn, address, alias, name, number
  }

  /// LDAP display name.
  public var name: String
  /// How values are written and compared.
  public var syntax: Syntax
  /// What it identifies an entry by; nil where it does not.
  public var identifies: Identity?
  /// Whether the schema allows several values.
  public var isMultivalued: Bool
  /// Whether each value begins with an address type and a colon.
  public var isTyped: Bool
  /// Whether IdFix looks at it.
  public var isOfIdFix: Bool
  /// Whether its values tell of somebody; false for numbers with a public meaning.
  public var isPersonal: Bool
  /// Its names in the cloud.
  public var cloudNames: [String]
}

/// What is known of an object class (`Rules/data/object-classes.yaml`).
public struct ObjectClassFacts: Sendable, Hashable {
  /// LDAP display name.
  public var name: String
  /// Whether an entry that has it is classed by it.
  public var isSpecific: Bool
  /// Attributes that every entry of the class has.
  public var always: [String]
}
