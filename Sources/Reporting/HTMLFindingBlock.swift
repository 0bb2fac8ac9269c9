import Bytes
import Directory
import Findings

/// Some findings as one block of data of an HTML page: lists of names, and a record for each finding that refers to them.
///
/// `Page/findings.js` reads the records by position (`RECORD`), severities, effects, certainties and states by their place in
/// `allCases`; 0 stands for what is absent, and for a DN that is that of
/// the record before.
struct HTMLFindingBlock {
  /// Number of findings in the block.
  private(set) var count = 0
  private var records: [UInt8] = []
  private var rules = NameList()
  private var attributes = NameList()
  private var classes = NameList()
  private var sources = NameList()
  private var characters: [UInt32] = []
  private var lastDN: AttributeValue?
  private static let longestValue = 4096
  private static let longestMessage = 2048

  /// Whether the block should be written.
  var isFull: Bool { count >= 1000 || records.count > 1024 * 1024 }

  /// Takes everything out.
  mutating func clear() { self = HTMLFindingBlock() }

  /// Adds a record.
  mutating func add(_ finding: Finding) {
    records.append(literal: count == 0 ? "[" : ",\n[")
    count += 1
    number(rules.number(of: finding.rule), isFirst: true)
    number(Self.code(finding.severity))
    number(Effect.allCases.firstIndex(of: finding.effect) ?? 0)
    number(Certainty.allCases.firstIndex(of: finding.certainty) ?? 0)
    number(finding.state?.place ?? -1)
    if lastDN == finding.dn {
      number(0)
    } else {
      separate { JSONText.append(value: finding.dn, to: &$0) }
      lastDN = finding.dn
    }
    guid(finding.objectGUID)
    number(classes.number(of: finding.objectClass))
    number(attributes.number(of: finding.attribute))
    value(finding.value, around: finding.spans.first?.offset ?? 0)
    number(finding.valueIndex ?? -1)
    spans(finding.spans)
    string(Self.shortened(finding.message))
    suggestion(finding.suggestion)
    number(sources.number(of: finding.location.source))
    number(finding.location.line ?? 0)
    number(finding.location.column ?? 0)
    related(finding.related)
    string(finding.fingerprint.hexadecimal)
    if let firstSeen = finding.firstSeen { string(firstSeen) } else { number(0) }
    suppression(finding.suppression)
    records.append(UInt8(ascii: "]"))
  }

