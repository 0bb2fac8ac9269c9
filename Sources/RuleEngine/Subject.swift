import DirectoryModel
import Findings
import RuleSet

/// The entry that findings are about: what every finding repeats of it.
struct Subject {
  let dn: AttributeValue
  let objectGUID: GUID?
  let objectClass: String
  let commonName: AttributeValue?
  private let batch: EntryBatch
  private let entry: EntryRecord
  private let source: String
  /// The value counted last, and its position among those of its attribute: values are asked for in ascending order.
  private var counted: [AttributeID: (value: Int, position: Int)] = [:]

  init(_ evaluator: borrowing EntryEvaluator, _ entry: EntryRecord, _ batch: EntryBatch, source: String) {
    self.batch = batch
    self.entry = entry
    self.source = source
    let bytes = batch.bytes.span
    dn = AttributeValue(bytes.extracting(entry.dn))
    func first(_ slot: Int) -> AttributeValue? {
      let value = evaluator.index.first(slot)
      return value < 0 ? nil : AttributeValue(bytes.extracting(batch.values[Int(value)].range))
    }
    objectGUID = first(evaluator.program.objectGUIDSlot).flatMap { GUID($0.bytes) }
    commonName = first(evaluator.program.commonNameSlot)
    if evaluator.objectClassValue >= 0 {
      let range = batch.values[Int(evaluator.objectClassValue)].range
      objectClass = String(decoding: batch.bytes[range], as: UTF8.self)
    } else {
      objectClass = ""
    }
  }

  /// Where a value stands; the entry's own place when no value is meant.
  func location(_ value: Int32) -> SourceLocation {
    guard batch.hasLines else { return SourceLocation(source: source) }
    guard value >= 0 else {
      return SourceLocation(source: source, line: batch.lineBase + Int(entry.line) + 1, column: 1)
    }
    let record = batch.values[Int(value)]
    return SourceLocation(source: source, line: batch.lineBase + Int(record.line) + 1, column: Int(record.column))
  }

  /// The finding of an issue, without a suggestion.
  mutating func finding(_ issue: Issue, _ program: RuleProgram) -> Finding {
    let value =
      issue.value >= 0 ? AttributeValue(batch.bytes.span.extracting(batch.values[Int(issue.value)].range)) : nil
    let attribute = program.attributes[issue.slot]
    let head = program.heads[issue.rule]
    var finding = Finding(
      rule: head.id, severity: head.severity, effect: head.effect, certainty: head.certainty, dn: dn,
      objectGUID: objectGUID, objectClass: objectClass, attribute: attribute, value: value,
      valueIndex: issue.value >= 0 ? valueIndex(issue.value) : nil,
      spans: issue.flagged.isEmpty ? [] : value.map { Self.spans(issue.flagged, of: $0.bytes.span) } ?? [],
      message: "", suggestion: nil, location: location(issue.value),
      fingerprint: Fingerprint(
        rule: head.id, objectGUID: objectGUID, dn: dn, attribute: attribute, value: value
      ).hexadecimal,
      labels: head.labels, commonName: commonName)
    if issue.equal >= 0 {
      finding.related = [
        RelatedValue(
          dn: dn, objectGUID: objectGUID, objectClass: objectClass, attribute: attribute,
          value: AttributeValue(batch.bytes.span.extracting(batch.values[Int(issue.equal)].range)),
          location: location(issue.equal))
      ]
    }
    if let row = issue.row {
      finding.labels = row.errors
      finding.idfixAction = row.action.rawValue
      if let proposed = row.proposed.map({ AttributeValue($0) }), proposed != value, !proposed.bytes.isEmpty {
        finding.suggestion = Suggestion(action: value == nil ? .add : .replace, value: proposed)
      }
    }
    finding.message = MessageText(head: head, issue: issue, finding: finding).text
    return finding
  }

  /// Position of a value among those of its attribute in its entry.
  mutating func valueIndex(_ value: Int32) -> Int {
    let type = batch.attributes.type(of: batch.values[Int(value)].attribute)
    var (from, position) = (Int(entry.firstValue), 0)
    if let last = counted[type], last.value <= Int(value) { (from, position) = last }
    for index in from..<Int(value) where batch.attributes.type(of: batch.values[index].attribute) == type {
      position += 1
    }
    counted[type] = (Int(value), position)
    return position
  }

  /// Byte ranges as spans of characters.
  static func spans(_ flagged: [Range<Int>], of value: Span<UInt8>) -> [FlaggedSpan] {
    var spans: [FlaggedSpan] = []
    var index = 0
    var offset = 0
    for range in flagged {
      while index < range.lowerBound, index < value.count {
        index += ScalarReader.scalar(at: index, of: value).length
        offset += 1
      }
      let length = ScalarReader.count(value, range)
      var codePoint: UInt32?
      if length == 1 {
        let scalar = ScalarReader.scalar(at: range.lowerBound, of: value).value
        if scalar != ScalarReader.invalid { codePoint = scalar }
      }
      spans.append(FlaggedSpan(offset: offset, length: length, codePoint: codePoint))
    }
    return spans
  }
}

/// The message of a finding, made from its rule's template.
struct MessageText {
  let text: String

  init(head: RuleProgram.RuleHead, issue: Issue, finding: Finding, holders: Int = 0) {
    text = head.message.pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .placeholder(let name): Self.text(of: name, head, issue, finding, holders)
      }
    }.joined()
  }

  private static func text(
    of placeholder: MessageTemplate.Placeholder, _ head: RuleProgram.RuleHead, _ issue: Issue, _ finding: Finding,
    _ holders: Int
  ) -> String {
    let value = finding.value?.bytes ?? []
    switch placeholder {
    case .value: return String(decoding: value, as: UTF8.self)
    case .attribute: return finding.attribute
    case .characters: return characters(issue.flagged, value)
    case .count: return String(issue.count)
    case .length: return String(issue.length)
    case .max: return issue.maximum.map(String.init) ?? ""
    case .min: return issue.minimum.map(String.init) ?? ""
    case .part:
      let parts = issue.flagged.map { String(decoding: value[$0], as: UTF8.self) }
      return parts.isEmpty ? String(decoding: value, as: UTF8.self) : parts.joined(separator: ", ")
    case .type:
      return value.firstIndex(of: UInt8(ascii: ":")).map { String(decoding: value[..<$0], as: UTF8.self) } ?? ""
    case .domain:
      return value.lastIndex(of: UInt8(ascii: "@")).map { String(decoding: value[($0 + 1)...], as: UTF8.self) } ?? ""
    case .holders: return String(holders)
    case .errors: return finding.labels.joined(separator: ", ")
    case .other: return head.otherAttribute
    }
  }

  /// The flagged characters by name, each once, in order.
  private static func characters(_ flagged: [Range<Int>], _ value: [UInt8]) -> String {
    var names: [String] = []
    for range in flagged {
      var index = range.lowerBound
      while index < range.upperBound {
        let (scalar, length) = ScalarReader.scalar(at: index, of: value.span)
        index += length
        let isText = scalar != ScalarReader.invalid
        let name = isText ? CharacterName.description(of: scalar) : "a byte that is no part of UTF-8"
        if !names.contains(name) { names.append(name) }
      }
    }
    return names.joined(separator: ", ")
  }
}
