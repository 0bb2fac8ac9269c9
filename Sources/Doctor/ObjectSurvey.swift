import Directory
import Findings
import LDAP

/// Looks at every object that synchronization may read or write: inheritance, rights of the connector account, domains of
/// addresses.
///
/// Objects come one after the other and are not kept. Security descriptors repeat, so what an account lacks is worked out once
/// for each of them.
struct ObjectSurvey {
  private let session: LDAPSession
  private let domain: String
  private let bases: [String]
  private let account: ConnectorAccounts.Account?
  private let features: Set<ConnectorFeature>
  private let acceptedDomains: Set<String>?

  init(
    _ session: LDAPSession, domain: String, bases: [String], account: ConnectorAccounts.Account?,
    features: Set<ConnectorFeature>, acceptedDomains: Set<String>?
  ) {
    self.session = session
    self.domain = domain
    self.bases = bases
    self.account = account
    self.features = features
    self.acceptedDomains = acceptedDomains
  }

  func checks() throws(LDAPFailure) -> [PreflightCheck] {
    var tally = ObjectTally(acceptedDomains: acceptedDomains)
    var rights: RightsTally?
    do throws(LDAPFailure) {
      let schema = try schemaGUIDs()
      tally.protected = try protectedObjects()
      if let account {
        rights = RightsTally(account: account, schema: schema, features: features)
        rights?.judge(
          domainRoot: try session.object(
            domain, attributes: ["nTSecurityDescriptor"], controls: [Self.descriptorParts]))
      }
      try visit { object in
        tally.count(object)
        rights?.judge(object)
      }
    } catch {
      guard error.kind != .interrupted else { throw error }
      return [
        PreflightCheck(
          "inheritance", "Inheritance of rights", .couldNotLook, "objects were read only in part: \(error.message)")
      ]
    }
    return tally.checks() + (rights?.checks() ?? [])
  }

  /// Owner, group and DACL: the SACL needs a privilege of its own.
  private static let descriptorParts = LDAPControl.securityDescriptorFlags(7)

  private func visit(_ body: (LDAPObject) -> Void) throws(LDAPFailure) {
    var attributes = [
      "objectClass", "adminCount", "isCriticalSystemObject", "nTSecurityDescriptor", "mS-DS-ConsistencyGuid",
    ]
    if acceptedDomains != nil { attributes.append("proxyAddresses") }
    let classes = ["user", "group", "contact", "publicFolder", "organizationalUnit"]
    for base in bases {
      let search = LDAPSearch(
        base: base, filter: .any(classes.map { .equal("objectClass", $0) }), attributes: attributes,
        controls: [Self.descriptorParts, .domainScope])
      _ = try session.search(search) { (object) throws(LDAPFailure) in
        var object = object
        try session.complete(&object)
        body(object)
      }
    }
  }

  private func schemaGUIDs() throws(LDAPFailure) -> SchemaGUIDs {
    var schema = SchemaGUIDs()
    guard let base = session.rootDSE.schemaNamingContext else { return schema }
    let needed = ConnectorRights.classes.flatMap { ConnectorRights.onObjects(ofClass: $0) }
    let names = Set(
      needed.compactMap { need in
        if case .attribute(let name) = need.subject { name } else { nil }
      }
    ).union(ConnectorRights.classes).sorted()
    let objects = try session.objects(
      LDAPSearch(
        base: base, scope: .one, filter: .any(names.map { .equal("lDAPDisplayName", $0) }),
        attributes: ["lDAPDisplayName", "schemaIDGUID", "attributeSecurityGUID", "objectClass"]))
    for object in objects {
      guard let name = object.text("lDAPDisplayName"), let guid = object["schemaIDGUID"].first.flatMap({ GUID($0) })
      else { continue }
      if object.texts("objectClass").contains("classSchema") {
        schema.add(class: name, guid)
      } else {
        schema.add(
          attribute: name, own: guid, propertySet: object["attributeSecurityGUID"].first.flatMap { GUID($0) })
      }
    }
    return schema
  }

  /// Members of the groups that AdminSDHolder protects, and these themselves, by normalized DN; nil where that cannot be told.
  private func protectedObjects() throws(LDAPFailure) -> Set<[UInt8]>? {
    guard
      let identifier = try session.object(domain, attributes: ["objectSid"])?["objectSid"].first
        .flatMap({ SecurityIdentifier($0) })
    else { return nil }
    let own = [500, 502, 512, 516, 518, 519, 521].map { "\(identifier)-\($0)" }
    let builtin = [544, 548, 549, 550, 551, 552].map { "S-1-5-32-\($0)" }
    var names: Set<[UInt8]> = []
    do throws(LDAPFailure) {
      var groups: [LDAPObject] = []
      for text in own + builtin {
        guard let object = try session.object("<SID=\(text)>", attributes: ["objectClass", "objectSid"]) else {
          continue
        }
        names.insert(DistinguishedName.normalized(object.dn.span))
        if object.texts("objectClass").contains("group") { groups.append(object) }
      }
      var seen = Set(groups.map { DistinguishedName.normalized($0.dn.span) })
      // Downwards, group by group: the matching rule for nested membership would go through every object of the domain.
      while let group = groups.popLast() {
        names.formUnion(try members(of: group))
        for nested in try session.objects(Self.nestedGroups(in: group, domain)) {
          if seen.insert(DistinguishedName.normalized(nested.dn.span)).inserted { groups.append(nested) }
        }
      }
    } catch {
      guard error.kind != .interrupted else { throw error }
      return nil
    }
    return names
  }

