import Foundation
import Testing

/// A standard output that is closed, or that takes nothing, is noticed by every command.
@Suite struct ClosedOutputTests {
  private static let sample = Program.packageRoot.appendingPathComponent(SampleDirectoryTests.sample).path

  static let commands = [
    ["lint", sample], ["lint", "--format", "json", sample], ["entries", sample], ["id", "x"], ["rules"],
    ["explain", "upn-missing"], ["--version"], ["lint", "--help"],
  ]

  /// Runs the program in a shell that redirects its standard output.
  private func run(_ redirection: String, _ arguments: [String], in directory: URL) async throws -> (Int32, String) {
    let errors = directory.appendingPathComponent("errors.txt")
    try Data().write(to: errors)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "exec \"$0\" \"$@\" \(redirection)", try Program.path().path] + arguments
    process.currentDirectoryURL = directory
    process.environment = Program.baseEnvironment(directory)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: errors)
    let status = try await Program.finish(process)
    return (status, try String(contentsOf: errors, encoding: .utf8))
  }

  @Test(arguments: commands) func aClosedOutputIsNoticed(_ arguments: [String]) async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    for (redirection, reason) in [(">&-", "Bad file descriptor"), (">/dev/full", "No space left on device")] {
      let (status, errors) = try await run(redirection, arguments, in: directory)
      #expect(status == 3, "\(arguments) \(redirection)")
      #expect(errors == "dirsync-lint: error: standard output: cannot write: \(reason)\n")
    }
  }

  /// The first file that is opened gets the lowest free descriptor: a report must not be written into it.
  @Test func noFileTakesThePlaceOfAClosedOutput() async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    let arguments = ["lint", "--output", "csv:findings.csv", "--format", "json", Self.sample]
    let (status, _) = try await run(">&-", arguments, in: directory)
    #expect(status == 3)
    let written = try String(contentsOf: directory.appendingPathComponent("findings.csv"), encoding: .utf8)
    #expect(!written.contains("\"run\":"))
  }
}
