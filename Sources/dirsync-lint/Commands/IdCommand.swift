import ArgumentParser
import Workbench

/// `id`: every form of an identifier.
struct IdCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "id", abstract: "Show every form of an identifier, and what it is.",
    discussion: """
      VALUE is a GUID, a source anchor (immutable id), a connector-space DN, a SID, a DN, an address or an account, in any \
      form; - reads one from each line of standard input. A text that looks like none of these is taken as a name.
      """)

  @Option(help: "text, json (an array) or ndjson.")
  var format = "text"

  @Argument(parsing: .allUnrecognized, help: ArgumentHelp("What to show.", valueName: "value"))
  var values: [String]

  func validate() throws {
    try checked { _ = try IdentifierJob.Format(format: format) }
    guard !values.isEmpty else { throw ValidationError("name an identifier, or - for standard input") }
  }

  func job() throws -> any Job { IdentifierJob(values, format: try IdentifierJob.Format(format: format)) }
}
