/// A value that synchronization makes for an entry without one: the first value of an attribute, `@`, and the DNS name
/// of the domain that the entry is in.
public struct StandInValue: Sendable, Equatable {
  /// The attribute that is absent.
  public var absent: String
  /// The attribute that takes its place.
  public var source: String
  /// Classes in lower case; empty stands for all.
  public var objectClasses: [String]

  /// A value; see the properties.
  public init(absent: String, source: String, objectClasses: [String]) {
    self.absent = absent
    self.source = source
    self.objectClasses = objectClasses
  }
}

/// An attribute by which synchronization joins entries to one object.
///
/// With `instead`, an entry that the condition holds for joins by the value of another attribute: a linked mailbox names the account
/// in another forest by that account's SID.
public struct HolderJoint: Sendable, Equatable {
  /// The attribute.
  public var attribute: String
  /// Classes, in lower case, of which one of two entries has to be; empty stands for all.
  public var objectClasses: [String]
  /// How its values are compared.
  public var compare: Comparison
  /// Which entries join by another attribute; nil for none.
  public var instead: Instead?

  /// A joint; see the properties.
  public init(attribute: String, objectClasses: [String], compare: Comparison, instead: Instead? = nil) {
    self.attribute = attribute
    self.objectClasses = objectClasses
    self.compare = compare
    self.instead = instead
  }

  /// Another attribute for some entries.
  public struct Instead: Sendable, Equatable {
    /// The attribute.
    public var attribute: String
    /// The entries.
    public var filter: Filter

    /// Another attribute; see the properties.
    public init(attribute: String, filter: Filter) {
      self.attribute = attribute
      self.filter = filter
    }
  }

  /// The attributes that have to be read for it.
  public var attributes: [String] { [attribute] + (instead.map { [$0.attribute] + $0.filter.attributes } ?? []) }
}

/// What the holders of one value are: a finding is due when their numbers are within the limits.
public struct HolderCondition: Sendable, Equatable {
  /// Kinds of holders; one holder may be of several.
  public var kinds: [Kind]
  /// How many holders of no kind there may be; nil for any number.
  public var mostOthers: Int?

  /// A condition; see the properties.
  public init(kinds: [Kind], mostOthers: Int?) {
    self.kinds = kinds
    self.mostOthers = mostOthers
  }

  /// A kind of holder.
  public struct Kind: Sendable, Equatable {
    /// Most specific classes in lower case; empty stands for all.
    public var objectClasses: [String] = []
    /// Attributes that all have to hold the value.
    public var attributes: [String] = []
    /// Whether no other attribute may hold it.
    public var isOnlyThere = false
    /// Address types, minding case, of which one has to stand before the value; empty for any.
    public var exactPrefixes: [String] = []
    /// Which entries, beyond their class.
    public var filter: Filter?
    /// How few holders of the kind there may be.
    public var least = 0
    /// How many holders of the kind there may be; nil for any number.
    public var most: Int?

    /// Any holder.
    public init() {}
  }
}
