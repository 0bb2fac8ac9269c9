import ArgumentParser
import Bytes
import Workbench

/// `event-log-records`: reads a Windows event log for `resolve`, in a process of its own.
///
/// The library that reads event logs is written in C and gets files of strangers. If one breaks it, only this process ends.
struct EventLogRecordsCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "event-log-records", abstract: "Print the records of a Windows event log, one a line.",
    shouldDisplay: false)

  @Argument(help: "The event log (.evtx).") var file: String

  func job() throws -> any Job {
    ProcessLimits.shutIn()
    return EventLogRecordsJob(file: file)
  }
}
