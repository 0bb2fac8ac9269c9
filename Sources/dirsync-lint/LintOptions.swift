import ArgumentParser
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

  @Argument(help: ArgumentHelp("What to lint.", valueName: "source"))
  var sources: [String] = []

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
    let selection = try rules.selection(try rules.neededCatalogue(), hasVerifiedDomains: options.verifiedDomains != nil)
    return LintSession(
      program: try RuleProgram(rules: selection.rules, scope: selection.scope, options: options), selection: selection,
      sources: sources, threads: threads > 0 ? threads : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), failOn: failOn,
      allowsPartial: allowPartial,
      console: Console(showsProgress: try outputs.showsProgress, isQuiet: outputs.quiet))
  }
}

/// What makes the exit status 1.
enum FailOn {
  /// Findings that nobody accepted, at or above a severity.
  case severity(Severity)
  /// Findings that the last run had not, or that were accepted until a day that has passed.
  case news

  init(named name: String) throws {
    if name == "new" {
      self = .news
    } else if let severity = Severity(rawValue: name) {
      self = .severity(severity)
    } else {
      throw ValidationError("--fail-on is one of error, warning, info, new, not '\(name)'")
    }
  }

  func isMet(by counts: FindingCounts) -> Bool {
    switch self {
    case .severity(let severity): counts.hasAny(atOrAbove: severity)
    case .news: counts.hasNews
    }
  }

  func isMet(by finding: Finding) -> Bool {
    var counts = FindingCounts()
    counts.count(finding)
    return isMet(by: counts)
  }
}
