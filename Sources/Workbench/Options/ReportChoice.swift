import Findings
import Reporting

extension ReportFormat {
  /// The format of a name.
  ///
  /// - Throws: `UsageError`.
  init(named name: String) throws(UsageError) {
    guard let format = ReportFormat(rawValue: name) else {
      throw UsageError("there is no format '\(name)'; formats are \(Self.names)")
    }
    self = format
  }
}

/// Which reports are written where.
public struct ReportChoice: Sendable {
  /// Name of the format on the output of the job.
  public var format: String?
  /// `FORMAT:FILE`, or `FILE` where its ending says the format, one for each further report.
  public var outputs: [String] = []
  /// Whether names, addresses and DNs become pseudonyms.
  public var redacts = false
  /// File with the key of the pseudonyms.
  public var redactionKeyFile: String?
  /// Whether the text report has more detail, and findings that are information.
  public var isVerbose = false
  /// Whether the text report has no findings.
  public var isSummary = false
  /// The most findings of one rule in the text report; nil: all.
  public var limit: Int?
  /// Name of the severity that a finding must have to be in a report; nil: warning for text, info for the others.
  public var minimumSeverity: String?
  /// Whether the text report only counts what the last run knew.
  public var leavesOutKnown = false
  /// What the reports are called; nil: as every report.
  public var title: String?
  /// Whether nothing is said beside reports that go to files.
  public var isQuiet = false

  /// Text on the output of the job.
  public init() {}

  /// Looks at the options without doing anything.
  ///
  /// - Throws: `UsageError` when they mean nothing.
  public func validate() throws(UsageError) {
    _ = try minimum
    if let limit, limit < 1 { throw UsageError("--limit is a number of findings, at least 1; --summary shows none") }
  }

  private var minimum: Severity? {
    get throws(UsageError) {
      guard let minimumSeverity else { return nil }
      guard let severity = Severity(rawValue: minimumSeverity) else {
        throw UsageError("--min-severity is one of error, warning, info, not '\(minimumSeverity)'")
      }
      return severity
    }
  }

  /// How much a text report tells.
  private var detail: TextDetail {
    get throws(UsageError) {
      var detail = TextDetail()
      detail.isVerbose = isVerbose
      detail.isSummary = isSummary
      detail.minimum = try minimum ?? (isVerbose ? .info : .warning)
      detail.limit = limit
      detail.leavesOutKnown = leavesOutKnown
      return detail
    }
  }

  /// The key of pseudonyms when there are to be any.
  private var redactionKey: RedactionKey? {
    get throws {
      guard redacts || redactionKeyFile != nil else { return nil }
      guard let redactionKeyFile else { return .random() }
      do {
        return try RedactionKey.load(path: redactionKeyFile)
      } catch {
        throw CommandFailure(message: error.description, status: .usage)
      }
    }
  }

  /// The formats that were asked for and where each goes; text on the output of the job when none was.
  ///
  /// - Throws: `UsageError`.
  func targets() throws(UsageError) -> [(format: ReportFormat, target: String)] {
    var targets: [(ReportFormat, String)] = []
    if let format { targets.append((try ReportFormat(named: format), "-")) }
    for option in outputs {
      let parts = option.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        guard let format = ReportFormat(ofFile: option) else {
          throw UsageError("--output is FORMAT:FILE, not '\(option)'")
        }
        targets.append((format, option))
        continue
      }
      targets.append((try ReportFormat(named: parts[0]), parts[1]))
    }
    if targets.isEmpty { targets = [(.text, "-")] }
    guard targets.filter({ $0.1 == "-" }).count <= 1 else {
      throw UsageError("only one report can go to standard output; give the others a file with --output FORMAT:FILE")
    }
    return targets
  }

  /// Whether a summary goes to the output of the job: who sends all reports to files still wants to know what came of it.
  var addsSummary: Bool {
    get throws(UsageError) {
      let targets = try targets()
      return !isQuiet && !targets.contains { $0.target == "-" }
    }
  }

  /// The reports that were asked for.
  ///
  /// - Parameters:
  ///   - failOn: which findings are failures, for formats that tell failures apart.
  ///   - isTable: whether the text report is the table of what was looked at.
  func reports(failOn: FailOn, isTable: Bool = false, in context: JobContext) throws -> [Report] {
    let targets = try targets()
    let key = try redactionKey
    func report(_ format: ReportFormat, _ target: String, _ detail: TextDetail) throws -> Report {
      try Report(
        format: format, target: target, detail: detail, minimum: try minimum ?? .info, isTable: isTable,
        redactionKey: key, fails: failOn.isMet(by:), in: context)
    }
    let detail = try detail
    var reports = try targets.map { try report($0.format, $0.target, detail) }
    // It comes last, when the files are whole.
    if try addsSummary {
      var summary = detail
      summary.isSummary = true
      summary.files = targets.map { "\($0.format.rawValue) \($0.target)" }
      reports.append(try report(.text, "-", summary))
    }
    return reports
  }
}
