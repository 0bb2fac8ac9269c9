/// An entry as a server has it, copied out of its answer: for single entries and small searches.
public struct LDAPObject: Sendable, Equatable {
  /// An attribute and its values.
  public struct Attribute: Sendable, Equatable {
    /// Attribute description as the server wrote it, options included.
    public var description: String
    /// Values in the server's order.
    public var values: [[UInt8]]
  }

  /// Distinguished name.
  public var dn: [UInt8]
  /// Attributes in the server's order.
  public var attributes: [Attribute]

  /// The distinguished name as text.
  public var dnText: String { String(decoding: dn, as: UTF8.self) }

  /// Values of an attribute, whatever the case of its name; none where the entry has no such attribute.
  public subscript(name: String) -> [[UInt8]] {
    let wanted = name.lowercased()
    return attributes.first { $0.description.lowercased() == wanted }?.values ?? []
  }

  /// Values of an attribute as text.
  public func texts(_ name: String) -> [String] { self[name].map { String(decoding: $0, as: UTF8.self) } }

  /// First value of an attribute as text.
  public func text(_ name: String) -> String? { texts(name).first }

  /// First value of an attribute as a number.
  public func number(_ name: String) -> Int? { text(name).flatMap { Int($0) } }

  /// First value of an attribute as a truth value (`TRUE`, `FALSE`).
  public func flag(_ name: String) -> Bool? { text(name).map { $0.uppercased() == "TRUE" } }
}

extension LDAPObject: EntryVisitor {
  mutating func dn(_ dn: Span<UInt8>) { self.dn = Array(copying: dn) }

  mutating func attribute(_ description: Span<UInt8>, count: Int) -> Bool {
    attributes.append(Attribute(description: String(decoding: Array(copying: description), as: UTF8.self), values: []))
    return true
  }

  mutating func value(_ value: Span<UInt8>) { attributes[attributes.count - 1].values.append(Array(copying: value)) }
}

extension LDAPHandle.Message {
  /// A copy of the entry; nil when the message is none that can be read.
  borrowing func object() -> LDAPObject? {
    var object = LDAPObject(dn: [], attributes: [])
    return visit(&object) ? object : nil
  }

  /// The distinguished name as text; for messages to people.
  borrowing func dnText() -> String {
    var name = DNVisitor()
    _ = visit(&name)
    return String(decoding: name.bytes, as: UTF8.self)
  }
}

private struct DNVisitor: EntryVisitor {
  var bytes: [UInt8] = []
  mutating func dn(_ dn: Span<UInt8>) { bytes = Array(copying: dn) }
  mutating func attribute(_ description: Span<UInt8>, count: Int) -> Bool { false }
  mutating func value(_ value: Span<UInt8>) {}
}

extension Array<UInt8> {
  /// The bytes of a span.
  init(copying span: Span<UInt8>) {
    self = span.withUnsafeBufferPointer { Array($0) }
  }
}