  /// Members of a group, also those whose primary group it is, by normalized DN.
  private func members(of group: LDAPObject) throws(LDAPFailure) -> Set<[UInt8]> {
    var names: Set<[UInt8]> = []
    for member in try session.object(group.dnText, attributes: ["member"])?["member"] ?? [] {
      names.insert(DistinguishedName.normalized(member.span))
    }
    // Groups of the domain, which can be primary: S-1-5-21-…
    guard let identifier = group["objectSid"].first.flatMap({ SecurityIdentifier($0) }),
      identifier.subauthorities.count == 5,
      let relative = identifier.relativeID
    else { return names }
    let search = LDAPSearch(
      base: domain, filter: .equal("primaryGroupID", String(relative)), attributes: ["objectClass"],
      controls: [.domainScope])
    _ = try session.search(search) { (member) throws(LDAPFailure) in
      names.insert(DistinguishedName.normalized(member.dn.span))
    }
    return names
  }

  private static func nestedGroups(in group: LDAPObject, _ domain: String) -> LDAPSearch {
    LDAPSearch(
      base: domain, filter: .all([.equal("objectClass", "group"), .equal("memberOf", group.dnText)]),
      attributes: ["objectSid"], controls: [.domainScope])
  }
}

/// Counts objects by what is special about them.
struct ObjectTally {
  /// Objects that AdminSDHolder protects, by normalized DN; nil where that is not known.
  var protected: Set<[UInt8]>?
  private let acceptedDomains: Set<String>?
  private var looked = 0
  private var synchronized = 0
  private var unreadable = ObjectNames()
  private var malformed = ObjectNames()
  private var administrators = ObjectNames()
  private var formerAdministrators = ObjectNames()
  private var switchedOff = ObjectNames()
  private var units = ObjectNames()
  private var anchors = 0
  private var foreignDomains: [String: Int] = [:]

  init(acceptedDomains: Set<String>?) { self.acceptedDomains = acceptedDomains }

  mutating func count(_ object: LDAPObject) {
    // Entra Connect leaves critical system objects aside.
    guard object.flag("isCriticalSystemObject") != true else { return }
    let classes = object.texts("objectClass").map { $0.lowercased() }
    guard !classes.contains("computer") else { return }
    looked += 1
    let isUnit = classes.last == "organizationalunit"
    if !isUnit { synchronized += 1 }
    if !object["mS-DS-ConsistencyGuid"].isEmpty, classes.contains("user") { anchors += 1 }
    countDomains(object)
    guard let bytes = object["nTSecurityDescriptor"].first else { return unreadable.add(object.dnText) }
    guard let descriptor = SecurityDescriptor(bytes) else { return malformed.add(object.dnText) }
    guard descriptor.isInheritanceDisabled else { return }
    if isUnit {
      units.add(object.dnText)
    } else if object.number("adminCount") == 1 {
      let isMember = protected?.contains(DistinguishedName.normalized(object.dn.span)) ?? true
      if isMember { administrators.add(object.dnText) } else { formerAdministrators.add(object.dnText) }
    } else {
      switchedOff.add(object.dnText)
    }
  }

  private mutating func countDomains(_ object: LDAPObject) {
    guard let acceptedDomains else { return }
    var domains: Set<String> = []
    for address in object.texts("proxyAddresses") where address.lowercased().hasPrefix("smtp:") {
      guard let mark = address.lastIndex(of: "@") else { continue }
      let domain = address[address.index(after: mark)...].lowercased()
      if !domain.isEmpty, !ExchangeSurvey.isAccepted(domain, acceptedDomains) { domains.insert(domain) }
    }
    // Names of strangers: a directory full of nonsense must not fill the memory.
    for domain in domains where foreignDomains[domain] != nil || foreignDomains.count < 10_000 {
      foreignDomains[domain, default: 0] += 1
    }
  }

  func checks() -> [PreflightCheck] {
    [
      inheritance, units.check, administrators.protectedCheck, formerAdministrators.formerCheck, anchorCheck,
      sizeCheck,
    ] + (acceptedDomains == nil ? [] : [domainsCheck])
  }

