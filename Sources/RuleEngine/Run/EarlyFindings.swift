import Dispatch
import Findings
import Synchronization

/// The findings on single entries of a batch, which leave as its turn comes.
struct EarlyFindings: Sendable {
  /// Layouts and bytes as `FindingWriter` writes them.
  var bytes: [UInt8]
  /// Name of the source.
  var source: String
  /// Number of the first entry of the batch.
  var firstEntry: Int
  /// Number of lines of the source before the batch.
  var lineBase: Int
  /// Which of the findings have a suggestion that other entries could forbid.
  var undecided: Set<Int>
  /// Numbers of the rules whose findings stay until all was read.
  var waitingRules: Set<Int>

  /// Hands on the findings.
  func forEach(_ program: RuleProgram, _ body: (Finding) throws -> Void) rethrows {
    var finding = Finding(names: program.names(sources: [source]))
    var position = 0
    var number = 0
    while position < bytes.count {
      position = finding.take(bytes, at: position, program, firstEntry: firstEntry, lineBase: lineBase)
      if undecided.contains(number) { finding.layout.suggestion = nil }
      number += 1
      if !waitingRules.contains(finding.ruleNumber) { try body(finding) }
    }
  }
}

/// Findings on their way from the threads that read a source to the one that reports, and at the end what reading came to.
///
/// Only so many batches are on their way, so that reading waits for a report that is slow to be taken.
final class FindingStream<Outcome: Sendable>: Sendable {
  private struct State {
    var batches: [EarlyFindings] = []
    var outcome: Outcome?
    var isStopped = false
  }

  private let state = Mutex(State())
  private let filled = DispatchSemaphore(value: 0)
  private let free = DispatchSemaphore(value: 64)

  /// Takes the findings of the next batch.
  func put(_ findings: EarlyFindings) {
    guard !findings.bytes.isEmpty, !isStopped else { return }
    free.wait()
    state.withLock { $0.batches.append(findings) }
    filled.signal()
  }

  /// Says that all was read.
  func end(_ outcome: Outcome) {
    state.withLock { $0.outcome = outcome }
    filled.signal()
  }

  /// Says that nobody wants findings any more.
  func stop() { state.withLock { $0.isStopped = true } }

  /// Whether nobody wants findings any more.
  var isStopped: Bool { state.withLock { $0.isStopped } }

  /// Waits for the findings of the next batch; nil when all was read.
  func next() -> EarlyFindings? {
    filled.wait()
    let next = state.withLock { state in state.batches.isEmpty ? nil : state.batches.removeFirst() }
    if next != nil { free.signal() }
    return next
  }

  /// Whether no batch is on its way.
  var isEmpty: Bool { state.withLock { $0.batches.isEmpty } }

  /// What reading came to, once there are no more findings.
  var outcome: Outcome? { state.withLock { $0.outcome } }
}
