import ArgumentParser
import Findings
import Glibc
import Reporting
import RuleSet
import Workbench

/// Runs the command line: arguments to a job, its outcome to an exit status.
enum CommandLineProgram {
  static func run() -> ExitStatus {
    do {
      let names = DirsyncLint.configuration.subcommands.compactMap { $0.configuration.commandName }
      try SourceOptions.validate(command: Arguments.typed.first, among: names)
      let configuration = try Configuration(Arguments.typed)
      var command = try configuration.parse(DirsyncLint.self)
      if let command = command as? any JobCommand {
        let job = try command.job()
        var context = context(try command.console)
        context.configuration = configuration.path
        context.arguments = Arguments.typed
        return job.outcome(in: context).status
      }
      try command.run()
      return .clean
    } catch {
      return
        (context(ConsoleSettings()).outcome(of: error) ?? MessageJob(error).outcome(in: context(ConsoleSettings())))
        .status
    }
  }

  private static func context(_ settings: ConsoleSettings) -> JobContext {
    let console = Console(settings) { DirsyncLint.fullMessage(for: ValidationError($0)) }
    return JobContext(
      output: ReportOutput(descriptor: STDOUT_FILENO), colour: settings.colour,
      cancellation: Interruption.cancellation, events: console.show)
  }
}

/// What the parser has to say: help and the version on standard output, mistakes on standard error.
private struct MessageJob: Job {
  let error: any Error

  func name(_ files: inout NamedFiles) {}

  init(_ error: any Error) { self.error = error }

  func run(_ context: JobContext) throws -> Outcome {
    let text = DirsyncLint.fullMessage(for: error)
    guard DirsyncLint.exitCode(for: error).isSuccess else {
      context.events(.line(text))
      return Outcome(.usage)
    }
    try context.print(text)
    return Outcome(.clean)
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
      DoctorCommand.self, ReportCommand.self,
    ],
    defaultSubcommand: LintCommand.self)
}
