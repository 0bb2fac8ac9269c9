import Bytes
import Directory
import Glibc

/// Reads a source of LDIF text block by block, each block ending where a record ends.
///
/// The source may be a file, standard input or any open descriptor; compressed with gzip or zstd; in UTF-8 or UTF-16,
/// with or without a byte order mark. All this is told from the content. The reader runs in one thread; the blocks it
/// yields are independent of each other, so that they can be parsed in parallel (`LDIFParser`).
public final class LDIFBlockReader {
  /// The name by which the source is called in messages.
  public let name: String
  /// Whether a record can be read again later from `descriptor` at its text offset: a regular file of plain UTF-8.
  public let isSeekable: Bool
  /// Whether a source that pauses, such as a pipe, ends a block, so that what was read can be looked at meanwhile.
  public var isEager = false
  /// Receives the text of each block; for sources that are not seekable but have to be read again.
  public var spool: TextReceiver?

  let input: DecompressedInput
  private var file: FileSource { input.file }
  private let source: any ByteSource
  private let blockSize: Int
  private let recordLimit: Int
  private var tail: [UInt8] = []
  private var textOffset: UInt64
  private var isAtEnd = false
  private var isFirstBlock = true
  private var failure: SourceFailure?
  private var marks = ExportMarks()
  private var endsWithinLine = false
  private var hasLookedAtEnd = false
  /// Whether the failure says what is wrong with the characters.
  private var isDamageTold = false
  private var transcoder: UTF16Source?

  /// Bytes of text in a block, unless a record is longer.
  public static let defaultBlockSize = 1 << 19
  /// How long an eager reader waits for more, in milliseconds.
  private static let longestPause: Int32 = 20
  /// The size from which on a record is skipped, with a problem, unless another one is asked for; in bytes. A value may take
  /// several times its size before it is a finding.
  public static let maximumRecordSize = 64 << 20

  /// Opens a file.
  ///
  /// - Throws: `SourceFailure` when it cannot be opened or not be read at all.
  public convenience init(path: String, blockSize: Int = LDIFBlockReader.defaultBlockSize) throws(SourceFailure) {
    do throws(ReadFailure) {
      try self.init(
        file: FileSource(path: path), blockSize: blockSize, recordLimit: LDIFBlockReader.maximumRecordSize)
    } catch {
      throw SourceFailure(error, source: path)
    }
  }

  /// Reads from an open descriptor, from where it stands; the descriptor stays open.
  ///
  /// - Parameter shouldStop: Asked while waiting for a pipe or a terminal: whether reading is to stop.
  /// - Throws: `SourceFailure` when it cannot be read at all.
  public convenience init(
    descriptor: Int32, name: String, blockSize: Int = LDIFBlockReader.defaultBlockSize,
    shouldStop: (@Sendable () -> Bool)? = nil
  ) throws(SourceFailure) {
    let file = FileSource(descriptor: descriptor, name: name)
    // Already the first bytes may be long in coming.
    file.shouldStop = shouldStop
    do throws(ReadFailure) {
      try self.init(file: file, blockSize: blockSize, recordLimit: LDIFBlockReader.maximumRecordSize)
    } catch {
      throw SourceFailure(error, source: name)
    }
  }

  convenience init(file: FileSource, blockSize: Int, recordLimit: Int) throws(ReadFailure) {
    self.init(try DecompressedInput(file), blockSize: blockSize, recordLimit: recordLimit)
  }

  /// Reads what is left of an input.
  public convenience init(
    _ input: DecompressedInput, blockSize: Int = LDIFBlockReader.defaultBlockSize,
    recordSize: Int = LDIFBlockReader.maximumRecordSize
  ) {
    self.init(input, blockSize: blockSize, recordLimit: recordSize)
  }

