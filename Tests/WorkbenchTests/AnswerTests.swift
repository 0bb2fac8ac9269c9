import Foundation
import Testing

@testable import Workbench

/// What people paste, each with the answer that an expert would give: the files under `Fixtures/answers`, looked up in the
/// directory beside them.
///
/// `NAME.ndjson` is the answer to `NAME`, `told.txt` the exit status of each and what is told beside the answer.
/// `UPDATE_FIXTURES=1 swift test --filter AnswerTests` writes what is answered now; read every difference.
@Suite struct AnswerTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Fixtures/answers").standardizedFileURL
  private static let ending = ".ndjson"
  private static let notMaterial: Set = ["directory.ldif", "told.txt"]

  private static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !notMaterial.contains($0) }.sorted()
  }

  private static func material() throws -> [String] { try names().filter { !$0.hasSuffix(ending) } }

  private static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  @Test func everyTextHasAnAnswerAndEveryAnswerAText() throws {
    let (names, material) = (Set(try Self.names()), try Self.material())
    #expect(material.count > 120)
    #expect(names == Set(material + material.map { $0 + Self.ending }))
    let told = try Self.text("told.txt").split(separator: "\n").filter { !$0.hasPrefix(" ") }
    #expect(told.map { String($0.prefix { $0 != ":" }) } == material)
  }

  @Test func eachTextIsAnsweredAsAnExpertWould() throws {
    var job = ResolveJob()
    job.sources = [Self.folder.appending(path: "directory.ldif").path]
    job.format = .ndjson
    let knowledge = try job.knowledge()
    let isUpdating = ProcessInfo.processInfo.environment["UPDATE_FIXTURES"] != nil
    var told = ""
    for name in try Self.material() {
      job.inputs = [Self.folder.appending(path: name).path]
      let (answer, messages) = try Self.answer(job, knowledge)
      told += "\(name): \(messages)"
      if isUpdating {
        try answer.write(to: Self.folder.appending(path: name + Self.ending), atomically: true, encoding: .utf8)
      }
      #expect(answer == (try? Self.text(name + Self.ending)), "\(name)")
    }
    if isUpdating { try told.write(to: Self.folder.appending(path: "told.txt"), atomically: true, encoding: .utf8) }
    #expect(told == (try? Self.text("told.txt")))
  }

  /// The answer as if the program had been started in the folder, and the exit status with what was told.
  private static func answer(_ job: ResolveJob, _ knowledge: ResolveJob.Knowledge) throws -> (String, String) {
    let desk = Desk()
    let (outcome, text) = try desk.run { try job.run($0, with: knowledge) }
    let lines = ["\(outcome.status.rawValue)"] + desk.events.compactMap(\.text).map { "  " + $0 }
    let place = folder.path + "/"
    return (text.replacing(place, with: ""), lines.joined(separator: "\n").replacing(place, with: "") + "\n")
  }
}

extension JobEvent {
  /// What people read of it.
  fileprivate var text: String? {
    switch self {
    case .problem(let text), .remark(let text), .note(let text), .failure(let text), .message(let text),
      .line(let text):
      text
    case .progress, .endOfProgress, .recorded, .usage: nil
    }
  }
}
