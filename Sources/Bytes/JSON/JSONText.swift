/// Which characters of a JSON string are written as escapes, besides those that must be.
public enum JSONEscaping: Sendable {
  /// All that is invisible or dangerous on a terminal: controls, bidirectional and other formatting characters.
  case invisible
  /// Controls, those above ASCII included, with the short escapes of RFC 8259 where it has one.
  case controls
}

/// Writes JSON (RFC 8259) into bytes.
///
/// What a terminal obeys is written as `\uXXXX`, which means the same to a reader; everything else stays UTF-8.
public enum JSONText {
  /// Appends a string.
  @inlinable
  public static func append<Output: ByteAppending & ~Copyable>(
    string text: String, to bytes: inout Output, escaping: JSONEscaping = .invisible
  ) {
    // Not by `utf8Span`: inlined into another module, the optimizer of Swift 6.3 lets go of a short string, which has its bytes
    // within itself, before the span of them is read.
    var text = text
    text.withUTF8 { append(text: $0.span, to: &bytes, escaping: escaping) }
  }

  /// Appends a string of bytes that are UTF-8.
  @inlinable
  public static func append<Output: ByteAppending & ~Copyable>(
    text: Span<UInt8>, to bytes: inout Output, escaping: JSONEscaping = .invisible
  ) {
    bytes.append(quote)
    if isPlain(text, except: quote, backslash) {
      bytes.append(bytes: text)
    } else {
      appendEscaped(text, escaping, to: &bytes)
    }
    bytes.append(quote)
  }

  /// Appends bytes as a string, or as `{"b64":"…"}` when they are not valid UTF-8.
  @inlinable
  public static func append<Output: ByteAppending & ~Copyable>(
    value: Span<UInt8>, to bytes: inout Output, escaping: JSONEscaping = .invisible
  ) {
    if isPlain(value, except: quote, backslash) {
      bytes.append(quote)
      bytes.append(bytes: value)
      bytes.append(quote)
      return
    }
    let start = bytes.count
    bytes.append(quote)
    guard appendEscaped(value, escaping, to: &bytes) else {
      bytes.truncate(to: start)
      bytes.append(literal: #"{"b64":""#)
      bytes.append(base64: value)
      bytes.append(literal: #""}"#)
      return
    }
    bytes.append(quote)
  }

  /// Appends a list of strings.
  @inlinable
  public static func append<Output: ByteAppending & ~Copyable>(strings: [String], to bytes: inout Output) {
    bytes.append(UInt8(ascii: "["))
    for (index, text) in strings.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(string: text, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// Appends an object of numbers.
  @inlinable
  public static func append<Output: ByteAppending & ~Copyable>(members: [(String, Int)], to bytes: inout Output) {
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
  @inlinable @discardableResult
  static func appendEscaped<Output: ByteAppending & ~Copyable>(
    _ span: Span<UInt8>, _ escaping: JSONEscaping, to bytes: inout Output
  ) -> Bool {
    var index = 0
    var copied = 0
    while index < span.count {
      let byte = span[index]
      if byte &- 0x20 < 0x5F && byte != quote && byte != backslash {
        index += 1
        continue
      }
      guard case .scalar(let scalar, let length) = UTF8Element(at: index, in: span) else { return false }
      if byte == quote || byte == backslash || isEscaped(scalar, escaping) {
        bytes.append(bytes: span.extracting(copied..<index))
        append(escapeOf: scalar, escaping, to: &bytes)
        copied = index + length
      }
      index += length
    }
    bytes.append(bytes: span.extracting(copied..<span.count))
    return true
  }

  @usableFromInline
  static func isEscaped(_ scalar: Unicode.Scalar, _ escaping: JSONEscaping) -> Bool {
    if scalar.value < 0xA0 { return true }
    if escaping == .controls { return false }
    // Letters of Latin, Greek, Cyrillic and Hebrew, of which the soft hyphen alone is a formatting character, and those of
    // kana, Han and Hangul, without a look-up.
    if scalar.value < 0x600 { return scalar.value == 0xAD }
    if scalar.value >= 0x3040 && scalar.value < 0xD800 { return false }
    switch scalar.properties.generalCategory {
    case .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }

  @inlinable
  static func append<Output: ByteAppending & ~Copyable>(
    escapeOf scalar: Unicode.Scalar, _ escaping: JSONEscaping, to bytes: inout Output
  ) {
    bytes.append(backslash)
    switch scalar {
    case "\"", "\\": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
    case "\n": bytes.append(UInt8(ascii: "n"))
    case "\r": bytes.append(UInt8(ascii: "r"))
    case "\t": bytes.append(UInt8(ascii: "t"))
    case "\u{8}" where escaping == .controls: bytes.append(UInt8(ascii: "b"))
    case "\u{C}" where escaping == .controls: bytes.append(UInt8(ascii: "f"))
    default:
      for (index, unit) in scalar.utf16.enumerated() {
        if index > 0 { bytes.append(backslash) }
        bytes.append(UInt8(ascii: "u"))
        bytes.append(hexadecimal: UInt32(unit), digits: 4, upperCase: escaping == .invisible)
      }
    }
  }

  /// The quotation mark.
  @inlinable public static var quote: UInt8 { UInt8(ascii: "\"") }
  @inlinable static var backslash: UInt8 { UInt8(ascii: "\\") }
}