  private var inheritance: PreflightCheck {
    let title = "Inheritance of rights"
    guard looked > 0 else {
      return PreflightCheck(
        "inheritance", title, .couldNotLook, "no user, group, contact or organizational unit was seen"
      )
      .because(
        "the account may see nothing below the base, or the base is empty", remedy: "log on as an account that may")
    }
    guard unreadable.count == 0 else {
      return PreflightCheck(
        "inheritance", title, .couldNotLook,
        "nTSecurityDescriptor of \(unreadable.count) of \(looked) objects cannot be read"
      ).because(
        "whether they inherit rights is not known",
        remedy: "log on as an account with the right to read permissions (READ_CONTROL)"
      ).naming(unreadable)
    }
    guard malformed.count == 0 else {
      return PreflightCheck(
        "inheritance", title, .couldNotLook, "the security descriptors of \(malformed.count) objects are malformed"
      ).naming(malformed)
    }
    guard switchedOff.count > 0 else {
      return PreflightCheck("inheritance", title, .ok, "\(looked) objects looked at")
    }
    return PreflightCheck(
      "inheritance", title, .problem,
      "disabled on \(switchedOff.count) of \(looked) objects, though nothing protects them"
    ).because(
      "rights that the connector account has on the domain or on an organizational unit do not reach them: exports end with "
        + "error 8344 (insufficient access rights)",
      remedy: "enable inheritance in the advanced security settings of each object", Page.permissionErrors,
      Page.connectorAccount
    ).naming(switchedOff)
  }

  private var anchorCheck: PreflightCheck {
    PreflightCheck(
      "consistency-guid", "mS-DS-ConsistencyGuid in use", anchors == 0 ? .ok : .advice,
      anchors == 0 ? "by no user" : "by \(anchors) users"
    ).because(
      anchors == 0
        ? "" : "where it is in use already, the express settings of Entra Connect choose objectGUID as source anchor",
      remedy: anchors == 0
        ? ""
        : "if synchronization is not set up yet: find out who wrote the values, and choose the anchor in a custom setup",
      Page.designConcepts)
  }

  private var sizeCheck: PreflightCheck {
    let title = "Number of objects"
    let words = "\(synchronized) users, groups, contacts and public folders that are not critical system objects"
    guard synchronized > 100_000 else { return PreflightCheck("object-count", title, .ok, words) }
    return PreflightCheck("object-count", title, .advice, words).because(
      "Entra Connect's own database (SQL Server Express) is good for about 100,000 objects, and a tenant takes 50,000 objects, "
        + "300,000 with a verified domain and more on request",
      remedy: "plan a full SQL Server, and have the tenant's limit raised", Page.prerequisites, Page.serviceLimits)
  }

  private var domainsCheck: PreflightCheck {
    let title = "Domains of addresses"
    guard !foreignDomains.isEmpty else {
      return PreflightCheck("address-domains", title, .ok, "all are accepted domains")
    }
    let sorted = foreignDomains.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
    return PreflightCheck(
      "address-domains", title, .problem, "\(foreignDomains.count) domains in proxyAddresses are not accepted domains"
    ).because(
      "the hybrid configuration takes accepted domains only, and an address whose domain is not verified in the tenant is "
        + "dropped",
      remedy: "add the domain as an accepted domain, or take the addresses away", Page.hybridPrerequisites
    ).naming(ObjectNames(sorted.map { "\($0.key) (\($0.value) objects)" }))
  }
}

extension ObjectNames {
  /// Organizational units that inherit nothing.
  fileprivate var check: PreflightCheck {
    let title = "Inheritance of organizational units"
    guard count > 0 else { return PreflightCheck("inheritance-units", title, .ok, "enabled on all") }
    return PreflightCheck("inheritance-units", title, .problem, "disabled on \(count) organizational units").because(
      "rights that are granted on the domain do not reach anything below them",
      remedy: "enable inheritance, or grant the connector account its rights on each of them (the commands take "
        + "-ADobjectDN)",
      Page.connectorAccount
    ).naming(self)
  }

  /// Administrators, whose rights are AdminSDHolder's.
  fileprivate var protectedCheck: PreflightCheck {
    let title = "Protected accounts"
    guard count > 0 else {
      return PreflightCheck("protected-accounts", title, .ok, "none but critical system objects")
    }
    return PreflightCheck("protected-accounts", title, .advice, "\(count) administrators and their groups").because(
      "AdminSDHolder sets their rights anew every hour, without inheritance: the connector account cannot write to them "
        + "(error 8344)",
      remedy:
        "do not synchronize administrators of the directory; keep other accounts for the cloud. Do not grant rights on "
        + "AdminSDHolder lightly",
      Page.protectedAccounts, Page.connectorAccount
    ).naming(self)
  }

  /// Objects that kept the protection of a group that they left.
  fileprivate var formerCheck: PreflightCheck {
    let title = "Formerly protected accounts"
    guard count > 0 else { return PreflightCheck("admin-count", title, .ok, "none") }
    return PreflightCheck(
      "admin-count", title, .problem,
      "\(count) objects have adminCount 1 and no inheritance, but are in no protected group"
    ).because(
      "they left a protected group, and nothing gave them their inherited rights back: exports end with error 8344",
      remedy: "enable inheritance and clear adminCount", Page.protectedAccounts, Page.permissionErrors
    ).naming(self)
  }
}
