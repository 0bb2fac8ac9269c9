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

  private static let folded = labels.map { (label: $0, bytes: $0.utf8.map(MessageText.folded)) }

  private static func parse(_ line: String) -> (label: String, value: String)? {
    let text = line.utf8.drop { $0 == 32 || $0 == 9 }
    var best: (label: String, rest: Substring.UTF8View)?
    let head = text.prefix(24).map(MessageText.folded)
    for (label, bytes) in folded where head.starts(with: bytes) && bytes.count > best?.label.utf8.count ?? 0 {
      let rest = text.dropFirst(bytes.count)
      let next = rest.first
      if next == nil || next == 32 || next == 9 || next == 13 || next == UInt8(ascii: ":") || next == UInt8(ascii: "=")
      {
        best = (label, rest)
      }
    }
    guard let best else { return nil }
    let value = best.rest.drop { $0 <= 32 || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }
    return (best.label, Trimmed.text(Substring(value)))
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
