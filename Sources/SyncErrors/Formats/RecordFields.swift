import Bytes

/// Makes an error of a record whose names say what its values are, and whose values do where the names do not.
struct RecordFields {
  private let sink: ErrorSink
  private let record: JSONValue

  init(_ sink: ErrorSink, _ record: JSONValue) {
    self.sink = sink
    self.record = record
  }

  /// The error; nil when the record tells of none.
  ///
  /// - Parameter isTable: Whether it is the row of a table that is known to list errors.
  func error(line: Int, isTable: Bool = false) -> SyncError? {
    if saysSuccess { return nil }
    var error = SyncError(message: "", location: sink.location(line: line))
    error.source = "table"
    var messages: [String] = []
    var values: [String] = []
    var columns = 0
    for member in record.members {
      guard let text = text(of: member.value) else { continue }
      // The id of a record of a log is none of an object.
      if member.name.lowercased() == "id", isOfLog { continue }
      guard let column = RecordColumn(member.name) else {
        if let kind = IdentifierShape.whole(text), GUIDMeaning.namesObject(label: member.name) {
          error.add(MentionedIdentifier(text, kind, field: member.name))
        } else {
          error.set(FieldName.kebab(member.name), text)
        }
        continue
      }
      columns += 1
      apply(column, text, member.name, &error, &messages, &values)
    }
    addConflicts(values, to: &error)
    error.message = messages.joined(separator: "\n")
    if error.message.isEmpty, let type = error.type { error.message = type }
    addIdentifiers(to: &error)
    if let name = hiddenErrors {
      error.message =
        "\(name): the errors are shown by their class only; Select-Object -ExpandProperty \(name) shows them."
    }
    // A table that has a column of errors says by an empty cell that there is none.
    let saysNothing =
      error.message.isEmpty && error.conflicts.isEmpty && error.attributes.isEmpty && error.fields["operation"] == nil
    if isTable, saysNothing, hasErrorColumn { return nil }
    if isTable, error.message.isEmpty, !error.identifiers.isEmpty {
      error.message = error.fields["operation"].map { "pending \($0)" } ?? "an object without an error"
    }
    let tellsError =
      hiddenErrors != nil || isTable && !error.identifiers.isEmpty || error.type != nil || !messages.isEmpty
      || !error.conflicts.isEmpty
      || !error.attributes.isEmpty
    guard tellsError, columns >= 2 || isTable else { return nil }
    return error
  }

  /// Whether there is a place for an error in the record.
  private var hasErrorColumn: Bool {
    record.members.contains { member in
      switch RecordColumn(member.name) {
      case .type, .message: true
      default: member.name.lowercased().hasSuffix("provisioningerrors")
      }
    }
  }

  /// The name of a list of errors that the console shows by the class of its elements only.
  private var hiddenErrors: String? {
    record.members.first { member in
      guard member.name.lowercased().hasSuffix("provisioningerrors"), let text = text(of: member.value) else {
        return false
      }
      return text.hasPrefix("{") && text.utf8.contains(UInt8(ascii: "."))
    }?.name
  }

  /// Whether the record is one of a log, which has ids itself.
  private var isOfLog: Bool { record.members.contains { RecordColumn($0.name) == .provisionedIdentity } }

  private func text(of value: JSONValue) -> String? {
    switch value {
    case .array(let elements):
      let texts = elements.compactMap(\.text)
      return texts.isEmpty ? nil : texts.joined(separator: ";")
    case .object: return value["DateTime"]?.text
    default: return value.text.flatMap { $0 == "N/A" ? nil : $0 }
    }
  }

  private func apply(
    _ column: RecordColumn, _ text: String, _ name: String, _ error: inout SyncError, _ messages: inout [String],
    _ values: inout [String]
  ) {
    switch column {
    case .type: applyType(text, name, &error)
    case .message: messages.append(text)
    case .detail: error.set(FieldName.kebab(name), text)
    case .extraDetails:
      if let details = ExtraErrorDetails(parsing: text) {
        error.add(details)
      } else {
        error.set("extra-error-details", text)
      }
    case .attribute:
      for part in text.split(whereSeparator: { $0 == "," || $0 == ";" }) { error.add(attribute: Trimmed.text(part)) }
    case .conflictValue: values.append(text)
    case .time:
      let time = EventTime.iso(text, isUTC: RecordColumn.folded(name).hasSuffix("utc"))
      error.first = error.first ?? time
      error.last = error.last ?? time
    case .firstTime: error.first = EventTime.iso(text, isUTC: true)
    case .lastTime:
      error.last = EventTime.iso(text, isUTC: true)
      error.first = error.first ?? error.last
    case .connector: error.connector = error.connector ?? text
    case .runProfile: error.runProfile = error.runProfile ?? text
    case .trackingID: error.trackingID = error.trackingID ?? text
    case .retryCount:
      error.set("retry-count", text)
      error.count = max(1, min(Int(text) ?? 0, Int.max - 1) + 1)
    case .machine: error.set(FieldName.kebab(name), text)
    case .status: applyStatus(text, name, &error)
    case .provisionedIdentity, .targetIdentity:
      ProvisionedIdentity(text: text).add(to: &error, isTarget: column == .targetIdentity)
    default: break
    }
  }