  private init(_ input: DecompressedInput, blockSize: Int, recordLimit: Int) {
    self.input = input
    self.blockSize = max(1, blockSize)
    self.recordLimit = recordLimit
    name = input.name
    let text = input.text
    // Damage in the first bytes is told like damage anywhere else, when it is reached.
    var start = ArraySlice<UInt8>()
    do throws(ReadFailure) { start = try text.peek(64) } catch { failure = SourceFailure(error, source: name) }
    switch InputSniffer.encoding(start) {
    case .utf8(let mark):
      text.drop(mark)
      let hasLineFeeds = Self.hasLineFeeds(text, of: input.file)
      source = hasLineFeeds ? text : CarriageReturnSource(text)
      isSeekable = hasLineFeeds && input.isPlain && input.file.isRegularFile
      textOffset = isSeekable ? input.file.startOffset + UInt64(mark) : 0
    case .utf16(let isBigEndian, let mark):
      text.drop(mark)
      let transcoder = UTF16Source(text, isBigEndian: isBigEndian)
      self.transcoder = transcoder
      let text = PeekedSource(transcoder)
      source = Self.hasLineFeeds(text, of: input.file) ? text : CarriageReturnSource(text)
      isSeekable = false
      textOffset = 0
    }
  }

  private static func hasLineFeeds(_ text: PeekedSource, of file: FileSource) -> Bool {
    // Of a pipe only what was looked at anyway: more may be long in coming.
    let start = try? text.peek(file.isRegularFile ? 4_096 : 64)
    return !CarriageReturnSource.recognizes(start ?? [])
  }

  /// The open descriptor of the source; open as long as the reader lives.
  public var descriptor: Int32 { file.descriptor }
  /// Bytes of the (possibly compressed) input read so far.
  public var bytesRead: UInt64 { file.bytesRead }
  /// Bytes of the (possibly compressed) input in all; nil where this cannot be known.
  public var totalBytes: UInt64? { file.size }

  /// Fills `block` with the next records of the source.
  ///
  /// - Returns: Whether there was anything left.
  /// - Throws: `SourceFailure` when the source cannot be read on; all whole records before that have been handed out.
  public func next(into block: inout LDIFBlock) throws(SourceFailure) -> Bool {
    let carried = tail.count
    var limit = max(blockSize, min(2 * carried, recordLimit))
    prepare(&block, limit)
    block.bytes.replaceSubrange(0..<carried, with: tail)
    tail.removeAll(keepingCapacity: carried <= blockSize)
    var filled = carried
    var searched = 0
    var boundary = 0
    while true {
      fill(&block, &filled, limit)
      if isAtEnd, failure == nil { lookAtEnd(block.bytes[..<filled]) }
      if isAtEnd, failure == nil {
        boundary = filled
        break
      }
      boundary = RecordBoundary.last(in: block.bytes.span, from: searched, to: filled)
      if boundary > 0 || failure != nil { break }
      searched = filled
      if filled < limit { continue }
      if filled >= recordLimit { return try skipRecord(&block, filled) }
      limit = min(2 * limit, max(recordLimit, limit + 1))
      prepare(&block, limit)
    }
    if boundary == 0 {
      if let failure { throw failure }
      return false
    }
    if failure == nil { tail.append(contentsOf: block.bytes[boundary..<filled]) }
    try finish(&block, textLength: boundary)
    return true
  }

  /// Tells by what the tool writes whether the text was cut. Its last record is given up then, unless it is whole: the value
  /// that it ends with is only a part of what the directory has, and others are missing.
  private func lookAtEnd(_ text: ArraySlice<UInt8>) {
    guard !hasLookedAtEnd else { return }
    hasLookedAtEnd = true
    if isFirstBlock { marks.readHead(text) }
    marks.read(text.span)
    marks.readTail(text)
    endsWithinLine = ExportMarks.endsWithinLine(text)
    let isCutInCharacter = transcoder?.endsWithinUnit == true && !endsWithinLine && !ExportMarks.endsWithEmptyLine(text)
    guard let reason = isCutInCharacter ? transcoder?.damage : marks.reasonCut(text) else { return }
    isDamageTold = isCutInCharacter
    failure = SourceFailure(.readError, source: name, message: reason)
  }

  /// Gives `block` a buffer of at least `limit` bytes and slack.
  private func prepare(_ block: inout LDIFBlock, _ limit: Int) {
    let needed = limit + LDIFBlock.slack
    // A buffer that grew for one long record is not kept.
    if block.bytes.count > 4 * needed { block.bytes = [] }
    block.bytes.extend(to: needed)
    block.textLength = 0
    block.textOffset = textOffset
    block.skippedLines = nil
    block.unfinishedLine = nil
    block.recordLines = nil
    block.recordLimit = recordLimit
  }

