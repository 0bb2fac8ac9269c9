import Bytes
import Directory

/// Where entries are, before anything is opened.
public enum SourcePlace: Sendable {
  /// A file by its path. What it is and how it is compressed is told by its content.
  case file(String)
  /// Standard input, of which the same is true.
  case standardInput
  /// A directory that is asked for its entries.
  case server(any EntryServer)

  /// A place as it is named on a command line: a file, or `-` for standard input.
  public init(argument: String) { self = argument == "-" ? .standardInput : .file(argument) }

  /// The name in messages.
  public var name: String {
    switch self {
    case .file(let path): path
    case .standardInput: "<stdin>"
    case .server(let server): server.name
    }
  }

  /// Whether the filters of a request are answered; if not, the source has all its entries.
  public var answersFilters: Bool {
    if case .server(let server) = self { server.answersFilters } else { false }
  }
}

/// A directory that is asked for its entries; for sources outside this module.
public protocol EntryServer: Sendable {
  /// The name in messages.
  var name: String { get }
  /// Whether the filters of a request are answered. An entry that several of them find may come several times.
  var answersFilters: Bool { get }

  /// Connects.
  ///
  /// - Throws: `SourceFailure` when it is not available.
  func open(_ request: EntryRequest) throws(SourceFailure) -> any EntrySource
}

/// The door to entries: whatever holds them is opened here.
public enum Entries {
  /// Opens a source.
  ///
  /// - Throws: `SourceFailure` when it is not available, or nothing that holds entries.
  public static func open(
    _ place: SourcePlace, _ request: EntryRequest = EntryRequest()
  ) throws(SourceFailure) -> any EntrySource {
    if case .server(let server) = place { return try server.open(request) }
    do throws(ReadFailure) {
      let input =
        if case .file(let path) = place { try DecompressedInput(path: path) } else {
          try DecompressedInput(descriptor: 0, name: place.name, shouldStop: request.shouldStop)
        }
      return open(input, request)
    } catch {
      throw SourceFailure(error, source: place.name)
    }
  }

  /// A source of what is left of an input, by what its first bytes are.
  static func open(_ input: DecompressedInput, _ request: EntryRequest) -> any EntrySource {
    // Damage in the first bytes is told like damage anywhere else, by the reader that meets it.
    if (try? ConnectorSpaceSource.recognizes(input)) ?? false {
      return ConnectorSpaceSource(
        input, selection: request.includesDeleted ? .objects : .entries, blockSize: request.blockSize,
        recordSize: request.recordSize, shouldStop: request.shouldStop)
    }
    // What is no LDIF either is told by the reader, when it meets the first record.
    let reader = LDIFBlockReader(input, blockSize: request.blockSize, recordSize: request.recordSize)
    reader.isEager = request.isEager
    return reader
  }
}
