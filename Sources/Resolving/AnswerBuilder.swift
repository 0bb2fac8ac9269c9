import Bytes
import Entries
import Directory
import Findings
import Joins
import SyncErrors

/// Makes answers of what was found.
struct AnswerBuilder {
  let matches: Matches
  let paths: ConnectorSpacePaths
  /// Findings by number of the entry.
  let findings: [Int: [Finding]]
  /// Findings by number of the object of connector-space exports.
  let pathFindings: [Int: [Finding]]
  /// Names of the attributes that some rule judges, in lower case.
  let judgedAttributes: Set<String>
  let reading: Lookup.Reading
  let hasConnectorSpaces: Bool
  let hasDirectory: Bool
  let explain: ErrorResolver.Explain
  /// All errors by their ids.
  let errors: [String: [SyncError]]

  init(
    matches: Matches, paths: ConnectorSpacePaths, findings: [Int: [Finding]], pathFindings: [Int: [Finding]],
    judgedAttributes: Set<String>, reading: Lookup.Reading, hasConnectorSpaces: Bool, hasDirectory: Bool,
    explain: @escaping ErrorResolver.Explain, errors: [String: [SyncError]]
  ) {
    self.matches = matches
    self.paths = paths
    self.findings = findings
    self.pathFindings = pathFindings
    self.judgedAttributes = judgedAttributes
    self.reading = reading
    self.hasConnectorSpaces = hasConnectorSpaces
    self.hasDirectory = hasDirectory
    self.explain = explain
    self.errors = errors
  }

  /// At most so many objects are shown for one error: a display name may be that of thousands.
  static let objectLimit = 50

  /// The answer to an error.
  func answer(_ group: ErrorGroup) -> ResolvedError {
    let error = group.error
    let known = explain(error)
    var description = ErrorDescription(
      id: error.id, message: error.message, count: error.count, attributes: error.attributes, location: error.location)
    description.title = known?.title ?? ""
    description.type = error.type
    description.code = error.code
    description.source = error.source
    description.eventID = error.eventID
    description.trackingID = error.trackingID
    description.first = error.first
    description.last = error.last
    let names = group.attributeNames
    var objects = objects(group, names, known)
    let conflicts = conflicts(group, objects.map(\.dn))
    var remarks: [String] = []
    if let name = error.bareName {
      remarks.append("The error is known by the name \(name) alone: no sentence of the text says that it happened.")
    }
    if error.isObjectBeside {
      remarks.append("The error itself names no object: the one that the text names beside it is taken.")
    }
    if let text = known?.excess(over: errors[error.id] ?? []) { remarks.append(text) }
    if objects.isEmpty, hasDirectory, !group.identifiers.isEmpty, let text = known?.ifNoObject { remarks.append(text) }
    let isCut = objects.count > Self.objectLimit
    if isCut {
      remarks.append("More than \(Self.objectLimit) objects were found; the first \(Self.objectLimit) are shown.")
      objects.removeLast(objects.count - Self.objectLimit)
    }
    let status: ResolvedError.Status =
      objects.isEmpty ? .unresolved : objects.count == 1 ? .resolved : .ambiguous
    remarks += notes(group) + conflictRemarks(conflicts, objects) + group.others.map(remark)
    if error.id == SyncError.unknownID, !error.isQuestion {
      remarks.append("The catalogue does not know this error; what it names was looked up all the same.")
    }
    if objects.isEmpty, !reading.isComplete { remarks.append("The sources were not read in full.") }
    return ResolvedError(
      error: description, identifiers: group.identifiers.map(\.identifier), status: status,
      reason: reason(status, group, objects, isCut: isCut), objects: objects, conflicts: conflicts,
      explanation: known?.explanation, remarks: remarks)
  }

  // MARK: - Objects

  /// What makes two entries one object.
  private struct Identity: Hashable {
    var dn: [UInt8]
    var objectGUID: GUID?

    init(_ entry: FoundEntry) {
      dn = DistinguishedName.key(of: entry.dn.bytes)
      objectGUID = entry.objectGUID
    }
  }

  /// An entry that may be the object, with the match that says most.
  private struct Candidate {
    var match: Matches.Match
    var text: String
    var level: Int
    /// What is to be said of how it was found.
    var remark: String?
  }

