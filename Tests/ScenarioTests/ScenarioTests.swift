import Foundation
import Stores
import Testing

/// Every scenario under `Scenarios/`, run on the built program.
@Suite struct ScenarioTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Scenarios")

  /// All of them, or those that `SCENARIO` names, separated by commas.
  static var names: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let all = files.filter { $0.hasSuffix(".scenario") }.map { String($0.dropLast(9)) }.sorted()
    guard let wanted = ProcessInfo.processInfo.environment["SCENARIO"] else { return all }
    let names = wanted.split(separator: ",").map(String.init)
    return all.filter(names.contains)
  }

  @Test func scenariosAreThere() {
    #expect(!Self.names.isEmpty)
  }

  @Test(arguments: names) func scenario(_ name: String) async throws {
    let file = Self.folder.appendingPathComponent(name + ".scenario")
    var scenario = try Scenario(try String(contentsOf: file, encoding: .utf8))
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    for (name, content, date) in scenario.files {
      let path = directory.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try content.write(to: path)
      if let date { try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path.path) }
    }
    let update = ProcessInfo.processInfo.environment["UPDATE_SCENARIOS"] == "1"
    for index in scenario.commands.indices {
      let command = scenario.commands[index]
      let result = try await Program.run(
        command.arguments, in: directory, environment: command.environment, standardInput: command.standardInput)
      if let output = command.outputFile {
        try result.stdout.write(to: directory.appendingPathComponent(output))
      }
      let written = command.written.keys.reduce(into: [String: String]()) { texts, name in
        texts[name] = try? String(contentsOf: directory.appendingPathComponent(name), encoding: .utf8)
      }
      let times = try command.sourceTimes.keys.reduce(into: [String: String]()) { texts, store in
        texts[store] = try Self.sourceTimes(directory.appendingPathComponent(store).path)
      }
      if update {
        scenario.update(index, result, written, times)
      }
      // Whoever looks at the exit status only has to learn why, in every format.
      if result.status == 3, result.stderr.isEmpty {
        Issue.record("\(name).scenario:\(command.line): exit status 3 without a reason on standard error")
      }
      // After an update, what asks for parts must still hold.
      for fault in scenario.commands[index].faults(in: result, written, times) {
        Issue.record("\(name).scenario:\(command.line): \(command.arguments.joined(separator: " "))\n\(fault)")
      }
    }
    if update { try scenario.text.write(to: file, atomically: true, encoding: .utf8) }
  }

  /// When the newest file of each run of a store was written, oldest run first: `2 2026-11-25T02:00:00Z`, or `2 unknown`.
  private static func sourceTimes(_ store: String) throws -> String {
    try AuditStore(path: store, access: .read).runs().map { run in
      let time = run.head.sourceTime.map {
        ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: TimeInterval($0)))
      }
      return "\(run.number) \(time ?? "unknown")\n"
    }.joined()
  }
}

extension Scenario.Command {
  /// What a run did otherwise than stated; `texts` are the files that it had to write and did, `times` what stores say of
  /// the files that were read.
  func faults(in result: Program.Result, _ texts: [String: String], _ times: [String: String] = [:]) -> [String] {
    var faults: [String] = []
    if result.status != exitStatus { faults.append("exit status \(result.status), stated \(exitStatus)") }
    if outputFile == nil || stdout.isStated {
      if let fault = Comparison.fault(in: result.stdoutText, stdout, stream: "stdout") { faults.append(fault) }
    }
    if let fault = Comparison.fault(in: result.stderrText, stderr, stream: "stderr") { faults.append(fault) }
    for (name, text) in written {
      guard let found = texts[name] else {
        faults.append("\(name) was not written")
        continue
      }
      let expectation = Scenario.Expectation(exact: text)
      if let fault = Comparison.fault(in: found, expectation, stream: name) { faults.append(fault) }
    }
    for (store, text) in sourceTimes {
      let expectation = Scenario.Expectation(exact: text)
      let stream = "source times of \(store)"
      if let fault = Comparison.fault(in: times[store] ?? "", expectation, stream: stream) { faults.append(fault) }
    }
    return faults
  }
}

extension Scenario {
  /// The scenario as a file.
  var text: String {
    var lines = comments
    for section in sections { lines += ["--- " + section.title] + section.lines }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Puts what a run wrote into the sections of a command. Sections that ask for parts stay as they are.
  mutating func update(
    _ index: Int, _ result: Program.Result, _ texts: [String: String] = [:], _ times: [String: String] = [:]
  ) {
    let command = commands[index]
    let starts = sections.indices.filter { sections[$0].title == "command" }
    let start = starts[index]
    let end = index + 1 < starts.count ? starts[index + 1] : sections.count
    var own = Array(sections[start..<end])
    func put(_ title: String, _ actual: String, _ expected: Expectation) {
      // Sections that ask for parts are the author's.
      guard expected.contains.isEmpty, expected.lacks.isEmpty else { return }
      if let exact = expected.exact, Comparison.matches(actual, exact) { return }
      let place = own.firstIndex { $0.title == title }
      let lines = Comparison.updated(actual, keeping: expected.exact ?? "")
      if let place {
        own[place].lines = lines
      } else if !actual.isEmpty {
        let section = Section(title: title, lines: lines, line: 0)
        own.insert(section, at: own.firstIndex { $0.title.hasPrefix("exit") } ?? own.count)
      }
    }
    if command.outputFile == nil || command.stdout.isStated { put("stdout", result.stdoutText, command.stdout) }
    put("stderr", result.stderrText, command.stderr)
    for (name, expected) in command.written {
      put("written " + name, texts[name] ?? "", .init(exact: expected))
    }
    for (store, expected) in command.sourceTimes {
      put("source-times " + store, times[store] ?? "", .init(exact: expected))
    }
    own.removeAll { $0.title.hasPrefix("exit") }
    own.append(Section(title: "exit \(result.status)", lines: [], line: 0))
    sections.replaceSubrange(start..<end, with: own)
    if let updated = try? Scenario(text) { commands[index] = updated.commands[index] }
  }
}
