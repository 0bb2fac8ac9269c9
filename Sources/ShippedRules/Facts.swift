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
  /// The class that it is made from; nil for `top`.
  public var superclass: String?
  /// Attributes that every entry of the class has.
  public var always: [String]
}

/// What a property of an exported object shows (`Rules/data/export-properties.yaml` explains the columns).
public struct PropertyFacts: Sendable, Hashable {
  /// How a value is written.
  public enum Form: String, Sendable, CaseIterable { case text, boolean, time }

  /// A word of a value and the number that it stands for.
  public struct Number: Sendable, Hashable {
    /// The word.
    public var word: String
    /// What it adds to the attribute.
    public var number: Int64

    /// A word; see the properties.
    public init(word: String, number: Int64) {
      self.word = word
      self.number = number
    }
  }

  /// The name of the property.
  public var name: String
  /// The attribute that it shows; nil for what is no attribute.
  public var attribute: String?
  /// How a value is written.
  public var form: Form
  /// What words of its values stand for, where it is a part of a number.
  public var numbers: [Number]
  /// Whether only objects of Exchange have it.
  public var isOfExchange: Bool
}