  private func objects(_ group: ErrorGroup, _ names: [String], _ known: KnownError?) -> [ResolvedObject] {
    let isForRules = group.error.conflicts.isEmpty && known?.refusesValue ?? true
    var candidates: [Candidate] = []
    for named in group.identifiers {
      guard let query = named.query else { continue }
      candidates += Self.candidates(named, matches.byQuery[query])
    }
    if group.identifiers.isEmpty {
      for (conflict, query) in zip(group.error.conflicts, group.conflictQueries) {
        candidates += matches.byQuery[query].map { Candidate(match: $0, text: conflict.value, level: 1) }
      }
    }
    if candidates.isEmpty { candidates = beginnings(group) }
    guard let best = candidates.lazy.map(\.level).min() else { return pathObjects(group, names, isForRules) }
    let looked = Set(known?.looks.map { $0.attribute.lowercased() } ?? [])
    let kept = Self.nearest(candidates, best)
    var objects: [ResolvedObject] = []
    // Two sources may have the same object.
    var identities: Set<Identity> = []
    for candidate in kept where objects.count <= Self.objectLimit {
      let entry = candidate.match.entry
      if kept.count > 1 {
        guard identities.insert(Identity(matches.found.entries[entry])).inserted else { continue }
      }
      var object = object(
        matches.found.entries[entry], by: candidate.match.matchedBy, text: candidate.text,
        attribute: candidate.match.attribute)
      object.path = candidate.match.path
      if let remark = candidate.remark { object.remarks.append(remark) }
      complete(&object, findings[entry] ?? [], matches.found.entries[entry], names, isForRules, looked)
      if let known, object.state != .deleted {
        object.remarks += known.remarks(on: matches.found.entries[entry], of: group.error)
      }
      objects.append(object)
    }
    return objects
  }

  /// What was found by an identifier. Of two addresses none is the object more than the other, in whichever attribute either
  /// stands.
  private static func candidates(_ named: ErrorGroup.Named, _ matches: [Matches.Match]) -> [Candidate] {
    let found = matches.map {
      Candidate(match: $0, text: named.identifier.text, level: level($0.matchedBy, named.kind))
    }
    guard found.lazy.map(\.level).min() == 2 else { return found }
    return found.map { Candidate(match: $0.match, text: $0.text, level: $0.level == 2 ? 1 : $0.level) }
  }

  /// Holders of the values whose name in the connector space begins as an identifier does whose end is missing.
  private func beginnings(_ group: ErrorGroup) -> [Candidate] {
    group.identifiers.flatMap { named -> [Candidate] in
      guard let beginning = named.identifier.damage?.beginning, beginning.utf8.count >= Self.leastBeginning else {
        return []
      }
      return group.conflictQueries.flatMap { matches.byQuery[$0] }.compactMap { match in
        guard let anchor = anchor(of: matches.found.entries[match.entry], beginningWith: beginning) else { return nil }
        var match = match
        (match.matchedBy, match.attribute) = (anchor, anchor.rawValue)
        return Candidate(match: match, text: named.identifier.text, level: 0, remark: Self.ofBeginning)
      }
    }
  }

  private static let ofBeginning =
    "Of the objects that hold the value this is the one whose name in the connector space begins with what is left of the "
    + "identifier."

  /// The anchor of an entry from which the connector space makes a name with this beginning.
  private func anchor(of entry: FoundEntry, beginningWith beginning: String) -> MatchedBy? {
    let anchors: [(MatchedBy, [UInt8]?)] = [
      (.objectGUID, entry.objectGUID?.bytes), (.consistencyGuid, entry.consistencyGuid),
    ]
    return anchors.first { _, bytes in
      guard let bytes else { return false }
      return ConnectorSpaceDN.of(sourceAnchor: Base64Text.encode(bytes)).dropFirst(4).hasPrefix(beginning)
    }?.0
  }

  /// Digits of an anchor that are enough to tell the few holders of a value apart.
  private static let leastBeginning = 12

  /// The candidates of a level, each entry once; a direct hit rather than one by way of a connector space.
  private static func nearest(_ candidates: [Candidate], _ level: Int) -> [Candidate] {
    guard candidates.count > 1 else { return candidates }
    var places: [Int: Int] = [:]
    var kept: [Candidate] = []
    for candidate in candidates where candidate.level == level {
      if places[candidate.match.entry] == nil {
        places[candidate.match.entry] = kept.count
        kept.append(candidate)
      } else if let place = places[candidate.match.entry], candidate.match.path.isEmpty, !kept[place].match.path.isEmpty
      {
        kept[place] = candidate
      }
    }
    return kept
  }

