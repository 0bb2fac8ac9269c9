import Bytes
import Glibc

/// Files named on the command line that are read as a whole.
enum TextFile {
  /// The size up to which a file is taken for one that people write, in bytes.
  static let largest = 16 << 20

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - limit: the size up to which it is read, in bytes; nil: any.
  ///   - status: the exit status when it cannot be read.
  /// - Throws: `ProgramFailure`.
  static func read(_ path: String, upTo limit: Int? = largest, orElse status: ExitStatus = .usage) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, status) }
    defer { close(descriptor) }
    return try contents(descriptor, path, limit, status)
  }

  /// Reads a file that need not be there; then it is empty.
  ///
  /// - Throws: `ProgramFailure`.
  static func readIfThere(_ path: String) throws -> [UInt8] { access(path, F_OK) == 0 ? try read(path) : [] }

  /// Reads standard input, of any size.
  ///
  /// - Throws: `ProgramFailure`.
  static func readStandardInput() throws -> [UInt8] { try contents(STDIN_FILENO, "<stdin>", nil, .unavailable) }

  private static func contents(
    _ descriptor: Int32, _ name: String, _ limit: Int?, _ status: ExitStatus
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(name, status) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      if let limit, bytes.count > limit {
        throw ProgramFailure(message: "\(name): the file is larger than \(limit >> 20) MiB", status: status)
      }
    }
  }

  /// What the system says of its last call.
  private static func failure(_ name: String, _ status: ExitStatus) -> ProgramFailure {
    ProgramFailure(message: "\(name): \(String(cString: strerror(errno)))", status: status)
  }
}

/// Files that are replaced as a whole.
enum WholeFile {
  /// Writes a file so that a reader, or a crash, sees the old one or the new one. Its mode is kept; a new one gets 0644 less
  /// the process's mask.
  ///
  /// - Throws: `ProgramFailure`.
  static func replace(_ path: String, with bytes: [UInt8]) throws {
    // A link is followed: the file that it names is the one under version control.
    let target = realpath(path, nil).map { name in
      defer { free(name) }
      return String(cString: name)
    }
    var status = stat()
    let mode = target != nil && stat(path, &status) == 0 ? status.st_mode & 0o7777 : newFileMode()
    let final = target ?? path
    var name = Array((final + ".XXXXXX").utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        write(descriptor, buffer.baseAddress.map { $0 + done }, bytes.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        unlink(name)
        throw failure(path)
      }
      done += count
    }
    guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0, rename(name, final) == 0 else {
      unlink(name)
      throw failure(path)
    }
  }

  private static func newFileMode() -> mode_t {
    let mask = umask(0)
    umask(mask)
    return 0o644 & ~mask
  }

  private static func failure(_ path: String) -> ProgramFailure {
    ProgramFailure(message: "cannot write \(path): \(String(cString: strerror(errno)))", status: .usage)
  }
}
