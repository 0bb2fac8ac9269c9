import ArgumentParser

/// The option that has a directory read only where it has changed.
struct SinceOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read from the server only what has changed since the last run with this file, which keeps what rules need of every "
        + "entry. It is made where there is none.",
      valueName: "cookie-file"))
  var since: String?
}
