import Bytes

/// Reads records of names and values: objects of Microsoft Graph and PowerShell, rows of tables, lines of lists.
///
/// The same objects come as JSON, as CLIXML, as CSV and as formatted lists; all of them become a `JSONValue` first.
struct RecordInterpreter {
  let sink: ErrorSink

  init(_ sink: ErrorSink) { self.sink = sink }

  /// What a JSON text holds beside the records that were taken from it one by one.
  ///
  /// - Parameter isAll: whether nothing came of those.
  func interpretWhole(_ value: JSONValue, line: Int, isAll: Bool) {
    switch value {
    case .object(let members):
      // A list that was taken record by record is empty now, and its envelope says nothing.
      let isEnvelope = members.contains { $0.name.lowercased() == "value" && $0.value == .array([]) }
      if isEnvelope { return }
      if isAll { interpretOrRead(value, line: line) } else { interpret(value, line: line) }
    case .array: interpret(value, line: line)
    default: break
    }
  }

  /// Interprets a value, and where that tells of no error reads its texts as text.
  func interpretOrRead(_ value: JSONValue, line: Int) {
    let before = sink.yield
    interpret(value, line: line)
    guard sink.yield == before else { return }
    var texts: [String] = []
    collect(value, into: &texts, depth: 0)
    var paragraph = Paragraph(firstLine: line)
    for text in texts { paragraph.append(text, number: line) }
    let isKnown = !texts.isEmpty && paragraph.emitKnown(to: sink)
    if isKnown { sink.noteReread() } else { sink.setAside(line: line, "JSON") }
    let named = value.members.compactMap { member in
      // A plain name may be that of whoever wrote the record.
      member.value.text.flatMap {
        IdentifierShape.whole($0) == nil ? nil : LabelledObject.named(label: member.name, value: $0)
      }
    }
    if isKnown, !named.isEmpty { sink.note(named: named, line: line) }
  }

  private static let maximumTexts = 200

  /// The texts that may tell of an error: those with words, names of known errors, and names of objects.
  private func collect(_ value: JSONValue, into texts: inout [String], depth: Int) {
    guard depth < 16, texts.count < Self.maximumTexts else { return }
    switch value {
    case .string(let text):
      let mayTell =
        text.utf8.contains(32) || text.utf8.count > 10 && sink.knows(type: text)
        || IdentifierShape.whole(text) == .connectorSpaceDN
      if mayTell { texts.append(text) }
    case .array(let elements): for element in elements { collect(element, into: &texts, depth: depth + 1) }
    case .object(let members): for member in members { collect(member.value, into: &texts, depth: depth + 1) }
    default: break
    }
  }

  func interpret(_ value: JSONValue, line: Int) {
    switch value {
    case .array(let elements): for element in elements { interpret(element, line: line) }
    case .string(let text): sink.readNested(text, line: line)
    case .object: interpretObject(value, line: line)
    default: break
    }
  }

  private func interpretObject(_ value: JSONValue, line: Int) {
    if ExtraErrorDetails(.array([value])) != nil, value.members.count == 2 { return emitDetails(.array([value]), line) }
    if emitEvent(value, line) || ProvisioningLog(sink).emit(value, line: line) || emitGraphError(value, line)
      || emitProvisioningErrors(value, line) || emitSingleObjectSync(value, line)
      || MoveReport(sink).emit(value, line: line) || emitConnectorSpaceObject(value, line)
    {
      return
    }
    if emitNestedXML(value, line) { return }
    if let error = RecordFields(sink, value).error(line: line) { return sink.emit(error) }
    // Whatever holds it: the records may be further down.
    for member in value.members {
      switch member.value {
      case .array, .object: interpret(member.value, line: line)
      default: break
      }
    }
  }

  private func emitDetails(_ value: JSONValue, _ line: Int) {
    guard let details = ExtraErrorDetails(value) else { return }
    var error = SyncError(message: "", location: sink.location(line: line))
    error.add(details)
    sink.emit(error)
  }

