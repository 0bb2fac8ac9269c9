import Bytes
import Directory
import Findings
import RuleSet

/// The message of a finding, made from its rule's template.
struct MessageText {
  let issue: Issue
  let attribute: String

  /// Appends the message for a value that so many entries hold.
  static func append(
    _ template: FindingTemplate, _ value: Span<UInt8>, compared: Span<UInt8>, attribute: String, holders: Int,
    to bytes: inout [UInt8]
  ) {
    for place in template.message.pieces.indices {
      let piece = template.message.pieces[place]
      bytes += template.message.texts[piece.text]
      switch piece.placeholder {
      case nil: break
      case .value: append(value, to: &bytes)
      case .holders: append(holders, to: &bytes)
      case .part: append(compared, to: &bytes)
      case let other?:
        let issue = Issue(rule: 0, slot: 0, value: -1, count: holders)
        MessageText(issue: issue, attribute: attribute).append(other, template, value, to: &bytes)
      }
    }
  }

  /// Appends the message for a value (empty when the finding has none).
  func append(_ template: FindingTemplate, _ value: Span<UInt8>, to bytes: inout [UInt8]) {
    for place in template.message.pieces.indices {
      let piece = template.message.pieces[place]
      bytes += template.message.texts[piece.text]
      if let placeholder = piece.placeholder { append(placeholder, template, value, to: &bytes) }
    }
  }

  private func append(
    _ placeholder: MessageTemplate.Placeholder, _ template: FindingTemplate, _ value: Span<UInt8>,
    to bytes: inout [UInt8]
  ) {
    switch placeholder {
    case .value: Self.append(value, to: &bytes)
    case .attribute: bytes.append(contentsOf: attribute)
    case .characters: bytes += Self.characters(issue.flagged, value).utf8
    case .count: Self.append(issue.count, to: &bytes)
    case .length: Self.append(issue.length, to: &bytes)
    case .max: bytes += (issue.maximum.map(String.init) ?? "").utf8
    case .min: bytes += (issue.minimum.map(String.init) ?? "").utf8
    case .part:
      if issue.flagged.isEmpty { Self.append(part: value, to: &bytes) }
      for (place, range) in issue.flagged.enumerated() {
        if place > 0 { bytes += ", ".utf8 }
        Self.append(part: value.extracting(range), to: &bytes)
      }
    case .type:
      if let colon = WideBytes.first(UInt8(ascii: ":"), in: value) {
        Self.append(part: value.extracting(0..<colon), to: &bytes)
      }
    case .domain:
      if let at = value.indices.last(where: { value[$0] == UInt8(ascii: "@") }) {
        Self.append(part: value.extracting(at + 1..<value.count), to: &bytes)
      }
    case .holders: Self.append(issue.count, to: &bytes)
    case .errors:
      bytes += (issue.row?.annotations.values(of: Annotation.labels) ?? template.labels).joined(separator: ", ").utf8
    case .other: bytes += template.otherAttribute.utf8
    // Known of a forest only.
    case .total, .account, .detail: break
    }
  }

  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    if 0..<10 ~= number { bytes.append(UInt8(ascii: "0") + UInt8(number)) } else { bytes += String(number).utf8 }
  }

  /// Appends a part of a value; one of which nothing is there is named, or the sentence had a hole.
  private static func append(part: Span<UInt8>, to bytes: inout [UInt8]) {
    if part.isEmpty { bytes += "(empty)".utf8 } else { append(part, to: &bytes) }
  }

  /// Appends bytes as text; those that are no UTF-8 become replacement characters.
  private static func append(_ value: Span<UInt8>, to bytes: inout [UInt8]) {
    if TextFold.isASCII(value) {
      bytes.append(bytes: value)
    } else {
      bytes += String(copying: value).utf8
    }
  }

  /// The flagged characters by name, each once, in order.
  private static func characters(_ flagged: [Range<Int>], _ value: Span<UInt8>) -> String {
    var names: [String] = []
    for range in flagged {
      var index = range.lowerBound
      while index < range.upperBound {
        let (scalar, length) = ScalarReader.scalar(at: index, of: value)
        index += length
        let isText = scalar != ScalarReader.invalid
        let name = isText ? CharacterName.description(of: scalar) : "a byte that is no part of UTF-8"
        if !names.contains(name) { names.append(name) }
      }
    }
    return names.joined(separator: ", ")
  }
}
