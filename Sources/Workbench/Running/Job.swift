import Findings
import Reporting

/// A command with its options: a value that runs without a process, an argument list or a terminal.
public protocol Job {
  /// Names every file that the job reads or writes. Asked for first: nothing is opened when one is written that is something
  /// else as well.
  ///
  /// - Throws: `UsageError` when the options mean nothing.
  func name(_ files: inout NamedFiles) throws

  /// Does the work.
  ///
  /// - Throws: why it cannot go on; `outcome(in:)` turns that into a message and a status.
  func run(_ context: JobContext) throws -> Outcome
}

/// What a job came to.
public struct Outcome: Sendable {
  /// What the exit status says.
  public var status: ExitStatus
  /// How many findings there were; nil for jobs that judge nothing.
  public var counts: FindingCounts?
  /// What was read and judged; nil for jobs that read no entries.
  public var coverage: Coverage?
  /// Why the status is `partial`, each in a few words; told whatever the format of the results is.
  public var reasons: [String]

  /// An outcome; see the properties.
  ///
  /// - Parameter reasons: nil: what the coverage says.
  public init(
    _ status: ExitStatus, counts: FindingCounts? = nil, coverage: Coverage? = nil, reasons: [String]? = nil
  ) {
    self.reasons = reasons ?? coverage?.reasonsForGaps ?? []
    self.status = status
    self.counts = counts
    self.coverage = coverage
  }
}

extension Job {
  /// Runs the job to its end, whatever that is: what it throws becomes events and a status.
  public func outcome(in context: JobContext) -> Outcome {
    do {
      try context.checkFiles(of: self)
      let outcome = try run(context)
      // Who has stopped to read the last lines knows what he wants of them.
      do { try context.flush() } catch ReportError.closedPipe {}
      if outcome.status == .partial { context.tellReasons(outcome.reasons) }
      return outcome
    } catch {
      if let outcome = context.outcome(of: error) { return outcome }
      context.events(.failure("\(error)"))
      return Outcome(.usage)
    }
  }
}

extension JobContext {
  /// Says in one line why something was read only in part: many formats have no place for it, and nobody reads a report of
  /// which only the exit status is looked at.
  fileprivate func tellReasons(_ reasons: [String]) {
    guard !reasons.isEmpty else { return }
    let shown = reasons.prefix(5).map { $0.count > 300 ? $0.prefix(300) + "…" : $0 }
    let rest = reasons.count > shown.count ? "; and \(reasons.count - shown.count) more" : ""
    events(.message("read only in part: \(shown.joined(separator: "; "))\(rest)"))
  }

  /// - Throws: `CommandFailure` when a file is written that is something else as well.
  fileprivate func checkFiles(of job: some Job) throws {
    var files = NamedFiles(standardOutput: output.descriptor)
    files.reads(configuration, "--config")
    try job.name(&files)
    try files.check()
  }

  /// Tells why a job ended, or could not begin; nil for an error that the workbench does not know.
  public func outcome(of error: any Error) -> Outcome? {
    guard let end = JobEnd(error) else { return nil }
    for event in end.events { events(event) }
    return Outcome(end.status)
  }
}
