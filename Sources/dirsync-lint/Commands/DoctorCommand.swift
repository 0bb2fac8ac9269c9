import ArgumentParser
import Workbench

/// `doctor`: what synchronization will meet in a directory, before it does.
struct DoctorCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check what the connector account of synchronization will meet in a directory.",
    discussion: """
      URL is a domain controller, such as ldaps://dc1.contoso.com; with a base (ldaps://dc1.contoso.com/OU=Staff,DC=contoso,\
      DC=com) objects are looked at below it. Nothing is changed. Exit status: 0 nothing at or above --fail-on; 1 findings; 3 something could \
      not be looked at; 4 no server can be used. The text report is a table of everything that was looked at.
      """)

  @Option(
    help: ArgumentHelp(
      "The account of the AD DS connector whose rights are looked at: name, user@domain, DN or SID.",
      valueName: "account"))
  var connectorAccount: String?

  @Option(
    help: ArgumentHelp(
      "A feature that is in use, so that missing rights are problems: \(DoctorJob.featureNames); repeatable.",
      valueName: "feature"))
  var feature: [String] = []

  @Flag(help: "Do not let what could not be looked at alone make the exit status 3.")
  var allowPartial = false

  @Option(
    help: "Report of an earlier run (json or ndjson); findings are told as new, known or gone. Goes with --fail-on new."
  )
  var baseline: String?

  @OptionGroup(title: "Rules") var rules: DoctorRuleOptions
  @OptionGroup(title: "Accepted and known findings") var known: KnownFindingOptions
  @OptionGroup(title: "Output") var outputs: OutputOptions
  @OptionGroup(title: "Servers") var ldap: LDAPOptions
  @OptionGroup var configuration: ConfigurationOption

  @Argument(help: ArgumentHelp("Where to look.", valueName: "url"))
  var sources: [String] = []

  func validate() throws { try checked { try choice.validate() } }

  var console: ConsoleSettings { get throws { try outputs.console } }

  func job() throws -> any Job {
    var job = choice
    job.failOn = try outputs.failing
    return job
  }

  private var choice: DoctorJob {
    var job = DoctorJob()
    job.sources = sources
    job.servers = ldap.choice
    job.connectorAccount = connectorAccount
    job.features = feature
    job.rules.directories = rules.directories
    job.rules.disable = rules.disable
    job.rules.severity = rules.severity
    job.reports = outputs.reports
    job.known = known.choice
    job.baseline = baseline
    job.allowsPartial = allowPartial
    return job
  }
}

/// Options that choose among the rules of `doctor`.
struct DoctorRuleOptions: ParsableArguments {
  @Option(
    name: .customLong("rules"),
    help: "Directory with further rules; repeatable. A rule with a shipped id takes its place.")
  var directories: [String] = []

  @Option(help: "Rule to leave out; repeatable.")
  var disable: [String] = []

  @Option(help: "RULE=error, RULE=warning or RULE=info; repeatable.")
  var severity: [String] = []
}
