import Bytes
import Directory
import Findings
import Entries

/// A source that is being read, and where each of its entries stands, so that an entry can be read again.
///
/// A regular file of plain text is read again itself. Anything else (standard input, compressed or UTF-16 text) is put
/// aside in a temporary file while it is read.
///
/// Unchecked: while a source is read, the source (and through it the spool) is used by `ParallelReader` under its
/// lock only, the list of records in the order of its blocks, by one thread at a time; both are done before anything is read
/// again.
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
    /// Whether a record of it could not be read, or not without a problem.
    var hasProblems: Bool
  }

  let source: any EntrySource
  let attributes: [String]
  private let spool: Spool?
  /// How many of the attributes, the first ones, are wanted of entries that are read again; nil where none is read again, and
  /// where they stand need not be kept.
  private let countAgain: Int?
  private var records: [Record] = []
  private var blocks: [Block] = []

  init(_ place: SourcePlace, _ request: EntryRequest, readingAgain countAgain: Int?) throws(SourceFailure) {
    attributes = request.attributes
    self.countAgain = countAgain
    let opened = try Entries.open(place, request)
    self.source = opened
    guard opened.rereadableDescriptor == nil, countAgain != nil else {
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
  /// Number of entries.
  var count: Int { records.count }

  /// Where the entries of a batch stand.
  static func records(of batch: EntryBatch) -> [Record] {
    batch.entries.map { Record(textOffset: $0.textOffset, textLength: $0.textLength, line: $0.line) }
  }

  /// Calls `body` for entries of this source, reading each again.
  ///
  /// Where many entries of a block are wanted, all between the first and the last of them are read and parsed at once, since
  /// a directory full of duplicates is read nearly whole.
  ///
  /// - Parameters:
  ///   - entries: numbers of entries, ascending, counted from 0 over all sources.
  ///   - base: number of the source's first entry.
  /// - Throws: `SourceFailure` when the source cannot be read, or what `body` throws.
  func revisit(
    _ entries: ArraySlice<UInt32>, base: Int, _ body: (UInt32, EntryBatch, Int, String) throws -> Void
  ) throws {
    var reader = BatchReader(source, .only(first: countAgain ?? attributes.count, of: attributes))
    var text: [UInt8] = []
    var from = entries.startIndex
    var block = 0
    while from < entries.endIndex {
      let first = Int(entries[from]) - base
      while block + 1 < blocks.count, blocks[block + 1].firstEntry <= first { block += 1 }
      let end = block + 1 < blocks.count ? blocks[block + 1].firstEntry : records.count
      var to = from
      while to < entries.endIndex, Int(entries[to]) - base < end { to += 1 }
      let last = Int(entries[to - 1]) - base
      if (to - from) * Self.sparse >= last - first + 1 {
        try read(first...last, of: blocks[block], &reader, &text)
        // Taken once for all: each look at the reader's own would count the owners of its arrays.
        let batch = reader.batch
        for number in entries[from..<to] { try body(number, batch, Int(number) - base - first, name) }
      } else {
        for number in entries[from..<to] {
          let entry = Int(number) - base
          try read(entry...entry, of: blocks[block], &reader, &text)
          try body(number, reader.batch, 0, name)
        }
      }
      from = to
    }
  }

  /// When not even one of so many entries is wanted, each is read for itself.
  private static let sparse = 4

  /// Reads entries of a block again, given by their numbers in the source.
  private func read(
    _ entries: ClosedRange<Int>, of block: Block, _ reader: inout BatchReader, _ text: inout [UInt8]
  ) throws {
    let (first, last) = (records[entries.lowerBound], records[entries.upperBound])
    let offset = block.textOffset + UInt64(first.textOffset)
    let length = Int(last.textOffset) + Int(last.textLength) - Int(first.textOffset)
    try read(offset, length, into: &text)
    reader.read(
      &text, textOffset: offset, line: block.lineBase + Int(first.line), isFaultless: !block.hasProblems)
    guard reader.batch.entries.count == entries.count else {
      throw SourceFailure(.readError, source: name, message: "the file was changed while it was read; run again")
    }
    reader.placeEntries { block.lineBase + Int(records[entries.lowerBound + $0].line) }
  }

  /// Reads text at a place.
  private func read(_ offset: UInt64, _ length: Int, into text: inout [UInt8]) throws {
    if let spool {
      try spool.read(Int(offset)..<min(spool.count, Int(offset) + length), into: &text)
      return
    }
    guard let descriptor = source.rereadableDescriptor else {
      throw SourceFailure(.readError, source: name, message: "its entries cannot be read again")
    }
    if text.count > length { text.removeLast(text.count - length) }
    text.extend(to: length)
    guard (try? FileDescriptor(descriptor).read(at: offset, into: &text, 0..<length)) == length else {
      throw SourceFailure(.readError, source: name, message: "the file was changed while it was read; run again")
    }
  }

  /// Adds the entries of the next block.
  func add(_ new: [Record], textOffset: UInt64, lineBase: Int, hasProblems: Bool) {
    guard countAgain != nil else { return }
    blocks.append(
      Block(firstEntry: records.count, textOffset: textOffset, lineBase: lineBase, hasProblems: hasProblems))
    if records.count + new.count > records.capacity {
      records.reserveCapacity(max(records.count + new.count, records.count / 4 * 5))
    }
    records.append(contentsOf: new)
  }
}

/// Reads entries again over all sources of a run.
///
/// A source that cannot be read again ends nothing: what is known without it is still a report, and the failure says what is
/// missing in it.
final class SourceRevisit: EntryRevisiting {
  private let stores: [RecordStore]
  /// Sources of which entries could not be read again.
  private(set) var failures: [SourceFailure] = []

  init(_ stores: [RecordStore]) { self.stores = stores }

  func revisit(_ entries: [UInt32], _ body: (UInt32, EntryBatch, Int, String) throws -> Void) throws {
    var base = 0
    var from = entries.startIndex
    for store in stores {
      var to = from
      while to < entries.endIndex, Int(entries[to]) < base + store.count { to += 1 }
      do {
        if from < to { try store.revisit(entries[from..<to], base: base, body) }
      } catch let failure as SourceFailure {
        failures.append(failure)
      }
      base += store.count
      from = to
    }
  }
}
