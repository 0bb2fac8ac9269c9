import Foundation
import Testing

/// Inputs that a stranger made to use up memory (F10, F17): a clear end, exit status 3 with a reason, and a peak far below
/// what the machine has. `Docs/reliability.md` has the figures of larger ones with the released program.
@Suite struct BombTests {
  private struct Bomb: Sendable {
    var name: String
    var arguments: [String]
    var reason: String
    var content: @Sendable () -> String
  }

  /// At most so many KiB.
  private static let mostMemory = 512 << 10

  private static let bombs = [
    Bomb(name: "keys.json", arguments: ["resolve"], reason: "an object is larger than 64 MiB") {
      "{" + (0..<700_000).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"
    },
    Bomb(name: "values.xml", arguments: ["lint", "--record-limit", "4"], reason: "is longer than 4 MiB and is skipped")
    {
      "<cs-objects><cs-object cs-dn='CN=a' object-type='group'><synchronized-hologram><entry dn='CN=a'><attr name='member'>"
        + String(repeating: "<value>v</value>\n", count: 140_000)
        + "</attr></entry></synchronized-hologram></cs-object></cs-objects>"
    },
    Bomb(name: "rows.csv", arguments: ["convert"], reason: "more problems, which are not shown") {
      "DISTINGUISHEDNAME,ATTRIBUTE,ERROR,VALUE\n" + String(repeating: "\"CN=a\n", count: 3_000)
    },
    Bomb(name: "record.ldif", arguments: ["lint", "--record-limit", "4"], reason: "longer than 4 MiB") {
      "dn: CN=a\nmail: a\n" + String(repeating: " \n", count: 3 << 20) + "\n"
    },
  ]

  @Test(arguments: bombs.indices) func aBombIsDefused(_ number: Int) async throws {
    let bomb = Self.bombs[number]
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    let input = directory.appendingPathComponent(bomb.name)
    try Data(bomb.content().utf8).write(to: input)
    let errors = directory.appendingPathComponent("errors")
    try Data().write(to: errors)
    let process = Process()
    process.executableURL = try Program.path()
    process.arguments = bomb.arguments + [input.path]
    process.currentDirectoryURL = directory
    process.environment = Program.baseEnvironment(directory)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: errors)
    var peak = 0
    let status = try await Program.finish(process) {
      while let memory = Self.peak(of: process.processIdentifier) {
        peak = max(peak, memory)
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
    let told = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
    #expect(status == 3 && told.contains(bomb.reason), "\(bomb.name): \(status) \(told.prefix(500))")
    #expect(peak > 0 && peak < Self.mostMemory, "\(bomb.name): \(peak) KiB")
  }

  /// The most memory that a process has had, in KiB; nil when it has ended.
  private static func peak(of process: Int32) -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM") })
    else { return nil }
    return Int(line.filter(\.isNumber))
  }
}
