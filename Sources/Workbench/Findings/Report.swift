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
  /// The file of the report; nil on standard output, and once it is whole.
  private var file: OutputFile?
  let format: ReportFormat
  private let minimum: Severity

  /// Opens a report.
  ///
  /// - Parameters:
  ///   - detail: how much a text report tells.
  ///   - minimum: how loud a finding must be for the other formats to have it.
  /// - Throws: `CommandFailure` when the file cannot be written.
  init(
    format: ReportFormat, target: String, detail: TextDetail, minimum: Severity = .info, isTable: Bool = false,
    redactionKey: RedactionKey? = nil, fails: @escaping (Finding) -> Bool, in context: JobContext
  ) throws {
    path = target
    self.format = format
    // The text report tells of what it leaves out, and counting ones need all.
    self.minimum = format == .text && !isTable || format.isCounting ? .info : minimum
    do throws(SystemError) {
      if target == "-" {
        output = context.output
      } else {
        // Some are read by another user, and hold numbers only.
        let file = try OutputFile(writing: target, mode: format.isPublic ? 0o644 : nil, newFileMode: 0o600)
        self.file = file
        output = ReportOutput(descriptor: file.descriptor.number)
      }
    } catch {
      throw CommandFailure(message: "cannot write \(target): \(error)", status: .usage)
    }
    guard !format.isBinary || !output.isTerminal else {
      throw UsageError("\(format.rawValue) is no text for a terminal; name a file: --output \(format.rawValue):FILE")
    }
    var options = ReportFormat.Options()
    options.usesColour = context.usesColour(on: output)
    options.detail = detail
    options.isTable = isTable
    options.width = output.columns ?? 100
    options.finishedAt = context.now
    options.fails = fails
    options.tell = { context.events(.message("\(format.rawValue) \(target == "-" ? "report" : target): \($0)")) }
    sink = format.make(output, options)
    if let redactionKey {
      sink = RedactingSink(sink, key: redactionKey) { TopLevelDomains.shipped.contains(label: Array($0.utf8)) }
    }
  }

  /// Whether programs read it, or people do who did not see what the run told them: anything but text on standard output.
  var isData: Bool { format != .text || path != "-" }

  /// Whether the reader has gone away (`| head`).
  var isGone: Bool { isClosed }

  func begin(_ run: RunDescription) throws { try guarded { try sink.begin(run) } }
  func receive(_ finding: Finding) throws {
    guard finding.severity >= minimum else { return }
    try guarded { try sink.receive(finding) }
  }
  /// Writes what is in the buffer.
  func flush() throws { try guarded { try output.flush() } }
  func finish(_ coverage: Coverage, _ counts: FindingCounts) throws {
    try guarded {
      try sink.finish(coverage: coverage, counts: counts)
      try output.flush()
    }
    try replaceTarget()
  }

  private func replaceTarget() throws {
    guard let file, !isClosed else { return }
    do throws(SystemError) { try file.commit() } catch {
      throw CommandFailure(message: "cannot write \(path): \(error)", status: .partial)
    }
    self.file = nil
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
