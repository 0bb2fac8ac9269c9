import Glibc

/// An open file of the operating system: a file, a pipe or a terminal. Calls that a signal interrupts are made again.
public struct FileDescriptor: Hashable, Sendable {
  /// The number by which the system knows it.
  public let number: Int32

  /// Names a descriptor that is open.
  public init(_ number: Int32) { self.number = number }

  /// The standard input of the process.
  public static var standardInput: FileDescriptor { FileDescriptor(STDIN_FILENO) }

  /// The standard error of the process.
  public static var standardError: FileDescriptor { FileDescriptor(STDERR_FILENO) }

  /// Opens a file for reading.
  ///
  /// - Parameter waits: whether opening a pipe without a writer waits for one.
  /// - Throws: `SystemError`.
  public static func open(reading path: String, waits: Bool = true) throws(SystemError) -> FileDescriptor {
    let descriptor = Glibc.open(PathText.name(path), O_RDONLY | O_CLOEXEC | (waits ? 0 : O_NONBLOCK))
    guard descriptor >= 0 else { throw SystemError.last }
    return FileDescriptor(descriptor)
  }

  /// Opens a pipe, a terminal or a device for writing.
  ///
  /// - Throws: `SystemError`.
  static func open(writingInto path: String) throws(SystemError) -> FileDescriptor {
    let descriptor = Glibc.open(PathText.name(path), O_WRONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError.last }
    return FileDescriptor(descriptor)
  }

  /// Gives the descriptor back to the system.
  public func close() { Glibc.close(number) }

  /// Whether it is a terminal.
  public var isTerminal: Bool { isatty(number) == 1 }

  /// Whether it is a device such as `/dev/zero`, which may have no end. A terminal is none here.
  public var isDevice: Bool {
    var status = stat()
    guard fstat(number, &status) == 0, !isTerminal else { return false }
    return [S_IFCHR, S_IFBLK].contains(status.st_mode & S_IFMT)
  }

  // MARK: Reading

  /// Reads into a part of `buffer` from where the file stands, waiting for a first byte.
  ///
  /// - Returns: how many bytes there were; 0 at the end only.
  /// - Throws: `SystemError`.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    while true {
      let count = Glibc.read(number, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw SystemError.last }
    }
  }

  /// The same for an array, whose bytes are overwritten from its start.
  public func read(into bytes: inout [UInt8]) throws(SystemError) -> Int {
    try bytes.withUnsafeMutableBufferPointer { (buffer) throws(SystemError) -> Int in
      try read(into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// Reads bytes at an offset of the file over a range of `bytes`, without moving where the file stands.
  ///
  /// - Returns: how many there were, fewer than the range has only where the file ends.
  /// - Throws: `SystemError`.
  public func read(at offset: UInt64, into bytes: inout [UInt8], _ range: Range<Int>) throws(SystemError) -> Int {
    try bytes.withUnsafeMutableBufferPointer { (buffer) throws(SystemError) -> Int in
      let target = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[range]))
      var done = 0
      while done < target.count {
        let count = pread(
          number, target.baseAddress.map { $0 + done }, target.count - done, off_t(clamping: offset + UInt64(done)))
        if count < 0, errno == EINTR { continue }
        if count < 0 { throw SystemError.last }
        if count == 0 { break }
        done += count
      }
      return done
    }
  }

  /// Reads all that is left.
  ///
  /// - Parameter limit: the number of bytes after which reading ends, at the latest some thousand bytes later; nil: none.
  /// - Throws: `SystemError`.
  public func readToEnd(limit: Int? = nil) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit ?? .max {
      let count = try read(into: &chunk)
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }

  // MARK: Writing

  /// Writes all of the bytes, waiting where a pipe is full.
  ///
  /// - Throws: `SystemError`; part of the bytes may have been written.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    var rest = bytes
    while let start = rest.baseAddress, !rest.isEmpty {
      let count = Glibc.write(number, start, rest.count)
      if count >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        var waiting = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        _ = poll(&waiting, 1, -1)
      default: throw SystemError.last
      }
    }
  }

  /// The same for an array.
  public func write(_ bytes: [UInt8]) throws(SystemError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(SystemError) in try write(UnsafeRawBufferPointer(buffer)) }
  }

  /// Writes all of the bytes at an offset of the file, without moving where it stands.
  ///
  /// - Throws: `SystemError`; part of the bytes may have been written.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = pwrite(number, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw SystemError.last }
      done += count
    }
  }
}
