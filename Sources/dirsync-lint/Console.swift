import Bytes
import Findings
import Synchronization
import Reporting
import RuleEngine

/// Problems and progress on standard error, which share one terminal.
final class Console: Sendable {
  private struct State {
    var line: ProgressLine?
  }
  private let state: Mutex<State>
  private let isQuiet: Bool

  init(showsProgress: Bool, isQuiet: Bool) {
    self.isQuiet = isQuiet
    state = Mutex(State(line: showsProgress ? ProgressLine() : nil))
  }

  var observer: Linter.Observer {
    Linter.Observer(
      problem: { [self] problem in
        guard !isQuiet else { return }
        clear()
        StandardError.write(problem.line)
      },
      progress: { [self] entries, bytes, total, findings in
        state.withLock { state in
          state.line?.update(Progress(entries: entries, bytes: bytes, totalBytes: total, findings: findings))
        }
      },
      isInterrupted: { Interruption.isWanted }, note: StandardError.note)
  }

  /// Takes the progress line away.
  func clear() {
    state.withLock { state in state.line?.clear() }
  }
}
