import Bytes
import Directory

/// Which of the two directories that synchronization joins a source shows.
public enum SourceSide: Sendable {
  /// The directory on premises, and what a connector space holds of it.
  case directory
  /// The tenant in the cloud.
  case cloud
}

/// An open source of entries, which it gives as LDIF text, in blocks of whole records: a file, or anything else that can
/// say what it has as LDIF.
///
/// LDIF text is the one form of records that everything behind a source can parse in parallel, put aside and read again;
/// so a source that is no LDIF (a server, a connector-space export) writes what it has as LDIF (`LDIFWriter`) and needs no
/// further code on the way to a finding. Used from one thread at a time.
///
/// `EntryReader` reads a source entry by entry, `ParallelReader` with several threads.
public protocol EntrySource: AnyObject {
  /// Called with the text of each block and its offset, in order, before the block is handed out.
  typealias TextReceiver = (_ text: Span<UInt8>, _ textOffset: UInt64) throws(SourceFailure) -> Void

  /// The name by which the source is called in messages.
  var name: String { get }
  /// Which directory the entries are of.
  var side: SourceSide { get }
  /// When the source was written, in seconds since 1970; nil for what is made while it is read (a server, a pipe).
  var writtenAt: Int? { get }
  /// Whether a line of the text is a place that a user can look up; false where the text was written by the source itself.
  var hasLines: Bool { get }
  /// Whether such a line is that of a record as a whole: the text was written by the source, but each record stands somewhere in
  /// what the source was given.
  var linesAreOfRecords: Bool { get }
  /// An open descriptor of a file from which each record can be read again at its text offset; nil where there is none.
  var rereadableDescriptor: Int32? { get }
  /// Receives the text of each block; for sources that cannot be read again and have to be. The texts follow each other
  /// without gaps, from offset 0.
  var spool: TextReceiver? { get set }
  /// Bytes read so far, as the source came (compressed, over the network).
  var bytesRead: UInt64 { get }
  /// Bytes of the source in all, as it came; nil where this cannot be known.
  var totalBytes: UInt64? { get }
  /// Which attributes were asked for; known at the end.
  var exported: ExportedAttributes { get }
  /// Attributes that no entry of the directory can have, by their names in lower case: its schema does not know them.
  var inapplicable: Set<String> { get }
  /// The number of entries that the source says it has, where it says so; known at the end.
  var announcedEntries: Int? { get }
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

extension EntrySource {
  /// Most sources show the directory on premises.
  public var side: SourceSide { .directory }
  /// Known of files only.
  public var writtenAt: Int? { nil }
  /// Most sources with lines are text that is read as it stands.
  public var linesAreOfRecords: Bool { false }
  /// Only a file of plain text can be read again where it is.
  public var rereadableDescriptor: Int32? { nil }
  /// Few sources tell.
  public var exported: ExportedAttributes { .unknown }
  /// Only a server shows its schema.
  public var inapplicable: Set<String> { [] }
  /// Few sources tell.
  public var announcedEntries: Int? { nil }
  /// Most sources have none.
  public var remarks: [String] { [] }
  /// What is to be said where a source announces more entries than there are records of it; nil where it does not.
  public func shortfall(of records: Int) -> String? {
    guard let announced = announcedEntries, announced > records else { return nil }
    return "\(name) says that it has \(announced) entries, but \(records) are there"
  }
}