  /// The block as JSON.
  func json() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(records.count + 4096)
    bytes.appendObject {
      $0.appendMember("rules", rules.names)
      $0.appendMember("attributes", attributes.names)
      $0.appendMember("facts") { $0.appendArray(of: attributes.names) { $0.append(decimal: Self.facts(of: $1)) } }
      $0.appendMember("classes", classes.names)
      $0.appendMember("sources", sources.names)
      $0.appendMember("characters") {
        $0.appendArray(of: characters) { bytes, codePoint in
          bytes.appendArray {
            $0.appendElement { $0.append(decimal: Int(codePoint)) }
            $0.appendElement { JSONText.append(string: CharacterName.name(of: codePoint), to: &$0) }
          }
        }
      }
      $0.appendMember("findings") {
        $0.append(literal: "[\n")
        $0.append(contentsOf: records)
        $0.append(literal: "]")
      }
    }
    return bytes
  }

  /// What changes must know of an attribute: 1 for several values, 2 for addresses, 4 for what names an account.
  private static func facts(of attribute: String) -> Int {
    guard let facts = AttributeSchema.shipped[attribute] else { return 0 }
    let kind =
      switch facts.identifies {
      case .address: 2
      case .upn, .account: 4
      default: 0
      }
    return (facts.isMultivalued ? 1 : 0) + kind
  }

  /// The place of a severity in `SEVERITIES` of `Page/findings.js`.
  private static func code(_ severity: Severity) -> Int { Severity.allCases.firstIndex(of: severity) ?? 0 }

  private mutating func separate(_ write: (inout [UInt8]) -> Void) {
    records.append(UInt8(ascii: ","))
    write(&records)
  }

  private mutating func number(_ number: Int, isFirst: Bool = false) {
    if !isFirst { records.append(UInt8(ascii: ",")) }
    records.append(decimal: number)
  }

  private mutating func string(_ text: String) { separate { JSONText.append(string: text, to: &$0) } }

  private mutating func guid(_ guid: GUID?) {
    guard let guid else { return number(0) }
    separate { JSONText.append(guid: guid, to: &$0) }
  }

  private mutating func value(_ value: AttributeValue?, around offset: Int = 0) {
    guard let value else { return number(0) }
    guard value.bytes.count > Self.longestValue else {
      return separate { JSONText.append(value: value, to: &$0) }
    }
    let (part, from) = Self.part(of: value.bytes, around: offset)
    separate { bytes in
      bytes.appendObject {
        $0.appendMember("text", value: part.span)
        $0.appendMember("from", from)
        $0.appendMember("bytes", value.bytes.count)
      }
    }
  }

  /// About `longestValue` bytes around a character, cut between characters, and the number of characters before them.
  private static func part(of bytes: [UInt8], around offset: Int) -> (part: [UInt8], from: Int) {
    let firstKept = max(0, offset - 64)
    var index = 0
    var characters = 0
    while index < bytes.count, characters < firstKept {
      index += UTF8Element(at: index, in: bytes.span).length
      characters += 1
    }
    var end = index
    while end < bytes.count, end - index < longestValue { end += UTF8Element(at: end, in: bytes.span).length }
    return (Array(bytes[index..<end]), characters)
  }

  private static func shortened(_ message: String) -> String {
    guard message.utf8.count > longestMessage else { return message }
    let (part, _) = part(of: Array(message.utf8.prefix(longestMessage)), around: 0)
    return String(decoding: part, as: UTF8.self) + "…"
  }

  private mutating func spans(_ spans: [FlaggedSpan]) {
    guard !spans.isEmpty else { return number(0) }
    records.append(literal: ",[")
    // A value of megabytes may have as many spans; the page shows a part of it only.
    for (index, span) in spans.prefix(Self.longestValue).enumerated() {
      number(span.offset, isFirst: index == 0)
      number(span.length)
      number(span.codePoint.map(Int.init) ?? -1)
      if let codePoint = span.codePoint, !characters.contains(codePoint) { characters.append(codePoint) }
    }
    records.append(UInt8(ascii: "]"))
  }

  private mutating func suggestion(_ suggestion: Suggestion?) {
    guard let suggestion else { return number(0) }
    records.append(literal: ",[\"")
    records.append(literal: suggestion.action.literal)
    records.append(UInt8(ascii: "\""))
    value(suggestion.value)
    records.append(UInt8(ascii: "]"))
  }

  private mutating func suppression(_ suppression: Suppression?) {
    guard let suppression else { return number(0) }
    records.append(literal: ",")
    JSONText.append(
      strings: [
        suppression.reason, suppression.owner, suppression.ticket ?? "", suppression.expires?.description ?? "",
      ], to: &records)
  }

  private mutating func related(_ related: [RelatedValue]) {
    guard !related.isEmpty else { return number(0) }
    records.append(literal: ",[")
    for (index, place) in related.enumerated() {
      records.append(literal: index == 0 ? "[" : ",[")
      JSONText.append(value: place.dn, to: &records)
      guid(place.objectGUID)
      string(place.objectClass)
      string(place.attribute)
      value(place.value)
      number(sources.number(of: place.location.source))
      number(place.location.line ?? 0)
      number(place.location.column ?? 0)
      records.append(UInt8(ascii: "]"))
    }
    records.append(UInt8(ascii: "]"))
  }
}

/// Distinct names, numbered in the order in which they came.
private struct NameList {
  private(set) var names: [String] = []
  private var numbers: [String: Int] = [:]

  mutating func number(of name: String) -> Int {
    if let known = numbers[name] { return known }
    numbers[name] = names.count
    names.append(name)
    return names.count - 1
  }
}
