/// A change record of an LDIF file other than `changetype: add` (RFC 2849, `changerecord`).
public struct ChangeRecord: Sendable, Equatable {
  /// The DN of the entry to change, as bytes.
  public var dn: [UInt8]
  /// What to change.
  public var change: Change
  /// Controls that go with the change.
  public var controls: [ChangeControl]

  /// A change record; see the properties.
  public init(dn: [UInt8], change: Change, controls: [ChangeControl] = []) {
    self.dn = dn
    self.change = change
    self.controls = controls
  }

  /// What a change record changes.
  public enum Change: Sendable, Equatable {
    /// `changetype: delete`
    case delete
    /// `changetype: modify`
    case modify([Modification])
    /// `changetype: modrdn` or `moddn`
    case modifyDN(newRDN: [UInt8], deleteOldRDN: Bool, newSuperior: [UInt8]?)
  }
}

/// One modification of a `changetype: modify` record.
public struct Modification: Sendable, Equatable {
  /// The kind of modification; `increment` is RFC 4525.
  public enum Operation: String, Sendable {
    case add, delete, replace, increment
  }
  /// The kind of modification.
  public var operation: Operation
  /// The attribute description as written.
  public var attribute: String
  /// The values, as bytes.
  public var values: [[UInt8]]

  /// A modification; see the properties.
  public init(operation: Operation, attribute: String, values: [[UInt8]]) {
    self.operation = operation
    self.attribute = attribute
    self.values = values
  }
}

/// A `control:` line of a change record (RFC 2849).
public struct ChangeControl: Sendable, Equatable {
  /// The object identifier, dotted decimal.
  public var oid: String
  /// Whether the server must refuse the change when it does not know the control.
  public var isCritical: Bool
  /// The control's value, if it has one.
  public var value: [UInt8]?

  /// A control; see the properties.
  public init(oid: String, isCritical: Bool, value: [UInt8]?) {
    self.oid = oid
    self.isCritical = isCritical
    self.value = value
  }
}
