import Bytes
import Glibc
import Reporting

/// Lines on standard error, harmless on a terminal.
enum StandardError {
  static func write(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { TerminalText.escape(String($0)) }
    let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    // Where nothing can be written, nothing can be said about it.
    try? FileDescriptor.standardError.write(bytes)
  }

  /// What the user should know at once and what ends nothing.
  @Sendable static func note(_ text: String) { write("dirsync-lint: note: \(text)") }
}

/// Lines on standard output.
enum StandardOutput {
  static func write(_ text: String) {
    let output = ReportOutput(descriptor: STDOUT_FILENO)
    // A reader that has gone away is no failure; nothing else can be done about a closed output here.
    try? output.write(Array((text + "\n").utf8))
    try? output.flush()
  }
}
