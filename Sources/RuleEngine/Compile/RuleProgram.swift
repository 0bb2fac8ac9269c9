import Findings
import RuleSet

/// A selection of rules compiled for evaluation: immutable, shared by all threads.
///
/// A class, because the compiler makes a copy of a large struct for the time of many a call.
public final class RuleProgram: Sendable {
  /// What the command line adds to the rules.
  public typealias Options = ProgramOptions

  /// The active rules, in the order in which an entry's findings are reported.
  public let rules: [RuleSelection.ActiveRule]
  /// Ids of the rules that look at an attribute, by its name in lower case.
  public let rulesByAttribute: [String: [String]]
  /// By position of the rule.
  let templates: [FindingTemplate]
  let options: Options
  let compiled: CompiledRules

  /// Compiles rules.
  ///
  /// - Parameters:
  ///   - rules: the active rules.
  ///   - scope: which entries synchronization takes; nil judges every entry.
  ///   - options: what the command line adds.
  public init(rules: [RuleSelection.ActiveRule], scope: Scope?, options: Options) throws(PatternFailure) {
    compiled = try RuleCompiler.compile(rules, scope: scope, options: options)
    self.rules = rules
    self.options = options
    templates = rules.map(FindingTemplate.init)
    rulesByAttribute = Self.byAttribute(rules)
  }

  /// The active rules as their findings know them.
  public var summaries: [RuleSummary] { templates.map(\.rule) }

  /// What findings refer to by number, with these sources.
  func names(sources: [String]) -> FindingNames { FindingNames(attributes: attributes, sources: sources) }

  /// Names of the attributes that rules, filters and findings need, in slot order.
  public var attributes: [String] { compiled.attributes }

  /// How many of the attributes, the first ones, are needed of an entry to verify what it has in common with others.
  public var comparedCount: Int { compiled.comparedCount }

  /// Whether a run has to read entries again, to verify what several entries hold.
  public var comparesEntries: Bool {
    compiled.uniqueTests.contains { !$0.withinEntry && $0.rule != UniqueTest.noRule }
      || compiled.rowTests.contains { $0.check.hasKey }
  }

  /// Ids of the rules that look at an attribute.
  public func rules(reading attribute: String) -> [String] { rulesByAttribute[attribute.lowercased()] ?? [] }

  private static func byAttribute(_ rules: [RuleSelection.ActiveRule]) -> [String: [String]] {
    var ids: [String: [String]] = [:]
    for rule in rules.map(\.rule) {
      for name in Set(rule.neededAttributes.map { $0.lowercased() }) { ids[name, default: []].append(rule.id) }
    }
    return ids
  }
}