  /// A name of the engine says which error it is (`completed-export-errors`); `Failed` says only that there is one.
  private func applyStatus(_ text: String, _ name: String, _ error: inout SyncError) {
    if text.contains("-"), sink.knows(type: text), error.type == nil {
      error.type = text
    } else {
      error.set(FieldName.kebab(name), text)
    }
  }

  /// Whether the record says that all went well, and names no error.
  private var saysSuccess: Bool {
    var hasGoodStatus = false
    var deniesError = false
    var messages: [String] = []
    for member in record.members {
      guard let text = text(of: member.value), !text.isEmpty else { continue }
      switch RecordColumn(member.name) {
      case .status: hasGoodStatus = SuccessWord.isOne(text)
      case .type:
        guard SuccessWord.deniesError(text) else { return false }
        if SuccessWord.isOne(text) { deniesError = true }
      case .message: if !SuccessWord.deniesError(text) { messages.append(text) }
      case .conflictValue, .extraDetails: return false
      default: break
      }
    }
    guard deniesError || hasGoodStatus else { return false }
    if messages.isEmpty { return true }
    // Where the column of errors says that there is none, a message need not tell of one.
    let message = SyncError(message: messages.joined(separator: "\n"), location: sink.location(line: 1))
    return deniesError && sink.completed(message).id == SyncError.unknownID
  }

  /// Several columns have names of errors and codes; a name says more than a number.
  private func applyType(_ text: String, _ name: String, _ error: inout SyncError) {
    let isCode = text.hasPrefix("0x") || text.hasPrefix("0X")
    if isCode { return error.set("error-code", text) }
    let joined = text.filter { $0 != " " }
    let isSpaced = joined != text && !sink.knows(type: text) && sink.knows(type: joined)
    if error.type == nil { error.type = isSpaced ? joined : text } else { error.set(FieldName.kebab(name), text) }
  }

  private func addConflicts(_ values: [String], to error: inout SyncError) {
    guard let attribute = error.attributes.first else {
      for value in values { error.set("value", value) }
      return
    }
    for value in values {
      for part in value.split(separator: ";") {
        error.add(conflicts: [.init(attribute: attribute, value: Trimmed.text(part))])
      }
    }
  }

  // MARK: identifiers

  /// Adds what names the object of the record, the surest first.
  func addIdentifiers(to error: inout SyncError) {
    let order: [RecordColumn] = [
      .name, .sourceAnchor, .sid, .samAccountName, .userPrincipalName, .address, .identifier, .mailboxGUID,
      .archiveGUID,
      .alias, .displayName, .connectorSpaceID, .metaverseID, .cloudObjectID, .conflictingCloudObjectID,
    ]
    for wanted in order {
      for member in record.members where RecordColumn(member.name) == wanted {
        if wanted == .identifier, let text = text(of: member.value), ProvisionedIdentity.isOne(text) {
          ProvisionedIdentity(text: text).add(to: &error, isTarget: false)
          continue
        }
        guard let text = text(of: member.value).map({ Trimmed.text($0) }), !text.isEmpty,
          let kind = kind(wanted, text, member.name)
        else { continue }
        let role: MentionedIdentifier.Role = wanted == .conflictingCloudObjectID ? .conflicting : .object
        error.add(MentionedIdentifier(text, kind, role: role, field: member.name))
      }
    }
    if !isOfLog, let id = record["id"]?.text, IdentifierShape.whole(id) == .guid {
      // The column of the same name in tables of the connector space has its ids; elsewhere it is the cloud's.
      let isConnectorSpace = record["DN"] != nil
      error.add(MentionedIdentifier(id, isConnectorSpace ? .connectorSpaceID : .cloudObjectID, field: "id"))
    }
  }

  private func kind(_ column: RecordColumn, _ text: String, _ name: String) -> MentionedIdentifier.Kind? {
    switch column {
    case .name: IdentifierShape.name(text)
    case .sourceAnchor: .sourceAnchor
    case .sid: .sid
    case .samAccountName: .samAccountName
    case .userPrincipalName: .userPrincipalName
    case .address: .address
    case .identifier: identifierKind(text)
    case .mailboxGUID: text.contains { $0 != "0" && $0 != "-" } ? .mailboxGUID : nil
    case .archiveGUID: text.contains { $0 != "0" && $0 != "-" } ? .archiveGUID : nil
    case .alias: .alias
    case .displayName: .displayName
    case .connectorSpaceID: .connectorSpaceID
    case .metaverseID: .metaverseID
    case .cloudObjectID, .conflictingCloudObjectID: .cloudObjectID
    default: nil
    }
  }

  /// A column that holds whatever the tool had: a name by its shape, else what the object is called.
  private func identifierKind(_ text: String) -> MentionedIdentifier.Kind {
    if let kind = IdentifierShape.whole(text) { return kind }
    if text.hasPrefix("CN=") || text.hasPrefix("cn=") || text.hasPrefix("OU=") { return .distinguishedName }
    return text.contains(" ") ? .displayName : .samAccountName
  }
}
