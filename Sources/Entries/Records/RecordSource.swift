import Bytes
import Directory

/// A file that is no LDIF as a source of entries.
///
/// It is read as a stream, so memory does not grow with it.
public final class RecordSource: EntrySource {
  /// The name in messages.
  public let name: String
  /// Whether the form of the file has lines.
  public var hasLines: Bool { format.hasLines }
  /// A line is that of an object.
  public var linesAreOfRecords: Bool { hasLines }
  /// When the file was written.
  public var writtenAt: Int? { input.writtenAt }
  /// Receives the text of each block.
  public var spool: TextReceiver?
  /// Bytes of the file read so far.
  public var bytesRead: UInt64 { input.bytesRead }
  /// Bytes of the file in all.
  public var totalBytes: UInt64? { input.totalBytes }

  private let input: DecompressedInput
  private let format: any RecordFormat
  private let writer: RecordWriter
  private let shouldStop: @Sendable () -> Bool
  private let blockSize: Int
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)
  private var textOffset: UInt64 = 0
  private var isAtEnd = false
  private var failure: SourceFailure?

  /// A source of what is left of an input.
  init(_ input: DecompressedInput, _ format: any RecordFormat, _ request: EntryRequest) {
    self.input = input
    self.format = format
    writer = RecordWriter(recordSize: request.recordSize, hasLines: format.hasLines)
    shouldStop = request.shouldStop
    blockSize = request.blockSize
    name = input.name
  }

  /// What the file was made to hold, as far as it shows.
  public var exported: ExportedAttributes { format.exported }
  /// What could not be read.
  public var gaps: [String] { input.gaps + format.gaps + writer.gaps(of: name) }
  /// What should be known of the reading.
  public var remarks: [String] { format.remarks }

  /// Fills a block with the next records.
  public func next(into block: inout LDIFBlock) throws(SourceFailure) -> Bool {
    while writer.count < blockSize, !isAtEnd, !shouldStop() { readOn() }
    guard writer.count > 0 else {
      if let failure { throw failure }
      return false
    }
    var text: [UInt8] = []
    let lines = writer.take(into: &text)
    let count = text.count
    try spool?(text.span, textOffset)
    block.fill(&text, textOffset: textOffset)
    block.recordLines = lines
    // The block's old buffer, emptied, serves again.
    writer.reuse(&text)
    textOffset += UInt64(count)
    return true
  }

  /// Reads a piece of the file; what fails is told when everything before has been handed out.
  private func readOn() {
    do throws(SourceFailure) {
      let count = try readBytes()
      if count > 0 { return try format.read(buffer[..<count], into: writer) }
      isAtEnd = true
      try format.finish(writer)
    } catch {
      failure = error
      isAtEnd = true
    }
  }

  private func readBytes() throws(SourceFailure) -> Int {
    do throws(ReadFailure) { return try input.read(into: &buffer) } catch { throw SourceFailure(error, source: name) }
  }
}
