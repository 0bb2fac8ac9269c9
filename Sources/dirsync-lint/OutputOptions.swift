import Bytes
import ArgumentParser
import Findings
import Glibc
import Reporting
import RuleSet

/// A report format.
enum ReportFormat: String, CaseIterable {
  case text, json, ndjson, csv
  case idfixCSV = "idfix-csv"
  case html, markdown, sarif, junit
  case prometheus

  init(named name: String) throws {
    guard let format = ReportFormat(rawValue: name) else {
      let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("there is no format '\(name)'; formats are \(names)")
    }
    self = format
  }
}

/// Options about what reports are written where.
struct ReportOptions: ParsableArguments {
  @Option(
    help: "Format on standard output: text, json, ndjson, csv, idfix-csv, html, markdown, sarif, junit, prometheus.")
  var format: String?

  @Option(help: "FORMAT:FILE, a report written to a file; repeatable. `-` is standard output.")
  var output: [String] = []

  @Flag(help: "Pseudonyms in place of names, addresses and DNs in every report.")
  var redact = false

  @Option(
    help: ArgumentHelp(
      "File with the key of the pseudonyms, made when it is not there; without it they differ in every run.",
      valueName: "file"))
  var redactKey: String?

  @Flag(name: .shortAndLong, help: "More detail in the text report.")
  var verbose = false

  /// The key of pseudonyms when there are to be any.
  private var redactionKey: RedactionKey? {
    get throws {
      guard redact || redactKey != nil else { return nil }
      guard let redactKey else { return .random() }
      do {
        return try RedactionKey.load(path: redactKey)
      } catch {
        throw ProgramFailure(message: error.description, status: .usage)
      }
    }
  }

  /// The reports that were asked for; text on standard output when none was.
  ///
  /// - Parameter failOn: which findings are failures, for formats that tell failures apart.
  func reports(failOn: FailOn) throws -> [Report] {
    var targets: [(ReportFormat, String)] = []
    if let format { targets.append((try ReportFormat(named: format), "-")) }
    for option in output {
      let parts = option.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw ValidationError("--output is FORMAT:FILE, not '\(option)'") }
      targets.append((try ReportFormat(named: parts[0]), parts[1]))
    }
    if targets.isEmpty { targets = [(.text, "-")] }
    guard targets.filter({ $0.1 == "-" }).count <= 1 else {
      throw ValidationError(
        "only one report can go to standard output; give the others a file with --output FORMAT:FILE")
    }
    let key = try redactionKey
    return try targets.map { (format, target) in
      try Report(
        format: format, target: target, isVerbose: verbose, redactionKey: key, fails: failOn.isMet(by:))
    }
  }
}

/// Options about what is written and what the exit status says.
struct OutputOptions: ParsableArguments {
  @OptionGroup var report: ReportOptions

  @Option(
    help: """
      What makes the exit status 1: a finding of at least this severity (error, warning, info), or one that is new. \
      Without the option error, for `audit run` new.
      """)
  var failOn: String?

  @Option(help: "Progress on standard error: auto, always, never.")
  var progress = "auto"

  @Flag(name: .shortAndLong, help: "No progress, and no problems on standard error.")
  var quiet = false

  /// Whether the text report is to be detailed.
  var verbose: Bool { report.verbose }

  var showsProgress: Bool { get throws { try Self.showsProgress(progress, isQuiet: quiet) } }

  /// Whether `--progress` asks for it; `auto` goes by the terminal.
  static func showsProgress(_ progress: String, isQuiet: Bool) throws -> Bool {
    switch progress {
    case "always": return true
    case "never": return false
    case "auto": return !isQuiet && isatty(STDERR_FILENO) == 1 && getenv("CI") == nil
    default: throw ValidationError("--progress is one of auto, always, never, not '\(progress)'")
    }
  }

  /// What makes the exit status 1.
  func failing(orElse standard: FailOn) throws -> FailOn { try failOn.map { try FailOn(named: $0) } ?? standard }

