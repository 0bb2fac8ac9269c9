import Bytes
import ArgumentParser
import Stores
import Directory
import Findings
import Glibc
import Entries
import Reporting
import RuleEngine
import RuleSet

/// Runs the command line and turns every way to fail into a message on standard error and an exit status.
enum CommandLineProgram {
  static func run() -> ExitStatus {
    do {
      var command = try Configuration(Array(CommandLine.arguments.dropFirst())).parse(DirsyncLint.self)
      if let command = command as? any StatusCommand { return try command.status() }
      try command.run()
      return .clean
    } catch {
      return report(error)
    }
  }

  private static func report(_ error: any Error) -> ExitStatus {
    switch error {
    case let failure as ProgramFailure:
      StandardError.write("dirsync-lint: error: \(failure.message)")
      return failure.status
    case let problems as RuleProblems:
      for problem in problems.problems { StandardError.write(problem.description) }
      return .usage
    case let problem as RuleProblem:
      StandardError.write(problem.description)
      return .usage
    case let failure as StoreFailure:
      StandardError.write("dirsync-lint: error: \(failure)")
      return failure.kind == .noSuchRun ? .usage : .unavailable
    case let error as ReportFileError:
      StandardError.write("\(error.location): error: \(error.message)")
      return .usage
    case let failure as SpoolFailure:
      StandardError.write("dirsync-lint: error: \(failure.description)")
      return .partial
    case let failure as SourceFailure:
      StandardError.write("dirsync-lint: error: \(failure.description)")
      return failure.isUnavailable ? .unavailable : .partial
    case ReportError.closedPipe:
      return .clean
    case let failure as ReportError:
      StandardError.write("dirsync-lint: error: \(failure.description)")
      return .partial
    case let failure as PatternFailure:
      StandardError.write("dirsync-lint: error: pattern `\(failure.pattern)`: \(failure.message)")
      return .usage
    default:
      return reportParserError(error)
    }
  }

  private static func reportParserError(_ error: any Error) -> ExitStatus {
    let text = DirsyncLint.fullMessage(for: error)
    if DirsyncLint.exitCode(for: error).isSuccess {
      StandardOutput.write(text)
      return .clean
    }
    StandardError.write(text)
    return .usage
  }
}

/// The root command.
struct DirsyncLint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dirsync-lint",
    abstract: "Finds what would break or be lost when a directory is synchronized to Microsoft 365.",
    discussion: """
      Exit status: 0 all read, nothing found; 1 findings at or above --fail-on; 2 usage or rule error; 3 read only in \
      part; 4 source not available; 130 interrupted.
      """,
    version: "\(ProgramVersion.current) (top-level domains of \(TopLevelDomains.shipped.date))",
    subcommands: [
      LintCommand.self, AuditCommand.self, ResolveCommand.self, EntriesCommand.self, IdCommand.self, RulesCommand.self,
      ExplainCommand.self, ConvertCommand.self, EventLogRecordsCommand.self,
      DoctorCommand.self,
    ],
    defaultSubcommand: LintCommand.self)
}
