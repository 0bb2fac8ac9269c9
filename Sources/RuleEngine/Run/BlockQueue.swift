import Directory
import Entries
import Synchronization

/// Hands the blocks of one source to workers, numbered in the order of the text.
final class BlockQueue: Sendable {
  private struct State {
    var next = 0
    var isAtEnd = false
    var isInterrupted = false
    var failure: SourceFailure?
  }

  private let store: RecordStore
  private let state = Mutex(State())

  init(_ store: RecordStore) { self.store = store }

  /// Fills a block with the next records.
  ///
  /// - Returns: the number of the block and the raw bytes read so far; nil at the end of the source.
  func next(into block: inout LDIFBlock, isInterrupted: () -> Bool) -> (number: Int, bytesRead: UInt64)? {
    state.withLock { state in
      guard !state.isAtEnd else { return nil }
      if isInterrupted() {
        state.isAtEnd = true
        state.isInterrupted = true
        return nil
      }
      do throws(SourceFailure) {
        let isFilled = try store.source.next(into: &block)
        // What came before an interruption may end in the middle of a record.
        if isInterrupted() { state.isInterrupted = true }
        guard isFilled, !state.isInterrupted else {
          state.isAtEnd = true
          return nil
        }
      } catch {
        state.failure = error
        state.isAtEnd = true
        return nil
      }
      state.next += 1
      return (state.next - 1, store.source.bytesRead)
    }
  }

  /// Why the source could not be read to its end.
  var failure: SourceFailure? { state.withLock { $0.failure } }
  /// Whether reading ended because the user wanted it to.
  var isInterrupted: Bool { state.withLock { $0.isInterrupted } }
}
