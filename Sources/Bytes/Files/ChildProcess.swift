import Glibc

/// Programs that are run for what they write.
public enum ChildProcess {
  /// Runs a program to its end and hands on the lines that it writes, without line breaks; what it writes to standard error is
  /// dropped, and it has nothing to read. A last line without a line break is left out: the program did not finish it.
  ///
  /// - Throws: `SystemError` when it cannot be started.
  public static func readLines(
    of program: String, _ arguments: [String], _ take: (String) -> Void
  ) throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemError.last }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    posix_spawn_file_actions_addclose(&actions, ends[1])
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    let status = posix_spawn(&child, program, &actions, nil, &words, environ)
    close(ends[1])
    defer { close(ends[0]) }
    guard status == 0 else { throw SystemError(code: status) }
    readLines(FileDescriptor(ends[0]), take)
    var result: Int32 = 0
    while waitpid(child, &result, 0) < 0, errno == EINTR {}
  }

  private static func readLines(_ pipe: FileDescriptor, _ take: (String) -> Void) {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var line: [UInt8] = []
    // A pipe that cannot be read is one that has ended: what is missing then is missed by who takes the lines.
    while let count = try? pipe.read(into: &chunk), count > 0 {
      var rest = chunk[..<count]
      while let end = rest.firstIndex(of: 10) {
        line += rest[..<end]
        rest = rest[(end + 1)...]
        take(String(decoding: line, as: UTF8.self))
        line.removeAll(keepingCapacity: true)
      }
      line += rest
    }
  }
}