  /// Reads until the buffer holds `limit` bytes or nothing is left; keeps a failure for later.
  private func fill(_ block: inout LDIFBlock, _ filled: inout Int, _ limit: Int) {
    let start = filled
    while !isAtEnd, filled < limit {
      if isEager, filled > start, !file.hasInput(within: Self.longestPause) { return }
      do throws(ReadFailure) {
        let count = try source.read(into: &block.bytes, filled..<limit)
        isAtEnd = count == 0
        filled += count
      } catch {
        failure = failure ?? SourceFailure(error, source: name)
        isAtEnd = true
      }
    }
  }

  private func finish(_ block: inout LDIFBlock, textLength: Int) throws(SourceFailure) {
    if isFirstBlock, let reason = InputSniffer.reasonNotLDIF(block.bytes[..<textLength]) {
      isAtEnd = true
      tail = []
      throw SourceFailure(.wrongFormat, source: name, message: reason)
    }
    if isFirstBlock, !hasLookedAtEnd { marks.readHead(block.bytes[..<textLength]) }
    if !hasLookedAtEnd { marks.read(block.bytes.span.extracting(first: textLength)) }
    isFirstBlock = false
    block.textLength = textLength
    block.unfinishedLine = hasLookedAtEnd && endsWithinLine && failure == nil ? Self.unfinishedLine(block) : nil
    textOffset += UInt64(textLength)
    try spool?(block.bytes.span.extracting(first: textLength), block.textOffset)
  }

  /// The line at which the last value of a text begins, which may go on in lines behind it; counted from 0.
  private static func unfinishedLine(_ block: LDIFBlock) -> Int {
    var start = block.textLength
    while start > 0, block.bytes[start - 1] != 10 || block.bytes[start] == UInt8(ascii: " ") { start -= 1 }
    return block.bytes[..<start].count { $0 == 10 }
  }

  /// Drops a record that is too long to be held: reads on to the blank line that ends it, counting lines.
  private func skipRecord(_ block: inout LDIFBlock, _ filled: Int) throws(SourceFailure) -> Bool {
    var skipped = RecordSkip()
    var chunk = filled
    while true {
      if let end = skipped.endOfRecord(in: block.bytes.span.extracting(first: chunk)) {
        tail.append(contentsOf: block.bytes[end..<chunk])
        if isSeekable { textOffset += UInt64(end) }
        break
      }
      if isSeekable { textOffset += UInt64(chunk) }
      chunk = 0
      fill(&block, &chunk, min(blockSize, block.bytes.count - LDIFBlock.slack))
      if chunk == 0 { break }
    }
    isFirstBlock = false
    block.skippedLines = skipped.lines
    return true
  }
}

extension LDIFBlockReader: EntrySource {
  /// A file has lines.
  public var hasLines: Bool { true }
  /// When the file was last written to.
  public var writtenAt: Int? { input.writtenAt }
  /// The file itself, where it is plain text.
  public var rereadableDescriptor: Int32? { isSeekable ? descriptor : nil }
  /// A file that could be read to its end has none, unless somebody wrote to it meanwhile.
  public var gaps: [String] {
    let damage = isDamageTold ? [] : transcoder?.damage.map { ["\(name): \($0)"] } ?? []
    return input.gaps + damage
  }
  /// A text whose last line has no end, and nothing tells whether that is a cut.
  public var remarks: [String] {
    guard endsWithinLine, !marks.endsEveryLine else { return [] }
    return [
      "the last line of \(name) has no end; if a program wrote the file, it was cut off there, so its value was not judged"
    ]
  }
  /// By the comments of ldapsearch and of this program.
  public var exported: ExportedAttributes { marks.exported }
  /// By the comments of this program.
  public var inapplicable: Set<String> { marks.inapplicable }
  /// By the comments of ldapsearch and ldbsearch.
  public var announcedEntries: Int? { marks.announcedEntries }
}

/// Finds the end of a record across chunks: an empty line. Counts lines on the way.
struct RecordSkip {
  /// Lines up to and with the empty line.
  private(set) var lines = 0
  private var isLineEmpty = false

  /// The position behind the empty line that ends the record, if it is in `chunk`.
  mutating func endOfRecord(in chunk: Span<UInt8>) -> Int? {
    for index in chunk.indices {
      switch chunk[index] {
      case 10:
        lines += 1
        if isLineEmpty { return index + 1 }
        isLineEmpty = true
      case 13: break
      default: isLineEmpty = false
      }
    }
    return nil
  }
}
