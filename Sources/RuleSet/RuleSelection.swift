import Bytes
import Directory
import Findings

/// The rules that a run judges by: those of a rule set, changed by options, with their severities.
public struct RuleSelection: Sendable {
  /// A rule and how loud it is in this run.
  public struct ActiveRule: Sendable {
    /// The rule.
    public var rule: Rule
    /// How loud its findings are: given by an option, else by the set, else the rule's own.
    public var severity: Severity

    /// An active rule; see the properties.
    public init(rule: Rule, severity: Severity) {
      self.rule = rule
      self.severity = severity
    }
  }

  /// The name of the rule set.
  public private(set) var name: String
  /// The rules in the order of the set, extended sets first; rules enabled by option come last.
  public private(set) var rules: [ActiveRule] = []
  /// Which entries are judged; nil takes all.
  public private(set) var scope: Scope?

  /// Selects rules.
  ///
  /// A rule that needs verified domains, or their absence, is left out where that is not so. A deprecated rule is left
  /// out unless `enable` names it. An experimental rule is active when a set lists it, or `enable` names it.
  ///
  /// - Parameters:
  ///   - ruleSet: the name of a rule set; `none` is built in.
  ///   - enable: ids of rules to add.
  ///   - disable: ids of rules to leave out.
  ///   - severities: `RULE=error`, `RULE=warning` or `RULE=info`; the last one for a rule counts.
  ///   - hasVerifiedDomains: whether the verified domains of the tenant are known.
  ///   - signIn: the attribute that people sign in with; rules about the sign-in name look at it.
  ///   - syncClient: what synchronizes; nil when that is not known.
  ///   - subject: what the rules have to be about; nil when anything will do.
  /// - Throws: every mistake of the options at once; the location names the option.
  public init(
    _ catalogue: RuleCatalogue, ruleSet: String, enable: [String] = [], disable: [String] = [],
    severities: [String] = [], hasVerifiedDomains: Bool = false, signIn: SignInAttribute = .userPrincipalName,
    syncClient: SyncClient? = nil, subject: RuleSubject? = .entries
  ) throws(RuleProblems) {
    let facts = RunFacts(hasVerifiedDomains: hasVerifiedDomains, signIn: signIn, syncClient: syncClient)
    let problems = ProblemList()
    name = ruleSet
    let options = SelectionOptions(catalogue, enable: enable, disable: disable, severities: severities, problems)
    options.checkRequirements(facts)
    var contents = SetContents(catalogue)
    if ruleSet != RuleSetDefinition.emptyName {
      if let set = catalogue.ruleSet(ruleSet) {
        contents.add(set)
        scope = contents.scope(of: set)
      } else {
        Self.reportUnknown(ruleSet, catalogue, problems)
      }
    }
    if let subject {
      Self.check(contents.rules, of: ruleSet, subject, catalogue, problems)
      options.checkSubjects(subject)
    }
    guard problems.problems.isEmpty else { throw RuleProblems(problems.problems) }
    let added = options.enabled.filter { !contents.rules.contains($0) }
    for id in contents.rules + added where !options.disabled.contains(id) {
      guard let rule = catalogue.rule(id), rule.requirement?.isMet(facts) ?? true else { continue }
      if rule.status == .deprecated, !options.enabled.contains(id) { continue }
      let severity = options.severities[id] ?? contents.severities[id] ?? rule.severity
      rules.append(ActiveRule(rule: rule.signingIn(with: signIn), severity: severity))
    }
  }

  /// The attributes that have to be read for these rules and their scope, each once (ignoring case), as first spelled.
  /// `distinguishedName` is no attribute to ask for: every entry has it.
  public var neededAttributes: [String] {
    var names = ["objectClass"]
    for active in rules { names.append(contentsOf: active.rule.neededAttributes) }
    for exclusion in scope?.exclusions ?? [] { names.append(contentsOf: exclusion.filter.attributes) }
    var seen: Set<String> = [Filter.distinguishedName, Filter.firstRDN]
    return rules.isEmpty ? [] : names.filter { seen.insert($0.lowercased()).inserted }
  }

  private static func check(
    _ rules: [String], of set: String, _ subject: RuleSubject, _ catalogue: RuleCatalogue, _ problems: ProblemList
  ) {
    guard let other = rules.lazy.compactMap({ catalogue.rule($0) }).first(where: { $0.subject != subject }) else {
      return
    }
    problems.report(
      SourceLocation(source: "--rule-set"),
      "`\(set)` has rules for `\(other.subject.command)`, such as `\(other.id)`, and cannot be used here")
  }

