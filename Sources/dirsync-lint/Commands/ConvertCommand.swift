import ArgumentParser
import Workbench

/// `convert`: what IdFix found and its user decided, as findings and suppressions.
struct ConvertCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Read files of IdFix: findings, and suppressions for what was accepted.",
    discussion: """
      FILE is a CSV that IdFix exported (of any version, all pages one after the other), an LDF that it exported, or an \
      `Update <time>.ldf` that it wrote when changes were applied. Rows with the action COMPLETE were accepted: with \
      --suppressions they are written as suppressions, for --suppressions of lint and audit.
      """)

  @OptionGroup(title: "Output") var outputs: OutputOptions

  @Option(
    help: ArgumentHelp(
      "Rules that findings and suppressions name: idfix-multi-tenant or idfix-dedicated.",
      valueName: "rule-set"))
  var ruleSet = "idfix-multi-tenant"

  @Option(
    help: ArgumentHelp(
      "File of suppressions that accepted rows are added to; made if there is none.", valueName: "file"))
  var suppressions: String?

  @Option(
    help: ArgumentHelp(
      "Rule set whose rules the suppressions name, when not --rule-set: those that look for the same error.",
      valueName: "rule-set"))
  var suppressionsRuleSet: String?

  @Option(help: "Why the rows were accepted.")
  var reason = "marked COMPLETE in IdFix"

  @Option(help: "Who answers for the suppressions; needed for --suppressions.")
  var owner: String?

  @Option(help: "Where they were decided, such as the number of a change request.")
  var ticket: String?

  @Option(help: ArgumentHelp("The last day on which they hold.", valueName: "yyyy-mm-dd"))
  var expires: String?

  @Argument(help: ArgumentHelp("Files of IdFix, or - for standard input.", valueName: "file"))
  var files: [String] = []

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("name a file of IdFix, or - for standard input") }
    guard files.count(where: { $0 == "-" }) <= 1 else {
      throw ValidationError("standard input (-) can be read only once")
    }
    if suppressions != nil, owner == nil {
      throw ValidationError("--suppressions needs --owner: who answers for what was accepted")
    }
    try checked { try acceptance.validate() }
  }

  var console: ConsoleSettings { get throws { try outputs.console } }

  func job() throws -> any Job {
    var job = ConvertJob(files: files)
    job.reports = outputs.reports
    job.failOn = try outputs.failing
    job.ruleSet = ruleSet
    job.suppressions = suppressions
    job.suppressionsRuleSet = suppressionsRuleSet
    job.acceptance = acceptance
    return job
  }

  private var acceptance: Acceptance {
    Acceptance(reason: reason, owner: owner ?? "unknown", ticket: ticket, expires: expires)
  }
}
