import Bytes
import Directory
import Findings

/// Makes the message of a redacted finding from the template of its rule.
///
/// The original message is taken apart along the template, only to get at the numbers in it; everything that may hold a
/// part of a value is made anew from the redacted finding. Where that does not work out (a message of an older version of
/// the rule), the title of the rule stands for the message, never the original.
struct MessageRedaction {
  private let pieces: [MessageTemplate.Piece]
  private let title: String

  init(_ rule: RuleSummary) {
    pieces = rule.message.pieces
    title = rule.title
  }

  /// The message for a redacted finding.
  func message(of original: Finding, redacted: Finding) -> String {
    guard !pieces.isEmpty else { return title }
    var result = ""
    var rest = Array(original.message.utf8)[...]
    for piece in pieces {
      switch piece {
      case .text(let text):
        guard rest.starts(with: text.utf8) else { return title }
        rest = rest.dropFirst(text.utf8.count)
        result += text
      case .placeholder(let name):
        if let known = Self.text(of: name, in: original) {
          guard rest.starts(with: known.utf8), let new = Self.text(of: name, in: redacted) else { return title }
          rest = rest.dropFirst(known.utf8.count)
          result += new
        } else {
          guard Self.isNumber(name) || name == .other else { return title }
          let word = Self.isNumber(name) ? rest.prefix { $0 &- 0x30 < 10 } : rest.prefix(while: Self.isNameByte)
          // A number, or the name of an attribute of the rule: neither comes from a directory.
          guard !word.isEmpty, word.count < 64 else { return title }
          rest = rest.dropFirst(word.count)
          result += String(decoding: word, as: UTF8.self)
        }
      }
    }
    return rest.isEmpty ? result : title
  }

  private static func isNumber(_ placeholder: MessageTemplate.Placeholder) -> Bool {
    [.count, .length, .max, .min, .total].contains(placeholder)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "-")
  }

  /// What the engine puts in the place of a placeholder, as far as the finding tells.
  private static func text(of placeholder: MessageTemplate.Placeholder, in finding: Finding) -> String? {
    let value = finding.value?.bytes ?? []
    switch placeholder {
    case .value: return String(decoding: value, as: UTF8.self)
    case .attribute: return finding.attribute
    case .errors: return finding.annotation(Annotation.labels).joined(separator: ", ")
    case .holders: return String(finding.related.count + 1)
    case .type:
      return value.firstIndex(of: UInt8(ascii: ":")).map { String(decoding: value[..<$0], as: UTF8.self) } ?? ""
    case .domain:
      return value.lastIndex(of: UInt8(ascii: "@")).map { String(decoding: value[($0 + 1)...], as: UTF8.self) } ?? ""
    case .part:
      let parts = flagged(in: finding).map { String(decoding: ValueText.bytes(of: Array($0)), as: UTF8.self) }
      return parts.isEmpty ? String(decoding: value, as: UTF8.self) : parts.joined(separator: ", ")
    case .characters:
      var names: [String] = []
      for character in flagged(in: finding).joined() {
        let isByte = character >= ValueText.byteBase
        let name = isByte ? "a byte that is no part of UTF-8" : CharacterName.description(of: character)
        if !names.contains(name) { names.append(name) }
      }
      return names.joined(separator: ", ")
    case .count, .length, .max, .min, .total, .other, .account, .detail: return nil
    }
  }

  private static func flagged(in finding: Finding) -> [ArraySlice<UInt32>] {
    guard let value = finding.value, !finding.spans.isEmpty else { return [] }
    let characters = ValueText.characters(of: value.bytes)
    return finding.spans.map { span in
      let start = min(max(0, span.offset), characters.count)
      return characters[start..<min(characters.count, start + max(0, span.length))]
    }
  }
}
