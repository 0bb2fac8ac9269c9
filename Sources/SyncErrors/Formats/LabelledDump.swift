import Bytes

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

  /// Labels, by their first letter, counted from `a`.
  private static let byInitial = (UInt8(ascii: "a")...UInt8(ascii: "z")).map { letter in
    labels.map { (label: $0, bytes: $0.utf8.map(MessageText.folded)) }.filter { $0.bytes.first == letter }
  }

  /// The longest label with which a line begins, and the number of bytes up to its end.
  private static func find(_ line: String) -> (label: String, end: Int)? {
    var line = line
    return line.withUTF8 { text in
      let start = text.firstIndex { $0 != 32 && $0 != 9 } ?? text.count
      guard start < text.count, (text[start] | 0x20) &- 0x61 < 26 else { return nil }
      var best: (label: String, end: Int)?
      for (label, bytes) in byInitial[Int((text[start] | 0x20) &- 0x61)] {
        let end = start + bytes.count
        guard end > best?.end ?? 0, end <= text.count, begins(text, start, bytes) else { continue }
        let next = end < text.count ? text[end] : 32
        if next == 32 || next == 9 || next == 13 || next == UInt8(ascii: ":") || next == UInt8(ascii: "=") {
          best = (label, end)
        }
      }
      return best
    }
  }

  private static func begins(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ label: [UInt8]) -> Bool {
    var index = start
    for byte in label {
      if MessageText.folded(text[index]) != byte { return false }
      index += 1
    }
    return true
  }

  /// Whether a text begins with a label that no running text has, or with `Dn` and a name.
  static func isUnmistakable(_ text: ArraySlice<UInt8>) -> Bool {
    let line = String(decoding: text.prefix(64), as: UTF8.self)
    guard let (label, end) = find(line) else { return false }
    if label == "Dn" { return line.utf8.dropFirst(end).contains(UInt8(ascii: "=")) }
    return label.utf8.elementsEqual(line.utf8.prefix(label.utf8.count)) && label.utf8.count > 8
  }

  private static func parse(_ line: String) -> (label: String, value: String)? {
    guard let (label, end) = find(line) else { return nil }
    let value = line.utf8.dropFirst(end).drop { $0 <= 32 || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }
    return (label, Trimmed.text(Substring(value)))
  }

  /// Whether a line begins such details.
  static func begins(_ line: String) -> Bool {
    guard let (label, _) = find(line) else { return false }
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
      if isAfterBlank || records.isEmpty || !mayGoOn(with: line) { return false }
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

  private static let proseLabels: Set<String> = [
    "ErrorLiteral", "Error Literal", "ServerErrorDetail", "ExtraErrorDetails",
  ]

  /// Whether a line without a label goes on with the value before it: of a text, or of a value that has visibly been cut.
  private func mayGoOn(with line: String) -> Bool {
    guard let last = records.last?.members.last, case .string(let value) = last.value else { return false }
    if Self.proseLabels.contains(last.name) { return !ConsoleLine.isFence(line) }
    if value.isEmpty { return true }
    let opens = value.utf8.count { $0 == UInt8(ascii: "{") }
    return opens > value.utf8.count { $0 == UInt8(ascii: "}") } || value.hasSuffix(",") || value.hasSuffix("=")
      || line.first?.isWhitespace == true
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
