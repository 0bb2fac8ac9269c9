import Bytes
import Directory
import Entries
import Findings
import Reporting
import RuleEngine
import RuleSet
import Stores

/// How an error ends a job: what is told, and the status.
struct JobEnd {
  var status: ExitStatus
  var events: [JobEvent] = []

  private init(_ status: ExitStatus, _ events: JobEvent...) {
    self.status = status
    self.events = events
  }

  /// nil for an error that nothing is known of.
  init?(_ error: any Error) {
    switch error {
    case let error as UsageError: self.init(.usage, .usage(error.message))
    case let failure as CommandFailure: self.init(failure.status, .failure(failure.message))
    case let problems as RuleProblems:
      self.init(.usage)
      events = problems.problems.map { .line($0.description) }
    case let problem as RuleProblem: self.init(.usage, .line(problem.description))
    case let failure as StoreFailure:
      self.init(failure.kind == .noSuchRun ? .usage : .unavailable, .failure("\(failure)"))
    case let error as ReportFileError: self.init(.usage, .line("\(error.location): error: \(error.message)"))
    case let failure as SpoolFailure: self.init(.partial, .failure(failure.description))
    case let failure as SourceFailure:
      self.init(failure.isUnavailable ? .unavailable : .partial, .failure(failure.description))
    // A reader that has seen enough is no failure.
    case ReportError.closedPipe: self.init(.clean)
    case let failure as ReportError: self.init(.partial, .failure(failure.description))
    case let failure as PatternFailure:
      self.init(.usage, .failure("pattern `\(failure.pattern)`: \(failure.message)"))
    default: return nil
    }
  }
}
