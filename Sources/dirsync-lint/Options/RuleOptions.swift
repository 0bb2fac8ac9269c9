import ArgumentParser
import RuleSet
import Workbench

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

  /// What was typed.
  var choice: RuleChoice {
    var choice = RuleChoice()
    choice.ruleSet = ruleSet
    choice.directories = directories
    choice.enable = enable
    choice.disable = disable
    choice.severity = severity
    choice.signIn = upnAttribute
    choice.syncClient = syncClient
    return choice
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

  /// What was typed.
  var choice: DomainChoice {
    var choice = DomainChoice()
    choice.verified = verifiedDomain
    choice.verifiedFile = verifiedDomains
    choice.topLevelFile = tldList
    choice.transliteration = transliteration
    return choice
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

  /// What was typed.
  var choice: EntryScope {
    var scope = EntryScope()
    scope.bases = base
    scope.excludedBases = excludeBase
    scope.filter = filter
    scope.includesOutOfScope = includeOutOfScope
    return scope
  }
}
