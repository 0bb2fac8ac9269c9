import Directory
import Entries

/// What a run asks of a source of entries.
public struct RecordRequest: Sendable {
  /// Names of the attributes that the run looks at; a source may leave others out. Empty: all are wanted.
  public var attributes: [String]
  /// Ids of the rules that need an attribute, by its name in lower case, for saying who cannot judge without it.
  public var rules: [String: [String]]
  /// Bytes of text that a worker takes at once.
  public var blockSize: Int
  /// Whether the user wants the run to end; asked while waiting.
  public var shouldStop: @Sendable () -> Bool

  /// A request; see the properties.
  public init(
    attributes: [String], rules: [String: [String]] = [:], blockSize: Int = LDIFBlockReader.defaultBlockSize,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    self.attributes = attributes
    self.rules = rules
    self.blockSize = blockSize
    self.shouldStop = shouldStop
  }
}

/// A source of entries, to be opened when its turn comes.
public enum LintSource: Sendable {
  /// A file of LDIF text by its path.
  case file(String)
  /// LDIF text on standard input.
  case standardInput
  /// Any other source: its name in messages, and how to open it.
  case records(name: String, open: @Sendable (RecordRequest) throws(SourceFailure) -> any RecordSource)

  /// The name in messages.
  public var name: String {
    switch self {
    case .file(let path): path
    case .standardInput: "<stdin>"
    case .records(let name, _): name
    }
  }

  /// Opens the source.
  ///
  /// - Throws: `SourceFailure` when it is not available.
  public func open(_ request: RecordRequest) throws(SourceFailure) -> any RecordSource {
    switch self {
    case .file(let path): try LDIFBlockReader(path: path, blockSize: request.blockSize)
    case .standardInput:
      try LDIFBlockReader(
        descriptor: 0, name: name, blockSize: request.blockSize, shouldStop: request.shouldStop)
    case .records(_, let open): try open(request)
    }
  }
}
