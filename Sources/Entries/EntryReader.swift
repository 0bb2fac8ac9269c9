import Directory

/// A problem with the text of a source, and where it is.
public struct SourceProblem: Sendable, Equatable {
  /// Where it is; only the source, where that has no lines.
  public var place: SourceLocation
  /// What is wrong and what would be right, in one sentence without a full stop.
  public var message: String
  /// Whether a record was lost by it.
  public var losesRecord: Bool
}

/// A batch of entries in its place in the source.
public struct EntryPage: Sendable {
  /// The entries, change records and problems; its lines count from the right place.
  public let batch: EntryBatch
  /// The problems with their places in the source.
  public let problems: [SourceProblem]
  /// Its entries one by one.
  public var entries: some RandomAccessCollection<EntryView> { batch.views }
}

/// Reads a source from its first to its last entry, with one thread.
public struct EntryReader {
  private let source: any EntrySource
  private let shouldStop: @Sendable () -> Bool
  private var reader: BatchReader
  private var block = LDIFBlock()
  private var order: PageOrder

  /// A reader of a source that nobody has read from.
  ///
  /// - Parameter shouldStop: whether the user wants the reading to end; asked once a page.
  public init(
    _ source: any EntrySource, _ attributes: AttributeSelection = .all,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    self.source = source
    self.shouldStop = shouldStop
    reader = BatchReader(source, attributes)
    order = PageOrder(source)
  }

  /// The next entries; nil at the end, or when the user wants no more.
  ///
  /// - Throws: `SourceFailure` when the source cannot be read on; what came before was handed out.
  public mutating func next() throws(SourceFailure) -> EntryPage? {
    // What came before an interruption may end in the middle of a record.
    guard !shouldStop(), try source.next(into: &block), !shouldStop() else { return nil }
    reader.read(&block)
    reader.setLineBase(order.lines)
    return EntryPage(
      batch: reader.batch, problems: order.add(lines: reader.batch.lineCount, problems: reader.batch.problems))
  }
}

/// Keeps the count of a source's lines, batch by batch in the order of the text, and gives problems their places by it.
struct PageOrder: Sendable {
  private let source: String
  private let hasLines: Bool
  /// Lines of the batches so far.
  private(set) var lines = 0

  init(_ source: any EntrySource) {
    self.source = source.name
    hasLines = source.hasLines
  }

  /// Takes the next batch.
  mutating func add(lines count: Int, problems: [PlacedProblem]) -> [SourceProblem] {
    let base = lines
    lines += count
    return problems.map { problem in
      SourceProblem(
        place: hasLines
          ? SourceLocation(source: source, line: base + problem.line + 1, column: problem.column)
          : SourceLocation(source: source),
        message: problem.message, losesRecord: problem.losesRecord)
    }
  }
}