  private static func reportUnknown(_ name: String, _ catalogue: RuleCatalogue, _ problems: ProblemList) {
    let names = catalogue.ruleSets.map(\.name) + [RuleSetDefinition.emptyName]
    let hint = NearestName.find(name, in: names).map { "did you mean `\($0)`?" }
    problems.report(
      SourceLocation(source: "--rule-set"),
      "there is no rule set `\(name)`; \(hint ?? "there are \(RuleNode.list(names, "and"))")")
  }
}

extension Rule {
  /// The attributes that the rule reads of entries, as spelled in its file.
  public var neededAttributes: [String] {
    guard subject == .entries else { return [] }
    var names = attributes + (filter?.attributes ?? [])
    names.append(contentsOf: check.attributes)
    if case .set(let source, _) = suggestion { names.append(source) }
    return names + (suggestionExcept?.attributes ?? [])
  }
}

/// What a rule set comes to with the sets it extends.
struct SetContents {
  /// Ids in order, those of extended sets first.
  private(set) var rules: [String] = []
  /// Severities that sets give; a set's own count more than those of the sets it extends.
  private(set) var severities: [String: Severity] = [:]
  private var seen: Set<String> = []
  private var listed: Set<String> = []
  private let catalogue: RuleCatalogue

  init(_ catalogue: RuleCatalogue) { self.catalogue = catalogue }

  mutating func add(_ set: RuleSetDefinition) {
    guard seen.insert(set.name).inserted else { return }
    for name in set.extends {
      if let base = catalogue.ruleSet(name) { add(base) }
    }
    for (id, severity) in set.rules {
      if listed.insert(id).inserted { rules.append(id) }
      if let severity { severities[id] = severity }
    }
  }

  /// The set's scope, or the first one found among the sets it extends.
  func scope(of set: RuleSetDefinition) -> Scope? {
    var seen: Set<String> = []
    var open = [set]
    while let next = open.popLast() {
      guard seen.insert(next.name).inserted else { continue }
      if let scope = next.scope.flatMap({ catalogue.scope($0) }) { return scope }
      open.append(contentsOf: next.extends.reversed().compactMap { catalogue.ruleSet($0) })
    }
    return nil
  }
}

/// The options that change a rule set, checked against the catalogue.
private struct SelectionOptions {
  var enabled: [String] = []
  var disabled: Set<String> = []
  var severities: [String: Severity] = [:]
  private let catalogue: RuleCatalogue
  private let problems: ProblemList

  init(
    _ catalogue: RuleCatalogue, enable: [String], disable: [String], severities: [String], _ problems: ProblemList
  ) {
    self.catalogue = catalogue
    self.problems = problems
    for id in enable where isRule(id, "--enable") && !enabled.contains(id) { enabled.append(id) }
    for id in disable where isRule(id, "--disable") { disabled.insert(id) }
    for id in enabled where disabled.contains(id) {
      problems.report(SourceLocation(source: "--disable"), "`\(id)` is enabled and disabled; keep one")
    }
    for option in severities {
      if let (id, severity) = self.severity(option) { self.severities[id] = severity }
    }
  }

  func checkRequirements(_ facts: RunFacts) {
    for id in enabled {
      guard let requirement = catalogue.rule(id)?.requirement, !requirement.isMet(facts) else { continue }
      problems.report(SourceLocation(source: "--enable"), "`\(id)` \(requirement.advice)")
    }
  }

  func checkSubjects(_ subject: RuleSubject) {
    for id in enabled {
      guard let rule = catalogue.rule(id), rule.subject != subject else { continue }
      problems.report(
        SourceLocation(source: "--enable"), "`\(id)` is a rule for `\(rule.subject.command)`; take it out")
    }
  }

  private func isRule(_ id: String, _ option: String) -> Bool {
    do {
      _ = try catalogue.rule(named: id, option: option)
      return true
    } catch {
      problems.report(error.location, error.message)
      return false
    }
  }

  private func severity(_ option: String) -> (String, Severity)? {
    let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let severity = Severity(rawValue: parts[1]) else {
      let words = RuleNode.list(Severity.allCases.map(\.rawValue))
      problems.report(
        SourceLocation(source: "--severity"), "`\(option)` is not RULE=SEVERITY with a severity of \(words)")
      return nil
    }
    return isRule(parts[0], "--severity") ? (parts[0], severity) : nil
  }
}
