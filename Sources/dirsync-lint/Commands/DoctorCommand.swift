import ArgumentParser
import Workbench

/// `doctor`: what synchronization will meet in a directory, before it does.
struct DoctorCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check what the connector account of synchronization will meet in a directory.",
    discussion: """
      URL is a domain controller, such as ldaps://dc1.contoso.com; with a base (ldaps://dc1.contoso.com/OU=Staff,DC=contoso,\
      DC=com) objects are looked at below it. Nothing is changed. Exit status: 0 no problems; 1 problems; 3 something could \
      not be looked at; 4 no server can be used.
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

  @Option(help: "Format on standard output: text, json.")
  var format = "text"

  @Flag(help: "Do not let what could not be looked at alone make the exit status 3.")
  var allowPartial = false

  @OptionGroup(title: "Servers") var ldap: LDAPOptions
  @OptionGroup var configuration: ConfigurationOption

  @Argument(help: ArgumentHelp("Where to look.", valueName: "url"))
  var sources: [String] = []

  func validate() throws {
    try checked {
      try choice.validate()
      _ = try ListFormat(format: format)
    }
  }

  func job() throws -> any Job {
    var job = choice
    job.format = try ListFormat(format: format)
    return job
  }

  private var choice: DoctorJob {
    var job = DoctorJob()
    job.sources = sources
    job.servers = ldap.choice
    job.connectorAccount = connectorAccount
    job.features = feature
    job.allowsPartial = allowPartial
    return job
  }
}