  /// Objects that only connector-space exports have.
  private func pathObjects(_ group: ErrorGroup, _ names: [String], _ isForRules: Bool) -> [ResolvedObject] {
    var seen: Set<[UInt8]> = []
    var objects: [ResolvedObject] = []
    for step in paths.steps(of: group.identifiers.compactMap(\.query)) where paths.isOfDirectory(step.entry) {
      let entry = paths.found.entries[step.entry]
      guard seen.insert(DistinguishedName.key(of: entry.dn.bytes)).inserted else { continue }
      let text = group.identifiers.first { $0.query == step.query }?.identifier.text ?? ""
      var object = object(entry, by: .connectorSpace, text: text, attribute: "csDistinguishedName")
      object.path = step.path
      complete(&object, pathFindings[step.entry] ?? [], entry, names, isForRules)
      object.remarks.insert(
        hasDirectory
          ? "None of the sources has this object: it is shown as the connector-space export has it."
          : "It is shown as the connector-space export has it; the directory was not read.", at: 0)
      objects.append(object)
    }
    return objects
  }

  /// How far a match is from certain: only the nearest ones count.
  private static func level(_ matchedBy: MatchedBy, _ kind: MentionedIdentifier.Kind) -> Int {
    switch matchedBy {
    case .userPrincipalName: kind == .userPrincipalName ? 1 : 2
    case .address, .samAccountName: 2
    case .alias, .name, .displayName, .relativeName, .attribute: 3
    default: 0
    }
  }

  private func object(
    _ entry: FoundEntry, by matchedBy: MatchedBy, text: String, attribute: String
  ) -> ResolvedObject {
    let mangled = MangledName(dn: entry.dn.bytes)
    let state: ResolvedObject.State =
      entry.isDeleted || mangled?.reason == .deleted ? .deleted : mangled == nil ? .present : .conflict
    var object = ResolvedObject(
      dn: entry.dn, objectGUID: entry.objectGUID, objectClass: entry.objectClass, state: state,
      matchedBy: matchedBy.rawValue, matchedText: text, matchedAttribute: attribute, location: entry.location)
    object.isEnabled = entry.isEnabled
    if let anchor = entry.sourceAnchor {
      object.immutableID = anchor
      object.immutableIDAttribute = "sourceAnchor"
    } else if let bytes = entry.consistencyGuid, !bytes.isEmpty {
      object.immutableID = Base64Text.encode(bytes)
      object.immutableIDAttribute = "mS-DS-ConsistencyGuid"
    } else if let guid = entry.objectGUID {
      object.immutableID = Base64Text.encode(guid.bytes)
      object.immutableIDAttribute = "objectGUID"
    }
    object.connectorSpaceDN = entry.csDN ?? object.immutableID.map(ConnectorSpaceDN.of)
    switch state {
    case .present: break
    case .deleted:
      let parent = entry.lastKnownParent.map { " It was in \(String(decoding: $0.bytes, as: UTF8.self))." } ?? ""
      object.remarks.append("The object was deleted.\(parent)")
    case .conflict:
      object.remarks.append(
        "The object lost a naming conflict between domain controllers and was renamed; its rival has the name now.")
    }
    return object
  }

  /// Adds the named attributes, the findings and the steps.
  ///
  /// - Parameter isForRules: Whether the error is about what a value is, and not about who else has it.
  private func complete(
    _ object: inout ResolvedObject, _ findings: [Finding], _ entry: FoundEntry, _ names: [String], _ isForRules: Bool,
    _ looked: Set<String> = []
  ) {
    object.attributes = entry.values(of: names)
    if !findings.isEmpty {
      let named = Set(names.map { $0.lowercased() })
      object.findings =
        findings.filter { named.contains($0.attribute.lowercased()) }
        + findings.filter { !named.contains($0.attribute.lowercased()) }
    }
    object.steps = NextSteps.of(object)
    guard object.state != .deleted else {
      // A tombstone has lost most of its attributes, so that rules could only complain of their absence.
      object.findings = []
      return
    }
    let own = Set(object.findings.map { $0.attribute.lowercased() })
    // What a definition looks at has its own words.
    for attribute in object.attributes
    where !own.contains(attribute.name.lowercased()) && !looked.contains(attribute.name.lowercased()) {
      if attribute.values.isEmpty {
        object.remarks.append("The object has no \(attribute.name) in the source, or it was not exported.")
      } else if !judgedAttributes.contains(attribute.name.lowercased()) {
        object.remarks.append("No rule of the rule set judges \(attribute.name).")
      } else if isForRules {
        object.remarks.append(
          "The rules find nothing wrong with \(attribute.name) as the source has it: it may have been corrected since, "
            + "or the error has another cause.")
      }
    }
  }

