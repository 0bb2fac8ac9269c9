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

  @Flag(name: .shortAndLong, help: "More detail in the text report, and findings that are information.")
  var verbose = false

  @Flag(help: "Text without findings: verdict, causes, numbers by rule, what was read.")
  var summary = false

  @Option(help: ArgumentHelp("The most findings of one rule that the text report shows.", valueName: "number"))
  var limit: Int?

  @Option(
    help: ArgumentHelp(
      "How loud a finding must be to be in a report: error, warning, info. Without it warning for text, info for the others.",
      valueName: "severity"))
  var minSeverity: String?

  @Option(help: ArgumentHelp("What reports for people are called.", valueName: "text"))
  var title: String?

  @OptionGroup var colours: ColourOption

  func validate() throws { try checked { try choice.validate() } }

  /// What was typed.
  var choice: ReportChoice {
    var choice = ReportChoice()
    choice.format = format
    choice.outputs = output
    choice.redacts = redact
    choice.redactionKeyFile = redactKey
    choice.isVerbose = verbose
    choice.isSummary = summary
    choice.limit = limit
    choice.minimumSeverity = minSeverity
    choice.title = title
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

  @Flag(
    name: .shortAndLong,
    help: "No progress, no problems on standard error, and no summary beside reports that go to files.")
  var quiet = false

  /// What was typed about failing: `--fail-on`.
  var failing: FailOn? { get throws { try failOn.map { try FailOn(named: $0) } } }

  /// How the terminal is used.
  var console: ConsoleSettings {
    get throws { try ConsoleSettings(progress: progress, isQuiet: quiet, colour: report.colours.colour) }
  }

  /// Which reports are written.
  var reports: ReportChoice {
    var choice = report.choice
    choice.isQuiet = quiet
    return choice
  }
}
