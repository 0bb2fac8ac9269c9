import Bytes
import Directory
import Findings

/// Builds rows of CSV (RFC 4180): cells with a comma, a quote or a line break are quoted, quotes doubled, CRLF ends a row.
struct CSVCells: TableRows {
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
    if guardsFormulas { content = FormulaGuard.guarded(content) }
    guard content.contains(where: needsQuotes) else {
      bytes.append(contentsOf: content)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in content {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// A comma, and what spreadsheets of other languages and readers of tables take for one.
  private func needsQuotes(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "\""), 0x0A, 0x0D: true
    default: false
    }
  }
}

/// Keeps spreadsheets from taking text for a formula.
///
/// A formula begins with one of `= + - @`, in full width as well, at the start of a cell. Where a cell starts depends on who
/// opens the file: a spreadsheet of a German or French user splits at semicolons, others at tabs, and not all respect quotes.
/// Blanks, quotes, marks and controls in front of the sign do not help, because some drop them.
enum FormulaGuard {
  /// The text with an apostrophe in front of what could begin a formula, and NUL, which many readers refuse, by its name.
  static func guarded(_ text: [UInt8]) -> [UInt8] {
    let beginsWithSeparator = text.first.map { isSeparator($0) && $0 != UInt8(ascii: ";") } ?? false
    guard beginsWithSeparator || text.contains(where: isSuspicious) else { return text }
    var result: [UInt8] = beginsWithSeparator ? [UInt8(ascii: "'")] : []
    result.reserveCapacity(text.count + 16)
    var isStart = true
    var index = 0
    while index < text.count {
      let byte = text[index]
      let length = length(of: byte, in: text, at: index)
      let character = text[index..<index + length]
      index += length
      if isSeparator(byte) {
        isStart = true
      } else if isStart, !isSkipped(character) {
        if isSign(character) { result.append(UInt8(ascii: "'")) }
        isStart = false
      }
      if byte == 0 { result.append(literal: "\\u{0000}") } else { result.append(contentsOf: character) }
    }
    return result
  }

  /// Whether a byte may be (a part of) a sign, or NUL: most texts have none.
  private static func isSuspicious(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0xEF, 0: true
    default: false
    }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ";"), UInt8(ascii: "\t"), 0x0A, 0x0D: true
    default: false
    }
  }

  /// What may stand in front of the sign: blanks, quotes, controls, the no-break space, marks without width.
  private static func isSkipped(_ character: ArraySlice<UInt8>) -> Bool {
    switch Array(character) {
    case [0xC2, 0xA0], [0xEF, 0xBB, 0xBF], [0xE2, 0x80, 0x8B], [0xE2, 0x81, 0xA0], [0xE3, 0x80, 0x80]: true
    case let one where one.count == 1: one[0] <= 0x20 || one[0] == 0x7F || one[0] == UInt8(ascii: "\"")
    default: false
    }
  }

  /// One of the signs, or its form in full width (U+FF1D, U+FF0B, U+FF0D, U+FF20).
  private static func isSign(_ character: ArraySlice<UInt8>) -> Bool {
    switch Array(character) {
    case [0xEF, 0xBC, 0x9D], [0xEF, 0xBC, 0x8B], [0xEF, 0xBC, 0x8D], [0xEF, 0xBC, 0xA0]: true
    case let one where one.count == 1: isSuspicious(one[0]) && one[0] != 0 && one[0] < 0x80
    default: false
    }
  }

  private static func length(of byte: UInt8, in text: [UInt8], at index: Int) -> Int {
    let length = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    return min(length, text.count - index)
  }
}

/// Whether bytes are valid UTF-8.
func isUTF8(_ bytes: [UInt8]) -> Bool { (try? UTF8Span(validating: bytes.span)) != nil }