  // MARK: - Conflicts

  private func conflicts(_ group: ErrorGroup, _ objects: [AttributeValue]) -> [HeldValue] {
    zip(group.error.conflicts, group.conflictQueries).map { conflict, query in
      var seen: Set<RelatedValue> = []
      var holders: [RelatedValue] = []
      for match in matches.byQuery[query] {
        let entry = matches.found.entries[match.entry]
        let holder = RelatedValue(
          dn: entry.dn, objectGUID: entry.objectGUID, objectClass: entry.objectClass, attribute: match.attribute,
          value: match.value, location: match.location)
        // A few are compared faster than put into a set.
        guard holders.count >= 8 else {
          if !holders.contains(holder) { holders.append(holder) }
          continue
        }
        if seen.isEmpty { seen = Set(holders) }
        if seen.insert(holder).inserted { holders.append(holder) }
      }
      let steps = ConflictSteps(
        attribute: AttributeSchema.shipped.directoryName(ofCloud: conflict.attribute), holders: holders
      )
      .steps(ofError: objects)
      return HeldValue(
        attribute: conflict.attribute, value: Self.value(conflict, holders), holders: holders, isLookedUp: hasDirectory,
        steps: steps)
    }
  }

  /// The value as the directory has it, where it has what stands in the material rather than what that was taken for.
  private static func value(_ conflict: SyncError.Conflict, _ holders: [RelatedValue]) -> String {
    guard let written = conflict.written, holders.contains(where: { $0.value?.text?.hasSuffix(written) == true }) else {
      return conflict.value
    }
    return written
  }

  private func conflictRemarks(_ conflicts: [HeldValue], _ objects: [ResolvedObject]) -> [String] {
    guard hasDirectory, !conflicts.isEmpty else { return [] }
    let own = TextOfDN.keys(of: objects.map(\.dn))
    return conflicts.compactMap { conflict in
      let holders = TextOfDN.keys(of: conflict.holders.map(\.dn))
      if conflict.value.contains("[email protected]") {
        return
          "The page that the text was copied from has taken the address out and put [email protected] in its place; take it "
          + "from the mail or the event itself."
      }
      if holders.isEmpty {
        let isSIP = conflict.attribute.lowercased().hasPrefix("sip")
        return
          "No object of the sources holds \(conflict.value)\(isSIP ? " as a SIP address" : ""): it may have been "
          + "corrected since, or the value was made in the cloud."
      }
      if !own.isEmpty, own.isDisjoint(with: holders) {
        return
          "The object of the error does not hold \(conflict.value) as the sources have it: it was corrected since, or "
          + "a synchronization rule makes the value."
      }
      guard holders.count == 1 else { return nil }
      return "Only one object of the sources holds \(conflict.value): the other holder is in the cloud (a cloud-only, "
        + "guest or deleted object) or in a directory that was not read."
    }
  }

  /// What is known of another object that the error names.
  private func remark(_ other: ErrorGroup.Named) -> String {
    let text = other.identifier.text
    let entries = other.query.map { matches.byQuery[$0].map(\.entry) } ?? []
    if let first = entries.first {
      let entry = matches.found.entries[first]
      return
        "The object in conflict, \(text), is \(String(decoding: entry.dn.bytes, as: UTF8.self)) (\(entry.location))."
    }
    let steps = other.query.map { paths.steps(of: [$0]) } ?? []
    if let step = steps.first(where: { paths.isOfDirectory($0.entry) }) {
      let entry = paths.found.entries[step.entry]
      return "The object in conflict, \(text), is \(String(decoding: entry.dn.bytes, as: UTF8.self)), as "
        + "\(entry.location) has it."
    }
    guard other.kind.isForeign else { return "The object in conflict, \(text), is in none of the sources." }
    let hint = hasConnectorSpaces ? "no connector-space export has it" : "--connector-space may tell which it is"
    return "The object in conflict, \(text), is named by its id in the cloud; \(hint)."
  }

