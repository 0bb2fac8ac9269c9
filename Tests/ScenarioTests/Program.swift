import Foundation

/// The built program, run from outside.
enum Program {
  /// What a run of the program left.
  struct Result {
    var stdout: Data
    var stderr: Data
    /// Exit status; a signal counts as its number and 128, as shells do.
    var status: Int32
    var stdoutText: String { String(decoding: stdout, as: UTF8.self) }
    var stderrText: String { String(decoding: stderr, as: UTF8.self) }
  }

  /// The program cannot be found or started.
  struct StartError: Error, CustomStringConvertible {
    var description: String
  }

  /// Tests run side by side, but a machine that starts all their programs at once does nothing but change between them.
  private static let places = Places(2 * ProcessInfo.processInfo.activeProcessorCount)

  /// The root of the package.
  static let packageRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Where the program is: `DIRSYNC_LINT`, else beside the test bundle.
  static func path() throws -> URL {
    if let chosen = ProcessInfo.processInfo.environment["DIRSYNC_LINT"] {
      return URL(fileURLWithPath: chosen, relativeTo: packageRoot).absoluteURL
    }
    let bundles = [Bundle.main.executableURL, URL(fileURLWithPath: CommandLine.arguments[0])].compactMap { $0 }
    let folders =
      bundles.map { $0.resolvingSymlinksInPath().deletingLastPathComponent() } + [
        packageRoot.appendingPathComponent(".build/debug")
      ]
    for folder in folders {
      let candidate = folder.appendingPathComponent("dirsync-lint")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
    }
    throw StartError(description: "dirsync-lint was not found in \(folders.map(\.path))")
  }

  /// Runs the program in a directory and waits for its end, at most ten minutes (a busy machine is slow).
  ///
  /// Output goes through files, so that no amount of it can block the program.
  static func run(
    _ arguments: [String], in directory: URL, environment: [String: String] = [:], standardInput: Data = Data()
  ) async throws -> Result {
    let scratch = try makeDirectory()
    defer { try? FileManager.default.removeItem(at: scratch) }
    let names = ["in", "out", "err"].map { scratch.appendingPathComponent($0) }
    try standardInput.write(to: names[0])
    try Data().write(to: names[1])
    try Data().write(to: names[2])

    let process = Process()
    process.executableURL = try path()
    process.arguments = arguments
    process.currentDirectoryURL = directory
    process.environment = baseEnvironment(directory).merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: names[0])
    process.standardOutput = try FileHandle(forWritingTo: names[1])
    process.standardError = try FileHandle(forWritingTo: names[2])
    await places.take()
    let status: Int32
    do {
      status = try await finish(process)
    } catch {
      await places.giveBack()
      throw error
    }
    await places.giveBack()
    return Result(
      stdout: try Data(contentsOf: names[1]), stderr: try Data(contentsOf: names[2]), status: status)
  }

  /// Starts a process and waits for its end.
  static func finish(_ process: Process, started: () -> Void = {}) async throws -> Int32 {
    let (ends, end) = AsyncStream.makeStream(of: Int32.self)
    process.terminationHandler = { ended in
      end.yield(ended.terminationReason == .uncaughtSignal ? 128 + ended.terminationStatus : ended.terminationStatus)
      end.finish()
    }
    try process.run()
    started()
    let identifier = process.processIdentifier
    let watchdog = Task {
      try await Task.sleep(for: .seconds(600))
      kill(identifier, SIGKILL)
    }
    defer { watchdog.cancel() }
    for await status in ends { return status }
    throw StartError(description: "the program's end was missed")
  }

  /// An environment that says nothing about the person who runs the tests.
  static func baseEnvironment(_ directory: URL) -> [String: String] {
    ["PATH": "/usr/bin:/bin", "HOME": directory.path, "LANG": "C.UTF-8", "TERM": "dumb"]
  }

  /// A new directory of its own.
  static func makeDirectory() throws -> URL {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("dirsync-lint-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    return directory
  }
}

/// A number of places, taken in the order of asking.
private actor Places {
  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { free = count }

  func take() async {
    guard free == 0 else {
      free -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  func giveBack() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}
