import DirectoryModel
import Findings
import Glibc
import LDIF
import RuleEngine

/// A source that is being read, and where each of its entries stands, so that an entry can be read again.
///
/// A regular file of plain text is read again itself. Anything else (standard input, compressed or UTF-16 text) is put
/// aside in a temporary file while it is read.
///
/// Unchecked: while a source is read, the source (and through it the spool) is used by `BlockQueue` under its lock only,
/// the list of records by `OrderedMerge` under its lock only; both are done before anything is read again.
final class RecordStore: @unchecked Sendable {
  /// Where an entry's record stands in its block.
  struct Record: BitwiseCopyable, Sendable {
    var textOffset: UInt32
    var textLength: UInt32
    var line: UInt32
  }

  /// A block's place in the source.
  private struct Block {
    var firstEntry: Int
    var textOffset: UInt64
    var lineBase: Int
  }

  let source: any RecordSource
  let attributes: [String]
  private let spool: Spool?
  /// Whether entries are to be read again: only then is kept where they stand.
  private let readsAgain: Bool
  private var records: [Record] = []
  private var blocks: [Block] = []

  init(_ source: LintSource, _ request: RecordRequest, readsAgain: Bool) throws(SourceFailure) {
    attributes = request.attributes
    self.readsAgain = readsAgain
    let opened = try source.open(request)
    self.source = opened
    guard opened.rereadableDescriptor == nil, readsAgain else {
      spool = nil
      return
    }
    let spool = Spool(memoryLimit: 4 << 20)
    self.spool = spool
    let name = opened.name
    opened.spool = { (text: Span<UInt8>, _: UInt64) throws(SourceFailure) in
      do throws(SpoolFailure) {
        try spool.append(text)
      } catch {
        throw SourceFailure(.readError, source: name, message: error.description)
      }
    }
  }

  /// The name of the source in messages.
  var name: String { source.name }
  /// Raw bytes of the source in all, where known.
  var totalBytes: Int? { source.totalBytes.map { Int($0) } }
  /// Number of entries.
  var count: Int { records.count }

  /// Where the entries of a batch stand.
  static func records(of batch: EntryBatch) -> [Record] {
    batch.entries.map { Record(textOffset: $0.textOffset, textLength: $0.textLength, line: $0.line) }
  }

  /// Calls `body` for entries of this source, reading each again.
  ///
  /// Records that lie close together are read at once, since a directory full of duplicates is read nearly whole.
  ///
  /// - Parameters:
  ///   - entries: numbers of entries, ascending, counted from 0 over all sources.
  ///   - base: number of the source's first entry.
  /// - Throws: `SourceFailure` when the source cannot be read, or what `body` throws.
  func revisit(
    _ entries: ArraySlice<UInt32>, base: Int, _ body: (UInt32, EntryBatch, Int, String) throws -> Void
  ) throws {
    var parser = LDIFParser(attributes: AttributeTable(attributes), readsOthers: false)
    var batch = EntryBatch(attributes: parser.attributes)
    batch.hasLines = source.hasLines
    var window: [UInt8] = []
    var windowStart: UInt64 = 0
    var block = 0
    for (position, number) in zip(entries.indices, entries) {
      let entry = Int(number) - base
      while block + 1 < blocks.count, blocks[block + 1].firstEntry <= entry { block += 1 }
      let offset = blocks[block].textOffset + UInt64(records[entry].textOffset)
      let length = Int(records[entry].textLength)
      if offset < windowStart || offset + UInt64(length) > windowStart + UInt64(window.count) {
        let next = entries.index(after: position)
        let isDense = next < entries.endIndex && entries[next] - number < 8
        windowStart = offset
        try read(offset, atLeast: length, atMost: isDense ? max(length, 1 << 18) : length, into: &window)
      }
      let start = Int(offset - windowStart)
      var text = LDIFBlock(text: Array(window[start..<start + length]), textOffset: offset)
      parser.parse(&text, into: &batch)
      guard batch.entries.count == 1 else {
        throw SourceFailure(.readError, source: name, message: "the file was changed while it was read; run again")
      }
      batch.lineBase = blocks[block].lineBase + Int(records[entry].line) - Int(batch.entries[0].line)
      try body(number, batch, 0, name)
    }
  }

  /// Reads text at a place.
  private func read(_ offset: UInt64, atLeast length: Int, atMost most: Int, into window: inout [UInt8]) throws {
    if let spool {
      try spool.read(Int(offset)..<min(spool.count, Int(offset) + most), into: &window)
      return
    }
    guard let descriptor = source.rereadableDescriptor else {
      throw SourceFailure(.readError, source: name, message: "its entries cannot be read again")
    }
    window.removeAll(keepingCapacity: true)
    window.append(contentsOf: repeatElement(0, count: most))
    var filled = 0
    while filled < most {
      let count = window.withUnsafeMutableBytes { bytes in
        pread(
          descriptor, bytes.baseAddress.map { $0 + filled }, most - filled,
          off_t(clamping: offset) + off_t(filled))
      }
      if count < 0, errno == EINTR { continue }
      if count == 0, filled >= length { break }
      guard count > 0 else {
        throw SourceFailure(.readError, source: name, message: "the file was changed while it was read; run again")
      }
      filled += count
    }
    window.removeLast(most - filled)
  }

  /// Adds the entries of the next block.
  func add(_ new: [Record], textOffset: UInt64, lineBase: Int) {
    guard readsAgain else { return }
    blocks.append(Block(firstEntry: records.count, textOffset: textOffset, lineBase: lineBase))
    if records.count + new.count > records.capacity {
      records.reserveCapacity(max(records.count + new.count, records.count / 4 * 5))
    }
    records.append(contentsOf: new)
  }
}

/// Reads entries again over all sources of a run.
struct SourceRevisit: EntryRevisiting {
  private let stores: [RecordStore]

  init(_ stores: [RecordStore]) { self.stores = stores }

  func revisit(_ entries: [UInt32], _ body: (UInt32, EntryBatch, Int, String) throws -> Void) throws {
    var base = 0
    var from = entries.startIndex
    for store in stores {
      var to = from
      while to < entries.endIndex, Int(entries[to]) < base + store.count { to += 1 }
      if from < to { try store.revisit(entries[from..<to], base: base, body) }
      base += store.count
      from = to
    }
  }
}