  // MARK: - WideBytes

  private func notes(_ group: ErrorGroup) -> [String] {
    group.identifiers.flatMap { named in
      named.identifier.notes.map { "\(named.identifier.text): \($0)." }
    }
  }

  private func reason(
    _ status: ResolvedError.Status, _ group: ErrorGroup, _ objects: [ResolvedObject], isCut: Bool
  ) -> String {
    switch status {
    case .resolved: return ""
    case .ambiguous:
      let ways = Set(objects.map(\.matchedBy))
      if isCut { return "more than \(objects.count) objects fit; the text does not tell which is meant" }
      return ways.count > 1
        ? "\(objects.count) objects fit, found in different ways (\(objects.map(\.matchedBy).joined(separator: ", "))); "
          + "the text does not tell which is meant"
        : "\(objects.count) objects fit; the text does not tell which is meant"
    case .unresolved: return unresolvedReason(group)
    }
  }

  private func unresolvedReason(_ group: ErrorGroup) -> String {
    guard !group.identifiers.isEmpty else {
      guard hasDirectory || group.error.conflicts.isEmpty else {
        return "no source was given to look its values up in (--in)"
      }
      return group.error.conflicts.isEmpty
        ? "the error names no object" : "no object of the sources holds the value that the error names"
    }
    var reasons: [String] = []
    for named in group.identifiers { reasons.append(reason(named)) }
    var seen: Set<String> = []
    let distinct = reasons.filter { seen.insert($0).inserted }
    let more = distinct.count > 3 ? "; and \(distinct.count - 3) more identifiers led to no object" : ""
    return distinct.prefix(3).joined(separator: "; ") + more
  }

  private func reason(_ named: ErrorGroup.Named) -> String {
    let identifier = named.identifier
    let cloud =
      hasConnectorSpaces ? "no connector-space export has it" : "give connector-space exports with --connector-space"
    switch named.kind {
    case .connectorSpaceID: return "\(identifier.text) is the id of a connector-space object; \(cloud)"
    case .metaverseID: return "\(identifier.text) is the id of a metaverse object; \(cloud)"
    case .cloudObjectID, .cloudAnchor: return "\(identifier.text) is the id of an object in the cloud; \(cloud)"
    default: break
    }
    switch identifier.nature {
    case .cloud: return "\(identifier.text) is the id of an object in the cloud; \(cloud)"
    case .engine(let made?):
      return "\(identifier.text) is an id of the synchronization engine, made at \(made.time); \(cloud)"
    case .engine(nil): return "\(identifier.text) is an id of the synchronization engine; \(cloud)"
    case .entraConnector: return "\(identifier.text) is the id of the Entra connector, not of an object"
    case .directory, .open: break
    }
    guard hasDirectory || hasConnectorSpaces else {
      return "no source was given to look \(identifier.text) up in (--in)"
    }
    if let damage = identifier.damage {
      let tried = damage.readings.isEmpty ? "" : "; none of the sources has what it may have been"
      return "\(identifier.text) cannot be read: \(damage.description)\(tried)"
    }
    guard hasDirectory else { return "\(identifier.text): no connector-space export has it" }
    let also = hasConnectorSpaces ? " and no connector-space export" : ""
    return
      "none of the sources\(also) has \(identifier.text) (\(identifier.form.label))\(missingAttributes(identifier))"
  }

  /// A hint at attributes that the sources lack altogether, so that nothing could be found by them.
  private func missingAttributes(_ identifier: Identifier) -> String {
    guard reading.entriesRead > 0 else { return "" }
    var wanted: [String] = []
    if identifier.guid != nil { wanted = ["objectGUID"] }
    if identifier.sid != nil { wanted = ["objectSid"] }
    if identifier.account != nil { wanted = ["sAMAccountName"] }
    if identifier.address != nil { wanted = ["userPrincipalName", "proxyAddresses", "mail"] }
    wanted.removeAll { reading.attributesSeen.contains($0) }
    return wanted.isEmpty ? "" : "; no entry has \(wanted.joined(separator: ", ")): export it, too"
  }
}
