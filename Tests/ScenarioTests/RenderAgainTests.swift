import Foundation
import Testing

/// `report`: what a findings JSON says is said again in every format, byte for byte.
@Suite struct RenderAgainTests {
  private static let environment = ["SOURCE_DATE_EPOCH": "1795485600"]

  private func run(_ arguments: [String], input: Data = Data()) async throws -> Program.Result {
    try await Program.run(
      arguments, in: Program.packageRoot, environment: Self.environment, standardInput: input)
  }

  /// The formats that the program has.
  private func formats() async throws -> [String] {
    let mistake = try await run(["lint", "--format", "none", "x"]).stderrText
    let list = try #require(mistake.firstMatch(of: /formats are ([a-z, -]+)/))
    return list.1.split(separator: ", ").map(String.init)
  }

  @Test func everyFormatIsThatOfTheRun() async throws {
    let sample = ["lint", SampleDirectoryTests.sample]
    let json = try await run(sample + ["--format", "json"]).stdout
    let formats = try await formats()
    #expect(formats.count >= 10)
    // The options that were typed are those of the JSON.
    for format in formats where format != "json" {
      let first = try await run(sample + ["--format", format])
      let second = try await run(["report", "-", "--format", format], input: json)
      #expect(second.status == 0 && second.stderrText == "")
      #expect(first.stdout == second.stdout && !first.stdout.isEmpty, "\(format)")
    }
    let again = try await run(["report", "-", "--format", "json"], input: json)
    #expect(again.stdout == json)
  }

  /// Lines of findings do not say what was read, so nobody is told that it was everything.
  @Test func linesOfFindingsAreNoCompleteRun() async throws {
    let lines = try await run(["lint", SampleDirectoryTests.sample, "--format", "ndjson"]).stdout
    let text = try await run(["report", "-", "--summary"], input: lines).stdoutText
    #expect(text.contains("the report does not say what was read") && text.contains("and not everything was read"))
    let again = try await run(["report", "-", "--format", "ndjson"], input: lines)
    #expect(again.stdout == lines)
  }

  @Test(arguments: ["", "{}", "[]", "{\"findings\":[{}]}", "dn: CN=Jo", "{\"run\":{},\"findings\":[]}"])
  func whatIsNoReportIsRefused(_ text: String) async throws {
    let result = try await run(["report", "-", "--format", "json"], input: Data(text.utf8))
    #expect(text.isEmpty ? result.status == 3 : result.status == 2 && result.stderrText.contains("<stdin>"))
  }
}
