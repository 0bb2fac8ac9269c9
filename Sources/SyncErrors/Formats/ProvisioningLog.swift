import Bytes

/// Reads records of the provisioning log of Cloud Sync, as the portal downloads them and Microsoft Graph returns them
/// (`auditLogs/provisioning`): one object each, with the steps that led to its state.
struct ProvisioningLog {
  private let sink: ErrorSink

  init(_ sink: ErrorSink) { self.sink = sink }

  /// - Returns: false when the record is none of such a log.
  func emit(_ value: JSONValue, line: Int) -> Bool {
    let status = value["provisioningStatusInfo"] ?? (value["activityDateTime"] == nil ? nil : value["statusInfo"])
    guard let status, value["sourceIdentity"] != nil || value["provisioningSteps"] != nil || value["jobId"] != nil
    else {
      return false
    }
    let steps = value["provisioningSteps"]?.elements ?? []
    let failed = steps.filter { ($0["status"]?.text ?? "").lowercased().hasPrefix("fail") }
    let state = (status["status"]?.text ?? "").lowercased()
    let information = status["errorInformation"]
    // An object that was left alone is no error, unless the reason is one that is known.
    let isKnown = information?["errorCode"]?.text.map { sink.knows(type: $0) } ?? false
    guard state != "success", state != "skipped" || isKnown,
      information?["errorCode"]?.text != nil || information?["reason"]?.text != nil || !failed.isEmpty
    else {
      sink.skipInformation()
      return true
    }
    var error = SyncError(message: "", location: sink.location(line: line))
    error.source = "provisioning-log"
    error.type = information?["errorCode"]?.text
    let reason = information?["reason"]?.text
    // The steps say more only where there is no reason.
    error.message = reason ?? failed.compactMap { $0["description"]?.text }.joined(separator: "\n")
    if error.message.isEmpty { error.message = error.type ?? state }
    error.first = value["activityDateTime"]?.text.map { EventTime.iso($0) }
    error.last = error.first
    error.set("provisioning-action", value["provisioningAction"]?.text)
    error.set("failed-step", failed.first?["name"]?.text)
    error.set("error-category", information?["errorCategory"]?.text)
    error.set("recommended-action", information?["recommendedAction"]?.text)
    if let source = value["sourceIdentity"] { ProvisionedIdentity(source).add(to: &error, isTarget: false) }
    if let target = value["targetIdentity"] { ProvisionedIdentity(target).add(to: &error, isTarget: true) }
    sink.emit(error)
    return true
  }
}

/// The object that a record of the provisioning log is about, as its directory knows it.
struct ProvisionedIdentity {
  private var members: [(name: String, value: String)] = []

  /// Of JSON: an id, a name, and details.
  init(_ value: JSONValue) {
    for member in value.members + (value["details"]?.members ?? []) {
      if let text = member.value.text { members.append((member.name, text)) }
    }
  }

  /// Whether a cell is one, on several lines.
  static func isOne(_ text: String) -> Bool {
    text.contains(where: \.isNewline)
      && text.split(whereSeparator: \.isNewline).contains { RecordColumn.folded(String($0)).hasPrefix("sourceid") }
  }

  /// Of a cell: `Display Name: …` and `Source ID: …` on lines.
  init(text: String) {
    for line in text.split(whereSeparator: { $0.isNewline || $0 == ";" }) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      members.append((String(line[..<colon]), Trimmed.text(line[line.index(after: colon)...])))
    }
  }

  /// Adds what names the object, the surest first.
  func add(to error: inout SyncError, isTarget: Bool) {
    let wanted: [(Set<String>, MentionedIdentifier.Kind)] = [
      (["id", "sourceid", "targetid", "objectguid"], isTarget ? .cloudObjectID : .guid),
      (["distinguishedname", "dn", "onpremisesdistinguishedname"], .distinguishedName),
      (["objectsid", "onpremisessecurityidentifier"], .sid),
      (["userprincipalname"], .userPrincipalName), (["mail", "email"], .address), (["samaccountname"], .samAccountName),
      (["displayname", "cn"], .displayName),
    ]
    for (names, kind) in wanted {
      for member in members where names.contains(RecordColumn.folded(member.name)) && !member.value.isEmpty {
        // Ids of connectors that are no GUIDs are names; what the cloud calls its object says nothing of the directory.
        let shape = IdentifierShape.whole(member.value)
        guard kind != .guid || shape != nil, !isTarget || kind == .cloudObjectID && shape == .guid else { continue }
        let isGUID = kind == .guid && shape != .guid
        error.add(MentionedIdentifier(member.value, isGUID ? shape ?? kind : kind, field: member.name))
      }
    }
  }
}
