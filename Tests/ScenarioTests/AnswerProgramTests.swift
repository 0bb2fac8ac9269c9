import Foundation
import Testing

/// Some of the answers under `Fixtures/answers` from the built program, whose others `AnswerTests` compares within one process;
/// and event logs that are not whole.
@Suite struct AnswerProgramTests {
  private static let fixtures = Program.packageRoot.appendingPathComponent("Fixtures")
  private static let answers = fixtures.appendingPathComponent("answers")

  @Test(arguments: [
    "error-mail.html", "event-german.txt", "mail-alternatives-base64.eml", "name-scanned.txt",
    "provisioning-log-rows.csv",
  ])
  func theProgramGivesTheSameAnswer(_ name: String) async throws {
    let result = try await Program.run(
      ["resolve", "--in", "directory.ldif", "--format", "ndjson", name], in: Self.answers)
    #expect(result.stdout == (try Data(contentsOf: Self.answers.appendingPathComponent(name + ".ndjson"))))
    let told = try String(contentsOf: Self.answers.appendingPathComponent("told.txt"), encoding: .utf8)
    #expect(told.contains("\n\(name): \(result.status)\n"))
  }

  /// An event log of which the end is missing, and one with bytes that are others: what can be read is answered, and the exit
  /// status says that it is not all.
  @Test(arguments: [69_622, 20_000, 4_096]) func aCutEventLogIsReadInPart(_ length: Int) async throws {
    let log = try Data(contentsOf: Self.fixtures.appendingPathComponent("sync-errors/event-log.evtx"))
    try await expectPartial(log.prefix(length))
  }

  @Test func aDamagedEventLogIsReadInPart() async throws {
    var log = try Data(contentsOf: Self.fixtures.appendingPathComponent("sync-errors/event-log.evtx"))
    for (place, byte) in [(6_215, 0x3C), (6_674, 0xD4), (8_914, 0xF2), (9_335, 0x96), (20_071, 0x0C)] {
      log[place] = UInt8(byte)
    }
    try await expectPartial(log)
  }

  private func expectPartial(_ log: Data) async throws {
    let folder = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    try log.write(to: folder.appendingPathComponent("log.evtx"))
    let directory = Self.answers.appendingPathComponent("directory.ldif").path
    let result = try await Program.run(["resolve", "--in", directory, "--format", "ndjson", "log.evtx"], in: folder)
    #expect(result.status == 3)
    #expect(result.stderrText.contains("log.evtx"))
    #expect(!result.stderrText.contains("no error of synchronization"))
  }
}
