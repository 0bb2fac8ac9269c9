import ArgumentParser
import RuleSet
import Workbench

/// `rules`: the rule base.
struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Show and test the rules.",
    subcommands: [List.self, Show.self, Test.self, Docs.self], defaultSubcommand: List.self)

  /// `rules list`
  struct List: JobCommand {
    static let configuration = CommandConfiguration(abstract: "List the rules of a rule set.")

    @OptionGroup var rules: RuleOptions

    @Flag(help: "List every rule, whatever set it is in.")
    var all = false

    @Flag(help: "List the attributes that the rules need instead, for an export.")
    var attributes = false

    @Option(
      name: .customLong("for"),
      help: ArgumentHelp(
        "With --attributes: the whole command that exports them with ldifde, csvde, ldapsearch or powershell.",
        valueName: "program"))
    var program: String?

    @Option(help: "text or json.")
    var format = "text"

    func validate() throws {
      try checked {
        _ = try ListFormat(format: format)
        _ = try exporter
      }
      guard program == nil || attributes else { throw ValidationError("--for goes with --attributes") }
    }

    private var exporter: ExportProgram? { get throws { try program.map { try ExportProgram(named: $0) } } }

    func job() throws -> any Job {
      RuleListJob(
        rules.choice, all: all, attributes: attributes, exporter: try exporter, format: try ListFormat(format: format))
    }
  }

  /// `rules show`
  struct Show: JobCommand {
    static let configuration = CommandConfiguration(abstract: "Show a rule as Markdown.")

    @OptionGroup var rules: RuleOptions
    @Argument(help: "Id of the rule.") var rule: String

    func job() throws -> any Job { RuleShowJob(rule, rules: rules.choice) }
  }

  /// `rules test`
  struct Test: JobCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run the examples of the shipped rules, or of a directory of rules.")

    @Argument(help: ArgumentHelp("Directory with rules; the shipped ones when none is named.", valueName: "directory"))
    var directories: [String] = []

    func job() throws -> any Job { RuleTestJob(directories: directories) }
  }

  /// `rules docs`
  struct Docs: JobCommand {
    static let configuration = CommandConfiguration(abstract: "Print the documentation of all rules as Markdown.")

    @OptionGroup var rules: RuleOptions

    @Flag(help: "Print the documentation of the known errors of synchronization instead.")
    var syncErrors = false

    @Option(help: "Print the JSON Schema of a kind of file instead: \(schemas.joined(separator: ", ")).")
    var schema: String?

    @Flag(help: "Print the table of report formats instead.")
    var formats = false

    private static let schemas = DocumentSchema.allCases.map(\.rawValue)

    func validate() throws {
      guard let schema, DocumentSchema(rawValue: schema) == nil else { return }
      throw ValidationError("there is no schema '\(schema)'; schemas are \(Self.schemas.joined(separator: ", "))")
    }

    func job() throws -> any Job { RuleDocumentationJob(subject, rules: rules.choice) }

    private var subject: RuleDocumentationJob.Subject {
      if let schema = schema.flatMap({ DocumentSchema(rawValue: $0) }) {
        return .schema(schema, options: OptionNames.all(below: DirsyncLint.self))
      }
      if formats { return .formats }
      return syncErrors ? .syncErrors : .rules
    }
  }
}

/// `explain`: one rule, for reading in a terminal.
struct ExplainCommand: JobCommand {
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

  func job() throws -> any Job { ExplainJob(words.joined(separator: " "), rules: rules.choice) }
}
