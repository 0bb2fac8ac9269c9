import Foundation
import Testing

/// What happens to the program's streams while it runs: a reader that leaves, a person who interrupts.
@Suite struct StreamTests {
  /// Enough findings to fill any pipe: the program must meet the closed end.
  static func largeExport(_ count: Int = 20_000) -> Data {
    var text = ""
    for number in 0..<count {
      text += "dn: CN=User \(number),DC=contoso,DC=com\nobjectClass: user\ncn: User \(number)\n"
      text += "sAMAccountName: u\(number)\nuserPrincipalName: bad user\(number)@contoso.com\n\n"
    }
    return Data(text.utf8)
  }

  @Test(arguments: ["text", "ndjson", "csv", "json"]) func closedPipeIsNoError(_ format: String) async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    try Self.largeExport().write(to: directory.appendingPathComponent("export.ldif"))
    let errors = directory.appendingPathComponent("errors.txt")
    try Data().write(to: errors)

    let process = Process()
    process.executableURL = try Program.path()
    process.arguments = ["lint", "--format", format, "export.ldif"]
    process.currentDirectoryURL = directory
    process.environment = Program.baseEnvironment(directory)
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = try FileHandle(forWritingTo: errors)
    let status = try await Program.finish(process) {
      // As `head -c 100` does: read a little, then leave.
      _ = try? pipe.fileHandleForReading.read(upToCount: 100)
      try? pipe.fileHandleForReading.close()
    }
    #expect(try String(contentsOf: errors, encoding: .utf8) == "")
    #expect([0, 1, 128 + SIGPIPE].contains(status), "exit status \(status)")
  }

  /// Of a pipe that pauses, what was read of it so far is reported before its end when that is asked for.
  @Test(arguments: ["text", "ndjson"]) func findingsLeaveWhileAPipeIsOpen(_ format: String) async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    let process = Process()
    process.executableURL = try Program.path()
    process.arguments = ["lint", "--stream", "--format", format, "-"]
    process.currentDirectoryURL = directory
    process.environment = Program.baseEnvironment(directory)
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    // If nothing comes, the input ends after a while, so that the test does not last for ever.
    let patience = DispatchWorkItem { try? input.fileHandleForWriting.close() }
    DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: patience)
    var early = Data()
    var late = Data()
    var isPatient = false
    let status = try await Program.finish(process) {
      try? input.fileHandleForWriting.write(contentsOf: Self.largeExport(3))
      // As much as there is: `read(upToCount:)` would wait for all that it was asked for, which never comes.
      while !String(decoding: early, as: UTF8.self).contains("bad user1@") {
        let more = output.fileHandleForReading.availableData
        if more.isEmpty { break }
        early += more
      }
      // What comes now is read after what has come: the pipe is still open.
      isPatient =
        (try? input.fileHandleForWriting.write(contentsOf: Self.largeExport(5).dropFirst(Self.largeExport(3).count)))
        != nil
      patience.cancel()
      try? input.fileHandleForWriting.close()
      late = (try? output.fileHandleForReading.readToEnd()) ?? Data()
    }
    #expect(isPatient)
    #expect(String(decoding: early, as: UTF8.self).contains("bad user0@"))
    #expect(!String(decoding: early, as: UTF8.self).contains("bad user4@"))
    #expect(String(decoding: late, as: UTF8.self).contains("bad user4@"))
    #expect(status == 1)
  }

  @Test func interruptEndsCleanly() async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    let output = directory.appendingPathComponent("output.txt")
    try Data().write(to: output)

    let process = Process()
    process.executableURL = try Program.path()
    process.arguments = ["lint", "-"]
    process.currentDirectoryURL = directory
    process.environment = Program.baseEnvironment(directory)
    // A standard input that never ends: the program waits for more until it is interrupted.
    let pipe = Pipe()
    process.standardInput = pipe
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    let status = try await Program.finish(process) {
      try? pipe.fileHandleForWriting.write(contentsOf: Self.largeExport(1_000))
      let identifier = process.processIdentifier
      Task {
        try await Task.sleep(for: .seconds(1))
        kill(identifier, SIGINT)
      }
    }
    try? pipe.fileHandleForWriting.close()
    #expect(status == 130)
    let text = try String(contentsOf: output, encoding: .utf8)
    #expect(text.contains("nterrupted"), "the summary says that the run was interrupted")
  }

  /// Ctrl-C at the prompt of `-W` once waited for the end of the line.
  @Test func interruptEndsThePasswordPrompt() async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    // The prompt wants a controlling terminal, which is what this gives.
    let script = """
      import os, pty, sys
      child, terminal = pty.fork()
      if child == 0:
          os.execv(sys.argv[1], sys.argv[1:])
      text = b""
      while b"assword of" not in text:
          text += os.read(terminal, 1024)
      os.write(terminal, b"abc\\x03")
      try:
          while os.read(terminal, 1024): pass
      except OSError:
          pass
      sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", script, try Program.path().path, "lint", "-D", "jo@contoso.com", "-W", "ldaps://127.0.0.1:9",
    ]
    process.currentDirectoryURL = directory
    process.standardInput = FileHandle.nullDevice
    #expect(try await Program.finish(process) == 130)
  }
}
