import Directory
import RuleSet
import Bytes

/// Reads error material of any known format, told by its content: pasted text, event logs, tables, mails, exports.
///
/// Formats may stand in one input one after the other, with other text between them. Memory does not grow with the input;
/// only single records are held as a whole, up to a limit.
public struct SyncErrorReader: Sendable {
  private let interpreter: ErrorInterpreter
  /// Whether records are handed on that only say that all is well.
  public var includesInformation = false
  /// A program that reads an event log in a process of its own: it is given `arguments` and the path, and writes what
  /// `EventLogLines` reads. nil to read event logs within this process.
  public var eventLogProgram: EventLogProgram?

  /// A program and its arguments.
  public struct EventLogProgram: Sendable {
    /// The path of the program.
    public var path: String
    /// Its arguments, before the path of the event log.
    public var arguments: [String]

    /// A program; see the properties.
    public init(path: String, arguments: [String]) {
      self.path = path
      self.arguments = arguments
    }
  }

  /// A reader that knows the errors of a catalogue.
  public init(_ catalogue: SyncErrorCatalogue) { interpreter = ErrorInterpreter(catalogue) }

  /// Reads an input to its end and hands on what is in it, in its order.
  ///
  /// - Throws: that the input cannot be opened, or not be read to its end; what was read before has been handed on.
  public func read(
    _ input: SyncErrorInput, _ take: @escaping (SyncErrorItem) -> Void
  ) throws(SourceFailure) -> SyncErrorSummary {
    let pieces = try InputPieces(input)
    let sink = ErrorSink(
      source: input.name, interpreter: interpreter, includesInformation: includesInformation,
      readMaterial: MaterialSplitter.read, take: take)
    let start = Array(try pieces.peek(DirectoryExport.sniffLength).prefix(DirectoryExport.sniffLength))
    if let binary = BinaryFormat(start) {
      try readBinary(binary, input, pieces, sink)
      return sink.summary
    }
    let text = Self.utf8(start)
    if let export = DirectoryExport.certain(text[...]) { throw Self.isExport(input, export) }
    let summary: SyncErrorSummary
    if try pieces.peek(MaterialReading.maximumLength + 1).count <= MaterialReading.maximumLength {
      let material = try pieces.next() ?? []
      summary = WholeInputReader(self, interpreter, input.name, take).read(material)
    } else {
      let reader = TextInputReader(sink)
      while let piece = try pieces.next(), reader.feed(piece[...]) {}
      reader.finish()
      summary = sink.summary
    }
    if summary.errors == 0, summary.problems == 0, let export = DirectoryExport.likely(text[...]) {
      throw Self.isExport(input, export)
    }
    return summary
  }

  private static func isExport(_ input: SyncErrorInput, _ what: String) -> SourceFailure {
    SourceFailure(
      .wrongFormat, source: input.name,
      message: "is no error material: it is \(what); to look objects up in it, give it with --in")
  }

  /// The start of a text in UTF-8.
  private static func utf8(_ start: [UInt8]) -> [UInt8] {
    var decoder = TextDecoder(repairs: true)
    var text: [UInt8] = []
    decoder.decode(start[...], into: &text)
    decoder.finish(into: &text)
    return text
  }

  private func readBinary(
    _ format: BinaryFormat, _ input: SyncErrorInput, _ pieces: InputPieces, _ sink: ErrorSink
  ) throws(SourceFailure) {
    switch format {
    case .eventLog:
      let spool = try EventLogSpool(input, pieces)
      try EventLogInput(sink, program: eventLogProgram).read(spool.path)
    case .other(let what):
      throw SourceFailure(.wrongFormat, source: input.name, message: "is no error material: it is \(what)")
    }
  }

  /// One text as an error, whatever it is: what the examples of the catalogue are tested with.
  public func error(in text: String, location: SourceLocation) -> SyncError? {
    var errors: [SyncError] = []
    var all = self
    all.includesInformation = true
    _ = try? all.read(.bytes(Array(text.utf8), name: location.source)) { item in
      if case .error(let error) = item { errors.append(error) }
    }
    return errors.first { $0.id != SyncError.unknownID } ?? errors.first
  }
}

/// Decodes text and cuts it into its formats.
final class TextInputReader {
  private var decoder = XMLTextDecoder(repairs: true)
  private let splitter: MaterialSplitter
  private let sink: ErrorSink
  private var text: [UInt8] = []

  init(_ sink: ErrorSink) {
    self.sink = sink
    splitter = MaterialSplitter(sink)
  }

  /// - Returns: Whether there is any use in more.
  func feed(_ bytes: ArraySlice<UInt8>) -> Bool {
    do throws(XMLFailure) {
      try decoder.decode(bytes, into: &text)
    } catch {
      sink.problem(line: error.line, column: error.column, error.message)
      return false
    }
    splitter.feed(text[...])
    text.removeAll(keepingCapacity: true)
    return true
  }

  func finish() {
    do throws(XMLFailure) {
      try decoder.finish(into: &text)
    } catch {
      sink.problem(line: error.line, column: error.column, error.message)
    }
    splitter.feed(text[...])
    splitter.finish()
  }
}
