import Bytes
import Directory
import Dispatch
import Findings
import Entries
import Synchronization

/// Lints sources of entries from the first byte to the last finding.
///
/// Blocks of a source are judged by several threads and merged in the order of the text (`ParallelReader`), so the result
/// does not depend on the number of threads.
public struct Linter: Sendable {
  /// What a run came to.
  public struct Result: Sendable {
    /// What was read and judged, and what was not.
    public var coverage: Coverage
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
  ///   - threads: number of threads, at least 1.
  ///   - seed: seed of fingerprints; a random one unless a test wants to choose.
  ///   - blockSize: bytes of text that a thread takes at once.
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
  ///   - isStreaming: whether findings on single entries are handed over while the sources are read, as soon as their turn
  ///     has come, without suggestions that other entries could forbid. Those on several entries come at the end.
  ///   - didRead: called once all was read, before the first finding is handed over that did not leave while reading.
  ///   - didFindCauses: called behind `didRead` with what findings on single entries have in common; nil where nobody asks.
  ///   - willWait: called when, in a run that streams, all findings so far were handed over.
  /// - Throws: what `didRead`, `didFindCauses`, `willWait` and `receive` throw; `SpoolFailure` when a temporary file cannot be used.
  public func run(
    _ sources: [SourcePlace], observer: RunObserver = RunObserver(), isStreaming: Bool = false,
    didRead: (Coverage) throws -> Void = { _ in }, didFindCauses: (([Cause]) throws -> Void)? = nil,
    willWait: () throws -> Void = {},
    receive: (Finding) throws -> Void
  ) throws -> Result {
    var run = LintRun(program, seed: seed)
    var opened: [RecordStore] = []
    var reading = Reading()
    for source in sources {
      let store: RecordStore
      do throws(SourceFailure) {
        var request = EntryRequest(
          attributes: program.attributes, rules: program.rulesByAttribute,
          blockSize: isStreaming ? min(blockSize, Self.streamedBlockSize) : blockSize,
          shouldStop: observer.isInterrupted, note: observer.note)
        request.isEager = isStreaming
        if let size = program.options.recordSize { request.recordSize = size }
        store = try RecordStore(
          source, request,
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
      if isStreaming {
        run = try stream(store, consume run, &reading, observer, willWait, receive)
      } else {
        let (merged, end) = merge(store, Merged(run: consume run), observer)
        run = merged.run
        try reading.add(merged, end, store, observer)
      }
      if reading.isInterrupted { break }
    }
    var coverage = run.coverage
    coverage.recordsLost = reading.recordsLost
    coverage.gaps += reading.gaps
    coverage.remarks += reading.remarks
    coverage.gaps += reading.unavailable.map { "\($0.source) was not read: \($0.message)" }
    coverage.isInterrupted = reading.isInterrupted
    coverage.writtenAt = reading.writtenAt
    if let reason = emptiness(of: coverage) { coverage.gaps.append(reason) }
    try didRead(coverage)
    if let didFindCauses { try didFindCauses(run.causes(entriesJudged: coverage.entriesJudged)) }
    let revisit = SourceRevisit(opened)
    try run.finish(revisit, receive: receive)
    for failure in revisit.failures {
      observer.problem(Problem(location: SourceLocation(source: failure.source), message: failure.message))
      coverage.gaps.append("duplicates in \(failure.source) may be missing or lack holders: \(failure.message)")
    }
    return Result(coverage: coverage, unavailable: reading.unavailable)
  }

  /// Why a run says nothing of any directory, in one sentence; nil when it does, when it is meant to, or when there are
  /// other reasons for it.
  ///
  /// A failed export job leaves an empty file behind: that must not look like a directory without faults.
  private func emptiness(of coverage: Coverage) -> String? {
    guard !program.options.allowsEmpty, coverage.isComplete else { return nil }
    if coverage.entriesRead == 0 {
      return coverage.changeRecords > 0
        ? "there are change records only, which say nothing of what the directory holds; nothing was judged (--allow-empty"
          + " for those who mean it)"
        : "no entry was read, so nothing was judged (--allow-empty for those who mean it)"
    }
    guard coverage.entriesJudged == 0, !program.rules.isEmpty else { return nil }
    return "no entry is in scope, so nothing was judged (--allow-empty for those who mean it)"
  }

  /// Bytes of text in a block of a source whose findings are to leave early.
  private static let streamedBlockSize = 1 << 16

  /// What reading the sources brought besides outcomes.
  fileprivate struct Reading {
    var recordsLost = 0
    var gaps: [String] = []
    var remarks: [String] = []
    var unavailable: [SourceFailure] = []
    /// When the newest of the sources was written.
    var writtenAt: Int?
    var isInterrupted = false
  }

  /// Reads and judges a source. What came before is moved on, not copied.
  private func merge(
    _ store: RecordStore, _ begun: consuming Merged, _ observer: RunObserver
  ) -> (Merged, ParallelReader.End) {
    let totalBytes = store.source.totalBytes.map { Int($0) }
    let stream = begun.stream
    begun.run.begin(source: store.source.name)
    var (merged, end) = ParallelReader(store.source, .only(program.attributes), threads: threads).read(
      into: begun, isInterrupted: { observer.isInterrupted() || stream?.isStopped == true }
    ) { [program, seed] in
      Worker(program, seed: seed)
    } merge: { merged, block in
      merged.add(block, store, observer)
      observer.progress(merged.run.entriesRead, Int(block.bytesRead), totalBytes, merged.findings)
    }
    merged.run.end(exported: store.source.exported, inapplicable: store.source.inapplicable)
    return (merged, end)
  }

  /// Reads and judges a source in other threads, while this one hands findings over.
  private func stream(
    _ store: RecordStore, _ run: consuming LintRun, _ reading: inout Reading, _ observer: RunObserver,
    _ willWait: () throws -> Void, _ receive: (Finding) throws -> Void
  ) throws -> LintRun {
    let stream = FindingStream<Merged.Ended>()
    let begun = Mutex<Merged?>(Merged(run: run, stream: stream))
    DispatchQueue.global().async { [self] in
      guard let begun = begun.withLock({ $0.take() }) else { return }
      let (merged, end) = merge(store, begun, observer)
      stream.end(Merged.Ended(merged: merged, end: end))
    }
    var failure: (any Error)?
    while let findings = stream.next() {
      guard failure == nil else { continue }
      do {
        try findings.forEach(program, receive)
        if stream.isEmpty { try willWait() }
      } catch {
        // The threads that read have to end before anything else.
        failure = error
        stream.stop()
      }
    }
    if let failure { throw failure }
    guard let ended = stream.outcome else { return LintRun(program, seed: seed) }
    try reading.add(ended.merged, ended.end, store, observer)
    return ended.merged.run
  }
}

extension Linter.Reading {
  /// Takes what came of a source.
  fileprivate mutating func add(
    _ merged: Merged, _ end: ParallelReader.End, _ store: RecordStore, _ observer: RunObserver
  ) throws {
    let source = store.source
    recordsLost += merged.recordsLost
    gaps += merged.gaps
    gaps += source.gaps
    let records = merged.run.entriesOfSource + merged.recordsLost
    if let shortfall = source.shortfall(of: records) { gaps.append(shortfall) }
    remarks += source.remarks
    if let failure = merged.failure { throw failure }
    if case .failed(let failure) = end, failure.isUnavailable {
      unavailable.append(failure)
      return
    }
    if let time = source.writtenAt { writtenAt = max(writtenAt ?? time, time) }
    switch end {
    case .complete: break
    case .interrupted: isInterrupted = true
    case .failed(let failure):
      gaps.append("\(failure.source) was read only in part: \(failure.message)")
      observer.problem(Problem(location: SourceLocation(source: failure.source), message: failure.message))
    }
  }
}

/// What came of the blocks of one source so far.
private struct Merged: Sendable {
  /// What came of all blocks, and how reading ended.
  struct Ended: Sendable {
    var merged: Merged
    var end: ParallelReader.End
  }

  var run: LintRun
  /// Where findings go that leave early.
  let stream: FindingStream<Ended>?
  var findings = 0
  var recordsLost = 0
  /// Problems that stand for no lost record and may still stand for something missing, one sentence each.
  var gaps: [String] = []
  var failure: SpoolFailure?

  init(run: LintRun, stream: FindingStream<Ended>? = nil) {
    self.run = run
    self.stream = stream
  }

  mutating func add(_ block: BlockOutcome<Worker.Outcome>, _ store: RecordStore, _ observer: RunObserver) {
    for problem in block.problems {
      observer.problem(Problem(location: problem.place, message: problem.message))
      if problem.losesRecord { recordsLost += 1 } else { gaps.append("\(problem.place): \(problem.message)") }
    }
    store.add(
      block.outcome.records, textOffset: block.textOffset, lineBase: block.lineBase,
      hasProblems: !block.problems.isEmpty)
    findings += block.outcome.judged.findingCount
    guard failure == nil else { return }
    do throws(SpoolFailure) {
      if let stream {
        stream.put(try run.addLettingGo(block.outcome.judged, lineBase: block.lineBase))
      } else {
        try run.add(block.outcome.judged, lineBase: block.lineBase)
      }
    } catch {
      failure = error
    }
  }
}

/// Judges the entries of a batch, and notes where they stand.
private struct Worker: BatchWorker, ~Copyable {
  struct Outcome: Sendable {
    var judged: BatchOutcome
    var records: [RecordStore.Record]
  }

  private var judge: BatchJudge

  init(_ program: RuleProgram, seed: UInt64) { judge = BatchJudge(program, seed: seed) }

  mutating func work(on batch: EntryBatch) -> Outcome {
    Outcome(judged: judge.judge(batch, source: batch.source), records: RecordStore.records(of: batch))
  }
}
