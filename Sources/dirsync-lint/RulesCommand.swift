import ArgumentParser
import Directory
import Findings
import RuleEngine
import Reporting
import RuleSet
import SyncErrors

/// `rules`: the rule base.
struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Show and test the rules.",
    subcommands: [List.self, Show.self, Test.self, Docs.self], defaultSubcommand: List.self)

  /// `rules list`
  struct List: StatusCommand {
    static let configuration = CommandConfiguration(abstract: "List the rules of a rule set.")

    @OptionGroup var rules: RuleOptions

    @Flag(help: "List every rule, whatever set it is in.")
    var all = false

    @Flag(help: "List the attributes that the rules need instead, for an export.")
    var attributes = false

    @Option(help: "text or json.")
    var format = "text"

    func validate() throws {
      guard ["text", "json"].contains(format) else {
        throw ValidationError("there is no format '\(format)' here; formats are text, json")
      }
    }

    func status() throws -> ExitStatus {
      let catalogue = try rules.catalogue()
      let listed = try active(catalogue)
      if attributes {
        StandardOutput.write(listed.attributes.joined(separator: format == "json" ? "\n" : " "))
        return .clean
      }
      StandardOutput.write(format == "json" ? json(listed.rules) : text(listed.rules))
      return .clean
    }

    /// Rules with and without verified domains: both are part of the set.
    private func active(
      _ catalogue: RuleCatalogue
    ) throws -> (rules: [RuleSelection.ActiveRule], attributes: [String]) {
      if all {
        let every = catalogue.rules.map { RuleSelection.ActiveRule(rule: $0, severity: $0.severity) }
        return (every, Self.unique(every.flatMap(\.rule.neededAttributes)))
      }
      let without = try rules.selection(catalogue, hasVerifiedDomains: false)
      let with = try rules.selection(catalogue, hasVerifiedDomains: true)
      let known = Set(without.rules.map(\.rule.id))
      return (
        without.rules + with.rules.filter { !known.contains($0.rule.id) },
        Self.unique(without.neededAttributes + with.neededAttributes + ["objectGUID", "cn"])
      )
    }

    private static func unique(_ names: [String]) -> [String] {
      var seen: Set<String> = []
      return names.filter { seen.insert($0.lowercased()).inserted }
    }

    private func text(_ rules: [RuleSelection.ActiveRule]) -> String {
      let width = rules.map(\.rule.id.count).max() ?? 0
      return rules.map { active in
        let id = active.rule.id.padded(to: width)
        return "\(id)  \(active.severity.rawValue.padded(to: 7))  \(active.rule.title)"
      }.joined(separator: "\n")
    }

    private func json(_ rules: [RuleSelection.ActiveRule]) -> String {
      var list = JSONList()
      for active in rules {
        let rule = active.rule
        list.add([
          ("id", rule.id), ("title", rule.title), ("status", rule.status.rawValue),
          ("severity", active.severity.rawValue), ("effect", rule.effect.rawValue),
          ("certainty", rule.certainty.rawValue), ("attributes", rule.attributes.joined(separator: " ")),
          ("requires", rule.requirement?.rawValue ?? ""), ("source", rule.location.source),
        ])
      }
      return list.text
    }
  }

  /// `rules show`
  struct Show: StatusCommand {
    static let configuration = CommandConfiguration(abstract: "Show a rule as Markdown.")

    @OptionGroup var rules: RuleOptions
    @Argument(help: "Id of the rule.") var rule: String

    func status() throws -> ExitStatus {
      let catalogue = try rules.catalogue()
      let rule = try catalogue.rule(named: rule, option: "rules show")
      StandardOutput.write(RuleDocumentation.markdown(for: rule, in: catalogue))
      return .clean
    }
  }

  /// `rules test`
  struct Test: StatusCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run the examples of the shipped rules, or of a directory of rules.")

    @Argument(help: ArgumentHelp("Directory with rules; the shipped ones when none is named.", valueName: "directory"))
    var directories: [String] = []

    func status() throws -> ExitStatus {
      let catalogue = try RuleCatalogue.load(directories: directories)
      let shipped = Set(RuleCatalogue.shippedFiles.map(\.path))
      let tested = catalogue.rules.filter { directories.isEmpty || !shipped.contains($0.location.source) }
      let examples = try RuleExamples()
      var failed = 0
      for rule in tested {
        let failures = try examples.failures(of: rule)
        if !failures.isEmpty { failed += 1 }
        for failure in failures {
          StandardError.write("\(failure.location): error: \(rule.id): \(failure.message)")
        }
      }
      let count = tested.reduce(0) { $0 + $1.examples.valid.count + $1.examples.invalid.count }
      let errors = try testSyncErrors()
      if !tested.isEmpty || errors.tested == 0 {
        StandardOutput.write(
          "\(tested.count) rules, \(count) examples: \(failed == 0 ? "all hold" : "\(failed) rules fail")")
      }
      if errors.tested > 0 {
        let outcome = errors.failed == 0 ? "all hold" : "\(errors.failed) sync errors fail"
        StandardOutput.write("\(errors.tested) sync errors, \(errors.examples) examples: \(outcome)")
      }
      return failed == 0 && errors.failed == 0 ? .clean : .findings
    }

    /// The examples of the definitions of sync errors, read with all definitions there are.
    private func testSyncErrors() throws -> (tested: Int, examples: Int, failed: Int) {
      let catalogue = try SyncErrorCatalogue.load(directories: directories)
      let shipped = Set(SyncErrorCatalogue.shippedFiles.map(\.path))
      let tested = catalogue.definitions.filter { directories.isEmpty || !shipped.contains($0.location.source) }
      let examples = SyncErrorExamples(catalogue)
      var failed = 0
      for definition in tested {
        let failures = examples.failures(of: definition)
        if !failures.isEmpty { failed += 1 }
        for failure in failures {
          StandardError.write("\(failure.location): error: \(definition.id): \(failure.message)")
        }
      }
      return (tested.count, tested.reduce(0) { $0 + $1.examples.count }, failed)
    }
  }

  /// `rules docs`
  struct Docs: StatusCommand {
    static let configuration = CommandConfiguration(abstract: "Print the documentation of all rules as Markdown.")

    @OptionGroup var rules: RuleOptions

    @Flag(help: "Print the documentation of the known errors of synchronization instead.")
    var syncErrors = false

    func status() throws -> ExitStatus {
      if syncErrors {
        let catalogue = try SyncErrorCatalogue.load(directories: rules.directories)
        StandardOutput.write(SyncErrorDocumentation.markdown(for: catalogue))
        return .clean
      }
      StandardOutput.write(RuleDocumentation.markdown(for: try rules.catalogue()))
      return .clean
    }
  }
}

