import ArgumentParser
import Workbench

/// `resolve`: error material to objects, values, explanations.
struct ResolveCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Resolve errors of synchronization to directory objects.",
    discussion: """
      FILE is whatever tells of errors: pasted text, an event log (.evtx, XML, CSV, text), a mail, a run history, a \
      connector-space export, JSON of Graph; - or nothing is standard input. What it is is told by its content.

      The objects are looked up in the sources of --in: exports in every form that lint reads, connector-space exports, LDAP URLs.

      Without sources the errors are explained.

      Exit status: 0 every error is known, and each that names an object found it; 1 one is unknown, ambiguous or \
      unresolved, or no error was found; 3 something was read only in part; 4 no source can be used, or the material is \
      no error material.
      """)

  @Option(
    name: .customLong("in"),
    help: ArgumentHelp("Where to look the objects up; repeatable. As SOURCE of lint.", valueName: "source"))
  var sources: [String] = []

  @Option(
    name: .customLong("connector-space"),
    help: ArgumentHelp(
      "Connector-space export (csexport) that tells which objects the ids of the synchronization engine and of the cloud "
        + "belong to; repeatable.", valueName: "file"))
  var connectorSpaces: [String] = []

  @Option(help: "text, json or ndjson (one error a line).")
  var format = "text"

  @OptionGroup(title: "Rules") var rules: RuleOptions
  @OptionGroup(title: "Domains and letters") var domains: DomainOptions
  @OptionGroup(title: "Servers") var ldap: LDAPOptions
  @OptionGroup var text: EncodingOption

  @Option(help: "Progress on standard error: auto, always, never.")
  var progress = "auto"

  @Flag(name: .shortAndLong, help: "No progress, and no problems on standard error.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "All values and whole messages in the text report.")
  var verbose = false

  @OptionGroup var colours: ColourOption
  @OptionGroup var configuration: ConfigurationOption

  @Argument(help: ArgumentHelp("Error material.", valueName: "file"))
  var inputs: [String] = []

  func validate() throws { try checked { try choice.validate() } }

  var console: ConsoleSettings {
    get throws { try ConsoleSettings(progress: progress, isQuiet: quiet, colour: colours.colour) }
  }

  func job() throws -> any Job { try choice }

  private var choice: ResolveJob {
    get throws {
      var job = ResolveJob()
      job.format = try ResolveJob.Format(format: format)
      job.inputs = inputs
      job.sources = sources
      job.encoding = text.encoding
      job.connectorSpaces = connectorSpaces
      job.isVerbose = verbose
      job.rules = rules.choice
      job.domains = domains.choice
      job.servers = ldap.choice
      job.eventLogProgram = (path: "/proc/self/exe", arguments: [EventLogRecordsCommand.name])
      return job
    }
  }
}