  // MARK: events

  private func emitEvent(_ value: JSONValue, _ line: Int) -> Bool {
    // Winlogbeat puts what is Windows' own into a member of that name, in other collectors' schemes the id is a code.
    let inner = value["winlog"]
    let provider =
      value["ProviderName"]?.text ?? value["Source"]?.text ?? value["SourceName"]?.text
      ?? inner?["provider_name"]?.text ?? value["event"]?["provider"]?.text
    let id =
      value["InstanceId"]?.text ?? value["EventID"]?.text ?? value["Event ID"]?.text ?? value["Id"]?.text
      ?? inner?["event_id"]?.text ?? (provider == nil ? nil : value["event"]?["code"]?.text)
    let message = ["Message", "Description", "RenderedDescription", "message"].lazy.compactMap { value[$0]?.text }.first
    let strings = inner?["event_data"]?.members.compactMap(\.value.text) ?? []
    guard let id = id.flatMap({ Int($0) }), provider != nil || value["Message"] != nil else { return false }
    guard message != nil || !strings.isEmpty else { return false }
    var event = EventRecord(location: sink.location(line: line))
    event.provider = provider
    event.id = id
    event.message = message
    event.strings = strings
    let time =
      value["TimeCreated"] ?? value["TimeGenerated"] ?? value["TimeWritten"] ?? value["Date and Time"]
      ?? value["@timestamp"]
    event.time = (time?.text ?? time?["DateTime"]?.text).map { EventTime.iso($0) }
    event.level = value["LevelDisplayName"]?.text ?? value["EntryType"]?.text ?? value["Level"]?.text
    event.computer = value["MachineName"]?.text ?? inner?["computer_name"]?.text
    event.isPasted = provider == nil
    event.emit(to: sink)
    return true
  }

  // MARK: Microsoft Graph and MSOnline

  private func emitProvisioningErrors(_ value: JSONValue, _ line: Int) -> Bool {
    let lists = ["onPremisesProvisioningErrors", "serviceProvisioningErrors", "ProvisioningErrors"]
    let found = lists.compactMap { name in value[name].map { (name, $0) } }
    guard !found.isEmpty else { return false }
    for (name, list) in found {
      for item in list.elements.isEmpty && list.text != nil ? [list] : list.elements {
        if let attribute = item.text {
          emitConflictingAttribute(attribute, of: value, line)
          continue
        }
        guard case .object = item else { continue }
        let isDirectory = name.lowercased() != "serviceprovisioningerrors"
        emitProvisioningError(item, of: value, isDirectory: isDirectory, line)
      }
    }
    return true
  }

  /// `Get-MsolDirSyncProvisioningError` names the attribute only; `Format-List` names the class of what is not expanded.
  private func emitConflictingAttribute(_ attribute: String, of object: JSONValue, _ line: Int) {
    let name = Trimmed.text(attribute, also: "{}")
    guard !name.isEmpty else { return }
    guard !name.contains(".") else {
      return sink.setAside(
        line: line,
        "an object whose errors are shown by their class only (show them with Select-Object -ExpandProperty)")
    }
    var error = SyncError(message: "PropertyConflict \(name)", location: sink.location(line: line))
    error.source = "provisioning-error"
    error.type = "PropertyConflict"
    error.add(attribute: name)
    RecordFields(sink, object).addIdentifiers(to: &error)
    sink.emit(error)
  }

