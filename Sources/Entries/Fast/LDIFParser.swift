import Bytes
import Directory

/// Turns blocks of LDIF text (RFC 2849 and the dialects of `ldifde`, `ldapsearch`, `ldbsearch`, IdFix) into batches.
///
/// `BatchReader` is what other modules see of it. A parser belongs to one thread at a time; several parsers may work on blocks of one source side by side, because what
/// a block means does not depend on the blocks before it. Names given at the start keep their numbers in all of them;
/// numbers of other names differ between parsers, so they are compared by name, through the batch's own table.
///
/// Values are bytes. Nothing is trimmed or normalised: spaces between the colon and the value are fill (RFC 2849) and
/// skipped, everything behind them is the value.
struct LDIFParser: Sendable {
  /// The attribute descriptions met so far, and those given at the start.
  private(set) var attributes: AttributeTable
  private var spellings: SpellingTable
  private let base64 = Base64Decoder()
  /// For text that is known to have no mistakes; nil where all attributes are wanted.
  private let filter: LineFilter?

  /// A parser whose attributes are numbered by `attributes`.
  ///
  /// - Parameter readsOthers: Whether values of attribute types that are not in `attributes` are wanted. If not, they are
  ///   checked like all others, but may be missing from the batches, which costs less.
  init(attributes: AttributeTable = AttributeTable(), readsOthers: Bool = true) {
    self.attributes = attributes
    filter = nil
    spellings = SpellingTable(readCount: readsOthers ? .max : AttributeID(attributes.count))
  }

  /// A parser of which only the values of the first so many attributes of a table are wanted, all of them keeping their
  /// numbers.
  init(attributes: AttributeTable, readingFirst count: Int) {
    self.attributes = attributes
    spellings = SpellingTable(readCount: AttributeID(count))
    filter = LineFilter(attributes.descriptions.prefix(count).map(\.name))
  }

  /// Reads the records of a block.
  ///
  /// - Parameters:
  ///   - block: The text; it gets the batch's old buffer in exchange and can be filled again.
  ///   - batch: Emptied first. Its lines count from the start of the block; `lineBase` is for the caller to set.
  ///   - isFaultless: Whether the text was read before and had no problem, so that lines which nobody asked for need not be
  ///     checked.
  mutating func parse(_ block: inout LDIFBlock, into batch: inout EntryBatch, isFaultless: Bool = false) {
    // Taken out before, so that the batch does not empty it: filling it with zeros again would cost more than parsing.
    var buffer: [UInt8] = []
    swap(&buffer, &batch.bytes)
    batch.removeAll()
    swap(&batch.bytes, &block.bytes)
    swap(&buffer, &block.bytes)
    batch.textOffset = block.textOffset
    let textEnd = block.textLength
    block.textLength = 0
    if let lines = block.skippedLines {
      batch.lineCount = lines
      batch.problems.append(
        PlacedProblem(
          position: 0, line: 0, column: 1,
          message:
            "the record is longer than \(block.recordLimit >> 20) MiB and is skipped; --record-limit sets the size"))
      return
    }
    ensure(&batch.bytes, room: textEnd + 1)
    batch.bytes[textEnd] = 0
    var scanner = RecordScanner(cursor: textEnd + 1)
    var isDone = false
    while !isDone {
      switch scan(&scanner, &batch, textEnd: textEnd, isFaultless: isFaultless) {
      case .end: isDone = true
      case .room: ensure(&batch.bytes, room: batch.bytes.count + textEnd / 4)
      case .unusual: readCarefully(&scanner, &batch, textEnd: textEnd)
      }
    }
    batch.lineCount = scanner.line
    noteLost(block.recordLines, in: &batch)
    block.recordLines?.apply(to: &batch)
    batch.unfinishedLine = block.unfinishedLine
    batch.attributes = attributes
    batch.incompleteRanges = Self.incomplete(scanner.rangedParts)
  }

  private func ensure(_ bytes: inout [UInt8], room: Int) {
    bytes.extend(to: room + LDIFBlock.slack)
  }

