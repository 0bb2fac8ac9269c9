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
        if case .file(let path) = place { try DecompressedInput(path: path, encoding: request.encoding) } else {
          try DecompressedInput(
            descriptor: 0, name: place.name, encoding: request.encoding, shouldStop: request.shouldStop)
        }
      return open(input, request)
    } catch {
      var failure = SourceFailure(error, source: place.name)
      if error.kind == .unavailable, case .file(let path) = place, !FileAccess.exists(path) {
        failure.message += PathHint.text(path)
      }
      throw failure
    }
  }

  /// A source of what is left of an input, by what its first bytes are.
  static func open(_ input: DecompressedInput, _ request: EntryRequest) -> any EntrySource {
    // Damage in the first bytes is told like damage anywhere else, by the reader that meets it.
    if let format = (try? format(of: input, request)) ?? nil { return RecordSource(input, format, request) }
    // What is no LDIF either is told by the reader, when it meets the first record.
    let reader = LDIFBlockReader(input, blockSize: request.blockSize, recordSize: request.recordSize)
    reader.isEager = request.isEager
    return reader
  }

  /// Why an input is none of the forms that are read, by its first bytes; nil when it is one.
  static func reasonNoExport(_ input: DecompressedInput) -> String? {
    if (try? format(of: input, EntryRequest())) ?? nil != nil { return nil }
    guard let start = try? input.peek(1 << 16) else { return nil }
    var decoder = TextDecoder(repairs: true)
    var text: [UInt8] = []
    decoder.decode(start, into: &text)
    return InputSniffer.reasonNotLDIF(text[...])
  }

  /// The form of an input that is no LDIF, by its first bytes.
  ///
  /// Of what may be LDIF only a few bytes are looked at: of a pipe, more may be long in coming.
  private static func format(
    of input: DecompressedInput, _ request: EntryRequest
  ) throws(ReadFailure) -> (any RecordFormat)? {
    let start = text(of: try input.peek(64))
    switch start.first {
    case "<":
      let text = text(of: try input.peek(4096))
      if ConnectorSpaceFormat.recognizes(text) { return ConnectorSpaceFormat(name: input.name, request) }
      return text.hasPrefix("<Objs") ? SerializedObjectsFormat(name: input.name, request) : nil
    case "{", "[": return JSONObjectsFormat(name: input.name, request)
    default:
      guard TableHeader.mayBegin(start), TableHeader.recognizes(text(of: try input.peek(1 << 16))) else { return nil }
      return TableFormat(name: input.name, request)
    }
  }

  private static func text(of start: ArraySlice<UInt8>) -> Substring {
    var decoder = TextDecoder(repairs: true)
    var utf8: [UInt8] = []
    decoder.decode(start, into: &utf8)
    // A short text is kept back until its encoding shows.
    if utf8.isEmpty { decoder.finish(into: &utf8) }
    return String(decoding: utf8, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
  }
}
