import Bytes
import Directory
import Glibc

/// A file that an event log can be read from: the input itself, or a temporary copy of what is no file.
final class EventLogSpool {
  let path: String
  /// Keeps the copy until this object is gone.
  private let copy: TemporaryFile?

  init(_ input: SyncErrorInput, _ pieces: InputPieces) throws(SourceFailure) {
    if case .file(let path) = input, Self.isRegularFile(path) {
      self.path = path
      copy = nil
      return
    }
    let folder = TemporaryFile.folder
    let copy: TemporaryFile
    do throws(SystemError) { copy = try TemporaryFile() } catch {
      throw SourceFailure(.readError, source: input.name, message: "cannot be copied to a temporary file in \(folder)")
    }
    self.copy = copy
    path = copy.path
    while let piece = try pieces.next() {
      do throws(SystemError) { try copy.descriptor.write(piece) } catch {
        throw SourceFailure(
          .readError, source: input.name, message: "cannot be copied to \(folder): \(error.description.lowercased())")
      }
    }
  }

  private static func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}

/// Reads a Windows event log: in a process of its own, so that a file made to break the library that reads it breaks
/// nothing else.
struct EventLogInput {
  private let sink: ErrorSink
  private let program: SyncErrorReader.EventLogProgram?

  init(_ sink: ErrorSink, program: SyncErrorReader.EventLogProgram?) {
    self.sink = sink
    self.program = program
  }

  func read(_ path: String) throws(SourceFailure) {
    var state = State(sink)
    if let program {
      do throws(SystemError) {
        try ChildProcess.readLines(of: program.path, program.arguments + [path]) { state.take($0) }
      } catch {
        throw SourceFailure(
          .readError, source: sink.source,
          message: "a process to read the event log cannot be started: \(error.description.lowercased())")
      }
    } else {
      EventLogLines.read(path) { state.take($0) }
    }
    try state.finish(EventLogExtent(path: path))
  }

  private struct State {
    private let sink: ErrorSink
    private var count = 0
    private var unreadable: [Int] = []
    private var failure: String?
    private var isComplete = false

    init(_ sink: ErrorSink) { self.sink = sink }

    mutating func take(_ line: String) {
      switch EventLogLines.parse(line) {
      case .record(let record):
        count += 1
        emit(record)
      case .unreadable(let index): unreadable.append(index)
      case .failure(let message): failure = message
      case .end: isComplete = true
      case nil: break
      }
    }

    private func emit(_ record: EventLogRecord) {
      // A log has no lines; its records are numbered.
      var event = EventRecord(location: SourceLocation(source: sink.source, line: record.index + 1))
      event.provider = record.provider
      event.id = record.id
      event.level = record.level.map(String.init)
      event.time = record.time
      event.computer = record.computer
      event.strings = record.strings.filter { !$0.isEmpty }
      event.emit(to: sink)
    }

    func finish(_ extent: EventLogExtent?) throws(SourceFailure) {
      if let failure { throw SourceFailure(.wrongFormat, source: sink.source, message: failure) }
      if !unreadable.isEmpty {
        sink.problem(
          line: (unreadable.first ?? 0) + 1,
          "\(unreadable.count) of \(count + unreadable.count) records of the event log cannot be read; the first is this"
        )
      }
      let read = count + unreadable.count
      if let damage = extent?.damage {
        sink.problem(line: read + 1, "\(damage); \(read) records could be read")
      } else if let extent, read < extent.records {
        sink.problem(
          line: read + 1,
          "the event log is damaged: \(extent.records - read) of its \(extent.records) records could not be read")
      }
      guard isComplete else {
        throw SourceFailure(
          .readError, source: sink.source,
          message: "the event log is damaged: reading it broke off after \(count) records")
      }
    }
  }
}