  private mutating func scan(
    _ scanner: inout RecordScanner, _ batch: inout EntryBatch, textEnd: Int, isFaultless: Bool
  ) -> RecordScanner.Stop {
    let slotMask = spellings.slots.count - 1
    let wanted = isFaultless ? filter?.table : nil
    let stop = base64.withTables { tables in
      spellings.withUnsafePointers { (spellings, text, slots) -> RecordScanner.Stop? in
        (wanted ?? []).withUnsafeBufferPointer { wanted in
          batch.bytes.withUnsafeMutableBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return nil }
            let memory = RecordScanner.Memory(
              base: base, textEnd: textEnd, room: bytes.count - LDIFBlock.slack, spellings: spellings,
              spellingText: text, slots: slots, slotMask: slotMask, base64: tables,
              wanted: wanted.isEmpty ? nil : wanted.baseAddress)
            return scanner.scan(memory, entries: &batch.entries, values: &batch.values)
          }
        }
      }
    }
    return stop ?? .end
  }

  private mutating func readCarefully(_ scanner: inout RecordScanner, _ batch: inout EntryBatch, textEnd: Int) {
    var reader = LDIFRecordParser(batch.bytes, end: textEnd, position: scanner.position, line: scanner.line)
    let record = reader.read(&attributes, &spellings)
    scanner.position = reader.walk.position
    scanner.line = reader.walk.line
    // The reader's hold on the buffer has to end before the buffer is changed, or the whole of it would be copied.
    reader = LDIFRecordParser([], end: 0, position: 0, line: 0)
    let position = batch.entries.count
    switch record {
    case .nothing: break
    case .entry(let entry): store(entry, &scanner, &batch)
    case .change(let change, let line):
      batch.changes.append(PlacedChange(position: position, record: change, line: line))
    case .problem(let fault, let losesRecord):
      batch.problems.append(
        PlacedProblem(
          position: position, line: fault.line, column: fault.column, message: fault.message, losesRecord: losesRecord))
    }
  }

  private func store(_ entry: CarefulEntry, _ scanner: inout RecordScanner, _ batch: inout EntryBatch) {
    ensure(&batch.bytes, room: scanner.cursor + entry.decoded.count + 1)
    let base = scanner.cursor
    batch.bytes.replaceSubrange(base..<base + entry.decoded.count, with: entry.decoded)
    scanner.cursor += entry.decoded.count
    func offset(_ slice: CarefulEntry.Slice) -> UInt32 {
      UInt32(truncatingIfNeeded: slice.range.lowerBound + (slice.isDecoded ? base : 0))
    }
    let index = batch.entries.count
    batch.entries.append(
      EntryRecord(
        dnOffset: offset(entry.dn), dnLength: UInt32(truncatingIfNeeded: entry.dn.range.count),
        firstValue: UInt32(truncatingIfNeeded: batch.values.count),
        valueCount: UInt32(truncatingIfNeeded: entry.values.count), line: UInt32(truncatingIfNeeded: entry.line),
        textOffset: UInt32(truncatingIfNeeded: entry.text.lowerBound),
        textLength: UInt32(truncatingIfNeeded: entry.text.count)))
    for value in entry.values {
      batch.values.append(
        ValueRecord(
          attribute: value.attribute, offset: offset(value.slice),
          length: UInt32(truncatingIfNeeded: value.slice.range.count), line: UInt32(truncatingIfNeeded: value.line),
          column: UInt16(truncatingIfNeeded: min(value.column, 65_535))))
    }
    if !entry.controls.isEmpty { batch.controls[index] = entry.controls }
    for part in entry.ranged {
      let ranged = RecordScanner.RangedPart(entry: index, attribute: part.attribute, isLast: part.isLast)
      if scanner.rangedParts.last != ranged { scanner.rangedParts.append(ranged) }
    }
  }

  /// Numbers the attributes of which the maker of the text has told that their values were lost.
  private mutating func noteLost(_ lines: RecordLines?, in batch: inout EntryBatch) {
    guard let lines, lines.hasLosses else { return }
    for entry in batch.entries.indices {
      for name in lines.lostAttributes(ofTextLine: Int(batch.entries[entry].line)) {
        let name = Array(name.utf8)
        if let attribute = attributes.intern(name.span) {
          batch.lostAttributes.append(EntryAttribute(entry: entry, attribute: attributes.type(of: attribute)))
        }
      }
    }
  }

  /// Ranged attributes of which the last part did not come.
  private static func incomplete(_ parts: [RecordScanner.RangedPart]) -> [EntryAttribute] {
    guard !parts.isEmpty else { return [] }
    let complete = Set(parts.filter(\.isLast).map { EntryAttribute(entry: $0.entry, attribute: $0.attribute) })
    var seen = Set<EntryAttribute>()
    return parts.map { EntryAttribute(entry: $0.entry, attribute: $0.attribute) }
      .filter { !complete.contains($0) && seen.insert($0).inserted }
  }
}
