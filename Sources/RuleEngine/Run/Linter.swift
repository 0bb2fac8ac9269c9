import Directory
import Dispatch
import Findings
import Entries
import Synchronization

/// Lints sources of entries from the first byte to the last finding.
///
/// Each worker takes the next block of text, parses it, judges its entries and hands the outcome over; outcomes are merged
/// in the order of the blocks, so the result does not depend on the number of workers.
public struct Linter: Sendable {
  /// Told of things while a run goes on.
  public struct Observer: Sendable {
    /// A problem with the text of a source, in input order.
    public var problem: @Sendable (Problem) -> Void
    /// Entries, raw bytes and findings so far, and the raw bytes of all sources where known; once a block.
    public var progress: @Sendable (_ entries: Int, _ bytes: Int, _ totalBytes: Int?, _ findings: Int) -> Void
    /// Whether the user wants the run to end; asked once a block.
    public var isInterrupted: @Sendable () -> Bool

    /// An observer; see the properties.
    public init(
      problem: @escaping @Sendable (Problem) -> Void = { _ in },
      progress: @escaping @Sendable (Int, Int, Int?, Int) -> Void = { _, _, _, _ in },
      isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) {
      self.problem = problem
      self.progress = progress
      self.isInterrupted = isInterrupted
    }
  }

  /// What a run came to.
  public struct Result: Sendable {
    /// What was read and judged, and what was not.
    public var coverage: Coverage
    /// How many findings there were.
    public var counts: FindingCounts
    /// Sources of which nothing could be read: cannot be opened, or no LDIF.
    public var unavailable: [SourceFailure]
  }

  private let program: RuleProgram
  private let threads: Int
  private let seed: UInt64
  private let blockSize: Int

  /// A linter.
  ///
  /// - Parameters:
  ///   - threads: number of workers, at least 1.
  ///   - seed: seed of fingerprints; a random one unless a test wants to choose.
  ///   - blockSize: bytes of text that a worker takes at once.
  public init(
    _ program: RuleProgram, threads: Int, seed: UInt64 = .random(in: 0 ... .max),
    blockSize: Int = LDIFBlockReader.defaultBlockSize
  ) {
    self.program = program
    self.threads = max(1, threads)
    self.seed = seed
    self.blockSize = blockSize
  }

  /// Reads and judges all sources, and hands every finding to `receive` in input order of the entries.
  ///
  /// - Parameters:
  ///   - sources: what to read, one after the other; together they are one directory.
  ///   - didRead: called once all was read, before the first finding is handed over.
  /// - Throws: what `didRead` and `receive` throw; `SpoolFailure` when a temporary file cannot be used.
  public func run(
    _ sources: [LintSource], observer: Observer = Observer(), didRead: (Coverage) throws -> Void = { _ in },
    receive: (Finding) throws -> Void
  ) throws -> Result {
    try runPacked(sources, observer: observer, didRead: didRead) { try receive($0.unpacked) }
  }

  /// The same, with findings as they come out of the run: for reports that write them as they are.
  public func runPacked(
    _ sources: [LintSource], observer: Observer = Observer(), didRead: (Coverage) throws -> Void = { _ in },
    receive: (PackedFinding) throws -> Void
  ) throws -> Result {
    var run = LintRun(program, seed: seed)
    var opened: [RecordStore] = []
    var counts = FindingCounts()
    var reading = Reading()
    for source in sources {
      let store: RecordStore
      do throws(SourceFailure) {
        store = try RecordStore(
          source,
          RecordRequest(
            attributes: program.attributes, rules: program.rulesByAttribute, blockSize: blockSize,
            shouldStop: observer.isInterrupted),
          readingAgain: program.comparesEntries ? program.comparedCount : nil)
      } catch {
        // A source that was given up because the user wanted to stop is not missing for any other reason.
        if observer.isInterrupted() {
          reading.isInterrupted = true
          break
        }
        reading.unavailable.append(error)
        continue
      }
      opened.append(store)
      try read(store, into: &run, &reading, observer)
      if reading.isInterrupted { break }
    }
    var coverage = run.coverage
    coverage.recordsLost = reading.recordsLost
    coverage.gaps += reading.gaps
    coverage.remarks += reading.remarks
    coverage.gaps += reading.unavailable.map { "\($0.source) was not read: \($0.message)" }
    coverage.isInterrupted = reading.isInterrupted
    try didRead(coverage)
    var byRule = Array(repeating: 0, count: program.rules.count)
    let revisit = SourceRevisit(opened)
    try run.finishPacked(revisit) { finding in
      byRule[finding.ruleNumber] += 1
      try receive(finding)
    }
    for failure in revisit.failures {
      observer.problem(Problem(location: SourceLocation(source: failure.source), message: failure.message))
      coverage.gaps.append("duplicates in \(failure.source) may be missing or lack holders: \(failure.message)")
    }
    for (active, number) in zip(program.rules, byRule) where number > 0 {
      counts.count(
        rule: active.rule.id, severity: active.severity, effect: active.rule.effect, state: nil, number: number)
    }
    return Result(coverage: coverage, counts: counts, unavailable: reading.unavailable)
  }

