import Bytes
import Directory
import Findings

/// A piece of text on an Adaptive Card: a `TextRun`, in which, unlike in a `TextBlock`, Markdown means nothing.
struct CardRun {
  /// How it looks.
  struct Style: OptionSet {
    let rawValue: Int
    static let bold = Style(rawValue: 1)
    static let subtle = Style(rawValue: 2)
    static let large = Style(rawValue: 4)
    static let code = Style(rawValue: 8)
  }

  /// The text, with nothing in it that a reader of cards takes for more.
  let text: String
  private let style: Style
  private let colour: String?

  /// A run of a text that may be anything, cut to a number of bytes.
  init(_ value: [UInt8], _ style: Style = [], limit: Int = 200, colour: String? = nil) {
    self.init(escaped: TerminalText.escape(TextCut.cut(value, limit: limit)), style, colour: colour)
  }

  /// The same of a text.
  init(_ value: String, _ style: Style = [], limit: Int = 200, colour: String? = nil) {
    self.init(Array(value.utf8), style, limit: limit, colour: colour)
  }

  /// A run of a text that is safe for a terminal already.
  init(escaped text: String, _ style: Style = [], colour: String? = nil) {
    self.text = Self.defused(text)
    self.style = style
    self.colour = colour
  }

  /// The text with what programs replace in any text of a card written as an escape: mentions (`<at>`), dates (`{{DATE(…)}}`),
  /// bindings of templates (`${…}`), and the start of an address, which readers make links of.
  private static func defused(_ text: String) -> String {
    guard text.utf8.contains(where: { "<{:".utf8.contains($0) }) else { return text }
    let marks = [
      ("<at", #"\u{003C}at"#), ("</at", #"\u{003C}/at"#), ("{{", #"\u{007B}\u{007B}"#), ("${", #"$\u{007B}"#),
      ("://", #":\u{002F}/"#),
    ]
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let mark = marks.first { mark in
        let pattern = mark.0.utf8
        let here = bytes[index...].prefix(pattern.count)
        return here.elementsEqual(pattern) { left, right in
          left == right || left &- 0x41 < 26 && left | 0x20 == right
        }
      }
      if let mark {
        result.append(contentsOf: mark.1.utf8)
        index += mark.0.utf8.count
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  fileprivate func append(to json: inout [UInt8]) {
    json.appendObject {
      $0.appendMember("type", "TextRun")
      $0.appendMember("text", text)
      if style.contains(.bold) { $0.appendMember("weight", "Bolder") }
      if style.contains(.large) { $0.appendMember("size", "Large") }
      if style.contains(.subtle) { $0.appendMember("isSubtle", true) }
      if style.contains(.code) { $0.appendMember("fontType", "Monospace") }
      $0.appendMember("color", ifThere: colour)
    }
  }
}

/// Elements of an Adaptive Card, as JSON.
enum CardElement {
  /// A line of text.
  /// - Parameter isApart: whether a rule stands above it.
  static func line(_ runs: [CardRun], isApart: Bool = false) -> [UInt8] {
    var json: [UInt8] = []
    append(runs, isApart: isApart, spacing: nil, to: &json)
    return json
  }

  /// Numbers beside each other.
  static func columns(_ tiles: [SummaryTile]) -> [UInt8] {
    var json: [UInt8] = []
    json.appendObject {
      $0.appendMember("type", "ColumnSet")
      $0.appendMember("columns") { value in
        value.appendArray(of: tiles) { json, tile in
          json.appendObject {
            $0.appendMember("type", "Column")
            $0.appendMember("width", "auto")
            appendItems([[number(of: tile)], [CardRun(tile.label, .subtle)]], to: &$0)
          }
        }
      }
    }
    return json
  }

  private static func number(of tile: SummaryTile) -> CardRun {
    switch tile.kind {
    case .findings(let severity) where tile.count != "0":
      CardRun(tile.count, [.bold, .large], colour: severity.cardColour)
    case .findings, .clean, .objects: CardRun(tile.count, [.bold, .large])
    }
  }

  /// A finding in four lines: its object, its value, what is wrong with it, and what to do.
  static func finding(_ finding: Finding) -> [UInt8] {
    let severity = finding.severity
    var lines = [
      [
        CardRun(severity.rawValue, .bold, colour: severity.cardColour), CardRun(" "),
        CardRun(finding.dn.bytes, .bold),
      ],
      [CardRun(finding.attribute, .subtle)],
      [CardRun(finding.message, limit: 300)],
    ]
    if let value = finding.value { lines[1] += [CardRun(" "), CardRun(value.bytes, .code)] }
    if let change = finding.suggestedChange(limit: 200) {
      lines.append([CardRun("Suggestion: ", .subtle), CardRun(change, .code)])
    }
    var json: [UInt8] = []
    json.appendObject {
      $0.appendMember("type", "Container")
      appendItems(lines, to: &$0)
    }
    return json
  }

  private static func appendItems(_ lines: [[CardRun]], to json: inout [UInt8]) {
    json.appendMember("items") { value in
      value.appendArray(of: lines) { json, runs in append(runs, isApart: false, spacing: "None", to: &json) }
    }
  }

  private static func append(_ runs: [CardRun], isApart: Bool, spacing: String?, to json: inout [UInt8]) {
    json.appendObject {
      $0.appendMember("type", "RichTextBlock")
      if isApart { $0.appendMember("separator", true) }
      $0.appendMember("spacing", ifThere: spacing)
      $0.appendMember("inlines") { value in value.appendArray(of: runs) { $1.append(to: &$0) } }
    }
  }
}

extension Severity {
  /// The colour that cards have for it.
  fileprivate var cardColour: String {
    switch self {
    case .error: "Attention"
    case .warning: "Warning"
    case .info: "Accent"
    }
  }
}
