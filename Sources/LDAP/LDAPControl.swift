/// A control on a request or a response (RFC 4511, 4.1.11).
public struct LDAPControl: Hashable, Sendable {
  /// Object identifier.
  public var oid: String
  /// Whether a server that does not know it must refuse the request.
  public var isCritical: Bool
  /// Value, mostly BER.
  public var value: [UInt8]?

  /// A control; see the properties.
  public init(oid: String, isCritical: Bool = true, value: [UInt8]? = nil) {
    self.oid = oid
    self.isCritical = isCritical
    self.value = value
  }

  /// OIDs of controls.
  public enum OID {
    /// Paged results (RFC 2696).
    public static let pagedResults = "1.2.840.113556.1.4.319"
    /// Changes since a cookie (MS-ADTS 3.1.1.3.4.1.3).
    public static let dirSync = "1.2.840.113556.1.4.841"
    /// Deleted objects (MS-ADTS 3.1.1.3.4.1.14).
    public static let showDeleted = "1.2.840.113556.1.4.417"
    /// Recycled objects (MS-ADTS 3.1.1.3.4.1.26).
    public static let showRecycled = "1.2.840.113556.1.4.2064"
    /// GUID and SID in distinguished names (MS-ADTS 3.1.1.3.4.1.5).
    public static let extendedDN = "1.2.840.113556.1.4.529"
    /// Parts of security descriptors (MS-ADTS 3.1.1.3.4.1.11).
    public static let securityDescriptorFlags = "1.2.840.113556.1.4.801"
    /// No references to other domains (MS-ADTS 3.1.1.3.4.1.4).
    public static let domainScope = "1.2.840.113556.1.4.1339"
  }

  /// Deleted objects, too.
  public static let showDeleted = LDAPControl(oid: OID.showDeleted)
  /// Deleted and recycled objects, too.
  public static let showRecycled = LDAPControl(oid: OID.showRecycled)
  /// No references to other domains.
  public static let domainScope = LDAPControl(oid: OID.domainScope)

  /// Which parts of `nTSecurityDescriptor` are wanted: 1 owner, 2 group, 4 DACL, 8 SACL.
  public static func securityDescriptorFlags(_ flags: Int) -> LDAPControl {
    LDAPControl(oid: OID.securityDescriptorFlags, value: BER.sequence(BER.integer(flags)))
  }

  /// Distinguished names as `<GUID=…>;<SID=…>;DN`, the GUID with dashes where `isReadable`.
  public static func extendedDN(isReadable: Bool = true) -> LDAPControl {
    LDAPControl(oid: OID.extendedDN, value: BER.sequence(BER.integer(isReadable ? 1 : 0)))
  }

  /// One page of a search (RFC 2696).
  public static func pagedResults(size: Int, cookie: [UInt8] = [], isCritical: Bool = true) -> LDAPControl {
    LDAPControl(
      oid: OID.pagedResults, isCritical: isCritical, value: BER.sequence(BER.integer(size) + BER.octets(cookie)))
  }

  /// Changes since a cookie; an empty cookie asks for everything.
  ///
  /// - Parameters:
  ///   - flags: 1 takes only what the account may read, 0x8000_0000 (incremental values) only changed values.
  ///   - maximumBytes: a wish for the size of a response; 0 for the server's own.
  public static func dirSync(flags: Int = 1, maximumBytes: Int = 0, cookie: [UInt8] = []) -> LDAPControl {
    LDAPControl(
      oid: OID.dirSync,
      value: BER.sequence(
        BER.integer(Int(Int32(truncatingIfNeeded: flags))) + BER.integer(maximumBytes) + BER.octets(cookie)))
  }
}

/// What a server answered to the DirSync control.
public struct DirSyncResponse: Hashable, Sendable {
  /// Whether the same search with the new cookie brings more at once.
  public var hasMore: Bool
  /// What to ask with the next time.
  public var cookie: [UInt8]

  /// The answer among the controls of a response; nil where there is none or it cannot be read.
  public init?(_ controls: [LDAPControl]) {
    guard let value = controls.first(where: { $0.oid == LDAPControl.OID.dirSync })?.value else { return nil }
    var outer = BERReader(value[...])
    guard let content = outer.read(tag: BER.sequenceTag) else { return nil }
    var reader = BERReader(content)
    guard let more = reader.readInteger(), reader.readInteger() != nil, let cookie = reader.read(tag: BER.octetsTag)
    else { return nil }
    hasMore = more != 0
    self.cookie = Array(cookie)
  }
}

/// What a server answered to the paged results control.
struct PagedResponse {
  var cookie: [UInt8]

  init?(_ controls: [LDAPControl]) {
    guard let value = controls.first(where: { $0.oid == LDAPControl.OID.pagedResults })?.value else { return nil }
    var outer = BERReader(value[...])
    guard let content = outer.read(tag: BER.sequenceTag) else { return nil }
    var reader = BERReader(content)
    guard reader.readInteger() != nil, let cookie = reader.read(tag: BER.octetsTag) else { return nil }
    self.cookie = Array(cookie)
  }
}
