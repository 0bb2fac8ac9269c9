import Directory

/// A source of records as LDIF text, in blocks of whole records: a file, or anything else that can say what it has as LDIF.
///
/// LDIF text is the one form of records that everything behind a source can parse in parallel, put aside and read again;
/// so a source that is no file (a server, a connector-space export) writes what it has as LDIF (`LDIFWriter`) and needs no
/// further code on the way to a finding. Used from one thread at a time.
public protocol RecordSource: AnyObject {
  /// Called with the text of each block and its offset, in order, before the block is handed out.
  typealias Spool = (_ text: Span<UInt8>, _ textOffset: UInt64) throws(SourceFailure) -> Void

  /// The name by which the source is called in messages.
  var name: String { get }
  /// Whether a line of the text is a place that a user can look up; false where the text was written by the source itself.
  var hasLines: Bool { get }
  /// An open descriptor of a file from which each record can be read again at its text offset; nil where there is none.
  var rereadableDescriptor: Int32? { get }
  /// Receives the text of each block; for sources that cannot be read again and have to be. The texts follow each other
  /// without gaps, from offset 0.
  var spool: Spool? { get set }
  /// Bytes read so far, as the source came (compressed, over the network).
  var bytesRead: UInt64 { get }
  /// Bytes of the source in all, as it came; nil where this cannot be known.
  var totalBytes: UInt64? { get }
  /// What was not read and why, one sentence each without a full stop; known at the end. Each makes a run incomplete.
  var gaps: [String] { get }
  /// What a reader should know of the reading and what does not make it incomplete, one sentence each; known at the end.
  var remarks: [String] { get }

  /// Fills `block` with the next records of the source (`LDIFBlock.fill` for sources outside this module).
  ///
  /// - Returns: Whether there was anything left.
  /// - Throws: `SourceFailure` when the source cannot be read on; all whole records before that have been handed out.
  func next(into block: inout LDIFBlock) throws(SourceFailure) -> Bool
}

extension RecordSource {
  /// Most sources have none.
  public var remarks: [String] { [] }
}

extension LDIFBlockReader: RecordSource {
  /// A file has lines.
  public var hasLines: Bool { true }
  /// The file itself, where it is plain text.
  public var rereadableDescriptor: Int32? { isSeekable ? descriptor : nil }
  /// A file that could be read to its end has none, unless somebody wrote to it meanwhile.
  public var gaps: [String] { input.gaps }
}
