import Directory
import Findings

/// Writes JSON (RFC 8259) into bytes.
///
/// Characters that are invisible or dangerous on a terminal (controls, bidirectional and other formatting characters)
/// are written as `\uXXXX`, which means the same to a reader; everything else stays UTF-8.
enum JSONText {
  /// Appends a string.
  static func append<Output: ByteAppending & ~Copyable>(string text: String, to bytes: inout Output) {
    append(text: text.utf8Span.span, to: &bytes)
  }

  /// Appends a string of bytes that are UTF-8.
  static func append<Output: ByteAppending & ~Copyable>(text: Span<UInt8>, to bytes: inout Output) {
    bytes.append(quote)
    if isPlain(text, except: quote, backslash) {
      bytes.append(bytes: text)
    } else {
      appendEscaped(text, to: &bytes)
    }
    bytes.append(quote)
  }

  /// Appends a directory value: a string, or `{"b64":"…"}` when it is not valid UTF-8.
  static func append<Output: ByteAppending & ~Copyable>(value: AttributeValue, to bytes: inout Output) {
    append(value: value.bytes.span, to: &bytes)
  }

  /// The same for bytes that lie in a larger buffer.
  static func append<Output: ByteAppending & ~Copyable>(value: Span<UInt8>, to bytes: inout Output) {
    if isPlain(value, except: quote, backslash) {
      bytes.append(quote)
      bytes.append(bytes: value)
      bytes.append(quote)
      return
    }
    let start = bytes.count
    bytes.append(quote)
    guard appendEscaped(value, to: &bytes) else {
      bytes.truncate(to: start)
      bytes.append(literal: #"{"b64":""#)
      bytes.append(base64: value)
      bytes.append(literal: #""}"#)
      return
    }
    bytes.append(quote)
  }

  /// Appends a GUID in its text form as a string.
  static func append<Output: ByteAppending & ~Copyable>(guid: GUID, to bytes: inout Output) {
    bytes.append(quote)
    let text = guid.text
    bytes.append(bytes: text.span)
    bytes.append(quote)
  }

  /// Appends a list of strings.
  static func append<Output: ByteAppending & ~Copyable>(strings: [String], to bytes: inout Output) {
    bytes.append(UInt8(ascii: "["))
    for (index, text) in strings.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(string: text, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// Appends an object of numbers.
  static func append<Output: ByteAppending & ~Copyable>(members: [(String, Int)], to bytes: inout Output) {
    bytes.append(UInt8(ascii: "{"))
    for (index, member) in members.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(string: member.0, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      bytes.append(decimal: member.1)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  /// Appends the inside of a string; false when the bytes are not valid UTF-8, with part of them appended.
  @discardableResult
  private static func appendEscaped<Output: ByteAppending & ~Copyable>(_ span: Span<UInt8>, to bytes: inout Output)
    -> Bool
  {
    var index = 0
    var copied = 0
    while index < span.count {
      let byte = span[index]
      if byte &- 0x20 < 0x5F && byte != quote && byte != backslash {
        index += 1
        continue
      }
      guard case .scalar(let scalar, let length) = UTF8Element(at: index, in: span) else { return false }
      if byte == quote || byte == backslash || isEscaped(scalar) {
        bytes.append(bytes: span.extracting(copied..<index))
        append(escapeOf: scalar, to: &bytes)
        copied = index + length
      }
      index += length
    }
    bytes.append(bytes: span.extracting(copied..<span.count))
    return true
  }

  private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0xA0 { return true }
    // Letters of Latin, Greek, Cyrillic and Hebrew, of which the soft hyphen alone is a formatting character, and those of
    // kana, Han and Hangul, without a look-up.
    if scalar.value < 0x600 { return scalar.value == 0xAD }
    if scalar.value >= 0x3040 && scalar.value < 0xD800 { return false }
    switch scalar.properties.generalCategory {
    case .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }

  private static func append<Output: ByteAppending & ~Copyable>(escapeOf scalar: Unicode.Scalar, to bytes: inout Output)
  {
    bytes.append(backslash)
    switch scalar {
    case "\"", "\\": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
    case "\n": bytes.append(UInt8(ascii: "n"))
    case "\r": bytes.append(UInt8(ascii: "r"))
    case "\t": bytes.append(UInt8(ascii: "t"))
    default:
      for (index, unit) in scalar.utf16.enumerated() {
        if index > 0 { bytes.append(backslash) }
        bytes.append(UInt8(ascii: "u"))
        bytes.append(hexadecimal: UInt32(unit), digits: 4)
      }
    }
  }

  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")
}
