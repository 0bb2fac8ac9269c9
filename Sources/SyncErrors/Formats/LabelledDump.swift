import JSONStream

/// Reads the details of one error as portals and support tools show them: a label, white space, the value.
///
///     ErrorType 114
///     ErrorLiteral This synchronization operation, Delete, is not valid. …
///     CsObjectIdentifier {2819A5C8-BE27-EC11-A970-000D3A1B4EEE}
struct LabelledDump {
  private var records: [(members: [JSONValue.Member], line: Int)] = []
  private(set) var size = 0
  private var isAfterBlank = false

  private static let labels = [
    "TimeOccurred (UTC)", "TimeOccurred", "MachineId", "Connector Name", "ConnectorName", "ErrorType", "ErrorCode",
    "ErrorLiteral", "ServerErrorDetail", "ExtraErrorDetails", "CsObjectIdentifier", "Dn", "Error Type",
    "Error Code", "Error Literal", "Source Anchor", "SourceAnchor", "User Principal Name", "UserPrincipalName",
    "Object Type", "ObjectType", "Object ID", "ObjectId", "Attribute", "Conflicting Value", "Run Profile",
    "RunProfileName",
  ]
  /// Labels that no running text begins with.
  private static let openers: Set<String> = [
    "TimeOccurred (UTC)", "TimeOccurred", "ErrorType", "ErrorCode", "ErrorLiteral", "CsObjectIdentifier",
  ]

  private static func parse(_ line: String) -> (label: String, value: String)? {
    let line = Trimmed.text(line)
    var best: (label: String, value: String)?
    for label in labels where line.utf8.count >= label.utf8.count {
      guard line.lowercased().hasPrefix(label.lowercased()), label.count > best?.label.count ?? 0 else { continue }
      let rest = line.dropFirst(label.count)
      guard let next = rest.first else {
        best = (label, "")
        continue
      }
      guard next.isWhitespace || next == ":" || next == "=" else { continue }
      best = (label, Trimmed.text(rest.drop { $0.isWhitespace || $0 == ":" || $0 == "=" }))
    }
    return best
  }

  /// Whether a line begins such details.
  static func begins(_ line: String) -> Bool {
    guard let (label, _) = parse(line) else { return false }
    return openers.contains(label)
  }

  /// - Returns: false when the line is of something else.
  mutating func add(_ line: String, number: Int) -> Bool {
    if Trimmed.text(line).isEmpty {
      isAfterBlank = true
      return true
    }
    size += line.utf8.count
    guard let (label, value) = Self.parse(line) else {
      if isAfterBlank || records.isEmpty { return false }
      append(Trimmed.text(line))
      return true
    }
    isAfterBlank = false
    let member = JSONValue.Member(name: label, value: .string(value))
    if let last = records.indices.last, !records[last].members.contains(where: { $0.name == label }) {
      records[last].members.append(member)
    } else {
      records.append(([member], number))
    }
    return true
  }

  /// A line without a label goes on with the value before it.
  private mutating func append(_ text: String) {
    let last = records.count - 1
    let member = records[last].members.count - 1
    guard case .string(let value) = records[last].members[member].value else { return }
    records[last].members[member].value = .string(value.isEmpty ? text : value + "\n" + text)
  }

  func emit(to sink: ErrorSink) {
    for record in records {
      guard let error = RecordFields(sink, .object(record.members)).error(line: record.line, isTable: true) else {
        sink.skipUnrelated()
        continue
      }
      sink.emit(error)
    }
  }
}
