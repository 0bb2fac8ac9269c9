import ArgumentParser
import Entries
import Findings
import Glibc
import RuleEngine
import Reporting
import RuleSet

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

  @Argument(help: ArgumentHelp("What to lint.", valueName: "source"))
  var sources: [String] = []

  private var exported: ExportedAttributes {
    get throws {
      guard let exportedAttributes else { return .unknown }
      if exportedAttributes == "all" { return .all }
      let text = String(decoding: try TextFile.read(exportedAttributes), as: UTF8.self)
      return ExportedAttributes(requested: text.split { $0.isWhitespace || $0 == "," })
    }
  }

  func validate() throws {
    try SourceOptions.validate(sources, ldap)
    guard (0...1_024).contains(threads) else { throw ValidationError("--threads is a number from 0 to 1024") }
  }

  /// Everything that a run needs, checked.
  ///
  /// - Parameters:
  ///   - failOn: what makes the exit status 1 when nothing else is asked for.
  ///   - readsChangeTimes: whether the age of the export is to be told by `whenChanged`.
  /// - Throws: what is wrong with the options, files that they name, or rules.
  func session(failOn: FailOn, readsChangeTimes: Bool = false) throws -> LintSession {
    let failOn = try outputs.failing(orElse: failOn)
    let sources = try SourceOptions.sources(sources, ldap, since: since)
    var options = try domains.programOptions
    try scope.apply(to: &options)
    options.readsChangeTimes = readsChangeTimes
    options.allowsEmpty = allowEmpty
    options.exported = try exported
    let selection = try rules.selection(try rules.neededCatalogue(), hasVerifiedDomains: options.verifiedDomains != nil)
    return LintSession(
      program: try RuleProgram(rules: selection.rules, scope: selection.scope, options: options), selection: selection,
      sources: sources, threads: threads > 0 ? threads : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), failOn: failOn,
      allowsPartial: allowPartial,
      console: Console(showsProgress: try outputs.showsProgress, isQuiet: outputs.quiet))
  }
}
