import Directory
import LDAP

/// Asks a server what has changed.
struct DirectoryChanges {
  /// Flag of DirSync: of an attribute with many values only those that changed (`LDAP_DIRSYNC_INCREMENTAL_VALUES`).
  private static let incrementalValues = 0x8000_0000

  private let records: LDAPRecords
  private var session: LDAPSession { records.session }

  init(_ records: LDAPRecords) { self.records = records }

  /// A cookie that stands for now, of a naming context.
  ///
  /// - Returns: nil when the account may not ask, or the server does not know the control.
  /// - Throws: `LDAPFailure` when the server cannot be asked.
  func cookie(of context: String) throws(LDAPFailure) -> [UInt8]? {
    guard session.rootDSE.supports(control: LDAPControl.OID.dirSync) else { return nil }
    do throws(LDAPFailure) {
      // No object has this GUID: only the cookie comes.
      let nothing = LDAPFilter.equal("objectGUID", [UInt8](repeating: 0, count: 16))
      return try follow(context, cookie: [], filter: nothing, attributes: ["objectGUID"]) { _ in }
    } catch {
      switch error.kind {
      case .permission, .server, .noSuchObject: return nil
      default: throw error
      }
    }
  }

  /// The objects of a naming context that changed since a cookie, deleted ones included.
  ///
  /// - Returns: their GUIDs, and the next cookie.
  /// - Throws: `LDAPFailure`, also when the server does not take the cookie any more.
  func changes(of context: String, since cookie: [UInt8], attributes: Set<String>) throws(LDAPFailure) -> (
    guids: Set<[UInt8]>, cookie: [UInt8]
  ) {
    var guids: Set<[UInt8]> = []
    var isUnknown = false
    // A new name or place changes `name`; a deletion sets `isDeleted`, and the return from it takes it away.
    let watched = attributes.union(["name", "isdeleted"]).sorted()
    let next = try follow(
      context, cookie: cookie, filter: .present("objectClass"), attributes: watched
    ) { object in
      if let guid = object["objectGUID"].first { guids.insert(guid) } else { isUnknown = true }
    }
    guard !isUnknown else {
      throw LDAPFailure(.server, server: session.server.uri, message: "a changed entry came without its objectGUID")
    }
    return (guids, next)
  }

  /// Asks until there is nothing more, and returns the last cookie.
  private func follow(
    _ context: String, cookie: [UInt8], filter: LDAPFilter, attributes: [String], _ receive: (LDAPObject) -> Void
  ) throws(LDAPFailure) -> [UInt8] {
    var cookie = cookie
    while true {
      let search = LDAPSearch(
        base: context, filter: filter, attributes: attributes,
        controls: [.dirSync(flags: Self.incrementalValues, cookie: cookie)], pageSize: 0)
      let end = try session.search(search) { (object) throws(LDAPFailure) in receive(object) }
      guard let response = DirSyncResponse(end.controls), !response.cookie.isEmpty else {
        throw LDAPFailure(
          .server, server: session.server.uri, message: "the server's answer to DirSync has no cookie")
      }
      let isStuck = response.hasMore && response.cookie == cookie
      cookie = response.cookie
      guard !isStuck else {
        throw LDAPFailure(.server, server: session.server.uri, message: "the server's answer to DirSync does not end")
      }
      if !response.hasMore { return cookie }
    }
  }

  /// An entry that is there now.
  struct Listed {
    var guid: [UInt8]
    var dn: [UInt8]
    /// Update sequence number of its last change; nil where the account may not read it.
    var changed: Int?
  }

  /// Lists what is there, with hardly more than its names.
  ///
  /// - Throws: `LDAPFailure` when the list does not come to its end.
  func list(
    _ search: LDAPSearch, _ receive: (Listed) -> Void
  ) throws(LDAPFailure) {
    var search = search
    search.attributes = ["objectGUID", "uSNChanged"]
    var isUnknown = false
    _ = try session.search(search) { (object) throws(LDAPFailure) in
      guard let guid = object["objectGUID"].first else {
        if !records.isOfSystem(object.dn) { isUnknown = true }
        return
      }
      receive(Listed(guid: guid, dn: object.dn, changed: object.number("uSNChanged")))
    }
    guard !isUnknown else {
      throw LDAPFailure(.server, server: session.server.uri, message: "an entry came without its objectGUID")
    }
  }
}
