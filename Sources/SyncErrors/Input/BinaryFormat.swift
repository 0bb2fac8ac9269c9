/// A format that is no text, told by its first bytes.
enum BinaryFormat {
  /// A Windows event log (`.evtx`).
  case eventLog
  /// Something that holds no errors as it is, and what to do with it.
  case other(String)

  /// How many bytes are looked at.
  static let sniffLength = 512

  private static let magics: [(bytes: [UInt8], what: String)] = [
    ([0x1F, 0x8B], "compressed with gzip; decompress it first"),
    ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd; decompress it first"),
    (Array("PK\u{3}\u{4}".utf8), "a ZIP archive or an Office document; unpack it, or save it as CSV or text"),
    (Array("BZh".utf8), "compressed with bzip2; decompress it first"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz; decompress it first"),
    ([0x37, 0x7A, 0xBC, 0xAF], "a 7-Zip archive; unpack it first"),
    (Array("%PDF".utf8), "a PDF document; copy its text"),
    ([0xD0, 0xCF, 0x11, 0xE0], "a document of an old Office program or a saved mail (.msg); copy its text"),
    ([0x30, 0x00, 0x00, 0x00, 0x4C, 0x66, 0x4C, 0x65], "an event log of Windows 2003 (.evt); save it as text"),
    (Array("SQLite format 3".utf8), "an SQLite database"), ([0x7F, 0x45, 0x4C, 0x46], "an executable program"),
    ([0x89, 0x50, 0x4E, 0x47], "a picture; error text has to be typed or copied"),
    ([0xFF, 0xD8, 0xFF], "a picture; error text has to be typed or copied"),
    (Array("{\\rtf".utf8), "a rich text document; save it as plain text"),
  ]

  /// The format; nil for text.
  init?(_ start: [UInt8]) {
    if start.starts(with: Array("ElfFile\0".utf8)) {
      self = .eventLog
    } else if let magic = Self.magics.first(where: { start.starts(with: $0.bytes) }) {
      self = .other(magic.what)
    } else {
      return nil
    }
  }
}
