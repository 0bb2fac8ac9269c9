import Directory

/// Reads blocks of text into a batch, which it uses again and again. Belongs to one thread; several may read blocks of one
/// source side by side (`ParallelReader`).
public struct BatchReader: Sendable {
  private var parser: LDIFParser
  private let linesAreOfRecords: Bool
  /// What was read last.
  public private(set) var batch: EntryBatch
  // Buffers that are used again.
  private var block = LDIFBlock()
  private var text: [UInt8] = []

  /// A reader of the blocks of a source.
  public init(_ source: any EntrySource, _ attributes: AttributeSelection = .all) {
    self.init(
      source: source.name, hasLines: source.hasLines, linesAreOfRecords: source.linesAreOfRecords, attributes)
  }

  /// A reader of text that the caller has.
  ///
  /// - Parameters:
  ///   - source: the name of the text in messages.
  ///   - hasLines: whether its lines are places that a user can look up.
  public init(source: String, hasLines: Bool, _ attributes: AttributeSelection = .all) {
    self.init(source: source, hasLines: hasLines, linesAreOfRecords: false, attributes)
  }

  private init(source: String, hasLines: Bool, linesAreOfRecords: Bool, _ attributes: AttributeSelection) {
    self.linesAreOfRecords = linesAreOfRecords
    parser = attributes.parser
    batch = EntryBatch(attributes: parser.attributes)
    batch.source = source
    batch.hasLines = hasLines
  }

  /// Reads a block, which gets a buffer in exchange and can be filled again.
  ///
  /// - Parameter isFaultless: whether the text was read before and had no problem, so that lines which nobody asked for
  ///   need not be checked.
  public mutating func read(_ block: inout LDIFBlock, isFaultless: Bool = false) {
    parser.parse(&block, into: &batch, isFaultless: isFaultless)
  }

  /// Reads whole records, which leave an empty buffer behind.
  ///
  /// - Parameters:
  ///   - textOffset: bytes of the source's text that came before.
  ///   - line: the line of the first entry in the source, counted from 0.
  public mutating func read(
    _ text: inout [UInt8], textOffset: UInt64 = 0, line: Int? = nil, isFaultless: Bool = false
  ) {
    block.fill(&text, textOffset: textOffset)
    parser.parse(&block, into: &batch, isFaultless: isFaultless)
    guard let line, let first = batch.entries.first else { return }
    if linesAreOfRecords { placeEntries { _ in line } } else { batch.lineBase = line - Int(first.line) }
  }

  /// Puts the entries that were read again on their lines, where the source knows no others.
  ///
  /// - Parameter line: the line of an entry of the batch in the source, counted from 0.
  public mutating func placeEntries(on line: (Int) -> Int) {
    guard linesAreOfRecords else { return }
    for entry in batch.entries.indices { batch.put(entry, on: line(entry)) }
  }

  /// Reads whole records.
  ///
  /// - Returns: the batch with their entries.
  public mutating func read(_ text: [UInt8]) -> EntryBatch {
    block = LDIFBlock(text: text)
    parser.parse(&block, into: &batch)
    return batch
  }

  /// Reads an entry again from its text: with the attributes of this reader, where those of its batch were others.
  ///
  /// - Returns: nil when the text is not that of one entry.
  public mutating func read(_ entry: EntryView) -> EntryView? {
    var text: [UInt8] = []
    swap(&text, &self.text)
    text += entry.text
    read(
      &text, textOffset: entry.batch.textOffset + UInt64(entry.record.textOffset),
      line: entry.batch.lineBase + Int(entry.record.line))
    swap(&text, &self.text)
    guard batch.entries.count == 1 else { return nil }
    batch.lostAttributes = entry.lostAttributes.compactMap { name in
      batch.attributes.id(of: name).map { EntryAttribute(entry: 0, attribute: $0) }
    }
    return EntryView(0, of: batch)
  }

  /// Tells how many lines of the source come before what was read last.
  mutating func setLineBase(_ lines: Int) { batch.lineBase = lines }
}