  /// What reading the sources brought besides outcomes.
  private struct Reading {
    var recordsLost = 0
    var gaps: [String] = []
    var remarks: [String] = []
    var unavailable: [SourceFailure] = []
    var isInterrupted = false
  }

  /// A block's outcome, waiting for its turn.
  struct Parsed: Sendable {
    var outcome: BatchOutcome
    var problems: [PlacedProblem]
    var lineCount: Int
    var records: [RecordStore.Record]
    var textOffset: UInt64
    var bytesRead: UInt64
  }

  private func read(
    _ store: RecordStore, into run: inout LintRun, _ reading: inout Reading, _ observer: Observer
  ) throws {
    let blocks = BlockQueue(store)
    let merge = OrderedMerge(run: run, store: store, observer: observer)
    let workers = threads
    if workers == 1 {
      Worker(program, seed: seed, source: store.source).work(blocks, merge, observer)
    } else {
      DispatchQueue.concurrentPerform(iterations: workers) { _ in
        Worker(program, seed: seed, source: store.source).work(blocks, merge, observer)
      }
    }
    let merged = merge.finish()
    run = merged.run
    reading.recordsLost += merged.recordsLost
    reading.gaps += merged.remarks
    reading.gaps += store.source.gaps
    reading.remarks += store.source.remarks
    if let failure = merged.failure { throw failure }
    if blocks.isInterrupted { reading.isInterrupted = true }
    if let failure = blocks.failure {
      if failure.isUnavailable {
        reading.unavailable.append(failure)
      } else {
        reading.gaps.append("\(failure.source) was read only in part: \(failure.message)")
        observer.problem(Problem(location: SourceLocation(source: failure.source), message: failure.message))
      }
    }
  }
}

/// What a worker does: take a block, parse it, judge it, hand it over.
private struct Worker: ~Copyable {
  private var parser: LDIFParser
  private var judge: BatchJudge
  private let source: String
  private let hasLines: Bool

  init(_ program: RuleProgram, seed: UInt64, source: any RecordSource) {
    parser = LDIFParser(attributes: AttributeTable(program.attributes), readsOthers: false)
    judge = BatchJudge(program, seed: seed)
    self.source = source.name
    hasLines = source.hasLines
  }

  consuming func work(_ blocks: BlockQueue, _ merge: OrderedMerge, _ observer: Linter.Observer) {
    var worker = self
    var block = LDIFBlock()
    var batch = EntryBatch(attributes: worker.parser.attributes)
    batch.hasLines = worker.hasLines
    while let (number, bytesRead) = blocks.next(into: &block, isInterrupted: observer.isInterrupted) {
      worker.parser.parse(&block, into: &batch)
      let parsed = Linter.Parsed(
        outcome: worker.judge.judge(batch, source: worker.source), problems: batch.problems,
        lineCount: batch.lineCount, records: RecordStore.records(of: batch), textOffset: batch.textOffset,
        bytesRead: bytesRead)
      merge.add(parsed, number: number)
    }
  }
}
