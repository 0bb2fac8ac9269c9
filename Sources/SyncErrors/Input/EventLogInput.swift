import Directory
import Glibc

/// A file that an event log can be read from: the input itself, or a temporary copy of what is no file.
final class EventLogSpool {
  let path: String
  private let isTemporary: Bool

  init(_ input: SyncErrorInput, _ pieces: InputPieces) throws(SourceFailure) {
    if case .file(let path) = input, Self.isRegularFile(path) {
      self.path = path
      isTemporary = false
      return
    }
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((folder + "/dirsync-lint-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    let path = template.withUnsafeBufferPointer { buffer in
      String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    guard descriptor >= 0 else {
      throw SourceFailure(.readError, source: input.name, message: "cannot be copied to a temporary file in \(folder)")
    }
    defer { close(descriptor) }
    self.path = path
    isTemporary = true
    while let piece = try pieces.next() {
      var rest = piece[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          let reason = String(cString: strerror(errno)).lowercased()
          throw SourceFailure(.readError, source: input.name, message: "cannot be copied to \(folder): \(reason)")
        }
        rest = rest.dropFirst(count)
      }
    }
  }

  deinit {
    if isTemporary { unlink(path) }
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
      try ChildLines.read(program.path, program.arguments + [path], source: sink.source) { state.take($0) }
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

/// Runs a program and reads the lines it writes.
private enum ChildLines {
  static func read(
    _ path: String, _ arguments: [String], source: String, _ take: (String) -> Void
  ) throws(SourceFailure) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw failure(source, errno) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    posix_spawn_file_actions_addclose(&actions, ends[1])
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    let status = posix_spawn(&child, path, &actions, nil, &words, environ)
    close(ends[1])
    guard status == 0 else {
      close(ends[0])
      throw failure(source, status)
    }
    readLines(ends[0], take)
    close(ends[0])
    var result: Int32 = 0
    while waitpid(child, &result, 0) < 0, errno == EINTR {}
  }

  private static func failure(_ source: String, _ number: Int32) -> SourceFailure {
    let reason = String(cString: strerror(number)).lowercased()
    return SourceFailure(
      .readError, source: source, message: "a process to read the event log cannot be started: \(reason)")
  }

  private static func readLines(_ descriptor: Int32, _ take: (String) -> Void) {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var line: [UInt8] = []
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
      var rest = chunk[..<count]
      while let end = rest.firstIndex(of: 10) {
        line += rest[..<end]
        rest = rest[(end + 1)...]
        take(String(decoding: line, as: UTF8.self))
        line.removeAll(keepingCapacity: true)
      }
      line += rest
    }
  }
}