  /// The reports that were asked for; text on standard output when none was.
  func reports(failOn standard: FailOn = .severity(.error)) throws -> [Report] {
    try report.reports(failOn: try failing(orElse: standard))
  }
}

/// One report and where it goes.
final class Report {
  private var sink: any FindingSink
  private let output: ReportOutput
  private let path: String
  private var isClosed = false
  /// A file that takes the place of the target once it is whole, for readers that come at any moment.
  private var draft: AtomicFile?
  /// Whether the report counts findings rather than showing them, so that it needs those that are not to be shown.
  let countsFindings: Bool
  /// Whether the report shows how earlier runs went.
  let showsTrend: Bool

  /// Opens a report.
  ///
  /// - Throws: `ProgramFailure` when the file cannot be written.
  init(
    format: ReportFormat, target: String, isVerbose: Bool, redactionKey: RedactionKey? = nil,
    fails: @escaping (Finding) -> Bool
  ) throws {
    path = target
    countsFindings = format == .prometheus
    showsTrend = format == .html
    var descriptor = STDOUT_FILENO
    do throws(SystemError) {
      if target != "-", format == .prometheus {
        // All may read it: it holds numbers, and its reader is another user.
        let draft = try AtomicFile(replacing: target, mode: 0o644)
        self.draft = draft
        descriptor = draft.descriptor.number
      } else if target != "-" {
        descriptor = try FileDescriptor.open(writing: target, newFileMode: 0o600).number
      }
    } catch {
      throw ProgramFailure(message: "cannot write \(target): \(error)", status: .usage)
    }
    output = ReportOutput(descriptor: descriptor)
    switch format {
    case .text:
      let isColoured = output.isTerminal && getenv("NO_COLOR") == nil
      sink = TextReport(
        output: output, usesColour: isColoured, isVerbose: isVerbose,
        width: output.isTerminal ? ProgressLine.columns(of: descriptor) : 100)
    case .json: sink = JSONReport(output: output)
    case .ndjson: sink = NDJSONReport(output: output)
    case .csv: sink = CSVReport(output: output)
    case .idfixCSV: sink = IdFixCSVReport(output: output)
    case .prometheus: sink = PrometheusReport(output: output, finishedAt: Timestamp.now)
    case .html: sink = HTMLReport(output: output)
    case .markdown: sink = MarkdownReport(output: output)
    case .sarif: sink = SARIFReport(output: output)
    case .junit: sink = JUnitReport(output: output, fails: fails)
    }
    if let redactionKey {
      sink = RedactingSink(sink, key: redactionKey) { TopLevelDomains.shipped.contains(label: Array($0.utf8)) }
    }
  }

  /// Whether the reader has gone away (`| head`).
  var isGone: Bool { isClosed }

  func begin(_ run: RunDescription) throws { try guarded { try sink.begin(run) } }
  func receive(_ finding: Finding) throws { try guarded { try sink.receive(finding) } }
  func receive(packed finding: PackedFinding) throws { try guarded { try sink.receive(packed: finding) } }
  func finish(_ coverage: Coverage, _ counts: FindingCounts) throws {
    try guarded {
      try sink.finish(coverage: coverage, counts: counts)
      try output.flush()
    }
    try replaceTarget()
  }

  private func replaceTarget() throws {
    guard let draft, !isClosed else { return }
    do throws(SystemError) { try draft.commit(isDurable: false) } catch {
      throw ProgramFailure(message: "cannot write \(path): \(error)", status: .partial)
    }
    self.draft = nil
  }

  private func guarded(_ work: () throws -> Void) throws {
    guard !isClosed else { return }
    do {
      try work()
    } catch ReportError.closedPipe {
      isClosed = true
    } catch let error as ReportError {
      throw ProgramFailure(message: "\(path == "-" ? "standard output" : path): \(error)", status: .partial)
    }
  }
}
