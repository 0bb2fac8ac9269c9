import Findings
import Reporting

/// A command with its options: a value that runs without a process, an argument list or a terminal.
public protocol Job {
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

  /// An outcome; see the properties.
  public init(_ status: ExitStatus, counts: FindingCounts? = nil, coverage: Coverage? = nil) {
    self.status = status
    self.counts = counts
    self.coverage = coverage
  }
}

extension Job {
  /// Runs the job to its end, whatever that is: what it throws becomes events and a status.
  public func outcome(in context: JobContext) -> Outcome {
    do {
      let outcome = try run(context)
      // Who has stopped to read the last lines knows what he wants of them.
      do { try context.flush() } catch ReportError.closedPipe {}
      return outcome
    } catch {
      if let outcome = context.outcome(of: error) { return outcome }
      context.events(.failure("\(error)"))
      return Outcome(.usage)
    }
  }
}

extension JobContext {
  /// Tells why a job ended, or could not begin; nil for an error that the workbench does not know.
  public func outcome(of error: any Error) -> Outcome? {
    guard let end = JobEnd(error) else { return nil }
    for event in end.events { events(event) }
    return Outcome(end.status)
  }
}
