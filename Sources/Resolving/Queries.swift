import Entries
import Directory
import Joins
import SyncErrors

/// All queries of a run, each once, and the attributes that they need beside the usual ones.
struct Queries: Sendable {
  private(set) var queries: [LookupQuery] = []
  /// By number of the query: what it looks for in connector-space exports; empty for values.
  private(set) var connectorSpaceQueries: [LookupQuery] = []
  /// By number of the query: whether the entries that it finds are objects of errors, and not only holders of a value.
  private(set) var findsObjects: [Bool] = []
  /// By number of the query: the attributes that its errors name, in lower case, perhaps several times.
  private(set) var named: [[String]] = []
  /// Names of attributes beside those of `LookupAttribute`.
  private(set) var extraAttributes: [String] = []
  private var places: [Key: Int] = [:]
  private let asksConnectorSpaces: Bool

  /// What makes two queries one.
  private enum Key: Hashable {
    case identifier(String, MentionedIdentifier.Kind)
    /// Of an attribute, in lower case, and a value.
    case value(String, String)
  }

  /// - Parameters:
  ///   - asksConnectorSpaces: whether there are connector-space exports to look into.
  ///   - count: about how many queries there will be.
  init(asksConnectorSpaces: Bool, count: Int = 0) {
    self.asksConnectorSpaces = asksConnectorSpaces
    places.reserveCapacity(count)
  }

  /// The number of the query for an identifier of an object; nil when there is nothing to look for.
  ///
  /// - Parameter written: the identifier as it stands in the material, where that is another text.
  mutating func add(_ identifier: Identifier, _ kind: MentionedIdentifier.Kind, written: String? = nil) -> Int? {
    let key = Key.identifier(written ?? identifier.text, kind)
    if let known = places[key] { return known }
    var direct = Self.query(identifier, kind)
    if let written { direct = direct.adding(Self.query(Identifier(written), kind)) }
    let inConnectorSpace =
      asksConnectorSpaces ? LookupQuery(LookupQuery.connectorSpaceReadings(identifier)) : LookupQuery()
    guard !direct.isEmpty || !inConnectorSpace.isEmpty else { return nil }
    return append(key, direct, inConnectorSpace, isObject: true)
  }

  /// The number of the query for the holders of a value.
  mutating func add(_ conflict: SyncError.Conflict) -> Int {
    let key = Key.value(conflict.attribute.lowercased(), conflict.written ?? conflict.value)
    if let known = places[key] { return known }
    var query = query(conflict.attribute, conflict.value)
    if let written = conflict.written { query = query.adding(self.query(conflict.attribute, written)) }
    return append(key, query, LookupQuery(), isObject: false)
  }

  /// Lets the holders of a value be objects of errors, too: of errors that name no other.
  mutating func makeObjects(_ query: Int) { findsObjects[query] = true }

  /// Lets values of attributes be kept of what a query finds.
  mutating func keep(_ names: [String], of query: Int) {
    if named[query].isEmpty { named[query] = names } else if named[query] != names { named[query] += names }
  }

  /// The attributes whose values are to be kept of what queries find, each once.
  func names(of queries: [Int]) -> [String] {
    if queries.count == 1, named[queries[0]].count < 2 { return named[queries[0]] }
    var seen: Set<String> = []
    return queries.flatMap { named[$0] }.filter { seen.insert($0).inserted }
  }

  private mutating func append(
    _ key: Key, _ query: LookupQuery, _ inConnectorSpace: LookupQuery, isObject: Bool
  ) -> Int {
    queries.append(query)
    connectorSpaceQueries.append(inConnectorSpace)
    findsObjects.append(isObject)
    named.append([])
    places[key] = queries.count - 1
    return queries.count - 1
  }

  // MARK: - Identifiers

  /// What to look for in a directory; nothing for ids of the cloud and of the synchronization engine.
  private static func query(_ identifier: Identifier, _ kind: MentionedIdentifier.Kind) -> LookupQuery {
    switch kind {
    case _ where kind.isForeign: LookupQuery()
    case .mailboxGUID: mailbox(identifier, .mailboxGuid)
    case .archiveGUID: mailbox(identifier, .archiveGuid)
    case .samAccountName: LookupQuery(LookupQuery.text(identifier.text, AttributeSet(.samAccountName)))
    case .alias: LookupQuery(LookupQuery.text(identifier.text, AttributeSet(.mailNickname)))
    case .displayName: LookupQuery(LookupQuery.text(identifier.text, AttributeSet(.displayName, .cn, .name)))
    default: LookupQuery(identifier)
    }
  }

  private static func mailbox(_ identifier: Identifier, _ attribute: LookupAttribute) -> LookupQuery {
    guard let guid = identifier.guid else { return LookupQuery() }
    return LookupQuery([LookupQuery.Reading(kind: .bytes, key: guid.bytes, attributes: AttributeSet(attribute))])
  }

  // MARK: - Values

  private mutating func query(_ attribute: String, _ value: String) -> LookupQuery {
    let name = AttributeSchema.shipped.directoryName(ofCloud: attribute)
    switch name.lowercased() {
    case "objectsid":
      if let sid = Identifier(value).sid { return LookupQuery(LookupQuery.readings(of: sid)) }
    case "ms-ds-consistencyguid", "objectguid":
      if let guid = Identifier(value).guid { return LookupQuery(LookupQuery.readings(of: guid)) }
    case "userprincipalname" where value.lowercased().hasSuffix(".onmicrosoft.com"):
      // The cloud makes such a name of the account where the directory has none.
      let account = String(value.prefix { $0 != "@" })
      return LookupQuery(LookupQuery.readings(of: Self.address(value, type: "smtp")))
        .adding(LookupQuery(LookupQuery.text(account, AttributeSet(.samAccountName))))
    case "userprincipalname", "mail", "proxyaddresses", "targetaddress":
      return LookupQuery(LookupQuery.readings(of: Self.address(value, type: "smtp")))
    case "msrtcsip-primaryuseraddress":
      return LookupQuery(LookupQuery.readings(of: Self.address(value, type: "sip")))
    default: break
    }
    return LookupQuery(LookupQuery.text(value, attributes(named: name)))
  }

  /// An address, of a type where it says none itself.
  private static func address(_ value: String, type: String) -> Identifier.Address {
    let address = Identifier(value).address ?? .init(type: "", value: value)
    return address.type.isEmpty ? .init(type: type, value: address.value) : address
  }

  /// The set of an attribute, which gets a number when it is new; empty when there are too many.
  private mutating func attributes(named name: String) -> AttributeSet {
    let wanted = name.lowercased()
    if let known = LookupAttribute.allCases.first(where: { $0.attributeName.lowercased() == wanted }) {
      return AttributeSet(known)
    }
    let usual = LookupAttribute.allCases.count
    if let place = extraAttributes.firstIndex(where: { $0.lowercased() == wanted }) {
      return AttributeSet(number: usual + place)
    }
    guard usual + extraAttributes.count < AttributeSet.capacity else { return AttributeSet(rawValue: 0) }
    extraAttributes.append(name)
    return AttributeSet(number: usual + extraAttributes.count - 1)
  }
}
