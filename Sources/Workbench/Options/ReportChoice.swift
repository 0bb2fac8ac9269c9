import Directory
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
  /// Whether the text report has more detail.
  public var isVerbose = false

  /// Text on the output of the job.
  public init() {}

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

  /// The reports that were asked for.
  ///
  /// - Parameters:
  ///   - failOn: which findings are failures, for formats that tell failures apart.
  ///   - isTable: whether the text report is the table of what was looked at.
  func reports(failOn: FailOn, isTable: Bool = false, in context: JobContext) throws -> [Report] {
    let targets = try targets()
    let key = try redactionKey
    return try targets.map { (format, target) in
      try Report(
        format: format, target: target, isVerbose: isVerbose, isTable: isTable, redactionKey: key,
        fails: failOn.isMet(by:), in: context)
    }
  }
}
