/// A value that PowerShell wrote with `Export-Clixml`.
public indirect enum SerializedValue {
  /// There is none.
  case null
  /// A truth value.
  case boolean(Bool)
  /// An integer, as written.
  case number(String)
  /// A point in time, as written.
  case time(String)
  /// Bytes.
  case octets([UInt8])
  /// A text, and what is written like one.
  case text(String)
  /// An object or a list.
  case object(SerializedObject)
  /// What nobody here can read: a secret, bytes that are damaged.
  case unreadable
  /// An object that is named again and that is not part of this one.
  case unresolved
}

/// An object that PowerShell wrote, as it stands: nothing is ever deserialised.
public struct SerializedObject {
  /// A property of an object.
  public struct Member {
    /// Its name.
    public let name: String
    /// What it has.
    public let value: SerializedValue
    /// Whether it was added to the object by hand, or is an entry of a dictionary.
    public let isAdded: Bool
  }

  /// Its properties, in the order of the text.
  public var members: [Member] = []
  /// Its elements, if it is a list.
  public var list: [SerializedValue]?
  /// The value that it is a wrapper of: the number of an enumeration.
  public var base: SerializedValue?
  /// What it shows as text.
  public var text: String?

  /// An object without anything.
  public init() {}
}
