import Foundation
import Testing

/// Exit status 3 says why on standard error, whatever the format of the report, also where nothing else is said there.
@Suite struct PartialReadingTests {
  /// An entry that no rule can judge, and one that cannot be read.
  private static let gap = Data("dn: CN=a,DC=b\nmail: x\n\ndn: CN=b,DC=b\nobjectClass: user\nno value\n".utf8)

  @Test(arguments: ["text", "json", "ndjson", "csv", "idfix-csv", "html", "markdown", "sarif", "junit", "prometheus"])
  func everyFormatSaysWhy(_ format: String) async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    for quiet in [[], ["--quiet"]] {
      let result = try await Program.run(
        ["lint", "--format", format, "-"] + quiet, in: directory, standardInput: Self.gap)
      #expect(result.status == 3)
      #expect(result.stderrText.contains("read only in part: 1 record could not be read; 1 entry has no objectClass"))
    }
  }

  @Test(arguments: ["ndjson", "ldif"]) func entriesSayWhy(_ format: String) async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    let result = try await Program.run(["entries", "--format", format, "-"], in: directory, standardInput: Self.gap)
    #expect(result.status == 3 && result.stderrText.contains("read only in part: 1 problem in <stdin>"))
  }

  @Test func aTemporaryFolderThatIsNotThereIsTold() async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    var text = ""
    for number in 0..<4_000 {
      text +=
        "dn: CN=\(number),DC=b\nobjectClass: user\nmail: a\(number % 9)@b\ndescription: \(String(repeating: "x", count: 9_000))\n\n"
    }
    let result = try await Program.run(
      ["lint", "--quiet", "--format", "csv", "-"], in: directory, environment: ["TMPDIR": "/nonexistent"],
      standardInput: Data(text.utf8))
    #expect(result.status == 3 && result.stderrText.contains("/nonexistent"), "\(result.status) \(result.stderrText)")
  }

  // MARK: - Interruption

  /// Runs the program on input that never ends, sends it a signal after a moment, and gives its status.
  private func interrupt(_ arguments: [String], by number: Int32) async throws -> Int32 {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    let process = Process()
    process.executableURL = try Program.path()
    process.arguments = arguments
    process.currentDirectoryURL = directory
    process.environment = Program.baseEnvironment(directory)
    // A pipe without an end, on which everything waits.
    let input = Pipe()
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let status = try await Program.finish(process) {
      Thread.sleep(forTimeInterval: 1)
      kill(process.processIdentifier, number)
    }
    try input.fileHandleForWriting.close()
    return status
  }

  @Test(arguments: [
    ["lint", "/dev/zero"], ["lint", "-"], ["entries", "/dev/zero"], ["audit", "run", "--store", "s", "/dev/zero"],
    ["resolve", "-"], ["resolve", "/dev/zero"], ["convert", "-"],
  ])
  func oneSignalEndsEveryCommand(_ arguments: [String]) async throws {
    for number in [SIGTERM, SIGINT] {
      let status = try await interrupt(arguments, by: number)
      #expect(status == 130, "\(arguments)")
    }
  }

  // MARK: - The process that reads event logs

  @Test func theReaderOfEventLogsIsShutIn() async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    // It waits for somebody to write into this.
    let pipe = directory.appendingPathComponent("log.evtx").path
    #expect(mkfifo(pipe, 0o600) == 0)
    let process = Process()
    process.executableURL = try Program.path()
    process.arguments = ["event-log-records", pipe]
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    var (limits, status) = ("", "")
    _ = try await Program.finish(process) {
      for _ in 0..<100 where !status.contains("Seccomp:\t2") {
        Thread.sleep(forTimeInterval: 0.1)
        let folder = "/proc/\(process.processIdentifier)/"
        limits = (try? String(contentsOfFile: folder + "limits", encoding: .utf8)) ?? ""
        status = (try? String(contentsOfFile: folder + "status", encoding: .utf8)) ?? ""
      }
      kill(process.processIdentifier, SIGKILL)
    }
    #expect(status.contains("Seccomp:\t2") && status.contains("NoNewPrivs:\t1"))
    for (name, most) in [("Max address space", "1073741824"), ("Max cpu time", "300"), ("Max file size", "0")] {
      let line = limits.split(separator: "\n").first { $0.hasPrefix(name) }
      #expect(line?.contains(" \(most) ") == true, "\(name): \(line ?? "")")
    }
  }

  // MARK: - Names

  /// A file name is bytes; a value may begin with a character that belongs to the one before it.
  @Test func namesThatAreNotUTF8AreOpened() async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    try Self.gap.write(to: directory.appendingPathComponent("plain.ldif"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c",
      "n=$'f\\xff\\xe9.ldif'; mv plain.ldif \"$n\"; exec \"$0\" lint --format ndjson --output \"csv:$n.csv\" \"$n\"",
      try Program.path().path,
    ]
    process.currentDirectoryURL = directory
    process.environment = Program.baseEnvironment(directory)
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    #expect(try await Program.finish(process) == 3)
  }

  @Test func aValueMayBeginWithACombiningCharacter() async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    let result = try await Program.run(
      [
        "audit", "suppress", "--suppressions", "s.yaml", "--rule", "upn-missing", "--value=\u{301}x", "--reason", "r",
        "--owner", "o",
      ], in: directory)
    #expect(result.status == 0, "\(result.stderrText)")
  }
}
