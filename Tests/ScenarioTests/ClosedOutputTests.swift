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

  /// Every subcommand that has something to say, on a store, suppressions and files that are there.
  @Test func aFullDiskIsNoticedByEverySubcommand() async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    _ = try await Program.run(["audit", "run", "--store", "s", Self.sample], in: directory)
    try Data("error: no such thing\n".utf8).write(to: directory.appendingPathComponent("material.txt"))
    try Data("DISTINGUISHEDNAME,OBJECTCLASS,ATTRIBUTE,ERROR,VALUE,UPDATE,ACTION\n".utf8)
      .write(to: directory.appendingPathComponent("idfix.csv"))
    let commands = [
      ["audit", "run", "--store", "s", Self.sample], ["audit", "list", "--store", "s"],
      ["audit", "show", "--store", "s", "1"],
      ["audit", "trend", "--store", "s"], ["audit", "history", "--store", "s", "CN=x"],
      ["audit", "export", "--store", "s"],
      ["audit", "diff", "--store", "s", "1", "1"], ["audit", "prune", "--store", "s", "--keep", "9"],
      [
        "audit", "suppress", "--suppressions", "y.yaml", "--rule", "upn-missing", "--value", "x", "--reason", "r",
        "--owner",
        "o",
      ],
      ["convert", "idfix.csv"], ["resolve", "material.txt"], ["rules", "list"], ["rules", "show", "upn-missing"],
      ["rules", "test"], ["rules", "docs"],
    ]
    for arguments in commands {
      let (status, errors) = try await run(">/dev/full", arguments, in: directory)
      #expect(status == 3, "\(arguments): \(errors)")
      #expect(errors.contains("standard output: cannot write: No space left on device"), "\(arguments): \(errors)")
    }
  }

  /// The first file that is opened gets the lowest free descriptor: a report must not be written into it.
  @Test func noFileTakesThePlaceOfAClosedOutput() async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    let arguments = ["lint", "--output", "csv:findings.csv", "--format", "json", Self.sample]
    let (status, _) = try await run(">&-", arguments, in: directory)
    #expect(status == 3)
    // The run was not whole, so neither is there a report of it.
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["errors.txt"])
  }
}
