import LDAP

/// What the schema says of the attributes that are read: which name other objects, and which change without a trace.
struct TracedAttributes {
  /// Attributes whose values are distinguished names, in lower case: these change when an object that they name is renamed or
  /// deleted, and nothing tells so.
  var names: Set<String> = []
  /// Those of them that are links, by which a server finds quickly who names an object.
  var links: [String] = []
  /// Attributes that are computed, the other end of a link, or different on every server: they change without a trace.
  var untraceable: [String] = []

  /// Reads the schema.
  ///
  /// - Parameter attributes: names of attributes.
  init(_ session: LDAPSession, _ attributes: Set<String>) throws(LDAPFailure) {
    guard let schema = session.rootDSE.schemaNamingContext else { return }
    var rest = attributes.sorted()[...]
    while !rest.isEmpty {
      let part = rest.prefix(50)
      rest = rest.dropFirst(50)
      let search = LDAPSearch(
        base: schema, scope: .one, filter: .any(part.map { .equal("lDAPDisplayName", $0) }),
        attributes: ["lDAPDisplayName", "attributeSyntax", "linkID", "systemFlags"])
      for object in try session.objects(search) { add(object) }
    }
  }

  /// What is known without a schema.
  init(names: Set<String>, links: [String]) {
    self.names = names
    self.links = links
  }

  /// Attributes that the schema calls different on every server, but that never change or are watched otherwise.
  private static let constant: Set<String> = ["objectguid", "distinguishedname", "usncreated", "whencreated"]

  private mutating func add(_ object: LDAPObject) {
    guard let name = object.text("lDAPDisplayName") else { return }
    let lower = name.lowercased()
    let link = object.number("linkID")
    let flags = object.number("systemFlags") ?? 0
    // FLAG_ATTR_NOT_REPLICATED and FLAG_ATTR_IS_CONSTRUCTED (MS-ADTS 2.2.10); a back link has an odd number (3.1.1.1.6).
    let isUntraceable = flags & 0x5 != 0 || (link ?? 0) % 2 == 1
    if isUntraceable, !Self.constant.contains(lower) {
      untraceable.append(name)
      return
    }
    // Object(DS-DN), Object(DN-Binary), Object(DN-String): MS-ADTS 3.1.1.2.2.2.
    guard ["2.5.5.1", "2.5.5.7", "2.5.5.14"].contains(object.text("attributeSyntax") ?? "") else { return }
    names.insert(lower)
    if link != nil { links.append(name) }
  }
}