  /// The body of an answer of Microsoft Graph: `{"error": {"code": …, "message": …, "details": […]}}`.
  private func emitGraphError(_ value: JSONValue, _ line: Int) -> Bool {
    guard let body = value["error"], case .object = body, let message = body["message"]?.text ?? body["code"]?.text
    else {
      return false
    }
    var error = SyncError(message: message, location: sink.location(line: line))
    error.source = "graph"
    let details = body["details"]?.elements ?? []
    error.type = details.compactMap { $0["code"]?.text }.first { sink.knows(type: $0) } ?? body["code"]?.text
    for detail in details {
      guard let target = detail["target"]?.text, !target.isEmpty else { continue }
      if let kind = IdentifierShape.whole(target) {
        error.add(MentionedIdentifier(target, kind, role: .conflicting, field: "target"))
      } else {
        error.add(attribute: target)
      }
    }
    sink.emit(error)
    return true
  }

  private func emitProvisioningError(_ item: JSONValue, of object: JSONValue, isDirectory: Bool, _ line: Int) {
    var error = SyncError(message: "", location: sink.location(line: line))
    error.source = isDirectory ? "provisioning-error" : "service-provisioning-error"
    error.type =
      item["category"]?.text ?? item["ErrorCategory"]?.text ?? (isDirectory ? nil : "ServiceProvisioningError")
    let time = item["occurredDateTime"] ?? item["WhenStarted"] ?? item["createdDateTime"]
    error.first = time?.text.map { EventTime.iso($0) }
    error.last = error.first
    let attribute = item["propertyCausingError"]?.text ?? item["PropertyName"]?.text
    let value = item["value"]?.text ?? item["PropertyValue"]?.text
    if let attribute {
      error.add(attribute: attribute)
      if let value { error.add(conflicts: [.init(attribute: attribute, value: value)]) }
    }
    error.set("service-instance", item["serviceInstance"]?.text)
    let detail = item["errorDetail"]?.text.map(XMLText.plain)
    error.message = detail ?? [error.type, attribute, value].compactMap { $0 }.joined(separator: " ")
    if error.message.isEmpty { return }
    RecordFields(sink, object).addIdentifiers(to: &error)
    sink.emit(error)
  }

  // MARK: Invoke-ADSyncSingleObjectSync

  private func emitSingleObjectSync(_ value: JSONValue, _ line: Int) -> Bool {
    // The cmdlet's record, a list of steps in it, or one that wraps it.
    guard let status = value["StatusInfo"], case .object = status else { return false }
    let code = status["ErrorCode"]?.text ?? value["ErrorCode"]?.text
    let reason = status["Reason"]?.text
    guard code != nil || reason != nil else {
      sink.skipInformation()
      return true
    }
    if (status["Status"]?.text ?? "").lowercased() == "success" {
      sink.skipInformation()
      return true
    }
    var error = SyncError(message: reason ?? code ?? "", location: sink.location(line: line))
    error.source = "single-object-sync"
    error.type = code
    error.set("status", status["Status"]?.text)
    error.set("recommended-action", status["RecommendedAction"]?.text)
    error.set("error-category", status["ErrorCategory"]?.text)
    if let details = status["AdditionalDetails"] {
      if let extra = details.text.flatMap(ExtraErrorDetails.init(parsing:)) ?? ExtraErrorDetails(details) {
        error.add(extra)
      } else {
        error.set("server-error-detail", details.text)
      }
    }
    for name in ["SourceIdentity", "TargetIdentity"] {
      guard let identity = value[name] else { continue }
      let texts = identity.text.map { [$0] } ?? identity.members.compactMap(\.value.text)
      for text in texts {
        if let kind = IdentifierShape.whole(text) {
          error.add(MentionedIdentifier(text, kind, field: name))
        }
      }
    }
    sink.emit(error)
    return true
  }

  // MARK: objects of the synchronization engine

