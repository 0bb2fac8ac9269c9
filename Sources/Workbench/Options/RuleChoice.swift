import Bytes
import Directory
import Findings
import IdFix
import RuleEngine
import RuleSet

/// Which rules are judged by.
public struct RuleChoice: Sendable {
  /// Name of the rule set.
  public var ruleSet = "entra"
  /// Directories with further rules.
  public var directories: [String] = []
  /// Ids of rules to judge by as well.
  public var enable: [String] = []
  /// Ids of rules to leave out.
  public var disable: [String] = []
  /// `RULE=error`, `RULE=warning` or `RULE=info`.
  public var severity: [String] = []
  /// The attribute that people sign in with.
  public var signIn = SignInAttribute.userPrincipalName
  /// What synchronizes; nil when that is not known.
  public var syncClient: SyncClient?

  /// The default rule set.
  public init() {}

  /// The shipped rules and those of directories.
  func catalogue() throws -> RuleCatalogue { try RuleCatalogue.load(.all, directories: directories) }

  /// The rules that a run needs: no file is read for a run that judges nothing.
  func neededCatalogue() throws -> RuleCatalogue {
    let judgesNothing = ruleSet == RuleSetDefinition.emptyName && enable.isEmpty && disable.isEmpty && severity.isEmpty
    return try judgesNothing ? RuleCatalogue.load(.all, embedded: [], directories: directories) : catalogue()
  }

  /// - Parameter subject: what the rules have to be about; nil when anything will do.
  func selection(
    _ catalogue: RuleCatalogue, hasVerifiedDomains: Bool = false, subject: RuleSubject? = .entries
  ) throws -> RuleSelection {
    try RuleSelection(
      catalogue, ruleSet: ruleSet, enable: enable, disable: disable, severities: severity,
      hasVerifiedDomains: hasVerifiedDomains, signIn: signIn, syncClient: syncClient, subject: subject)
  }
}

/// What is known of domains and letters, which rules and suggestions use.
public struct DomainChoice: Sendable {
  /// Domains verified in the tenant.
  public var verified: [String] = []
  /// File with the tenant's verified domains.
  public var verifiedFile: String?
  /// File with top-level domains in place of the shipped list.
  public var topLevelFile: String?
  /// Name of the language whose spelling suggestions use.
  public var transliteration = "latin"

  /// No verified domains, the shipped top-level domains.
  public init() {}

  /// The options of a rule program.
  ///
  /// - Throws: `UsageError`, `CommandFailure`, `RuleProblems`.
  func programOptions() throws -> RuleProgram.Options {
    var domains = VerifiedDomains()
    for domain in verified { try domains.add(domain) }
    if let path = verifiedFile { try domains.add(list: TextFile.read(path), path: path) }
    guard let language = Transliteration.Language(rawValue: transliteration) else {
      let names = Transliteration.Language.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("--transliteration is one of \(names), not '\(transliteration)'")
    }
    var topLevel = TopLevelDomains.shipped
    if let path = topLevelFile { topLevel = try TopLevelDomains(list: TextFile.read(path), path: path) }
    var options = RuleProgram.Options(
      topLevelDomains: topLevel, verifiedDomains: domains.isEmpty ? nil : domains, transliteration: .language(language))
    options.now = Timestamp.now()
    return options
  }
}

/// Which entries are judged.
public struct EntryScope: Sendable {
  /// DNs at or below which entries are judged; all when empty.
  public var bases: [String] = []
  /// DNs at or below which entries are not judged.
  public var excludedBases: [String] = []
  /// LDAP filter (RFC 4515) that entries must match.
  public var filter: String?
  /// Whether entries are judged that synchronization would not take.
  public var includesOutOfScope = false

  /// Entries that synchronization would take.
  public init() {}

  /// Which entries are chosen, in a form in which equal choices are equal; empty when all are.
  var selection: String {
    var parts = bases.sorted().map { "--base \($0)" } + excludedBases.sorted().map { "--exclude-base \($0)" }
    if let filter { parts.append("--filter \(filter)") }
    if includesOutOfScope { parts.append("--include-out-of-scope") }
    return parts.joined(separator: " ")
  }

  func apply(to options: inout RuleProgram.Options) throws {
    options.bases = bases.map { Array($0.utf8) }
    options.excludedBases = excludedBases.map { Array($0.utf8) }
    options.includesOutOfScope = includesOutOfScope
    guard let filter else { return }
    do {
      options.filter = try Filter(parsing: filter)
    } catch {
      throw CommandFailure(message: "--filter, column \(error.column): \(error.message)", status: .usage)
    }
  }
}
