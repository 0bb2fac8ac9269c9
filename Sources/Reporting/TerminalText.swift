import Bytes
import Directory
import Findings

/// Text that may be shown on a terminal: nothing in it moves the cursor, changes colours, reorders or hides anything.
///
/// Control characters, formatting and bidirectional controls, invisible characters, white space other than the plain
/// space, private and unassigned characters, and combining marks without a character to combine with, are shown as
/// `\u{00A0}`, bytes that are not UTF-8 as `\xFF`. A backslash
/// that would look like the start of such an escape is shown as `\u{005C}`; others stay, because DNs are full of them.
public enum TerminalText {
  /// The text with everything dangerous or invisible escaped.
  public static func escape(_ text: String) -> String {
    let utf8 = text.utf8Span.span
    if isPlain(utf8, except: backslash, backslash) { return text }
    return escape(Array(text.utf8))
  }

  /// The bytes as text with everything dangerous, invisible or not UTF-8 escaped.
  public static func escape(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    append(bytes, to: &result)
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether a character is shown by an escape in place of itself.
  public static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    if value < 0x7F { return value < 0x20 }
    if isSurelyLetter(value) { return false }
    if scalar.properties.isDefaultIgnorableCodePoint { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse, .unassigned:
      return true
    default:
      // A blank that is no space to Unicode: the empty Braille pattern.
      return value == 0x2800
    }
  }

  /// Whether a character is surely shown as it is and drawn onto no other one: what stands between U+00A1 and the combining
  /// marks other than the soft hyphen, letters of Cyrillic, ideographs and Hangul syllables. To look up properties of each
  /// letter of a name would cost more than all the rest.
  static func isSurelyLetter(_ value: UInt32) -> Bool {
    switch value {
    case 0xA1..<0x300: value != 0xAD
    case 0x400...0x482, 0x48A...0x52F, 0x4E00...0x9FFF, 0xAC00...0xD7A3: true
    default: false
    }
  }

  /// Appends the escaped form of bytes.
  ///
  /// - Returns: the columns that it takes at most: a combining mark counts as one.
  @discardableResult
  static func append<Output: ByteAppending & ~Copyable>(_ bytes: [UInt8], to result: inout Output) -> Int {
    append(bytes.span, to: &result)
  }

  /// Appends the escaped form of bytes that may lie in a larger buffer.
  ///
  /// - Returns: the columns that it takes at most: a combining mark counts as one.
  @discardableResult
  static func append<Output: ByteAppending & ~Copyable>(_ bytes: Span<UInt8>, to result: inout Output) -> Int {
    if isPlain(bytes, except: backslash, backslash) {
      result.append(bytes: bytes)
      return bytes.count
    }
    var index = 0
    var columns = 0
    // Whether the character before is one that a combining mark may be drawn onto.
    var hasBase = false
    while index < bytes.count {
      let run = plainRun(bytes, from: index)
      if run > 0 {
        result.append(bytes: bytes.extracting(index..<index + run))
        hasBase = true
        columns += run
        index += run
        continue
      }
      let element = UTF8Element(at: index, in: bytes)
      if case .scalar(let scalar, let length) = element, isShown(scalar, after: hasBase, bytes, at: index) {
        result.append(bytes: bytes.extracting(index..<index + length))
        hasBase = true
        columns += max(1, DisplayWidth.of(scalar))
      } else {
        let start = result.count
        append(escapeOf: element, to: &result)
        hasBase = false
        columns += result.count - start
      }
      index += element.length
    }
    return columns
  }

  /// Number of bytes of printable ASCII from an index on, without backslashes.
  private static func plainRun(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index < bytes.count, bytes[index] &- 0x20 < 0x5F, bytes[index] != backslash { index += 1 }
    return index - start
  }

  private static func isShown(
    _ scalar: Unicode.Scalar, after hasBase: Bool, _ bytes: Span<UInt8>, at index: Int
  ) -> Bool {
    if isSurelyLetter(scalar.value) { return true }
    return !isEscaped(scalar) && !looksLikeEscape(bytes, at: index) && (hasBase || !DisplayWidth.isCombining(scalar))
  }

  private static func append<Output: ByteAppending & ~Copyable>(escapeOf element: UTF8Element, to result: inout Output)
  {
    switch element {
    case .invalid(let byte): append(invalid: byte, to: &result)
    case .scalar(let scalar, _): append(escapeOf: scalar, to: &result)
    }
  }

  /// Appends the escaped form of a text.
  ///
  /// - Returns: the columns that it takes at most: a combining mark counts as one.
  @discardableResult
  static func append<Output: ByteAppending & ~Copyable>(_ text: String, to result: inout Output) -> Int {
    append(text.utf8Span.span, to: &result)
  }

  /// Appends `\u{00A0}`.
  static func append<Output: ByteAppending & ~Copyable>(escapeOf scalar: Unicode.Scalar, to result: inout Output) {
    result.append(literal: "\\u{")
    result.append(hexadecimal: scalar.value, digits: 4)
    result.append(UInt8(ascii: "}"))
  }

  /// Appends `\xFF`.
  static func append<Output: ByteAppending & ~Copyable>(invalid byte: UInt8, to result: inout Output) {
    result.append(literal: "\\x")
    result.append(hexadecimal: UInt32(byte), digits: 2)
  }

  /// Whether a backslash at an index would be taken for the start of an escape that it is not.
  static func looksLikeEscape(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    guard bytes[index] == backslash, index + 2 < bytes.count else { return false }
    switch bytes[index + 1] {
    case UInt8(ascii: "u"): return bytes[index + 2] == UInt8(ascii: "{")
    case UInt8(ascii: "x"):
      return index + 3 < bytes.count && isHexadecimal(bytes[index + 2]) && isHexadecimal(bytes[index + 3])
    default: return false
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
    default: false
    }
  }

  private static let backslash = UInt8(ascii: "\\")
}
