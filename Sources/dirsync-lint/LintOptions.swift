import ArgumentParser
import Glibc
import Workbench

/// What `lint` and `audit run` have in common: what is read, by which rules it is judged, what is written.
struct LintOptions: ParsableArguments {
  @OptionGroup(title: "Rules") var rules: RuleOptions
  @OptionGroup(title: "Domains and letters") var domains: DomainOptions
  @OptionGroup(title: "Entries") var scope: ScopeOptions
  @OptionGroup(title: "Servers") var ldap: LDAPOptions
  @OptionGroup(title: "Servers") var since: SinceOption
  @OptionGroup(title: "Output") var outputs: OutputOptions
  @OptionGroup var configuration: ConfigurationOption

  @Option(help: "Number of threads; 0 takes one for each processor.")
  var threads = 0

  @Flag(help: "Do not let incomplete reading alone make the exit status 3.")
  var allowPartial = false

  @Flag(help: "Let a run in which nothing was read or judged be complete; without it, its exit status is 3.")
  var allowEmpty = false

  @Option(
    help: ArgumentHelp(
      "The attributes that the exports were asked for: `all`, or a file of names. Of these a missing value counts as none.",
      valueName: "all|file"))
  var exportedAttributes: String?

  @OptionGroup var records: RecordOptions
  @OptionGroup var text: EncodingOption

  @Argument(help: ArgumentHelp("What to lint.", valueName: "source"))
  var sources: [String] = []

  func validate() throws {
    try checked { try SourceOptions.validate(sources, ldap.choice) }
    guard (0...1_024).contains(threads) else { throw ValidationError("--threads is a number from 0 to 1024") }
  }

  /// What was typed.
  ///
  /// - Throws: `UsageError`.
  func choice(_ known: KnownFindingOptions) throws -> LintSettings {
    var choice = LintSettings()
    choice.sources = sources
    choice.servers = ldap.choice
    choice.cache = since.since
    choice.rules = rules.choice
    choice.domains = domains.choice
    choice.scope = scope.choice
    choice.reports = outputs.reports
    choice.known = known.choice
    choice.failOn = try outputs.failing
    choice.threads = threads > 0 ? threads : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    choice.allowsPartial = allowPartial
    choice.allowsEmpty = allowEmpty
    choice.exportedAttributes = exportedAttributes
    choice.recordSize = records.size
    choice.encoding = text.encoding
    return choice
  }
}
