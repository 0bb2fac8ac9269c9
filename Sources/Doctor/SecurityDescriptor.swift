import Directory

/// A self-relative security descriptor (MS-DTYP 2.4.6), as `nTSecurityDescriptor` holds it.
///
/// The bytes come from a directory that strangers write to: nothing in them is trusted, and what does not fit together is no
/// descriptor.
public struct SecurityDescriptor: Hashable, Sendable {
  /// Flags of the descriptor (MS-DTYP 2.4.6, Control).
  public var control: UInt16
  /// Who owns the object; nil where it was not asked for.
  public var owner: SecurityIdentifier?
  /// Who may do what, in the order in which it counts; nil where there is no list, which lets everybody do everything.
  public var accessList: [AccessControlEntry]?

  /// `SE_DACL_PRESENT`: there is a list, or one that lets everybody in.
  static let accessListPresent: UInt16 = 0x0004
  /// `SE_DACL_PROTECTED`: nothing is inherited from above.
  static let accessListProtected: UInt16 = 0x1000
  /// `SE_SELF_RELATIVE`: the parts stand behind the head.
  static let selfRelative: UInt16 = 0x8000

  /// A descriptor; see the properties.
  public init(control: UInt16, owner: SecurityIdentifier? = nil, accessList: [AccessControlEntry]?) {
    self.control = control
    self.owner = owner
    self.accessList = accessList
  }

  /// Whether inheritance is disabled: rights that are granted on containers above do not reach the object.
  public var isInheritanceDisabled: Bool { control & Self.accessListProtected != 0 }

  /// The descriptor of stored bytes; nil when they are none.
  public init?(_ bytes: [UInt8]) {
    let reader = LittleEndianBytes(bytes[...])
    guard reader[0, 1] == 1, let control = reader[2, 2].map({ UInt16($0) }), control & Self.selfRelative != 0,
      let ownerOffset = reader[4, 4], let listOffset = reader[16, 4]
    else { return nil }
    self.control = control
    if ownerOffset > 0 {
      guard let owner = reader.slice(from: ownerOffset).flatMap(SecurityIdentifier.init(prefixOf:)) else { return nil }
      self.owner = owner
    }
    if control & Self.accessListPresent == 0 || listOffset == 0 {
      accessList = nil
    } else {
      guard let list = reader.slice(from: listOffset).flatMap(Self.entries) else { return nil }
      accessList = list
    }
  }

  /// The entries of an access control list (MS-DTYP 2.4.5).
  private static func entries(_ bytes: ArraySlice<UInt8>) -> [AccessControlEntry]? {
    let head = LittleEndianBytes(bytes)
    guard let revision = head[0, 1], [2, 4].contains(revision), let size = head[2, 2], let count = head[4, 2],
      size >= 8, size <= bytes.count
    else { return nil }
    var entries: [AccessControlEntry] = []
    var rest = bytes.prefix(size).dropFirst(8)
    for _ in 0..<count {
      let reader = LittleEndianBytes(rest)
      guard let length = reader[2, 2], length >= 4, length <= rest.count else { return nil }
      guard let entry = AccessControlEntry(rest.prefix(length)) else { return nil }
      entries.append(entry)
      rest = rest.dropFirst(length)
    }
    return entries
  }
}

/// One entry of an access control list (MS-DTYP 2.4.4).
public struct AccessControlEntry: Hashable, Sendable {
  /// What an entry does.
  public enum Kind: Hashable, Sendable {
    /// Grants rights.
    case allow
    /// Refuses rights.
    case deny
    /// Grants or refuses rights on a condition that cannot be evaluated here (a callback entry).
    case conditional(isAllow: Bool)
    /// Says nothing about rights: audit entries, labels and kinds that are not known.
    case other
  }

  /// What the entry does.
  public var kind: Kind
  /// `ACE_HEADER.AceFlags`.
  public var flags: UInt8
  /// The rights, as an access mask.
  public var mask: UInt32
  /// What the rights are limited to: an attribute, a set of attributes, a class or an extended right; nil for all.
  public var objectType: GUID?
  /// The class of objects that inherit the entry; nil for all.
  public var inheritedObjectType: GUID?
  /// Whose rights they are; nil for kinds that are not known.
  public var account: SecurityIdentifier?

  /// `INHERIT_ONLY_ACE`: meant for objects below, not for this one.
  static let inheritOnly: UInt8 = 0x08

  /// An entry; see the properties.
  public init(
    _ kind: Kind, mask: UInt32, account: SecurityIdentifier, objectType: GUID? = nil, inheritedObjectType: GUID? = nil,
    flags: UInt8 = 0
  ) {
    self.kind = kind
    self.flags = flags
    self.mask = mask
    self.objectType = objectType
    self.inheritedObjectType = inheritedObjectType
    self.account = account
  }

  /// Whether the entry says something about the object that carries it.
  public var isEffective: Bool { flags & Self.inheritOnly == 0 }

  /// The entry in a slice of exactly its size; nil when it is malformed.
  init?(_ bytes: ArraySlice<UInt8>) {
    let reader = LittleEndianBytes(bytes)
    guard let type = reader[0, 1], let flags = reader[1, 1] else { return nil }
    self.flags = UInt8(truncatingIfNeeded: flags)
    mask = 0
    let isObject: Bool
    switch type {
    case 0x00: (kind, isObject) = (.allow, false)
    case 0x01: (kind, isObject) = (.deny, false)
    case 0x05: (kind, isObject) = (.allow, true)
    case 0x06: (kind, isObject) = (.deny, true)
    case 0x09: (kind, isObject) = (.conditional(isAllow: true), false)
    case 0x0A: (kind, isObject) = (.conditional(isAllow: false), false)
    case 0x0B: (kind, isObject) = (.conditional(isAllow: true), true)
    case 0x0C: (kind, isObject) = (.conditional(isAllow: false), true)
    default:
      kind = .other
      return
    }
    guard let mask = reader[4, 4] else { return nil }
    self.mask = UInt32(truncatingIfNeeded: mask)
    var offset = 8
    if isObject {
      guard let present = reader[8, 4] else { return nil }
      offset = 12
      for bit in [1, 2] where present & bit != 0 {
        guard let type = reader.slice(from: offset)?.prefix(16), let guid = GUID(type) else { return nil }
        if bit == 1 { objectType = guid } else { inheritedObjectType = guid }
        offset += 16
      }
    }
    guard let account = reader.slice(from: offset).flatMap(SecurityIdentifier.init(prefixOf:)) else { return nil }
    self.account = account
  }
}

extension SecurityIdentifier {
  /// The identifier at the start of bytes that go on behind it; nil when there is none.
  init?(prefixOf bytes: ArraySlice<UInt8>) {
    guard let count = bytes.dropFirst().first, count <= 15, bytes.count >= 8 + 4 * Int(count) else { return nil }
    self.init(bytes.prefix(8 + 4 * Int(count)))
  }

  /// The last number: what tells accounts of one domain apart.
  var relativeID: UInt32? { subauthorities.last }
}

/// Reads little-endian numbers at offsets; nil for anything beyond the end.
struct LittleEndianBytes {
  private let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// The number of `count` bytes (at most 4) at an offset.
  subscript(offset: Int, count: Int) -> Int? {
    guard offset + count <= bytes.count else { return nil }
    let start = bytes.startIndex + offset
    return bytes[start..<start + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// The bytes from an offset on; nil for an offset beyond the end.
  func slice(from offset: Int) -> ArraySlice<UInt8>? {
    offset <= bytes.count ? bytes.dropFirst(offset) : nil
  }
}
