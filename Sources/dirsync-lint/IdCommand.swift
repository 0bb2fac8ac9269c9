import ArgumentParser
import Directory
import Glibc
import Reporting

/// `id`: every form of an identifier.
struct IdCommand: StatusCommand {
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
    guard ["text", "json", "ndjson"].contains(format) else {
      throw ValidationError("there is no format '\(format)' here; formats are text, json, ndjson")
    }
    guard !values.isEmpty else { throw ValidationError("name an identifier, or - for standard input") }
  }

  func status() throws -> ExitStatus {
    var report = IdentifierReport()
    if format == "json" { report.bytes += Array("[".utf8) }
    var count = 0
    for value in values {
      for text in value == "-" ? try Self.standardInput() : [value] {
        let identifier = Identifier(text)
        if format == "text" {
          report.append(text: identifier)
        } else {
          if format == "json", count > 0 { report.bytes += Array(",\n".utf8) }
          report.append(json: identifier)
          if format == "ndjson" { report.bytes.append(10) }
        }
        count += 1
      }
    }
    if format == "json" { report.bytes += Array("]\n".utf8) }
    let output = ReportOutput(descriptor: STDOUT_FILENO)
    do {
      try output.write(report.bytes)
      try output.flush()
    } catch ReportError.closedPipe {
      return .clean
    }
    return .clean
  }

  /// The lines of standard input that are not blank.
  private static func standardInput() throws -> [String] {
    let bytes = try TextFile.read("/dev/stdin")
    return String(decoding: bytes, as: UTF8.self).split { $0.isNewline }.map(String.init).filter {
      !$0.allSatisfy(\.isWhitespace)
    }
  }
}
