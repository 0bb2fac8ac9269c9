import Directory
import Reporting

/// `id`: every form of an identifier.
public struct IdentifierJob: Job {
  /// The forms of the answer.
  public enum Format: String, CaseIterable, Sendable {
    case text, json, ndjson
  }

  /// Identifiers; `-` stands for the lines of standard input.
  public var values: [String]
  /// The form of the answer.
  public var format: Format

  /// A job; see the properties.
  public init(_ values: [String], format: Format = .text) {
    self.values = values
    self.format = format
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) {
    files.writesStandardOutput()
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    var report = IdentifierReport()
    if format == .json { report.bytes += Array("[".utf8) }
    var count = 0
    for value in values {
      for text in value == "-" ? try Self.standardInput() : [value] {
        let identifier = Identifier(text)
        if format == .text {
          report.append(text: identifier)
        } else {
          if format == .json, count > 0 { report.bytes += Array(",\n".utf8) }
          report.append(json: identifier)
          if format == .ndjson { report.bytes.append(10) }
        }
        count += 1
      }
    }
    if format == .json { report.bytes += Array("]\n".utf8) }
    try context.write(report.bytes)
    return Outcome(.clean)
  }

  /// The lines of standard input that are not blank.
  private static func standardInput() throws -> [String] {
    let bytes = try TextFile.read("/dev/stdin")
    return String(decoding: bytes, as: UTF8.self).split { $0.isNewline }.map(String.init).filter {
      !$0.allSatisfy(\.isWhitespace)
    }
  }
}
