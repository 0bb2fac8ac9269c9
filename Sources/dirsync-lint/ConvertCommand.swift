import ArgumentParser
import Directory
import Findings
import IdFix
import Reporting
import RuleSet

/// `convert`: what IdFix found and its user decided, as findings and suppressions.
struct ConvertCommand: StatusCommand {
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
    if let expires, CalendarDate(expires) == nil {
      throw ValidationError("--expires is a day such as 2027-03-31, not '\(expires)'")
    }
  }

  func status() throws -> ExitStatus {
    let catalogue = try RuleCatalogue.load()
    let selection = try RuleSelection(catalogue, ruleSet: ruleSet)
    let target = try suppressionsRuleSet.map { try RuleSelection(catalogue, ruleSet: $0) } ?? selection
    var run = RunDescription(selection, sources: files)
    var converted = IdFixFindings(rules: run.rules) { accepting($0, rule: nil) }
    var coverage = Coverage()
    var accepted: [Suppression] = []
    for path in files {
      let source = path == "-" ? "<stdin>" : path
      let bytes =
        path == "-" ? try TextFile.readStandardInput() : try TextFile.read(path, upTo: nil, orElse: .unavailable)
      let file = IdFixFile.read(bytes, path: source)
      var problems = file.problems
      for row in file.rows {
        if !converted.add(row, source: source) {
          problems.append(
            Problem(
              location: SourceLocation(source: source, line: row.line, column: 1),
              message: "no rule of \(ruleSet) judges \(row.attribute); take the rule set of the other mode of IdFix"))
        } else if row.isAccepted {
          accepted += suppressions(for: row, in: target, &problems, source)
        }
      }
      coverage.entriesRead += file.rows.count
      if !problems.isEmpty {
        coverage.gaps.append("\(problems.count) \(problems.count == 1 ? "problem" : "problems") in \(source)")
      }
      if !outputs.quiet { for problem in problems { StandardError.write(problem.line) } }
      tell(file, source)
    }
    run.hasStates = converted.findings.contains { $0.state != nil }
    try write(converted.findings, run: run, coverage: coverage)
    if let suppressions { try add(accepted, to: suppressions) }
    return coverage.isComplete ? .clean : .partial
  }

  private func write(_ findings: [Finding], run: RunDescription, coverage: Coverage) throws {
    let reports = try outputs.reports()
    var counts = FindingCounts()
    for report in reports { try report.begin(run) }
    for finding in findings {
      counts.count(finding)
      for report in reports { try report.receive(finding) }
    }
    for report in reports { try report.finish(coverage, counts) }
  }

  private func tell(_ file: IdFixFile, _ source: String) {
    guard !outputs.quiet else { return }
    if file.noise > 0 {
      StandardError.write(
        "\(source): note: left out, as versions of IdFix up to 2.1.3.0 reported every address so: "
          + "\(Self.rows(file.noise)) with nothing but TopLevelDomain")
    }
    if outputs.verbose { StandardError.write("\(source): note: \(file.kind.rawValue), \(Self.rows(file.rows.count))") }
  }

  private static func rows(_ count: Int) -> String { "\(count) \(count == 1 ? "row" : "rows")" }

  // MARK: - Suppressions

  private func accepting(_ row: IdFixRow, rule: String?) -> Suppression? {
    guard let dn = String(validating: row.dn, as: UTF8.self) else { return nil }
    let value = row.value.flatMap { String(validating: $0, as: UTF8.self) }
    guard row.value == nil || value != nil else { return nil }
    return Suppression(
      pattern: .init(rule: rule, object: dn, attribute: row.attribute, value: value), reason: reason,
      owner: owner ?? "unknown", ticket: ticket, expires: expires.flatMap { CalendarDate($0) })
  }

  private func suppressions(
    for row: IdFixRow, in selection: RuleSelection, _ problems: inout [Problem], _ source: String
  ) -> [Suppression] {
    let isIdFix = suppressionsRuleSet == nil
    let rules = selection.rules.map(\.rule).filter { rule in
      rule.attributes.contains { $0.lowercased() == row.attribute.lowercased() }
        && (isIdFix || row.errors.contains { $0.lowercased() == rule.idfixError.lowercased() })
    }
    if rules.isEmpty, suppressions != nil {
      problems.append(
        Problem(
          location: SourceLocation(source: source, line: row.line, column: 1),
          message: "no rule of \(suppressionsRuleSet ?? ruleSet) stands for what was accepted here"))
    }
    return rules.compactMap { accepting(row, rule: $0.id) }
  }

  /// Adds to a file what is not in it yet; the file is replaced as a whole, or not at all.
  private func add(_ new: [Suppression], to path: String) throws {
    let old = try TextFile.readIfThere(path)
    var known = Set(old.allSatisfy { $0 <= 0x20 } ? [] : try SuppressionFile.read(old, path: path).map(\.pattern))
    let added = new.filter { known.insert($0.pattern).inserted }
    guard !added.isEmpty else { return }
    try WholeFile.replace(path, with: try SuppressionFile.appending(added, to: old, path: path))
  }
}
