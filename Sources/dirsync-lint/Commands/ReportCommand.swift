import ArgumentParser
import Workbench

/// `report`: a report of a run, rendered again.
struct ReportCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Render a report again, in any format.",
    discussion: """
      FILE is a report in the format json (or ndjson, which says less), - is standard input. Nothing is judged again.

      Example: dirsync-lint report night.json --output report.html --output actions.csv
      """)

  @OptionGroup(title: "Output") var outputs: ReportOptions
  @Argument(help: ArgumentHelp("The report, or - for standard input.", valueName: "file")) var file: String

  var console: ConsoleSettings { ConsoleSettings(colour: outputs.colours.colour) }

  func job() throws -> any Job {
    var job = ReportJob(file: file)
    job.reports = outputs.choice
    return job
  }
}
