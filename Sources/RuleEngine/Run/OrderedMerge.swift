import Directory
import Findings
import Synchronization

/// Merges the outcomes of blocks in the order of the text, whatever order they come in.
final class OrderedMerge: Sendable {
  /// The state after the last block.
  struct Merged {
    var run: LintRun
    var recordsLost = 0
    /// Problems that stand for entries missing from the source, one sentence each.
    var remarks: [String] = []
    var failure: SpoolFailure?
  }

  private struct State {
    var merged: Merged
    var next = 0
    var lineBase = 0
    var findings = 0
    var waiting: [Int: Linter.Parsed] = [:]
  }

  private let store: RecordStore
  private let observer: Linter.Observer
  private let state: Mutex<State>

  init(run: LintRun, store: RecordStore, observer: Linter.Observer) {
    self.store = store
    self.observer = observer
    state = Mutex(State(merged: Merged(run: run)))
  }

  /// Merges a block and those that waited for it.
  func add(_ parsed: Linter.Parsed, number: Int) {
    state.withLock { state in
      state.waiting[number] = parsed
      while let parsed = state.waiting.removeValue(forKey: state.next) {
        state.next += 1
        merge(parsed, into: &state)
      }
    }
  }

  private func merge(_ parsed: Linter.Parsed, into state: inout State) {
    for problem in parsed.problems {
      let location =
        store.source.hasLines
        ? SourceLocation(source: store.name, line: state.lineBase + problem.line + 1, column: problem.column)
        : SourceLocation(source: store.name)
      observer.problem(Problem(location: location, message: problem.message))
      if problem.losesRecord {
        state.merged.recordsLost += 1
      } else {
        state.merged.remarks.append("\(location): \(problem.message)")
      }
    }
    store.add(
      parsed.records, textOffset: parsed.textOffset, lineBase: state.lineBase, hasProblems: !parsed.problems.isEmpty)
    do throws(SpoolFailure) {
      if state.merged.failure == nil { try state.merged.run.add(parsed.outcome, lineBase: state.lineBase) }
    } catch {
      state.merged.failure = error
    }
    state.lineBase += parsed.lineCount
    state.findings += parsed.outcome.findingCount
    observer.progress(
      state.merged.run.entriesRead, Int(parsed.bytesRead), store.totalBytes, state.findings)
  }

  /// The state after the last block.
  func finish() -> Merged { state.withLock { $0.merged } }
}
