import ConnectorSpace
import DirectoryModel
import LDIF
import Linting

/// What the arguments that name sources mean.
enum SourceOptions {
  /// A source as named on the command line: a file, or `-` for standard input. What it is (LDIF, a connector-space
  /// export) is told by its content when it is opened.
  static func source(_ argument: String) -> LintSource {
    let name = argument == "-" ? LintSource.standardInput.name : argument
    return .records(name: name) { (request) throws(SourceFailure) in
      let input =
        argument == "-"
        ? try DecompressedInput(descriptor: 0, name: name, shouldStop: request.shouldStop)
        : try DecompressedInput(path: argument)
      return try records(of: input, request)
    }
  }

  private static func records(
    of input: DecompressedInput, _ request: RecordRequest
  ) throws(SourceFailure) -> any RecordSource {
    // Damage in the first bytes is told like damage anywhere else, by the reader that meets it.
    let isExport = (try? ConnectorSpaceSource.recognizes(input)) ?? false
    guard isExport else { return LDIFBlockReader(input, blockSize: request.blockSize) }
    return ConnectorSpaceSource(input, blockSize: request.blockSize, shouldStop: request.shouldStop)
  }
}
