import ArgumentParser
import Workbench

/// When text is coloured.
struct ColourOption: ParsableArguments {
  @Option(help: "Colours in text: auto (on a terminal, unless NO_COLOR is set), always, never.")
  var color: ColourUse?

  /// What was typed, or what the environment says.
  var colour: ColourUse { color ?? Self.usual }

  /// What the environment says.
  static var usual: ColourUse { Environment.has("NO_COLOR") ? .never : .auto }
}

extension ColourUse: ExpressibleByArgument {}
