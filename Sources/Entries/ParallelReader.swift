import Directory
import Dispatch
import Synchronization

/// What a thread makes of the batches that it reads.
public protocol BatchWorker: ~Copyable {
  /// What comes of a batch.
  associatedtype Outcome: Sendable

  /// Looks at a batch, of which only what is returned is kept. Its lines count from its own start: what came before it
  /// may still be read by another thread.
  mutating func work(on batch: EntryBatch) -> Outcome
}

/// What came of a block of a source, when its turn has come.
public struct BlockOutcome<Outcome: Sendable>: Sendable {
  /// What the worker made of it.
  public var outcome: Outcome
  /// Problems of its text.
  public var problems: [SourceProblem]
  /// Lines of the source before it.
  public var lineBase: Int
  /// Bytes of the source's text before it.
  public var textOffset: UInt64
  /// Bytes of the source, as it came, that had been read with it.
  public var bytesRead: UInt64
}

/// Reads a source with several threads: each takes the next block of text, parses it and works on its entries; the outcomes
/// are merged in the order of the text, so that the result does not depend on the number of threads.
public struct ParallelReader {
  /// How reading a source ended.
  public enum End: Sendable, Equatable {
    /// All was read.
    case complete
    /// The user wanted no more.
    case interrupted
    /// The source could not be read on.
    case failed(SourceFailure)
  }

  private let source: any EntrySource
  private let attributes: AttributeSelection
  private let threads: Int

  /// A reader of a source that nobody has read from.
  public init(_ source: any EntrySource, _ attributes: AttributeSelection, threads: Int) {
    self.source = source
    self.attributes = attributes
    self.threads = max(1, threads)
  }

  /// Reads the source to its end.
  ///
  /// - Parameters:
  ///   - result: what all outcomes are merged into. It is handed over and given back, and never copied: a run of many
  ///     sources would copy all that it has for each of them.
  ///   - isInterrupted: whether the user wants no more; asked once a block.
  ///   - makeWorker: called once in each thread.
  ///   - merge: called for each block in the order of the text, by one thread at a time.
  public func read<Result: Sendable, Worker: BatchWorker & ~Copyable>(
    into result: consuming Result, isInterrupted: @Sendable () -> Bool, makeWorker: @Sendable () -> Worker,
    merge: @Sendable (inout Result, BlockOutcome<Worker.Outcome>) -> Void
  ) -> (result: Result, end: End) {
    let budget = TextBudget()
    let blocks = BlockQueue(source, budget)
    let turns = BlockTurns<Result, Worker.Outcome>(result, PageOrder(source))
    let first = BatchReader(source, attributes)
    @Sendable func work() {
      var worker = makeWorker()
      var reader = first
      var block = LDIFBlock()
      while let (number, bytesRead) = blocks.next(into: &block, isInterrupted: isInterrupted) {
        let size = block.bytes.count
        reader.read(&block)
        let outcome = worker.work(on: reader.batch)
        turns.add(
          .init(
            outcome: outcome, problems: reader.batch.problems, lineCount: reader.batch.lineCount,
            textOffset: reader.batch.textOffset, bytesRead: bytesRead, size: size),
          number: number, budget, merge: merge)
      }
    }
    if threads == 1 {
      work()
    } else {
      DispatchQueue.concurrentPerform(iterations: threads) { _ in work() }
    }
    return (turns.result, blocks.end)
  }
}

/// Lets threads work on so many bytes of text at once, or on one block of any size: what is made of a block may take several
/// times its size until its turn has come, and with a record of the largest size in each thread that would be too much.
private final class TextBudget: Sendable {
  private struct State {
    var used = 0
    var isWaitedFor = false
  }

  private static let size = 128 << 20
  private let state = Mutex(State())
  private let freed = DispatchSemaphore(value: 0)

  /// Waits until there is room. One thread waits at a time: the one that reads the source.
  func take(_ count: Int) {
    while !hasTaken(count) { freed.wait() }
  }

  private func hasTaken(_ count: Int) -> Bool {
    state.withLock { state in
      guard state.used == 0 || state.used + count <= Self.size else {
        state.isWaitedFor = true
        return false
      }
      state.used += count
      return true
    }
  }

  /// The outcome of a block has been merged.
  func giveBack(_ count: Int) {
    let isWaitedFor = state.withLock { state in
      state.used -= count
      defer { state.isWaitedFor = false }
      return state.isWaitedFor
    }
    if isWaitedFor { freed.signal() }
  }
}

/// Hands the blocks of one source to workers, numbered in the order of the text.
private final class BlockQueue: Sendable {
  private struct State {
    var next = 0
    var end: ParallelReader.End?
  }

  // Used under the lock only.
  nonisolated(unsafe) private let source: any EntrySource
  private let state = Mutex(State())
  private let budget: TextBudget

  init(_ source: any EntrySource, _ budget: TextBudget) {
    self.source = source
    self.budget = budget
  }

  /// Fills a block with the next records.
  ///
  /// - Returns: the number of the block and the raw bytes read so far; nil at the end of the source.
  func next(into block: inout LDIFBlock, isInterrupted: () -> Bool) -> (number: Int, bytesRead: UInt64)? {
    state.withLock { state in
      guard state.end == nil else { return nil }
      guard !isInterrupted() else {
        state.end = .interrupted
        return nil
      }
      do throws(SourceFailure) {
        let isFilled = try source.next(into: &block)
        // What came before an interruption may end in the middle of a record.
        if isInterrupted() { state.end = .interrupted } else if !isFilled { state.end = .complete }
        guard state.end == nil else { return nil }
        budget.take(block.bytes.count)
      } catch {
        state.end = .failed(error)
        return nil
      }
      state.next += 1
      return (state.next - 1, source.bytesRead)
    }
  }

  /// How the reading ended.
  var end: ParallelReader.End { state.withLock { $0.end ?? .complete } }
}

/// Merges the outcomes of blocks in the order of the text, whatever order they come in.
private final class BlockTurns<Result: Sendable, Outcome: Sendable>: Sendable {
  /// A block's outcome, waiting for its turn.
  struct Parsed: Sendable {
    var outcome: Outcome
    var problems: [PlacedProblem]
    var lineCount: Int
    var textOffset: UInt64
    var bytesRead: UInt64
    /// What it takes of the budget.
    var size: Int
  }

  private struct State {
    var result: Result
    var order: PageOrder
    var next = 0
    var waiting: [Int: Parsed] = [:]
  }

  private let state: Mutex<State>

  init(_ result: consuming Result, _ order: PageOrder) { state = Mutex(State(result: result, order: order)) }

  /// Merges a block and those that waited for it.
  func add(_ parsed: Parsed, number: Int, _ budget: TextBudget, merge: (inout Result, BlockOutcome<Outcome>) -> Void) {
    state.withLock { state in
      state.waiting[number] = parsed
      while let parsed = state.waiting.removeValue(forKey: state.next) {
        state.next += 1
        let lineBase = state.order.lines
        let problems = state.order.add(lines: parsed.lineCount, problems: parsed.problems)
        merge(
          &state.result,
          BlockOutcome(
            outcome: parsed.outcome, problems: problems, lineBase: lineBase, textOffset: parsed.textOffset,
            bytesRead: parsed.bytesRead))
        budget.giveBack(parsed.size)
      }
    }
  }

  /// What came of all blocks.
  var result: Result { state.withLock { $0.result } }
}
