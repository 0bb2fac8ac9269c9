/// The bytes of a file or an open descriptor, decompressed (gzip, zstd and xz, told by the content), of which the first ones
/// can be looked at before it is decided who reads them. Used from one thread.
public final class DecompressedInput {
  /// The name by which the source is called in messages.
  public let name: String
  /// The bytes as they came, compressed or not.
  public let file: FileSource
  /// The bytes decompressed.
  public let text: PeekedSource
  /// Whether the bytes are those of the file itself.
  public let isPlain: Bool

  /// Opens a file.
  ///
  /// - Throws: `ReadFailure` when it cannot be opened or not be read at all.
  /// - Parameter encoding: how its characters are written, where that is known; what begins with a byte order mark says so itself.
  public convenience init(path: String, encoding: NamedEncoding? = nil) throws(ReadFailure) {
    try self.init(FileSource(path: path), encoding: encoding)
  }

  /// Reads from an open descriptor, from where it stands; the descriptor stays open.
  ///
  /// - Parameter shouldStop: Asked while waiting for a pipe or a terminal: whether reading is to stop.
  /// - Throws: `ReadFailure` when it cannot be read at all.
  public convenience init(
    descriptor: Int32, name: String, encoding: NamedEncoding? = nil, shouldStop: (@Sendable () -> Bool)? = nil
  ) throws(ReadFailure) {
    let file = FileSource(descriptor: descriptor, name: name)
    // Already the first bytes may be long in coming.
    file.shouldStop = shouldStop
    try self.init(file, encoding: encoding)
  }

  /// Reads an open file.
  ///
  /// - Throws: `ReadFailure` when it cannot be read at all.
  public convenience init(_ file: FileSource, encoding: NamedEncoding? = nil) throws(ReadFailure) {
    try self.init(file, bytes: file, encoding: encoding)
  }

  /// Reads a member of a ZIP archive, which is named like a file in a folder.
  ///
  /// - Throws: `ReadFailure` when it cannot be read at all.
  public convenience init(
    archive path: String, member: ZipFile.Member, encoding: NamedEncoding? = nil
  ) throws(ReadFailure) {
    try self.init(
      FileSource(path: path, name: path + "/" + member.name), bytes: ZipMemberSource(path, member.number),
      encoding: encoding)
  }

  private init(_ file: FileSource, bytes source: any ByteSource, encoding: NamedEncoding?) throws(ReadFailure) {
    self.file = file
    name = file.name
    let raw = PeekedSource(source)
    let compression = Compression(of: try raw.peek(6))
    let bytes =
      switch compression {
      case .none: raw
      case .gzip: PeekedSource(try GzipSource(raw))
      case .zstd: PeekedSource(try ZstdSource(raw))
      case .xz: PeekedSource(try XZSource(raw))
      }
    // What is damaged from its first byte on is told by who reads it.
    let start = (try? bytes.peek(TextDecoder.sniffLength)) ?? []
    if let encoding, TextEncoding.detect(start) == (.utf8, 0) {
      text = PeekedSource(NamedEncodingSource(bytes, encoding))
      isPlain = false
    } else {
      text = bytes
      isPlain = compression == .none && source === file
    }
  }

  /// Bytes read so far, as the source came (compressed).
  public var bytesRead: UInt64 { file.bytesRead }
  /// Bytes of the source in all, as it came; nil where this cannot be known.
  public var totalBytes: UInt64? { file.size }
  /// When the file was last written to, in seconds since 1970; nil for anything but a regular file.
  public var writtenAt: Int? { file.writtenAt }

  /// What makes it doubtful that all was read, one sentence without a full stop; known at the end.
  public var gaps: [String] { file.hasChanged ? ["\(name) was changed while it was read; run again"] : [] }

  /// The first `count` bytes not yet read, or fewer when the source ends before.
  public func peek(_ count: Int) throws(ReadFailure) -> ArraySlice<UInt8> { try text.peek(count) }

  /// Puts the next bytes in the place of what `buffer` holds, at most as many as it holds.
  ///
  /// - Returns: how many there were; 0 at the end only.
  public func read(into buffer: inout [UInt8]) throws(ReadFailure) -> Int {
    try text.read(into: &buffer, 0..<buffer.count)
  }
}
