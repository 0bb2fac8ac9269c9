import Bytes
import Glibc
import Testing

@Suite struct ChildProcessTests {
  @Test func linesOfAProgramAreHandedOn() throws {
    var lines: [String] = []
    try ChildProcess.readLines(of: "/bin/sh", ["-c", "echo one; echo; echo two >&2; cat; printf 'three\\nfour'"]) {
      lines.append($0)
    }
    #expect(lines == ["one", "", "three"])
  }

  @Test func aProgramThatIsNotThereIsAnError() {
    #expect(throws: SystemError(code: ENOENT)) { try ChildProcess.readLines(of: "/nonexistent/x", []) { _ in } }
  }

  @Test func namesOfAFolder() {
    #expect(Folder.names(in: "/proc/self")?.contains("status") == true)
    #expect(Folder.names(in: "/nonexistent") == nil)
  }
}
