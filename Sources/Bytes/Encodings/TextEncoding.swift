/// How the characters of a text are written as bytes.
public enum TextEncoding: Hashable, Sendable {
  /// UTF-8, and ASCII with it.
  case utf8
  /// UTF-16, as Windows PowerShell and many exports write it.
  case utf16(isBigEndian: Bool)
  /// The character set of western Windows ("ANSI"), a superset of ISO 8859-1 as it is used.
  case windows1252

  /// The encoding that a text shows by its byte order mark, or by the zeros of ASCII letters in UTF-16, and the length of
  /// the mark in bytes; UTF-8 when it shows nothing.
  ///
  /// - Parameter start: The first bytes, at least `TextDecoder.sniffLength` of them if the text is that long.
  public static func detect(_ start: ArraySlice<UInt8>) -> (encoding: TextEncoding, mark: Int) {
    if start.starts(with: [0xef, 0xbb, 0xbf]) { return (.utf8, 3) }
    if start.starts(with: [0xff, 0xfe]) { return (.utf16(isBigEndian: false), 2) }
    if start.starts(with: [0xfe, 0xff]) { return (.utf16(isBigEndian: true), 2) }
    let bytes = Array(start.prefix(4))
    guard bytes.count == 4 else { return (.utf8, 0) }
    if bytes[0] != 0, bytes[1] == 0, bytes[2] != 0, bytes[3] == 0 { return (.utf16(isBigEndian: false), 0) }
    if bytes[0] == 0, bytes[1] != 0, bytes[2] == 0, bytes[3] != 0 { return (.utf16(isBigEndian: true), 0) }
    return (.utf8, 0)
  }

  /// The encoding with a name as XML declarations and mail headers give it; nil for one this module cannot read.
  public init?(named name: String) {
    switch name.lowercased() {
    case "utf-8", "utf8", "us-ascii", "ascii": self = .utf8
    case "utf-16", "utf-16le", "ucs-2", "iso-10646-ucs-2", "unicode": self = .utf16(isBigEndian: false)
    case "utf-16be": self = .utf16(isBigEndian: true)
    case "windows-1252", "cp1252", "iso-8859-1", "latin1": self = .windows1252
    default: return nil
    }
  }
}
