import Directory

/// Rights on objects of a directory (MS-ADTS 5.1.3.2), one bit each.
public struct AccessRight: Hashable, Sendable {
  /// The bit of the access mask.
  public let bit: UInt32
  private init(_ bit: UInt32) { self.bit = bit }

  /// Create objects below this one.
  public static let createChild = AccessRight(0x1)
  /// Delete objects below this one.
  public static let deleteChild = AccessRight(0x2)
  /// Read attributes.
  public static let readProperty = AccessRight(0x10)
  /// Write attributes.
  public static let writeProperty = AccessRight(0x20)
  /// Delete everything below this object.
  public static let deleteTree = AccessRight(0x40)
  /// An extended right such as Reset Password.
  public static let controlAccess = AccessRight(0x100)
  /// Delete this object.
  public static let delete = AccessRight(0x1_0000)
}

/// What a right is wanted on: everything that an entry may name for it to count.
public struct AccessTarget: Hashable, Sendable {
  /// GUIDs that an entry may be limited to and still count: those of the attribute, of its property set, of the class, or of
  /// the extended right.
  public var types: [GUID]

  /// The object as a whole: only entries without a limit count.
  public static let everything = AccessTarget(types: [])

  /// A target; see the property.
  public init(types: [GUID]) { self.types = types }
}

/// The identifiers by which an account is known to an access check: its own, its groups', and those that everybody has.
public struct AccessToken: Hashable, Sendable {
  /// All identifiers.
  public var identifiers: Set<SecurityIdentifier>

  /// A token.
  ///
  /// - Parameters:
  ///   - account: the account's own identifier (`objectSid`).
  ///   - groups: those of its groups, direct and nested (`tokenGroups`).
  public init(account: SecurityIdentifier, groups: [SecurityIdentifier]) {
    identifiers = Set(groups).union([account]).union(Self.everybody)
  }

  /// Everyone (S-1-1-0), Authenticated Users (S-1-5-11) and This Organization (S-1-5-15): every account that logs on.
  public static let everybody = ["S-1-1-0", "S-1-5-11", "S-1-5-15"].compactMap { SecurityIdentifier(text: $0) }
}

/// What an access check came to.
public enum AccessDecision: Hashable, Sendable {
  /// An entry grants the right.
  case granted
  /// An entry refuses the right.
  case denied
  /// No entry grants it.
  case notGranted
  /// It depends on a condition that cannot be evaluated.
  case conditional
}

extension SecurityDescriptor {
  /// Whether an account has a right on the object (MS-DTYP 2.5.3.2, for one right).
  ///
  /// The first entry that speaks of the right, the target and one of the account's identifiers decides. The type of inheriting
  /// objects in an entry does not matter here: Active Directory makes entries for other classes inherit-only.
  public func decide(_ right: AccessRight, on target: AccessTarget, for token: AccessToken) -> AccessDecision {
    guard let accessList else { return .granted }
    var isConditional = false
    for entry in accessList where entry.isEffective {
      guard Self.speaks(entry, of: right, on: target, to: token) else { continue }
      switch entry.kind {
      case .allow: return isConditional ? .conditional : .granted
      case .deny: return .denied
      case .conditional: isConditional = true
      case .other: continue
      }
    }
    return isConditional ? .conditional : .notGranted
  }

  private static func speaks(
    _ entry: AccessControlEntry, of right: AccessRight, on target: AccessTarget, to token: AccessToken
  ) -> Bool {
    guard expanded(entry.mask) & right.bit != 0 else { return false }
    if let type = entry.objectType, !target.types.contains(type) { return false }
    guard let account = entry.account else { return false }
    return token.identifiers.contains(account)
  }

  /// The mask with generic rights turned into those of directory objects (MS-ADTS 5.1.3.2).
  private static func expanded(_ mask: UInt32) -> UInt32 {
    var mask = mask
    if mask & 0x1000_0000 != 0 { mask |= 0x000F_01FF }
    if mask & 0x8000_0000 != 0 { mask |= 0x0002_0094 }
    if mask & 0x4000_0000 != 0 { mask |= 0x0002_0028 }
    if mask & 0x2000_0000 != 0 { mask |= 0x0002_0004 }
    return mask
  }
}
