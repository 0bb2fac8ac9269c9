/// Which of the attributes that rules need a server cannot show, whatever its entries have.
struct SchemaCoverage {
  /// Whether anything is known of what entries can have; false where a directory hides its schema.
  var isSeen = true
  /// What is missing, one sentence each.
  var gaps: [String] = []
  /// What the schema does not know, so that no entry can have it: that is nothing that was not read.
  var unknown: [String] = []
  /// What the server does not have although the directory may: it is not in the partial attribute set of a global catalog.
  var unreplicated: [String] = []

  /// Looks into the schema of the forest. Nothing is said of servers without one in the directory (no Active Directory).
  ///
  /// - Parameter rules: ids of rules by the names of attributes that they need, in lower case.
  init(_ session: LDAPSession, attributes: [String], rules: [String: [String]]) throws(LDAPFailure) {
    guard let schema = session.rootDSE.schemaNamingContext, !attributes.isEmpty else { return }
    let wanted = attributes.filter { LDAPURL.isAttribute($0) && !["*", "+", "1.1"].contains($0) }
    var replicated: [String: Bool] = [:]
    do throws(LDAPFailure) {
      let search = LDAPSearch(
        base: schema, scope: .one, filter: .any(wanted.map { .equal("lDAPDisplayName", $0) }),
        attributes: ["lDAPDisplayName", "isMemberOfPartialAttributeSet"])
      for object in try session.objects(search) {
        guard let name = object.text("lDAPDisplayName") else { continue }
        replicated[name.lowercased()] = object.flag("isMemberOfPartialAttributeSet") ?? false
      }
    } catch {
      guard error.kind == .permission || error.kind == .noSuchObject else { throw error }
    }
    if replicated.isEmpty {
      guard let allowed = try Self.allowedAttributes(session) else {
        isSeen = false
        gaps.append(
          "what attributes the directory has could not be seen: the account needs to read '\(schema)'")
        return
      }
      // What is in the partial attribute set is not known then; what comes is.
      replicated = allowed
    }
    unknown = wanted.filter { replicated[$0.lowercased()] == nil }
    guard session.server.isGlobalCatalog else { return }
    unreplicated = wanted.filter { replicated[$0.lowercased()] == false }
    if !unreplicated.isEmpty {
      gaps.append(
        "a global catalog has no \(Self.list(unreplicated)) (not in the partial attribute set): \(Self.judges(unreplicated, rules))"
          + "; read the domains themselves, with ports 389 or 636, or --forest")
    }
  }

  /// Names of the attributes that entries of the kinds that are synchronized may have, told by an entry of each kind
  /// (`allowedAttributes`, MS-ADTS 3.1.1.4.5.16): for accounts that may not read the schema.
  private static func allowedAttributes(_ session: LDAPSession) throws(LDAPFailure) -> [String: Bool]? {
    guard let base = session.rootDSE.defaultNamingContext else { return nil }
    var allowed: [String: Bool] = [:]
    for kind in ["user", "group", "contact"] {
      let search = LDAPSearch(
        base: base, filter: .equal("objectClass", kind), attributes: ["allowedAttributes"], pageSize: 1)
      let cursor = try session.cursor(search)
      var isFound = false
      while !isFound {
        switch try cursor.next() {
        case .entry(let message):
          isFound = true
          for name in message.object()?.texts("allowedAttributes") ?? [] { allowed[name.lowercased()] = true }
        case .idle: try session.throwIfStopped()
        case .end: isFound = true
        }
      }
    }
    return allowed.isEmpty ? nil : allowed
  }

  static func list(_ names: [String]) -> String {
    (names.count == 1 ? "attribute " : "attributes ")
      + names.sorted { $0.lowercased() < $1.lowercased() }.joined(separator: ", ")
  }

  /// The rules that need attributes, in words.
  static func judges(_ attributes: [String], _ rules: [String: [String]]) -> String {
    let ids = Set(attributes.flatMap { rules[$0.lowercased()] ?? [] }).sorted()
    return ids.isEmpty ? "nothing could be judged by them" : "\(ids.joined(separator: ", ")) could not judge"
  }
}
