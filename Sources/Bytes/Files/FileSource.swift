import Glibc

/// The bytes of a file or of an open file descriptor, read with `read(2)` into the caller's buffer.
///
/// A mapped file would not be faster and would count as resident memory as a whole.
public final class FileSource: ByteSource {
  /// The name by which the file is called in messages.
  public let name: String
  /// Open as long as the source lives.
  public let descriptor: Int32
  private let closes: Bool
  /// Asked while waiting for a pipe or a terminal: whether reading is to stop.
  public var shouldStop: (@Sendable () -> Bool)?
  /// Bytes read so far.
  public private(set) var bytesRead: UInt64 = 0
  /// Bytes there were to read at the start; nil for anything but a regular file.
  public let size: UInt64?
  /// Where in the file the reading began.
  public let startOffset: UInt64
  /// When the file was last written to, and its whole size, as they were at the start.
  private let state: State

  private struct State: Equatable {
    var size: Int
    var seconds: Int
    var nanoseconds: Int

    init(_ status: stat) {
      size = Int(status.st_size)
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
    }
  }

  /// Opens a file.
  ///
  /// - Parameter name: the name in messages, where that is another one.
  /// - Throws: `ReadFailure` when it cannot be opened.
  public init(path: String, name: String? = nil) throws(ReadFailure) {
    let descriptor = open(PathText.name(path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ReadFailure(.unavailable, "cannot be opened: \(SystemError.last.description.lowercased())")
    }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw ReadFailure(.unavailable, "cannot be opened: it is a directory")
    }
    self.name = name ?? path
    self.descriptor = descriptor
    closes = true
    startOffset = 0
    size = Self.regularSize(status, from: 0)
    state = State(status)
  }

  /// Reads from an open descriptor, from where it stands, and leaves it open.
  public init(descriptor: Int32, name: String) {
    self.name = name
    self.descriptor = descriptor
    closes = false
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    let position = lseek(descriptor, 0, SEEK_CUR)
    startOffset = UInt64(max(0, position))
    size = isKnown && position >= 0 ? Self.regularSize(status, from: startOffset) : nil
    state = State(status)
  }

  deinit {
    if closes { close(descriptor) }
  }

  /// Whether a regular file was written to, cut or extended since it was opened: an export, perhaps, that was still being
  /// written, of which nobody can say that all was read.
  public var hasChanged: Bool {
    var status = stat()
    return isRegularFile && fstat(descriptor, &status) == 0 && State(status) != state
  }

  /// When it was last written to before it was opened, in seconds since 1970; nil for anything but a regular file.
  var writtenAt: Int? { isRegularFile ? state.seconds : nil }

  /// Whether bytes can be read again by their offset.
  public var isRegularFile: Bool { size != nil }

  /// Reads what there is, waiting for a first byte.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    guard waitForInput() else { return 0 }
    do throws(SystemError) {
      let count = try FileDescriptor(descriptor).read(into: buffer)
      bytesRead += UInt64(count)
      return count
    } catch {
      throw ReadFailure(.readError, "cannot be read: \(error.description.lowercased())")
    }
  }

  /// Waits until a pipe or terminal has something to read, looking now and then whether reading is to stop.
  ///
  /// - Returns: false when it is to stop: the source then counts as ended.
  private func waitForInput() -> Bool {
    guard !isRegularFile, let shouldStop else { return true }
    while !shouldStop() {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      // An error or a hang-up is for `read` to tell.
      if poll(&waiting, 1, 100) != 0, waiting.revents != 0 { return true }
    }
    return false
  }

  /// Whether there is something to read, or the end was reached, before so many milliseconds have passed.
  public func hasInput(within milliseconds: Int32) -> Bool {
    if isRegularFile { return true }
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, milliseconds) != 0
  }

  private static func regularSize(_ status: stat, from offset: UInt64) -> UInt64? {
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    let size = UInt64(max(0, status.st_size))
    return size > offset ? size - offset : 0
  }
}
