import Bytes
import Glibc
import Workbench

/// Asks for a password on the terminal, without showing it.
enum PasswordPrompt {
  static func read(_ prompt: String) throws -> [UInt8] {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0 else {
      throw CommandFailure(
        message: "-W asks on a terminal and there is none; use -y FILE", status: .usage)
    }
    defer { close(terminal) }
    var old = termios()
    guard tcgetattr(terminal, &old) == 0 else {
      throw CommandFailure(
        message: "the terminal cannot be kept from showing the password; use -y FILE", status: .usage)
    }
    var silent = old
    // Ctrl-C comes as a character, so that the terminal is left as it was found, and ends the line, so that it comes at once.
    silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
    silent.c_cc.11 = 3  // VEOL
    tcsetattr(terminal, TCSAFLUSH, &silent)
    // Only now: what is typed in answer to the prompt must not be lost, as what was typed before it is.
    write(prompt, terminal)
    defer {
      tcsetattr(terminal, TCSAFLUSH, &old)
      write("\n", terminal)
    }
    var bytes: [UInt8] = []
    // An array that grows leaves its old bytes behind.
    bytes.reserveCapacity(4_096)
    var byte: [UInt8] = [0]
    while bytes.count < 4_096 {
      guard let count = try? FileDescriptor(terminal).read(into: &byte), count > 0, byte[0] != 10 else { break }
      if byte[0] == 3 { throw CommandFailure(message: "interrupted", status: .interrupted) }
      bytes += byte
    }
    return bytes
  }

  private static func write(_ text: String, _ terminal: Int32) {
    try? FileDescriptor(terminal).write(Array(text.utf8))
  }
}
