import Bytes

/// The number of an attribute description in an `AttributeTable`.
public typealias AttributeID = UInt32

/// Numbers attribute descriptions, ignoring the case of ASCII letters (RFC 4512, 2.5).
///
/// Names given at the start keep the numbers 0, 1, 2 … in every table made from the same names, so that compiled rules
/// can use numbers. A description with options (`userCertificate;binary`, `member;range=0-1499`) gets a number of its
/// own and knows the number of its attribute type; numbers follow the first appearance.
public struct AttributeTable: Sendable {
  /// What is known of one attribute description.
  public struct Description: Sendable {
    /// The description as first spelled, without a `range` option.
    public var name: String
    /// The number of the attribute type, without any option: the number itself where there is none.
    public var type: AttributeID
    /// The number of the description without its `range` option: the number itself where there is none.
    public var unranged: AttributeID
    /// Bounds of a `range` option (MS-ADTS 3.1.1.3.1.3.3); `last` is nil for `*`, the last part.
    public var range: (first: UInt64, last: UInt64?)?
    /// The bytes by which it was found, in lower case.
    var key: [UInt8]
  }

  /// At most this many descriptions are numbered; a file with more is not a directory export but an attack on memory.
  public static let capacity = 65_536

  /// All descriptions, by number.
  public private(set) var descriptions: [Description] = []
  /// Open addressing over `descriptions`; 0 is free, else the number plus one. A power of two in size.
  private var slots: [UInt32] = Array(repeating: 0, count: 256)

  /// A table in which `names` have the numbers 0, 1, 2 …, in this order. Names must differ (ignoring case).
  public init(_ names: [String] = []) {
    for name in names {
      let bytes = Array(name.utf8)
      _ = intern(bytes.span)
    }
  }

  /// Number of descriptions.
  public var count: Int { descriptions.count }

  /// The description with a number that this table gave out.
  public subscript(id: AttributeID) -> Description { descriptions[Int(id)] }

  /// The number of the attribute type of a description, without looking at its name.
  @inline(__always)
  public func type(of id: AttributeID) -> AttributeID { descriptions[Int(id)].type }

  /// The number of a name, when it has one.
  public func id(of name: String) -> AttributeID? {
    let bytes = name.utf8Span.span
    var slot = Int(truncatingIfNeeded: Self.hash(bytes)) & (slots.count - 1)
    while slots[slot] != 0 {
      let id = slots[slot] - 1
      if Self.matches(descriptions[Int(id)].key, bytes) { return id }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// The number of a description, numbering it if it is new; nil when the table is full.
  ///
  /// - Parameter description: ASCII bytes of an attribute description, already checked for its form.
  public mutating func intern(_ description: Span<UInt8>) -> AttributeID? {
    var slot = Int(truncatingIfNeeded: Self.hash(description)) & (slots.count - 1)
    while slots[slot] != 0 {
      let id = slots[slot] - 1
      if Self.matches(descriptions[Int(id)].key, description) { return id }
      slot = (slot + 1) & (slots.count - 1)
    }
    return add(description)
  }

  /// Whether `description` is the description numbered `id`, ignoring case. Cheaper than `intern` when a guess is good.
  @inline(__always)
  public func isID(_ id: AttributeID, _ description: Span<UInt8>) -> Bool {
    Self.matches(descriptions[Int(id)].key, description)
  }

  private mutating func add(_ description: Span<UInt8>) -> AttributeID? {
    guard descriptions.count < Self.capacity else { return nil }
    var key: [UInt8] = []
    var spelled: [UInt8] = []
    key.reserveCapacity(description.count)
    for index in description.indices {
      spelled.append(description[index])
      key.append(Self.lower(description[index]))
    }
    let parts = spelled.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
    var range: (UInt64, UInt64?)?
    var kept: [ArraySlice<UInt8>] = []
    for part in parts {
      if let bounds = Self.rangeOption(part) { range = bounds } else { kept.append(part) }
    }
    let unrangedName = Array(kept.joined(separator: [UInt8(ascii: ";")]))
    var type: AttributeID?
    var unranged: AttributeID?
    if kept.count > 1, let first = kept.first {
      let name = Array(first)
      guard let id = intern(name.span) else { return nil }
      type = id
    }
    if range != nil {
      guard let id = intern(unrangedName.span) else { return nil }
      unranged = id
      if type == nil { type = id }
    }
    guard descriptions.count < Self.capacity else { return nil }
    let id = AttributeID(descriptions.count)
    descriptions.append(
      Description(
        name: String(decoding: unrangedName, as: UTF8.self), type: type ?? id, unranged: unranged ?? id, range: range,
        key: key))
    insert(id)
    return id
  }

  private mutating func insert(_ id: AttributeID) {
    if descriptions.count * 2 > slots.count {
      slots = Array(repeating: 0, count: slots.count * 2)
      for other in descriptions.indices where other != Int(id) { place(AttributeID(other)) }
    }
    place(id)
  }

  private mutating func place(_ id: AttributeID) {
    let key = descriptions[Int(id)].key
    var slot = Int(truncatingIfNeeded: Self.hash(key.span)) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = id + 1
  }

  /// `range=0-1499` or `range=1500-*`.
  private static func rangeOption(_ option: ArraySlice<UInt8>) -> (UInt64, UInt64?)? {
    let text = String(decoding: option, as: UTF8.self).lowercased()
    guard text.hasPrefix("range=") else { return nil }
    let bounds = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard bounds.count == 2, let first = UInt64(bounds[0]) else { return nil }
    if bounds[1] == "*" { return (first, nil) }
    guard let last = UInt64(bounds[1]) else { return nil }
    return (first, last)
  }

  @inline(__always)
  private static func lower(_ byte: UInt8) -> UInt8 {
    byte &- 65 < 26 ? byte | 0x20 : byte
  }

  /// FNV-1a over the bytes in lower case; descriptions are short.
  @inline(__always)
  private static func hash(_ bytes: Span<UInt8>) -> UInt64 {
    var hash = FNV1a()
    hash.combine(lowercasing: bytes)
    return hash.value ^ (hash.value >> 29)
  }

  @inline(__always)
  private static func matches(_ key: [UInt8], _ bytes: Span<UInt8>) -> Bool {
    guard key.count == bytes.count else { return false }
    for index in bytes.indices where key[index] != lower(bytes[index]) { return false }
    return true
  }
}
