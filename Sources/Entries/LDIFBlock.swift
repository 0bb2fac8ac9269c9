/// A run of whole records as text: what an `EntrySource` yields and a `BatchReader` reads.
///
/// A block is meant to be used again and again: its buffer changes hands with the buffer of an `EntryBatch`, so that a
/// run allocates a handful of buffers in all.
public struct LDIFBlock: Sendable {
  /// The text in UTF-8, followed by unused bytes.
  public internal(set) var bytes: [UInt8] = []
  /// Number of bytes of text at the start of `bytes`.
  public internal(set) var textLength = 0
  /// Offset of the text, in bytes: in the file for a seekable source, else in what the reader's spool was given.
  public internal(set) var textOffset: UInt64 = 0
  /// Number of lines of a record that was too long to be held and was skipped; the block then has no text.
  var skippedLines: Int?
  /// The line, counted from 0, at which a value begins that the text ends within; nil for a text that ends with a line.
  var unfinishedLine: Int?
  /// Where the records stand in the file that the text was made from; nil for text that is as it was read.
  var recordLines: RecordLines?
  /// What is too long for its reader, in bytes; set together with the lines that were skipped.
  var recordLimit = 0

  /// Unused bytes that the scanner may read or overwrite behind text and decoded values.
  static let slack = 64

  /// An empty block.
  public init() {}

  /// Takes whole records as the block's text, which `text` gets the old buffer in exchange for.
  ///
  /// - Parameters:
  ///   - text: LDIF text in UTF-8 that ends where a record ends; empty afterwards.
  ///   - textOffset: bytes of text that came before.
  public mutating func fill(_ text: inout [UInt8], textOffset: UInt64) {
    swap(&bytes, &text)
    textLength = bytes.count
    self.textOffset = textOffset
    skippedLines = nil
    unfinishedLine = nil
    recordLines = nil
    text.removeAll(keepingCapacity: true)
  }

  /// A block of a text that the caller has: whole records, or one record read again.
  init(text: [UInt8], textOffset: UInt64 = 0) {
    bytes = text
    textLength = text.count
    self.textOffset = textOffset
  }
}
