import Directory
import Findings
import Reporting

/// A report format.
enum ReportFormat: String, CaseIterable {
  case text, json, ndjson, csv
  case idfixCSV = "idfix-csv"
  case html, markdown, sarif, junit
  case prometheus

  init(named name: String) throws {
    guard let format = ReportFormat(rawValue: name) else {
      let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("there is no format '\(name)'; formats are \(names)")
    }
    self = format
  }
}

/// Which reports are written where.
public struct ReportChoice: Sendable {
  /// Name of the format on the output of the job.
  public var format: String?
  /// `FORMAT:FILE`, one for each further report.
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

  /// The reports that were asked for; text on standard output when none was.
  ///
  /// - Parameter failOn: which findings are failures, for formats that tell failures apart.
  func reports(failOn: FailOn, in context: JobContext) throws -> [Report] {
    var targets: [(ReportFormat, String)] = []
    if let format { targets.append((try ReportFormat(named: format), "-")) }
    for option in outputs {
      let parts = option.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw UsageError("--output is FORMAT:FILE, not '\(option)'") }
      targets.append((try ReportFormat(named: parts[0]), parts[1]))
    }
    if targets.isEmpty { targets = [(.text, "-")] }
    guard targets.filter({ $0.1 == "-" }).count <= 1 else {
      throw UsageError(
        "only one report can go to standard output; give the others a file with --output FORMAT:FILE")
    }
    let key = try redactionKey
    return try targets.map { (format, target) in
      try Report(
        format: format, target: target, isVerbose: isVerbose, redactionKey: key, fails: failOn.isMet(by:), in: context)
    }
  }
}
