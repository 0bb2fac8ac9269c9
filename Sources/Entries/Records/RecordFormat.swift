import Bytes
import Directory

/// A form of file that holds objects and is no LDIF, read piece by piece.
///
/// What it reads it writes into a `RecordWriter`; `RecordSource` does all that is the same for every form.
protocol RecordFormat: AnyObject {
  /// Whether records are written with the line on which their object begins in the file.
  var hasLines: Bool { get }
  /// Which attributes the file was made to hold; known at the end.
  var exported: ExportedAttributes { get }
  /// What was not read and why, as in `EntrySource`; known at the end.
  var gaps: [String] { get }
  /// What should be known of the reading, as in `EntrySource`; known at the end.
  var remarks: [String] { get }

  /// Reads a piece of the file.
  ///
  /// - Throws: `SourceFailure` when the file cannot be read on; what was written before counts.
  func read(_ bytes: ArraySlice<UInt8>, into writer: RecordWriter) throws(SourceFailure)
  /// Reads the end of the file.
  ///
  /// - Throws: `SourceFailure` when it ends too early, or has nothing that it should have.
  func finish(_ writer: RecordWriter) throws(SourceFailure)
}

extension RecordFormat {
  var hasLines: Bool { false }
  var exported: ExportedAttributes { .unknown }
  var remarks: [String] { [] }
}
