import Bytes

/// Text for HTML and XML, where nothing of it may be taken for markup.
enum HTMLText {
  /// Appends a text to the content of an element or a quoted attribute.
  ///
  /// Characters that XML 1.0 does not allow or that a reader could not see (controls, bidirectional and other formatting
  /// characters) are written as `\u{200B}`, as on a terminal.
  static func append(_ text: String, to bytes: inout [UInt8]) { append(Array(text.utf8), to: &bytes) }

  /// Appends bytes in the same way; those that are not UTF-8 as `\xFF`.
  static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
    var harmless: [UInt8] = []
    TerminalText.append(text, to: &harmless)
    for byte in harmless {
      switch byte {
      case UInt8(ascii: "<"): bytes.append(literal: "&lt;")
      case UInt8(ascii: ">"): bytes.append(literal: "&gt;")
      case UInt8(ascii: "&"): bytes.append(literal: "&amp;")
      case UInt8(ascii: "\""): bytes.append(literal: "&quot;")
      case UInt8(ascii: "'"): bytes.append(literal: "&#39;")
      default: bytes.append(byte)
      }
    }
  }

  /// Appends a text in which what stands between backticks is code.
  static func append(prose text: String, to bytes: inout [UInt8]) {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    for (number, part) in parts.enumerated() {
      // The last of an even number of backticks has no partner.
      let isCode = number % 2 == 1 && number < parts.count - 1
      if isCode { bytes.append(literal: "<code>") } else if number % 2 == 1 { bytes.append(literal: "`") }
      append(String(part), to: &bytes)
      if isCode { bytes.append(literal: "</code>") }
    }
  }

  /// The text as content of an element or a quoted attribute.
  static func escape(_ text: String) -> String {
    var bytes: [UInt8] = []
    append(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
