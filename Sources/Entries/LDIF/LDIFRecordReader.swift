import Directory
import Glibc

/// Reads single records of a source again, by the place at which they were first read.
///
/// For looking at an entry once more (to show or compare its values) without having kept it. It reads with `pread(2)`
/// and so disturbs no other reader of the same descriptor.
public struct LDIFRecordReader: Sendable {
  private let descriptor: Int32
  private let name: String
  private var parser: LDIFParser
  private var block = LDIFBlock()

  /// A reader of records in an open file: that of an `LDIFBlockReader` that is seekable, or a spool file.
  ///
  /// - Parameters:
  ///   - descriptor: Stays open as long as the reader is used; it is not closed.
  ///   - name: The name of the source in messages.
  ///   - attributes: The numbers of attributes, as for `LDIFParser`.
  public init(descriptor: Int32, name: String, attributes: AttributeTable = AttributeTable()) {
    self.descriptor = descriptor
    self.name = name
    parser = LDIFParser(attributes: attributes)
  }

  /// Reads the record at a place; the batch then has that one entry.
  ///
  /// - Parameters:
  ///   - offset: `textOffset` of the batch plus `textOffset` of the entry.
  ///   - length: `textLength` of the entry.
  /// - Throws: `SourceFailure` when the file cannot be read, or has become shorter since.
  public mutating func read(offset: UInt64, length: Int, into batch: inout EntryBatch) throws(SourceFailure) {
    let missing = length + LDIFBlock.slack - block.bytes.count
    if missing > 0 { block.bytes.append(contentsOf: repeatElement(0, count: missing)) }
    var filled = 0
    while filled < length {
      let count = block.bytes.withUnsafeMutableBytes { bytes in
        let target = UnsafeMutableRawBufferPointer(rebasing: bytes[filled..<length])
        return pread(descriptor, target.baseAddress, target.count, off_t(clamping: offset + UInt64(filled)))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let reason = count < 0 ? FileSource.errorText(errno) : "it has become shorter since it was first read"
        throw SourceFailure(.readError, source: name, message: "cannot be read again: \(reason)")
      }
      filled += count
    }
    block.textLength = length
    block.textOffset = offset
    parser.parse(&block, into: &batch)
  }
}