/// `explain`: one rule, for reading in a terminal.
struct ExplainCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a rule or an error of synchronization: what happens, why, what to do, and who says so.")

  @OptionGroup var rules: RuleOptions
  @Argument(
    help: ArgumentHelp(
      "Id of a rule or of an error; of an error also its name, a code, the number of an event, or words from its text.",
      valueName: "id-or-words"))
  var words: [String]

  func validate() throws {
    guard !words.isEmpty else {
      throw ValidationError("say what is to be explained: an id, a code, an event, or words")
    }
  }

  func status() throws -> ExitStatus {
    let query = words.joined(separator: " ")
    let catalogue = try rules.catalogue()
    if let known = catalogue.rule(query) {
      StandardOutput.write(RuleDocumentation.text(for: known, in: catalogue))
      return .clean
    }
    let errors = try SyncErrorCatalogue.load(directories: rules.directories)
    let found = errors.find(query)
    if let definition = found.first, found.count == 1 {
      StandardOutput.write(SyncErrorDocumentation.text(for: definition))
      return .clean
    }
    if !found.isEmpty {
      let width = found.map(\.id.count).max() ?? 0
      let lines = found.map { "\($0.id.padded(to: width))  \($0.title)" }
      StandardOutput.write(lines.joined(separator: "\n") + "\n")
      return .clean
    }
    let hint = errors.nearest(to: query, or: catalogue.rules.map(\.id)).map { "did you mean `\($0)`?" }
    throw RuleProblem(
      location: SourceLocation(source: "explain"),
      message: "there is no rule and no sync error `\(query)`; \(hint ?? "`rules list` shows all rules")")
  }
}

extension String {
  /// The text with spaces behind it up to a number of characters.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

/// A JSON array of objects whose members are strings; empty ones are left out.
private struct JSONList {
  private var objects: [String] = []

  mutating func add(_ members: [(String, String)]) {
    let shown = members.filter { !$0.1.isEmpty }.map { "\(Self.quoted($0.0)):\(Self.quoted($0.1))" }
    objects.append("{\(shown.joined(separator: ","))}")
  }

  var text: String { "[\(objects.joined(separator: ",\n"))]" }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
