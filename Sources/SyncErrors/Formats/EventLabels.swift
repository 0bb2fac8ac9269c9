import RuleSet

/// A part of an event, told by the label that Event Viewer and `wevtutil` put before it in several languages
/// (`Rules/data/event-labels.yaml`).
enum EventLabel: String {
  case log, source, date, id, task, level, keywords, user, computer, description, xml, other

  private static let names = EventLabelCatalogue.shipped.compactMapValues { EventLabel(rawValue: $0) }

  /// The order in which Event Viewer writes the parts, in any language.
  static let order: [EventLabel] = [
    .log, .source, .date, .id, .task, .level, .keywords, .user, .computer, .description,
  ]

  /// What the label of a line means, and its value; nil for lines without such a label.
  static func parse(_ line: String) -> (label: EventLabel, value: String)? {
    guard let head = LabelHead(line, isTight: true), let label = EventLabel(head.label) else { return nil }
    return (label, head.value(of: line))
  }

  /// Whether a line begins an event: the name of its log.
  static func beginsEvent(_ line: String) -> Bool { beginsEvent(line, LabelHead(line, isTight: true)) }

  /// The same for a line whose head is known.
  static func beginsEvent(_ line: String, _ head: LabelHead?) -> Bool {
    guard let head, EventLabel(head.label) == .log else { return false }
    return !head.value(of: line).isEmpty
  }

  /// What a label means; nil for others.
  init?(_ label: String) {
    guard let known = Self.names[label.lowercased()] else { return nil }
    self = known
  }
}

/// The label of a line of the form `label: value`.
struct LabelHead {
  var indent: Int
  var label: String
  /// Whether white space stands before the colon, as `Format-List` writes it.
  var hasSpaceBeforeColon: Bool
  /// The column of the colon in bytes, counted from 0.
  var colon: Int
  /// Whether white space, or a letter that is not ASCII, or nothing follows the colon.
  var isLoose: Bool

  /// nil when the line has no such form: the label is short and of letters, digits and a few marks.
  ///
  /// - Parameter isTight: Whether the value may follow the colon without white space, as it does in Event Viewer where the
  ///   word of a language is longer than the column.
  init?(_ line: String, isTight: Bool = false) {
    var line = line
    guard let head = line.withUTF8({ Self.head($0) }) else { return nil }
    self = head
    guard isTight || isLoose else { return nil }
  }

  private init(indent: Int, label: String, hasSpaceBeforeColon: Bool, colon: Int, isLoose: Bool) {
    self.indent = indent
    self.label = label
    self.hasSpaceBeforeColon = hasSpaceBeforeColon
    self.colon = colon
    self.isLoose = isLoose
  }

  private static func head(_ line: UnsafeBufferPointer<UInt8>) -> LabelHead? {
    guard let colon = line.prefix(64).firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let head = UnsafeBufferPointer(rebasing: line[..<colon])
    let indent = head.prefix { $0 == 32 || $0 == 9 }.count
    guard let label = label(head) else { return nil }
    let next = colon + 1 < line.count ? line[colon + 1] : 32
    let last = colon > 0 ? line[colon - 1] : 0
    return LabelHead(
      indent: indent, label: label, hasSpaceBeforeColon: last == 32 || last == 9, colon: colon,
      isLoose: next == 32 || next == 9 || next >= 0x80)
  }

  private static func label(_ head: UnsafeBufferPointer<UInt8>) -> String? {
    guard head.allSatisfy({ $0 < 0x80 }) else {
      let label = Trimmed.text(String(decoding: head, as: UTF8.self))
      guard !label.isEmpty, label.first?.isLetter == true,
        label.allSatisfy({ $0.isLetter || $0.isNumber || " .'’-()[]_".contains($0) })
      else { return nil }
      return label
    }
    let range = Trimmed.range(head)
    guard let first = range.first, (head[first] | 0x20) &- 0x61 < 26 else { return nil }
    for byte in head[range] where !isOfLabel(byte) { return nil }
    return String(decoding: head[range], as: UTF8.self)
  }

  private static func isOfLabel(_ byte: UInt8) -> Bool {
    if (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 { return true }
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: "'"), UInt8(ascii: "-"), UInt8(ascii: "("),
      UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "_"):
      return true
    default: return false
    }
  }

  /// The value behind the label.
  func value(of line: String) -> String {
    let bytes = line.utf8
    return Trimmed.text(Substring(bytes[bytes.index(bytes.startIndex, offsetBy: colon + 1)...]))
  }
}

/// A line of the form `label: value`.
struct LabelLine {
  private let head: LabelHead
  var value: String

  /// nil when the line has no such form; see `LabelHead`.
  init?(_ line: String, isTight: Bool = false) {
    guard let head = LabelHead(line, isTight: isTight) else { return nil }
    self.init(head, line)
  }

  /// A line whose head is known.
  init(_ head: LabelHead, _ line: String) {
    self.head = head
    value = head.value(of: line)
  }

  var indent: Int { head.indent }
  var label: String { head.label }
  /// Whether white space stands before the colon, as `Format-List` writes it.
  var hasSpaceBeforeColon: Bool { head.hasSpaceBeforeColon }
  /// The column of the colon in bytes, counted from 0.
  var colon: Int { head.colon }
}
