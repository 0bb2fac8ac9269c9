import Bytes
import ArgumentParser
import Directory
import Findings
import IdFix
import RuleEngine
import RuleSet

/// Options that choose rules.
struct RuleOptions: ParsableArguments {
  @Option(
    name: .customLong("rule-set"),
    help: "Rule set: entra, exchange-hybrid, idfix-multi-tenant, idfix-dedicated, none, or one of --rules.")
  var ruleSet = "entra"

  @Option(
    name: .customLong("rules"),
    help: "Directory with further rules; repeatable. A rule with a shipped id takes its place.")
  var directories: [String] = []

  @Option(help: "Rule to judge by as well; repeatable.")
  var enable: [String] = []

  @Option(help: "Rule to leave out; repeatable.")
  var disable: [String] = []

  @Option(help: "RULE=error, RULE=warning or RULE=info; repeatable.")
  var severity: [String] = []

  @Option(
    help: ArgumentHelp(
      "Attribute that people sign in with: userPrincipalName, or mail (alternate login id).",
      valueName: "attribute"))
  var upnAttribute = SignInAttribute.userPrincipalName

  @Option(
    help: ArgumentHelp("What synchronizes: connect or cloud-sync; rules about its limits need it.", valueName: "client")
  )
  var syncClient: SyncClient?

  /// The shipped rules and those of `--rules`.
  func catalogue() throws -> RuleCatalogue { try RuleCatalogue.load(.all, directories: directories) }

  /// The rules that a run needs: no file is read for a run that judges nothing.
  func neededCatalogue() throws -> RuleCatalogue {
    let judgesNothing = ruleSet == RuleSetDefinition.emptyName && enable.isEmpty && disable.isEmpty && severity.isEmpty
    return try judgesNothing ? RuleCatalogue.load(.all, embedded: [], directories: directories) : catalogue()
  }

  func selection(_ catalogue: RuleCatalogue, hasVerifiedDomains: Bool) throws -> RuleSelection {
    try RuleSelection(
      catalogue, ruleSet: ruleSet, enable: enable, disable: disable, severities: severity,
      hasVerifiedDomains: hasVerifiedDomains, signIn: upnAttribute, syncClient: syncClient)
  }
}

extension SignInAttribute: ExpressibleByArgument {
  /// The attribute with a name, ignoring case.
  public init?(argument: String) {
    guard let known = Self.allCases.first(where: { $0.rawValue.lowercased() == argument.lowercased() }) else {
      return nil
    }
    self = known
  }
}

extension SyncClient: ExpressibleByArgument {}

/// Options about domains and letters, which rules and suggestions use.
struct DomainOptions: ParsableArguments {
  @Option(help: "Domain verified in the tenant; repeatable. Suffixes are then tested against these.")
  var verifiedDomain: [String] = []

  @Option(help: "File with the tenant's verified domains, one a line.")
  var verifiedDomains: String?

  @Option(help: "File with top-level domains, one a line, in place of the shipped list.")
  var tldList: String?

  @Option(help: "How letters with diacritics are spelled in suggestions: latin (ü→u) or german (ü→ue).")
  var transliteration = "latin"

  var programOptions: RuleProgram.Options {
    get throws {
      var verified = VerifiedDomains()
      for domain in verifiedDomain { try verified.add(domain) }
      if let path = verifiedDomains { try verified.add(list: TextFile.read(path), path: path) }
      guard let language = Transliteration.Language(rawValue: transliteration) else {
        let names = Transliteration.Language.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--transliteration is one of \(names), not '\(transliteration)'")
      }
      var topLevel = TopLevelDomains.shipped
      if let path = tldList { topLevel = try TopLevelDomains(list: TextFile.read(path), path: path) }
      var options = RuleProgram.Options(
        topLevelDomains: topLevel, verifiedDomains: verified.isEmpty ? nil : verified,
        transliteration: .language(language))
      options.now = Timestamp.now()
      return options
    }
  }
}

/// Options about which entries are judged.
struct ScopeOptions: ParsableArguments {
  @Option(help: "Judge only entries at or below this DN; repeatable.")
  var base: [String] = []

  @Option(help: "Judge no entries at or below this DN; repeatable.")
  var excludeBase: [String] = []

  @Option(help: "Judge only entries that match this LDAP filter (RFC 4515).")
  var filter: String?

  @Flag(help: "Judge entries that synchronization would not take, too.")
  var includeOutOfScope = false

  /// Which entries are chosen, in a form in which equal choices are equal; empty when all are.
  var selection: String {
    var parts = base.sorted().map { "--base \($0)" } + excludeBase.sorted().map { "--exclude-base \($0)" }
    if let filter { parts.append("--filter \(filter)") }
    if includeOutOfScope { parts.append("--include-out-of-scope") }
    return parts.joined(separator: " ")
  }

  func apply(to options: inout RuleProgram.Options) throws {
    options.bases = base.map { Array($0.utf8) }
    options.excludedBases = excludeBase.map { Array($0.utf8) }
    options.includesOutOfScope = includeOutOfScope
    guard let filter else { return }
    do {
      options.filter = try Filter(parsing: filter)
    } catch {
      throw ProgramFailure(
        message: "--filter, column \(error.column): \(error.message)", status: .usage)
    }
  }
}
