/// Text and addresses as SARIF wants them.
enum SARIFText {
  /// A plain text message: invisible characters escaped as on a terminal; braces doubled and brackets escaped, as they
  /// would be placeholders (SARIF 2.1.0, 3.11.5) and links (3.11.6).
  static func message(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { TerminalText.escape(String($0)) }
    var result = ""
    for character in lines.joined(separator: "\n").unicodeScalars {
      switch character {
      case "{": result += "{{"
      case "}": result += "}}"
      case "[": result += "\\["
      case "]": result += "\\]"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// The URI reference of a source (RFC 3986): a relative path stays relative; nil for servers.
  static func uri(ofSource source: String) -> String? {
    if source.contains("://") || source.isEmpty { return nil }
    var result = source.hasPrefix("/") ? "file://" : ""
    // A colon in the first part of a relative path would end a scheme, and two slashes begin a host.
    for byte in source.utf8 {
      if isUnreserved(byte) || byte == UInt8(ascii: "/") {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        result += "%" + hexadecimal(byte >> 4) + hexadecimal(byte & 15)
      }
    }
    return result
  }

  /// Whether a text has only characters of a URI.
  static func isURI(_ text: String) -> Bool {
    text.utf8.allSatisfy { isUnreserved($0) || ":/?#[]@!$&'()*+,;=%".utf8.contains($0) }
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || "-._~".utf8.contains(byte)
  }

  private static func hexadecimal(_ number: UInt8) -> String { String(number, radix: 16, uppercase: true) }
}
