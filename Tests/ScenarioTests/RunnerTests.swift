import Foundation
import Testing

/// The scenario runner itself: a runner that lets everything pass would prove nothing.
@Suite struct RunnerTests {
  @Test func readsSections() throws {
    let scenario = try Scenario(
      """
      # a comment
      --- file a.ldif
      dn: CN=A

      --- file-escaped b.ldif
      a\\x00\\u{E9}\\
      b\\r
      --- file-utf16le c.ldif
      é
      --- environment
      NO_COLOR=1
      --- command
      lint 'a b' "c\\"d" > out.txt
      --- stdin
      text
      --- stdout contains
      one
      two
      --- exit 3
      --- command
      rules list
      """)
    #expect(scenario.files.map(\.name) == ["a.ldif", "b.ldif", "c.ldif"])
    #expect(scenario.files[0].content == Data("dn: CN=A\n\n".utf8))
    #expect(scenario.files[1].content == Data("a\0éb\r\n".utf8))
    #expect(scenario.files[2].content == Data([0xFF, 0xFE, 0xE9, 0, 13, 0, 10, 0]))
    try #require(scenario.commands.count == 2)
    #expect(scenario.commands[0].arguments == ["lint", "a b", "c\"d"])
    #expect(scenario.commands[0].outputFile == "out.txt")
    #expect(scenario.commands[0].environment == ["NO_COLOR": "1"])
    #expect(scenario.commands[0].standardInput == Data("text\n".utf8))
    #expect(scenario.commands[0].stdout.contains == ["one", "two"])
    #expect(scenario.commands[0].exitStatus == 3)
    #expect(scenario.commands[1].exitStatus == 0)
  }

  @Test(arguments: [
    "", "--- stdout\n", "--- command\nx 'y\n", "--- command\nx\n--- strout\n", "--- file\n--- command\n",
  ])
  func refusesMistakes(_ text: String) {
    #expect(throws: Scenario.FormatError.self) { try Scenario(text) }
  }

  @Test func writesBackWhatItRead() throws {
    let text = "# c\n--- file a\nx\n\n--- command\nlint a\n--- stdout\ny\n--- exit 1\n"
    #expect(try Scenario(text).text == text)
  }

  @Test func seesDifferences() {
    func fault(_ actual: String, _ expectation: Scenario.Expectation) -> String? {
      Comparison.fault(in: actual, expectation, stream: "stdout")
    }
    #expect(fault("", .init()) == nil)
    #expect(fault("x\n", .init()) != nil)
    #expect(fault("a\nb\n", .init(exact: "a\nb\n")) == nil)
    #expect(fault("a\nb\n", .init(exact: "a\nc\n"))?.contains("- c\n+ b") == true)
    #expect(fault("a\nb\n", .init(exact: "a\n"))?.contains("+ b") == true)
    #expect(fault("took 12 ms\n", .init(exact: "took {*} ms\n")) == nil)
    #expect(fault("a\nb\nc\n", .init(exact: "a\n{...}\n")) == nil)
    #expect(fault("a\nb\nc\n", .init(exact: "{...}\nb\n")) != nil)
    #expect(fault("took 12 s\n", .init(exact: "took {*} ms\n")) != nil)
    #expect(fault("a\nb\n", .init(contains: ["b"])) == nil)
    #expect(fault("a\nb\n", .init(contains: ["c"])) != nil)
    #expect(fault("a\nb\n", .init(lacks: ["b"])) != nil)
  }

  @Test func seesFilesThatWereNotWritten() throws {
    let scenario = try Scenario("--- command\nlint\n--- written a.csv\nx\n")
    let silent = Program.Result(stdout: Data(), stderr: Data(), status: 0)
    #expect(scenario.commands[0].faults(in: silent, [:]) == ["a.csv was not written"])
    #expect(scenario.commands[0].faults(in: silent, ["a.csv": "y\n"]).count == 1)
    #expect(scenario.commands[0].faults(in: silent, ["a.csv": "x\n"]).isEmpty)
  }

  @Test func updateKeepsWildcardsThatFit() throws {
    var scenario = try Scenario("--- command\nlint\n--- stdout\ntook {*} ms\nold\n--- exit 0\n")
    scenario.update(0, .init(stdout: Data("took 5 ms\nnew\n".utf8), stderr: Data("bad\n".utf8), status: 2))
    #expect(
      scenario.text == "--- command\nlint\n--- stdout\ntook {*} ms\nnew\n--- stderr\nbad\n--- exit 2\n")
  }
}
