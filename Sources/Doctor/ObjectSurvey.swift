import Directory
import LDAP
import RuleSet

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
  private let acceptedDomains: Set<String>?

  init(
    _ session: LDAPSession, domain: String, bases: [String], account: ConnectorAccounts.Account?,
    acceptedDomains: Set<String>?
  ) {
    self.session = session
    self.domain = domain
    self.bases = bases
    self.account = account
    self.acceptedDomains = acceptedDomains
  }

  /// What came of it, and how many objects were read.
  func look() throws(LDAPFailure) -> (observations: [Observation], read: Int) {
    var tally = ObjectTally(acceptedDomains: acceptedDomains)
    var rights: RightsTally?
    do throws(LDAPFailure) {
      let schema = try schemaGUIDs()
      tally.protected = try protectedObjects()
      if let account {
        rights = RightsTally(account: account, schema: schema)
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
      return ([.notSeen(.inheritance, "objects were read only in part: \(error.message)")], tally.read)
    }
    return (tally.observations + (rights?.observations ?? []), tally.read)
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
  /// Number of all objects.
  private(set) var read = 0
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
    read += 1
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

  /// What came of counting.
  var observations: [Observation] {
    [inheritance, unitInheritance, protectedAccounts, formerlyProtected, consistencyGuid, objectCount]
      + (acceptedDomains == nil ? [] : [addressDomains])
  }

  private var inheritance: Observation {
    guard looked > 0 else {
      // The account may see nothing below the base, or the base is empty.
      return .notSeen(
        .inheritance, "no user, group, contact or organizational unit was seen", remedy: "log on as an account that may"
      )
    }
    guard unreadable.count == 0 else {
      return .notSeen(
        .inheritance, "nTSecurityDescriptor of \(unreadable.count) of \(looked) objects cannot be read",
        remedy: "log on as an account with the right to read permissions (READ_CONTROL)", objects: unreadable)
    }
    guard malformed.count == 0 else {
      return .notSeen(
        .inheritance, "the security descriptors of \(malformed.count) objects are malformed", objects: malformed)
    }
    guard switchedOff.count > 0 else { return .well(.inheritance, "\(looked) objects looked at") }
    return .fault(
      .inheritance, Fault(.inheritanceOff, count: switchedOff.count, total: looked, objects: switchedOff))
  }

  /// Organizational units that inherit nothing.
  private var unitInheritance: Observation {
    units.observation(.unitInheritance, .inheritanceOfUnitsOff, orElse: "enabled on all")
  }

  /// Administrators, whose rights are AdminSDHolder's.
  private var protectedAccounts: Observation {
    administrators.observation(.protectedAccounts, .protectedAccounts, orElse: "none but critical system objects")
  }

  /// Objects that kept the protection of a group that they left.
  private var formerlyProtected: Observation {
    formerAdministrators.observation(.formerlyProtected, .formerlyProtected, orElse: "none")
  }

  private var consistencyGuid: Observation {
    anchors == 0
      ? .well(.consistencyGuid, "by no user")
      : .fault(.consistencyGuid, Fault(.consistencyGuidInUse, count: anchors))
  }

  private var objectCount: Observation {
    guard synchronized > 100_000 else {
      return .well(
        .objectCount, "\(synchronized) users, groups, contacts and public folders that are not critical system objects")
    }
    return .fault(.objectCount, Fault(.manyObjects, count: synchronized))
  }

  private var addressDomains: Observation {
    guard !foreignDomains.isEmpty else { return .well(.addressDomains, "all are accepted domains") }
    let sorted = foreignDomains.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
    return .fault(
      .addressDomains,
      Fault(
        .addressDomainNotAccepted, count: foreignDomains.count,
        values: ObjectNames(sorted.map { "\($0.key) (\($0.value) objects)" })))
  }
}

extension ObjectNames {
  /// A fault that these objects have, when there are any.
  fileprivate func observation(_ probe: Probe, _ fault: DoctorFault, orElse summary: String) -> Observation {
    count > 0 ? .fault(probe, Fault(fault, count: count, objects: self)) : .well(probe, summary)
  }
}
