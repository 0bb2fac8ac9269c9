import Bytes
import Directory
import Findings
import IdFix
import Reporting
import RuleSet

/// `convert`: what IdFix found and its user decided, as findings and suppressions.
public struct ConvertJob: Job {
  /// Files of IdFix, or `-`.
  public var files: [String]
  /// Which reports are written.
  public var reports = ReportChoice()
  /// What makes the exit status 1; nil: errors.
  public var failOn: FailOn?
  /// Rules that findings and suppressions name.
  public var ruleSet = "idfix-multi-tenant"
  /// File of suppressions that accepted rows are added to.
  public var suppressions: String?
  /// Rule set whose rules the suppressions name; nil: `ruleSet`.
  public var suppressionsRuleSet: String?
  /// Why the rows were accepted, and who answers for it.
  public var acceptance = Acceptance(reason: "marked COMPLETE in IdFix", owner: "unknown")

  /// A file is held as a whole while it is read. IdFix itself wrote pages of 50,000 rows.
  private static let largestFile = 64 << 20

  /// A job that reports what files say.
  public init(files: [String]) { self.files = files }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) throws {
    for file in self.files { files.reads(file, "the file") }
    try files.name(reports)
    files.keeps(suppressions, "--suppressions")
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    let catalogue = try RuleCatalogue.load(.all)
    let selection = try RuleSelection(catalogue, ruleSet: ruleSet)
    var run = RunDescription(selection, sources: files, in: context)
    var conversion = IdFixConversion(
      selection, rules: run.rules,
      target: try suppressionsRuleSet.map { try RuleSelection(catalogue, ruleSet: $0) },
      decision: .init(
        reason: acceptance.reason, owner: acceptance.owner, ticket: acceptance.ticket, expires: acceptance.lastDay))
    var coverage = Coverage()
    for path in files {
      let source = path == "-" ? "<stdin>" : path
      let bytes =
        path == "-"
        ? try TextFile.readStandardInput(upTo: Self.largestFile)
        : try TextFile.read(path, upTo: Self.largestFile, orElse: .unavailable)
      let file = conversion.add(
        try IdFixFile.read(bytes, path: source), source: source, suppresses: suppressions != nil)
      coverage.entriesRead += file.rows.count
      let problems = file.problems.count + file.problemsLeftOut
      if problems > 0 { coverage.gaps.append("\(problems) \(problems == 1 ? "problem" : "problems") in \(source)") }
      for problem in file.problems { context.events(.problem(problem.line)) }
      if file.problemsLeftOut > 0 {
        context.events(.message("\(source): \(file.problemsLeftOut) more problems, which are not shown"))
      }
      tell(file, source, context)
    }
    if conversion.rowsLeftOut > 0 {
      coverage.gaps.append(
        "\(Self.rows(conversion.rowsLeftOut)) left out: \(IdFixFile.maximumRows) are taken at once; convert the files in parts"
      )
    }
    run.hasStates = conversion.hasSuppressions
    run.title = reports.title
    let counts = try write(conversion.findings, run: run, coverage: coverage, context)
    var isWritten = true
    if let suppressions {
      if conversion.accepted.isEmpty {
        context.events(.remark("no row is COMPLETE: nothing is written to \(suppressions)"))
      }
      isWritten = try add(conversion.accepted, to: suppressions, context)
    }
    return Outcome(isWritten ? status(coverage, counts) : .usage, counts: counts, coverage: coverage)
  }

  private var fails: FailOn { failOn ?? .severity(.error) }

  private func status(_ coverage: Coverage, _ counts: FindingCounts) -> ExitStatus {
    guard coverage.isComplete else { return .partial }
    return fails.isMet(by: counts) ? .findings : .clean
  }

  private func write(
    _ findings: some Sequence<Finding>, run: RunDescription, coverage: Coverage, _ context: JobContext
  ) throws -> FindingCounts {
    let reports = try reports.reports(failOn: fails, in: context)
    var delivery = FindingDelivery(to: reports)
    try delivery.begin(run)
    for finding in findings { try delivery.receive(finding) }
    try delivery.finish(coverage, delivery.tally.counts)
    return delivery.tally.counts
  }

  private func tell(_ file: IdFixFile, _ source: String, _ context: JobContext) {
    if file.noise > 0 {
      context.events(
        .remark(
          "\(source): note: left out, as versions of IdFix up to 2.1.3.0 reported every address so: "
            + "\(Self.rows(file.noise)) with nothing but TopLevelDomain"))
    }
    if reports.isVerbose {
      context.events(.remark("\(source): note: \(file.kind.rawValue), \(Self.rows(file.rows.count))"))
    }
  }

  private static func rows(_ count: Int) -> String { "\(count) \(count == 1 ? "row" : "rows")" }

  // MARK: - Suppressions

  /// Adds to a file what is not in it yet; the file is replaced as a whole, or not at all.
  ///
  /// - Returns: whether all could be written.
  private func add(_ accepted: [Suppression], to path: String, _ context: JobContext) throws -> Bool {
    let new = accepted.filter(SuppressionFile.survives)
    if new.count < accepted.count {
      context.events(
        .failure(
          "\(accepted.count - new.count) of \(accepted.count) accepted rows cannot be written to \(path): a text in them does not survive in YAML"
        ))
    }
    let old = try TextFile.readIfThere(path)
    var known = Set(old.allSatisfy { $0 <= 0x20 } ? [] : try SuppressionFile.read(old, path: path).map(\.pattern))
    let added = new.filter { known.insert($0.pattern).inserted }
    guard !added.isEmpty else { return new.count == accepted.count }
    try WholeFile.replace(path, with: try SuppressionFile.appending(added, to: old, path: path))
    return new.count == accepted.count
  }
}
