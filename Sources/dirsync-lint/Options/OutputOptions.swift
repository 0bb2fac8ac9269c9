import ArgumentParser
import Reporting
import Workbench

/// Options about what reports are written where.
struct ReportOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Format on standard output: \(ReportFormat.names)."))
  var format: String?

  @Option(
    help:
      "FORMAT:FILE, or FILE where its ending says the format: a report written to a file; repeatable. `-` is standard output."
  )
  var output: [String] = []

  @Flag(help: "Pseudonyms in place of names, addresses and DNs in every report.")
  var redact = false

  @Option(
    help: ArgumentHelp(
      "File with the key of the pseudonyms, made when it is not there; without it they differ in every run.",
      valueName: "file"))
  var redactKey: String?

  @Flag(name: .shortAndLong, help: "More detail in the text report.")
  var verbose = false

  /// What was typed.
  var choice: ReportChoice {
    var choice = ReportChoice()
    choice.format = format
    choice.outputs = output
    choice.redacts = redact
    choice.redactionKeyFile = redactKey
    choice.isVerbose = verbose
    return choice
  }
}

/// Options about what is written and what the exit status says.
struct OutputOptions: ParsableArguments {
  @OptionGroup var report: ReportOptions

  @Option(
    help: """
      What makes the exit status 1: a finding of at least this severity (error, warning, info), or one that is new. \
      Without the option error, for `audit run` new.
      """)
  var failOn: String?

  @Option(help: "Progress on standard error: auto, always, never.")
  var progress = "auto"

  @Flag(name: .shortAndLong, help: "No progress, and no problems on standard error.")
  var quiet = false

  /// What was typed about failing: `--fail-on`.
  var failing: FailOn? { get throws { try failOn.map { try FailOn(named: $0) } } }

  /// How the terminal is used.
  var console: ConsoleSettings { get throws { try ConsoleSettings(progress: progress, isQuiet: quiet) } }
}
