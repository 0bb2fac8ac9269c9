import ArgumentParser
import Bytes
import Workbench

/// How the terminal is used: what is shown on standard error beside failures, and whether text is coloured.
struct ConsoleSettings {
  var showsProgress = false
  var isQuiet = false
  var colour = ColourUse.auto

  init(colour: ColourUse = ColourOption.usual) { self.colour = colour }

  /// - Parameter progress: what was typed for `--progress`; `auto` goes by the terminal.
  /// - Throws: `ValidationError`.
  init(progress: String, isQuiet: Bool, colour: ColourUse) throws {
    self.isQuiet = isQuiet
    self.colour = colour
    switch progress {
    case "always": showsProgress = true
    case "never": showsProgress = false
    case "auto": showsProgress = !isQuiet && FileDescriptor.standardError.isTerminal && !Environment.has("CI")
    default: throw ValidationError("--progress is one of auto, always, never, not '\(progress)'")
    }
  }
}
