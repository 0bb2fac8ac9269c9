import ArgumentParser
import Bytes

/// What is shown on standard error beside failures.
struct ConsoleSettings {
  var showsProgress = false
  var isQuiet = false

  init() {}

  /// - Parameter progress: what was typed for `--progress`; `auto` goes by the terminal.
  /// - Throws: `ValidationError`.
  init(progress: String, isQuiet: Bool) throws {
    self.isQuiet = isQuiet
    switch progress {
    case "always": showsProgress = true
    case "never": showsProgress = false
    case "auto": showsProgress = !isQuiet && FileDescriptor.standardError.isTerminal && !Environment.has("CI")
    default: throw ValidationError("--progress is one of auto, always, never, not '\(progress)'")
    }
  }
}