  /// `Get-ADSyncCSObject`: the whole object is there once more as the XML of an export, with its errors.
  private func emitConnectorSpaceObject(_ value: JSONValue, _ line: Int) -> Bool {
    let isEngines =
      ["ConnectorId", "ConnectedMVObjectId", "AnchorValue"].contains { value[$0] != nil }
      || ["ExportError", "SynchronizationError"].contains { if case .object = value[$0] { true } else { false } }
    guard isEngines, value["DistinguishedName"] != nil else { return false }
    var context = NestedContext()
    context.connector = value["ConnectorName"]?.text
    if let id = value["ConnectedMVObjectId"]?.text, id.contains(where: { $0 != "0" && $0 != "-" }) {
      context.identifiers.append(MentionedIdentifier(id, .metaverseID, field: "ConnectedMVObjectId"))
    }
    let before = sink.summary.errors
    if let xml = value["SerializedXml"]?.text { sink.readNested(xml, line: line, context: context) }
    guard sink.summary.errors == before else { return true }
    for name in ["ExportError", "SynchronizationError"] {
      guard let part = value[name], case .object = part, var error = RecordFields(sink, part).error(line: line) else {
        continue
      }
      context.apply(to: &error)
      if let dn = value["DistinguishedName"]?.text {
        error.add(MentionedIdentifier(dn, IdentifierShape.name(dn), field: "DistinguishedName"))
      }
      if let id = value["ObjectId"]?.text { error.add(MentionedIdentifier(id, .connectorSpaceID, field: "ObjectId")) }
      sink.emit(error)
    }
    if sink.summary.errors == before { emitHiddenErrors(value, context, line) }
    return true
  }

  /// `Format-List` names the class of an error that is not expanded: there is one, and more is not known.
  private func emitHiddenErrors(_ value: JSONValue, _ context: NestedContext, _ line: Int) {
    for (flag, name) in [("HasExportError", "ExportError"), ("HasSyncError", "SynchronizationError")]
    where value[flag]?.text?.lowercased() == "true" {
      var error = SyncError(
        message: "\(flag): True. The error itself is not shown; (Get-ADSyncCSObject …).\(name) shows it.",
        location: sink.location(line: line))
      error.source = "connector-space-object"
      context.apply(to: &error)
      if let dn = value["DistinguishedName"]?.text {
        error.add(MentionedIdentifier(dn, IdentifierShape.name(dn), field: "DistinguishedName"))
      }
      sink.emit(error)
    }
  }

  /// Members that hold XML, at any depth: run histories, connection logs, objects of the connector space.
  private func emitNestedXML(_ value: JSONValue, _ line: Int) -> Bool {
    var context = NestedContext()
    context.connector = value["ConnectorName"]?.text
    context.runProfile = value["RunProfileName"]?.text
    return readXML(value, context, line: line, depth: 0)
  }

  private func readXML(_ value: JSONValue, _ context: NestedContext, line: Int, depth: Int) -> Bool {
    var found = false
    for member in value.members {
      switch member.value {
      case .string(let text):
        guard member.name.lowercased().hasSuffix("xml"), text.utf8.contains(UInt8(ascii: "<")) else { continue }
        sink.readNested(text, line: line, context: context)
        found = true
      case .array, .object:
        for element in member.value.elements where depth < 8 {
          if readXML(element, context, line: line, depth: depth + 1) { found = true }
        }
      default: break
      }
    }
    return found
  }
}

/// The text of a small piece of XML that is only to be shown and searched.
enum XMLText {
  /// Tags become spaces; the five entities of XML become their characters.
  static func plain(_ xml: String) -> String {
    var text = ""
    var isTag = false
    for character in xml {
      if character == "<" {
        isTag = true
      } else if character == ">" {
        isTag = false; text += " "
      } else if !isTag {
        text.append(character)
      }
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
    for (entity, character) in entities { text = replace(entity, in: text, with: character) }
    let plain = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return plain.isEmpty ? Trimmed.text(xml) : plain
  }

  private static func replace(_ part: String, in text: String, with other: String) -> String {
    guard text.contains("&") else { return text }
    var result = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "&") {
      result += rest[..<start]
      rest = rest[start...]
      if rest.hasPrefix(part) {
        result += other
        rest = rest.dropFirst(part.count)
      } else {
        result += "&"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }
}
