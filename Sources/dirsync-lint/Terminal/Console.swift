import Bytes
import Reporting
import Synchronization
import Workbench

/// Standard error: lines for people and the progress line, which share one terminal.
final class Console: Sendable {
  private let line: Mutex<ProgressLine?>
  private let isQuiet: Bool
  private let usage: @Sendable (String) -> String

  /// - Parameter usage: adds to a mistake in the options how the program is used.
  init(_ settings: ConsoleSettings, usage: @escaping @Sendable (String) -> String) {
    isQuiet = settings.isQuiet
    self.usage = usage
    line = Mutex(settings.showsProgress ? ProgressLine() : nil)
  }

  /// Shows what a job tells.
  func show(_ event: JobEvent) {
    switch event {
    case .progress(let progress): line.withLock { $0?.update(progress) }
    case .endOfProgress: line.withLock { $0?.clear() }
    case .problem(let text), .remark(let text): if !isQuiet { write(text) }
    case .recorded(let run, let store, let isNew):
      if !isQuiet { write("dirsync-lint: recorded as run \(run) in \(store)\(isNew ? ", a new store" : "")") }
    case .note(let text): write("dirsync-lint: note: \(text)")
    case .failure(let text): write("dirsync-lint: error: \(text)")
    case .message(let text): write("dirsync-lint: \(text)")
    case .line(let text): write(text)
    case .usage(let text): write(usage(text))
    }
  }

  /// Writes lines, harmless on a terminal, in the place of the progress line.
  private func write(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { TerminalText.escape(String($0)) }
    let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    line.withLock { line in
      line?.clear()
      // Where nothing can be written, nothing can be said about it.
      try? FileDescriptor.standardError.write(bytes)
    }
  }
}
