import Directory
import Findings

/// Builds rows of CSV (RFC 4180): cells with a comma, a quote or a line break are quoted, quotes doubled, CRLF ends a row.
struct CSVCells {
  /// The bytes of the rows built so far.
  var bytes: [UInt8] = []
  /// Whether text that a spreadsheet would take for a formula gets an apostrophe in front.
  let guardsFormulas: Bool
  /// Whether text is made harmless for a terminal; only then it differs from the directory's.
  let escapesForTerminal: Bool
  private var isRowStart = true

  init(guardsFormulas: Bool, escapesForTerminal: Bool) {
    self.guardsFormulas = guardsFormulas
    self.escapesForTerminal = escapesForTerminal
  }

  /// Adds a cell of text.
  mutating func add(_ text: String) { add(content: Array(text.utf8)) }

  /// Adds a cell of text known at compile time, which needs no care.
  mutating func add(literal text: StaticString) {
    separate()
    bytes.append(literal: text)
  }

  /// Adds a directory value; one that is not valid UTF-8 as `base64:` and its base64 form; nothing for nil.
  mutating func add(_ value: AttributeValue?) {
    guard let value else { return separate() }
    guard isUTF8(value.bytes) else {
      separate()
      bytes.append(literal: "base64:")
      bytes.append(base64: value.bytes.span)
      return
    }
    add(content: value.bytes)
  }

  /// Adds a number; an empty cell for nil.
  mutating func add(_ number: Int?) {
    separate()
    if let number { bytes.append(decimal: number) }
  }

  /// Ends the row.
  mutating func endRow() {
    bytes.append(literal: "\r\n")
    isRowStart = true
  }

  private mutating func separate() {
    if !isRowStart { bytes.append(UInt8(ascii: ",")) }
    isRowStart = false
  }

  private mutating func add(content: [UInt8]) {
    separate()
    var content = content
    if escapesForTerminal {
      var escaped: [UInt8] = []
      TerminalText.append(content, to: &escaped)
      content = escaped
    }
    let isGuarded = guardsFormulas && content.first.map(startsFormula) ?? false
    guard content.contains(where: needsQuotes) else {
      if isGuarded { bytes.append(UInt8(ascii: "'")) }
      bytes.append(contentsOf: content)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    if isGuarded { bytes.append(UInt8(ascii: "'")) }
    for byte in content {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private func startsFormula(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D: true
    default: false
    }
  }

  private func needsQuotes(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
  }
}

/// Whether bytes are valid UTF-8.
func isUTF8(_ bytes: [UInt8]) -> Bool { (try? UTF8Span(validating: bytes.span)) != nil }
