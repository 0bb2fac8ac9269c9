import Directory

/// The bytes of a file or an open descriptor, decompressed (gzip and zstd, told by the content), of which the first ones
/// can be looked at before it is decided who reads them. Used from one thread.
public final class DecompressedInput {
  /// The name by which the source is called in messages.
  public let name: String
  let file: FileSource
  let text: PeekedSource
  /// Whether the bytes are those of the file itself.
  let isPlain: Bool

  /// Opens a file.
  ///
  /// - Throws: `SourceFailure` when it cannot be opened or not be read at all.
  public convenience init(path: String) throws(SourceFailure) { try self.init(FileSource(path: path)) }

  /// Reads from an open descriptor, from where it stands; the descriptor stays open.
  ///
  /// - Parameter shouldStop: Asked while waiting for a pipe or a terminal: whether reading is to stop.
  /// - Throws: `SourceFailure` when it cannot be read at all.
  public convenience init(
    descriptor: Int32, name: String, shouldStop: (@Sendable () -> Bool)? = nil
  ) throws(SourceFailure) {
    let file = FileSource(descriptor: descriptor, name: name)
    // Already the first bytes may be long in coming.
    file.shouldStop = shouldStop
    try self.init(file)
  }

  init(_ file: FileSource) throws(SourceFailure) {
    self.file = file
    name = file.name
    let raw = PeekedSource(file)
    switch InputSniffer.compression(try raw.peek(4)) {
    case .none:
      text = raw
      isPlain = true
    case .gzip:
      text = PeekedSource(try GzipSource(raw, name: file.name))
      isPlain = false
    case .zstd:
      text = PeekedSource(try ZstdSource(raw, name: file.name))
      isPlain = false
    }
  }

  /// Bytes read so far, as the source came (compressed).
  public var bytesRead: UInt64 { file.bytesRead }
  /// Bytes of the source in all, as it came; nil where this cannot be known.
  public var totalBytes: UInt64? { file.size }

  /// What makes it doubtful that all was read, one sentence without a full stop; known at the end.
  public var gaps: [String] { file.hasChanged ? ["\(name) was changed while it was read; run again"] : [] }

  /// The first `count` bytes not yet read, or fewer when the source ends before.
  public func peek(_ count: Int) throws(SourceFailure) -> ArraySlice<UInt8> { try text.peek(count) }

  /// Puts the next bytes in the place of what `buffer` holds, at most as many as it holds.
  ///
  /// - Returns: how many there were; 0 at the end only.
  public func read(into buffer: inout [UInt8]) throws(SourceFailure) -> Int {
    try text.read(into: &buffer, 0..<buffer.count)
  }
}
