import Bytes
import Directory
import Findings
import Reporting
import RuleSet

/// One report and where it goes.
final class Report {
  private var sink: any FindingSink
  private let output: ReportOutput
  private let path: String
  private var isClosed = false
  /// A file that takes the place of the target once it is whole, for readers that come at any moment.
  private var draft: AtomicFile?
  private var file: FileDescriptor?
  /// Whether the report counts findings rather than showing them, so that it needs those that are not to be shown.
  let countsFindings: Bool
  /// Whether the report shows how earlier runs went.
  let showsTrend: Bool

  /// Opens a report.
  ///
  /// - Throws: `CommandFailure` when the file cannot be written.
  init(
    format: ReportFormat, target: String, isVerbose: Bool, redactionKey: RedactionKey? = nil,
    fails: @escaping (Finding) -> Bool, in context: JobContext
  ) throws {
    path = target
    countsFindings = format == .prometheus
    showsTrend = format == .html
    do throws(SystemError) {
      if target == "-" {
        output = context.output
      } else if format == .prometheus {
        // All may read it: it holds numbers, and its reader is another user.
        let draft = try AtomicFile(replacing: target, mode: 0o644)
        self.draft = draft
        output = ReportOutput(descriptor: draft.descriptor.number)
      } else {
        let file = try FileDescriptor.open(writing: target, newFileMode: 0o600)
        self.file = file
        output = ReportOutput(descriptor: file.number)
      }
    } catch {
      throw CommandFailure(message: "cannot write \(target): \(error)", status: .usage)
    }
    switch format {
    case .text:
      sink = TextReport(
        output: output, usesColour: output.isTerminal && context.allowsColour, isVerbose: isVerbose,
        width: output.columns ?? 100)
    case .json: sink = JSONReport(output: output)
    case .ndjson: sink = NDJSONReport(output: output)
    case .csv: sink = CSVReport(output: output)
    case .idfixCSV: sink = IdFixCSVReport(output: output)
    case .prometheus: sink = PrometheusReport(output: output, finishedAt: context.now)
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

  deinit { file?.close() }

  private func replaceTarget() throws {
    guard let draft, !isClosed else { return }
    do throws(SystemError) { try draft.commit(isDurable: false) } catch {
      throw CommandFailure(message: "cannot write \(path): \(error)", status: .partial)
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
      throw CommandFailure(message: "\(path == "-" ? "standard output" : path): \(error)", status: .partial)
    }
  }
}
