import Stores
import Foundation
import Testing

/// `kill -9` at any moment: the store stays whole, a run is in it or not, and the next run works.
@Suite struct AuditKillTests {
  /// Users, most of them with a space in an address; which ones differs between even and odd days.
  private func export(_ day: Int) -> Data {
    var text = ""
    for number in 0..<400 {
      let address = (number + day) % 2 == 0 || number % 3 > 0 ? "user \(number)" : "user\(number)"
      text += "dn: CN=User \(number),DC=contoso,DC=com\nobjectClass: user\ncn: User \(number)\n"
      text += "sAMAccountName: u\(number)\nuserPrincipalName: u\(number)@contoso.com\n"
      text += "proxyAddresses: SMTP:u\(number)@contoso.com\nproxyAddresses: smtp:\(address)@contoso.com\n\n"
    }
    return Data(text.utf8)
  }

  private func start(_ arguments: [String], in directory: URL) throws -> Process {
    let process = Process()
    process.executableURL = try Program.path()
    process.arguments = arguments
    process.currentDirectoryURL = directory
    process.environment = Program.baseEnvironment(directory)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return process
  }

  /// How often a run is killed: `make kill-test` asks for more.
  private static let kills = ProcessInfo.processInfo.environment["KILLS"].flatMap { Int($0) } ?? 20

  @Test func aKilledRunIsInTheStoreOrNot() async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    for day in 0...1 { try export(day).write(to: directory.appendingPathComponent("day\(day).ldif")) }
    func arguments(_ day: Int) -> [String] {
      ["audit", "run", "day\(day % 2).ldif", "--store", "store", "--format", "ndjson", "--keep", "5"]
    }
    let begin = Date()
    let first = try await Program.run(arguments(0), in: directory)
    // On a busy machine a run takes long; killing it early as well as late matters more than hitting its very end.
    let duration = min(Date().timeIntervalSince(begin), 4)
    #expect(first.status == 1)
    let path = directory.appendingPathComponent("store").path
    let counts = [try findings(path)]
    #expect(counts[0] > 200)

    var killed = 0
    var last = 1
    for attempt in 0..<Self.kills {
      if attempt % 3 == 0 { try await killFirstRun(arguments(0), duration, in: directory) }
      let process = try start(arguments(attempt + 1), in: directory)
      let ended = try await Program.finish(process) {
        Thread.sleep(forTimeInterval: .random(in: 0...duration * 1.1))
        kill(process.processIdentifier, SIGKILL)
      }
      if ended == 128 + SIGKILL { killed += 1 }
      let store = try AuditStore(path: path, access: .change)
      #expect(try store.isConsistent(), "attempt \(attempt)")
      let runs = try store.runs()
      let number = try #require(runs.last?.number)
      #expect(number == last || number == last + 1, "attempt \(attempt)")
      // Every run that is there is there with all its findings.
      for run in runs {
        var present = 0
        try store.findings(of: run) { if $0.state != .gone { present += 1 } }
        #expect(run.status == .complete && present == run.counts.total && present > 200, "attempt \(attempt)")
      }
      last = number
    }
    #expect(killed > 1)
    let next = try await Program.run(arguments(0) + ["--quiet"], in: directory)
    #expect([0, 1].contains(next.status) && next.stderrText == "")
    let again = try await Program.run(arguments(0), in: directory)
    #expect(again.status == 0 && again.stderrText.contains("recorded as run \(last + 2)"))
  }

  /// Kills a run in a store that it has made itself.
  private func killFirstRun(_ arguments: [String], _ duration: TimeInterval, in directory: URL) async throws {
    let path = directory.appendingPathComponent("new").path
    let process = try start(arguments.map { $0 == "store" ? "new" : $0 }, in: directory)
    _ = try await Program.finish(process) {
      Thread.sleep(forTimeInterval: .random(in: 0...duration * 1.1))
      kill(process.processIdentifier, SIGKILL)
    }
    let store = try AuditStore(path: path, access: .write)
    #expect(try store.isConsistent())
    let runs = try store.runs()
    #expect(runs.count <= 1)
    for run in runs {
      var present = 0
      try store.findings(of: run) { _ in present += 1 }
      #expect(run.status == .complete && present == run.counts.total && present > 200)
    }
    for suffix in ["", "-journal", "-wal", "-shm", ".lock"] {
      try? FileManager.default.removeItem(atPath: path + suffix)
    }
  }

  private func findings(_ path: String) throws -> Int {
    let store = try AuditStore(path: path, access: .read)
    var count = 0
    try store.findings(of: store.run(nil)) { _ in count += 1 }
    return count
  }

  @Test func ofTwoRunsAtATimeOneIsRefused() async throws {
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    try export(0).write(to: directory.appendingPathComponent("day0.ldif"))
    let process = try start(["audit", "run", "-", "--store", "store"], in: directory)
    // The first run waits for its input, so that it holds the store as long as the test needs it.
    let input = Pipe()
    process.standardInput = input
    let lock = directory.appendingPathComponent("store.lock")
    var second: Program.Result?
    let ends = Task { try await Program.finish(process) }
    for _ in 0..<500 where (try? Data(contentsOf: lock))?.isEmpty != false {
      try await Task.sleep(for: .milliseconds(20))
    }
    second = try await Program.run(
      ["audit", "run", "day0.ldif", "--store", "store", "--output", "ndjson:report"], in: directory)
    try input.fileHandleForWriting.write(contentsOf: export(0))
    try input.fileHandleForWriting.close()
    #expect(try await ends.value == 1)
    #expect(second?.status == 4)
    #expect(
      second?.stderrText.contains("another audit is writing to store (process \(process.processIdentifier))") == true)
    // The run that was refused has not emptied its report.
    #expect(!FileManager.default.fileExists(atPath: directory.appendingPathComponent("report").path))
    #expect(try AuditStore(path: directory.appendingPathComponent("store").path, access: .read).runs().count == 1)
  }
}
