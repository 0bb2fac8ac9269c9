import ArgumentParser
import SyncErrors

/// `event-log-records`: reads a Windows event log for `resolve`, in a process of its own.
///
/// The library that reads event logs is written in C and gets files of strangers. If one breaks it, only this process ends.
struct EventLogRecordsCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "event-log-records", abstract: "Print the records of a Windows event log, one a line.",
    shouldDisplay: false)

  @Argument(help: "The event log (.evtx).") var file: String

  func status() throws -> ExitStatus {
    EventLogLines.read(file) { StandardOutput.write($0) }
    return .clean
  }
}
